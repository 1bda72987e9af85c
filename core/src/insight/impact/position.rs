//! Positions: where a page ended, as text. No id contains a zero character, so it separates the parts.

use super::answer::{BookedAt, ImpactRow};

const ACCESS: &str = "access";
const BOOKING: &str = "booking";

/// The row that a page ended with: whether it is one of bookings, its principal, and what comes after that in the order of rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Position {
    pub(super) is_of_bookings: bool,
    pub(super) principal: String,
    rest: Vec<String>,
}

impl Position {
    pub(super) fn of(row: &ImpactRow) -> Self {
        let owned = |text: &str| text.to_owned();
        match row {
            ImpactRow::Access(row) => Self { is_of_bookings: false, principal: owned(&row.principal), rest: vec![owned(&row.on)] },
            ImpactRow::Booking(row) => {
                // An id is not empty, so what is unknown comes first, as in the order of rows.
                let place = |place: &BookedAt| {
                    let part = |id: &Option<std::sync::Arc<str>>| id.as_deref().map_or_else(String::new, owned);
                    [part(&place.organization), part(&place.project)]
                };
                let rest = [vec![owned(&row.project)], place(&row.before).to_vec(), place(&row.after).to_vec()].concat();
                Self { is_of_bookings: true, principal: owned(&row.principal), rest }
            }
        }
    }

    /// Whether a row of the same principal comes after this one.
    pub(super) fn is_before(&self, row: &ImpactRow) -> bool {
        self.rest < Self::of(row).rest
    }

    pub(super) fn to_text(&self) -> String {
        let kind = if self.is_of_bookings { BOOKING } else { ACCESS };
        let parts = [kind, &self.principal].into_iter().chain(self.rest.iter().map(String::as_str));
        parts.collect::<Vec<_>>().join("\0")
    }

    pub(super) fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('\0');
        let is_of_bookings = match parts.next()? {
            ACCESS => false,
            BOOKING => true,
            _ => return None,
        };
        let principal = parts.next()?.to_owned();
        Some(Self { is_of_bookings, principal, rest: parts.map(str::to_owned).collect() })
    }
}
