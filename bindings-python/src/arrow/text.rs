//! Columns of text. Each value is looked up to become a cell; the values of a dictionary are looked up once.

use std::ops::Range;

use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowDictionaryKeyType, Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrayRef, DictionaryArray, GenericStringArray, OffsetSizeTrait};
use arrow_buffer::{ArrowNativeType, NullBuffer};
use arrow_schema::DataType;

use super::error::{Damage, TableError};
use super::memo::Memo;
use super::string_view::StringViews;

/// Whether a column of this type can be read as text.
pub(super) fn is_text(data_type: &DataType) -> bool {
    match data_type {
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View | DataType::Null => true,
        DataType::Dictionary(_, values) => matches!(**values, DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View | DataType::Null),
        _ => false,
    }
}

/// Looks up the cells of values.
pub(super) trait Lookup<C> {
    /// The cell of a value, or of null.
    fn find(&mut self, text: Option<&str>) -> C;
    /// The cell of bytes that are not UTF-8.
    fn not_text(&self) -> C;
}

/// A lookup with a cache.
struct Cached<'m, F, C> {
    find: &'m mut F,
    memo: &'m mut Memo<C>,
}

impl<C: Copy, F: Lookup<C>> Lookup<C> for Cached<'_, F, C> {
    #[inline]
    fn find(&mut self, text: Option<&str>) -> C {
        let Self { find, memo } = self;
        match text {
            Some(text) => memo.of(text, |text| find.find(Some(text))),
            None => find.find(None),
        }
    }

    fn not_text(&self) -> C {
        self.find.not_text()
    }
}

/// One column of a batch, ready to be read in slices.
pub(super) struct TextColumn<C> {
    name: String,
    values: Values,
    /// The cells of a dictionary, followed by the cell of null.
    dictionary: Option<Vec<C>>,
    /// The cells of plain texts.
    memo: Memo<C>,
}

enum Values {
    Absent,
    Utf8(GenericStringArray<i32>),
    LargeUtf8(GenericStringArray<i64>),
    View(StringViews),
    Dictionary(ArrayRef),
}

impl Values {
    fn new(array: &ArrayRef) -> Self {
        match array.data_type() {
            DataType::Utf8 => Self::Utf8(array.as_string::<i32>().clone()),
            DataType::LargeUtf8 => Self::LargeUtf8(array.as_string::<i64>().clone()),
            DataType::Utf8View => Self::View(StringViews::new(array.as_string_view())),
            DataType::Dictionary(..) => Self::Dictionary(array.clone()),
            _ => Self::Absent,
        }
    }
}

/// The values of a dictionary.
fn dictionary_values(array: &ArrayRef) -> Option<&ArrayRef> {
    array.as_any_dictionary_opt().map(|dictionary| dictionary.values())
}

/// Whether both are the same dictionary at the same address. (Both are alive, so the address has not been reused.)
fn is_same(one: &ArrayRef, other: &ArrayRef) -> bool {
    let (one, other) = (one.to_data(), other.to_data());
    one.ptr_eq(&other)
}

impl<C: Copy> TextColumn<C> {
    /// A column of a batch. `before` is the same column of the batch before.
    pub(super) fn new(name: &str, array: Option<&ArrayRef>, before: Option<Self>, find: &mut impl Lookup<C>) -> Result<Self, TableError> {
        let values = array.map_or(Values::Absent, Values::new);
        let (dictionary, memo) = match (&values, before) {
            (Values::Dictionary(array), before) => {
                let dictionary = Self::dictionary(array, before, find);
                (dictionary.map_err(|damage| TableError::damaged_column(name, damage.as_str()))?, Memo::new())
            }
            (_, before) => (None, before.map_or_else(Memo::new, |before| before.memo)),
        };
        Ok(Self { name: name.to_owned(), values, dictionary, memo })
    }

    /// The cells of a dictionary. `None` if it has so many more values than the batch has rows that looking up the rows is cheaper.
    fn dictionary(array: &ArrayRef, before: Option<Self>, find: &mut impl Lookup<C>) -> Result<Option<Vec<C>>, Damage> {
        let Some(values) = dictionary_values(array) else { return Ok(None) };
        if let Some(Self { values: Values::Dictionary(earlier), dictionary: Some(cells), .. }) = before
            && dictionary_values(&earlier).is_some_and(|earlier| is_same(earlier, values))
        {
            return Ok(Some(cells));
        }
        if values.len() > array.len().saturating_mul(2) {
            return Ok(None);
        }
        let mut cells = Vec::with_capacity(values.len().saturating_add(1));
        plain(&Values::new(values), 0..values.len(), find, &mut cells)?;
        cells.push(find.find(None));
        Ok(Some(cells))
    }

    /// Writes the cells of some rows.
    pub(super) fn read(&mut self, rows: Range<usize>, find: &mut impl Lookup<C>, cells: &mut Vec<C>) -> Result<(), TableError> {
        cells.clear();
        let read = match &self.values {
            Values::Dictionary(array) => by_key_type(array, self.dictionary.as_deref(), rows, find, cells),
            values => plain(values, rows, &mut Cached { find, memo: &mut self.memo }, cells),
        };
        read.map_err(|damage| TableError::damaged_column(&self.name, damage.as_str()))
    }
}

/// A value of a column, borrowed from it.
#[derive(Clone, Copy, Debug)]
pub(super) enum Found<'b> {
    Null,
    Text(&'b str),
    /// Bytes that are not UTF-8.
    NotText,
}

impl Found<'_> {
    #[inline]
    fn cell<C>(self, find: &mut impl Lookup<C>) -> C {
        match self {
            Self::Null => find.find(None),
            Self::Text(text) => find.find(Some(text)),
            Self::NotText => find.not_text(),
        }
    }
}

fn plain<C: Copy>(values: &Values, rows: Range<usize>, find: &mut impl Lookup<C>, cells: &mut Vec<C>) -> Result<(), Damage> {
    if let Values::Absent | Values::Dictionary(_) = values {
        let cell = find.find(None);
        cells.extend(rows.map(|_| cell));
        return Ok(());
    }
    each(values, rows, &mut |found| cells.push(found.cell(find)))
}

/// The values of a column without a dictionary.
fn each<'b>(values: &'b Values, rows: Range<usize>, take: &mut impl FnMut(Found<'b>)) -> Result<(), Damage> {
    match values {
        Values::Absent | Values::Dictionary(_) => {
            rows.for_each(|_| take(Found::Null));
            Ok(())
        }
        Values::Utf8(array) => texts(array, rows, take),
        Values::LargeUtf8(array) => texts(array, rows, take),
        Values::View(views) => views.each(rows, |bytes| take(bytes.map_or(Found::Null, of_bytes))),
    }
}

/// Values that are contiguous in memory: UTF-8 is checked for all of them at once.
fn texts<'b, O: OffsetSizeTrait>(
    array: &'b GenericStringArray<O>,
    rows: Range<usize>,
    take: &mut impl FnMut(Found<'b>),
) -> Result<(), Damage> {
    let (all, nulls) = (array.value_data(), array.nulls());
    let ends = array.value_offsets().get(rows.start..=rows.end).ok_or(Damage::Offsets)?;
    let (first, last) = (ends.first().map_or(0, |offset| offset.as_usize()), ends.last().map_or(0, |offset| offset.as_usize()));
    // A negative offset becomes greater than every length.
    let bytes = all.get(first..last).filter(|_| ends.is_sorted()).ok_or(Damage::Offsets)?;
    let text = std::str::from_utf8(bytes).ok();
    for (row, pair) in rows.zip(ends.windows(2)) {
        let [start, end] = [pair.first(), pair.last()].map(|offset| offset.map_or(0, |offset| offset.as_usize().wrapping_sub(first)));
        if is_null(nulls, row) {
            take(Found::Null);
        } else {
            match text.and_then(|text| text.get(start..end)) {
                Some(text) => take(Found::Text(text)),
                None => take(of_bytes(bytes.get(start..end).ok_or(Damage::Offsets)?)),
            }
        }
    }
    Ok(())
}

fn of_bytes(bytes: &[u8]) -> Found<'_> {
    std::str::from_utf8(bytes).map_or(Found::NotText, Found::Text)
}

/// A column of text whose values are borrowed, and not looked up.
pub(super) struct TextArray {
    values: Values,
    dictionary: Option<Values>,
}

impl TextArray {
    pub(super) fn new(array: &ArrayRef) -> Self {
        Self { values: Values::new(array), dictionary: dictionary_values(array).map(Values::new) }
    }

    /// The values of its dictionary, followed by null. `before` are those of the column before it, if that has the same dictionary.
    pub(super) fn dictionary<'b>(&'b self, before: Option<(&Self, &[Found<'b>])>) -> Result<Vec<Found<'b>>, Damage> {
        let (Values::Dictionary(array), Some(values)) = (&self.values, &self.dictionary) else { return Ok(Vec::new()) };
        if let Some((Self { values: Values::Dictionary(earlier), .. }, known)) = before
            && let (Some(earlier), Some(own)) = (dictionary_values(earlier), dictionary_values(array))
            && is_same(earlier, own)
        {
            return Ok(known.to_vec());
        }
        let mut known = Vec::new();
        each(values, 0..dictionary_values(array).map_or(0, |values| values.len()), &mut |found| known.push(found))?;
        known.push(Found::Null);
        Ok(known)
    }

    /// The values of some rows, with the values of the dictionary.
    pub(super) fn read<'b>(&'b self, rows: Range<usize>, dictionary: &[Found<'b>], found: &mut Vec<Found<'b>>) -> Result<(), Damage> {
        found.clear();
        match &self.values {
            Values::Dictionary(array) => by_key_type(array, Some(dictionary), rows, &mut Unknown, found),
            values => each(values, rows, &mut |value| found.push(value)),
        }
    }
}

/// A lookup that finds nothing: with the values of a dictionary, nothing is looked up.
struct Unknown;

impl Lookup<Found<'_>> for Unknown {
    fn find(&mut self, _: Option<&str>) -> Found<'static> {
        Found::Null
    }

    fn not_text(&self) -> Found<'static> {
        Found::NotText
    }
}

#[inline]
fn is_null(nulls: Option<&NullBuffer>, row: usize) -> bool {
    nulls.is_some_and(|nulls| nulls.is_null(row))
}

fn by_key_type<C: Copy>(
    array: &ArrayRef,
    dictionary: Option<&[C]>,
    rows: Range<usize>,
    find: &mut impl Lookup<C>,
    cells: &mut Vec<C>,
) -> Result<(), Damage> {
    let DataType::Dictionary(key_type, _) = array.data_type() else { return Err(Damage::Code) };
    match **key_type {
        DataType::Int8 => codes::<Int8Type, C>(array.as_dictionary(), dictionary, rows, find, cells),
        DataType::Int16 => codes::<Int16Type, C>(array.as_dictionary(), dictionary, rows, find, cells),
        DataType::Int32 => codes::<Int32Type, C>(array.as_dictionary(), dictionary, rows, find, cells),
        DataType::Int64 => codes::<Int64Type, C>(array.as_dictionary(), dictionary, rows, find, cells),
        DataType::UInt8 => codes::<UInt8Type, C>(array.as_dictionary(), dictionary, rows, find, cells),
        DataType::UInt16 => codes::<UInt16Type, C>(array.as_dictionary(), dictionary, rows, find, cells),
        DataType::UInt32 => codes::<UInt32Type, C>(array.as_dictionary(), dictionary, rows, find, cells),
        DataType::UInt64 => codes::<UInt64Type, C>(array.as_dictionary(), dictionary, rows, find, cells),
        _ => Err(Damage::Code),
    }
}

fn codes<K: ArrowDictionaryKeyType, C: Copy>(
    array: &DictionaryArray<K>,
    dictionary: Option<&[C]>,
    rows: Range<usize>,
    find: &mut impl Lookup<C>,
    cells: &mut Vec<C>,
) -> Result<(), Damage> {
    let keys = array.keys().values();
    let nulls = array.keys().nulls();
    let Some((null, known)) = dictionary.and_then(<[C]>::split_last) else {
        return rare_codes(array, rows, find, cells);
    };
    let keys = keys.get(rows.clone()).ok_or(Damage::Code)?;
    let mut all_known = true;
    match nulls {
        None => cells.extend(keys.iter().map(|key| {
            let cell = known.get(key.as_usize());
            all_known &= cell.is_some();
            *cell.unwrap_or(null)
        })),
        // Nulls follow no pattern that a processor could guess: the cell of null stands behind the others, and no branch is taken for it.
        Some(nulls) => cells.extend(keys.iter().zip(nulls.slice(rows.start, rows.len()).iter()).map(|(key, is_there)| {
            let mask = usize::from(is_there).wrapping_neg();
            let place = key.as_usize() & mask | known.len() & !mask;
            let cell = dictionary.and_then(|cells| cells.get(place));
            all_known &= cell.is_some() & (!is_there | (place != known.len()));
            *cell.unwrap_or(null)
        })),
    }
    if all_known { Ok(()) } else { Err(Damage::Code) }
}

/// Rows of a batch whose dictionary is far larger than it.
fn rare_codes<K: ArrowDictionaryKeyType, C: Copy>(
    array: &DictionaryArray<K>,
    rows: Range<usize>,
    find: &mut impl Lookup<C>,
    cells: &mut Vec<C>,
) -> Result<(), Damage> {
    let values = Values::new(array.values());
    let (keys, count) = (array.keys(), array.values().len());
    for row in rows {
        let key = if keys.is_null(row) { None } else { keys.values().get(row).map(|key| key.as_usize()) };
        match key {
            None => cells.push(find.find(None)),
            Some(key) if key < count => plain(&values, key..key.saturating_add(1), find, cells)?,
            Some(_) => return Err(Damage::Code),
        }
    }
    Ok(())
}
