//! The rows of an impact, one after the other: in bounded memory, however many there are.

use std::collections::VecDeque;
use std::ops::Deref;
use std::sync::Arc;

use crate::access::Principal;
use crate::directory::{Directory, Tables};
use crate::input::instant::Instant;

use super::actions::{Actions, DeltaRow};
use super::answer::{AccessImpact, BookingImpact, ImpactCounts, ImpactRow};
use super::bookings::Move;
use super::both::{Both, BothTables, Side};
use super::comparison::{Comparison, Difference, Tally};
use super::position::Position;
use super::ties::Pair;

/// What differs between two directories, which it holds: everything is counted at first, and rows are worked out when they are taken. Rows of
/// access come before those of bookings.
pub struct ImpactRows<D> {
    directories: Both<D>,
    comparison: Comparison,
    /// The principals that have rows, in byte order.
    principals: Vec<Counted>,
    counts: ImpactCounts,
    len: u64,
    next: Next,
    /// The rows of the principal that was looked at last.
    rows: VecDeque<ImpactRow>,
}

struct Counted {
    pair: Pair,
    has_access: bool,
    has_bookings: bool,
}

/// The principal whose rows come next.
#[derive(Clone, Copy)]
struct Next {
    is_of_bookings: bool,
    principal: usize,
}

impl<D: Deref<Target = Directory>> ImpactRows<D> {
    pub(crate) fn new(before: D, after: D, at: Instant) -> Self {
        let directories = Both { before, after };
        let tables = tables_of(&directories);
        let mut comparison = Comparison::new(tables, at);
        let (mut principals, mut sum) = (Vec::new(), Tally::default());
        for pair in pairs(tables) {
            let tally = comparison.tally(tables, pair);
            let counted = Counted { pair, has_access: tally.rows > 0, has_bookings: tally.moves.rows > 0 };
            if counted.has_access || counted.has_bookings {
                principals.push(counted);
                sum = sum.plus(tally);
            }
        }
        principals.sort_by(|one, other| name(tables, one.pair).cmp(&name(tables, other.pair)));
        let counts = ImpactCounts { principals: principals.len() as u64, gained: sum.gained, lost: sum.lost, bookings: sum.moves.usages };
        let len = sum.rows.saturating_add(sum.moves.rows);
        let next = Next { is_of_bookings: false, principal: 0 };
        Self { directories, comparison, principals, counts, len, next, rows: VecDeque::new() }
    }

    /// How much differs in all.
    #[must_use]
    pub const fn counts(&self) -> ImpactCounts {
        self.counts
    }

    /// Whether anything is gained.
    #[must_use]
    pub const fn widens(&self) -> bool {
        self.counts.gained > 0
    }

    /// How many rows there are in all.
    #[must_use]
    pub const fn total(&self) -> u64 {
        self.len
    }

    /// Goes to the first row after a position.
    pub(super) fn go_behind(&mut self, position: &Position) {
        let wanted = position.principal();
        let tables = tables_of(&self.directories);
        let place = self.principals.partition_point(|counted| name(tables, counted.pair) < wanted);
        let is_there = self.principals.get(place).is_some_and(|counted| name(tables, counted.pair) == wanted);
        self.next = Next { is_of_bookings: position.is_of_bookings, principal: place };
        self.rows.clear();
        if is_there {
            self.fill();
            self.rows.retain(|row| position.is_before(row));
        }
    }

    /// Works out the rows of the next principal. False after the last one.
    fn fill(&mut self) -> bool {
        let Next { is_of_bookings, principal } = self.next;
        let Some(counted) = self.principals.get(principal) else {
            self.next = Next { is_of_bookings: true, principal: if is_of_bookings { principal } else { 0 } };
            return !is_of_bookings;
        };
        self.next.principal = principal.saturating_add(1);
        if !(if is_of_bookings { counted.has_bookings } else { counted.has_access }) {
            return true;
        }
        let tables = tables_of(&self.directories);
        let (type_name, id) = name(tables, counted.pair);
        let principal: Arc<str> = format!("{type_name}:{id}").into();
        for Difference { object, delta, moves } in self.comparison.differences(tables, counted.pair) {
            let object = &self.comparison.objects.rows[object];
            if !is_of_bookings {
                if delta != Actions::no_delta() {
                    let DeltaRow { gained, lost } = self.comparison.actions().row(delta).clone();
                    let (principal, on) = (Arc::clone(&principal), Arc::clone(&object.reference));
                    self.rows.push_back(ImpactRow::Access(AccessImpact { principal, on, gained, lost }));
                }
            } else if let Some(project) = &object.project {
                self.rows.extend(moves.iter().cloned().map(|Move { before, after, usage }| {
                    let (principal, project) = (Arc::clone(&principal), Arc::clone(project));
                    ImpactRow::Booking(BookingImpact { principal, project, before, after, usage })
                }));
            }
        }
        true
    }
}

impl<D: Deref<Target = Directory>> Iterator for ImpactRows<D> {
    type Item = ImpactRow;

    fn next(&mut self) -> Option<ImpactRow> {
        loop {
            if let Some(row) = self.rows.pop_front() {
                return Some(row);
            }
            if !self.fill() {
                return None;
            }
        }
    }
}

fn tables_of<D: Deref<Target = Directory>>(directories: &Both<D>) -> BothTables<'_> {
    Both { before: directories.before.tables(), after: directories.after.tables() }
}

/// All principals of either side, each once.
fn pairs(tables: BothTables<'_>) -> impl Iterator<Item = Pair> {
    let principals = |tables: &'_ Tables| {
        let keys: Vec<_> = tables.all_api_keys().map(Principal::ApiKey).collect();
        let users: Vec<_> = tables.all_users().map(Principal::User).collect();
        keys.into_iter().chain(users)
    };
    let here = principals(tables.before).map(move |principal| {
        let after = same(tables.before, principal, tables.after);
        Both { before: Some(principal), after }
    });
    let there = principals(tables.after).filter(move |principal| same(tables.after, *principal, tables.before).is_none());
    here.chain(there.map(|principal| Both { before: None, after: Some(principal) }))
}

/// The principal of the other side that has the same name.
fn same(tables: &Tables, principal: Principal, other: &Tables) -> Option<Principal> {
    match principal {
        Principal::User(user) => other.user_like(tables, user).map(Principal::User),
        Principal::ApiKey(key) => other.api_key(tables.api_key_id(key)).map(Principal::ApiKey),
    }
}

/// The type and the id of a principal. Their order is the byte order of references, since no type is the beginning of another.
fn name(tables: BothTables<'_>, pair: Pair) -> (&'static str, &str) {
    let names = Side::ALL.into_iter().filter_map(|side| {
        let tables = *tables.get(side);
        Some(match (*pair.get(side))? {
            Principal::User(user) => ("user", tables.user_id(user)),
            Principal::ApiKey(key) => ("api_key", tables.api_key_id(key)),
        })
    });
    // INVARIANT: a pair has a principal on one side at least.
    names.into_iter().next().unwrap_or(("", ""))
}
