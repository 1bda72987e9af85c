//! Excerpts: a directory without most organizations, or without what secrets and people could be guessed from, for copies that need no more.
//!
//! An excerpt answers every question about its organizations as the whole directory does. So it has their users, with what their entries say; of
//! memberships in organizations that are left out, it has the home alone, where the usage of externals is booked (B4).

use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::sync::Arc;

use crate::catalogue::error_code::ErrorCode;
use crate::input::error::{Error, quoted};
use crate::input::path::Path;
use crate::wire::column::Damage;

use super::document::UserDocument;
use super::entry::{Entry, EntryIndex, Images, Key, write_entry};
use super::indices::{Organization, User};
use super::rows::PeriodRow;
use super::tables::Tables;
use super::versioned::Directory;

/// What an excerpt contains.
#[derive(Clone, Debug)]
pub(crate) struct Excerpt<'e> {
    /// The ids of its organizations; `None` for all.
    pub(crate) organizations: Option<Vec<&'e str>>,
    /// Whether it has the digests of API keys, and the e-mail addresses of users.
    pub(crate) digests: bool,
}

impl Directory {
    /// The same directory without the digests of API keys and the e-mail addresses of users: nobody can test guesses of secrets against it.
    ///
    /// # Errors
    /// `limit_exceeded` never, since a part has no more than the whole.
    pub fn without_digests(&self) -> Result<Self, Error> {
        self.excerpt(&Excerpt { organizations: None, digests: false })
    }

    /// The excerpt at the same revision and age. It has another state, so it takes no deltas of the whole.
    ///
    /// # Errors
    /// `not_found` for the first organization that is not in the directory.
    pub(crate) fn excerpt(&self, excerpt: &Excerpt<'_>) -> Result<Self, Error> {
        let tables = self.tables();
        for (number, id) in excerpt.organizations.iter().flatten().enumerate() {
            if tables.organization(id).is_none() {
                let at = Path::Root.field("organizations");
                return Err(Error::new(ErrorCode::NotFound, &at.item(number), format_args!("there is no organization {}", quoted(id))));
            }
        }
        // INVARIANT: what is valid in the whole is valid in a part of it.
        let part = tables.part(excerpt).map_err(|damage| Error::new(ErrorCode::LimitExceeded, &Path::Root, damage.0))?;
        Ok(Self::new(part, self.revision(), self.issued_at(), self.max_age_seconds(), None))
    }
}

impl Tables {
    fn part(&self, excerpt: &Excerpt<'_>) -> Result<Self, Damage> {
        let ids: BTreeSet<&str> = match &excerpt.organizations {
            Some(organizations) => organizations.iter().copied().collect(),
            None => self.organization_ids().collect(),
        };
        let mut part = Self::empty(Arc::clone(&self.policy), self.hasher.clone());
        let (mut images, mut users) = (Images::new(), BTreeSet::new());
        for id in &ids {
            self.take(id, excerpt.digests, &mut images, &mut users);
        }
        if excerpt.organizations.is_none() {
            users.extend(&self.listed);
        }
        for user in &users {
            // A maker whom only the rest of the directory mentions is known here by an entry of their own.
            if self.user_rows[*user].is_known() {
                let entry = self.user_document(*user);
                let email = entry.email.filter(|_| excerpt.digests);
                let organization = self.named_home(*user).filter(|home| self.organization(home).is_none() || ids.contains(home));
                let mut image = Vec::new();
                write_entry(Entry::User(UserDocument { email, organization, ..entry }), &mut image);
                images.insert(Key::User(self.users.name(*user)).to_text(), Some(image));
            }
        }
        part.restore(&images)?;
        for user in users {
            self.leave_behind(user, &ids, &mut part)?;
        }
        part.forget_bare_entries();
        part.sort_lists();
        Ok(part)
    }

    /// Takes the entries of an organization, and the users whom they name.
    fn take(&self, id: &str, with_digests: bool, images: &mut Images, users: &mut BTreeSet<User>) {
        let _ = self.walk(&Key::Organization(id).to_text(), &mut |entry| {
            let key = self.path_of(entry);
            if key.organization() != Some(id) {
                return ControlFlow::Break(());
            }
            let mut image = Vec::new();
            match (entry, self.entry_at(entry)) {
                (EntryIndex::ApiKey(index), Some(Entry::ApiKey(mut fields))) => {
                    users.extend(self.api_key_rows[index].created_by);
                    users.extend(self.acted_user(index));
                    fields.digest = fields.digest.filter(|_| with_digests);
                    write_entry(Entry::ApiKey(fields), &mut image);
                }
                (_, Some(fields)) => {
                    match entry {
                        EntryIndex::Organization(organization) => drop(users.insert(self.organization_rows[organization].owner)),
                        EntryIndex::Resource(resource) => users.extend(self.resource_creators.get(resource).get()),
                        _ => users.extend(entry.user()),
                    }
                    write_entry(fields, &mut image);
                }
                (_, None) => {}
            }
            images.insert(key.to_text(), Some(image));
            ControlFlow::Continue(())
        });
    }

    /// Notes in an excerpt the memberships of a user that it does not have.
    fn leave_behind(&self, user: User, ids: &BTreeSet<&str>, part: &mut Self) -> Result<(), Damage> {
        let named = self.named_home(user);
        for row in self.member_rows(user) {
            let id = self.organizations.name(row.organization);
            if ids.contains(id) {
                continue;
            }
            let project = self.projects.name(self.organization_rows[row.organization].default_project);
            let (added_at, expires_at) = self.period(row.period);
            let period = PeriodRow { added_at: added_at.into(), expires_at: expires_at.into() };
            let copy = part.intern_user(self.users.name(user))?;
            part.push_elsewhere(copy, [id, project], named == Some(id), period)?;
        }
        // What an excerpt has left out already.
        for row in self.elsewhere(user) {
            let (organization, project) = self.text(row.home).split_once('\0').unwrap_or_default();
            let (added_at, expires_at) = self.period(row.period);
            let period = PeriodRow { added_at: added_at.into(), expires_at: expires_at.into() };
            let copy = part.intern_user(self.users.name(user))?;
            part.push_elsewhere(copy, [organization, project], row.is_named, period)?;
        }
        Ok(())
    }

    /// Takes over the memberships of organizations that other tables have left out, which are in no entry.
    pub(super) fn take_elsewhere(&mut self, other: &Self) {
        if !other.has_elsewhere {
            return;
        }
        for (user, _) in other.user_rows.iter() {
            for row in other.elsewhere(user) {
                let (organization, project) = other.text(row.home).split_once('\0').unwrap_or_default();
                let (added_at, expires_at) = other.period(row.period);
                let period = PeriodRow { added_at: added_at.into(), expires_at: expires_at.into() };
                // The tables that are replaced had room for it.
                let copy = self.intern_user(other.users.name(user));
                let _ = copy.and_then(|copy| self.push_elsewhere(copy, [organization, project], row.is_named, period));
            }
        }
    }

    /// Forgets what was left out of an organization that has been put since, and is removed now.
    pub(super) fn forget_elsewhere(&mut self, organization: Organization) {
        if !self.has_elsewhere || self.journal.is_undoing {
            return;
        }
        let Self { texts, user_rows, organizations, .. } = self;
        let id = organizations.name(organization);
        for extra in user_rows.rows_mut().filter_map(|row| row.extra.as_mut()) {
            extra.elsewhere.retain(|row| texts.get(row.home).split('\0').next() != Some(id));
        }
    }
}
