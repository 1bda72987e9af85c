//! API keys.

use crate::collections::table::Maybe;
use crate::collections::texts::Full;
use crate::directory::digest::KeyDigest;
use crate::directory::document::KeyKind;
use crate::directory::entry::EntryIndex;
use crate::directory::indices::{ApiKey, Limits, Organization, Project};
use crate::directory::lists::remove_sorted;
use crate::directory::rows::{ApiKeyFacts, ApiKeyRow, DigestSlot, KeyLimits, Reach};
use crate::directory::tables::Tables;

use super::NewApiKey;

impl Tables {
    pub(crate) fn intern_api_key(&mut self, id: &str) -> Result<ApiKey, Full> {
        self.api_keys.intern(&self.hasher, id).map(|(key, _)| key)
    }

    pub(crate) fn push_api_key(&mut self, key: ApiKey, new: &NewApiKey<'_>) -> Result<(), Full> {
        self.touch(EntryIndex::ApiKey(key));
        let name = self.add_text(new.name)?;
        let limits = self.add_limits(&new.limits);
        self.api_key_rows.push(ApiKeyRow {
            project: new.project,
            kind: new.kind,
            created_by: new.created_by,
            expires_at: new.expires_at,
            revoked_at: new.revoked_at,
            limits,
        });
        self.api_key_facts.push(ApiKeyFacts { name, created_at: new.created_at, digest: None });
        self.replace_digest(key, new.digest);
        self.project_contents[new.project].api_keys.push(key);
        let organization = &mut self.organization_rows[self.project_rows[new.project].organization];
        if new.kind == KeyKind::OrganizationDefault {
            organization.default_key = Some(key);
        }
        if !new.limits.reach.is_own_project_alone() {
            organization.wide_keys.push(key);
        }
        Ok(())
    }

    pub(crate) fn rename_api_key(&mut self, key: ApiKey, name: Option<&str>) -> Result<(), Full> {
        self.touch(EntryIndex::ApiKey(key));
        let name = self.add_text(name)?;
        let old = std::mem::replace(&mut self.api_key_facts[key].name, name);
        self.drop_row(old);
        Ok(())
    }

    pub(crate) fn api_key_row_mut(&mut self, key: ApiKey) -> &mut ApiKeyRow {
        self.touch(EntryIndex::ApiKey(key));
        &mut self.api_key_rows[key]
    }

    /// Replaces the digest of a key; the old one is no longer found.
    pub(crate) fn set_digest(&mut self, key: ApiKey, digest: Option<KeyDigest>) {
        self.touch(EntryIndex::ApiKey(key));
        self.replace_digest(key, digest);
    }

    fn replace_digest(&mut self, key: ApiKey, digest: Option<KeyDigest>) {
        let old = std::mem::replace(&mut self.api_key_facts[key].digest, digest);
        let Self { hasher, digests, .. } = self;
        if let Some(old) = old {
            digests.remove(hasher, hasher.bytes(old.as_bytes()), |slot| slot.key == key);
        }
        if let Some(new) = digest {
            let hash = hasher.bytes(new.as_bytes());
            digests.insert(hasher, DigestSlot { hash, key });
        }
    }

    pub(crate) fn remove_api_key(&mut self, key: ApiKey) {
        self.take_api_key(key);
        self.unlist_api_key(key);
    }

    /// Removes a key, but leaves the project's list as it is.
    pub(super) fn take_api_key(&mut self, key: ApiKey) {
        self.touch(EntryIndex::ApiKey(key));
        self.replace_digest(key, None);
        let organization = self.organization_of_key(key);
        self.unlist_wide_key(key, organization);
        let default_key = &mut self.organization_rows[organization].default_key;
        if *default_key == Some(key) {
            *default_key = None;
        }
        let Self { hasher, api_keys, .. } = self;
        api_keys.forget(hasher, key);
        self.note_garbage();
    }

    /// Moves a key to another project of its organization, which is then its own.
    pub(super) fn move_api_key(&mut self, key: ApiKey, project: Project) {
        self.touch(EntryIndex::ApiKey(key));
        self.unlist_api_key(key);
        self.api_key_rows[key].project = project;
        self.project_contents[project].api_keys.push(key);
        self.sort_last_api_key(project);
        self.forget_in_reach(key, project);
    }

    fn unlist_api_key(&mut self, key: ApiKey) {
        let Self { api_keys, api_key_rows, project_contents, .. } = self;
        let list = &mut project_contents[api_key_rows[key].project].api_keys;
        remove_sorted(list, api_keys.name(key), |other| api_keys.name(*other));
    }

    fn organization_of_key(&self, key: ApiKey) -> Organization {
        self.project_rows[self.api_key_rows[key].project].organization
    }

    // What a key is limited to.

    fn add_limits(&mut self, limits: &KeyLimits) -> Maybe<Limits> {
        if *limits == KeyLimits::default() {
            return Maybe::NONE;
        }
        // INVARIANT: `reserve_for_change` leaves room, and a document has no more limits than API keys.
        let number = u32::try_from(self.api_key_limits.len()).unwrap_or(u32::MAX);
        self.api_key_limits.push(limits.clone());
        Maybe::from(number)
    }

    pub(crate) fn set_limits(&mut self, key: ApiKey, limits: KeyLimits) {
        self.touch(EntryIndex::ApiKey(key));
        let organization = self.organization_of_key(key);
        self.unlist_wide_key(key, organization);
        if !limits.reach.is_own_project_alone() {
            self.organization_rows[organization].wide_keys.push(key);
            self.sort_last_wide_key(organization);
        }
        match self.api_key_rows[key].limits.get() {
            Some(held) if limits != KeyLimits::default() => self.api_key_limits[held] = limits,
            held => {
                self.drop_row(Maybe::from(held));
                self.api_key_rows[key].limits = self.add_limits(&limits);
            }
        }
    }

    /// Removes a project from the further projects of a key.
    pub(super) fn forget_in_reach(&mut self, key: ApiKey, project: Project) {
        let Some(limits) = self.limits(key) else { return };
        let Reach::Listed(further) = &limits.reach else { return };
        if further.contains(&project) {
            let reach = Reach::Listed(further.iter().copied().filter(|other| *other != project).collect());
            let limits = KeyLimits { reach, scopes: limits.scopes.clone(), acts_as: limits.acts_as };
            self.set_limits(key, limits);
        }
    }

    fn unlist_wide_key(&mut self, key: ApiKey, organization: Organization) {
        let Self { api_keys, organization_rows, .. } = self;
        remove_sorted(&mut organization_rows[organization].wide_keys, api_keys.name(key), |other| api_keys.name(*other));
    }
}
