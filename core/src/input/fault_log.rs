//! The fault log: collects all faults of a document, where reading would otherwise end at the first.
//!
//! The root of a path may refer to a fault log. Only the feature `all-faults` has it. Without the feature, the first fault ends reading,
//! and none of this is compiled.

use std::cell::RefCell;

use crate::input::error::Error;

/// The most faults that are reported of one document.
pub(crate) const MOST_FAULTS: usize = 1_000;

/// The faults of a document so far, in document order.
#[derive(Debug, Default)]
pub(crate) struct FaultLog(RefCell<Vec<Error>>);

impl FaultLog {
    /// Adds a fault. Fails with the fault itself if there are too many.
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

/// Faults of meaning: found in any order, kept in document order.
#[derive(Default)]
pub(crate) struct OrderedFaults {
    found: Vec<OrderedFault>,
    /// Faults at this position or after it are not among the first.
    end: Option<Vec<usize>>,
    /// Whether the next fault only follows from another one, which should be reported instead.
    pub(crate) next_follows: bool,
}

struct OrderedFault {
    position: Vec<usize>,
    follows: bool,
    error: Error,
}

impl OrderedFaults {
    /// Adds a fault. The message is formatted only if the fault is among the first.
    pub(crate) fn add(&mut self, position: Vec<usize>, error: impl FnOnce() -> Error) {
        let follows = std::mem::take(&mut self.next_follows);
        if self.end.as_ref().is_none_or(|end| position < *end) {
            self.found.push(OrderedFault { position, follows, error: error() });
        }
        // Sorted now and then, not for each fault.
        if self.found.len() >= MOST_FAULTS.saturating_mul(2) {
            self.prune();
            self.end = self.found.get(MOST_FAULTS.saturating_sub(1)).map(|last| last.position.clone());
        }
    }

    /// Sorts the faults and drops the surplus. A fault that follows from another one is kept only if it comes first, since loading fails
    /// with it.
    fn prune(&mut self) {
        self.found.sort_by(|one, other| one.position.cmp(&other.position));
        let mut is_first = true;
        self.found.retain(|found| std::mem::replace(&mut is_first, false) || !found.follows);
        self.found.truncate(MOST_FAULTS);
    }

    /// Logs all faults but the last, which is returned as the error.
    pub(crate) fn report_to(mut self, log: &FaultLog) -> Result<(), Error> {
        self.prune();
        let last = self.found.pop();
        self.found.into_iter().try_for_each(|found| log.note(found.error))?;
        last.map_or(Ok(()), |last| Err(last.error))
    }
}
