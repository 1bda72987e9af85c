//! Admission: the checks before the rules. The directory is fresh enough (A1), and the principal is known and live (A3 to A5).
//!
//! The rules take a [`Live`] principal, and only this file makes one.

use crate::catalogue::decision::Reason;
use crate::catalogue::rule::Rule;
use crate::directory::{ApiKey, ApiKeyRow, Directory, Tables};
use crate::input::id::Reference;
use crate::input::instant::Instant;

use super::finding::Ground;
use super::question::{Conditions, Freshness, Principal};

/// The tables of a directory that is fresh enough for a question.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fresh<'d> {
    tables: &'d Tables,
    at: Instant,
}

/// A known principal at an instant; an API key that is neither revoked nor expired then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Live {
    principal: Principal,
    at: Instant,
}

impl Live {
    #[inline]
    pub(crate) const fn principal(self) -> Principal {
        self.principal
    }

    #[inline]
    pub(crate) const fn at(self) -> Instant {
        self.at
    }
}

impl Directory {
    /// Whether the directory is stale at an instant, so that every question is denied (A1).
    #[must_use]
    #[inline]
    pub fn is_stale(&self, at: Instant) -> bool {
        self.max_age_seconds().and_then(|seconds| self.is_older_than(seconds, at)).unwrap_or(false)
    }

    /// `None` if the directory does not say when it was issued.
    #[inline]
    fn is_older_than(&self, seconds: u64, at: Instant) -> Option<bool> {
        self.issued_at().map(|issued_at| issued_at.is_older_than(seconds, at))
    }

    /// A1: the tables, unless they are too old by the directory's own limit or for this caller.
    #[inline]
    pub(crate) fn admit(&self, conditions: &Conditions) -> Result<Fresh<'_>, Ground> {
        let Conditions { at, freshness: Freshness { min_revision, max_age_seconds } } = *conditions;
        let is_stale = self.is_stale(at)
            || min_revision.is_some_and(|revision| revision > self.revision())
            // Without `issued_at`, the directory is too old for any caller with `max_age_seconds`.
            || max_age_seconds.is_some_and(|seconds| self.is_older_than(seconds, at).unwrap_or(true));
        if is_stale { Err(Rule::A1.says(Reason::SnapshotStale)) } else { Ok(Fresh { tables: self.tables(), at }) }
    }

    /// The principal, if the instant of a question makes no difference: the directory never becomes stale (A1), the key never ends (A4, A5),
    /// no row ends, and nothing is suspended (A25 to A27). `None` for all others.
    #[inline]
    pub(crate) fn admit_at_any_time(&self, principal: Principal) -> Option<Live> {
        let can_end = |key: &ApiKeyRow| key.revoked_at.is_some() || key.expires_at.is_some();
        let is_timed = self.max_age_seconds().is_some()
            || self.tables().depends_on_time()
            || matches!(principal, Principal::ApiKey(key) if can_end(self.tables().api_key_row(key)));
        if is_timed { None } else { Some(Live { principal, at: Instant::LATEST }) }
    }

    /// The tables and the principal, if both are admitted: for callers that need no reason.
    pub(crate) fn admitted(&self, principal: Reference<'_>, conditions: &Conditions) -> Option<(&Tables, Live)> {
        let fresh = self.admit(conditions).ok()?;
        Some((fresh.tables(), fresh.live(fresh.tables().find_principal(principal)).ok()?))
    }
}

impl<'d> Fresh<'d> {
    /// The tables to answer from.
    #[inline]
    pub(crate) const fn tables(self) -> &'d Tables {
        self.tables
    }

    /// The principal, unless it is unknown (A3), revoked (A4) or expired (A5).
    #[inline]
    pub(crate) fn live(self, found: Option<Principal>) -> Result<Live, Ground> {
        self.tables.live(found, self.at)
    }
}

impl Tables {
    /// The same without the age of the directory: for previews, which compare tables.
    #[inline]
    pub(crate) fn live(&self, found: Option<Principal>, at: Instant) -> Result<Live, Ground> {
        let principal = found.ok_or(Rule::A3.says(Reason::UnknownPrincipal))?;
        if let Principal::ApiKey(key) = principal {
            self.ensure_live_key(key, at)?;
        }
        Ok(Live { principal, at })
    }

    /// A4 and A5.
    #[inline]
    fn ensure_live_key(&self, key: ApiKey, at: Instant) -> Result<(), Ground> {
        let key = self.api_key_row(key);
        if key.revoked_at.is_some_and(|revoked_at| revoked_at <= at) {
            return Err(Rule::A4.says(Reason::KeyRevoked));
        }
        if key.expires_at.is_some_and(|expires_at| expires_at <= at) {
            return Err(Rule::A5.says(Reason::KeyExpired));
        }
        Ok(())
    }
}
