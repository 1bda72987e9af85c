//! Columns of instants: timestamps, dates, numbers or text.

use std::ops::Range;

use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowPrimitiveType, Date32Type, Date64Type, Decimal32Type, Decimal64Type, Decimal128Type, Decimal256Type, Float64Type, Int8Type,
    Int16Type, Int32Type, Int64Type, TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType, TimestampSecondType,
    UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrayRef};
use arrow_schema::{DataType, TimeUnit};
use bailiwick::Instant;
use bailiwick::columns::{InstantCell, TimeText, TimeUnit as Unit};

use super::error::TableError;
use super::text::{Lookup, TextColumn, is_text};
use super::zone::Zone;

/// Whether a column of this type can be read as instants. (A smaller float is too imprecise: it would be minutes off.)
pub(super) fn is_instant(data_type: &DataType) -> bool {
    is_text(data_type) || data_type.is_integer() || data_type.is_decimal() || *data_type == DataType::Float64 || is_temporal(data_type)
}

fn is_temporal(data_type: &DataType) -> bool {
    matches!(data_type, DataType::Timestamp(..) | DataType::Date32 | DataType::Date64)
}

/// Whether the values of such a column have no zone.
pub(super) fn is_local(data_type: &DataType) -> bool {
    is_temporal(data_type) && !matches!(data_type, DataType::Timestamp(_, Some(_)))
}

/// How the times of a table are read.
#[derive(Clone, Debug)]
pub(crate) struct Times {
    /// The time of rows that have none.
    pub(crate) now: Instant,
    /// The zone of times without one.
    pub(crate) zone: Option<Zone>,
    /// The unit of numbers.
    pub(crate) unit: Unit,
}

impl Times {
    /// The instant of a text.
    pub(super) fn of_text(&self, text: &str) -> InstantCell {
        let mut times = self;
        times.find(Some(text))
    }

    fn clock(&self, shown: i64) -> InstantCell {
        self.zone.as_ref().map_or(InstantCell::FAULT, |zone| zone.clock(shown))
    }

    fn day(&self, shown: i64) -> InstantCell {
        self.zone.as_ref().map_or(InstantCell::FAULT, |zone| zone.day(shown))
    }
}

impl Lookup<InstantCell> for &Times {
    fn find(&mut self, text: Option<&str>) -> InstantCell {
        match text.map(TimeText::read) {
            None => self.now.into(),
            Some(Some(TimeText::Instant(instant))) => instant.into(),
            Some(Some(TimeText::Clock(shown))) => self.clock(shown),
            Some(Some(TimeText::Day(shown))) => self.day(shown),
            Some(None) => InstantCell::FAULT,
        }
    }

    fn not_text(&self) -> InstantCell {
        InstantCell::FAULT
    }
}

/// One column of a batch, ready to be read in slices.
pub(super) enum InstantColumn {
    Values(ArrayRef),
    Text(TextColumn<InstantCell>),
}

impl InstantColumn {
    pub(super) fn new(name: &str, array: Option<&ArrayRef>, before: Option<Self>, mut times: &Times) -> Result<Self, TableError> {
        match array {
            Some(array) if !is_text(array.data_type()) => Ok(Self::Values(array.clone())),
            array => {
                let before = before.and_then(|before| if let Self::Text(before) = before { Some(before) } else { None });
                Ok(Self::Text(TextColumn::new(name, array, before, &mut times)?))
            }
        }
    }

    pub(super) fn read(&mut self, rows: Range<usize>, mut times: &Times, cells: &mut Vec<InstantCell>) -> Result<(), TableError> {
        let array = match self {
            Self::Text(column) => return column.read(rows, &mut times, cells),
            Self::Values(array) => array,
        };
        cells.clear();
        let mut values = Values { array, rows, now: times.now, cells };
        match array.data_type() {
            DataType::Timestamp(TimeUnit::Second, zone) => values.timestamps::<TimestampSecondType>(Unit::Second, zone.is_some(), times),
            DataType::Timestamp(TimeUnit::Millisecond, zone) => {
                values.timestamps::<TimestampMillisecondType>(Unit::Millisecond, zone.is_some(), times);
            }
            DataType::Timestamp(TimeUnit::Microsecond, zone) => {
                values.timestamps::<TimestampMicrosecondType>(Unit::Microsecond, zone.is_some(), times);
            }
            DataType::Timestamp(TimeUnit::Nanosecond, zone) => {
                values.timestamps::<TimestampNanosecondType>(Unit::Nanosecond, zone.is_some(), times);
            }
            DataType::Date32 => values.read::<Date32Type>(|days| times.day(i64::from(days).saturating_mul(MILLISECONDS_PER_DAY))),
            DataType::Date64 => values.read::<Date64Type>(|shown| times.day(shown)),
            number => values.numbers(number, times.unit),
        }
        Ok(())
    }
}

const MILLISECONDS_PER_DAY: i64 = 86_400_000;

/// Some rows of a column, and the cells to write.
struct Values<'a> {
    array: &'a ArrayRef,
    rows: Range<usize>,
    now: Instant,
    cells: &'a mut Vec<InstantCell>,
}

impl Values<'_> {
    fn timestamps<T: ArrowPrimitiveType<Native = i64>>(&mut self, unit: Unit, has_zone: bool, times: &Times) {
        if has_zone {
            self.read::<T>(|number| InstantCell::from_timestamp(number, unit));
        } else {
            self.read::<T>(|number| unit.floor_to_milliseconds(number).map_or(InstantCell::FAULT, |shown| times.clock(shown)));
        }
    }

    fn numbers(&mut self, data_type: &DataType, unit: Unit) {
        match *data_type {
            DataType::Int8 => self.integers::<Int8Type>(unit),
            DataType::Int16 => self.integers::<Int16Type>(unit),
            DataType::Int32 => self.integers::<Int32Type>(unit),
            DataType::Int64 => self.integers::<Int64Type>(unit),
            DataType::UInt8 => self.integers::<UInt8Type>(unit),
            DataType::UInt16 => self.integers::<UInt16Type>(unit),
            DataType::UInt32 => self.integers::<UInt32Type>(unit),
            DataType::UInt64 => self.integers::<UInt64Type>(unit),
            DataType::Float64 => self.read::<Float64Type>(|number| InstantCell::from_float(number, unit)),
            DataType::Decimal32(_, scale) => self.read::<Decimal32Type>(|digits| InstantCell::from_decimal(digits.into(), scale, unit)),
            DataType::Decimal64(_, scale) => self.read::<Decimal64Type>(|digits| InstantCell::from_decimal(digits.into(), scale, unit)),
            DataType::Decimal128(_, scale) => self.read::<Decimal128Type>(|digits| InstantCell::from_decimal(digits, scale, unit)),
            DataType::Decimal256(_, scale) => self.read::<Decimal256Type>(|digits| {
                digits.to_i128().map_or(InstantCell::FAULT, |digits| InstantCell::from_decimal(digits, scale, unit))
            }),
            // INVARIANT: no other type is accepted (`is_instant`).
            _ => self.cells.extend(self.rows.clone().map(|_| InstantCell::FAULT)),
        }
    }

    fn integers<T: ArrowPrimitiveType<Native: TryInto<i64>>>(&mut self, unit: Unit) {
        self.read::<T>(|number| number.try_into().map_or(InstantCell::FAULT, |number| InstantCell::from_integer(number, unit)));
    }

    fn read<T: ArrowPrimitiveType>(&mut self, cell: impl Fn(T::Native) -> InstantCell) {
        let Self { array, rows, now, cells } = self;
        let array = array.as_primitive::<T>();
        let cell = |number: &T::Native| cell(*number);
        let values = array.values().get(rows.clone()).unwrap_or_default();
        match array.nulls() {
            None => cells.extend(values.iter().map(cell)),
            Some(nulls) => {
                let rows = values.iter().zip(rows.clone());
                cells.extend(rows.map(|(number, row)| if nulls.is_null(row) { (*now).into() } else { cell(number) }));
            }
        }
    }
}
