//! Directory document → tables: names become indices, entries become rows, and contradictions are faults.

use std::collections::BTreeSet;
use std::fmt::Display;
use std::sync::Arc;

use crate::catalogue::error_code::ErrorCode;
use crate::collections::hasher::Hasher;
use crate::input::error::Error;
use crate::input::faults::{Faults, Layout};
use crate::input::instant::Instant;
use crate::input::path::Path;
use crate::policy::Policy;

use super::document::{DirectoryDocument, OrganizationDocument};
use super::indices::{Organization, Project, User};
use super::rows::PeriodRow;
use super::tables::Tables;

mod keys;
mod members;
mod projects;

/// Indexes a document of valid shape, whose paths begin at `root` and lead into `layout`.
pub(super) fn index(
    root: &Path<'_>,
    document: &DirectoryDocument<'_>,
    policy: Arc<Policy>,
    layout: &dyn Layout,
    hasher: Hasher,
) -> Result<Tables, Error> {
    let mut tables = Tables::empty(policy, hasher);
    let mut indexer = Indexer::of(&mut tables, layout, root);
    // Members come before everything that depends on membership; the faults are reported in document order nevertheless.
    let organizations = root.field("organizations");
    let mut indices = Vec::with_capacity(document.organizations.len());
    for (number, organization) in document.organizations.iter().enumerate() {
        indices.push(indexer.organization(organization, &organizations.item(number))?);
    }
    for (number, organization) in document.organizations.iter().enumerate() {
        indexer.owner(organization, &organizations.item(number))?;
    }
    let users = root.field("users");
    #[cfg(feature = "all-faults")]
    let listed_members = &indexer.faults.reports_all().then(|| ListedMembers::of(document));
    #[cfg(not(feature = "all-faults"))]
    let listed_members = &None;
    for (number, user) in document.users.iter().enumerate() {
        indexer.listed_user(user, &users.item(number), listed_members.as_ref())?;
    }
    for (number, (organization, index)) in document.organizations.iter().zip(&indices).enumerate() {
        let at = &organizations.item(number);
        indexer.groups(organization, *index, at)?;
        indexer.projects(organization, *index, at)?;
    }
    // Keys may reach projects that come later.
    for (number, organization) in document.organizations.iter().enumerate() {
        indexer.api_keys(organization, &organizations.item(number))?;
    }
    indexer.finish()?;
    tables.forget_bare_entries();
    tables.sort_lists();
    Ok(tables)
}

/// Checks an organization at `path` by itself, as if it were the only one.
pub(super) fn check_alone(
    document: &OrganizationDocument<'_>,
    path: &Path<'_>,
    policy: Arc<Policy>,
    layout: &dyn Layout,
    hasher: Hasher,
) -> Result<(), Error> {
    let mut tables = Tables::empty(policy, hasher);
    let mut indexer = Indexer::of(&mut tables, layout, &Path::Root);
    let index = indexer.organization(document, path)?;
    indexer.owner(document, path)?;
    indexer.groups(document, index, path)?;
    indexer.projects(document, index, path)?;
    indexer.api_keys(document, path)?;
    indexer.finish().map(drop)
}

/// The hash of a document's ids: keyed by `seed`, or by the ids themselves.
pub(super) fn hasher(document: &DirectoryDocument<'_>, seed: Option<u64>) -> Hasher {
    seed.map_or_else(|| Hasher::keyed_by_texts(ids(document)), Hasher::keyed_by)
}

/// The members that the organizations list, including invalid ones.
pub(super) struct ListedMembers<'d> {
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
        let groups = organization.groups.iter().map(|group| group.id);
        let projects = organization.projects.iter().flat_map(|project| {
            let collaborators = project.collaborators.iter().filter_map(|row| row.user);
            let keys =
                project.api_keys.iter().flat_map(|key| [key.id, key.created_by.unwrap_or_default(), key.acts_as.unwrap_or_default()]);
            let resources = project.resources.iter().flat_map(|resource| [resource.id, resource.created_by.unwrap_or_default()]);
            std::iter::once(project.id).chain(collaborators).chain(keys).chain(resources)
        });
        std::iter::once(organization.id).chain(members).chain(groups).chain(projects)
    });
    users.chain(organizations)
}

/// The tables so far, and the faults so far. With a fault there will be no directory, so placeholders are harmless.
pub(super) struct Indexer<'t, 'v> {
    pub(super) tables: &'t mut Tables,
    /// Rows of users who are members of another organization already.
    refused: BTreeSet<(User, Organization)>,
    faults: Faults<'v>,
    /// What is put into tables that other entries are in; `None` for a whole document.
    pub(super) put: Option<Put>,
}

/// What is put: an id that anything else has is taken, and not only listed twice.
#[derive(Clone, Copy)]
pub(super) enum Put {
    Organization(Organization),
    Project(Project),
    Entry,
}

pub(super) fn period(added_at: Option<Instant>, expires_at: Option<Instant>) -> PeriodRow {
    PeriodRow { added_at: added_at.into(), expires_at: expires_at.into() }
}

impl<'t, 'v> Indexer<'t, 'v> {
    pub(super) fn of(tables: &'t mut Tables, layout: &'v dyn Layout, root: &Path<'v>) -> Self {
        Self { tables, refused: BTreeSet::new(), faults: Faults::new(layout, root), put: None }
    }

    /// The tables, if nothing has a fault.
    pub(super) fn finish(self) -> Result<&'t mut Tables, Error> {
        self.faults.into_result(self.tables)
    }
}

impl Indexer<'_, '_> {
    pub(super) fn fault(&mut self, code: ErrorCode, path: &Path<'_>, message: impl Display) {
        self.faults.report(code, path, message);
    }

    pub(super) fn user(&mut self, id: &str) -> Result<User, Error> {
        self.tables.intern_user(id).map_err(Error::from)
    }

    fn creator(&mut self, id: Option<&str>) -> Result<Option<User>, Error> {
        id.map(|id| self.user(id)).transpose()
    }

    /// The index of an id, which is to be new. `holder` says where the id that is known already stands.
    fn duplicate<T: Copy>(
        &mut self,
        (index, is_new): (T, bool),
        path: &Path<'_>,
        holder: impl FnOnce(&Tables, T) -> (Option<Organization>, Option<Project>),
    ) -> T {
        if !is_new {
            let (organization, project) = holder(self.tables, index);
            let is_elsewhere = match self.put {
                None => false,
                Some(Put::Organization(own)) => organization != Some(own),
                Some(Put::Project(own)) => project != Some(own),
                Some(Put::Entry) => true,
            };
            let code = if is_elsewhere { ErrorCode::AlreadyExists } else { ErrorCode::DuplicateId };
            self.fault(code, &path.field("id"), "this id is already used");
        }
        index
    }

    /// The organization that a change names.
    pub(super) fn find_organization(&self, id: &str) -> Result<Organization, Error> {
        let missing = || Error::new(ErrorCode::NotFound, &Path::Root.field("organization"), "there is no such organization");
        self.tables.organization(id).ok_or_else(missing)
    }

    /// The project that a change names.
    pub(super) fn find_project(&self, id: &str) -> Result<Project, Error> {
        let missing = || Error::new(ErrorCode::NotFound, &Path::Root.field("project"), "there is no such project");
        self.tables.project(id).ok_or_else(missing)
    }
}

impl Tables {
    fn place_of_project(&self, project: Project) -> (Option<Organization>, Option<Project>) {
        (Some(self.project_rows[project].organization), Some(project))
    }
}
