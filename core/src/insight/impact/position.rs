//! Positions: where a page ended, as text. No id has a zero character, so it separates the parts.

use super::answer::{AccessImpact, BookingImpact, ImpactRow};

const ACCESS: &str = "access";
const BOOKING: &str = "booking";

/// The row that a page ended with: whether it is one of bookings, and what it is ordered by: the reference of its principal comes first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Position {
    pub(super) is_of_bookings: bool,
    parts: Vec<String>,
}

impl Position {
    pub(super) fn of(row: &ImpactRow) -> Self {
        let parts = match row {
            ImpactRow::Access(AccessImpact { principal, on, .. }) => vec![Some(principal), Some(on)],
            ImpactRow::Booking(BookingImpact { principal, project, before, after, .. }) => {
                let [before, after] = [before, after].map(|place| [place.organization.as_ref(), place.project.as_ref()]);
                [&[Some(principal), Some(project)], before.as_slice(), &after].concat()
            }
        };
        // No id is empty, so what is unknown comes first, as in the order of rows.
        let parts = parts.into_iter().map(|part| part.map_or_else(String::new, |part| part.to_string()));
        Self { is_of_bookings: matches!(row, ImpactRow::Booking(_)), parts: parts.collect() }
    }

    /// The type and the id of the principal.
    pub(super) fn principal(&self) -> (&str, &str) {
        self.parts.first().and_then(|principal| principal.split_once(':')).unwrap_or_default()
    }

    /// Whether a row of the same principal and the same sort comes after this one.
    pub(super) fn is_before(&self, row: &ImpactRow) -> bool {
        self.parts < Self::of(row).parts
    }

    pub(super) fn to_text(&self) -> String {
        let sort = if self.is_of_bookings { BOOKING } else { ACCESS };
        [sort].into_iter().chain(self.parts.iter().map(String::as_str)).collect::<Vec<_>>().join("\0")
    }

    pub(super) fn parse(text: &str) -> Option<Self> {
        let (sort, parts) = text.split_once('\0')?;
        let is_of_bookings = [ACCESS, BOOKING].iter().position(|known| *known == sort)? == 1;
        Some(Self { is_of_bookings, parts: parts.split('\0').map(str::to_owned).collect() })
    }
}
