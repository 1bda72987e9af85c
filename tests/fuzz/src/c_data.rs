//! Tables as the C structures that libraries pass, made of arbitrary bytes: invalid lengths, counts and sizes, decreasing offsets, views
//! out of bounds. Only invalid input that a reader cannot detect is left out, since it has only pointers: every buffer is as long as it is
//! declared.

use std::ffi::c_void;
use std::ptr::{null, null_mut};
use std::sync::Arc;

use arrow_array::ffi::{FFI_ArrowArray, FFI_ArrowSchema};
use arrow_schema::{DataType, Field, Fields, TimeUnit};

/// The columns of usage, and one that nobody reads.
pub const NAMES: [&str; 7] = ["principal", "kind", "surface", "project", "resource", "at", "unread"];
/// The most rows of a table, and the most before its offset.
const MOST_ROWS: i64 = 40;
const MOST_BEFORE: i64 = 8;
/// The most bytes of text in a column.
const MOST_BYTES: i64 = 4_096;
/// The capacity for buffers and children, whatever their declared number.
const ROOM: usize = 8;

/// `ArrowArray` of the C data interface.
#[repr(C)]
struct Array {
    length: i64,
    null_count: i64,
    offset: i64,
    n_buffers: i64,
    n_children: i64,
    buffers: *const *const c_void,
    children: *const *mut Array,
    dictionary: *mut Array,
    release: Option<unsafe extern "C" fn(*mut Array)>,
    private_data: *mut c_void,
}

/// The structures own nothing: the table owns all memory.
unsafe extern "C" fn release(array: *mut Array) {
    unsafe { (*array).release = None };
}

/// Bytes, read from the front; then zeros.
struct Bytes<'a>(&'a [u8]);

impl Bytes<'_> {
    fn take<const N: usize>(&mut self) -> [u8; N] {
        let mut taken = [0; N];
        let count = N.min(self.0.len());
        taken[..count].copy_from_slice(&self.0[..count]);
        self.0 = &self.0[count..];
        taken
    }

    fn byte(&mut self) -> u8 {
        self.take::<1>()[0]
    }

    /// Usually the true value, sometimes an invalid one that is too far off to be mistaken for valid.
    fn said(&mut self, truth: i64) -> i64 {
        match self.byte() {
            0xf0..=0xf3 => -1,
            0xf4..=0xf7 => i64::MIN,
            0xf8..=0xfb => i64::MAX,
            0xfc..=0xff => 1 << 50,
            _ => truth,
        }
    }
}

/// A table with all memory that its structures point at.
pub struct Table {
    pub data_type: DataType,
    pub rows: i64,
    root: Box<Array>,
    buffers: Vec<Box<[u64]>>,
    pointers: Vec<Box<[*const c_void; ROOM]>>,
    children: Vec<Box<[*mut Array; ROOM]>>,
    arrays: Vec<Box<Array>>,
}

impl Table {
    #[must_use]
    pub fn new(bytes: &[u8]) -> Self {
        let bytes = &mut Bytes(bytes);
        let rows = i64::from(bytes.byte()) % (MOST_ROWS + 1);
        let columns = usize::from(bytes.byte()) % (NAMES.len() + 1);
        let types: Vec<DataType> = (0..columns).map(|_| column_type(bytes.byte())).collect();
        let fields = types.iter().zip(NAMES).map(|(data_type, name)| Arc::new(Field::new(name, data_type.clone(), true)));
        let data_type = DataType::Struct(fields.collect::<Fields>());
        let root = Box::new(empty());
        let mut table = Self { data_type, rows, root, buffers: Vec::new(), pointers: Vec::new(), children: Vec::new(), arrays: Vec::new() };
        let columns = types.iter().map(|data_type| table.array(data_type, rows, bytes)).collect();
        *table.root = table.finished(rows, 0, rows, vec![null()], columns, bytes);
        table
    }

    /// The structures. They are valid as long as the table.
    #[must_use]
    pub fn handed_over(&mut self) -> (FFI_ArrowSchema, FFI_ArrowArray) {
        self.root.release = Some(release);
        let array = unsafe { FFI_ArrowArray::from_raw((&raw mut *self.root).cast()) };
        (FFI_ArrowSchema::try_from(&self.data_type).expect("the type can be said"), array)
    }

    /// A buffer with these bytes, aligned for every type.
    fn buffer(&mut self, bytes: &[u8]) -> *const c_void {
        let words = bytes.chunks(8).map(|chunk| {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            u64::from_ne_bytes(word)
        });
        let words: Box<[u64]> = words.collect();
        self.buffers.push(words);
        self.buffers.last().map_or(null(), |words| words.as_ptr().cast())
    }

    /// An array of a type. `rows`: as many as its table has.
    fn array(&mut self, data_type: &DataType, rows: i64, bytes: &mut Bytes<'_>) -> *mut Array {
        let before = i64::from(bytes.byte()) % MOST_BEFORE;
        let end = usize::try_from(before + rows).expect("both are small");
        let (validity, nulls) = self.validity(before, rows, bytes);
        let mut buffers = vec![validity];
        let mut children = Vec::new();
        let mut dictionary = null_mut();
        match data_type {
            DataType::Null => buffers.clear(),
            DataType::Utf8 => self.texts(end, 4, &mut buffers, bytes),
            DataType::LargeUtf8 => self.texts(end, 8, &mut buffers, bytes),
            DataType::Utf8View => self.views(end, &mut buffers, bytes),
            DataType::List(item) => {
                let items = i64::from(bytes.byte()) % MOST_ROWS;
                let offsets: Vec<u8> = (0..=end).flat_map(|_| (i32::from(bytes.byte().cast_signed())).to_ne_bytes()).collect();
                buffers.push(self.buffer(&offsets));
                children.push(self.array(item.data_type(), items, bytes));
            }
            DataType::Dictionary(keys, values) => {
                let width = keys.primitive_width().expect("keys are numbers");
                let keys: Vec<u8> = (0..end * width).map(|place| if place % width == 0 { bytes.byte() } else { 0 }).collect();
                buffers.push(self.buffer(&keys));
                let count = i64::from(bytes.byte()) % MOST_ROWS;
                dictionary = self.array(values, count, bytes);
            }
            _ => {
                let numbers: Vec<u8> = (0..end).flat_map(|_| bytes.take::<8>()).collect();
                buffers.push(self.buffer(&numbers));
            }
        }
        let mut array = self.finished(rows, before, nulls, buffers, children, bytes);
        array.dictionary = if bytes.byte() == 0xff { null_mut() } else { dictionary };
        self.arrays.push(Box::new(array));
        self.arrays.last_mut().map_or(null_mut(), |array| &raw mut **array)
    }

    /// The validity bitmap, and the number of nulls.
    fn validity(&mut self, before: i64, rows: i64, bytes: &mut Bytes<'_>) -> (*const c_void, i64) {
        if bytes.byte() % 2 == 0 {
            return (null(), 0);
        }
        let bits = bytes.take::<8>();
        let nulls = (before..before + rows).filter(|row| u64::from_ne_bytes(bits) >> row & 1 == 0).count();
        (self.buffer(&bits), i64::try_from(nulls).expect("there are few rows"))
    }

    fn texts(&mut self, end: usize, width: usize, buffers: &mut Vec<*const c_void>, bytes: &mut Bytes<'_>) {
        let mut offsets = Vec::with_capacity(end + 1);
        let mut offset = 0;
        for _ in 0..=end {
            offsets.push(offset);
            offset = match bytes.byte() {
                0xff => i64::from(i32::from_ne_bytes(bytes.take())),
                step @ 0xf0.. => offset - i64::from(step - 0xf0),
                step => offset + i64::from(step % 32),
            };
        }
        // A reader cannot detect fewer bytes than the last offset says.
        if let Some(last) = offsets.last_mut() {
            *last = (*last).min(MOST_BYTES);
        }
        let length = usize::try_from(offsets.last().copied().unwrap_or(0)).unwrap_or(0);
        let written: Vec<u8> = offsets.iter().flat_map(|offset| offset.to_le_bytes().into_iter().take(width)).collect();
        let text: Vec<u8> = (0..length).map(|_| bytes.byte()).collect();
        buffers.extend([self.buffer(&written), self.buffer(&text)]);
    }

    fn views(&mut self, end: usize, buffers: &mut Vec<*const c_void>, bytes: &mut Bytes<'_>) {
        let text: Vec<u8> = bytes.take::<64>().into();
        let mut views = Vec::with_capacity(end * 16);
        for _ in 0..end {
            match bytes.byte() {
                0xff => views.extend(bytes.take::<16>()),
                shape => {
                    let (length, start) = (usize::from(shape % 32), usize::from(bytes.byte() % 64));
                    let from_start = text[start..].iter().copied().chain([0; 12]);
                    views.extend(u32::try_from(length).expect("it is small").to_le_bytes());
                    if length <= 12 {
                        views.extend(from_start.take(12));
                    } else {
                        // The beginning of the text, even if it does not end in the buffer.
                        views.extend(from_start.take(4));
                        views.extend(u32::from(bytes.byte() / 64).to_le_bytes());
                        let start = u32::try_from(start).expect("it is small").to_le_bytes();
                        views.extend(if shape >= 0xf0 { bytes.take() } else { start });
                    }
                }
            }
        }
        buffers.push(self.buffer(&views));
        let count = usize::from(bytes.byte() % 3);
        let mut sizes = Vec::new();
        for _ in 0..count {
            buffers.push(self.buffer(&text));
            let size = i64::from(bytes.byte() % 65);
            sizes.extend(if bytes.byte() == 0xff { -1 - size } else { size }.to_ne_bytes());
        }
        buffers.push(self.buffer(&sizes));
    }

    /// The structure of an array, with valid or invalid fields.
    fn finished(
        &mut self,
        rows: i64,
        before: i64,
        nulls: i64,
        buffers: Vec<*const c_void>,
        children: Vec<*mut Array>,
        bytes: &mut Bytes<'_>,
    ) -> Array {
        let (count, below) = (buffers.len(), children.len());
        let mut pointers = [null(); ROOM];
        pointers.iter_mut().zip(buffers).for_each(|(place, buffer)| *place = buffer);
        let mut arrays = [null_mut(); ROOM];
        arrays.iter_mut().zip(children).for_each(|(place, child)| *place = child);
        self.pointers.push(Box::new(pointers));
        self.children.push(Box::new(arrays));
        let few = |truth: usize, bytes: &mut Bytes<'_>| {
            let truth = i64::try_from(truth).expect("there are few");
            match bytes.byte() {
                // With one buffer less, a column of views would read the sizes from another buffer, which a reader cannot detect.
                0xf0..=0xfb => Some(i64::from(bytes.byte() % 9)).filter(|lie| *lie < 3 || *lie > truth).unwrap_or(truth),
                0xfc => -1,
                0xfd => i64::MAX,
                _ => truth,
            }
        };
        Array {
            length: bytes.said(rows),
            null_count: match bytes.byte() {
                0x80..=0xef => -1,
                lie @ 0xf0.. => i64::from(lie - 0xf0),
                _ => nulls,
            },
            offset: bytes.said(before),
            n_buffers: few(count, bytes),
            n_children: few(below, bytes),
            buffers: self.pointers.last().map_or(null(), |pointers| pointers.as_ptr()),
            children: self.children.last().map_or(null(), |children| children.as_ptr()),
            ..empty()
        }
    }
}

const fn empty() -> Array {
    Array {
        length: 0,
        null_count: 0,
        offset: 0,
        n_buffers: 0,
        n_children: 0,
        buffers: null(),
        children: null(),
        dictionary: null_mut(),
        release: None,
        private_data: null_mut(),
    }
}

fn column_type(byte: u8) -> DataType {
    let text = match byte / 16 % 4 {
        0 => DataType::Utf8,
        1 => DataType::LargeUtf8,
        2 => DataType::Utf8View,
        _ => DataType::Null,
    };
    match byte % 16 {
        0..=6 => text,
        7 => DataType::Dictionary(Box::new(DataType::Int8), Box::new(text)),
        8 => DataType::Dictionary(Box::new(DataType::UInt16), Box::new(text)),
        9 => DataType::Dictionary(Box::new(DataType::Int64), Box::new(text)),
        10 => DataType::Int64,
        11 => DataType::Timestamp(TimeUnit::Nanosecond, None),
        12 => DataType::UInt64,
        _ => DataType::List(Arc::new(Field::new("item", text, true))),
    }
}
