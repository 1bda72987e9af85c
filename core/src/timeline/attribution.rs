//! Attribution by time: each row of a table by the revision that was in force at its own instant.
//!
//! Rows come in any order. They are gathered with their cells, and then booked in the order of time, so that one directory moves through the steps once for
//! all of them, forwards or backwards. The answers are written in the order of the rows.

use crate::catalogue::error_code::ErrorCode;
use crate::columns::{AttributionColumns, BookedRow, InstantCell, UsageColumns, UsageRow};
use crate::input::error::Error;
use crate::input::instant::Instant;
use crate::input::path::Path;

use super::era::EraNames;
use super::instants::Instants;
use super::states::Timeline;

/// The position of a row from before the beginning.
const BEFORE: u32 = u32::MAX;
/// As many rows are written at a time: few enough to stay in the cache.
const CHUNK: usize = 2_048;
/// Eras that are not needed for the next rows are kept up to this number.
const MOST_ERAS: usize = 2;

/// The attribution of rows by a timeline as it is now: what follows is not known to it.
#[derive(Debug)]
pub struct TimelineAttribution {
    timeline: Timeline,
    beginning: i64,
    instants: Instants,
    revisions: Vec<u64>,
    /// The first position of each era.
    starts: Vec<usize>,
    eras: Vec<Option<Box<EraNames>>>,
    /// How many eras have been made or compacted.
    generation: u64,
    rows: Vec<UsageRow>,
    /// How many steps led to the state that each row is booked by.
    positions: Vec<u32>,
    /// Where the present rows begin.
    chunk: usize,
    chunk_eras: Vec<usize>,
    booked: Vec<BookedRow>,
    /// The dictionaries that the numbers of the eras are of.
    dictionaries: [u32; 2],
}

impl TimelineAttribution {
    /// # Errors
    /// `limit_exceeded` if there are too many steps.
    pub fn new(timeline: Timeline) -> Result<Self, Error> {
        let steps = &timeline.steps;
        if steps.len() >= BEFORE as usize {
            return Err(Error::new(ErrorCode::LimitExceeded, &Path::Root, "the timeline has too many steps"));
        }
        let instants = Instants::of(steps.iter().map(|step| step.at.unix_milliseconds()).collect());
        let revisions = (0..=steps.len()).map(|position| timeline.revision_at(position)).collect();
        let policies = steps.iter().enumerate().filter(|(_, step)| step.has_another_policy);
        let starts: Vec<usize> = [0].into_iter().chain(policies.map(|(number, _)| number.saturating_add(1))).collect();
        Ok(Self {
            beginning: timeline.beginning.map_or(i64::MIN, Instant::unix_milliseconds),
            instants,
            revisions,
            eras: starts.iter().map(|_| None).collect(),
            starts,
            generation: 0,
            rows: Vec::new(),
            positions: Vec::new(),
            chunk: 0,
            chunk_eras: Vec::new(),
            booked: Vec::new(),
            dictionaries: [0; 2],
            timeline,
        })
    }

    /// Begins with rows whose answers are added to these.
    pub fn begin(&mut self, answers: &AttributionColumns, rows: usize) {
        self.rows.clear();
        self.positions.clear();
        self.rows.reserve(rows);
        self.positions.reserve(rows);
        let dictionaries = [answers.organizations.version().0, answers.api_keys.version().0];
        if std::mem::replace(&mut self.dictionaries, dictionaries) != dictionaries {
            self.eras.iter_mut().flatten().for_each(|era| era.numbers.forget());
        }
    }

    /// Finds when the next rows were. Returns the eras that [`push`](Self::push) needs the rows of, by number.
    pub fn place(&mut self, at: &[InstantCell]) -> &[usize] {
        self.chunk = self.positions.len();
        let Self { instants, beginning, positions, timeline, .. } = self;
        // INVARIANT: there are fewer steps than the number that stands for none.
        let position = |steps: usize| u32::try_from(steps).unwrap_or(BEFORE);
        positions.extend(at.iter().map(|at| match at.get().map(Instant::unix_milliseconds) {
            Some(at) if at < *beginning => BEFORE,
            Some(at) => position(instants.until(at)),
            None => position(timeline.steps.len()),
        }));
        self.chunk_eras.clear();
        if self.starts.len() == 1 {
            self.chunk_eras.push(0);
        } else {
            let placed = self.positions.get(self.chunk..).unwrap_or_default();
            let mut eras: Vec<usize> = placed.iter().map(|position| self.era_of(*position)).collect();
            eras.sort_unstable();
            eras.dedup();
            self.chunk_eras = eras;
        }
        &self.chunk_eras
    }

    /// The era of a position; the first for rows from before the beginning.
    fn era_of(&self, position: u32) -> usize {
        let position = if position == BEFORE { 0 } else { position as usize };
        self.starts.partition_point(|start| *start <= position).saturating_sub(1)
    }

    /// The names of an era, with which its rows are looked up.
    ///
    /// # Errors
    /// `limit_exceeded` if the timeline alters too many entries.
    pub fn names(&mut self, era: usize) -> Result<&EraNames, Error> {
        self.era(era).map(|era| &*era)
    }

    fn era(&mut self, number: usize) -> Result<&mut EraNames, Error> {
        let first = self.starts.get(number).copied().unwrap_or(0);
        let last = self.starts.get(number.saturating_add(1)).map_or(self.timeline.steps.len(), |start| start.saturating_sub(1));
        let unknown = || Error::new(ErrorCode::LimitExceeded, &Path::Root, "there is no such era");
        let place = self.eras.get_mut(number).ok_or_else(unknown)?;
        if let Some(era) = place {
            return Ok(era);
        }
        self.generation = self.generation.wrapping_add(1);
        Ok(place.insert(Box::new(EraNames::new(&self.timeline, first, last, last, self.generation)?)))
    }

    /// Adds the rows that were [`place`](Self::place)d, looked up with the names of an era.
    pub fn push(&mut self, era: usize, usage: &UsageColumns<'_>) {
        let (is_first, chunk) = (self.rows.len() == self.chunk, self.chunk);
        if is_first {
            self.rows.extend(usage.rows());
            return;
        }
        for (offset, row) in usage.rows().enumerate() {
            let number = chunk.saturating_add(offset);
            if self.positions.get(number).is_some_and(|position| self.era_of(*position) == era)
                && let Some(place) = self.rows.get_mut(number)
            {
                *place = row;
            }
        }
    }

    /// Books the rows, and adds the answers in their order.
    ///
    /// # Errors
    /// `snapshot_corrupt` if the timeline does not fit together.
    pub fn finish(&mut self, answers: &mut AttributionColumns) -> Result<(), Error> {
        self.booked.clear();
        let rows = self.rows.iter().zip(&self.positions);
        self.booked
            .extend(rows.map(|(row, position)| if *position == BEFORE { BookedRow::before_history(row) } else { BookedRow::PENDING }));
        let groups = Groups::of(&self.positions);
        let mut used = Vec::new();
        for number in 0..self.starts.len() {
            let first = self.starts.get(number).copied().unwrap_or(0);
            let end = self.starts.get(number.saturating_add(1)).copied().unwrap_or(usize::MAX);
            if let Some((lowest, highest)) = groups.ends(first, end) {
                used.push(number);
                self.book(number, &groups, lowest, highest)?;
            }
        }
        self.write(answers)?;
        if self.eras.iter().flatten().count() > MOST_ERAS {
            let needless = |(number, _): &(usize, _)| !used.contains(number);
            self.eras.iter_mut().enumerate().filter(needless).for_each(|(_, era)| *era = None);
        }
        for era in self.eras.iter_mut().flatten() {
            self.generation = self.generation.wrapping_add(1);
            era.rest(self.generation);
        }
        Ok(())
    }

    /// Books the rows of an era, from the nearer end.
    fn book(&mut self, number: usize, groups: &Groups, lowest: usize, highest: usize) -> Result<(), Error> {
        self.era(number)?;
        let Self { eras, timeline, rows, booked, .. } = self;
        let Some(Some(era)) = eras.get_mut(number) else { return Ok(()) };
        let is_forward = era.position().abs_diff(lowest) <= era.position().abs_diff(highest);
        for offset in 0..=highest.saturating_sub(lowest) {
            let position = if is_forward { lowest.saturating_add(offset) } else { highest.saturating_sub(offset) };
            let group = groups.at(position);
            if group.is_empty() {
                continue;
            }
            era.move_to(timeline, position)?;
            let (tables, versions, parties) = era.booking();
            for row in group {
                let row = *row as usize;
                if let (Some(usage), Some(place)) = (rows.get(row), booked.get_mut(row)) {
                    *place = parties.book(tables, &versions.of(usage));
                }
            }
        }
        Ok(())
    }

    /// Writes what is booked, in runs of rows of one era.
    fn write(&mut self, answers: &mut AttributionColumns) -> Result<(), Error> {
        let booked = std::mem::take(&mut self.booked);
        let mut start = 0;
        while start < booked.len() {
            let era = self.positions.get(start).map_or(0, |position| self.era_of(*position));
            let limit = start.saturating_add(CHUNK).min(booked.len());
            let is_single = self.starts.len() == 1;
            let others = self.positions.get(start..limit).unwrap_or_default();
            let length = if is_single { others.len() } else { others.iter().take_while(|other| self.era_of(**other) == era).count() };
            let end = start.saturating_add(length.max(1));
            let names = self.era(era)?;
            let mut numbers = std::mem::take(&mut names.numbers);
            answers.write(names.tables(), &mut numbers, booked.get(start..end).unwrap_or_default());
            names.numbers = numbers;
            start = end;
        }
        self.booked = booked;
        Ok(())
    }

    /// The revision in force at each row; `None` before the beginning.
    pub fn revisions(&self) -> impl ExactSizeIterator<Item = Option<u64>> {
        self.positions.iter().map(|position| self.revisions.get(*position as usize).copied())
    }
}

/// The numbers of rows by their positions.
struct Groups {
    lowest: usize,
    /// Where the rows of each position begin, from the lowest one on, and the end.
    starts: Vec<u32>,
    rows: Vec<u32>,
}

impl Groups {
    fn of(positions: &[u32]) -> Self {
        let known = || positions.iter().copied().filter(|position| *position != BEFORE);
        let Some((lowest, highest)) = known().min().zip(known().max()) else {
            return Self { lowest: 0, starts: Vec::new(), rows: Vec::new() };
        };
        let place = |position: u32| position.wrapping_sub(lowest) as usize;
        let mut starts = vec![0_u32; place(highest).saturating_add(2)];
        for position in known() {
            if let Some(count) = starts.get_mut(place(position).saturating_add(1)) {
                *count = count.saturating_add(1);
            }
        }
        let mut sum = 0_u32;
        for count in &mut starts {
            sum = sum.saturating_add(*count);
            *count = sum;
        }
        let (mut next, mut rows) = (starts.clone(), vec![0_u32; sum as usize]);
        for (row, position) in positions.iter().enumerate() {
            if *position != BEFORE
                && let Some(next) = next.get_mut(place(*position))
                && let Some(slot) = rows.get_mut(*next as usize)
            {
                // INVARIANT: a batch has fewer rows than 2^32.
                *slot = u32::try_from(row).unwrap_or(u32::MAX);
                *next = next.saturating_add(1);
            }
        }
        Self { lowest: lowest as usize, starts, rows }
    }

    /// The rows at a position.
    fn at(&self, position: usize) -> &[u32] {
        let Some(place) = position.checked_sub(self.lowest) else { return &[] };
        let start = |place: usize| self.starts.get(place).map_or(self.rows.len(), |start| *start as usize);
        self.rows.get(start(place)..start(place.saturating_add(1))).unwrap_or_default()
    }

    /// The first and the last position with rows, from `first` to before `end`.
    fn ends(&self, first: usize, end: usize) -> Option<(usize, usize)> {
        let last = self.lowest.saturating_add(self.starts.len()).min(end);
        let mut positions = (first.max(self.lowest)..last).filter(|position| !self.at(*position).is_empty());
        let lowest = positions.next()?;
        Some((lowest, positions.next_back().unwrap_or(lowest)))
    }
}
