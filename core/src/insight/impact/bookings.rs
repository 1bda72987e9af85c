//! Where usage is booked on either side, and where that differs. Of whoever is in the organization it depends on the project alone.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;

use crate::attribution::{FoundUsage, Party, Traits, UsageSorts};
use crate::collections::table::{Maybe, Table};
use crate::directory::{Project, Tables};
use crate::input::instant::Instant;
use crate::policy::Kind;

use super::actions::NameList;
use super::both::{Both, BothTables, Side};
use super::indices::{ObjectIndex, Sort};
use super::objects::{ObjectRow, Objects};
use super::ties::Pair;

/// Where usage is booked; null what is unknown, and for usage that cannot be attributed.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct BookedAt {
    /// The id of the organization.
    pub organization: Option<Arc<str>>,
    /// The id of the project.
    pub project: Option<Arc<str>>,
}

/// Usage that is booked elsewhere afterwards.
#[derive(Clone, Debug)]
pub(super) struct Move {
    pub(super) before: BookedAt,
    pub(super) after: BookedAt,
    /// `kind@surface`, in byte order.
    pub(super) usage: NameList,
}

/// The usage of a principal in a project that is booked elsewhere: by places, in order.
pub(super) type Moves = Arc<[Move]>;

/// How many rows and usages there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct MoveCounts {
    pub(super) rows: u64,
    pub(super) usages: u64,
}

impl MoveCounts {
    pub(super) fn of(moves: &Moves) -> Self {
        let usages = moves.iter().map(|one| one.usage.len() as u64).fold(0, u64::saturating_add);
        Self { rows: moves.len() as u64, usages }
    }

    pub(super) fn plus(self, other: Self) -> Self {
        Self { rows: self.rows.saturating_add(other.rows), usages: self.usages.saturating_add(other.usages) }
    }

    pub(super) fn minus(self, other: Self) -> Self {
        Self { rows: self.rows.saturating_sub(other.rows), usages: self.usages.saturating_sub(other.usages) }
    }
}

/// Usages that are booked alike.
struct UsageSort {
    names: Vec<Arc<str>>,
    example: Both<(Kind, Traits)>,
}

pub(super) struct Bookings {
    at: Instant,
    sorts: Vec<UsageSort>,
    /// Names of usages by the sorts that they are of.
    lists: BTreeMap<u64, NameList>,
    /// What differs for whoever is in the organization on both sides: in each project, and nothing on other objects.
    of_insiders: Table<ObjectIndex, Moves>,
    /// The same, counted for all objects of a sort.
    of_sorts: Table<Sort, MoveCounts>,
}

impl Bookings {
    pub(super) fn new(tables: BothTables<'_>, objects: &Objects, at: Instant) -> Self {
        let mut usages = UsageSorts::of(tables.before.policy());
        usages.also(tables.after.policy());
        let sort = |usages: Vec<(&str, &str)>| {
            let (kind, surface) = usages.first().copied()?;
            let example = tables.map(|tables| {
                let policy = tables.policy();
                let (kind, surface) = (policy.kind(kind)?, policy.surface(surface)?);
                Some((kind, policy.traits(kind, surface)))
            });
            let names = usages.iter().map(|(kind, surface)| Arc::from(format!("{kind}@{surface}"))).collect();
            Some(UsageSort { names, example: example.all()? })
        };
        let sorts = usages.sorts().into_iter().filter_map(sort).collect();
        let mut bookings = Self { at, sorts, lists: BTreeMap::new(), of_insiders: Table::new(), of_sorts: Table::new() };
        let insiders = tables.map(|tables| Party::insider(tables.policy().api_key_surface()));
        for (_, row) in objects.rows.iter() {
            let moves = row.projects().map_or_else(Moves::default, |projects| bookings.compare(tables, &projects, &insiders));
            bookings.of_insiders.push(moves);
        }
        for (_, sort) in objects.sorts.iter() {
            let counts = sort.objects.iter().map(|object| MoveCounts::of(bookings.of_insiders(*object)));
            bookings.of_sorts.push(counts.fold(MoveCounts::default(), MoveCounts::plus));
        }
        bookings
    }

    /// What is booked elsewhere of whoever is in the organization of a project on both sides.
    pub(super) fn of_insiders(&self, object: ObjectIndex) -> &Moves {
        &self.of_insiders[object]
    }

    /// The same, counted for all objects of a sort.
    pub(super) fn of_sort(&self, sort: Sort) -> MoveCounts {
        self.of_sorts[sort]
    }

    /// What is booked elsewhere of one principal.
    pub(super) fn of_principal(&mut self, tables: BothTables<'_>, object: ObjectIndex, row: &ObjectRow, pair: Pair) -> Moves {
        let Some((projects, principals)) = row.projects().zip(pair.all()) else { return Moves::default() };
        let is_insider = |side: Side| tables.get(side).books_as_insider(*principals.get(side), *projects.get(side), self.at);
        if Side::ALL.into_iter().all(is_insider) {
            return Arc::clone(self.of_insiders(object));
        }
        let parties = Both::each(|side| tables.get(side).party(*principals.get(side)));
        self.compare(tables, &projects, &parties)
    }

    /// Compares one usage of each sort.
    fn compare(&mut self, tables: BothTables<'_>, projects: &Both<Project>, parties: &Both<Party>) -> Moves {
        let mut moves: BTreeMap<_, u64> = BTreeMap::new();
        for (number, sort) in (0_u32..64).zip(&self.sorts) {
            let place =
                |side: Side| tables.get(side).place_of_usage(parties.get(side), *projects.get(side), *sort.example.get(side), self.at);
            let (before, after) = (place(Side::Before), place(Side::After));
            if before != after {
                let sorts = moves.entry((before, after)).or_default();
                *sorts |= 1 << number;
            }
        }
        let place = |(organization, project): (Option<&str>, Option<&str>)| BookedAt {
            organization: organization.map(Arc::from),
            project: project.map(Arc::from),
        };
        let moves = moves.into_iter();
        moves.map(|((before, after), sorts)| Move { before: place(before), after: place(after), usage: self.usages(sorts) }).collect()
    }

    fn usages(&mut self, sorts: u64) -> NameList {
        let all = &self.sorts;
        let list = self.lists.entry(sorts).or_insert_with(|| {
            let wanted = all.iter().enumerate().filter(|(number, _)| sorts >> number & 1 == 1);
            let mut names: Vec<_> = wanted.flat_map(|(_, sort)| sort.names.iter().cloned()).collect();
            names.sort_unstable();
            names.into()
        });
        Arc::clone(list)
    }
}

impl Tables {
    /// The ids of the organization and project where usage is booked; none if it cannot be attributed.
    fn place_of_usage(&self, party: &Party, project: Project, (kind, traits): (Kind, Traits), at: Instant) -> (Option<&str>, Option<&str>) {
        let usage =
            FoundUsage { party, kind, traits, named: Some(project).into(), resource: (kind, Maybe::NONE), resource_is_unknown: false, at };
        self.book(&usage).map_or((None, None), |booked| self.place_ids(booked.place))
    }
}
