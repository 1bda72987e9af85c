//! Watches: all faults of a document, where reading it would otherwise end at the first.
//!
//! A log hangs at the root of the paths under which a document is read. Only the feature `all-faults` has it: without it, a fault ends reading
//! wherever it is found, and none of this is compiled.

use std::cell::RefCell;

use crate::input::error::Error;

/// The most faults that are told of one document. Whoever has so many has one cause for them.
pub(crate) const MOST_FAULTS: usize = 1_000;

/// The faults of a document so far, in document order.
#[derive(Debug, Default)]
pub(crate) struct FaultLog(RefCell<Vec<Error>>);

impl FaultLog {
    /// Gives the fault back where there are too many already.
    pub(crate) fn note(&self, error: Error) -> Result<(), Error> {
        let mut noted = self.0.borrow_mut();
        if noted.len() >= MOST_FAULTS {
            return Err(error);
        }
        noted.push(error);
        Ok(())
    }

    pub(crate) fn has_faults(&self) -> bool {
        !self.0.borrow().is_empty()
    }

    pub(crate) fn into_faults(self) -> Vec<Error> {
        self.0.into_inner()
    }
}

/// Faults of meaning, which are found in any order: the first of them in document order.
#[derive(Default)]
pub(crate) struct OrderedFaults {
    found: Vec<OrderedFault>,
    /// What lies here or further on is not among the first.
    end: Option<Vec<usize>>,
    /// Whether the next one follows from another fault, and would go with it.
    pub(crate) next_follows: bool,
}

struct OrderedFault {
    position: Vec<usize>,
    follows: bool,
    error: Error,
}

impl OrderedFaults {
    /// The message is written only where the fault is among the first.
    pub(crate) fn add(&mut self, position: Vec<usize>, error: impl FnOnce() -> Error) {
        let follows = std::mem::take(&mut self.next_follows);
        if self.end.as_ref().is_none_or(|end| position < *end) {
            self.found.push(OrderedFault { position, follows, error: error() });
        }
        // Sorted once in a while and not each time.
        if self.found.len() >= MOST_FAULTS.saturating_mul(2) {
            self.prune();
            self.end = self.found.get(MOST_FAULTS.saturating_sub(1)).map(|last| last.position.clone());
        }
    }

    /// What follows from another fault is told only if it comes first, since then it is what loading fails with.
    fn prune(&mut self) {
        self.found.sort_by(|one, other| one.position.cmp(&other.position));
        let mut is_first = true;
        self.found.retain(|found| std::mem::replace(&mut is_first, false) || !found.follows);
        self.found.truncate(MOST_FAULTS);
    }

    /// Hands all of them to the log but the last, which is what reading ends with.
    pub(crate) fn report_to(mut self, log: &FaultLog) -> Result<(), Error> {
        self.prune();
        let last = self.found.pop();
        self.found.into_iter().try_for_each(|found| log.note(found.error))?;
        last.map_or(Ok(()), |last| Err(last.error))
    }
}
