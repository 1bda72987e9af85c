//! The answer of an impact, and what its rows are made of.

use std::sync::Arc;

use serde::Serialize;

pub use super::bookings::BookedAt;

/// What differs between two states, for every principal.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Impact {
    /// What principals may do afterwards and not before, and the reverse. In byte order of principal and object.
    pub access: Vec<AccessImpact>,
    /// The usage that is booked elsewhere. In byte order of principal, project, and places before and after; what is unknown comes first.
    pub bookings: Vec<BookingImpact>,
    /// How much differs in all, whatever the page.
    pub counts: ImpactCounts,
    /// Whether anything is gained.
    pub widens: bool,
    /// The cursor of the next page; none if this is the last one, or has no rows.
    pub next_cursor: Option<String>,
}

/// A row of an impact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum ImpactRow {
    /// What a principal gains and loses on an object.
    Access(AccessImpact),
    /// Usage that is booked elsewhere.
    Booking(BookingImpact),
}

/// What a principal gains and loses on an object, on the principal's default surface.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AccessImpact {
    /// `user:<id>` or `api_key:<id>`.
    pub principal: Arc<str>,
    /// An organization, a project or an organization default key, as a reference.
    pub on: Arc<str>,
    /// The actions that are allowed afterwards and not before, in byte order.
    pub gained: Arc<[Arc<str>]>,
    /// The actions that are allowed before and not afterwards, in byte order.
    pub lost: Arc<[Arc<str>]>,
}

/// Usage of a principal in a project, reached before and afterwards, that is booked elsewhere afterwards.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BookingImpact {
    /// `user:<id>` or `api_key:<id>`.
    pub principal: Arc<str>,
    /// The id of the project.
    pub project: Arc<str>,
    /// Where it is booked before.
    pub before: BookedAt,
    /// Where it is booked afterwards.
    pub after: BookedAt,
    /// `kind@surface`, in byte order.
    pub usage: Arc<[Arc<str>]>,
}

/// How much differs in all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ImpactCounts {
    /// The principals that have a row.
    pub principals: u64,
    /// The actions that are gained, on each object and by each principal.
    pub gained: u64,
    /// The actions that are lost, on each object and by each principal.
    pub lost: u64,
    /// The usages that are booked elsewhere, in each row.
    pub bookings: u64,
}
