//! Validates the C structures of a table before the Arrow crates rely on them.
//!
//! The interface hands over pointers without the sizes of their buffers. Readers compute these: from the length of a column, from its last offset, and,
//! for string views, from a list of sizes. Contradictions are refused here. Some false claims cannot be detected, such as a column that is shorter than it
//! says: there the other library is trusted, as it is for the pointers themselves.

use arrow_array::ffi::FFI_ArrowArray;
use arrow_buffer::bit_chunk_iterator::UnalignedBitChunk;
use arrow_data::layout;
use arrow_schema::{DataType, Fields, UnionMode};

use super::error::TableError;

/// The most rows of a column: no length in bytes or bits overflows.
const MOST_ROWS: usize = 1 << 48;

/// Checks that an array can be a batch of these columns. (The nesting of types was limited before, so recursion is safe.)
pub(super) fn validate(array: &FFI_ArrowArray, fields: &Fields) -> Result<(), TableError> {
    let data_type = DataType::Struct(fields.clone());
    let columns = ArrayCheck { array, data_type: &data_type }.own().map_err(TableError::damaged_table)?;
    let mut columns = fields.iter().zip(columns);
    columns.try_for_each(|(field, (column, rows))| column.all(rows).map_err(|what| TableError::damaged_column(field.name(), what)))
}

/// A claim of an array that cannot be true.
type Violation = &'static str;

struct ArrayCheck<'a> {
    array: &'a FFI_ArrowArray,
    data_type: &'a DataType,
}

impl<'a> ArrayCheck<'a> {
    /// Checks the array and everything below it. `needed`: how many values it must have.
    fn all(&self, needed: usize) -> Result<(), Violation> {
        let below = self.own()?;
        if self.array.len() < needed {
            return Err("fewer values than are needed");
        }
        below.into_iter().try_for_each(|(part, needed)| part.all(needed))
    }

    /// Checks the array itself. Returns those below it, with how many values each must have.
    fn own(&self) -> Result<Vec<(Self, usize)>, Violation> {
        let end = self.end()?;
        self.buffers(end)?;
        self.nulls()?;
        self.below(end)
    }

    /// The end of the rows, counted from the beginning of the buffers.
    fn end(&self) -> Result<usize, Violation> {
        // A negative number becomes greater than every limit.
        let end = self.array.offset().checked_add(self.array.len()).filter(|end| *end <= MOST_ROWS);
        end.filter(|_| self.array.len() <= MOST_ROWS).ok_or("an invalid length or offset")
    }

    fn buffers(&self, end: usize) -> Result<(), Violation> {
        let layout = layout(self.data_type);
        let wanted = layout.buffers.len().saturating_add(usize::from(layout.can_contain_null_mask));
        let found = self.array.num_buffers();
        let fits = if layout.variadic { found > wanted && found <= MOST_ROWS } else { found == wanted };
        if !fits {
            return Err("a wrong number of buffers");
        }
        let first = usize::from(layout.can_contain_null_mask);
        // Binary values of a fixed size can be empty.
        let may_lack = end == 0 || first == wanted || matches!(self.data_type, DataType::FixedSizeBinary(_));
        if !may_lack && self.array.buffer(first).is_null() {
            return Err("a missing buffer");
        }
        if layout.variadic { self.variadic_buffers(wanted, found.saturating_sub(1)) } else { Ok(()) }
    }

    /// Checks the buffers from `first` on, whose sizes are in the last one.
    fn variadic_buffers(&self, first: usize, last: usize) -> Result<(), Violation> {
        let sizes = self.array.buffer(last).cast::<i64>();
        for (place, index) in (first..last).enumerate() {
            if sizes.is_null() {
                return Err("buffers without a size");
            }
            // SAFETY: the interface says that this buffer has one size for each variadic buffer.
            #[expect(unsafe_code, reason = "the Arrow C data interface is made of pointers")]
            let size = unsafe { sizes.add(place).read_unaligned() };
            if size < 0 || (size > 0 && self.array.buffer(index).is_null()) {
                return Err("a buffer of an invalid size");
            }
        }
        Ok(())
    }

    /// Checks the null count. (Readers skip the null bitmap where the count is zero.)
    fn nulls(&self) -> Result<(), Violation> {
        let Some(said) = self.array.null_count_opt() else { return Ok(()) };
        if !layout(self.data_type).can_contain_null_mask {
            return Ok(());
        }
        let bits = self.array.buffer(0);
        let (offset, length) = (self.array.offset(), self.array.len());
        let found = if bits.is_null() || length == 0 {
            0
        } else {
            // SAFETY: the interface says that this buffer has a bit for each row. There are few enough of them (see `end`).
            #[expect(unsafe_code, reason = "the Arrow C data interface is made of pointers")]
            let bits = unsafe { std::slice::from_raw_parts(bits, offset.saturating_add(length).div_ceil(8)) };
            length.saturating_sub(UnalignedBitChunk::new(bits, offset, length).count_ones())
        };
        if found == said { Ok(()) } else { Err("a wrong null count") }
    }

    /// The arrays below this one, with how many values each must have.
    fn below(&self, end: usize) -> Result<Vec<(Self, usize)>, Violation> {
        let fields: Vec<(&DataType, usize)> = match self.data_type {
            DataType::Utf8 | DataType::Binary => return self.last_offset::<i32>(end).map(|_| Vec::new()),
            DataType::LargeUtf8 | DataType::LargeBinary => return self.last_offset::<i64>(end).map(|_| Vec::new()),
            DataType::List(item) | DataType::Map(item, _) => vec![(item.data_type(), self.last_offset::<i32>(end)?)],
            DataType::LargeList(item) => vec![(item.data_type(), self.last_offset::<i64>(end)?)],
            DataType::ListView(item) | DataType::LargeListView(item) => vec![(item.data_type(), 0)],
            DataType::FixedSizeList(item, size) => {
                let size = usize::try_from(*size).map_err(|_| "lists of a negative size")?;
                vec![(item.data_type(), end.saturating_mul(size))]
            }
            DataType::Struct(fields) => fields.iter().map(|field| (field.data_type(), end)).collect(),
            DataType::Union(fields, mode) => {
                let needed = if *mode == UnionMode::Sparse { end } else { 0 };
                fields.iter().map(|(_, field)| (field.data_type(), needed)).collect()
            }
            DataType::RunEndEncoded(ends, values) => vec![(ends.data_type(), 0), (values.data_type(), 0)],
            DataType::Dictionary(_, values) => {
                let array = self.array.dictionary().ok_or("a missing dictionary")?;
                return Ok(vec![(Self { array, data_type: values }, 0)]);
            }
            _ => Vec::new(),
        };
        if self.array.num_children() != fields.len() {
            return Err("a wrong number of children");
        }
        let child = |(place, (data_type, needed))| (Self { array: self.array.child(place), data_type }, needed);
        Ok(fields.into_iter().enumerate().map(child).collect())
    }

    /// The offset at the end of the values.
    fn last_offset<O: Copy + TryInto<usize>>(&self, end: usize) -> Result<usize, Violation> {
        if end == 0 {
            return Ok(0);
        }
        let offsets = self.array.buffer(1).cast::<O>();
        // SAFETY: the interface says that there is an offset for each row, and one more.
        #[expect(unsafe_code, reason = "the Arrow C data interface is made of pointers")]
        let [first, last] = [self.array.offset(), end].map(|place| unsafe { offsets.add(place).read_unaligned() });
        match (first.try_into(), last.try_into()) {
            (Ok(first), Ok(last)) if first <= last && isize::try_from(last).is_ok() => Ok(last),
            _ => Err("offsets that decrease"),
        }
    }
}
