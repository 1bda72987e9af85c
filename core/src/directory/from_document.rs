//! Directory document → directory: reads the shape, then the policy, then the meaning.

use std::sync::Arc;

use crate::input::error::Error;
#[cfg(feature = "all-faults")]
use crate::input::fault_log::FaultLog;
use crate::input::instant::Instant;
use crate::input::path::Path;
use crate::input::value::Value;
use crate::input::{json, shape};
use crate::policy::Policy;

use super::document::{DirectoryDocument, PolicyField};
use super::entries::Source;
use super::from_tables::{DirectoryTables, TableDocument};
use super::indexer::{hasher, index};
use super::quarantine::{FaultyOrganizations, Judged, Quarantined, Scene, leave_out};
use super::tables::Tables;
use super::versioned::Directory;

/// What a document contains.
#[derive(Debug)]
pub(crate) struct Loaded {
    pub(crate) tables: Tables,
    pub(crate) revision: u64,
    pub(crate) issued_at: Option<Instant>,
    pub(crate) max_age_seconds: Option<u64>,
    /// The organizations that are left out; `None` if a fault of theirs refuses the document.
    pub(crate) quarantined: Option<Vec<Quarantined>>,
}

/// The policy of tables, which say nothing of one.
#[derive(Clone, Copy, Debug)]
pub(crate) enum TablePolicy<'p> {
    /// An id or a document.
    Named(&'p Value<'p>),
    /// The first built-in one.
    BuiltIn,
    /// The one of the directory that the tables replace.
    Present(&'p Tables),
}

impl Loaded {
    /// Reads a directory document. `policy` (an id or a document) replaces the document's own, and `seed` keys the hash of ids.
    ///
    /// # Errors
    /// The first fault of the policy or the document, in document order; faults of shape come before faults of meaning. Faults of
    /// organizations are none if `faulty` leaves these out.
    pub(crate) fn read(
        value: &Value<'_>,
        policy: Option<&Value<'_>>,
        seed: Option<u64>,
        faulty: FaultyOrganizations<'_>,
    ) -> Result<Self, Error> {
        let replacement = policy.map(replacement_policy).transpose()?;
        let source = Source::Value(value);
        Self::read_value(value, replacement, seed, faulty).map_err(|error| source.naming_entry_of(error))
    }

    fn read_value(
        value: &Value<'_>,
        replacement: Option<Policy>,
        seed: Option<u64>,
        faulty: FaultyOrganizations<'_>,
    ) -> Result<Self, Error> {
        let root = &Path::Root;
        let (document, judged) = match faulty {
            FaultyOrganizations::Refuse => (DirectoryDocument::read(value, root)?, None),
            FaultyOrganizations::LeaveOut { .. } => {
                DirectoryDocument::read_sound(value, root).map(|(document, judged)| (document, Some(judged)))?
            }
        };
        let policy = Arc::new(policy_of(value, replacement, root)?);
        Self::index(document, judged, policy, Source::Value(value), seed, faulty)
    }

    /// Reads a directory from tables, likewise. Its faults are reported by table and row.
    ///
    /// # Errors
    /// As [`read`](Self::read); and `unknown_reference` for the first row whose organization, project or group is in no table.
    pub(crate) fn read_tables(
        tables: DirectoryTables<'_>,
        policy: TablePolicy<'_>,
        seed: Option<u64>,
        faulty: FaultyOrganizations<'_>,
    ) -> Result<Self, Error> {
        let policy = match policy {
            TablePolicy::Named(policy) => Arc::new(replacement_policy(policy)?),
            TablePolicy::BuiltIn => Arc::new(Policy::built_in(None, &Path::Root.field("policy"))?),
            TablePolicy::Present(tables) => Arc::clone(&tables.policy),
        };
        let leaves_out = !matches!(faulty, FaultyOrganizations::Refuse);
        let TableDocument { document, places, faults, ids, layout } = tables.into_document(seed, leaves_out, faulty.last_good())?;
        let source = Source::Tables(&layout);
        let judged = leaves_out.then_some(Judged { places, faults, ids });
        Self::index(document, judged, policy, source, seed, faulty).map_err(|error| source.naming_entry_of(error))
    }

    /// `judged`: the organizations of the document, if those with a fault are left out.
    fn index<'v>(
        mut document: DirectoryDocument<'v>,
        judged: Option<Judged<'v>>,
        policy: Arc<Policy>,
        source: Source<'v>,
        seed: Option<u64>,
        faulty: FaultyOrganizations<'_>,
    ) -> Result<Self, Error> {
        let (root, hasher) = (&Path::Root, hasher(&document, seed));
        let Some(judged) = judged else {
            let tables = index(root, &document, policy, source.layout(), hasher)?;
            return Ok(Self::new(tables, &document, None));
        };
        // Mostly nothing has a fault, and then nothing is read twice.
        if judged.faults.is_empty()
            && let Ok(tables) = index(root, &document, Arc::clone(&policy), source.layout(), hasher.clone())
        {
            return Ok(Self::new(tables, &document, Some(Vec::new())));
        }
        let scene = Scene { source, policy: &policy, hasher: &hasher, last_good: faulty.last_good() };
        let quarantined = leave_out(&mut document.organizations, judged, &scene)?;
        let tables = index(root, &document, policy, source.layout(), hasher)?;
        Ok(Self::new(tables, &document, Some(quarantined)))
    }

    fn new(tables: Tables, document: &DirectoryDocument<'_>, quarantined: Option<Vec<Quarantined>>) -> Self {
        let DirectoryDocument { revision, issued_at, max_age_seconds, .. } = *document;
        Self { tables, revision, issued_at, max_age_seconds, quarantined }
    }
}

impl From<Loaded> for Directory {
    fn from(loaded: Loaded) -> Self {
        let directory = Self::new(loaded.tables, loaded.revision, loaded.issued_at, loaded.max_age_seconds, None);
        directory.with_quarantined(loaded.quarantined)
    }
}

impl Directory {
    /// Reads a directory document from JSON text, with the policy that it names.
    ///
    /// # Errors
    /// The first fault of the document, in document order; faults of shape come before faults of meaning.
    pub fn from_json(text: &[u8]) -> Result<Self, Error> {
        Loaded::read(&json::parse(text)?, None, None, FaultyOrganizations::Refuse).map(Self::from)
    }

    /// Reads a document below a root with a fault log, which gets all faults but the one that is returned. If the policy has faults, the
    /// directory is not checked against it.
    #[cfg(feature = "all-faults")]
    pub(crate) fn find_faults(value: &Value<'_>, replacement: Option<Policy>, root: &Path<'_>) -> Result<(), Error> {
        let document = DirectoryDocument::read(value, root)?;
        if root.fault_log().is_some_and(FaultLog::has_faults) {
            return Ok(());
        }
        let policy = policy_of(value, replacement, root)?;
        index(root, &document, Arc::new(policy), value, hasher(&document, None)).map(drop)
    }
}

/// The policy that replaces that of a document.
pub(crate) fn replacement_policy(policy: &Value<'_>) -> Result<Policy, Error> {
    read_policy(policy, &Path::Root.field("policy"))
}

/// The policy of a document: the replacement, its own, or the built-in one.
fn policy_of(value: &Value<'_>, replacement: Option<Policy>, root: &Path<'_>) -> Result<Policy, Error> {
    let at = &root.field("policy");
    let own = shape::object(value, root, &[]).map(|members| shape::member(members, "policy"))?;
    match (replacement, own) {
        (Some(policy), _) => Ok(policy),
        (None, Some(own)) => read_policy(own, at),
        (None, None) => Policy::built_in(None, at),
    }
}

/// A policy from its id or its document.
pub(super) fn read_policy(value: &Value<'_>, path: &Path<'_>) -> Result<Policy, Error> {
    match PolicyField::read(value, path)? {
        PolicyField::BuiltIn(id) => Policy::built_in(Some(id), path),
        PolicyField::Document(document) => Policy::from_document(document, value, path),
    }
}
