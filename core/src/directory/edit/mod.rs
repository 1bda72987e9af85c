//! Edits of the tables, for loading and for changes.
//!
//! Nothing here validates: callers have done so. New rows are appended to their list; `lists.rs` sorts them. Every edit touches each entry
//! before it creates, alters or removes it, for the journal. A function that takes an entry leaves the list that contains it as it is: for
//! callers that have taken the whole list.

use crate::collections::table::Maybe;
use crate::collections::texts::Full;
use crate::directory::digest::KeyDigest;
use crate::directory::document::{KeyKind, Membership};
use crate::directory::indices::{Organization, Period, Project, Text, User};
use crate::directory::rows::{KeyLimits, PeriodRow};
use crate::directory::tables::Tables;
use crate::input::instant::Instant;
use crate::policy::{Kind, OrganizationRole, Visibility};

mod adding;
mod collaborators;
mod groups;
mod headers;
mod keys;
mod members;
mod organizations;
mod projects;
mod resources;
mod users;

/// A new organization, without members and projects.
pub(crate) struct NewOrganization<'n> {
    pub(crate) owner: User,
    pub(crate) membership: Membership,
    pub(crate) multi_project: bool,
    pub(crate) projects_since: Option<Instant>,
    pub(crate) suspended_at: Option<Instant>,
    pub(crate) name: Option<&'n str>,
}

/// A new member row.
pub(crate) struct NewMember {
    pub(crate) organization: Organization,
    pub(crate) user: User,
    pub(crate) role: OrganizationRole,
    pub(crate) period: PeriodRow,
    pub(crate) suspended_at: Option<Instant>,
}

/// A new project, without contents.
pub(crate) struct NewProject<'n> {
    pub(crate) organization: Organization,
    pub(crate) is_default: bool,
    pub(crate) allows_externals: bool,
    pub(crate) visibility: Visibility,
    pub(crate) suspended_at: Option<Instant>,
    pub(crate) name: Option<&'n str>,
}

/// A new API key.
pub(crate) struct NewApiKey<'n> {
    pub(crate) project: Project,
    pub(crate) kind: KeyKind,
    pub(crate) created_by: Option<User>,
    pub(crate) created_at: Option<Instant>,
    pub(crate) expires_at: Option<Instant>,
    pub(crate) revoked_at: Option<Instant>,
    pub(crate) name: Option<&'n str>,
    pub(crate) digest: Option<KeyDigest>,
    pub(crate) limits: KeyLimits,
}

/// A new resource.
pub(crate) struct NewResource<'n> {
    pub(crate) project: Project,
    pub(crate) kind: Kind,
    pub(crate) created_by: Option<User>,
    pub(crate) created_at: Option<Instant>,
    pub(crate) name: Option<&'n str>,
}

impl Tables {
    pub(super) fn add_text(&mut self, text: Option<&str>) -> Result<Maybe<Text>, Full> {
        text.map(|text| self.texts.push(text)).transpose().map(Maybe::from)
    }

    pub(super) fn add_period(&mut self, period: PeriodRow) -> Result<Maybe<Period>, Full> {
        if period == PeriodRow::default() {
            return Ok(Maybe::NONE);
        }
        // The last number is not used: it stands for none.
        let number = u32::try_from(self.periods.len()).ok().filter(|number| *number < u32::MAX).ok_or(Full)?;
        self.periods.push(period);
        self.has_ends |= period.expires_at.get().is_some();
        Ok(Maybe::from(number))
    }

    /// Sets the end of a row with that period, and returns the row's period then.
    fn set_end(&mut self, period: Maybe<Period>, expires_at: Option<Instant>) -> Result<Maybe<Period>, Full> {
        let added_at = period.get().map(|period| self.periods[period].added_at).unwrap_or_default();
        let new = PeriodRow { added_at, expires_at: expires_at.into() };
        match period.get().filter(|_| new != PeriodRow::default()) {
            Some(held) => {
                self.periods[held] = new;
                self.has_ends |= expires_at.is_some();
                Ok(period)
            }
            None => {
                self.drop_row(period);
                self.add_period(new)
            }
        }
    }

    /// Counts a text, a period or another row that nothing refers to any more as garbage, for the next compaction.
    fn drop_row<I>(&mut self, row: Maybe<I>) {
        self.garbage = self.garbage.saturating_add(row.is_some().into());
    }

    /// The same for an entry.
    fn note_garbage(&mut self) {
        self.garbage = self.garbage.saturating_add(1);
    }

    pub(super) fn note_suspension(&mut self, suspended_at: Option<Instant>) {
        self.has_suspensions |= suspended_at.is_some();
    }
}
