//! Tables → payload of a snapshot. Equal tables give equal bytes, whatever their history.

use crate::collections::order;
use crate::collections::table::Maybe;
use crate::input::instant::{Instant, MaybeInstant};
use crate::wire::column::{SPECIAL, StringsWriter};
use crate::wire::payload::{ApiKeys, Groups, ListedUsers, Organizations, Payload, Projects, Resources, Rows, Strings};

use super::document::{KeyKind, Membership};
use super::indices::{ApiKey, Group, Organization, Period, Project, Resource, User};
use super::rows::Reach;
use super::state::StoredChunks;
use super::tables::Tables;

/// The numbers of users in the payload: in byte order of their ids, without users that are not in the directory.
struct Numbering {
    users: Vec<User>,
    numbers: Vec<u32>,
}

const UNUSED: u32 = u32::MAX;

impl Numbering {
    fn of(tables: &Tables) -> Self {
        let mut is_used = vec![false; tables.user_rows.len()];
        let mut mark = |user: User| {
            if let Some(mark) = is_used.get_mut(u32::from(user) as usize) {
                *mark = true;
            }
        };
        for (user, row) in tables.user_rows.iter() {
            if row.is_known() {
                mark(user);
            }
        }
        for project in tables.all_projects() {
            let contents = &tables.project_contents[project];
            contents.api_keys.iter().filter_map(|key| tables.api_key_rows[*key].created_by).for_each(&mut mark);
            contents.api_keys.iter().filter_map(|key| tables.acted_user(*key)).for_each(&mut mark);
            contents.resources.iter().filter_map(|resource| tables.resource_creators.get(*resource).get()).for_each(&mut mark);
        }
        let mut users: Vec<_> = (0_u32..).zip(&is_used).filter(|(_, is_used)| **is_used).map(|(number, _)| User::from(number)).collect();
        tables.users.sort(&mut users);
        let mut numbers = vec![UNUSED; is_used.len()];
        for (number, user) in (0_u32..).zip(&users) {
            if let Some(place) = numbers.get_mut(u32::from(*user) as usize) {
                *place = number;
            }
        }
        Self { users, numbers }
    }

    fn number(&self, user: User) -> u32 {
        self.numbers.get(u32::from(user) as usize).copied().unwrap_or(UNUSED)
    }

    fn bytes(&self, user: Option<User>) -> [u8; 4] {
        user.map_or(UNUSED, |user| self.number(user)).to_le_bytes()
    }
}

/// A column that stays empty as long as every value is the default.
#[derive(Default)]
struct OptionalColumn {
    bytes: Vec<u8>,
    has_any: bool,
}

impl OptionalColumn {
    fn push<const SIZE: usize>(&mut self, value: [u8; SIZE], is_default: bool) {
        self.bytes.extend_from_slice(&value);
        self.has_any |= !is_default;
    }

    fn push_instant(&mut self, value: Option<Instant>) {
        self.push(instant(value), value.is_none());
    }

    fn push_count(&mut self, value: usize) {
        self.push(count(value), value == 0);
    }

    fn column(&self) -> &[u8] {
        if self.has_any { &self.bytes } else { &[] }
    }
}

fn instant(instant: Option<Instant>) -> [u8; 8] {
    MaybeInstant::from(instant).to_bits().to_le_bytes()
}

fn count(length: usize) -> [u8; 4] {
    // INVARIANT: no list is longer than 32-bit indices can count.
    u32::try_from(length).unwrap_or(u32::MAX).to_le_bytes()
}

/// The lowest bytes of the number of a role or kind, which fits by the policy's limits.
fn truncated<const SIZE: usize>(number: impl Into<u32>) -> [u8; SIZE] {
    number.into().to_le_bytes().first_chunk().copied().unwrap_or([u8::MAX; SIZE])
}

fn flag(is_set: bool, flag: u8) -> u8 {
    if is_set { flag } else { 0 }
}

/// The rows of one type.
#[derive(Default)]
struct RowsPacker {
    grantees: Vec<u8>,
    roles: Vec<u8>,
    added_at: OptionalColumn,
    expires_at: OptionalColumn,
    suspended_at: OptionalColumn,
}

impl RowsPacker {
    fn push(&mut self, tables: &Tables, grantee: u32, role: Option<[u8; 1]>, period: Maybe<Period>, suspended_at: Option<Instant>) {
        let (added_at, expires_at) = tables.period(period);
        self.grantees.extend_from_slice(&grantee.to_le_bytes());
        self.roles.extend(role.into_iter().flatten());
        self.added_at.push_instant(added_at);
        self.expires_at.push_instant(expires_at);
        self.suspended_at.push_instant(suspended_at);
    }

    fn rows(&self) -> Rows<'_> {
        Rows {
            grantees: &self.grantees,
            roles: &self.roles,
            added_at: self.added_at.column(),
            expires_at: self.expires_at.column(),
            suspended_at: self.suspended_at.column(),
        }
    }
}

#[derive(Default)]
struct Packer {
    organization_ids: StringsWriter,
    organization_names: StringsWriter,
    owners: Vec<u8>,
    organization_flags: Vec<u8>,
    projects_since: Vec<u8>,
    organization_suspended_at: OptionalColumn,
    member_counts: Vec<u8>,
    group_counts: OptionalColumn,
    project_counts: Vec<u8>,
    members: RowsPacker,
    group_ids: StringsWriter,
    group_names: StringsWriter,
    group_member_counts: Vec<u8>,
    group_members: RowsPacker,
    project_ids: StringsWriter,
    project_names: StringsWriter,
    project_flags: Vec<u8>,
    visibilities: OptionalColumn,
    project_suspended_at: OptionalColumn,
    collaborator_counts: Vec<u8>,
    grant_counts: OptionalColumn,
    api_key_counts: Vec<u8>,
    resource_counts: Vec<u8>,
    collaborators: RowsPacker,
    grants: RowsPacker,
    key_ids: StringsWriter,
    key_names: StringsWriter,
    key_flags: Vec<u8>,
    key_created_by: Vec<u8>,
    key_created_at: Vec<u8>,
    key_expires_at: Vec<u8>,
    key_revoked_at: Vec<u8>,
    key_digests: Vec<u8>,
    key_acts_as: OptionalColumn,
    key_scope_counts: OptionalColumn,
    key_scopes: Vec<u8>,
    key_further_counts: OptionalColumn,
    key_further: Vec<u8>,
    resource_ids: StringsWriter,
    resource_names: StringsWriter,
    resource_kinds: Vec<u8>,
    resource_created_by: OptionalColumn,
    resource_created_at: OptionalColumn,
}

/// The numbers of the entries in the payload: their places in byte order.
struct Numbers {
    users: Numbering,
    /// By index.
    groups: Vec<u32>,
    /// By index.
    projects: Vec<u32>,
}

/// The place in a list of each index of a table of that length. Removed rows have none.
fn places<I: Copy + Into<u32>>(list: &[I], length: usize) -> Vec<u32> {
    let mut places = vec![UNUSED; length];
    for (number, index) in (0_u32..).zip(list) {
        if let Some(place) = places.get_mut((*index).into() as usize) {
            *place = number;
        }
    }
    places
}

fn place(places: &[u32], index: impl Into<u32>) -> u32 {
    places.get(index.into() as usize).copied().unwrap_or(UNUSED)
}

impl Tables {
    /// The payload of a snapshot of these tables, with the chunks of their state hash.
    pub(crate) fn to_payload(&self, chunks: &StoredChunks) -> Vec<u8> {
        let policy = self.policy_text();
        let groups: Vec<_> = self.all_groups().collect();
        let projects: Vec<_> = self.all_projects().collect();
        let numbers = Numbers {
            users: Numbering::of(self),
            groups: places(&groups, self.group_rows.len()),
            projects: places(&projects, self.project_rows.len()),
        };

        let (mut users, mut emails, mut homes) = (StringsWriter::default(), StringsWriter::default(), StringsWriter::default());
        numbers.users.users.iter().for_each(|user| users.push(self.users.name(*user)));
        let (mut listed_users, mut suspended_at) = (Vec::new(), OptionalColumn::default());
        for user in self.listed.iter().copied() {
            listed_users.extend_from_slice(&numbers.users.bytes(Some(user)));
            emails.push_optional(self.email(user));
            homes.push_optional(self.named_home(user));
            suspended_at.push_instant(self.suspension_of_user(user));
        }
        let (mut elsewhere, mut organizations_elsewhere, mut projects_elsewhere) =
            (RowsPacker::default(), StringsWriter::default(), StringsWriter::default());
        for user in &numbers.users.users {
            for row in self.elsewhere(*user) {
                elsewhere.push(self, numbers.users.number(*user), Some([row.is_named.into()]), row.period, None);
                // INVARIANT: the text is both ids.
                let (organization, project) = self.text(row.home).split_once('\0').unwrap_or_default();
                organizations_elsewhere.push(organization);
                projects_elsewhere.push(project);
            }
        }
        let mut packer = Packer::default();
        for organization in &self.organization_list {
            packer.organization(self, &numbers, *organization);
        }
        for group in groups {
            packer.group(self, &numbers, group);
        }
        for project in projects {
            packer.project(self, &numbers, project);
            let contents = &self.project_contents[project];
            contents.api_keys.iter().for_each(|key| packer.api_key(self, &numbers, *key));
            contents.resources.iter().for_each(|resource| packer.resource(self, &numbers.users, *resource));
        }
        let listed_users =
            ListedUsers { users: &listed_users, emails: emails.column(), homes: homes.column(), suspended_at: suspended_at.column() };
        let (chunk_keys, chunk_hashes) = chunks.columns();
        let payload = packer.payload(&policy, &users, listed_users);
        Payload {
            elsewhere: elsewhere.rows(),
            elsewhere_organizations: organizations_elsewhere.column(),
            elsewhere_projects: projects_elsewhere.column(),
            chunk_keys: chunk_keys.column(),
            chunk_hashes,
            ..payload
        }
        .to_bytes()
    }
}

impl Packer {
    fn organization(&mut self, tables: &Tables, numbers: &Numbers, organization: Organization) {
        let row = &tables.organization_rows[organization];
        self.organization_ids.push(tables.organizations.name(organization));
        self.organization_names.push_optional(tables.optional_text(row.name));
        self.owners.extend_from_slice(&numbers.users.bytes(Some(row.owner)));
        self.organization_flags.push(flag(row.membership == Membership::Sso, 1) | flag(row.multi_project, 2));
        self.projects_since.extend_from_slice(&instant(row.projects_since));
        self.organization_suspended_at.push_instant(row.suspended_at);
        self.member_counts.extend_from_slice(&count(row.members.len()));
        self.group_counts.push_count(row.groups.len());
        self.project_counts.extend_from_slice(&count(row.projects.len()));
        for user in &row.members {
            // INVARIANT: every listed member has a row.
            let Some(member) = tables.member_row(*user, organization) else { continue };
            self.members.push(tables, numbers.users.number(*user), Some(truncated(member.role)), member.period, member.suspended_at);
        }
    }

    fn group(&mut self, tables: &Tables, numbers: &Numbers, group: Group) {
        let row = &tables.group_rows[group];
        self.group_ids.push(tables.groups.name(group));
        self.group_names.push_optional(tables.optional_text(row.name));
        self.group_member_counts.extend_from_slice(&count(row.members.len()));
        for user in &row.members {
            self.group_members.push(tables, numbers.users.number(*user), None, tables.group_period(group, *user), None);
        }
    }

    fn project(&mut self, tables: &Tables, numbers: &Numbers, project: Project) {
        let row = &tables.project_rows[project];
        let contents = &tables.project_contents[project];
        self.project_ids.push(tables.projects.name(project));
        self.project_names.push_optional(tables.optional_text(contents.name));
        self.project_flags.push(flag(row.is_default, 1) | flag(row.allows_externals, 2));
        self.visibilities.push(truncated::<1>(row.visibility), u32::from(row.visibility) == 0);
        self.project_suspended_at.push_instant(contents.suspended_at);
        self.collaborator_counts.extend_from_slice(&count(contents.collaborators.len()));
        self.grant_counts.push_count(contents.groups.len());
        self.api_key_counts.extend_from_slice(&count(contents.api_keys.len()));
        self.resource_counts.extend_from_slice(&count(contents.resources.len()));
        // INVARIANT: every listed collaborator and group has a row.
        for user in &contents.collaborators {
            let Some(row) = tables.collaborator(project, *user) else { continue };
            self.collaborators.push(tables, numbers.users.number(*user), Some(truncated(row.role)), row.period, None);
        }
        for group in &contents.groups {
            let Some(row) = tables.grant(project, *group) else { continue };
            self.grants.push(tables, place(&numbers.groups, *group), Some(truncated(row.role)), row.period, None);
        }
    }

    fn api_key(&mut self, tables: &Tables, numbers: &Numbers, key: ApiKey) {
        let row = &tables.api_key_rows[key];
        let facts = &tables.api_key_facts[key];
        self.key_ids.push(tables.api_keys.name(key));
        self.key_names.push_optional(tables.optional_text(facts.name));
        self.key_flags.push(flag(row.kind == KeyKind::OrganizationDefault, 1) | flag(facts.digest.is_some(), 2));
        self.key_created_by.extend_from_slice(&numbers.users.bytes(row.created_by));
        self.key_created_at.extend_from_slice(&instant(facts.created_at));
        self.key_expires_at.extend_from_slice(&instant(row.expires_at));
        self.key_revoked_at.extend_from_slice(&instant(row.revoked_at));
        facts.digest.iter().for_each(|digest| self.key_digests.extend_from_slice(digest.as_bytes()));
        self.limits(tables, numbers, key);
    }

    fn limits(&mut self, tables: &Tables, numbers: &Numbers, key: ApiKey) {
        let limits = tables.limits(key);
        let acts_as = limits.and_then(|limits| limits.acts_as);
        self.key_acts_as.push(numbers.users.bytes(acts_as), acts_as.is_none());
        let scopes = limits.and_then(|limits| limits.scopes.as_ref());
        self.key_scope_counts.push(scopes.map_or(SPECIAL.to_le_bytes(), |scopes| count(scopes.len())), scopes.is_none());
        scopes.into_iter().flatten().for_each(|scope| self.key_scopes.extend_from_slice(&u32::from(*scope).to_le_bytes()));
        match limits.map(|limits| &limits.reach) {
            None => self.key_further_counts.push_count(0),
            Some(Reach::All) => self.key_further_counts.push(SPECIAL.to_le_bytes(), false),
            Some(Reach::Listed(further)) => {
                self.key_further_counts.push_count(further.len());
                let mut further: Vec<_> = further.iter().map(|project| Project::from(place(&numbers.projects, *project))).collect();
                order::as_set(&mut further);
                further.iter().for_each(|project| self.key_further.extend_from_slice(&u32::from(*project).to_le_bytes()));
            }
        }
    }

    fn resource(&mut self, tables: &Tables, users: &Numbering, resource: Resource) {
        self.resource_ids.push(tables.resources.name(resource));
        self.resource_names.push_optional(tables.optional_text(tables.resource_names.get(resource)));
        self.resource_kinds.extend_from_slice(&truncated::<2>(tables.resource_rows[resource].kind));
        let created_by = tables.resource_creators.get(resource).get();
        self.resource_created_by.push(users.bytes(created_by), created_by.is_none());
        let created_at = tables.resource_times.get(resource);
        self.resource_created_at.push(created_at.to_bits().to_le_bytes(), created_at.get().is_none());
    }

    fn payload<'p>(&'p self, policy: &'p str, users: &'p StringsWriter, listed_users: ListedUsers<'p>) -> Payload<'p> {
        Payload {
            policy,
            users: users.column(),
            listed_users,
            organizations: Organizations {
                ids: self.organization_ids.column(),
                names: self.organization_names.column(),
                owners: &self.owners,
                flags: &self.organization_flags,
                projects_since: &self.projects_since,
                suspended_at: self.organization_suspended_at.column(),
                member_counts: &self.member_counts,
                group_counts: self.group_counts.column(),
                project_counts: &self.project_counts,
            },
            members: self.members.rows(),
            groups: Groups { ids: self.group_ids.column(), names: self.group_names.column(), member_counts: &self.group_member_counts },
            group_members: self.group_members.rows(),
            projects: Projects {
                ids: self.project_ids.column(),
                names: self.project_names.column(),
                flags: &self.project_flags,
                visibilities: self.visibilities.column(),
                suspended_at: self.project_suspended_at.column(),
                collaborator_counts: &self.collaborator_counts,
                grant_counts: self.grant_counts.column(),
                api_key_counts: &self.api_key_counts,
                resource_counts: &self.resource_counts,
            },
            collaborators: self.collaborators.rows(),
            grants: self.grants.rows(),
            api_keys: ApiKeys {
                ids: self.key_ids.column(),
                names: self.key_names.column(),
                flags: &self.key_flags,
                created_by: &self.key_created_by,
                created_at: &self.key_created_at,
                expires_at: &self.key_expires_at,
                revoked_at: &self.key_revoked_at,
                digests: &self.key_digests,
                acts_as: self.key_acts_as.column(),
                scope_counts: self.key_scope_counts.column(),
                scopes: &self.key_scopes,
                further_counts: self.key_further_counts.column(),
                further: &self.key_further,
            },
            resources: Resources {
                ids: self.resource_ids.column(),
                names: self.resource_names.column(),
                kinds: &self.resource_kinds,
                created_by: self.resource_created_by.column(),
                created_at: self.resource_created_at.column(),
            },
            elsewhere: Rows::default(),
            elsewhere_organizations: Strings::default(),
            elsewhere_projects: Strings::default(),
            chunk_keys: Strings::default(),
            chunk_hashes: &[],
        }
    }
}
