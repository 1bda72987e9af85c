//! Columns of answers, as dictionaries or as plain text. The core gives numbers of words.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{ArrowDictionaryKeyType, Int8Type, Int32Type};
use arrow_array::{Array, ArrayRef, BooleanArray, DictionaryArray, ListArray, PrimitiveArray, StringArray, UInt64Array};
use arrow_buffer::{ArrowNativeType, BooleanBuffer, NullBuffer, OffsetBuffer};
use arrow_schema::{DataType, Field};
use bailiwick::columns::{Dictionary, NONE};
use bailiwick::{Caveat, Remedy};

/// How words are written. A column has one dictionary for all batches, or none: libraries do not accept several for one column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Encoding {
    /// With dictionaries. Those of ids are complete when the last row has been answered; until then the columns hold numbers (see [`finished`]).
    Dictionary,
    /// With dictionaries of the words that are known in advance; ids, which are not, are plain text. For answers that are read while they are made.
    Stream,
    Plain,
}

fn with_dictionary(keys: DataType) -> DataType {
    DataType::Dictionary(Box::new(keys), Box::new(DataType::Utf8))
}

impl Encoding {
    /// A column of ids.
    pub(super) fn ids(self, name: &str, nullable: bool) -> Field {
        let data_type = if self == Self::Dictionary { with_dictionary(DataType::Int32) } else { DataType::Utf8 };
        Field::new(name, data_type, nullable)
    }

    /// A column with one of a few words in each row.
    pub(super) fn words(self, name: &str, nullable: bool) -> Field {
        Field::new(name, self.word(), nullable)
    }

    fn word(self) -> DataType {
        if self == Self::Plain { DataType::Utf8 } else { with_dictionary(DataType::Int8) }
    }

    /// A column with a list of a few words in each row.
    pub(super) fn sets(self, name: &str) -> Field {
        Field::new(name, DataType::List(self.item()), false)
    }

    fn item(self) -> Arc<Field> {
        Arc::new(Field::new("item", self.word(), false))
    }
}

/// The column of answers until its dictionary is complete.
pub(super) fn unfinished(field: &Field) -> Field {
    let is_of_ids = *field.data_type() == with_dictionary(DataType::Int32);
    if is_of_ids { field.clone().with_data_type(DataType::Int32) } else { field.clone() }
}

/// A column of ids by their numbers ([`unfinished`]) gets its dictionary.
pub(super) fn finished(numbers: &ArrayRef, words: &Arc<StringArray>) -> ArrayRef {
    dictionary(numbers.as_primitive::<Int32Type>().clone(), words.clone())
}

/// The words of one column, as an array that batches share until the words change.
#[derive(Debug, Default)]
pub(super) struct Vocabulary(Option<((u32, u32), Arc<StringArray>)>);

impl Vocabulary {
    pub(super) fn of(&mut self, words: &Dictionary) -> Arc<StringArray> {
        match &self.0 {
            Some((version, array)) if *version == words.version() => array.clone(),
            _ => {
                let array = Arc::new(StringArray::from_iter_values(words.iter()));
                self.0 = Some((words.version(), array.clone()));
                array
            }
        }
    }

    /// A column of ids by their numbers.
    pub(super) fn column(&mut self, numbers: Vec<u32>, words: &Dictionary, encoding: Encoding) -> ArrayRef {
        let nulls = nulls(&numbers);
        if encoding != Encoding::Dictionary {
            return plain(numbers.iter().map(|number| *number as usize), nulls.as_ref(), &self.of(words));
        }
        let keys = numbers.into_iter().map(|number| if number == NONE { 0 } else { number.cast_signed() });
        Arc::new(PrimitiveArray::<Int32Type>::new(keys.collect(), nulls))
    }
}

/// The most words in one row's list.
const MOST_OF_A_SET: usize = 4;
const _: () = assert!(Remedy::ALL.len() <= MOST_OF_A_SET && Caveat::ALL.len() <= MOST_OF_A_SET);

/// For every set of up to four words: how many there are, and their indices.
#[expect(clippy::indexing_slicing, reason = "a constant that would panic does not compile")]
const PLACES_OF_SETS: [(usize, [i8; MOST_OF_A_SET]); 16] = {
    let mut sets = [(0, [0; MOST_OF_A_SET]); 16];
    let mut set = 0;
    while set < sets.len() {
        let mut place = 0;
        while place < MOST_OF_A_SET {
            if set >> place & 1 != 0 {
                let (count, places) = &mut sets[set];
                places[*count] = place as i8;
                *count += 1;
            }
            place += 1;
        }
        set += 1;
    }
    sets
};

fn nulls(numbers: &[u32]) -> Option<NullBuffer> {
    // Many columns have no nulls, and checking first is cheap.
    if numbers.iter().fold(true, |full, number| full & (*number != NONE)) {
        return None;
    }
    Some(NullBuffer::new(bits(numbers, |number| *number != NONE)))
}

/// One bit for each value, eight values at a time.
fn bits<T>(values: &[T], of: impl Fn(&T) -> bool) -> BooleanBuffer {
    let byte = |values: &[T]| values.iter().rev().fold(0_u8, |byte, value| byte << 1 | u8::from(of(value)));
    let (parts, rest) = values.as_chunks::<8>();
    let mut bytes: Vec<u8> = parts.iter().map(|part| byte(part)).collect();
    if !rest.is_empty() {
        bytes.push(byte(rest));
    }
    BooleanBuffer::new(bytes.into(), 0, values.len())
}

/// A list of words that never changes.
#[derive(Debug)]
pub(super) struct FixedWords {
    words: Arc<StringArray>,
    /// The index of each word of the list: a word that occurs twice has one index.
    places: Vec<i8>,
}

impl FixedWords {
    pub(super) fn new<W: AsRef<str> + PartialEq>(list: impl Iterator<Item = W>) -> Self {
        let mut words: Vec<W> = Vec::new();
        let mut places = Vec::new();
        for word in list {
            let place = words.iter().position(|other| *other == word).unwrap_or_else(|| {
                words.push(word);
                words.len().saturating_sub(1)
            });
            // INVARIANT: the lists are shorter than 128 words.
            places.push(i8::try_from(place).unwrap_or(0));
        }
        Self { words: Arc::new(StringArray::from_iter_values(words)), places }
    }

    /// Every set of these words but the empty one, as one text: the words in their order, separated by commas.
    pub(super) fn of_sets(list: impl Iterator<Item = &'static str>) -> Self {
        let words: Vec<&str> = list.collect();
        let joined = |set: usize| {
            let members = words.iter().enumerate().filter(|(place, _)| set >> place & 1 != 0);
            members.map(|(_, word)| *word).collect::<Vec<_>>().join(",")
        };
        Self::new((1..1_usize << words.len()).map(joined))
    }

    /// A column of such texts by bit sets; null for the empty set.
    pub(super) fn joined(&self, sets: &[u8], encoding: Encoding) -> ArrayRef {
        // INVARIANT: there are at most four words, so at most 15 sets.
        let places = sets.iter().map(|set| set.saturating_sub(1).cast_signed()).collect();
        self.column(places, Some(bits(sets, |set| *set != 0)), encoding)
    }

    /// A column of words by their numbers in the list.
    pub(super) fn of(&self, numbers: &[u8], encoding: Encoding) -> ArrayRef {
        let place = |number: &u8| self.places.get(usize::from(*number)).copied().unwrap_or(0);
        self.column(numbers.iter().map(place).collect(), None, encoding)
    }

    /// A column of words by their indices; `is_there` says which rows have one.
    pub(super) fn column(&self, places: Vec<i8>, is_there: Option<BooleanBuffer>, encoding: Encoding) -> ArrayRef {
        let nulls = is_there.map(NullBuffer::new);
        match encoding {
            Encoding::Plain => plain(places.iter().map(|place| usize::from(place.unsigned_abs())), nulls.as_ref(), &self.words),
            Encoding::Dictionary | Encoding::Stream => {
                dictionary(PrimitiveArray::<Int8Type>::new(places.into(), nulls), self.words.clone())
            }
        }
    }

    /// A column of lists of words, by bit sets of their indices.
    pub(super) fn sets(&self, bits: &[u8], encoding: Encoding) -> ArrayRef {
        // Four indices are written for each row, and the next row overwrites those that the row does not have. So no branch depends on their number.
        let mut places = vec![0_i8; bits.len().saturating_add(1).saturating_mul(MOST_OF_A_SET)];
        let mut ends: Vec<i32> = Vec::with_capacity(bits.len().saturating_add(1));
        let mut end = 0_usize;
        ends.push(0);
        ends.extend(bits.iter().map(|row| {
            let (count, of_row) = PLACES_OF_SETS.get(usize::from(*row)).copied().unwrap_or_default();
            if let Some(written) = places.get_mut(end..).and_then(<[i8]>::first_chunk_mut::<MOST_OF_A_SET>) {
                *written = of_row;
            }
            end = end.saturating_add(count);
            end as i32
        }));
        places.truncate(end);
        let values = self.column(places, None, encoding);
        // INVARIANT: the ends never decrease.
        Arc::new(ListArray::new(encoding.item(), OffsetBuffer::new(ends.into()), values, None))
    }
}

#[expect(unsafe_code, reason = "checking every key a second time would take as long as attributing the row")]
fn dictionary<K: ArrowDictionaryKeyType>(keys: PrimitiveArray<K>, words: Arc<StringArray>) -> ArrayRef {
    // An empty dictionary would have no key to write for null.
    let words = if words.is_empty() { Arc::new(StringArray::from_iter_values([""])) } else { words };
    let greatest = keys.values().iter().fold(0, |greatest: usize, key| greatest.max(key.as_usize()));
    assert!(greatest < words.len(), "a number without a word");
    // SAFETY: every key is less than the number of words (a negative one would be greater as `usize`), which was asserted above.
    Arc::new(unsafe { DictionaryArray::<K>::new_unchecked(keys, words) })
}

fn plain(places: impl ExactSizeIterator<Item = usize> + Clone, nulls: Option<&NullBuffer>, words: &StringArray) -> ArrayRef {
    let word = |(row, place): (usize, usize)| {
        let is_there = nulls.is_none_or(|nulls| nulls.is_valid(row)) && place < words.len();
        if is_there { words.value(place) } else { "" }
    };
    let size = places.clone().enumerate().map(word).map(str::len).fold(0, usize::saturating_add);
    let mut bytes: Vec<u8> = Vec::with_capacity(size);
    let mut ends: Vec<i32> = Vec::with_capacity(places.len().saturating_add(1));
    ends.push(0);
    ends.extend(places.enumerate().map(|row| {
        bytes.extend_from_slice(word(row).as_bytes());
        bytes.len() as i32
    }));
    // INVARIANT: the ends never decrease, and a slice of rows has far less text than two gigabytes.
    Arc::new(StringArray::new(OffsetBuffer::new(ends.into()), bytes.into(), nulls.cloned()))
}

pub(super) fn booleans(values: &[bool]) -> ArrayRef {
    Arc::new(BooleanArray::new(bits(values, |value| *value), None))
}

/// The same number in every row.
pub(super) fn repeated(number: u64, rows: usize) -> ArrayRef {
    Arc::new(UInt64Array::from_value(number, rows))
}
