//! Payload of a snapshot → tables. Everything that is checked in a document is checked here too: bytes from any source give valid tables,
//! or none.

use crate::collections::hasher::Hasher;
use crate::collections::names::Names;
use crate::collections::order;
use crate::collections::slots::Slots;
use crate::collections::table::{Maybe, Sparse, Table};
use crate::collections::texts::Full;
use crate::input::id::is_id;
use crate::input::instant::{Instant, MaybeInstant};
use crate::input::shape::LONGEST_TEXT;
use crate::policy::{Kind, OrganizationRole, Policy, ProjectRole};
use crate::wire::column::{Column, Damage, LENGTH, StringsReader, ensure_sum};
use crate::wire::payload::{Payload, Resources, Rows, Strings};

use super::document::{KeyDigest, KeyKind, Membership};
use super::edit::{NewApiKey, NewOrganization, NewProject};
use super::indices::{Organization, Project, Resource, User};
use super::rows::{Home, ResourceRow, UserRow};
use super::tables::Tables;

impl From<Full> for Damage {
    fn from(_: Full) -> Self {
        Self("it has more entries than 32-bit indices can address")
    }
}

impl Tables {
    /// The tables of a payload.
    #[inline(never)]
    pub(crate) fn from_payload(payload: &[u8], hasher: Hasher) -> Result<Self, Damage> {
        let payload = Payload::from_bytes(payload).ok_or(Damage("the payload has another structure"))?;
        let policy = Policy::from_written_text(payload.policy).ok_or(Damage("the policy is not valid"))?;
        let users = payload.users.places();
        let mut unpacker = Unpacker { tables: Self::empty(policy, hasher), users };
        unpacker.user_ids(payload.users)?;
        unpacker.organizations(&payload)?;
        unpacker.listed_users(&payload)?;
        unpacker.projects(&payload)?;
        unpacker.api_keys(&payload)?;
        unpacker.resources(&payload)?;
        Ok(unpacker.tables)
    }
}

struct Unpacker {
    tables: Tables,
    users: usize,
}

fn id(text: &str) -> Result<&str, Damage> {
    if is_id(text) { Ok(text) } else { Err(Damage("an id is not valid")) }
}

fn text(text: Option<&str>) -> Result<Option<&str>, Damage> {
    match text {
        Some(text) if text.len() > LONGEST_TEXT => Err(Damage("a text is too long")),
        text => Ok(text),
    }
}

fn instant(bytes: [u8; 8]) -> Result<Option<Instant>, Damage> {
    MaybeInstant::from_bits(i64::from_le_bytes(bytes)).map(MaybeInstant::get).ok_or(Damage("an instant is not valid"))
}

fn flags([flags]: [u8; 1]) -> Result<(bool, bool), Damage> {
    if flags < 4 { Ok((flags & 1 != 0, flags & 2 != 0)) } else { Err(Damage("a flag is unknown")) }
}

fn new<I>((index, new): (I, bool)) -> Result<I, Damage> {
    if new { Ok(index) } else { Err(Damage("an id occurs twice")) }
}

// Each step is a function of its own for the sake of WebAssembly engines: they optimise busy functions, and for one large function that
// runs once this would take longer than running it.
impl Unpacker {
    #[inline(never)]
    fn user_ids(&mut self, ids: Strings<'_>) -> Result<(), Damage> {
        let texts = ids.ids()?;
        if !texts.iter().zip(texts.iter().skip(1)).all(|(one, next)| one < next) {
            return Err(Damage("the users are not sorted"));
        }
        let Tables { hasher, users, user_rows, .. } = &mut self.tables;
        *users = Names::of_texts(texts, hasher).ok_or(Damage("an id occurs twice"))?;
        *user_rows = Table::of_same(UserRow::NOTHING, self.users);
        Ok(())
    }

    fn user(&self, number: u32) -> Result<User, Damage> {
        if (number as usize) < self.users { Ok(User::from(number)) } else { Err(Damage("there is no such user")) }
    }

    fn creator(&self, number: [u8; 4]) -> Result<Option<User>, Damage> {
        match u32::from_le_bytes(number) {
            u32::MAX => Ok(None),
            number => self.user(number).map(Some),
        }
    }

    #[inline(never)]
    fn organizations(&mut self, payload: &Payload<'_>) -> Result<(), Damage> {
        let columns = &payload.organizations;
        let places = columns.ids.places();
        let mut ids = StringsReader::new(columns.ids, places)?;
        let mut names = StringsReader::new(columns.names, places)?;
        let mut owners = Column::<4>::new(columns.owners, places)?;
        let mut flag_bytes = Column::<1>::new(columns.flags, places)?;
        let mut projects_since = Column::<8>::new(columns.projects_since, places)?;
        let mut member_counts = Column::<4>::new(columns.member_counts, places)?;
        let members = payload.members.roles.len();
        ensure_sum(columns.member_counts, members)?;
        let mut rows = RowsReader::new(&payload.members, members)?;
        for _ in 0..places {
            let organization = new(self.tables.organizations.intern(&self.tables.hasher, id(ids.next()?)?)?)?;
            let owner = self.user(owners.next_u32()?)?;
            let (is_sso, multi_project) = flags(flag_bytes.next()?)?;
            self.tables.push_organization(&NewOrganization {
                owner,
                membership: if is_sso { Membership::Sso } else { Membership::Invitation },
                multi_project,
                projects_since: instant(projects_since.next()?)?,
                name: text(names.next_optional()?)?,
            })?;
            for _ in 0..member_counts.next_u32()? {
                let (user, role) = rows.next()?;
                self.member(organization, user, role)?;
            }
            if self.tables.membership(owner, organization) != Some(OrganizationRole::STRONGEST) {
                return Err(Damage("an owner does not have the strongest role"));
            }
            // Users are numbered in the order of their ids.
            let members = &mut self.tables.organization_rows[organization].members;
            *members = order::by_key(members.iter().map(|user| (0, *user)));
        }
        ids.finish()?;
        names.finish()
    }

    #[inline(never)]
    fn member(&mut self, organization: Organization, user: u32, role: u8) -> Result<(), Damage> {
        let user = self.user(user)?;
        let role = self.tables.policy.organization_role_at(role).ok_or(Damage("there is no such role"))?;
        match self.tables.home(user) {
            Home::Unknown => Ok(self.tables.push_member(organization, user, role)?),
            Home::Outside(_) | Home::Member(..) => Err(Damage("a user belongs to two organizations")),
        }
    }

    #[inline(never)]
    fn listed_users(&mut self, payload: &Payload<'_>) -> Result<(), Damage> {
        let columns = &payload.listed_users;
        let places = columns.users.len() / 4;
        let mut users = Column::<4>::new(columns.users, places)?;
        let mut emails = StringsReader::new(columns.emails, places)?;
        let mut homes = StringsReader::new(columns.homes, places)?;
        for _ in 0..places {
            let user = self.user(users.next_u32()?)?;
            if self.tables.user_rows[user].is_listed {
                return Err(Damage("a user is listed twice"));
            }
            self.tables.upsert_listed_user(user, text(emails.next_optional()?)?)?;
            let Some(home) = homes.next_optional()? else { continue };
            if !matches!(self.tables.home(user), Home::Unknown) || self.tables.organization(id(home)?).is_some() {
                return Err(Damage("a user belongs to two organizations"));
            }
            self.tables.set_home_outside(user, home)?;
        }
        emails.finish()?;
        homes.finish()
    }

    #[inline(never)]
    fn projects(&mut self, payload: &Payload<'_>) -> Result<(), Damage> {
        let columns = &payload.projects;
        let places = columns.ids.places();
        ensure_sum(payload.organizations.project_counts, places)?;
        let organizations = payload.organizations.ids.places();
        let mut counts = Column::<4>::new(payload.organizations.project_counts, organizations)?;
        let mut ids = StringsReader::new(columns.ids, places)?;
        let mut names = StringsReader::new(columns.names, places)?;
        let mut flag_bytes = Column::<1>::new(columns.flags, places)?;
        let mut collaborator_counts = Column::<4>::new(columns.collaborator_counts, places)?;
        let collaborators = payload.collaborators.roles.len();
        ensure_sum(columns.collaborator_counts, collaborators)?;
        let mut rows = RowsReader::new(&payload.collaborators, collaborators)?;
        self.tables.collaborators = Slots::with_capacity(collaborators);
        for organization in (0_u32..).take(organizations).map(Organization::from) {
            let mut defaults = 0_usize;
            let count = counts.next_u32()?;
            for _ in 0..count {
                let project = new(self.tables.projects.intern(&self.tables.hasher, id(ids.next()?)?)?)?;
                let (is_default, allows_externals) = flags(flag_bytes.next()?)?;
                defaults = defaults.saturating_add(is_default.into());
                let name = text(names.next_optional()?)?;
                self.tables.push_project(project, &NewProject { organization, is_default, allows_externals, name })?;
                let collaborators = collaborator_counts.next_u32()?;
                self.tables.project_contents[project].collaborators.reserve_exact(collaborators as usize);
                for _ in 0..collaborators {
                    let (user, role) = rows.next()?;
                    self.collaborator(project, user, role)?;
                }
                let collaborators = &mut self.tables.project_contents[project].collaborators;
                *collaborators = order::by_key(collaborators.iter().map(|user| (0, *user)));
            }
            if defaults != 1 || (count > 1 && !self.tables.organization_rows[organization].multi_project) {
                return Err(Damage("an organization has too many projects, or not one default project"));
            }
            let Tables { projects, organization_rows, .. } = &mut self.tables;
            projects.sort(&mut organization_rows[organization].projects);
        }
        ids.finish()?;
        names.finish()
    }

    #[inline(never)]
    fn collaborator(&mut self, project: Project, user: u32, role: u8) -> Result<(), Damage> {
        let user = self.user(user)?;
        let role: ProjectRole = self.tables.policy.project_role_at(role).ok_or(Damage("there is no such role"))?;
        let is_new = self.tables.push_collaborator(project, user, role)?;
        if is_new { Ok(()) } else { Err(Damage("a user is a collaborator twice")) }
    }

    #[inline(never)]
    fn api_keys(&mut self, payload: &Payload<'_>) -> Result<(), Damage> {
        let columns = &payload.api_keys;
        let places = columns.ids.places();
        ensure_sum(payload.projects.api_key_counts, places)?;
        let projects = payload.projects.ids.places();
        let mut counts = Column::<4>::new(payload.projects.api_key_counts, projects)?;
        let mut ids = StringsReader::new(columns.ids, places)?;
        let mut names = StringsReader::new(columns.names, places)?;
        let mut flag_bytes = Column::<1>::new(columns.flags, places)?;
        let mut created_by = Column::<4>::new(columns.created_by, places)?;
        let mut created_at = Column::<8>::new(columns.created_at, places)?;
        let mut expires_at = Column::<8>::new(columns.expires_at, places)?;
        let mut revoked_at = Column::<8>::new(columns.revoked_at, places)?;
        let mut digests = columns.digests.as_chunks::<32>().0.iter();
        for project in (0_u32..).take(projects).map(Project::from) {
            for _ in 0..counts.next_u32()? {
                let key = new(self.tables.api_keys.intern(&self.tables.hasher, id(ids.next()?)?)?)?;
                let (is_default, has_digest) = flags(flag_bytes.next()?)?;
                let digest = match has_digest {
                    true => Some(KeyDigest::from_bytes(*digests.next().ok_or(Damage("a digest is missing"))?)),
                    false => None,
                };
                let new = NewApiKey {
                    project,
                    kind: if is_default { KeyKind::OrganizationDefault } else { KeyKind::Project },
                    created_by: self.creator(created_by.next()?)?,
                    created_at: instant(created_at.next()?)?,
                    expires_at: instant(expires_at.next()?)?,
                    revoked_at: instant(revoked_at.next()?)?,
                    name: text(names.next_optional()?)?,
                    digest,
                };
                if is_default {
                    self.default_key(&new)?;
                }
                self.tables.push_api_key(key, &new)?;
            }
            let Tables { api_keys, project_contents, .. } = &mut self.tables;
            api_keys.sort(&mut project_contents[project].api_keys);
        }
        if digests.next().is_some() || !columns.digests.len().is_multiple_of(32) {
            return Err(Damage("a digest belongs to no key"));
        }
        ids.finish()?;
        names.finish()
    }

    fn default_key(&self, key: &NewApiKey<'_>) -> Result<(), Damage> {
        let project = &self.tables.project_rows[key.project];
        let is_second = self.tables.organization_rows[project.organization].default_key.is_some();
        let is_possible = project.is_default && !is_second && key.revoked_at.is_none();
        if is_possible { Ok(()) } else { Err(Damage("an organization default key is misplaced")) }
    }

    #[inline(never)]
    fn resources(&mut self, payload: &Payload<'_>) -> Result<(), Damage> {
        let columns = &payload.resources;
        let places = columns.ids.places();
        ensure_sum(payload.projects.resource_counts, places)?;
        let projects = payload.projects.ids.places();
        let mut counts = Column::<4>::new(payload.projects.resource_counts, projects)?;
        let mut kinds = Column::<2>::new(columns.kinds, places)?;
        let mut sorted = Column::<4>::new(columns.sorted, places)?;
        self.tables.resources = Names::of_texts(columns.ids.ids()?, &self.tables.hasher).ok_or(Damage("an id occurs twice"))?;
        self.tables.resource_rows.reserve(places);
        let mut first = 0_u32;
        for project in (0_u32..).take(projects).map(Project::from) {
            let count = counts.next_u32()?;
            for _ in 0..count {
                let kind = self.kind(kinds.next()?)?;
                self.tables.resource_rows.push(ResourceRow { project, kind });
            }
            self.list_resources(project, first, count, &mut sorted)?;
            // The counts add up to the number of ids.
            first = first.saturating_add(count);
        }
        self.resource_facts(columns, places)
    }

    fn kind(&self, number: [u8; 2]) -> Result<Kind, Damage> {
        self.tables.policy.resource_kind_at(u16::from_le_bytes(number)).ok_or(Damage("there is no such kind"))
    }

    #[inline(never)]
    fn resource_facts(&mut self, columns: &Resources<'_>, places: usize) -> Result<(), Damage> {
        let is_place = |length: usize, size: usize| length == 0 || Some(length) == places.checked_mul(size);
        if !is_place(columns.created_by.len(), 4) || !is_place(columns.created_at.len(), 8) {
            return Err(LENGTH);
        }
        let creators = columns.created_by.as_chunks::<4>().0.iter().map(|number| u32::from_le_bytes(*number));
        if creators.clone().any(|number| number != u32::MAX && number as usize >= self.users) {
            return Err(Damage("there is no such user"));
        }
        self.tables.resource_creators = Sparse::of_values(creators.map(Maybe::from).collect());
        let times = columns.created_at.as_chunks::<8>().0.iter().map(|bits| MaybeInstant::from_bits(i64::from_le_bytes(*bits)));
        let times: Option<Vec<_>> = times.collect();
        self.tables.resource_times = Sparse::of_values(times.ok_or(Damage("an instant is not valid"))?);
        let mut names = StringsReader::new(columns.names, places)?;
        if !columns.names.lengths.is_empty() {
            for resource in (0_u32..).take(places).map(Resource::from) {
                self.tables.name_resource(resource, text(names.next_optional()?)?)?;
            }
        }
        names.finish()
    }

    /// Sets the list of a project's resources in the order that the payload gives, after checking that order.
    #[inline(never)]
    fn list_resources(&mut self, project: Project, first: u32, count: u32, sorted: &mut Column<'_, 4>) -> Result<(), Damage> {
        let Tables { resources, resource_rows, project_contents, .. } = &mut self.tables;
        let list = &mut project_contents[project].resources;
        list.reserve_exact(count as usize);
        let mut before: Option<(Kind, &str)> = None;
        for _ in 0..count {
            let place = sorted.next_u32()?;
            if place >= count {
                return Err(Damage("there is no such resource"));
            }
            let resource = Resource::from(first.saturating_add(place));
            let key = (resource_rows[resource].kind, resources.name(resource));
            // Strictly ascending, so every resource occurs once.
            if before.is_some_and(|before| before >= key) {
                return Err(Damage("the resources are not sorted"));
            }
            before = Some(key);
            list.push(resource);
        }
        Ok(())
    }
}

/// Reads the columns of users and their roles.
struct RowsReader<'p> {
    users: Column<'p, 4>,
    roles: Column<'p, 1>,
}

impl<'p> RowsReader<'p> {
    fn new(rows: &Rows<'p>, places: usize) -> Result<Self, Damage> {
        Ok(Self { users: Column::new(rows.users, places)?, roles: Column::new(rows.roles, places)? })
    }

    fn next(&mut self) -> Result<(u32, u8), Damage> {
        let [role] = self.roles.next()?;
        Ok((self.users.next_u32()?, role))
    }
}
