//! Readers of the columns that several lists have.

use crate::directory::rows::PeriodRow;
use crate::input::instant::{Instant, MaybeInstant};
use crate::wire::column::{Column, Damage, SPECIAL};
use crate::wire::payload::{ApiKeys, Rows};

pub(super) fn instant(bytes: [u8; 8]) -> Result<Option<Instant>, Damage> {
    MaybeInstant::from_bits(i64::from_le_bytes(bytes)).map(MaybeInstant::get).ok_or(Damage("an instant is not valid"))
}

/// A row of a user or a group.
pub(super) struct Row {
    pub(super) grantee: u32,
    pub(super) role: u8,
    pub(super) period: PeriodRow,
    pub(super) suspended_at: Option<Instant>,
}

/// Reads the columns of rows.
pub(super) struct RowsReader<'p> {
    grantees: Column<'p, 4>,
    roles: Column<'p, 1>,
    /// None if no row has any instant.
    instants: Option<Instants<'p>>,
}

/// The instants of rows.
struct Instants<'p> {
    added_at: InstantReader<'p>,
    expires_at: InstantReader<'p>,
    suspended_at: InstantReader<'p>,
}

impl<'p> RowsReader<'p> {
    /// The rows of a type that is never suspended.
    pub(super) fn never_suspended(rows: &Rows<'p>, places: usize) -> Result<Self, Damage> {
        if rows.suspended_at.is_empty() { Self::new(rows, places) } else { Err(Damage("a row is suspended that cannot be")) }
    }

    pub(super) fn new(rows: &Rows<'p>, places: usize) -> Result<Self, Damage> {
        let has_instants = !(rows.added_at.is_empty() && rows.expires_at.is_empty() && rows.suspended_at.is_empty());
        let instants = || -> Result<_, Damage> {
            Ok(Instants {
                added_at: InstantReader::new(rows.added_at, places)?,
                expires_at: InstantReader::new(rows.expires_at, places)?,
                suspended_at: InstantReader::new(rows.suspended_at, places)?,
            })
        };
        Ok(Self {
            grantees: Column::new(rows.grantees, places)?,
            // Rows of groups' members have no roles.
            roles: Column::new_or_default(rows.roles, places, [0])?,
            instants: has_instants.then(instants).transpose()?,
        })
    }

    pub(super) fn next(&mut self) -> Result<Row, Damage> {
        let [role] = self.roles.next()?;
        let mut row = Row { grantee: self.grantees.next_u32()?, role, period: PeriodRow::default(), suspended_at: None };
        if let Some(instants) = &mut self.instants {
            row.period = PeriodRow { added_at: instants.added_at.next()?.into(), expires_at: instants.expires_at.next()?.into() };
            row.suspended_at = instants.suspended_at.next()?;
        }
        Ok(row)
    }
}

/// Reads an optional column of instants.
pub(super) struct InstantReader<'p>(Column<'p, 8>);

impl<'p> InstantReader<'p> {
    pub(super) fn new(bytes: &'p [u8], places: usize) -> Result<Self, Damage> {
        Column::new_or_default(bytes, places, MaybeInstant::default().to_bits().to_le_bytes()).map(Self)
    }

    pub(super) fn next(&mut self) -> Result<Option<Instant>, Damage> {
        instant(self.0.next()?)
    }
}

/// Reads the limits of API keys.
pub(super) struct LimitsReader<'p> {
    pub(super) acts_as: Column<'p, 4>,
    pub(super) scope_counts: Column<'p, 4>,
    pub(super) scopes: Column<'p, 4>,
    pub(super) further_counts: Column<'p, 4>,
    pub(super) further: Column<'p, 4>,
}

impl<'p> LimitsReader<'p> {
    pub(super) fn new(columns: &ApiKeys<'p>, places: usize) -> Result<Self, Damage> {
        Ok(Self {
            acts_as: Column::new_or_default(columns.acts_as, places, SPECIAL.to_le_bytes())?,
            scope_counts: Column::new_or_default(columns.scope_counts, places, SPECIAL.to_le_bytes())?,
            scopes: Column::of_all(columns.scopes)?,
            further_counts: Column::new_or_default(columns.further_counts, places, [0; 4])?,
            further: Column::of_all(columns.further)?,
        })
    }

    /// Fails if there are scopes or projects left.
    pub(super) fn finish(self) -> Result<(), Damage> {
        self.scopes.finish()?;
        self.further.finish()
    }
}
