//! The answer of a preview, and what its parts are made of.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::directory::Images;
use crate::input::json_text::JsonText;

/// The consequences of changes. Every list is in byte order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Preview {
    /// The revision after the changes.
    pub revision: u64,
    /// What principals may do afterwards, and not before.
    pub gained: Vec<AccessRow>,
    /// What principals may do before, and not afterwards.
    pub lost: Vec<AccessRow>,
    /// The projects that principals would lose.
    pub projects_lost: Vec<LostProject>,
    /// The live API keys of users who would lose a project or be removed, in the projects that they created them in: a key outlives its
    /// creator's access.
    pub live_api_keys: Vec<String>,
    /// The principals whose usage would be booked elsewhere, in projects that they reach before and after.
    pub booked_elsewhere: Vec<String>,
    /// Each entry that would be altered: what it was and what it would be.
    pub rows: Vec<AlteredEntry>,
}

/// Actions that a principal gains or loses on one object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AccessRow {
    /// `user:<id>` or `api_key:<id>`.
    pub principal: String,
    /// An organization, a project or an organization default key, as a reference.
    pub on: String,
    /// The actions, in byte order.
    pub actions: Vec<String>,
}

/// An entry that would be altered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AlteredEntry {
    /// Which entry: its table and its ids.
    pub entry: JsonText,
    /// The entry before, as a document has it; null if there is none.
    pub before: JsonText,
    /// The entry afterwards; null if it is removed.
    pub after: JsonText,
}

/// A principal and a project that it would lose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LostProject {
    /// `user:<id>` or `api_key:<id>`.
    pub principal: String,
    /// The id of the project.
    pub project: String,
}

/// The organizations that an actor learns about: those that the changes are asked of. The platform learns about all.
#[derive(Debug, Default)]
pub(super) struct Within(pub(super) Option<BTreeSet<String>>);

impl Within {
    pub(super) fn has(&self, organization: &str) -> bool {
        self.0.as_ref().is_none_or(|within| within.contains(organization))
    }
}

/// What changes alter: the entries before and after.
pub(super) struct Altered {
    pub(super) before: Images,
    pub(super) after: Images,
    pub(super) has_another_policy: bool,
}
