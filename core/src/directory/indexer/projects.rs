//! Projects with their collaborators and resources.

use crate::catalogue::error_code::ErrorCode;
use crate::collections::names::Space;
use crate::input::error::{Error, quoted};
use crate::input::path::Path;
use crate::policy::Visibility;

use super::{Indexer, period};
use crate::directory::document::{CollaboratorDocument, OrganizationDocument, ProjectDocument, ResourceDocument};
use crate::directory::edit::{NewProject, NewResource};
use crate::directory::indices::{Organization, Project};
use crate::directory::tables::Tables;

impl Indexer<'_, '_> {
    pub(in crate::directory) fn projects(
        &mut self,
        document: &OrganizationDocument<'_>,
        organization: Organization,
        path: &Path<'_>,
    ) -> Result<(), Error> {
        let table = path.field("projects");
        let has_default = document.projects.iter().any(|project| project.default);
        let mut has_seen_default = false;
        for (number, project) in document.projects.iter().enumerate() {
            let at = &table.item(number);
            let is_new = self.project(project, organization, at)?;
            if project.default {
                if std::mem::replace(&mut has_seen_default, true) {
                    let message = "the organization already has a default project";
                    self.faults.report_unless(|| !is_new, ErrorCode::MultipleDefaultProjects, &at.field("default"), message);
                }
            } else if !document.multi_project {
                let message = "`multi_project` is false: the default project is the only one";
                self.faults.report_unless(|| !has_default, ErrorCode::MultiProjectDisabled, at, message);
            }
        }
        if !has_default {
            self.fault(ErrorCode::MissingDefaultProject, &table, "every organization has one project with `default` true");
        }
        Ok(())
    }

    /// Returns whether the project is new.
    fn project(&mut self, document: &ProjectDocument<'_>, organization: Organization, path: &Path<'_>) -> Result<bool, Error> {
        let interned = self.tables.projects.intern(&self.tables.hasher, document.id).map_err(Error::from)?;
        let of_project = |tables: &Tables, project| match tables.project_rows.find(project) {
            Some(_) => tables.place_of_project(project),
            None => (None, None),
        };
        let project = self.duplicate(interned, path, of_project);
        let visibility = self.visibility(document, path);
        if interned.1 {
            let new = NewProject {
                organization,
                is_default: document.default,
                allows_externals: document.allow_external_collaborators,
                visibility,
                suspended_at: document.suspended_at,
                name: document.name,
            };
            self.tables.push_project(project, &new).map_err(Error::from)?;
        }
        self.rows_of_project(document, (organization, project), interned.1, path)?;
        Ok(interned.1)
    }

    /// The collaborators and resources of a project.
    pub(in crate::directory) fn rows_of_project(
        &mut self,
        document: &ProjectDocument<'_>,
        place: (Organization, Project),
        is_new: bool,
        path: &Path<'_>,
    ) -> Result<(), Error> {
        let table = path.field("collaborators");
        for (number, collaborator) in document.collaborators.iter().enumerate() {
            self.collaborator(collaborator, place, is_new, &table.item(number))?;
        }
        let table = path.field("resources");
        for (number, resource) in document.resources.iter().enumerate() {
            self.resource(resource, place.1, &table.item(number))?;
        }
        Ok(())
    }

    /// The project's visibility, by default the policy's first.
    pub(in crate::directory) fn visibility(&mut self, document: &ProjectDocument<'_>, path: &Path<'_>) -> Visibility {
        let first = Visibility::from(0);
        let Some(name) = document.visibility else { return first };
        self.tables.policy.visibility(name).unwrap_or_else(|| {
            let message = format_args!("the policy has no visibility {}", quoted(name));
            self.faults.report(ErrorCode::UnknownVisibility, &path.field("visibility"), message);
            first
        })
    }

    pub(in crate::directory) fn collaborator(
        &mut self,
        document: &CollaboratorDocument<'_>,
        (organization, project): (Organization, Project),
        is_new_project: bool,
        path: &Path<'_>,
    ) -> Result<(), Error> {
        let role = self.tables.policy.project_role(document.role);
        if role.is_none() {
            let message = format_args!("the policy has no project role {}", quoted(document.role));
            self.fault(ErrorCode::UnknownRole, &path.field("role"), message);
        }
        let period = period(document.added_at, document.expires_at);
        let (field, is_new) = if let Some(id) = document.group {
            let field = path.field("group");
            let Some(group) = self.tables.group(id).filter(|group| self.tables.group_rows[*group].organization == organization) else {
                self.fault(ErrorCode::UnknownGroup, &field, format_args!("the organization has no group {}", quoted(id)));
                return Ok(());
            };
            let Some(role) = role else { return Ok(()) };
            (field, self.tables.push_grant(project, group, role, period).map_err(Error::from)?)
        } else {
            let user = self.user(document.user.unwrap_or_default())?;
            let Some(role) = role else { return Ok(()) };
            (path.field("user"), self.tables.push_collaborator(project, user, role, period).map_err(Error::from)?)
        };
        if !is_new {
            let message = "this user or group is already a collaborator";
            self.faults.report_unless(|| !is_new_project, ErrorCode::DuplicateId, &field, message);
        }
        Ok(())
    }

    pub(in crate::directory) fn resource(
        &mut self,
        document: &ResourceDocument<'_>,
        project: Project,
        path: &Path<'_>,
    ) -> Result<(), Error> {
        let Some(kind) = self.tables.policy.resource_kind(document.kind) else {
            let message = format_args!("{} is not a kind of the policy, or is not listed under `resources`", quoted(document.kind));
            self.fault(ErrorCode::UnknownKind, &path.field("kind"), message);
            return Ok(());
        };
        let created_by = self.creator(document.created_by)?;
        let Tables { resources, hasher, .. } = &mut *self.tables;
        let interned = resources.intern_in(hasher, Space::of(kind.into()), document.id).map_err(Error::from)?;
        let of_resource = |tables: &Tables, resource| match tables.resource_rows.find(resource) {
            Some(row) => tables.place_of_project(row.project),
            None => (None, None),
        };
        let resource = self.duplicate(interned, path, of_resource);
        if interned.1 {
            let new = NewResource { project, kind, created_by, created_at: document.created_at, name: document.name };
            self.tables.push_resource(resource, &new).map_err(Error::from)?;
            self.tables.append_resource(resource);
        }
        Ok(())
    }
}
