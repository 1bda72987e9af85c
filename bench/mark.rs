//! Marks: limits for the figures of a large directory.

use std::fmt::{self, Display, Formatter};

/// A figure and its limit.
pub(crate) struct Mark {
    pub(crate) figure: f64,
    pub(crate) most: f64,
    pub(crate) unit: &'static str,
}

impl Mark {
    fn holds(&self) -> bool {
        self.figure <= self.most
    }
}

impl Display for Mark {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        let verdict = if self.holds() { "holds" } else { "DOES NOT HOLD" };
        write!(formatter, "{:8.2} {:14} at most {:5} {verdict}", self.figure, self.unit, self.most)
    }
}

/// Prints the marks, and how many of them hold.
pub(crate) fn report(benchmark: &str, marks: &[(&str, Mark)]) {
    for (name, mark) in marks {
        println!("{benchmark}   mark  {name:44} {mark}");
    }
    let held = marks.iter().filter(|(_, mark)| mark.holds()).count();
    println!("{benchmark}   {held} of {} marks hold", marks.len());
}
