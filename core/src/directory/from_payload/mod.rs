//! Payload of a snapshot → tables. Everything that is checked in a document is checked here too: bytes from any source give valid tables,
//! or none.

use crate::collections::hasher::Hasher;
use crate::collections::names::{Names, Space};
use crate::collections::slots::Slots;
use crate::collections::table::{Maybe, Sparse, Table};
use crate::collections::texts::Full;
use crate::input::id::is_id;
use crate::input::instant::MaybeInstant;
use crate::input::shape::LONGEST_TEXT;
use crate::policy::{Kind, OrganizationRole, Policy, ProjectRole};
use crate::wire::column::{Column, Damage, LENGTH, StringsReader, ensure_sum};
use crate::wire::payload::{Payload, Resources, Strings};
use crate::wire::payload_reader::payload_of;

use super::document::Membership;
use super::edit::{NewMember, NewOrganization, NewProject};
use super::indices::{Organization, Project, Resource, User};
use super::rows::{Elsewhere, ResourceRow, UserRow};
use super::state::StoredChunks;
use super::tables::Tables;
use readers::{InstantReader, Row, RowsReader, instant};

mod keys;
mod readers;

impl From<Full> for Damage {
    fn from(_: Full) -> Self {
        Self("it has more entries than 32-bit indices can address")
    }
}

impl Tables {
    /// The tables of a payload, and the chunks of their state hash.
    #[inline(never)]
    pub(crate) fn from_payload(payload: &[u8], version: u16, hasher: Hasher) -> Result<(Self, StoredChunks), Damage> {
        let payload = payload_of(payload, version).ok_or(Damage("the payload has another structure"))?;
        let policy = Policy::from_written_text(payload.policy).ok_or(Damage("the policy is not valid"))?;
        let users = payload.users.places();
        let mut unpacker = Unpacker { may_repeat_digests: version == 1, tables: Self::empty(policy.into(), hasher), users };
        unpacker.user_ids(payload.users)?;
        unpacker.organizations(&payload)?;
        unpacker.listed_users(&payload)?;
        // Engines compile a function when it is first called: what few directories have is not called for the others.
        if payload.has_groups() {
            unpacker.groups(&payload)?;
        }
        unpacker.projects(&payload)?;
        if payload.has_grants() {
            unpacker.grants(&payload)?;
        }
        unpacker.api_keys(&payload)?;
        unpacker.resources(&payload)?;
        if payload.has_elsewhere() {
            unpacker.elsewhere(&payload)?;
        }
        let mut tables = unpacker.tables;
        tables.forget_bare_entries();
        tables.sort_lists();
        Ok((tables, StoredChunks::of_columns(payload.chunk_keys, payload.chunk_hashes)?))
    }
}

struct Unpacker {
    /// The first version did not check it.
    may_repeat_digests: bool,
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
        let mut suspended_at = InstantReader::new(columns.suspended_at, places)?;
        let mut member_counts = Column::<4>::new(columns.member_counts, places)?;
        let members = payload.members.roles.len();
        ensure_sum(columns.member_counts, members)?;
        let mut rows = RowsReader::new(&payload.members, members)?;
        for _ in 0..places {
            let organization = new(self.tables.organizations.intern(&self.tables.hasher, id(ids.next()?)?)?)?;
            let owner = self.user(owners.next_u32()?)?;
            let (is_sso, multi_project) = flags(flag_bytes.next()?)?;
            let new = NewOrganization {
                owner,
                membership: if is_sso { Membership::Sso } else { Membership::Invitation },
                multi_project,
                projects_since: instant(projects_since.next()?)?,
                suspended_at: suspended_at.next()?,
                name: text(names.next_optional()?)?,
            };
            self.tables.push_organization(organization, &new)?;
            for _ in 0..member_counts.next_u32()? {
                self.member(organization, rows.next()?)?;
            }
            let owner = self.tables.member_row(owner, organization);
            if !owner.is_some_and(|row| {
                row.role == OrganizationRole::STRONGEST && row.suspended_at.is_none() && !self.tables.has_end(row.period)
            }) {
                return Err(Damage("an owner does not have the strongest role for good"));
            }
        }
        ids.finish()?;
        names.finish()
    }

    #[inline(never)]
    fn member(&mut self, organization: Organization, row: Row) -> Result<(), Damage> {
        let user = self.user(row.grantee)?;
        let role = self.tables.policy.organization_role_at(row.role).ok_or(Damage("there is no such role"))?;
        let is_elsewhere = !self.tables.policy.has_multiple_organizations() && self.tables.user_rows[user].organization.is_some();
        if is_elsewhere || self.tables.member_row(user, organization).is_some() {
            return Err(Damage("a user belongs to two organizations"));
        }
        Ok(self.tables.push_member(&NewMember { organization, user, role, period: row.period, suspended_at: row.suspended_at })?)
    }

    #[inline(never)]
    fn listed_users(&mut self, payload: &Payload<'_>) -> Result<(), Damage> {
        let columns = &payload.listed_users;
        let places = columns.users.len() / 4;
        let mut users = Column::<4>::new(columns.users, places)?;
        let mut emails = StringsReader::new(columns.emails, places)?;
        let mut homes = StringsReader::new(columns.homes, places)?;
        let mut suspended_at = InstantReader::new(columns.suspended_at, places)?;
        let may_have_several = self.tables.policy.has_multiple_organizations();
        for _ in 0..places {
            let user = self.user(users.next_u32()?)?;
            if std::mem::replace(&mut self.tables.user_rows[user].is_bare, true) {
                return Err(Damage("a user is listed twice"));
            }
            self.tables.set_email(user, text(emails.next_optional()?)?)?;
            self.tables.suspend_user(user, suspended_at.next()?);
            let Some(home) = homes.next_optional()? else { continue };
            let is_member = self.tables.user_rows[user].organization.is_some();
            match self.tables.organization(id(home)?) {
                Some(held) if may_have_several && self.tables.member_row(user, held).is_some() => self.tables.set_home_inside(user, held),
                None if may_have_several || !is_member => self.tables.set_home_outside(user, home)?,
                _ => return Err(Damage("a user belongs to two organizations")),
            }
        }
        emails.finish()?;
        homes.finish()
    }

    #[inline(never)]
    fn groups(&mut self, payload: &Payload<'_>) -> Result<(), Damage> {
        let columns = &payload.groups;
        let places = columns.ids.places();
        let organizations = payload.organizations.ids.places();
        let mut counts = Column::<4>::new_or_default(payload.organizations.group_counts, organizations, [0; 4])?;
        let mut ids = StringsReader::new(columns.ids, places)?;
        let mut names = StringsReader::new(columns.names, places)?;
        let mut member_counts = Column::<4>::new(columns.member_counts, places)?;
        let members = payload.group_members.grantees.len() / 4;
        ensure_sum(columns.member_counts, members)?;
        let mut rows = RowsReader::never_suspended(&payload.group_members, members)?;
        if !payload.group_members.roles.is_empty() {
            return Err(Damage("a member of a group has a role"));
        }
        let mut left = places;
        for organization in (0_u32..).take(organizations).map(Organization::from) {
            for _ in 0..counts.next_u32()? {
                left = left.checked_sub(1).ok_or(LENGTH)?;
                let group = new(self.tables.groups.intern(&self.tables.hasher, id(ids.next()?)?)?)?;
                self.tables.push_group(group, organization, text(names.next_optional()?)?)?;
                for _ in 0..member_counts.next_u32()? {
                    let row = rows.next()?;
                    let user = self.user(row.grantee)?;
                    if self.tables.member_row(user, organization).is_none() || !self.tables.push_group_member(group, user, row.period)? {
                        return Err(Damage("a member of a group is no member of the organization, or is listed twice"));
                    }
                }
            }
        }
        if left > 0 {
            return Err(LENGTH);
        }
        ids.finish()?;
        names.finish()
    }

    /// Memberships of organizations that are left out, which are in no list.
    #[inline(never)]
    fn elsewhere(&mut self, payload: &Payload<'_>) -> Result<(), Damage> {
        let places = payload.elsewhere.roles.len();
        let mut rows = RowsReader::never_suspended(&payload.elsewhere, places)?;
        let mut organizations = StringsReader::new(payload.elsewhere_organizations, places)?;
        let mut projects = StringsReader::new(payload.elsewhere_projects, places)?;
        for _ in 0..places {
            let row = rows.next()?;
            let user = self.user(row.grantee)?;
            let (organization, project) = (id(organizations.next()?)?, id(projects.next()?)?);
            if row.role > 1 || self.tables.organization(organization).is_some() {
                return Err(Damage("an organization is both left out and there"));
            }
            let others: Vec<_> = self.tables.elsewhere(user).copied().collect();
            let is_same = |other: &Elsewhere| self.tables.text(other.home).split('\0').next() == Some(organization);
            if others.iter().any(|other| is_same(other) || (other.is_named && row.role == 1)) {
                return Err(Damage("a user is twice in one organization, or has two homes"));
            }
            self.tables.push_elsewhere(user, [organization, project], row.role == 1, row.period)?;
        }
        organizations.finish()?;
        projects.finish()
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
        let mut visibilities = Column::<1>::new_or_default(columns.visibilities, places, [0])?;
        let mut suspended_at = InstantReader::new(columns.suspended_at, places)?;
        let mut collaborator_counts = Column::<4>::new(columns.collaborator_counts, places)?;
        let collaborators = payload.collaborators.roles.len();
        ensure_sum(columns.collaborator_counts, collaborators)?;
        let mut rows = RowsReader::never_suspended(&payload.collaborators, collaborators)?;
        self.tables.collaborators = Slots::with_capacity(collaborators);
        for organization in (0_u32..).take(organizations).map(Organization::from) {
            let mut defaults = 0_usize;
            let count = counts.next_u32()?;
            for _ in 0..count {
                let project = new(self.tables.projects.intern(&self.tables.hasher, id(ids.next()?)?)?)?;
                let (is_default, allows_externals) = flags(flag_bytes.next()?)?;
                defaults = defaults.saturating_add(is_default.into());
                let [visibility] = visibilities.next()?;
                let visibility = self.tables.policy.visibility_at(visibility).ok_or(Damage("there is no such visibility"))?;
                let (name, suspended_at) = (text(names.next_optional()?)?, suspended_at.next()?);
                let new = NewProject { organization, is_default, allows_externals, visibility, suspended_at, name };
                self.tables.push_project(project, &new)?;
                let collaborators = collaborator_counts.next_u32()?;
                self.tables.project_contents[project].collaborators.reserve_exact(collaborators as usize);
                for _ in 0..collaborators {
                    self.collaborator(project, rows.next()?)?;
                }
            }
            if defaults != 1 || (count > 1 && !self.tables.organization_rows[organization].multi_project) {
                return Err(Damage("an organization has too many projects, or not one default project"));
            }
        }
        ids.finish()?;
        names.finish()
    }

    #[inline(never)]
    fn collaborator(&mut self, project: Project, row: Row) -> Result<(), Damage> {
        let user = self.user(row.grantee)?;
        let is_new = self.tables.push_collaborator(project, user, self.project_role(row.role)?, row.period)?;
        if is_new { Ok(()) } else { Err(Damage("a user is a collaborator twice")) }
    }

    fn project_role(&self, number: u8) -> Result<ProjectRole, Damage> {
        self.tables.policy.project_role_at(number).ok_or(Damage("there is no such role"))
    }

    /// The rows of groups in projects.
    #[inline(never)]
    fn grants(&mut self, payload: &Payload<'_>) -> Result<(), Damage> {
        let projects = payload.projects.ids.places();
        let mut counts = Column::<4>::new_or_default(payload.projects.grant_counts, projects, [0; 4])?;
        let grants = payload.grants.roles.len();
        let mut rows = RowsReader::never_suspended(&payload.grants, grants)?;
        let mut left = grants;
        for project in (0_u32..).take(projects).map(Project::from) {
            for _ in 0..counts.next_u32()? {
                left = left.checked_sub(1).ok_or(LENGTH)?;
                let row = rows.next()?;
                let role = self.project_role(row.role)?;
                let organization = self.tables.project_rows[project].organization;
                let group =
                    self.tables.group_rows.at(row.grantee).filter(|group| self.tables.group_rows[*group].organization == organization);
                let group = group.ok_or(Damage("there is no such group"))?;
                if !self.tables.push_grant(project, group, role, row.period)? {
                    return Err(Damage("a group is a collaborator twice"));
                }
            }
        }
        if left > 0 { Err(LENGTH) } else { Ok(()) }
    }

    #[inline(never)]
    fn resources(&mut self, payload: &Payload<'_>) -> Result<(), Damage> {
        let columns = &payload.resources;
        let places = columns.ids.places();
        ensure_sum(payload.projects.resource_counts, places)?;
        let projects = payload.projects.ids.places();
        let mut counts = Column::<4>::new(payload.projects.resource_counts, projects)?;
        let mut kinds = Column::<2>::new(columns.kinds, places)?;
        self.tables.resource_rows.reserve(places);
        let mut resources = (0_u32..).map(Resource::from);
        for project in (0_u32..).take(projects).map(Project::from) {
            let count = counts.next_u32()? as usize;
            for _ in 0..count {
                let kind = self.kind(kinds.next()?)?;
                self.tables.resource_rows.push(ResourceRow { project, kind });
            }
            // The counts add up to the number of ids.
            self.tables.project_contents[project].resources = resources.by_ref().take(count).collect();
        }
        let Tables { resource_rows, hasher, .. } = &self.tables;
        let spaces = resource_rows.iter().map(|(_, row)| Space::of(row.kind.into()));
        self.tables.resources = Names::of_texts_in_spaces(columns.ids.ids()?, hasher, spaces).ok_or(Damage("an id occurs twice"))?;
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
}
