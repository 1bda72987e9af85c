//! Steps: what differs between two moments that follow each other.

use serde::Serialize;

use crate::directory::{Images, Key, LoggedChange, Tables};
use crate::input::instant::Instant;
use crate::input::json_text::JsonText;

/// What differs between two moments that follow each other.
#[derive(Debug)]
pub(super) struct Step {
    /// The revision that it leads to.
    pub(super) revision: u64,
    /// The instant from which that revision is in force.
    pub(super) at: Instant,
    /// The changes that were made; none if two snapshots were compared.
    pub(super) changes: Vec<LoggedChange>,
    /// What the entries that differ were before.
    pub(super) before: Images,
    /// What they are after it.
    pub(super) after: Images,
    /// Whether the policy is another one. Then the entries do not lead from one state to the other.
    pub(super) has_another_policy: bool,
}

impl Step {
    pub(super) fn log_entry(&self) -> LogEntry<'_> {
        let logged = self.changes.iter().map(|LoggedChange { change, actor, at }| LoggedStep { change, actor: actor.as_deref(), at: *at });
        let changes = logged.collect();
        let entries = self.before.keys().filter_map(|key| Key::parse(key)).map(|key| key.identity_to_json()).collect();
        LogEntry { revision: self.revision, at: self.at, changes, entries, policy: self.has_another_policy }
    }
}

/// What other tables have in the place of these entries.
pub(super) fn counterparts(entries: &Images, tables: &Tables) -> Images {
    entries.keys().map(|key| (key.clone(), tables.image_at(key))).collect()
}

/// A step as a log tells it.
#[derive(Clone, Debug, Serialize)]
pub struct LogEntry<'t> {
    /// The revision that it led to.
    pub revision: u64,
    /// The instant from which that revision is in force.
    pub at: Instant,
    /// The changes that were made, in order; none if two snapshots were compared.
    pub changes: Vec<LoggedStep<'t>>,
    /// The entries that differ: `{table, …ids…}` each.
    pub entries: Vec<JsonText>,
    /// Whether the policy is another one.
    pub policy: bool,
}

/// A change that was made.
#[derive(Clone, Debug, Serialize)]
pub struct LoggedStep<'t> {
    /// The type of the change.
    #[serde(rename = "type")]
    pub change: &'t str,
    /// Who made it, as a reference; null for the platform.
    pub actor: Option<&'t str>,
    /// The instant that it names. In force it is from that of the last change of the step.
    pub at: Instant,
}
