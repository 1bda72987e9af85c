//! Columns: lists of values of one type as bytes, written and read sequentially.

use crate::collections::texts::Texts;
use crate::input::id::ids_among;

use super::payload::Strings;

/// Why bytes are not a valid directory, as a message.
#[derive(Debug)]
pub(crate) struct Damage(pub(crate) &'static str);

pub(crate) const LENGTH: Damage = Damage("a column has another length than its list");

/// The length that stands for no text.
const NO_TEXT: u16 = u16::MAX;

/// Writes a column of texts.
#[derive(Default)]
pub(crate) struct StringsWriter {
    text: String,
    lengths: Vec<u8>,
    has_any: bool,
}

impl StringsWriter {
    pub(crate) fn push(&mut self, text: &str) {
        self.push_optional(Some(text));
    }

    pub(crate) fn push_optional(&mut self, text: Option<&str>) {
        // INVARIANT: no text of a directory is longer than 4,096 bytes.
        let length = text.map_or(NO_TEXT, |text| u16::try_from(text.len()).unwrap_or(NO_TEXT));
        self.text.push_str(text.unwrap_or_default());
        self.lengths.extend_from_slice(&length.to_le_bytes());
        self.has_any |= text.is_some();
    }

    pub(crate) fn column(&self) -> Strings<'_> {
        Strings { text: &self.text, lengths: if self.has_any { &self.lengths } else { &[] } }
    }
}

impl<'p> Strings<'p> {
    /// How many rows the column has, if no row is without a text.
    pub(crate) fn places(&self) -> usize {
        self.lengths.len() / 2
    }

    /// The ids of a column.
    pub(crate) fn ids<I: From<u32> + Into<u32>>(&self) -> Result<Texts<I>, Damage> {
        let (lengths, rest) = self.lengths.as_chunks::<2>();
        let lengths = lengths.iter().map(|length| u16::from_le_bytes(*length));
        let are_ids = ids_among(self.text);
        let texts = Texts::of_column(self.text, lengths).filter(|texts| rest.is_empty() && texts.iter().all(are_ids));
        texts.ok_or(Damage("an id is not valid"))
    }
}

/// Reads a column of texts.
pub(crate) struct StringsReader<'p> {
    lengths: Column<'p, 2>,
    rest: &'p str,
}

impl<'p> StringsReader<'p> {
    pub(crate) fn new(strings: Strings<'p>, places: usize) -> Result<Self, Damage> {
        Ok(Self { lengths: Column::new_or_default(strings.lengths, places, NO_TEXT.to_le_bytes())?, rest: strings.text })
    }

    #[inline]
    pub(crate) fn next_optional(&mut self) -> Result<Option<&'p str>, Damage> {
        let length = u16::from_le_bytes(self.lengths.next()?);
        if length == NO_TEXT {
            return Ok(None);
        }
        let (text, rest) = self.rest.split_at_checked(length.into()).ok_or(Damage("a text is cut short"))?;
        self.rest = rest;
        Ok(Some(text))
    }

    #[inline]
    pub(crate) fn next(&mut self) -> Result<&'p str, Damage> {
        self.next_optional()?.ok_or(Damage("a text is missing"))
    }

    /// Fails if there is text left.
    pub(crate) fn finish(self) -> Result<(), Damage> {
        if self.rest.is_empty() { Ok(()) } else { Err(Damage("a column has more text than its lengths say")) }
    }
}

/// Reads a column of values of a fixed size.
pub(crate) struct Column<'p, const SIZE: usize> {
    values: std::slice::Iter<'p, [u8; SIZE]>,
    /// The value of every row if the column is empty.
    default: Option<[u8; SIZE]>,
}

impl<'p, const SIZE: usize> Column<'p, SIZE> {
    /// A column with this many rows.
    pub(crate) fn new(bytes: &'p [u8], places: usize) -> Result<Self, Damage> {
        let (values, rest) = bytes.as_chunks::<SIZE>();
        if values.len() == places && rest.is_empty() { Ok(Self { values: values.iter(), default: None }) } else { Err(LENGTH) }
    }

    /// A column that is empty if every row has the default value.
    pub(crate) fn new_or_default(bytes: &'p [u8], places: usize, default: [u8; SIZE]) -> Result<Self, Damage> {
        if bytes.is_empty() { Ok(Self { values: [].iter(), default: Some(default) }) } else { Self::new(bytes, places) }
    }

    /// A column that is read to its end, however long it is.
    pub(crate) fn of_all(bytes: &'p [u8]) -> Result<Self, Damage> {
        Self::new(bytes, bytes.len().checked_div(SIZE).unwrap_or(0))
    }

    #[inline]
    pub(crate) fn next(&mut self) -> Result<[u8; SIZE], Damage> {
        self.values.next().copied().or(self.default).ok_or(LENGTH)
    }

    /// Fails if there are values left.
    pub(crate) fn finish(mut self) -> Result<(), Damage> {
        if self.values.next().is_none() { Ok(()) } else { Err(LENGTH) }
    }
}

impl Column<'_, 4> {
    #[inline]
    pub(crate) fn next_u32(&mut self) -> Result<u32, Damage> {
        self.next().map(u32::from_le_bytes)
    }
}

/// The number that stands for none, or for all.
pub(crate) const SPECIAL: u32 = u32::MAX;

/// Fails unless the counts in a column, which are lengths of lists, add up to `places`.
pub(crate) fn ensure_sum(counts: &[u8], places: usize) -> Result<(), Damage> {
    let (counts, rest) = counts.as_chunks::<4>();
    let sum = counts.iter().fold(0_u64, |sum, count| sum.saturating_add(u32::from_le_bytes(*count).into()));
    if sum == places as u64 && rest.is_empty() { Ok(()) } else { Err(LENGTH) }
}
