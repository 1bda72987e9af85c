//! Directory document → tables: names become indices, entries become rows, and contradictions are faults.

use std::collections::BTreeSet;
use std::fmt::Display;

use crate::catalogue::error_code::ErrorCode;
use crate::collections::hasher::Hasher;
use crate::input::error::{Error, quoted};
use crate::input::faults::Faults;
use crate::input::path::Path;
use crate::input::value::Value;
use crate::policy::{Kind, OrganizationRole, Policy};

use super::document::{ApiKeyDocument, DirectoryDocument, KeyKind, OrganizationDocument, ProjectDocument, ResourceDocument, UserDocument};
use super::edit::{NewApiKey, NewOrganization, NewProject, NewResource};
use super::indices::{Organization, Project, User};
use super::rows::Home;
use super::tables::Tables;

/// Indexes a document of valid shape, which was read from `value` at `root`. `seed` keys the hash of ids.
pub(super) fn index(
    root: &Path<'_>,
    document: &DirectoryDocument<'_>,
    policy: Policy,
    value: &Value<'_>,
    seed: Option<u64>,
) -> Result<Tables, Error> {
    let hasher = seed.map_or_else(|| Hasher::keyed_by_texts(ids(document)), Hasher::keyed_by);
    let mut indexer = Indexer { tables: Tables::empty(policy, hasher), faults: Faults::new(value, root) };
    // Members come before everything that depends on membership; the faults are reported in document order nevertheless.
    let organizations = root.field("organizations");
    let mut indices = Vec::with_capacity(document.organizations.len());
    for (number, organization) in document.organizations.iter().enumerate() {
        indices.push(indexer.organization(organization, &organizations.item(number))?);
    }
    let users = root.field("users");
    #[cfg(feature = "all-faults")]
    let listed_members = &indexer.faults.reports_all().then(|| ListedMembers::of(document));
    #[cfg(not(feature = "all-faults"))]
    let listed_members = &None;
    for (number, user) in document.users.iter().enumerate() {
        indexer.listed_user(user, &users.item(number), listed_members.as_ref())?;
    }
    for (number, (organization, index)) in document.organizations.iter().zip(indices).enumerate() {
        indexer.projects(organization, index, &organizations.item(number))?;
    }
    let mut tables = indexer.faults.into_result(indexer.tables)?;
    tables.sort_lists();
    Ok(tables)
}

/// The members that the organizations list, including invalid ones.
struct ListedMembers<'d> {
    /// Pairs of an organization and a user.
    members: BTreeSet<(&'d str, &'d str)>,
    /// Members of organizations with a duplicate id: they are probably meant to be in another organization.
    misplaced: BTreeSet<&'d str>,
}

#[cfg(feature = "all-faults")]
impl<'d> ListedMembers<'d> {
    fn of(document: &'d DirectoryDocument<'_>) -> Self {
        let (mut members, mut misplaced) = (BTreeSet::new(), BTreeSet::new());
        let mut organizations = BTreeSet::new();
        for organization in &document.organizations {
            let users = organization.members.iter().map(|member| member.user);
            members.extend(users.clone().map(|user| (organization.id, user)));
            if !organizations.insert(organization.id) {
                misplaced.extend(users);
            }
        }
        Self { members, misplaced }
    }
}

/// All ids that customers chose, in document order: the hash's key is derived from them.
fn ids<'d>(document: &'d DirectoryDocument<'_>) -> impl Iterator<Item = &'d str> {
    let users = document.users.iter().map(|user| user.id);
    let organizations = document.organizations.iter().flat_map(|organization| {
        let members = organization.members.iter().map(|member| member.user);
        let projects = organization.projects.iter().flat_map(|project| {
            let collaborators = project.collaborators.iter().map(|row| row.user);
            let keys = project.api_keys.iter().flat_map(|key| [key.id, key.created_by.unwrap_or_default()]);
            let resources = project.resources.iter().flat_map(|resource| [resource.id, resource.created_by.unwrap_or_default()]);
            std::iter::once(project.id).chain(collaborators).chain(keys).chain(resources)
        });
        std::iter::once(organization.id).chain(members).chain(projects)
    });
    users.chain(organizations)
}

/// What has been seen once per organization.
#[derive(Default)]
struct OrganizationState {
    default_project: bool,
    default_key: bool,
    /// Whether any of its projects, including later ones, is the default one.
    has_default: bool,
}

/// The tables so far, and the faults so far. With a fault there will be no directory, so placeholders are harmless.
struct Indexer<'v> {
    tables: Tables,
    faults: Faults<'v>,
}

impl Indexer<'_> {
    fn fault(&mut self, code: ErrorCode, path: &Path<'_>, message: impl Display) {
        self.faults.report(code, path, message);
    }

    fn user(&mut self, id: &str) -> Result<User, Error> {
        self.tables.intern_user(id).map_err(Error::from)
    }

    fn creator(&mut self, id: Option<&str>) -> Result<Option<User>, Error> {
        id.map(|id| self.user(id)).transpose()
    }

    fn duplicate<T>(&mut self, (index, new): (T, bool), path: &Path<'_>) -> T {
        if !new {
            self.fault(ErrorCode::DuplicateId, &path.field("id"), "this id is already used");
        }
        index
    }

    fn organization(&mut self, document: &OrganizationDocument<'_>, path: &Path<'_>) -> Result<Organization, Error> {
        let interned = self.tables.organizations.intern(&self.tables.hasher, document.id).map_err(Error::from)?;
        let organization = self.duplicate(interned, path);

        let owner = self.user(document.owner)?;
        let new = NewOrganization {
            owner,
            membership: document.membership,
            multi_project: document.multi_project,
            projects_since: document.projects_since,
            name: document.name,
        };
        self.tables.push_organization(&new).map_err(Error::from)?;
        let table = path.field("members");
        for (number, member) in document.members.iter().enumerate() {
            let at = &table.item(number);
            let role = self.tables.policy.organization_role(member.role);
            if role.is_none() {
                self.fault(
                    ErrorCode::UnknownRole,
                    &at.field("role"),
                    format_args!("the policy has no organization role {}", quoted(member.role)),
                );
            }
            let user = self.user(member.user)?;
            match self.tables.user_rows[user].home {
                Home::Member(home, _) if home == organization => {
                    let message = "this user is already a member";
                    self.faults.report_unless(|| !interned.1, ErrorCode::DuplicateId, &at.field("user"), message);
                }
                Home::Member(..) => {
                    let message = "this user is already a member of another organization";
                    self.fault(ErrorCode::UserInTwoOrganizations, &at.field("user"), message);
                }
                Home::Unknown | Home::Outside(_) => {
                    // An unknown role has been reported; as a placeholder, it is weaker than all, so it makes nobody an admin.
                    let role = role.unwrap_or(OrganizationRole::from(u32::MAX));
                    self.tables.push_member(organization, user, role).map_err(Error::from)?;
                }
            }
        }

        if self.tables.membership(owner, organization) != Some(OrganizationRole::STRONGEST) {
            // An owner whose row has a fault, or who has a second row with another role, may be meant to be an admin.
            let policy = &self.tables.policy;
            let is_strongest = |role: &str| policy.organization_role(role).is_none_or(|role| role == OrganizationRole::STRONGEST);
            let has_such_a_row = || document.members.iter().any(|row| row.user == document.owner && is_strongest(row.role));
            // An owner who is a member of another organization gets that fault instead.
            let is_misplaced = matches!(self.tables.user_rows[owner].home, Home::Member(home, _) if home != organization)
                && document
                    .members
                    .iter()
                    .any(|row| row.user == document.owner && policy.organization_role(row.role) == Some(OrganizationRole::STRONGEST));
            if !is_misplaced {
                let message = "the owner is not a member with the strongest organization role";
                self.faults.report_unless(has_such_a_row, ErrorCode::OwnerNotAdmin, &path.field("owner"), message);
            }
        }
        Ok(organization)
    }

    fn listed_user(
        &mut self,
        document: &UserDocument<'_>,
        path: &Path<'_>,
        listed_members: Option<&ListedMembers<'_>>,
    ) -> Result<(), Error> {
        let user = self.user(document.id)?;
        let is_twice = self.tables.user_rows[user].is_listed;
        if is_twice {
            self.fault(ErrorCode::DuplicateId, &path.field("id"), "this user is listed twice");
        }
        self.tables.upsert_listed_user(user, document.email).map_err(Error::from)?;
        let Some(home) = document.organization else { return Ok(()) };
        let at = &path.field("organization");
        match (self.tables.organization(home), self.tables.home(user)) {
            (Some(held), Home::Member(organization, _)) if held == organization => {}
            (Some(_), _) => {
                let message = "this organization does not list the user as a member";
                let follows =
                    || is_twice || listed_members.is_some_and(|listed_members| listed_members.members.contains(&(home, document.id)));
                self.faults.report_unless(follows, ErrorCode::UserNotMember, at, message);
            }
            (None, Home::Member(..)) => {
                let message = "the user is already a member of another organization";
                let follows = || is_twice || listed_members.is_some_and(|listed_members| listed_members.misplaced.contains(document.id));
                self.faults.report_unless(follows, ErrorCode::UserInTwoOrganizations, at, message);
            }
            (None, _) => self.tables.set_home_outside(user, home).map_err(Error::from)?,
        }
        Ok(())
    }

    fn projects(&mut self, document: &OrganizationDocument<'_>, organization: Organization, path: &Path<'_>) -> Result<(), Error> {
        let table = path.field("projects");
        let has_default = document.projects.iter().any(|project| project.default);
        let mut seen = OrganizationState { has_default, ..OrganizationState::default() };
        for (number, project) in document.projects.iter().enumerate() {
            let at = &table.item(number);
            let is_new = self.project(project, organization, at, &mut seen)?;
            if project.default {
                if std::mem::replace(&mut seen.default_project, true) {
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
    fn project(
        &mut self,
        document: &ProjectDocument<'_>,
        organization: Organization,
        path: &Path<'_>,
        seen: &mut OrganizationState,
    ) -> Result<bool, Error> {
        let interned = self.tables.projects.intern(&self.tables.hasher, document.id).map_err(Error::from)?;
        let project = self.duplicate(interned, path);
        if interned.1 {
            let new = NewProject {
                organization,
                is_default: document.default,
                allows_externals: document.allow_external_collaborators,
                name: document.name,
            };
            self.tables.push_project(project, &new).map_err(Error::from)?;
        }
        let table = path.field("collaborators");
        for (number, collaborator) in document.collaborators.iter().enumerate() {
            let at = &table.item(number);
            let user = self.user(collaborator.user)?;
            let Some(role) = self.tables.policy.project_role(collaborator.role) else {
                self.fault(
                    ErrorCode::UnknownRole,
                    &at.field("role"),
                    format_args!("the policy has no project role {}", quoted(collaborator.role)),
                );
                continue;
            };
            if !self.tables.push_collaborator(project, user, role).map_err(Error::from)? {
                let message = "this user is already a collaborator";
                self.faults.report_unless(|| !interned.1, ErrorCode::DuplicateId, &at.field("user"), message);
            }
        }
        let table = path.field("api_keys");
        for (number, key) in document.api_keys.iter().enumerate() {
            let at = &table.item(number);
            if key.kind == KeyKind::OrganizationDefault {
                self.default_key(key, document.default, at, seen);
            }
            self.api_key(key, project, at)?;
        }
        let table = path.field("resources");
        for (number, resource) in document.resources.iter().enumerate() {
            self.resource(resource, project, &table.item(number))?;
        }
        Ok(interned.1)
    }

    fn default_key(&mut self, document: &ApiKeyDocument<'_>, in_default_project: bool, path: &Path<'_>, seen: &mut OrganizationState) {
        if seen.default_key || !in_default_project {
            // It is a duplicate of the same key, or its project may be meant to be the default one.
            let follows = || if in_default_project { self.tables.api_key(document.id).is_some() } else { !seen.has_default };
            let message = "an organization has one default key, in its default project";
            self.faults.report_unless(follows, ErrorCode::DefaultKeyMisplaced, &path.field("kind"), message);
        }
        if document.revoked_at.is_some() {
            let message = "the organization default key is regenerated, never revoked";
            self.fault(ErrorCode::DefaultKeyNotRevocable, &path.field("revoked_at"), message);
        }
        // A misplaced default key does not make the one in the default project a second.
        seen.default_key |= in_default_project;
    }

    fn api_key(&mut self, document: &ApiKeyDocument<'_>, project: Project, path: &Path<'_>) -> Result<(), Error> {
        let interned = self.tables.api_keys.intern(&self.tables.hasher, document.id).map_err(Error::from)?;
        let key = self.duplicate(interned, path);
        let created_by = self.creator(document.created_by)?;
        let new = NewApiKey {
            project,
            kind: document.kind,
            created_by,
            created_at: document.created_at,
            expires_at: document.expires_at,
            revoked_at: document.revoked_at,
            name: document.name,
            digest: document.digest,
        };
        if interned.1 {
            if new.revoked_at.is_none()
                && let Some(digest) = new.digest
                && self.tables.find_digest(&digest, |other| self.tables.api_key_row(other).revoked_at.is_none()).is_some()
            {
                let message = "another API key that is not revoked has this digest";
                self.fault(ErrorCode::DuplicateDigest, &path.field("digest"), message);
            }
            self.tables.push_api_key(key, &new).map_err(Error::from)?;
        }
        Ok(())
    }

    fn resource(&mut self, document: &ResourceDocument<'_>, project: Project, path: &Path<'_>) -> Result<(), Error> {
        let interned = self.tables.resources.intern(&self.tables.hasher, document.id).map_err(Error::from)?;
        let resource = self.duplicate(interned, path);
        let created_by = self.creator(document.created_by)?;
        let kind = self.tables.policy.resource_kind(document.kind);
        if kind.is_none() {
            self.fault(
                ErrorCode::UnknownKind,
                &path.field("kind"),
                format_args!("{} is not a kind of the policy, or is not listed under `resources`", quoted(document.kind)),
            );
        }
        if interned.1 {
            // Without a kind there will be no directory; the row keeps the table in step with the names.
            let kind = kind.unwrap_or(Kind::from(0));
            let new = NewResource { project, kind, created_by, created_at: document.created_at, name: document.name };
            self.tables.push_resource(resource, &new).map_err(Error::from)?;
            self.tables.append_resource(resource);
        }
        Ok(())
    }
}
