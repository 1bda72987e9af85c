//! Columns of the tables of a directory: their values as cells that borrow their texts.

use std::ops::Range;

use arrow_array::cast::AsArray;
use arrow_array::types::{ArrowPrimitiveType, Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type, UInt16Type, UInt32Type, UInt64Type};
use arrow_array::{Array, ArrayRef, BooleanArray, GenericListArray, OffsetSizeTrait};
use arrow_schema::DataType;
use bailiwick::{Cell, ColumnType};

use super::error::{Damage, TableError};
use super::instant::{InstantColumn, Times, is_instant, is_local};
use super::text::{Found, TextArray, is_text};

/// Whether a column of the table can be read as what it should hold.
pub(super) fn check(name: &str, wanted: ColumnType, found: &DataType, times: &Times) -> Result<(), TableError> {
    let is_list = |found: &DataType| match found {
        DataType::List(item) | DataType::LargeList(item) => is_text(item.data_type()),
        DataType::Null => true,
        _ => false,
    };
    let (fits, words) = match wanted {
        ColumnType::Text => (is_text(found), "text, plain or with a dictionary"),
        ColumnType::Boolean => {
            (matches!(found, DataType::Boolean | DataType::Null) || found.is_integer(), "booleans, or of the integers 0 and 1")
        }
        ColumnType::Instant => (is_instant(found), "timestamps, dates, numbers (integers, float64, decimals) or text"),
        ColumnType::Texts => (is_list(found), "lists of text"),
        ColumnType::TextsOrText => (is_list(found) || is_text(found), "lists of text, or of the text `all`"),
    };
    if !fits {
        return Err(TableError::column_type(name, words, found));
    }
    if wanted == ColumnType::Instant && is_local(found) && times.zone.is_none() {
        return Err(TableError::missing_zone(name, found));
    }
    Ok(())
}

/// A column of a batch.
pub(super) struct CellColumn {
    array: ArrayRef,
    values: Values,
}

enum Values {
    Text(TextArray),
    Boolean(BooleanArray),
    /// Numbers that should be 0 or 1.
    Integers,
    Instants,
    /// Times as text.
    TimeTexts(TextArray),
    Lists(TextArray),
    Nulls,
}

/// What is read of a column before its rows: the values of its dictionary.
pub(super) type Dictionary<'b> = Vec<Found<'b>>;

impl CellColumn {
    pub(super) fn new(array: &ArrayRef, wanted: ColumnType) -> Self {
        let values = match (wanted, array.data_type()) {
            (_, DataType::Null) | (ColumnType::Text, _) => Values::Text(TextArray::new(array)),
            (ColumnType::Boolean, DataType::Boolean) => Values::Boolean(array.as_boolean().clone()),
            (ColumnType::Boolean, _) => Values::Integers,
            (ColumnType::Instant, found) if is_text(found) => Values::TimeTexts(TextArray::new(array)),
            (ColumnType::Instant, _) => Values::Instants,
            (_, DataType::List(_)) => Values::Lists(TextArray::new(array.as_list::<i32>().values())),
            (_, DataType::LargeList(_)) => Values::Lists(TextArray::new(array.as_list::<i64>().values())),
            _ => Values::Text(TextArray::new(array)),
        };
        Self { array: array.clone(), values }
    }

    /// A column of any type whose values are all null.
    pub(super) fn of_nulls(array: &ArrayRef) -> Self {
        Self { array: array.clone(), values: Values::Nulls }
    }

    fn texts(&self) -> Option<&TextArray> {
        match &self.values {
            Values::Text(texts) | Values::TimeTexts(texts) | Values::Lists(texts) => Some(texts),
            Values::Boolean(_) | Values::Integers | Values::Instants | Values::Nulls => None,
        }
    }

    /// The values of the column's dictionary. `before` is the same column of the batch before.
    pub(super) fn dictionary<'b>(&'b self, before: Option<(&Self, &Dictionary<'b>)>) -> Result<Dictionary<'b>, Damage> {
        let Some(texts) = self.texts() else { return Ok(Vec::new()) };
        texts.dictionary(before.and_then(|(column, known)| Some((column.texts()?, known.as_slice()))))
    }

    /// The cells of some rows.
    pub(super) fn read<'b>(
        &'b self,
        name: &str,
        rows: Range<usize>,
        dictionary: &Dictionary<'b>,
        times: &Times,
    ) -> Result<Vec<Cell<'b>>, TableError> {
        let mut found = Vec::new();
        let damaged = |damage: Damage| TableError::damaged_column(name, damage.as_str());
        let mut read = |texts: &'b TextArray| texts.read(rows.clone(), dictionary, &mut found).map_err(damaged);
        match &self.values {
            Values::Text(texts) => {
                read(texts)?;
                Ok(found.into_iter().map(text).collect())
            }
            Values::TimeTexts(texts) => {
                read(texts)?;
                let time = |found: Found<'b>| match found {
                    Found::Null => Cell::Null,
                    Found::Text(text) => instant(times.of_text(text).get()),
                    Found::NotText => Cell::NotInstant,
                };
                Ok(found.into_iter().map(time).collect())
            }
            Values::Boolean(booleans) => {
                Ok(rows.map(|row| if booleans.is_null(row) { Cell::Null } else { Cell::Boolean(booleans.value(row)) }).collect())
            }
            Values::Integers => Ok(self.integers(rows)),
            Values::Nulls => Ok(rows.map(|_| Cell::Null).collect()),
            Values::Instants => {
                let mut cells = Vec::new();
                InstantColumn::new(name, Some(&self.array), None, times)?.read(rows.clone(), times, &mut cells)?;
                let cell = |(row, cell): (usize, &bailiwick::columns::InstantCell)| {
                    if self.array.is_null(row) { Cell::Null } else { instant(cell.get()) }
                };
                Ok(rows.zip(&cells).map(cell).collect())
            }
            Values::Lists(texts) => match self.array.data_type() {
                DataType::LargeList(_) => lists(self.array.as_list::<i64>(), texts, rows, dictionary),
                _ => lists(self.array.as_list::<i32>(), texts, rows, dictionary),
            }
            .map_err(damaged),
        }
    }

    fn integers(&self, rows: Range<usize>) -> Vec<Cell<'static>> {
        match self.array.data_type() {
            DataType::Int8 => integers::<Int8Type>(&self.array, rows),
            DataType::Int16 => integers::<Int16Type>(&self.array, rows),
            DataType::Int32 => integers::<Int32Type>(&self.array, rows),
            DataType::Int64 => integers::<Int64Type>(&self.array, rows),
            DataType::UInt8 => integers::<UInt8Type>(&self.array, rows),
            DataType::UInt16 => integers::<UInt16Type>(&self.array, rows),
            DataType::UInt32 => integers::<UInt32Type>(&self.array, rows),
            // INVARIANT: no other type is accepted (`check`).
            _ => integers::<UInt64Type>(&self.array, rows),
        }
    }
}

fn text(found: Found<'_>) -> Cell<'_> {
    match found {
        Found::Null => Cell::Null,
        Found::Text(text) => Cell::Text(text),
        Found::NotText => Cell::NotText,
    }
}

fn instant(instant: Option<bailiwick::Instant>) -> Cell<'static> {
    instant.map_or(Cell::NotInstant, Cell::Instant)
}

/// Booleans of a database that has none: 0 and 1.
fn integers<T: ArrowPrimitiveType<Native: TryInto<u8>>>(array: &ArrayRef, rows: Range<usize>) -> Vec<Cell<'static>> {
    let array = array.as_primitive::<T>();
    let cell = |row: usize| match array.value(row).try_into() {
        _ if array.is_null(row) => Cell::Null,
        Ok(0) => Cell::Boolean(false),
        Ok(1) => Cell::Boolean(true),
        Ok(_) | Err(_) => Cell::Number(f64::NAN),
    };
    rows.map(cell).collect()
}

fn lists<'b, O: OffsetSizeTrait>(
    array: &'b GenericListArray<O>,
    texts: &'b TextArray,
    rows: Range<usize>,
    dictionary: &Dictionary<'b>,
) -> Result<Vec<Cell<'b>>, Damage> {
    let (ends, count) = (array.value_offsets(), array.values().len());
    let mut found = Vec::new();
    let mut list = |row: usize| {
        if array.is_null(row) {
            return Ok(Cell::Null);
        }
        let [start, end] = [ends.get(row), ends.get(row.saturating_add(1))].map(|end| end.map_or(usize::MAX, |end| end.as_usize()));
        // A negative offset becomes greater than every length.
        if start > end || end > count {
            return Err(Damage::Offsets);
        }
        texts.read(start..end, dictionary, &mut found)?;
        Ok(Cell::List(found.iter().copied().map(text).collect()))
    };
    rows.map(&mut list).collect()
}
