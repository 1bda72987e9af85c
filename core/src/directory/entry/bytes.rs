//! Entries as bytes: how the state hash, the journal and deltas have them.
//!
//! A number takes eight bytes, little-endian; a text its length in two bytes and then itself; a value that may be missing a byte 0, or 1 and the
//! value. Equal entries have equal bytes, and no two entries have the same.

use crate::input::id::is_id;
use crate::input::shape::LONGEST_TEXT;

use super::codec::Codec;
use super::fields::Entry;
use super::key::Key;

struct Writer<'w>(&'w mut Vec<u8>);

impl<'e> Codec<'e> for Writer<'_> {
    fn text(&mut self, value: &mut &'e str) {
        // INVARIANT: no text of a directory is longer than 4,096 bytes.
        let length = u16::try_from(value.len()).unwrap_or(u16::MAX);
        self.0.extend_from_slice(&length.to_le_bytes());
        self.0.extend_from_slice(value.as_bytes());
    }

    fn id(&mut self, value: &mut &'e str) {
        self.text(value);
    }

    fn count(&mut self, value: &mut u64) {
        self.0.extend_from_slice(&value.to_le_bytes());
    }

    fn flag(&mut self, value: &mut bool) {
        self.0.push((*value).into());
    }

    fn bytes(&mut self, value: &mut [u8; 32]) {
        self.0.extend_from_slice(value);
    }

    fn refuse(&mut self) {}

    fn has_failed(&self) -> bool {
        false
    }
}

struct Reader<'e> {
    rest: &'e [u8],
    has_failed: bool,
}

impl<'e> Reader<'e> {
    fn take(&mut self, length: usize) -> &'e [u8] {
        if let Some((taken, rest)) = self.rest.split_at_checked(length) {
            self.rest = rest;
            return taken;
        }
        self.has_failed = true;
        &[]
    }

    fn array<const SIZE: usize>(&mut self) -> [u8; SIZE] {
        self.take(SIZE).first_chunk().copied().unwrap_or([0; SIZE])
    }
}

impl<'e> Codec<'e> for Reader<'e> {
    fn text(&mut self, value: &mut &'e str) {
        let length = u16::from_le_bytes(self.array());
        let text = std::str::from_utf8(self.take(length.into()));
        self.has_failed |= usize::from(length) > LONGEST_TEXT || text.is_err();
        *value = text.unwrap_or_default();
    }

    fn id(&mut self, value: &mut &'e str) {
        self.text(value);
        self.has_failed |= !is_id(value);
    }

    fn count(&mut self, value: &mut u64) {
        *value = u64::from_le_bytes(self.array());
    }

    fn flag(&mut self, value: &mut bool) {
        let [flag] = self.array();
        self.has_failed |= flag > 1;
        *value = flag == 1;
    }

    fn bytes(&mut self, value: &mut [u8; 32]) {
        *value = self.array();
    }

    fn refuse(&mut self) {
        self.has_failed = true;
    }

    fn has_failed(&self) -> bool {
        self.has_failed
    }
}

/// Appends the fields of an entry, without what is in its key.
pub(crate) fn write_entry(mut entry: Entry<'_>, bytes: &mut Vec<u8>) {
    entry.transfer(&mut Writer(bytes));
}

/// The entry of that key whose fields are these bytes. `None` if they are not exactly one entry.
pub(crate) fn read_entry<'e>(key: Key<'e>, bytes: &'e [u8]) -> Option<Entry<'e>> {
    let mut entry = Entry::of_key(key);
    let mut reader = Reader { rest: bytes, has_failed: false };
    entry.transfer(&mut reader);
    (!reader.has_failed && reader.rest.is_empty()).then_some(entry)
}
