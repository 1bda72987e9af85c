//! API keys and what limits them. C9 to C12, and C22.

use crate::catalogue::error_code::ErrorCode;
use crate::collections::texts::Full;
use crate::directory::{ApiKey, KeyDigest, KeyKind, KeyLimits, KeyProjects, NewApiKey, Organization, Project, Reach, Tables};
use crate::input::error::{Error, quoted};
use crate::input::instant::Instant;
use crate::input::path::Path;
use crate::policy::Scope;

use super::super::terms::Origin;
use super::lookup::{ensure_absent, ensure_found, ensure_platform, error};

/// A key as a change describes it.
pub(super) struct NewKey<'c> {
    pub(super) key: &'c str,
    pub(super) digest: KeyDigest,
    pub(super) name: Option<&'c str>,
    pub(super) expires_at: Option<Instant>,
    pub(super) created_by: Option<&'c str>,
    pub(super) created_at: Option<Instant>,
}

/// The limits that a change names. `Some(None)` lifts one.
pub(super) struct Limits<'c> {
    pub(super) scopes: Option<Option<&'c [&'c str]>>,
    pub(super) acts_as: Option<Option<&'c str>>,
    pub(super) projects: Option<Option<&'c KeyProjects<'c>>>,
}

impl Tables {
    /// C9 and C22.
    pub(super) fn check_and_create_api_key(
        &mut self,
        project: &str,
        new: &NewKey<'_>,
        limits: &Limits<'_>,
        origin: &Origin<'_>,
    ) -> Result<(), Error> {
        ensure_platform(origin, new.created_by.is_some(), "created_by")?;
        ensure_platform(origin, new.created_at.is_some(), "created_at")?;
        ensure_own_limits(limits, None, origin)?;
        let project = self.named_project(project)?;
        let mut given = self.given_limits(KeyLimits::default(), limits, project)?;
        ensure_absent(self.api_key(new.key).is_some(), "key")?;
        self.ensure_new_digest(&new.digest, origin)?;
        given.acts_as = limits.acts_as.flatten().map(|user| self.intern_user(user)).transpose()?;
        self.insert_api_key(project, new, given, origin).map_err(Error::from)
    }

    fn insert_api_key(&mut self, project: Project, new: &NewKey<'_>, limits: KeyLimits, origin: &Origin<'_>) -> Result<(), Full> {
        let (id, created_by) = (new.key, new.created_by.or(origin.user));
        let created_by = created_by.map(|user| self.intern_user(user)).transpose()?;
        let new = NewApiKey {
            project,
            kind: KeyKind::Project,
            created_by,
            created_at: Some(new.created_at.unwrap_or(origin.at)),
            expires_at: new.expires_at,
            revoked_at: None,
            name: new.name,
            digest: Some(new.digest),
            limits,
        };
        self.add_api_key(id, &new).map(drop)
    }

    /// C22: as if the key were made anew. A key that acts as a user is altered by that user only.
    pub(super) fn check_and_update_api_key(
        &mut self,
        key: &str,
        name: Option<Option<&str>>,
        limits: &Limits<'_>,
        origin: &Origin<'_>,
    ) -> Result<(), Error> {
        let key = self.ordinary_key(key)?;
        let held = self.limits(key).cloned().unwrap_or_default();
        let acted_user = held.acts_as.map(|user| self.user_id(user));
        if origin.actor.is_some() && acted_user.is_some() && acted_user != origin.user {
            return Err(error(ErrorCode::ExceedsOwnRole, "key", "the key acts as another user, who alone may alter it"));
        }
        ensure_own_limits(limits, Some(&held), origin)?;
        let mut given = self.given_limits(held, limits, self.api_key_row(key).project)?;
        if let Some(user) = limits.acts_as {
            given.acts_as = user.map(|user| self.intern_user(user)).transpose()?;
        }
        self.set_limits(key, given);
        name.map_or(Ok(()), |name| self.rename_api_key(key, name)).map_err(Error::from)
    }

    /// The limits that a key had, with the scopes and projects that a change names.
    fn given_limits(&self, mut held: KeyLimits, limits: &Limits<'_>, own: Project) -> Result<KeyLimits, Error> {
        if let Some(scopes) = limits.scopes {
            held.scopes = scopes.map(|scopes| self.named_scopes(scopes)).transpose()?;
        }
        if let Some(projects) = limits.projects {
            held.reach = self.named_reach(projects, own)?;
        }
        Ok(held)
    }

    fn named_scopes(&self, scopes: &[&str]) -> Result<Vec<Scope>, Error> {
        let policy = self.policy();
        let place = Path::Root.field("scopes");
        let named = scopes.iter().enumerate().map(|(number, scope)| {
            let message = || format!("the policy has no scope {}", quoted(scope));
            policy.scope(scope).ok_or_else(|| Error::new(ErrorCode::UnknownScope, &place.item(number), message()))
        });
        named.collect::<Result<_, _>>().map(|scopes| policy.set_of_scopes(scopes))
    }

    fn named_reach(&self, projects: Option<&KeyProjects<'_>>, own: Project) -> Result<Reach, Error> {
        let projects = match projects {
            None => return Ok(Reach::default()),
            Some(KeyProjects::All) => return Ok(Reach::All),
            Some(KeyProjects::Listed(projects)) => projects,
        };
        let organization = self.project_row(own).organization;
        let place = Path::Root.field("projects");
        let named = projects.iter().enumerate().map(|(number, id)| {
            let found = self.project_of(organization, id);
            let message = || format!("the organization has no project {}", quoted(id));
            found.ok_or_else(|| Error::new(ErrorCode::UnknownReference, &place.item(number), message()))
        });
        named.collect::<Result<_, _>>().map(|further| Reach::of(further, own))
    }

    fn project_of(&self, organization: Organization, project: &str) -> Option<Project> {
        self.project(project).filter(|project| self.project_row(*project).organization == organization)
    }

    /// C10.
    pub(super) fn check_and_revoke_api_key(&mut self, key: &str, origin: &Origin<'_>) -> Result<(), Error> {
        let key = self.ordinary_key(key)?;
        if self.api_key_row(key).revoked_at.is_some_and(|revoked_at| revoked_at <= origin.at) {
            return Err(error(ErrorCode::AlreadyRevoked, "key", "the key is already revoked"));
        }
        self.api_key_row_mut(key).revoked_at = Some(origin.at);
        Ok(())
    }

    /// C11.
    pub(super) fn check_and_expire_api_key(&mut self, key: &str, expires_at: Option<Instant>, origin: &Origin<'_>) -> Result<(), Error> {
        let key = self.ordinary_key(key)?;
        if origin.actor.is_some() && self.api_key_row(key).expires_at.is_some_and(|expired_at| expired_at <= origin.at) {
            return Err(error(ErrorCode::KeyExpired, "key", "the key has expired; create another one"));
        }
        self.api_key_row_mut(key).expires_at = expires_at;
        Ok(())
    }

    /// C12.
    pub(super) fn check_and_regenerate_default_key(
        &mut self,
        organization: &str,
        digest: KeyDigest,
        origin: &Origin<'_>,
    ) -> Result<(), Error> {
        let default_key = self.organization(organization).and_then(|organization| self.organization_row(organization).default_key);
        let key = ensure_found(default_key, "organization")?;
        self.ensure_new_digest(&digest, origin)?;
        self.set_digest(key, Some(digest));
        Ok(())
    }

    /// An API key other than the organization default key (C10, C11, C22).
    pub(super) fn ordinary_key(&self, key: &str) -> Result<ApiKey, Error> {
        let key = ensure_found(self.api_key(key), "key")?;
        if self.api_key_row(key).kind == KeyKind::OrganizationDefault {
            let message = "the organization default key can only be regenerated";
            return Err(error(ErrorCode::DefaultKeyNotRevocable, "key", message));
        }
        Ok(key)
    }

    /// C9: two live keys cannot have one digest. An actor, who may have seen a digest elsewhere, cannot use one that any key has or had.
    fn ensure_new_digest(&self, digest: &KeyDigest, origin: &Origin<'_>) -> Result<(), Error> {
        let counts = |key| origin.actor.is_some() || self.api_key_row(key).revoked_at.is_none();
        ensure_absent(self.find_digest(digest, counts).is_some(), "digest")
    }
}

/// C22: every project is the platform's to give, and an actor makes no key that acts as another user. `held` are the limits of a key that
/// exists: what a change does not name is given anew.
fn ensure_own_limits(limits: &Limits<'_>, held: Option<&KeyLimits>, origin: &Origin<'_>) -> Result<(), Error> {
    if origin.actor.is_none() {
        return Ok(());
    }
    let reaches_all = match limits.projects {
        Some(projects) => matches!(projects, Some(KeyProjects::All)),
        None => held.is_some_and(|held| held.reach == Reach::All),
    };
    if reaches_all {
        let place = Path::Root.field("projects");
        let place = if limits.projects.is_some() { &place } else { &Path::Root };
        return Err(Error::new(ErrorCode::ExceedsOwnRole, place, "only the platform makes and alters keys that reach every project"));
    }
    // Whom the key acts as already was compared before.
    if limits.acts_as.flatten().is_some_and(|user| origin.user != Some(user)) {
        return Err(error(ErrorCode::ExceedsOwnRole, "acts_as", "an actor makes no key that acts as another user"));
    }
    Ok(())
}
