//! Previews: the consequences of changes, found by making them and undoing them. Nothing is copied: whom they concern is worked out from the
//! entries that they alter, and only their access and bookings are compared.

mod answer;
mod concern;
mod rows;
mod view;

use std::collections::BTreeSet;

use crate::attribution::UsageSorts;
use crate::directory::{Directory, Images};
use crate::input::error::Error;
use crate::input::path::Path;

use super::document::Change;
use super::terms::Terms;
pub use answer::{AccessRow, AlteredEntry, LostProject, Preview};
use answer::{Altered, Within};
use concern::Concern;
use rows::Rows;
use view::View;

impl Directory {
    /// The consequences of one change, whose errors do not name its position.
    pub(crate) fn preview_one(&mut self, change: Change<'_>, terms: &Terms<'_>) -> Result<Preview, Error> {
        let at = &Path::Root.item(0);
        self.preview(&[change], terms).map_err(|error| error.above(at))
    }

    /// Authorises and validates changes, and returns their consequences. Nothing has changed afterwards.
    pub(crate) fn preview(&mut self, changes: &[Change<'_>], terms: &Terms<'_>) -> Result<Preview, Error> {
        self.free_leftovers();
        let mut within = Within(terms.actor.map(|_| BTreeSet::new()));
        let (mut concern, mut usages) = (Concern::new(terms.at), UsageSorts::of(self.tables().policy()));
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
