//! Trials: whether changes mend a finding, and whether nothing else is lost by them.
//!
//! All fixes are made on one copy of the directory, one after the other, which costs as much as making them. A fix that does not work there, where
//! others have been made before it, is tried on a copy of its own.

use std::collections::BTreeSet;

use crate::access::{Live, Object, Principal};
use crate::catalogue::finding::FindingCode;
use crate::change::{Change, Terms};
use crate::directory::{Directory, EntryIndex, Key, Project, Tables};
use crate::input::error::Error;
use crate::input::instant::Instant;
use crate::input::json;
use crate::input::json_text::JsonText;
use crate::input::path::Path;
use crate::input::value::Value;
use crate::policy::Action;

use super::found::Found;

pub(super) struct Trial<'d> {
    directory: &'d Directory,
    at: Instant,
    /// The directory with the fixes that have been made.
    mended: Option<Directory>,
    /// The directory as it is: what is tried on it is undone.
    copy: Option<Directory>,
    made: BTreeSet<String>,
}

/// When fixes of a finding are tried: what leaves most as it is comes first.
pub(super) const fn turn(code: FindingCode) -> u8 {
    match code {
        FindingCode::KeyNeverExpires => 0,
        FindingCode::RowExpired => 1,
        FindingCode::GroupEmpty => 4,
        FindingCode::ExternalIsAdmin | FindingCode::ProjectWithoutAdmin | FindingCode::RowWithoutEffect => 2,
        _ => 3,
    }
}

impl<'d> Trial<'d> {
    pub(super) const fn of(directory: &'d Directory, at: Instant) -> Self {
        Self { directory, at, mended: None, copy: None, made: BTreeSet::new() }
    }

    /// The changes that mend a finding; none if there are none.
    pub(super) fn fix_that_works(&mut self, found: Found) -> Vec<JsonText> {
        let tables = self.directory.tables();
        let fix = tables.fix_of(found, self.at);
        let key = tables.key_of(found.entry).map(Key::to_text).unwrap_or_default();
        let wanted = Wanted { code: found.code, key: &key, at: self.at };
        if fix.is_empty() || !(self.works_with_others(&fix, &wanted) || self.works_alone(&fix, &wanted)) {
            return Vec::new();
        }
        fix
    }

    fn works_with_others(&mut self, fix: &[JsonText], wanted: &Wanted<'_>) -> bool {
        let terms = self.terms();
        let mended = self.mended.get_or_insert_with(|| self.directory.clone());
        let text: String = fix.iter().map(JsonText::as_str).collect();
        // The same changes may mend several findings.
        if self.made.contains(&text) {
            return !wanted.holds(mended.tables());
        }
        let could = wanted.allowed(mended.tables());
        let works =
            with_changes(fix, |changes| mended.apply_many(changes, &terms).map(drop)).is_ok() && wanted.is_mended(mended.tables(), &could);
        if works {
            self.made.insert(text);
        }
        works
    }

    fn works_alone(&mut self, fix: &[JsonText], wanted: &Wanted<'_>) -> bool {
        let terms = self.terms();
        let copy = self.copy.get_or_insert_with(|| self.directory.clone());
        let could = wanted.allowed(copy.tables());
        let tried = with_changes(fix, |changes| {
            copy.try_out(|directory| {
                changes.iter().try_for_each(|change| directory.make(change, &terms).map(drop))?;
                Ok(wanted.is_mended(directory.tables(), &could))
            })
        });
        tried.unwrap_or(false)
    }

    const fn terms(&self) -> Terms<'static> {
        Terms { actor: None, at: self.at, expected_revision: None }
    }
}

/// Reads changes.
fn with_changes<T>(fix: &[JsonText], then: impl FnOnce(&[Change<'_>]) -> Result<T, Error>) -> Result<T, Error> {
    let values = fix.iter().map(|change| json::parse(change.as_str().as_bytes())).collect::<Result<Vec<Value<'_>>, _>>()?;
    let changes = values.iter().map(|value| Change::read(value, &Path::Root)).collect::<Result<Vec<_>, _>>()?;
    then(&changes)
}

/// A finding that is to be gone.
struct Wanted<'k> {
    code: FindingCode,
    /// The key of its entry: changes may renumber the tables.
    key: &'k str,
    at: Instant,
}

impl Wanted<'_> {
    fn entry(&self, tables: &Tables) -> Option<EntryIndex> {
        tables.find_entry(Key::parse(self.key)?)
    }

    fn holds(&self, tables: &Tables) -> bool {
        self.entry(tables).is_some_and(|entry| Found { code: self.code, entry }.holds(tables, self.at))
    }

    /// Whether the finding is gone, and nothing is lost that was allowed.
    fn is_mended(&self, tables: &Tables, could: &[Action]) -> bool {
        let can = self.allowed(tables);
        !self.holds(tables) && could.iter().all(|action| can.contains(action))
    }

    /// What the owner may do in a project that gets them as its admin: a stronger role need not have all that a weaker one has.
    fn allowed(&self, tables: &Tables) -> Vec<Action> {
        match (self.code, self.entry(tables)) {
            (FindingCode::ProjectWithoutAdmin, Some(EntryIndex::Project(project))) => tables.actions_of_owner(project, self.at),
            _ => Vec::new(),
        }
    }
}

impl Tables {
    fn actions_of_owner(&self, project: Project, at: Instant) -> Vec<Action> {
        let live = self.live(Some(Principal::User(self.owner_of(project))), at);
        let may = |live: Live, action: Action| self.is_allowed(live, action, Object::Project(project), None);
        live.map_or_else(
            |_| Vec::new(),
            |live| self.policy().actions().map(|(action, _)| action).filter(|action| may(live, *action)).collect(),
        )
    }
}
