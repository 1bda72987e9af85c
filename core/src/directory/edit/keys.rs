//! API keys and resources.

use crate::collections::names::Space;
use crate::collections::table::Maybe;
use crate::collections::texts::Full;
use crate::directory::digest::KeyDigest;
use crate::directory::document::KeyKind;
use crate::directory::indices::{ApiKey, Limits, Resource};
use crate::directory::lists::remove_sorted;
use crate::directory::rows::{ApiKeyFacts, ApiKeyRow, DigestSlot, KeyLimits, ResourceRow};
use crate::directory::tables::Tables;
use crate::policy::Kind;

use super::{NewApiKey, NewResource};

impl Tables {
    pub(crate) fn intern_api_key(&mut self, id: &str) -> Result<ApiKey, Full> {
        self.api_keys.intern(&self.hasher, id).map(|(key, _)| key)
    }

    pub(crate) fn intern_resource(&mut self, kind: Kind, id: &str) -> Result<Resource, Full> {
        self.resources.intern_in(&self.hasher, Space::of(kind.into()), id).map(|(resource, _)| resource)
    }

    pub(crate) fn push_api_key(&mut self, key: ApiKey, new: &NewApiKey<'_>) -> Result<(), Full> {
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
        self.set_digest(key, new.digest);
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

    fn add_limits(&mut self, limits: &KeyLimits) -> Maybe<Limits> {
        if *limits == KeyLimits::default() {
            return Maybe::NONE;
        }
        // There are at most as many limits as API keys.
        let number = u32::try_from(self.api_key_limits.len()).unwrap_or(u32::MAX);
        self.api_key_limits.push(limits.clone());
        Maybe::from(number)
    }

    pub(crate) fn api_key_row_mut(&mut self, key: ApiKey) -> &mut ApiKeyRow {
        &mut self.api_key_rows[key]
    }

    /// Replaces the digest of a key; the old one is no longer found.
    pub(crate) fn set_digest(&mut self, key: ApiKey, digest: Option<KeyDigest>) {
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

    // Resources.

    pub(crate) fn push_resource(&mut self, resource: Resource, new: &NewResource<'_>) -> Result<(), Full> {
        self.resource_rows.push(ResourceRow { project: new.project, kind: new.kind });
        self.resource_creators.put(resource, new.created_by.into());
        self.resource_times.put(resource, new.created_at.into());
        self.name_resource(resource, new.name)
    }

    pub(crate) fn name_resource(&mut self, resource: Resource, name: Option<&str>) -> Result<(), Full> {
        let name = self.add_text(name)?;
        self.resource_names.put(resource, name);
        Ok(())
    }

    /// Appends a resource to the list of its project.
    pub(crate) fn append_resource(&mut self, resource: Resource) {
        self.project_contents[self.resource_rows[resource].project].resources.push(resource);
    }

    pub(crate) fn remove_resource(&mut self, resource: Resource) {
        let Self { policy, hasher, resources, resource_rows, project_contents, .. } = self;
        let ResourceRow { project, kind } = resource_rows[resource];
        resources.forget_in(hasher, Space::of(kind.into()), resource);
        remove_sorted(&mut project_contents[project].resources, (policy.kind_rank(kind), resources.name(resource)), |other| {
            (policy.kind_rank(resource_rows[*other].kind), resources.name(*other))
        });
        self.garbage = self.garbage.saturating_add(1);
    }
}
