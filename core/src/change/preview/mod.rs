//! Previews: the consequences of changes, found by making them and undoing them. Nothing is copied: whom they concern is worked out from the
//! entries that they alter, and only their access and bookings are compared.

mod concern;
mod rows;
mod view;

use std::collections::BTreeSet;

use serde::Serialize;

use crate::directory::{Directory, Images};
use crate::input::error::Error;
use crate::input::json_text::JsonText;
use crate::input::path::Path;

use super::document::Change;
use super::terms::Terms;
use concern::Concern;
use rows::Rows;
use view::{Usages, View};

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
struct Within(Option<BTreeSet<String>>);

impl Within {
    fn has(&self, organization: &str) -> bool {
        self.0.as_ref().is_none_or(|within| within.contains(organization))
    }
}

impl Directory {
    /// The consequences of one change, whose errors do not name its position.
    pub(crate) fn preview_one(&mut self, change: Change<'_>, terms: &Terms<'_>) -> Result<Preview, Error> {
        let at = &Path::Root.item(0);
        self.preview(&[change], terms).map_err(|error| error.above(at))
    }

    /// Authorises and validates changes, and returns their consequences. Nothing has changed afterwards.
    pub(crate) fn preview(&mut self, changes: &[Change<'_>], terms: &Terms<'_>) -> Result<Preview, Error> {
        let mut within = Within(terms.actor.map(|_| BTreeSet::new()));
        let (mut concern, mut usages) = (Concern::new(terms.at), Usages::of(self.tables().policy()));
        let (revision, altered) = self.try_out(|directory| {
            directory.make_all(changes, terms, |directory, change| {
                let organization = directory.tables().organization_of(change);
                let id = organization.map(|organization| directory.tables().organization_id(organization).to_owned());
                within.0.iter_mut().for_each(|within| within.extend(id.clone()));
            })?;
            let has_another_policy = directory.tables().has_another_policy();
            let before = directory.altered();
            let tables = directory.tables();
            let after: Images = before.keys().map(|key| (key.clone(), tables.image_at(key))).collect();
            concern.add(tables, &before, &after, has_another_policy);
            usages.also(tables.policy());
            Ok((directory.revision(), Altered { before, after, has_another_policy }))
        })?;
        let tables = self.tables();
        concern.add(tables, &altered.before, &altered.after, altered.has_another_policy);
        let before = View::of(tables, &concern, &usages, &within);
        let keys_left = tables.keys_left_behind(changes);
        let mut rows = Rows::of(&altered, tables);
        let (after, keys) = self.try_out(|directory| {
            directory.make_all(changes, terms, |_, _| {})?;
            let tables = directory.tables();
            rows.compare(tables);
            let after = View::of(tables, &concern, &usages, &within);
            let projects_lost = before.projects_lost(&after);
            Ok((after, (projects_lost, keys_left)))
        })?;
        let (projects_lost, keys_left) = keys;
        let left = self.tables().keys_in_lost_projects(&projects_lost).into_iter().chain(keys_left).collect();
        let live_api_keys = self.live_afterwards(left, changes, terms)?;
        Ok(Preview {
            revision,
            gained: before.gained(&after),
            lost: after.gained(&before),
            projects_lost,
            live_api_keys,
            booked_elsewhere: before.booked_elsewhere(&after),
            rows: rows.into_altered(&within),
        })
    }

    /// Those of these API keys that are live after the changes.
    fn live_afterwards(&mut self, keys: BTreeSet<String>, changes: &[Change<'_>], terms: &Terms<'_>) -> Result<Vec<String>, Error> {
        if keys.is_empty() {
            return Ok(Vec::new());
        }
        self.try_out(|directory| {
            directory.make_all(changes, terms, |_, _| {})?;
            Ok(keys.into_iter().filter(|key| directory.tables().is_key_live(key, terms.at)).collect())
        })
    }
}

/// What changes alter: the entries before and after.
struct Altered {
    before: Images,
    after: Images,
    has_another_policy: bool,
}
