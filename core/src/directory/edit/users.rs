//! Users, and the facts of their entries.

use crate::collections::table::Maybe;
use crate::collections::texts::Full;
use crate::directory::entry::EntryIndex;
use crate::directory::indices::{Organization, User};
use crate::directory::rows::{Elsewhere, PeriodRow, UserExtra, UserRow};
use crate::directory::tables::Tables;
use crate::input::instant::Instant;

impl Tables {
    /// The user of that id; a new one may have no row yet.
    pub(crate) fn intern_user(&mut self, id: &str) -> Result<User, Full> {
        let (user, new) = self.users.intern(&self.hasher, id)?;
        if new {
            self.user_rows.push(UserRow::NOTHING);
        }
        Ok(user)
    }

    /// Adds a bare entry for the user in the document. It is written only while nothing else mentions the user.
    pub(crate) fn list_user(&mut self, user: User) {
        self.touch(EntryIndex::User(user));
        self.user_rows[user].is_bare = true;
    }

    /// Forgets bare entries of users whom something else mentions, so that equal directories are equal whatever their documents said.
    pub(crate) fn forget_bare_entries(&mut self) {
        self.user_rows.rows_mut().for_each(UserRow::forget_bare_entry);
    }

    /// The same for one user, whose entry has been put.
    pub(crate) fn forget_bare_entry_of(&mut self, user: User) {
        self.user_rows[user].forget_bare_entry();
    }

    /// Forgets the bare entry of a user whom a new row mentions.
    pub(crate) fn forget_bare_entry(&mut self, user: User) {
        if self.user_rows[user].is_bare {
            self.touch(EntryIndex::User(user));
            self.user_rows[user].is_bare = false;
        }
    }

    pub(crate) fn set_email(&mut self, user: User, email: Option<&str>) -> Result<(), Full> {
        self.touch(EntryIndex::User(user));
        let email = self.add_text(email)?;
        let old = std::mem::replace(&mut self.user_rows[user].email, email);
        self.drop_row(old);
        Ok(())
    }

    pub(crate) fn set_home_outside(&mut self, user: User, organization: &str) -> Result<(), Full> {
        self.touch(EntryIndex::User(user));
        self.user_rows[user].outside = Some(self.texts.push(organization)?).into();
        Ok(())
    }

    pub(crate) fn clear_home_outside(&mut self, user: User) {
        if self.user_rows[user].outside.is_some() {
            self.touch(EntryIndex::User(user));
            let old = std::mem::take(&mut self.user_rows[user].outside);
            self.drop_row(old);
        }
    }

    /// Notes a membership of an organization that is left out, by its id and that of its default project.
    pub(crate) fn push_elsewhere(&mut self, user: User, ids: [&str; 2], is_named: bool, period: PeriodRow) -> Result<(), Full> {
        let home = self.texts.push(&ids.join("\0"))?;
        let period = self.add_period(period)?;
        self.has_elsewhere = true;
        self.extra_mut(user).elsewhere.push(Elsewhere { home, is_named, period });
        Ok(())
    }

    pub(super) fn extra_mut(&mut self, user: User) -> &mut UserExtra {
        self.user_rows[user].extra.get_or_insert_default()
    }

    /// Frees the facts that few users have once there are none: answers are faster for users without them.
    pub(super) fn drop_empty_extra(&mut self, user: User) {
        let extra = &mut self.user_rows[user].extra;
        if extra.as_deref() == Some(&UserExtra::default()) {
            *extra = None;
        }
    }

    /// Sets the home among several organizations of the directory.
    pub(crate) fn set_home_inside(&mut self, user: User, organization: Organization) {
        self.touch(EntryIndex::User(user));
        self.extra_mut(user).home = Some(organization).into();
    }

    /// Suspends a user who is listed, from an instant on.
    pub(crate) fn suspend_user(&mut self, user: User, suspended_at: Option<Instant>) {
        if suspended_at.is_some() {
            self.set_user_suspension(user, suspended_at);
        }
    }

    /// Suspends a user, or ends the suspension. The user's entry stays if it is the only mention of the user.
    pub(crate) fn change_user_suspension(&mut self, user: User, suspended_at: Option<Instant>) {
        self.set_user_suspension(user, suspended_at);
        self.drop_empty_extra(user);
        let row = &mut self.user_rows[user];
        row.is_bare = !row.is_mentioned() && !row.says_something();
    }

    fn set_user_suspension(&mut self, user: User, suspended_at: Option<Instant>) {
        self.touch(EntryIndex::User(user));
        self.note_suspension(suspended_at);
        self.extra_mut(user).suspended_at = suspended_at;
    }

    /// Removes everything that a user's entry says.
    pub(crate) fn clear_user(&mut self, user: User) {
        let row = &self.user_rows[user];
        if !row.is_bare && !row.says_something() {
            return;
        }
        self.touch(EntryIndex::User(user));
        let row = &mut self.user_rows[user];
        row.is_bare = false;
        let (email, outside) = (std::mem::take(&mut row.email), std::mem::take(&mut row.outside));
        if let Some(extra) = &mut row.extra {
            extra.suspended_at = None;
            extra.home = Maybe::NONE;
        }
        self.drop_empty_extra(user);
        self.drop_row(email);
        self.drop_row(outside);
    }

    /// Counts a user without any row as garbage, for the next compaction.
    pub(super) fn note_if_gone(&mut self, user: User) {
        if !self.user_rows[user].is_known() {
            self.note_garbage();
        }
    }
}
