//! Tables → payload of a snapshot. Equal tables give equal bytes, whatever their history.

use crate::input::instant::{Instant, MaybeInstant};
use crate::wire::column::StringsWriter;
use crate::wire::payload::{ApiKeys, ListedUsers, Organizations, Payload, Projects, Resources, Rows};

use super::document::{KeyKind, Membership};
use super::indices::{ApiKey, Organization, Project, Resource, User};
use super::rows::Home;
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
        for (_, contents) in tables.project_contents.iter() {
            contents.api_keys.iter().filter_map(|key| tables.api_key_rows[*key].created_by).for_each(&mut mark);
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

    fn bytes(&self, user: Option<User>) -> [u8; 4] {
        user.and_then(|user| self.numbers.get(u32::from(user) as usize)).copied().unwrap_or(UNUSED).to_le_bytes()
    }
}

/// A column that stays empty as long as every value is none.
#[derive(Default)]
struct OptionalColumn {
    bytes: Vec<u8>,
    has_any: bool,
}

impl OptionalColumn {
    fn push<const SIZE: usize>(&mut self, value: [u8; SIZE], is_none: bool) {
        self.bytes.extend_from_slice(&value);
        self.has_any |= !is_none;
    }

    fn column(&self) -> &[u8] {
        if self.has_any { &self.bytes } else { &[] }
    }
}

fn instant(instant: Option<Instant>) -> [u8; 8] {
    MaybeInstant::from(instant).to_bits().to_le_bytes()
}

fn count<T>(list: &[T]) -> [u8; 4] {
    // INVARIANT: no list is longer than 32-bit indices can count.
    u32::try_from(list.len()).unwrap_or(u32::MAX).to_le_bytes()
}

/// The lowest bytes of the number of a role or kind, which fits by the policy's limits.
fn truncated<const SIZE: usize>(number: impl Into<u32>) -> [u8; SIZE] {
    number.into().to_le_bytes().first_chunk().copied().unwrap_or([u8::MAX; SIZE])
}

fn flag(is_set: bool, flag: u8) -> u8 {
    if is_set { flag } else { 0 }
}

#[derive(Default)]
struct Packer {
    organization_ids: StringsWriter,
    organization_names: StringsWriter,
    owners: Vec<u8>,
    organization_flags: Vec<u8>,
    projects_since: Vec<u8>,
    member_counts: Vec<u8>,
    project_counts: Vec<u8>,
    member_users: Vec<u8>,
    member_roles: Vec<u8>,
    project_ids: StringsWriter,
    project_names: StringsWriter,
    project_flags: Vec<u8>,
    collaborator_counts: Vec<u8>,
    api_key_counts: Vec<u8>,
    resource_counts: Vec<u8>,
    collaborator_users: Vec<u8>,
    collaborator_roles: Vec<u8>,
    key_ids: StringsWriter,
    key_names: StringsWriter,
    key_flags: Vec<u8>,
    key_created_by: Vec<u8>,
    key_created_at: Vec<u8>,
    key_expires_at: Vec<u8>,
    key_revoked_at: Vec<u8>,
    key_digests: Vec<u8>,
    resource_ids: StringsWriter,
    resource_names: StringsWriter,
    resource_kinds: Vec<u8>,
    resource_created_by: OptionalColumn,
    resource_created_at: OptionalColumn,
    resources_sorted: Vec<u8>,
}

impl Tables {
    /// The payload of a snapshot of these tables, with or without the digests of API keys.
    pub(crate) fn to_payload(&self, with_digests: bool) -> Vec<u8> {
        // INVARIANT: a policy document has only texts and lists, which JSON can represent.
        let policy = serde_json::to_string(self.policy.document()).unwrap_or_default();
        let numbering = Numbering::of(self);
        let (mut users, mut emails, mut homes) = (StringsWriter::default(), StringsWriter::default(), StringsWriter::default());
        numbering.users.iter().for_each(|user| users.push(self.users.name(*user)));
        let mut listed_users = Vec::new();
        for user in &self.listed_users {
            listed_users.extend_from_slice(&numbering.bytes(Some(*user)));
            let row = &self.user_rows[*user];
            emails.push_optional(self.optional_text(row.email));
            homes.push_optional(match row.home {
                Home::Outside(organization) => Some(self.texts.get(organization)),
                Home::Member(..) | Home::Unknown => None,
            });
        }
        let mut packer = Packer::default();
        for (organization, _) in self.organization_rows.iter() {
            packer.organization(self, &numbering, organization);
            for project in self.projects_in_order(organization) {
                packer.project(self, &numbering, project);
                for key in self.api_keys_in_order(project) {
                    packer.api_key(self, &numbering, key, with_digests);
                }
                packer.resources(self, &numbering, project);
            }
        }
        let listed_users = ListedUsers { users: &listed_users, emails: emails.column(), homes: homes.column() };
        packer.payload(&policy, &users, listed_users).to_bytes()
    }
}

impl Packer {
    fn organization(&mut self, tables: &Tables, numbering: &Numbering, organization: Organization) {
        let row = &tables.organization_rows[organization];
        self.organization_ids.push(tables.organizations.name(organization));
        self.organization_names.push_optional(tables.optional_text(row.name));
        self.owners.extend_from_slice(&numbering.bytes(Some(row.owner)));
        self.organization_flags.push(flag(row.membership == Membership::Sso, 1) | flag(row.multi_project, 2));
        self.projects_since.extend_from_slice(&instant(row.projects_since));
        self.member_counts.extend_from_slice(&count(&row.members));
        self.project_counts.extend_from_slice(&count(&row.projects));
        for user in tables.members_in_order(organization) {
            self.member_users.extend_from_slice(&numbering.bytes(Some(user)));
            self.member_roles.extend_from_slice(&tables.membership(user, organization).map_or([u8::MAX], truncated::<1>));
        }
    }

    fn project(&mut self, tables: &Tables, numbering: &Numbering, project: Project) {
        let row = &tables.project_rows[project];
        let contents = &tables.project_contents[project];
        self.project_ids.push(tables.projects.name(project));
        self.project_names.push_optional(tables.optional_text(contents.name));
        self.project_flags.push(flag(row.is_default, 1) | flag(row.allows_externals, 2));
        self.collaborator_counts.extend_from_slice(&count(&contents.collaborators));
        self.api_key_counts.extend_from_slice(&count(&contents.api_keys));
        self.resource_counts.extend_from_slice(&count(&contents.resources));
        for (user, role) in tables.collaborators_in_order(project) {
            self.collaborator_users.extend_from_slice(&numbering.bytes(Some(user)));
            self.collaborator_roles.extend_from_slice(&truncated::<1>(role));
        }
    }

    fn api_key(&mut self, tables: &Tables, numbering: &Numbering, key: ApiKey, with_digests: bool) {
        let row = &tables.api_key_rows[key];
        let facts = &tables.api_key_facts[key];
        let digest = facts.digest.filter(|_| with_digests);
        self.key_ids.push(tables.api_keys.name(key));
        self.key_names.push_optional(tables.optional_text(facts.name));
        self.key_flags.push(flag(row.kind == KeyKind::OrganizationDefault, 1) | flag(digest.is_some(), 2));
        self.key_created_by.extend_from_slice(&numbering.bytes(row.created_by));
        self.key_created_at.extend_from_slice(&instant(facts.created_at));
        self.key_expires_at.extend_from_slice(&instant(row.expires_at));
        self.key_revoked_at.extend_from_slice(&instant(row.revoked_at));
        digest.iter().for_each(|digest| self.key_digests.extend_from_slice(digest.as_bytes()));
    }

    fn resources(&mut self, tables: &Tables, numbering: &Numbering, project: Project) {
        let sorted = &tables.project_contents[project].resources;
        let in_order = tables.resources_in_order(project);
        for resource in &in_order {
            self.resource(tables, numbering, *resource);
        }
        for resource in sorted {
            // INVARIANT: both lists have the same entries, and this one is sorted by index.
            let place = in_order.binary_search(resource).unwrap_or_default();
            self.resources_sorted.extend_from_slice(&u32::try_from(place).unwrap_or(u32::MAX).to_le_bytes());
        }
    }

    fn resource(&mut self, tables: &Tables, numbering: &Numbering, resource: Resource) {
        self.resource_ids.push(tables.resources.name(resource));
        self.resource_names.push_optional(tables.optional_text(tables.resource_names.get(resource)));
        self.resource_kinds.extend_from_slice(&truncated::<2>(tables.resource_rows[resource].kind));
        let created_by = tables.resource_creators.get(resource).get();
        self.resource_created_by.push(numbering.bytes(created_by), created_by.is_none());
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
                member_counts: &self.member_counts,
                project_counts: &self.project_counts,
            },
            projects: Projects {
                ids: self.project_ids.column(),
                names: self.project_names.column(),
                flags: &self.project_flags,
                collaborator_counts: &self.collaborator_counts,
                api_key_counts: &self.api_key_counts,
                resource_counts: &self.resource_counts,
            },
            members: Rows { users: &self.member_users, roles: &self.member_roles },
            collaborators: Rows { users: &self.collaborator_users, roles: &self.collaborator_roles },
            api_keys: ApiKeys {
                ids: self.key_ids.column(),
                names: self.key_names.column(),
                flags: &self.key_flags,
                created_by: &self.key_created_by,
                created_at: &self.key_created_at,
                expires_at: &self.key_expires_at,
                revoked_at: &self.key_revoked_at,
                digests: &self.key_digests,
            },
            resources: Resources {
                ids: self.resource_ids.column(),
                names: self.resource_names.column(),
                kinds: &self.resource_kinds,
                created_by: self.resource_created_by.column(),
                created_at: self.resource_created_at.column(),
                sorted: &self.resources_sorted,
            },
        }
    }
}
