//! What must hold between entries: checked after entries were put as they are, for every entry that something could be wrong with by now.

use std::collections::BTreeSet;

use crate::directory::document::KeyKind;
use crate::directory::indices::{ApiKey, Organization, User};
use crate::directory::rows::Reach;
use crate::directory::tables::Tables;
use crate::policy::OrganizationRole;
use crate::wire::column::Damage;

use super::key::Key;

impl Tables {
    /// Fails if anything contradicts the entries of these keys, which have been put or removed.
    pub(crate) fn ensure_consistent<'k>(&mut self, keys: impl Iterator<Item = &'k String>) -> Result<(), Damage> {
        self.settle();
        let (mut organizations, mut users, mut added) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        for key in keys.filter_map(|key| Key::parse(key)) {
            let organization = key.organization().and_then(|id| self.organization(id));
            match key {
                Key::User(user) => users.extend(self.find_user_name(user)),
                Key::Organization(id) => {
                    organizations.extend(organization);
                    if organization.is_some() && self.journal.before.get(&key.to_text()).is_none_or(Option::is_none) {
                        added.insert(id.to_owned());
                    }
                }
                Key::Project(..) => organizations.extend(organization),
                Key::Member(_, user) => {
                    users.extend(self.find_user_name(user));
                    organizations.extend(organization);
                }
                Key::ApiKey(.., id) => {
                    organizations.extend(organization);
                    if let Some(key) = self.api_key(id) {
                        self.ensure_key_is_consistent(key)?;
                    }
                }
                Key::Group(..) | Key::GroupMember(..) | Key::Grant(..) | Key::Collaborator(..) | Key::Resource(..) => {}
            }
        }
        let is_added = |user: &User| self.optional_text(self.user_rows[*user].outside).is_some_and(|home| added.contains(home));
        if !added.is_empty() && self.listed.iter().any(is_added) {
            return Err(Damage("a user's home outside the directory is one of its organizations"));
        }
        for organization in organizations {
            self.ensure_organization_is_consistent(organization)?;
        }
        for user in users {
            self.ensure_user_is_consistent(user)?;
        }
        Ok(())
    }

    fn ensure_organization_is_consistent(&self, organization: Organization) -> Result<(), Damage> {
        let row = &self.organization_rows[organization];
        let owner = self.member_row(row.owner, organization);
        let is_owned =
            owner.is_some_and(|row| row.role == OrganizationRole::STRONGEST && row.suspended_at.is_none() && !self.has_end(row.period));
        if !is_owned {
            return Err(Damage("an owner does not have the strongest role for good"));
        }
        let defaults = row.projects.iter().filter(|project| self.project_rows[**project].is_default).count();
        if defaults != 1 || (row.projects.len() > 1 && !row.multi_project) {
            return Err(Damage("an organization has too many projects, or not one default project"));
        }
        let keys = &self.project_contents[row.default_project].api_keys;
        if keys.iter().filter(|key| self.api_key_rows[**key].kind == KeyKind::OrganizationDefault).count() > 1 {
            return Err(Damage("an organization has two default keys"));
        }
        row.wide_keys.iter().try_for_each(|key| self.ensure_reach_is_consistent(*key))
    }

    fn ensure_key_is_consistent(&self, key: ApiKey) -> Result<(), Damage> {
        let row = &self.api_key_rows[key];
        if row.kind == KeyKind::OrganizationDefault && (!self.project_rows[row.project].is_default || row.revoked_at.is_some()) {
            return Err(Damage("an organization default key is misplaced"));
        }
        let digest = self.api_key_facts[key].digest.filter(|_| row.revoked_at.is_none());
        let is_live_twin = |other: ApiKey| other != key && self.api_key_rows[other].revoked_at.is_none();
        if digest.is_some_and(|digest| self.find_digest(&digest, is_live_twin).is_some()) {
            return Err(Damage("two live API keys have one digest"));
        }
        self.ensure_reach_is_consistent(key)
    }

    /// A key reaches projects of its organization that are there.
    fn ensure_reach_is_consistent(&self, key: ApiKey) -> Result<(), Damage> {
        let organization = self.project_rows[self.api_key_rows[key].project].organization;
        let Some(Reach::Listed(further)) = self.limits(key).map(|limits| &limits.reach) else { return Ok(()) };
        let projects = &self.organization_rows[organization].projects;
        let is_there = |id: &str| projects.binary_search_by(|project| self.projects.name(*project).cmp(id)).is_ok();
        if further.iter().all(|project| is_there(self.projects.name(*project))) {
            return Ok(());
        }
        Err(Damage("a key reaches a project that is not there"))
    }

    /// Groups have members of their organization, and a home is one of the user's organizations, or none of the directory's.
    fn ensure_user_is_consistent(&self, user: User) -> Result<(), Damage> {
        let row = &self.user_rows[user];
        let extra = row.extra.as_deref();
        let groups = extra.into_iter().flat_map(|extra| &extra.groups);
        for group in groups {
            if self.member_row(user, self.group_rows[group.group].organization).is_none() {
                return Err(Damage("a member of a group is no member of the organization"));
            }
        }
        let is_a_member = self.member_rows(user).next().is_some();
        let is_lost = extra.and_then(|extra| extra.home.get()).is_some_and(|home| self.member_row(user, home).is_none());
        let is_doubled = row.outside.is_some() && is_a_member && !self.policy.has_multiple_organizations();
        let is_inside = self.optional_text(row.outside).is_some_and(|home| self.organization(home).is_some());
        if is_lost || is_doubled || is_inside {
            return Err(Damage("a user's home is not one of the user's organizations"));
        }
        Ok(())
    }
}
