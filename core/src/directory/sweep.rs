//! Sweeping: what nobody can find any more is taken out of the tables, where they lie.
//!
//! Table by table, whatever something still points at stays and closes up in its order; then what pointed at it points at its new number.
//! Nothing is copied but a table of pairs or names at a time: memory that was taken for a moment may be the allocator's for ever, and in WebAssembly it is.

use crate::renumbering::{Renumbering, give_back};

use super::{Directory, Home};

/// Does something to every number in the directory that points into one table.
type Each = fn(&mut Directory, &mut dyn FnMut(&mut u32));

impl Directory {
    /// Takes out resources that are forgotten, then users of whom nothing is left but their name, then texts of nothing.
    pub(super) fn sweep(&mut self) {
        self.garbage = 0;
        if let Some(renumbering) = self.renumber(self.resource_rows.len(), Self::each_resource) {
            self.resources.close_up(&self.hasher, &renumbering);
            self.resource_rows.close_up(&renumbering);
            self.resource_names.close_up(&renumbering);
            self.resource_creators.close_up(&renumbering);
            self.resource_times.close_up(&renumbering);
        }
        if let Some(renumbering) = self.renumber(self.user_rows.len(), Self::each_user) {
            renumbering.gone().for_each(|user| self.users.forget(&self.hasher, user.into()));
            self.users.close_up(&self.hasher, &renumbering);
            self.user_rows.close_up(&renumbering);
            self.collaborators.rebuild(&self.hasher);
            self.externals.rebuild(&self.hasher);
        }
        if let Some(renumbering) = self.renumber(self.texts.len(), Self::each_text) {
            self.texts.close_up(&renumbering);
        }
    }

    /// The new numbers of one table's entries, to which everything points already. `None` where all stay as they are.
    fn renumber(&mut self, count: usize, each: Each) -> Option<Renumbering> {
        let mut renumbering = Renumbering::of(count);
        each(self, &mut |number| renumbering.keep(*number));
        if !renumbering.count() {
            return None;
        }
        each(self, &mut |number| *number = renumbering.new_number(*number));
        Some(renumbering)
    }

    fn each_resource(&mut self, visit: &mut dyn FnMut(&mut u32)) {
        for contents in self.project_contents.rows_mut() {
            contents.resources.iter_mut().for_each(|resource| visit(&mut resource.0));
            give_back(&mut contents.resources);
        }
    }

    fn each_user(&mut self, visit: &mut dyn FnMut(&mut u32)) {
        self.listed_users.iter_mut().for_each(|user| visit(&mut user.0));
        for row in self.organization_rows.rows_mut() {
            visit(&mut row.owner.0);
            row.members.iter_mut().for_each(|user| visit(&mut user.0));
            give_back(&mut row.members);
        }
        for contents in self.project_contents.rows_mut() {
            contents.collaborators.iter_mut().for_each(|user| visit(&mut user.0));
            give_back(&mut contents.collaborators);
        }
        self.api_key_rows.rows_mut().filter_map(|row| row.created_by.as_mut()).for_each(|user| visit(&mut user.0));
        self.resource_creators.values_mut().for_each(|user| visit(user.number_mut()));
        self.collaborators.slots_mut().for_each(|row| visit(&mut row.user.0));
        self.externals.slots_mut().for_each(|row| visit(&mut row.user.0));
    }

    fn each_text(&mut self, visit: &mut dyn FnMut(&mut u32)) {
        for row in self.user_rows.rows_mut() {
            visit(row.email.number_mut());
            if let Home::Outside(organization) = &mut row.home {
                visit(&mut organization.0);
            }
        }
        self.organization_rows.rows_mut().for_each(|row| visit(row.name.number_mut()));
        self.project_contents.rows_mut().for_each(|contents| visit(contents.name.number_mut()));
        self.api_key_facts.rows_mut().for_each(|facts| visit(facts.name.number_mut()));
        self.resource_names.values_mut().for_each(|name| visit(name.number_mut()));
    }

    /// Gives member and collaborator rows the first numbers again, in the order that they have.
    pub(super) fn number_rows_anew(&mut self) {
        let mut numbers = 0_u32..;
        for organization in (0..).map_while(|number| self.organization_rows.at(number)).collect::<Vec<_>>() {
            for (user, number) in self.members_in_order(organization).into_iter().zip(&mut numbers) {
                self.user_rows[user].joined = number;
            }
        }
        for project in (0..).map_while(|number| self.project_rows.at(number)).collect::<Vec<_>>() {
            for ((user, _), number) in self.collaborators_in_order(project).into_iter().zip(&mut numbers) {
                if let Some(row) = self.collaborator_mut(project, user) {
                    row.order = number;
                }
            }
        }
        self.next_order = numbers.start;
    }
}
