//! Whole organizations and projects put: what has the id goes with everything in it.

use crate::catalogue::error_code::ErrorCode;
use crate::directory::document::{OrganizationDocument, ProjectDocument};
use crate::directory::edit::NewProject;
use crate::directory::entry::EntryIndex;
use crate::directory::indexer::{Indexer, Put};
use crate::directory::indices::{Organization, User};
use crate::input::error::Error;
use crate::input::path::Path;

impl Indexer<'_, '_> {
    pub(super) fn put_organization(mut self, document: &OrganizationDocument<'_>, path: &Path<'_>) -> Result<(), Error> {
        let homes = match self.tables.organization(document.id) {
            Some(before) => {
                let homes = self.tables.members_at_home(before);
                self.tables.remove_organization(before);
                homes
            }
            None => Vec::new(),
        };
        // The index is that of the id, which is free now.
        self.put = Some(Put::Organization(Organization::from(u32::MAX)));
        let organization = self.organization(document, path)?;
        self.tables.sort_last_organization();
        self.owner(document, path)?;
        self.groups(document, organization, path)?;
        self.projects(document, organization, path)?;
        self.api_keys(document, path)?;
        self.tables.sort_organization(organization);
        for user in homes {
            if self.tables.member_row(user, organization).is_some() {
                self.tables.set_home_inside(user, organization);
            }
        }
        let outside = self.tables.users_with_home_outside(document.id, document.members.iter().map(|row| row.user));
        self.finish()?.ensure_homes(outside, organization, document, path)
    }

    pub(super) fn put_project(mut self, organization: &str, document: &ProjectDocument<'_>, path: &Path<'_>) -> Result<(), Error> {
        let organization = self.find_organization(organization)?;
        let held = self.tables.project(document.id);
        let before = held.filter(|project| self.tables.project_rows[*project].organization == organization);
        if let Some(project) = before {
            self.tables.empty_project(project);
        }
        self.put = Some(Put::Entry);
        let visibility = self.visibility(document, path);
        let new = NewProject {
            organization,
            is_default: document.default,
            allows_externals: document.allow_external_collaborators,
            visibility,
            suspended_at: document.suspended_at,
            name: document.name,
        };
        let project = match (before, held) {
            (Some(project), _) => {
                self.tables.set_project(project, &new).map_err(Error::from)?;
                project
            }
            (None, None) => self.tables.add_project(document.id, &new).map_err(Error::from)?,
            (None, Some(elsewhere)) => {
                self.fault(ErrorCode::AlreadyExists, &path.field("id"), "this id is already used in another organization");
                elsewhere
            }
        };
        self.put = Some(Put::Project(project));
        self.rows_of_project(document, (organization, project), true, path)?;
        self.put_keys(document, project, path)?;
        self.tables.sort_contents_of(project);
        let row = &self.tables.organization_rows[organization];
        let defaults = row.projects.iter().filter(|project| self.tables.project_rows[**project].is_default).count();
        let is_single = !row.multi_project;
        if document.default && defaults > 1 {
            let message = "the organization already has a default project";
            self.fault(ErrorCode::MultipleDefaultProjects, &path.field("default"), message);
        } else if !document.default && is_single {
            let message = "`multi_project` is false: the default project is the only one";
            self.fault(ErrorCode::MultiProjectDisabled, path, message);
        }
        self.finish()?;
        if defaults == 0 {
            let message = "every organization has one project with `default` true";
            return Err(Error::new(ErrorCode::MissingDefaultProject, path, message));
        }
        Ok(())
    }
}

impl crate::directory::tables::Tables {
    /// The members whose home, of several organizations, is this one.
    fn members_at_home(&self, organization: Organization) -> Vec<User> {
        let is_home = |user: &User| self.user_rows[*user].extra.as_ref().is_some_and(|extra| extra.home == Some(organization).into());
        self.organization_rows[organization].members.iter().copied().filter(is_home).collect()
    }

    /// Everybody whose entry names this organization, or another one, outside the directory: the members given, and whoever else names it.
    pub(crate) fn users_with_home_outside<'m>(&self, id: &str, members: impl Iterator<Item = &'m str>) -> Vec<User> {
        let is_outside = |user: &User| self.user_rows[*user].outside.is_some();
        let mut users: Vec<_> = members.filter_map(|user| self.find_user_name(user)).filter(is_outside).collect();
        let names_it = |user: &User| self.optional_text(self.user_rows[*user].outside) == Some(id);
        users.extend(self.listed.iter().copied().filter(names_it));
        self.users.sort(&mut users);
        users.dedup();
        users
    }

    /// Fails if the entry in `users` of one of these contradicts the organization, which has just been put.
    fn ensure_homes(
        &mut self,
        users: Vec<User>,
        organization: Organization,
        document: &OrganizationDocument<'_>,
        path: &Path<'_>,
    ) -> Result<(), Error> {
        let may_have_several = self.policy.has_multiple_organizations();
        for user in users {
            let names_it = self.optional_text(self.user_rows[user].outside) == Some(document.id);
            let place = document.members.iter().position(|row| row.user == self.users.name(user));
            match place {
                Some(_) if names_it => {
                    self.come_home(user, organization);
                }
                Some(place) if !may_have_several => {
                    let message = "the entry of this user in `users` names another home organization";
                    let at = path.field("members");
                    return Err(Error::new(ErrorCode::UserInTwoOrganizations, &at.item(place).field("user"), message));
                }
                None if names_it => {
                    let message = "the entry of a user in `users` names this organization, which does not list the user as a member";
                    return Err(Error::new(ErrorCode::UserNotMember, &path.field("id"), message));
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// The home of a user, which was outside the directory, is this organization, which is in it now. Returns false if the user is no member.
    pub(crate) fn come_home(&mut self, user: User, organization: Organization) -> bool {
        let is_member = self.member_row(user, organization).is_some();
        if is_member {
            self.clear_home_outside(user);
            if self.policy.has_multiple_organizations() {
                self.set_home_inside(user, organization);
            }
        }
        is_member
    }

    /// Removes everything in a project: rows, keys and resources. Keys of other projects go on reaching it.
    fn empty_project(&mut self, project: crate::directory::indices::Project) {
        let contents = self.project_contents[project].clone();
        contents.collaborators.into_iter().for_each(|user| self.remove_collaborator(project, user));
        contents.groups.into_iter().for_each(|group| self.remove_grant(project, group));
        contents.api_keys.into_iter().for_each(|key| self.remove_api_key(key));
        contents.resources.into_iter().rev().for_each(|resource| self.remove_resource(resource));
        self.touch(EntryIndex::Project(project));
    }
}
