//! Columns of instants: timestamps of any unit and zone, whole numbers of milliseconds, or RFC 3339 text.

use std::ops::Range;

use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowPrimitiveType, Int8Type, Int16Type, Int32Type, Int64Type, TimestampMicrosecondType, TimestampMillisecondType,
    TimestampNanosecondType, TimestampSecondType, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrayRef};
use arrow_schema::{DataType, TimeUnit};
use bailiwick::Instant;
use bailiwick::columns::InstantCell;

use super::fault::Fault;
use super::text::{Find, TextColumn, is_text};

/// Whether a column of this type can be read as instants.
pub(super) fn is_instant(data_type: &DataType) -> bool {
    is_text(data_type) || data_type.is_integer() || matches!(data_type, DataType::Timestamp(..))
}

/// What a row says of its time, or the time at which the question is asked.
#[derive(Clone, Copy)]
pub(super) struct AtOr(pub(super) Instant);

impl Find<InstantCell> for AtOr {
    fn find(&mut self, text: Option<&str>) -> InstantCell {
        text.map_or_else(|| self.0.into(), InstantCell::from_text)
    }

    fn not_text(&self) -> InstantCell {
        InstantCell::FAULT
    }
}

/// One column of a batch, ready to be read in slices.
pub(super) enum InstantColumn {
    Numbers(ArrayRef),
    Text(TextColumn<InstantCell>),
}

impl InstantColumn {
    pub(super) fn new(name: &str, array: Option<&ArrayRef>, before: Option<Self>, mut now: AtOr) -> Result<Self, Fault> {
        match array {
            Some(array) if !is_text(array.data_type()) => Ok(Self::Numbers(array.clone())),
            array => {
                let before = before.and_then(|before| if let Self::Text(before) = before { Some(before) } else { None });
                Ok(Self::Text(TextColumn::new(name, array, before, &mut now)?))
            }
        }
    }

    pub(super) fn read(&mut self, rows: Range<usize>, mut now: AtOr, cells: &mut Vec<InstantCell>) -> Result<(), Fault> {
        let array = match self {
            Self::Text(column) => return column.read(rows, &mut now, cells),
            Self::Numbers(array) => array,
        };
        cells.clear();
        match array.data_type() {
            DataType::Timestamp(TimeUnit::Second, _) => {
                numbers::<TimestampSecondType>(array, rows, now, cells, |seconds| milliseconds(seconds.checked_mul(1_000)));
            }
            DataType::Timestamp(TimeUnit::Millisecond, _) => {
                numbers::<TimestampMillisecondType>(array, rows, now, cells, InstantCell::from_unix_milliseconds);
            }
            DataType::Timestamp(TimeUnit::Microsecond, _) => {
                numbers::<TimestampMicrosecondType>(array, rows, now, cells, |number| milliseconds(Some(number.div_euclid(1_000))));
            }
            DataType::Timestamp(TimeUnit::Nanosecond, _) => {
                numbers::<TimestampNanosecondType>(array, rows, now, cells, |number| milliseconds(Some(number.div_euclid(1_000_000))));
            }
            // Numbers of seconds look like instants, and are none.
            DataType::Int8 => numbers::<Int8Type>(array, rows, now, cells, |number| InstantCell::from_number(number.into())),
            DataType::Int16 => numbers::<Int16Type>(array, rows, now, cells, |number| InstantCell::from_number(number.into())),
            DataType::Int32 => numbers::<Int32Type>(array, rows, now, cells, |number| InstantCell::from_number(number.into())),
            DataType::Int64 => numbers::<Int64Type>(array, rows, now, cells, InstantCell::from_number),
            DataType::UInt8 => numbers::<UInt8Type>(array, rows, now, cells, |number| InstantCell::from_number(number.into())),
            DataType::UInt16 => numbers::<UInt16Type>(array, rows, now, cells, |number| InstantCell::from_number(number.into())),
            DataType::UInt32 => numbers::<UInt32Type>(array, rows, now, cells, |number| InstantCell::from_number(number.into())),
            // INVARIANT: no other type is taken in (`is_instant`).
            _ => numbers::<UInt64Type>(array, rows, now, cells, |number| {
                i64::try_from(number).map_or(InstantCell::FAULT, InstantCell::from_number)
            }),
        }
        Ok(())
    }
}

fn milliseconds(number: Option<i64>) -> InstantCell {
    number.map_or(InstantCell::FAULT, InstantCell::from_unix_milliseconds)
}

fn numbers<T: ArrowPrimitiveType>(
    array: &ArrayRef,
    rows: Range<usize>,
    AtOr(now): AtOr,
    cells: &mut Vec<InstantCell>,
    cell: impl Fn(T::Native) -> InstantCell,
) {
    let array = array.as_primitive::<T>();
    let cell = |number: &T::Native| cell(*number);
    let values = array.values().get(rows.clone()).unwrap_or_default();
    match array.nulls() {
        None => cells.extend(values.iter().map(cell)),
        Some(nulls) => {
            cells.extend(values.iter().zip(rows).map(|(number, row)| if nulls.is_null(row) { now.into() } else { cell(number) }));
        }
    }
}
