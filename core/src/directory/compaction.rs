//! Compaction: removes entries that nothing refers to from the tables, in place.
//!
//! For each table, the used entries move together in their order, and then all references to them get the new indices. At most one table of
//! pairs or names is copied at a time: an allocator may never return memory that was needed only briefly, and in WebAssembly it never does.

use crate::collections::renumbering::{Renumbering, shrink};
use crate::collections::texts::Full;

use super::rows::Reach;
use super::tables::Tables;

/// More rows than any one change can add.
const ROWS_OF_A_CHANGE: u32 = 1 << 16;
/// With less garbage, compaction is not worth its cost.
const LITTLE_GARBAGE: usize = 4_096;

/// Visits references in the tables to one table.
type Each = fn(&mut Tables, &mut dyn FnMut(&mut u32));

impl Tables {
    /// Ensures that the tables have capacity for any change, so that no change fails halfway.
    pub(crate) fn reserve_for_change(&mut self) -> Result<(), Full> {
        if self.has_capacity() {
            return Ok(());
        }
        self.compact();
        if self.has_capacity() { Ok(()) } else { Err(Full) }
    }

    fn has_capacity(&self) -> bool {
        self.periods.len() < (u32::MAX - ROWS_OF_A_CHANGE) as usize
            && self.api_key_limits.len() < (u32::MAX - ROWS_OF_A_CHANGE) as usize
            && self.texts.has_capacity(ROWS_OF_A_CHANGE)
            && self.users.has_capacity(ROWS_OF_A_CHANGE)
            && self.organizations.has_capacity(ROWS_OF_A_CHANGE)
            && self.groups.has_capacity(ROWS_OF_A_CHANGE)
            && self.projects.has_capacity(ROWS_OF_A_CHANGE)
            && self.api_keys.has_capacity(ROWS_OF_A_CHANGE)
            && self.resources.has_capacity(ROWS_OF_A_CHANGE)
    }

    /// Compacts the tables if a quarter of the entries is unused. Returns whether it has.
    pub(crate) fn compact_if_worth_it(&mut self) -> bool {
        let entries = [self.user_rows.len(), self.resource_rows.len(), self.api_key_rows.len(), self.project_rows.len()];
        if self.garbage > LITTLE_GARBAGE && self.garbage > entries.into_iter().fold(0, usize::saturating_add) / 4 {
            self.compact();
            return true;
        }
        false
    }

    /// Removes the rows of entries that are in no list any more, from organizations down to resources, so that each step meets only rows of
    /// entries that are kept. Then it removes users, limits, periods and texts that nothing refers to.
    fn compact(&mut self) {
        self.settle();
        self.garbage = 0;
        let lengths = self.lengths_of_pairs();
        self.compact_organizations();
        self.compact_projects();
        self.compact_api_keys();
        if let Some(renumbering) = self.renumber(self.resource_rows.len(), Self::each_resource, Self::each_resource) {
            self.resources.compact(&self.hasher, &renumbering);
            self.resource_rows.compact(&renumbering);
            self.resource_names.compact(&renumbering);
            self.resource_creators.compact(&renumbering);
            self.resource_times.compact(&renumbering);
        }
        if let Some(renumbering) = self.renumber(self.user_rows.len(), Self::each_user, Self::each_user) {
            self.users.compact(&self.hasher, &renumbering);
            self.user_rows.compact(&renumbering);
        }
        if self.lengths_of_pairs() != lengths {
            self.collaborators.rebuild(&self.hasher);
            self.grants.rebuild(&self.hasher);
            self.externals.rebuild(&self.hasher);
        }
        if let Some(renumbering) = self.renumber(self.texts.len(), Self::each_text, Self::each_text) {
            self.texts.compact(&renumbering);
        }
        if let Some(renumbering) = self.renumber(self.periods.len(), Self::each_period, Self::each_period) {
            self.periods.compact(&renumbering);
        }
        self.has_ends = self.periods.iter().any(|(_, period)| period.expires_at.get().is_some());
    }

    /// The lengths of the tables whose indices the hash tables of pairs have as keys: they are renumbered exactly if they become shorter.
    fn lengths_of_pairs(&self) -> [usize; 4] {
        [self.organization_rows.len(), self.group_rows.len(), self.project_rows.len(), self.user_rows.len()]
    }

    /// Organizations, and their groups.
    fn compact_organizations(&mut self) {
        if let Some(renumbering) = self.renumber(self.organization_rows.len(), Self::listed_organizations, Self::each_organization) {
            self.organizations.compact(&self.hasher, &renumbering);
            self.organization_rows.compact(&renumbering);
        }
        if let Some(renumbering) = self.renumber(self.group_rows.len(), Self::listed_groups, Self::each_group) {
            self.groups.compact(&self.hasher, &renumbering);
            self.group_rows.compact(&renumbering);
        }
    }

    fn compact_projects(&mut self) {
        if let Some(renumbering) = self.renumber(self.project_rows.len(), Self::listed_projects, Self::each_project) {
            self.projects.compact(&self.hasher, &renumbering);
            self.project_rows.compact(&renumbering);
            self.project_contents.compact(&renumbering);
        }
    }

    /// API keys, and what they are limited to.
    fn compact_api_keys(&mut self) {
        if let Some(renumbering) = self.renumber(self.api_key_rows.len(), Self::listed_api_keys, Self::each_api_key) {
            self.api_keys.compact(&self.hasher, &renumbering);
            self.api_key_rows.compact(&renumbering);
            self.api_key_facts.compact(&renumbering);
        }
        if let Some(renumbering) = self.renumber(self.api_key_limits.len(), Self::each_limits, Self::each_limits) {
            self.api_key_limits.compact(&renumbering);
        }
    }

    /// Renumbers the entries of one table: `kept` visits a reference to each entry that stays, and `each` all references to the table,
    /// which it updates. `None` if no entry is removed.
    fn renumber(&mut self, count: usize, kept: Each, each: Each) -> Option<Renumbering> {
        let mut renumbering = Renumbering::of(count);
        kept(self, &mut |number| renumbering.keep(*number));
        renumbering.number();
        if renumbering.kept() as usize == count {
            return None;
        }
        each(self, &mut |number| *number = renumbering.new_number(*number));
        Some(renumbering)
    }

    fn listed_organizations(&mut self, visit: &mut dyn FnMut(&mut u32)) {
        each_of(&mut self.organization_list, visit);
    }

    fn each_organization(&mut self, visit: &mut dyn FnMut(&mut u32)) {
        self.listed_organizations(visit);
        for row in self.user_rows.rows_mut() {
            visit(row.organization.as_mut());
            if let Some(extra) = &mut row.extra {
                visit(extra.home.as_mut());
                extra.others.iter_mut().for_each(|other| visit(other.organization.as_mut()));
            }
        }
        self.group_rows.rows_mut().for_each(|row| visit(row.organization.as_mut()));
        self.project_rows.rows_mut().for_each(|row| visit(row.organization.as_mut()));
        self.externals.slots_mut().for_each(|row| visit(row.organization.as_mut()));
    }

    fn listed_groups(&mut self, visit: &mut dyn FnMut(&mut u32)) {
        self.organization_rows.rows_mut().for_each(|row| each_of(&mut row.groups, visit));
    }

    fn each_group(&mut self, visit: &mut dyn FnMut(&mut u32)) {
        self.listed_groups(visit);
        for extra in self.user_rows.rows_mut().filter_map(|row| row.extra.as_mut()) {
            extra.groups.iter_mut().for_each(|row| visit(row.group.as_mut()));
        }
        self.project_contents.rows_mut().for_each(|contents| each_of(&mut contents.groups, visit));
        self.grants.slots_mut().for_each(|row| visit(row.group.as_mut()));
    }

    fn listed_projects(&mut self, visit: &mut dyn FnMut(&mut u32)) {
        self.organization_rows.rows_mut().for_each(|row| each_of(&mut row.projects, visit));
    }

    fn each_project(&mut self, visit: &mut dyn FnMut(&mut u32)) {
        self.listed_projects(visit);
        self.organization_rows.rows_mut().for_each(|row| visit(row.default_project.as_mut()));
        self.group_rows.rows_mut().for_each(|row| each_of(&mut row.projects, visit));
        self.user_rows.rows_mut().for_each(|row| visit(row.last_project.as_mut()));
        for row in self.collaborators.slots_mut() {
            visit(row.project.as_mut());
            visit(row.earlier_project.as_mut());
        }
        self.grants.slots_mut().for_each(|row| visit(row.project.as_mut()));
        self.api_key_rows.rows_mut().for_each(|row| visit(row.project.as_mut()));
        for limits in self.api_key_limits.rows_mut() {
            if let Reach::Listed(further) = &mut limits.reach {
                each_of(further, visit);
            }
        }
        self.resource_rows.rows_mut().for_each(|row| visit(row.project.as_mut()));
    }

    fn listed_api_keys(&mut self, visit: &mut dyn FnMut(&mut u32)) {
        self.project_contents.rows_mut().for_each(|contents| each_of(&mut contents.api_keys, visit));
    }

    fn each_api_key(&mut self, visit: &mut dyn FnMut(&mut u32)) {
        self.listed_api_keys(visit);
        for row in self.organization_rows.rows_mut() {
            row.default_key.iter_mut().for_each(|key| visit(key.as_mut()));
            each_of(&mut row.wide_keys, visit);
        }
        self.digests.slots_mut().for_each(|slot| visit(slot.key.as_mut()));
    }

    fn each_limits(&mut self, visit: &mut dyn FnMut(&mut u32)) {
        self.api_key_rows.rows_mut().for_each(|row| visit(row.limits.as_mut()));
    }

    fn each_resource(&mut self, visit: &mut dyn FnMut(&mut u32)) {
        for contents in self.project_contents.rows_mut() {
            each_of(&mut contents.resources, visit);
        }
    }

    fn each_user(&mut self, visit: &mut dyn FnMut(&mut u32)) {
        // Users whom nothing but their own entry mentions.
        each_of(&mut self.listed, visit);
        for row in self.organization_rows.rows_mut() {
            visit(row.owner.as_mut());
            each_of(&mut row.members, visit);
        }
        for contents in self.project_contents.rows_mut() {
            each_of(&mut contents.collaborators, visit);
        }
        for row in self.group_rows.rows_mut() {
            each_of(&mut row.members, visit);
        }
        self.api_key_limits.rows_mut().filter_map(|limits| limits.acts_as.as_mut()).for_each(|user| visit(user.as_mut()));
        self.api_key_rows.rows_mut().filter_map(|row| row.created_by.as_mut()).for_each(|user| visit(user.as_mut()));
        self.resource_creators.values_mut().for_each(|user| visit(user.as_mut()));
        self.collaborators.slots_mut().for_each(|row| visit(row.user.as_mut()));
        self.externals.slots_mut().for_each(|row| visit(row.user.as_mut()));
    }

    fn each_text(&mut self, visit: &mut dyn FnMut(&mut u32)) {
        for row in self.user_rows.rows_mut() {
            visit(row.email.as_mut());
            visit(row.outside.as_mut());
            row.extra.iter_mut().flat_map(|extra| &mut extra.elsewhere).for_each(|row| visit(row.home.as_mut()));
        }
        self.organization_rows.rows_mut().for_each(|row| visit(row.name.as_mut()));
        self.group_rows.rows_mut().for_each(|row| visit(row.name.as_mut()));
        self.project_contents.rows_mut().for_each(|contents| visit(contents.name.as_mut()));
        self.api_key_facts.rows_mut().for_each(|facts| visit(facts.name.as_mut()));
        self.resource_names.values_mut().for_each(|name| visit(name.as_mut()));
    }

    fn each_period(&mut self, visit: &mut dyn FnMut(&mut u32)) {
        for row in self.user_rows.rows_mut() {
            visit(row.period.as_mut());
            if let Some(extra) = &mut row.extra {
                extra.others.iter_mut().for_each(|other| visit(other.period.as_mut()));
                extra.groups.iter_mut().for_each(|group| visit(group.period.as_mut()));
                extra.elsewhere.iter_mut().for_each(|row| visit(row.period.as_mut()));
            }
        }
        self.collaborators.slots_mut().for_each(|row| visit(row.period.as_mut()));
        self.grants.slots_mut().for_each(|row| visit(row.period.as_mut()));
    }
}

/// Visits every entry of a list, and frees surplus memory.
#[inline(never)]
fn each_of<I: AsMut<u32>>(list: &mut Vec<I>, visit: &mut dyn FnMut(&mut u32)) {
    list.iter_mut().map(I::as_mut).for_each(visit);
    shrink(list);
}

#[cfg(test)]
mod tests;
