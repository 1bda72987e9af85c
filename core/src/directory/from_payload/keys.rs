//! API keys, and what limits them.

use crate::collections::order;
use crate::directory::digest::KeyDigest;
use crate::directory::document::KeyKind;
use crate::directory::edit::NewApiKey;
use crate::directory::indices::Project;
use crate::directory::rows::{KeyLimits, Reach};
use crate::wire::column::{Column, Damage, SPECIAL, StringsReader, ensure_sum};
use crate::wire::payload::Payload;

use super::readers::{LimitsReader, instant};
use super::{Unpacker, flags, id, new, text};

/// Fails if a value occurs twice in a sorted list: what is written twice would give equal directories other bytes.
fn ensure_distinct<T: PartialEq>(sorted: &[T]) -> Result<(), Damage> {
    let is_distinct = sorted.iter().zip(sorted.iter().skip(1)).all(|(one, next)| one != next);
    if is_distinct { Ok(()) } else { Err(Damage("a scope or project occurs twice in the limits of a key")) }
}

impl Unpacker {
    #[inline(never)]
    pub(super) fn api_keys(&mut self, payload: &Payload<'_>) -> Result<(), Damage> {
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
        let mut limits = if columns.has_limits() { Some(LimitsReader::new(columns, places)?) } else { None };
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
                    limits: match &mut limits {
                        Some(limits) => self.limits(project, limits)?,
                        None => KeyLimits::default(),
                    },
                };
                if is_default {
                    self.default_key(&new)?;
                }
                self.digest(&new)?;
                self.tables.push_api_key(key, &new)?;
            }
        }
        if digests.next().is_some() || !columns.digests.len().is_multiple_of(32) {
            return Err(Damage("a digest belongs to no key"));
        }
        if let Some(limits) = limits {
            limits.finish()?;
        }
        ids.finish()?;
        names.finish()
    }

    #[inline(never)]
    fn limits(&self, own: Project, columns: &mut LimitsReader<'_>) -> Result<KeyLimits, Damage> {
        let acts_as = self.creator(columns.acts_as.next()?)?;
        let scopes = match columns.scope_counts.next_u32()? {
            SPECIAL => None,
            count => {
                // Grown as scopes are read: a damaged count must not reserve memory.
                let mut scopes = Vec::new();
                for _ in 0..count {
                    scopes.push(self.tables.policy.scope_at(columns.scopes.next_u32()?).ok_or(Damage("there is no such scope"))?);
                }
                self.tables.policy.sort_scopes(&mut scopes);
                ensure_distinct(&scopes)?;
                Some(scopes)
            }
        };
        let reach = match columns.further_counts.next_u32()? {
            SPECIAL => Reach::All,
            count => {
                let organization = self.tables.project_rows[own].organization;
                let mut further = Vec::new();
                for _ in 0..count {
                    let project = self.tables.project_rows.at(columns.further.next_u32()?);
                    let project = project.filter(|project| self.tables.project_rows[*project].organization == organization);
                    further.push(project.ok_or(Damage("a key reaches a project of another organization"))?);
                }
                order::by_index(&mut further);
                ensure_distinct(&further)?;
                if further.binary_search(&own).is_ok() {
                    return Err(Damage("a key reaches its own project twice"));
                }
                Reach::Listed(further)
            }
        };
        Ok(KeyLimits { scopes, acts_as, reach })
    }

    /// Two live keys cannot have one digest.
    fn digest(&self, key: &NewApiKey<'_>) -> Result<(), Damage> {
        let digest = key.digest.filter(|_| key.revoked_at.is_none() && !self.may_repeat_digests);
        let is_live = |other| self.tables.api_key_row(other).revoked_at.is_none();
        match digest.and_then(|digest| self.tables.find_digest(&digest, is_live)) {
            Some(_) => Err(Damage("two live API keys have one digest")),
            None => Ok(()),
        }
    }

    fn default_key(&self, key: &NewApiKey<'_>) -> Result<(), Damage> {
        let project = &self.tables.project_rows[key.project];
        let is_second = self.tables.organization_rows[project.organization].default_key.is_some();
        let is_possible = project.is_default && !is_second && key.revoked_at.is_none();
        if is_possible { Ok(()) } else { Err(Damage("an organization default key is misplaced")) }
    }
}
