//! Directory document → directory: names become indices, rows become tables, and what does not fit together is a fault.

use hashbrown::HashTable;

use crate::error::{Error, ErrorCode, shown};
use crate::faults::Faults;
use crate::path::Path;
use crate::policy::{OrganizationRole, Policy};
use crate::table::{Full, Hasher, Names, Table};
use crate::value::Value;

use super::document::{ApiKeyDocument, DirectoryDocument, KeyKind, OrganizationDocument, ProjectDocument, ResourceDocument, UserDocument};
use super::{
    ApiKeyFacts, ApiKeyRow, Collaborator, Directory, External, Home, Organization, OrganizationRow, Project, ProjectRow, ResourceFacts,
    ResourceRow, User, UserRow,
};

/// Indexes a document of the right shape. `value` is what it was read from.
pub(super) fn index(document: DirectoryDocument<'_>, policy: Policy, value: &Value<'_>) -> Result<Directory, Error> {
    let directory = Directory {
        revision: document.revision,
        issued_at: document.issued_at,
        max_age_seconds: document.max_age_seconds,
        policy,
        hasher: Hasher::keyed_by(ids(&document)),
        users: Names::new(),
        user_rows: Table::new(),
        listed_users: Vec::new(),
        organizations: Names::new(),
        organization_rows: Table::new(),
        projects: Names::new(),
        project_rows: Table::new(),
        api_keys: Names::new(),
        api_key_rows: Table::new(),
        api_key_facts: Table::new(),
        resources: Names::new(),
        resource_rows: Table::new(),
        resource_facts: Table::new(),
        collaborators: HashTable::new(),
        externals: HashTable::new(),
    };
    let mut indexer = Indexer { directory, faults: Faults::new(value, &Path::Root) };
    // Members before anything that asks who is a member; the faults come out in document order all the same.
    let organizations = Path::Root.field("organizations");
    let mut indices = Vec::with_capacity(document.organizations.len());
    for (number, organization) in document.organizations.iter().enumerate() {
        indices.push(indexer.organization(organization, &organizations.item(number))?);
    }
    let users = Path::Root.field("users");
    for (number, user) in document.users.iter().enumerate() {
        indexer.listed_user(user, &users.item(number))?;
    }
    for (number, (organization, index)) in document.organizations.iter().zip(indices).enumerate() {
        indexer.projects(organization, index, &organizations.item(number))?;
    }
    indexer.faults.none_or(indexer.directory)
}

/// Every id that anyone chose, in document order: what the hash's key is drawn from.
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

/// A directory in the making, and the first fault found so far. With a fault there will be no directory, so placeholders do no harm.
struct Indexer<'v> {
    directory: Directory,
    faults: Faults<'v>,
}

impl Indexer<'_> {
    fn fault(&mut self, code: ErrorCode, path: &Path<'_>, message: impl FnOnce() -> String) {
        self.faults.report(code, path, message);
    }

    /// The user of that id; `is_known` unless only named as a creator.
    fn user(&mut self, id: &str, is_known: bool) -> Result<User, Error> {
        let Directory { users, user_rows, hasher, .. } = &mut self.directory;
        let (user, new) = users.intern(hasher, id).map_err(Full::into_error)?;
        if new {
            user_rows.push(UserRow { is_known, is_listed: false, home: Home::Unknown, email: None });
        } else if is_known {
            user_rows[user].is_known = true;
        }
        Ok(user)
    }

    fn creator(&mut self, id: Option<&str>) -> Result<Option<User>, Error> {
        id.map(|id| self.user(id, false)).transpose()
    }

    fn duplicate<T>(&mut self, (index, new): (T, bool), path: &Path<'_>) -> T {
        if !new {
            self.fault(ErrorCode::DuplicateId, &path.field("id"), || "this id is already taken".to_owned());
        }
        index
    }

    fn organization(&mut self, document: &OrganizationDocument<'_>, path: &Path<'_>) -> Result<Organization, Error> {
        let interned = self.directory.organizations.intern(&self.directory.hasher, document.id).map_err(Full::into_error)?;
        let organization = self.duplicate(interned, path);

        let table = path.field("members");
        let mut members = Vec::with_capacity(document.members.len());
        for (number, member) in document.members.iter().enumerate() {
            let at = &table.item(number);
            let role = self.directory.policy.organization_role(member.role);
            if role.is_none() {
                let message = || format!("the policy has no organization role {}", shown(member.role));
                self.fault(ErrorCode::UnknownRole, &at.field("role"), message);
            }
            let user = self.user(member.user, true)?;
            match self.directory.user_rows[user].home {
                Home::Member(home, _) if home == organization => {
                    let message = || "this user is already a member".to_owned();
                    self.fault(ErrorCode::DuplicateId, &at.field("user"), message);
                }
                Home::Member(..) => {
                    let message = || "this user is already a member of another organization".to_owned();
                    self.fault(ErrorCode::UserInTwoOrganizations, &at.field("user"), message);
                }
                Home::Unknown | Home::Outside(_) => {
                    // An unknown role is a fault already; here it stands as one weaker than all, so that it makes nobody an admin.
                    let role = role.unwrap_or(OrganizationRole::from(u32::MAX));
                    self.directory.user_rows[user].home = Home::Member(organization, role);
                    members.push(user);
                }
            }
        }

        let owner = self.user(document.owner, true)?;
        if self.directory.membership(owner, organization) != Some(OrganizationRole::STRONGEST) {
            let message = || "the owner is not a member with the strongest organization role".to_owned();
            self.fault(ErrorCode::OwnerNotAdmin, &path.field("owner"), message);
        }
        self.directory.organization_rows.push(OrganizationRow {
            owner,
            default_project: Project::from(0),
            membership: document.membership,
            projects_since: document.projects_since,
            multi_project: document.multi_project,
            name: document.name.map(Box::from),
            members,
            projects: Vec::with_capacity(document.projects.len()),
        });
        Ok(organization)
    }

    fn listed_user(&mut self, document: &UserDocument<'_>, path: &Path<'_>) -> Result<(), Error> {
        let user = self.user(document.id, true)?;
        if self.directory.user_rows[user].is_listed {
            self.fault(ErrorCode::DuplicateId, &path.field("id"), || "this user is listed twice".to_owned());
        }
        self.directory.listed_users.push(user);
        self.directory.user_rows[user].is_listed = true;
        self.directory.user_rows[user].email = document.email.map(Box::from);
        let Some(home) = document.organization else { return Ok(()) };
        let at = &path.field("organization");
        match (self.directory.organization(home), &self.directory.user_rows[user].home) {
            (Some(held), Home::Member(organization, _)) if held == *organization => {}
            (Some(_), _) => {
                let message = || "this organization does not list the user as a member".to_owned();
                self.fault(ErrorCode::UserNotMember, at, message);
            }
            (None, Home::Member(..)) => {
                let message = || "the user is a member of another organization already".to_owned();
                self.fault(ErrorCode::UserInTwoOrganizations, at, message);
            }
            (None, _) => self.directory.user_rows[user].home = Home::Outside(Box::from(home)),
        }
        Ok(())
    }

    fn projects(&mut self, document: &OrganizationDocument<'_>, organization: Organization, path: &Path<'_>) -> Result<(), Error> {
        let table = path.field("projects");
        let mut default_project = None;
        let mut default_key = false;
        for (number, project) in document.projects.iter().enumerate() {
            let at = &table.item(number);
            let index = self.project(project, organization, at, &mut default_key)?;
            match (project.default, default_project) {
                (true, None) => default_project = Some(index),
                (true, Some(_)) => {
                    let message = || "the organization already has a default project".to_owned();
                    self.fault(ErrorCode::MultipleDefaultProjects, &at.field("default"), message);
                }
                (false, _) if !document.multi_project => {
                    let message = || "`multi_project` is false: there can be no project beside the default one".to_owned();
                    self.fault(ErrorCode::MultiProjectDisabled, at, message);
                }
                (false, _) => {}
            }
        }
        match default_project {
            Some(project) => self.directory.organization_rows[organization].default_project = project,
            None => {
                let message = || "every organization has one project with `default` true".to_owned();
                self.fault(ErrorCode::MissingDefaultProject, &table, message);
            }
        }
        Ok(())
    }

    fn project(
        &mut self,
        document: &ProjectDocument<'_>,
        organization: Organization,
        path: &Path<'_>,
        default_key: &mut bool,
    ) -> Result<Project, Error> {
        let interned = self.directory.projects.intern(&self.directory.hasher, document.id).map_err(Full::into_error)?;
        let project = self.duplicate(interned, path);
        let mut row = ProjectRow {
            organization,
            allows_externals: document.allow_external_collaborators,
            name: document.name.map(Box::from),
            collaborators: Vec::with_capacity(document.collaborators.len()),
            api_keys: Vec::with_capacity(document.api_keys.len()),
            resources: Vec::with_capacity(document.resources.len()),
        };
        let table = path.field("collaborators");
        for (number, collaborator) in document.collaborators.iter().enumerate() {
            let at = &table.item(number);
            let user = self.user(collaborator.user, true)?;
            let Some(role) = self.directory.policy.project_role(collaborator.role) else {
                let message = || format!("the policy has no project role {}", shown(collaborator.role));
                self.fault(ErrorCode::UnknownRole, &at.field("role"), message);
                continue;
            };
            if self.directory.collaborator_role(project, user).is_some() {
                let message = || "this user is already a collaborator".to_owned();
                self.fault(ErrorCode::DuplicateId, &at.field("user"), message);
                continue;
            }
            row.collaborators.push((user, role));
            self.directory.insert_collaborator(Collaborator { project, user, role });
            if self.directory.membership(user, organization).is_none() {
                self.directory.insert_external(External { organization, user, is_effective: row.allows_externals });
            }
        }
        let table = path.field("api_keys");
        for (number, key) in document.api_keys.iter().enumerate() {
            let at = &table.item(number);
            if key.kind == KeyKind::OrganizationDefault {
                self.default_key(key, document.default, at, default_key);
            }
            row.api_keys.push(self.api_key(key, project, at)?);
        }
        let table = path.field("resources");
        for (number, resource) in document.resources.iter().enumerate() {
            row.resources.extend(self.resource(resource, project, &table.item(number))?);
        }
        if interned.1 {
            self.directory.project_rows.push(row);
            self.directory.organization_rows[organization].projects.push(project);
        }
        Ok(project)
    }

    fn default_key(&mut self, document: &ApiKeyDocument<'_>, in_default_project: bool, path: &Path<'_>, seen: &mut bool) {
        if *seen || !in_default_project {
            let message = || "an organization has one default key, in its default project".to_owned();
            self.fault(ErrorCode::DefaultKeyMisplaced, &path.field("kind"), message);
        }
        if document.revoked_at.is_some() {
            let message = || "the organization default key is regenerated, never revoked".to_owned();
            self.fault(ErrorCode::DefaultKeyNotRevocable, &path.field("revoked_at"), message);
        }
        *seen = true;
    }

    fn api_key(&mut self, document: &ApiKeyDocument<'_>, project: Project, path: &Path<'_>) -> Result<super::ApiKey, Error> {
        let interned = self.directory.api_keys.intern(&self.directory.hasher, document.id).map_err(Full::into_error)?;
        let key = self.duplicate(interned, path);
        let created_by = self.creator(document.created_by)?;
        self.directory.api_key_rows.push(ApiKeyRow {
            project,
            kind: document.kind,
            created_by,
            expires_at: document.expires_at,
            revoked_at: document.revoked_at,
        });
        self.directory.api_key_facts.push(ApiKeyFacts {
            name: document.name.map(Box::from),
            created_at: document.created_at,
            digest: document.digest,
        });
        Ok(key)
    }

    fn resource(&mut self, document: &ResourceDocument<'_>, project: Project, path: &Path<'_>) -> Result<Option<super::Resource>, Error> {
        let interned = self.directory.resources.intern(&self.directory.hasher, document.id).map_err(Full::into_error)?;
        let resource = self.duplicate(interned, path);
        let created_by = self.creator(document.created_by)?;
        let policy = &self.directory.policy;
        let Some(kind) = policy.kind(document.kind).filter(|kind| policy.api_key_kind() != Some(*kind)) else {
            let message = || format!("{} is not a kind of the policy, or its things do not stand under `resources`", shown(document.kind));
            self.fault(ErrorCode::UnknownKind, &path.field("kind"), message);
            return Ok(None);
        };
        self.directory.resource_rows.push(ResourceRow { project, kind });
        self.directory.resource_facts.push(ResourceFacts {
            name: document.name.map(Box::from),
            created_by,
            created_at: document.created_at,
        });
        Ok(Some(resource))
    }
}

impl Directory {
    fn insert_collaborator(&mut self, row: Collaborator) {
        let Self { hasher, collaborators, .. } = self;
        let hash = |row: &Collaborator| hasher.pair(row.project.into(), row.user.into());
        collaborators.insert_unique(hash(&row), row, hash);
    }

    fn insert_external(&mut self, row: External) {
        let Self { hasher, externals, .. } = self;
        let hash = |row: &External| hasher.pair(row.organization.into(), row.user.into());
        match externals.find_mut(hash(&row), |other| other.organization == row.organization && other.user == row.user) {
            Some(other) => other.is_effective |= row.is_effective,
            None => {
                externals.insert_unique(hash(&row), row, hash);
            }
        }
    }
}
