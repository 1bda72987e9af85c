//! Entries put and removed as they are, without the rules of changes: what undoing a change and applying a delta do.

use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::sync::Arc;

use crate::collections::order;
use crate::directory::document::{
    ApiKeyDocument, CollaboratorDocument, GroupMemberDocument, KeyKind, KeyProjects, MemberDocument, OrganizationDocument, ProjectDocument,
    ResourceDocument, UserDocument,
};
use crate::directory::edit::{NewApiKey, NewMember, NewOrganization, NewProject, NewResource};
use crate::directory::indices::{Group, Organization, Project, User};
use crate::directory::rows::{KeyLimits, PeriodRow, Reach};
use crate::directory::tables::Tables;
use crate::input::id::is_id;
use crate::input::instant::Instant;
use crate::policy::{OrganizationRole, Policy, ProjectRole, Scope, Visibility};
use crate::wire::column::Damage;

use super::bytes::read_entry;
use super::difference::Difference;
use super::entry_index::EntryIndex;
use super::fields::Entry;
use super::images::Images;
use super::key::Key;

const NO_PARENT: Damage = Damage("an entry belongs to something that is not there");
const NO_ROLE: Damage = Damage("there is no such role");

fn period(added_at: Option<Instant>, expires_at: Option<Instant>) -> PeriodRow {
    PeriodRow { added_at: added_at.into(), expires_at: expires_at.into() }
}

impl Tables {
    /// Makes the entries of these keys what their images say. What belongs to something comes after it, and goes before it.
    ///
    /// The caller makes sure that the directory is consistent afterwards; meanwhile it is not.
    pub(crate) fn restore(&mut self, images: &Images) -> Result<(), Damage> {
        for (text, image) in images.iter().rev() {
            if image.is_none() {
                self.remove_entry(parse(text)?)?;
            }
        }
        // Keys reach projects, and users have homes in organizations, which are in the order after them.
        let is_late = |key: &Key<'_>| matches!(key, Key::ApiKey(..) | Key::User(_));
        for late in [false, true] {
            for (text, image) in images {
                let Some(image) = image else { continue };
                let key = parse(text)?;
                if is_late(&key) == late {
                    self.put_entry(key, read_entry(key, image).ok_or(Damage("an entry has another structure"))?)?;
                }
            }
        }
        self.find_defaults(images);
        Ok(())
    }

    /// Finds the default project and the default key of the organizations in which a project or a key is put or removed.
    fn find_defaults(&mut self, images: &Images) {
        let with_default = |key: &String| match Key::parse(key) {
            Some(Key::Project(organization, _) | Key::ApiKey(organization, ..)) => self.organization(organization),
            _ => None,
        };
        let organizations: BTreeSet<_> = images.keys().filter_map(with_default).collect();
        for organization in organizations {
            let row = &self.organization_rows[organization];
            let Some(project) = row.projects.iter().copied().find(|project| self.project_rows[*project].is_default) else { continue };
            let mut keys = self.project_contents[project].api_keys.iter().copied();
            let default_key = keys.find(|key| self.api_key_rows[*key].kind == KeyKind::OrganizationDefault);
            let row = &mut self.organization_rows[organization];
            (row.default_project, row.default_key) = (project, default_key);
        }
    }

    /// Makes the entries of these keys what their images say, under another policy, which all other entries have to fit.
    pub(crate) fn restore_under(&mut self, policy: Policy, images: &Images) -> Result<(), Damage> {
        let mut all = self.images();
        for (key, image) in images {
            match image {
                Some(image) => all.insert(key.clone(), Some(image.clone())),
                None => all.remove(key),
            };
        }
        let mut tables = Self::empty(Arc::new(policy), self.hasher.clone());
        tables.restore(&all)?;
        tables.ensure_consistent(all.keys())?;
        tables.forget_bare_entries();
        tables.sort_lists();
        self.replace_with(tables);
        Ok(())
    }

    /// All entries.
    fn images(&self) -> Images {
        let mut images = Images::new();
        let _ = self.walk("", &mut |entry| {
            images.extend(self.key_of(entry).map(|key| (key.to_text(), self.image_of(entry))));
            ControlFlow::Continue(())
        });
        images
    }

    /// Replaces these tables by others under another policy, within the open journal.
    pub(crate) fn replace_with(&mut self, mut tables: Self) {
        self.settle();
        tables.take_elsewhere(self);
        let mut differing = Images::new();
        for Difference { before, after } in self.differences(&tables) {
            let key = before.map(|entry| self.path_of(entry)).or_else(|| after.map(|entry| tables.path_of(entry)));
            if let Some(key) = key {
                differing.insert(key.to_text(), before.and_then(|entry| self.image_of(entry)));
            }
        }
        let replaced = std::mem::replace(self, tables);
        self.replace(replaced, differing);
    }

    /// Removes an entry that has nothing below it any more. One that is not there stays so.
    fn remove_entry(&mut self, key: Key<'_>) -> Result<(), Damage> {
        use EntryIndex as Index;
        let Some(entry) = self.find_entry(key) else { return Ok(()) };
        let is_empty = match entry {
            Index::Organization(organization) => {
                let row = &self.organization_rows[organization];
                row.members.is_empty() && row.groups.is_empty() && row.projects.is_empty()
            }
            Index::Group(group) => self.group_rows[group].members.is_empty() && self.group_rows[group].projects.is_empty(),
            Index::Project(project) => {
                let contents = &self.project_contents[project];
                contents.collaborators.is_empty()
                    && contents.groups.is_empty()
                    && contents.api_keys.is_empty()
                    && contents.resources.is_empty()
            }
            _ => true,
        };
        if !is_empty {
            return Err(Damage("something is removed that other entries belong to"));
        }
        match entry {
            Index::User(user) => self.clear_user(user),
            Index::Organization(organization) => self.remove_organization(organization),
            Index::Member(organization, user) => self.drop_member(organization, user),
            Index::Group(group) => self.remove_group(group),
            Index::GroupMember(group, user) => self.remove_group_member(group, user),
            Index::Project(project) => self.remove_project(project),
            Index::Grant(project, group) => self.remove_grant(project, group),
            Index::Collaborator(project, user) => self.remove_collaborator(project, user),
            Index::ApiKey(key) => self.remove_api_key(key),
            Index::Resource(resource) => self.remove_resource(resource),
        }
        Ok(())
    }

    fn put_entry(&mut self, key: Key<'_>, entry: Entry<'_>) -> Result<(), Damage> {
        let organization = |tables: &Self| key.organization().and_then(|id| tables.organization(id)).ok_or(NO_PARENT);
        match (key, entry) {
            (Key::User(_), Entry::User(user)) => self.put_user(&user),
            (Key::Organization(_), Entry::Organization(document)) => self.put_organization(&document),
            (Key::Member(..), Entry::Member(row)) => self.put_member(organization(self)?, &row),
            (Key::Group(_, id), Entry::Group(group)) => self.put_group(organization(self)?, id, group.name),
            (Key::GroupMember(_, group, _), Entry::GroupMember(row)) => {
                let organization = organization(self)?;
                self.put_group_member(organization, self.group_in(organization, group)?, &row)
            }
            (Key::Project(..), Entry::Project(project)) => self.put_project(organization(self)?, &project),
            (Key::Grant(_, project, _) | Key::Collaborator(_, project, _), Entry::Collaborator(row)) => {
                let organization = organization(self)?;
                self.put_collaborator(organization, self.project_in(organization, project)?, &row)
            }
            (Key::ApiKey(_, project, _), Entry::ApiKey(key)) => {
                let organization = organization(self)?;
                self.put_api_key(organization, self.project_in(organization, project)?, &key)
            }
            (Key::Resource(_, project, ..), Entry::Resource(resource)) => {
                let organization = organization(self)?;
                self.put_resource(self.project_in(organization, project)?, &resource)
            }
            // INVARIANT: an entry is read by its key.
            _ => Err(Damage("an entry is not that of its key")),
        }
    }

    fn group_in(&self, organization: Organization, group: &str) -> Result<Group, Damage> {
        self.group(group).filter(|group| self.group_rows[*group].organization == organization).ok_or(NO_PARENT)
    }

    fn project_in(&self, organization: Organization, project: &str) -> Result<Project, Damage> {
        self.project(project).filter(|project| self.project_rows[*project].organization == organization).ok_or(NO_PARENT)
    }

    fn project_role_named(&self, role: &str) -> Result<ProjectRole, Damage> {
        self.policy.project_role(role).ok_or(NO_ROLE)
    }

    fn put_user(&mut self, document: &UserDocument<'_>) -> Result<(), Damage> {
        let user = self.intern_user(document.id)?;
        self.clear_user(user);
        self.touch(EntryIndex::User(user));
        self.set_email(user, document.email)?;
        self.suspend_user(user, document.suspended_at);
        match document.organization {
            None => {}
            Some(home) => match self.organization(home) {
                Some(held) if self.policy.has_multiple_organizations() && self.member_row(user, held).is_some() => {
                    self.set_home_inside(user, held);
                }
                None => self.set_home_outside(user, home)?,
                Some(_) => return Err(Damage("a user's home is an organization that the user is no member of")),
            },
        }
        if !self.user_rows[user].is_known() {
            self.list_user(user);
        }
        Ok(())
    }

    fn put_organization(&mut self, document: &OrganizationDocument<'_>) -> Result<(), Damage> {
        let owner = self.intern_user(document.owner)?;
        let new = NewOrganization {
            owner,
            membership: document.membership,
            multi_project: document.multi_project,
            projects_since: document.projects_since,
            suspended_at: document.suspended_at,
            name: document.name,
        };
        match self.organization(document.id) {
            Some(organization) => self.set_organization(organization, &new)?,
            None => {
                self.add_organization(document.id, &new)?;
            }
        }
        Ok(())
    }

    fn put_member(&mut self, organization: Organization, document: &MemberDocument<'_>) -> Result<(), Damage> {
        let role: OrganizationRole = self.policy.organization_role(document.role).ok_or(NO_ROLE)?;
        let user = self.intern_user(document.user)?;
        let period = period(document.added_at, document.expires_at);
        let new = NewMember { organization, user, role, period, suspended_at: document.suspended_at };
        if self.member_row(user, organization).is_some() {
            self.set_member(&new)?;
        } else {
            if !self.policy.has_multiple_organizations() && self.user_rows[user].organization.is_some() {
                return Err(Damage("a user belongs to two organizations"));
            }
            self.push_member(&new)?;
            self.sort_last_member(organization);
        }
        Ok(())
    }

    fn put_group(&mut self, organization: Organization, id: &str, name: Option<&str>) -> Result<(), Damage> {
        match self.group(id) {
            Some(group) if self.group_rows[group].organization == organization => self.name_group(group, name)?,
            Some(_) => return Err(Damage("a group is in two organizations")),
            None => {
                self.add_group(organization, id, name)?;
            }
        }
        Ok(())
    }

    fn put_group_member(&mut self, organization: Organization, group: Group, row: &GroupMemberDocument<'_>) -> Result<(), Damage> {
        let user = self.intern_user(row.user)?;
        if self.member_row(user, organization).is_none() {
            return Err(Damage("a member of a group is no member of the organization"));
        }
        self.remove_group_member(group, user);
        self.add_group_member(group, user, period(row.added_at, row.expires_at))?;
        Ok(())
    }

    fn put_project(&mut self, organization: Organization, document: &ProjectDocument<'_>) -> Result<(), Damage> {
        let first = Visibility::from(0);
        let visibility = document.visibility.map_or(Some(first), |name| self.policy.visibility(name));
        let new = NewProject {
            organization,
            is_default: document.default,
            allows_externals: document.allow_external_collaborators,
            visibility: visibility.ok_or(Damage("there is no such visibility"))?,
            suspended_at: document.suspended_at,
            name: document.name,
        };
        match self.project(document.id) {
            Some(project) if self.project_rows[project].organization == organization => self.set_project(project, &new)?,
            Some(_) => return Err(Damage("a project is in two organizations")),
            None => {
                self.add_project(document.id, &new)?;
            }
        }
        Ok(())
    }

    fn put_collaborator(&mut self, organization: Organization, project: Project, row: &CollaboratorDocument<'_>) -> Result<(), Damage> {
        let role = self.project_role_named(row.role)?;
        let period = period(row.added_at, row.expires_at);
        if let Some(group) = row.group {
            let group = self.group_in(organization, group)?;
            self.remove_grant(project, group);
            self.add_grant(project, group, role, period)?;
        } else {
            let user: User = self.intern_user(row.user.unwrap_or_default())?;
            self.remove_collaborator(project, user);
            self.add_collaborator(project, user, role, period)?;
        }
        Ok(())
    }

    fn put_api_key(&mut self, organization: Organization, project: Project, document: &ApiKeyDocument<'_>) -> Result<(), Damage> {
        if let Some(key) = self.api_key(document.id) {
            if self.api_key_rows[key].project != project {
                return Err(Damage("an API key is in two projects"));
            }
            self.remove_api_key(key);
        }
        let created_by = document.created_by.map(|user| self.intern_user(user)).transpose()?;
        let acts_as = document.acts_as.map(|user| self.intern_user(user)).transpose()?;
        let scopes = document.scopes.as_ref().map(|scopes| self.scopes_named(scopes)).transpose()?;
        let reach = match &document.projects {
            KeyProjects::All => Reach::All,
            KeyProjects::Listed(projects) => {
                let mut further = Vec::with_capacity(projects.len());
                for id in projects {
                    further.push(self.project_in(organization, id)?);
                }
                order::as_set(&mut further);
                if further.len() != projects.len() || further.contains(&project) {
                    return Err(Damage("a key reaches a project twice"));
                }
                Reach::Listed(further)
            }
        };
        let new = NewApiKey {
            project,
            kind: document.kind,
            created_by,
            created_at: document.created_at,
            expires_at: document.expires_at,
            revoked_at: document.revoked_at,
            name: document.name,
            digest: document.digest,
            limits: KeyLimits { scopes, acts_as, reach },
        };
        self.add_api_key(document.id, &new)?;
        Ok(())
    }

    fn scopes_named(&self, names: &[&str]) -> Result<Vec<Scope>, Damage> {
        let scope = |name: &&str| self.policy.scope(name).ok_or(Damage("there is no such scope"));
        let mut scopes: Vec<_> = names.iter().map(scope).collect::<Result<_, _>>()?;
        self.policy.sort_scopes(&mut scopes);
        scopes.dedup();
        if scopes.len() == names.len() { Ok(scopes) } else { Err(Damage("a key has a scope twice")) }
    }

    fn put_resource(&mut self, project: Project, document: &ResourceDocument<'_>) -> Result<(), Damage> {
        let kind = self.policy.resource_kind(document.kind).ok_or(Damage("there is no such kind"))?;
        if let Some(resource) = self.resource(kind, document.id) {
            if self.resource_rows[resource].project != project {
                return Err(Damage("a resource is in two projects"));
            }
            self.remove_resource(resource);
        }
        let created_by = document.created_by.map(|user| self.intern_user(user)).transpose()?;
        let new = NewResource { project, kind, created_by, created_at: document.created_at, name: document.name };
        self.add_resource(document.id, &new)?;
        Ok(())
    }
}

fn parse(text: &str) -> Result<Key<'_>, Damage> {
    // A kind is a name of the policy.
    let is_right = |key: &Key<'_>| key.ids().into_iter().all(is_id);
    Key::parse(text).filter(is_right).ok_or(Damage("an entry has no key"))
}
