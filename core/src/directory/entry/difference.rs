//! The entries in which two directories differ.

use std::cmp::Ordering;
use std::ops::ControlFlow;

use crate::directory::tables::Tables;

use super::bytes::write_entry;
use super::entry_index::EntryIndex;

/// An entry that differs: where it is before and after. `None` where it is not.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Difference {
    pub(crate) before: Option<EntryIndex>,
    pub(crate) after: Option<EntryIndex>,
}

impl Tables {
    /// The entries in which these tables differ from others, in the order of their keys.
    pub(crate) fn differences(&self, other: &Self) -> Vec<Difference> {
        let (before, after) = (self.all_entries(), other.all_entries());
        let (mut before, mut after) = (before.into_iter().peekable(), after.into_iter().peekable());
        let (mut one, mut two) = (Vec::new(), Vec::new());
        let mut found = Vec::new();
        loop {
            let order = match (before.peek(), after.peek()) {
                (None, None) => return found,
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (Some(before), Some(after)) => self.path_of(*before).order(other.path_of(*after)),
            };
            let difference = Difference {
                before: if order.is_le() { before.next() } else { None },
                after: if order.is_ge() { after.next() } else { None },
            };
            if let Difference { before: Some(before), after: Some(after) } = difference {
                one.clear();
                two.clear();
                self.write_fields(before, &mut one);
                other.write_fields(after, &mut two);
                if one == two {
                    continue;
                }
            }
            found.push(difference);
        }
    }

    fn all_entries(&self) -> Vec<EntryIndex> {
        let mut entries = Vec::with_capacity(self.size());
        let _ = self.walk("", &mut |entry| {
            entries.push(entry);
            ControlFlow::Continue(())
        });
        entries
    }

    fn write_fields(&self, entry: EntryIndex, bytes: &mut Vec<u8>) {
        if let Some(fields) = self.fields_of(entry) {
            write_entry(fields, bytes);
        }
    }
}
