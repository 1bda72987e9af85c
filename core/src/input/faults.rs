//! Faults of meaning: found in any order; the first in document order is reported.

use std::fmt::Display;

use crate::catalogue::error_code::ErrorCode;
use crate::input::error::Error;
#[cfg(feature = "all-faults")]
use crate::input::fault_log::{FaultLog, OrderedFaults};
use crate::input::path::{Path, Step};
use crate::input::value::{Member, Value};

/// What the paths of faults lead into: a document as a value, or as tables.
pub(crate) trait Layout {
    /// The position of a path in document order, after `prefix` steps that lead to the document itself. Parents come before their children.
    /// `latest` is the position of the fault before.
    fn position(&self, path: &Path<'_>, prefix: usize, latest: &[usize]) -> Vec<usize>;

    /// A fault at a path.
    fn fault(&self, code: ErrorCode, path: &Path<'_>, message: &dyn Display) -> Error {
        Error::new(code, path, message)
    }
}

/// The first fault of a document so far, in document order. All of its faults if its path begins at a fault log.
pub(crate) struct Faults<'v> {
    layout: &'v dyn Layout,
    /// How many steps of every path lead to the document itself: 1 for a policy inside a directory document.
    prefix: usize,
    first: Option<(Vec<usize>, Error)>,
    /// The position of the latest fault.
    latest: Vec<usize>,
    #[cfg(feature = "all-faults")]
    all: Option<(OrderedFaults, &'v FaultLog)>,
}

impl<'v> Faults<'v> {
    /// A collector for the document at `path`.
    pub(crate) fn new(layout: &'v dyn Layout, path: &Path<'v>) -> Self {
        Self {
            layout,
            prefix: path.steps().len(),
            first: None,
            latest: Vec::new(),
            #[cfg(feature = "all-faults")]
            all: path.fault_log().map(|log| (OrderedFaults::default(), log)),
        }
    }

    /// Whether all faults are reported, not only the first.
    #[cfg(feature = "all-faults")]
    pub(crate) const fn reports_all(&self) -> bool {
        self.all.is_some()
    }

    /// Reports a fault. The message is formatted only if it is needed.
    #[inline(never)]
    pub(crate) fn report(&mut self, code: ErrorCode, path: &Path<'_>, message: impl Display) {
        let position = self.layout.position(path, self.prefix, &self.latest);
        self.latest.clone_from(&position);
        #[cfg(feature = "all-faults")]
        if let Some((ordered, _)) = &mut self.all {
            return ordered.add(position, || self.layout.fault(code, path, &message));
        }
        if self.first.as_ref().is_none_or(|(first, _)| position < *first) {
            self.first = Some((position, self.layout.fault(code, path, &message)));
        }
    }

    /// Reports a fault unless it only follows from another fault of the document. Without the feature `all-faults`, it is reported in any
    /// case.
    #[inline]
    #[cfg(not(feature = "all-faults"))]
    pub(crate) fn report_unless(&mut self, _follows: impl FnOnce() -> bool, code: ErrorCode, path: &Path<'_>, message: impl Display) {
        self.report(code, path, message);
    }

    /// Reports a fault unless it only follows from another fault of the document.
    #[cfg(feature = "all-faults")]
    pub(crate) fn report_unless(&mut self, follows: impl FnOnce() -> bool, code: ErrorCode, path: &Path<'_>, message: impl Display) {
        if let Some((ordered, _)) = &mut self.all {
            ordered.next_follows = follows();
        }
        self.report(code, path, message);
    }

    /// The value if the document has no faults, otherwise the first fault.
    pub(crate) fn into_result<T>(self, value: T) -> Result<T, Error> {
        #[cfg(feature = "all-faults")]
        if let Some((ordered, log)) = self.all {
            return ordered.report_to(log).map(|()| value);
        }
        match self.first {
            Some((_, error)) => Err(error),
            None => Ok(value),
        }
    }
}

impl Layout for Value<'_> {
    /// The index of the item or member at each level.
    fn position(&self, path: &Path<'_>, prefix: usize, latest: &[usize]) -> Vec<usize> {
        let mut position = Vec::new();
        let mut value = Some(self);
        for step in path.steps().into_iter().skip(prefix) {
            let (number, below) = match (step, value) {
                (Step::Item(index), Some(Value::List(items))) => (index, items.get(index)),
                (Step::Field(name), Some(Value::Object(members))) => {
                    match number(members, name, latest.get(position.len()).copied().unwrap_or(0)) {
                        Some(number) => (number, members.get(number).map(|(_, below)| below)),
                        None => break,
                    }
                }
                _ => break,
            };
            position.push(number);
            value = below;
        }
        position
    }
}

/// The index of the member of that name. Faults of one object are mostly found in its order, so the search begins at the latest one: otherwise
/// many faults in one large object would take quadratic time.
fn number(members: &[Member<'_>], name: &str, latest: usize) -> Option<usize> {
    let all = members.iter().enumerate();
    all.clone().skip(latest).chain(all).find(|(_, (other, _))| other == name).map(|(number, _)| number)
}
