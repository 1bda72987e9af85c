//! Columns of answers: numbers into short lists of words, as dictionary columns or as plain text.

use std::sync::Arc;

use arrow_array::builder::StringBuilder;
use arrow_array::types::{ArrowDictionaryKeyType, Int8Type, Int32Type};
use arrow_array::{Array, ArrayRef, BooleanArray, DictionaryArray, ListArray, PrimitiveArray, StringArray, UInt64Array};
use arrow_buffer::{ArrowNativeType, BooleanBuffer, NullBuffer, OffsetBuffer, ScalarBuffer};
use arrow_schema::{DataType, Field};
use bailiwick::columns::{NONE, Words};

/// How words are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    Dictionary,
    Plain,
}

impl Encoding {
    fn data_type(self, keys: DataType) -> DataType {
        match self {
            Self::Dictionary => DataType::Dictionary(Box::new(keys), Box::new(DataType::Utf8)),
            Self::Plain => DataType::Utf8,
        }
    }

    /// A column of ids.
    pub(super) fn ids(self, name: &str, nullable: bool) -> Field {
        Field::new(name, self.data_type(DataType::Int32), nullable)
    }

    /// A column of one of a few words.
    pub(super) fn words(self, name: &str, nullable: bool) -> Field {
        Field::new(name, self.data_type(DataType::Int8), nullable)
    }

    /// A column of some of a few words.
    pub(super) fn sets(self, name: &str) -> Field {
        Field::new(name, DataType::List(self.item()), false)
    }

    fn item(self) -> Arc<Field> {
        Arc::new(Field::new("item", self.data_type(DataType::Int8), false))
    }
}

/// The words of one column, as an array that batches share as long as the words do not change.
#[derive(Debug, Default)]
pub(super) struct Vocabulary(Option<((u32, u32), Arc<StringArray>)>);

impl Vocabulary {
    fn of(&mut self, words: &Words) -> Arc<StringArray> {
        match &self.0 {
            Some((edition, array)) if *edition == words.edition() => array.clone(),
            _ => {
                let array = Arc::new(StringArray::from_iter_values(words.iter()));
                self.0 = Some((words.edition(), array.clone()));
                array
            }
        }
    }

    /// A column of ids by their numbers.
    pub(super) fn column(&mut self, numbers: Vec<u32>, words: &Words, encoding: Encoding) -> ArrayRef {
        let words = self.of(words);
        let nulls = nulls(&numbers);
        match encoding {
            Encoding::Plain => plain(numbers.iter().map(|number| *number as usize), nulls.as_ref(), &words),
            Encoding::Dictionary => {
                let keys = numbers.into_iter().map(|number| if number == NONE { 0 } else { number.cast_signed() });
                dictionary::<Int32Type>(keys.collect(), nulls, words)
            }
        }
    }
}

fn nulls(numbers: &[u32]) -> Option<NullBuffer> {
    // Most columns are full or nearly empty; looking first is cheap.
    if numbers.iter().all(|number| *number != NONE) {
        return None;
    }
    let is_there = |row: usize| numbers.get(row).is_some_and(|number| *number != NONE);
    Some(NullBuffer::new(BooleanBuffer::collect_bool(numbers.len(), is_there)))
}

/// A list of words that never changes.
#[derive(Debug)]
pub(super) struct FixedWords {
    words: Arc<StringArray>,
    /// The place of each word of the list: one that stands there twice has one place.
    places: Vec<i8>,
}

impl FixedWords {
    pub(super) fn new(list: impl Iterator<Item = &'static str>) -> Self {
        let mut words: Vec<&str> = Vec::new();
        let mut places = Vec::new();
        for word in list {
            let place = words.iter().position(|other| *other == word).unwrap_or_else(|| {
                words.push(word);
                words.len().saturating_sub(1)
            });
            // INVARIANT: no list is so long.
            places.push(i8::try_from(place).unwrap_or(0));
        }
        Self { words: Arc::new(StringArray::from_iter_values(words)), places }
    }

    /// A column of words by their numbers in the list.
    pub(super) fn of(&self, numbers: &[u8], encoding: Encoding) -> ArrayRef {
        let place = |number: &u8| self.places.get(usize::from(*number)).copied().unwrap_or(0);
        self.column(numbers.iter().map(place).collect(), None, encoding)
    }

    /// A column of words by their places; `is_there` says which rows have one.
    pub(super) fn column(&self, places: Vec<i8>, is_there: Option<BooleanBuffer>, encoding: Encoding) -> ArrayRef {
        let nulls = is_there.map(NullBuffer::new);
        match encoding {
            Encoding::Plain => plain(places.iter().map(|place| usize::from(place.unsigned_abs())), nulls.as_ref(), &self.words),
            Encoding::Dictionary => dictionary::<Int8Type>(places.into(), nulls, self.words.clone()),
        }
    }

    /// A column of lists of words: the bit of each is its place.
    pub(super) fn sets(&self, bits: &[u8], encoding: Encoding) -> ArrayRef {
        let mut places: Vec<i8> = Vec::new();
        let mut ends: Vec<i32> = Vec::with_capacity(bits.len().saturating_add(1));
        ends.push(0);
        let mut end = 0_i32;
        for row in bits {
            let mut left = *row;
            while left != 0 {
                places.push(left.trailing_zeros() as i8);
                left &= left.wrapping_sub(1);
                end = end.saturating_add(1);
            }
            ends.push(end);
        }
        let values = self.column(places, None, encoding);
        // INVARIANT: the ends only rise.
        Arc::new(ListArray::new(encoding.item(), OffsetBuffer::new(ends.into()), values, None))
    }
}

#[expect(unsafe_code, reason = "checking every key a second time would take as long as attributing the row")]
fn dictionary<K: ArrowDictionaryKeyType>(keys: ScalarBuffer<K::Native>, nulls: Option<NullBuffer>, words: Arc<StringArray>) -> ArrayRef {
    // A dictionary without words has no key that could be written for null.
    let words = if words.is_empty() { Arc::new(StringArray::from_iter_values([""])) } else { words };
    let greatest = keys.iter().fold(0, |greatest: usize, key| greatest.max(key.as_usize()));
    let keys = PrimitiveArray::<K>::new(keys, nulls);
    assert!(greatest < words.len(), "a number without a word");
    // SAFETY: no key is as great as there are words (a negative one would be greater), which was looked up above.
    Arc::new(unsafe { DictionaryArray::<K>::new_unchecked(keys, words) })
}

fn plain(places: impl ExactSizeIterator<Item = usize>, nulls: Option<&NullBuffer>, words: &StringArray) -> ArrayRef {
    let mut texts = StringBuilder::with_capacity(places.len(), places.len().saturating_mul(12));
    for (row, place) in places.enumerate() {
        let is_there = nulls.is_none_or(|nulls| nulls.is_valid(row)) && place < words.len();
        texts.append_option(is_there.then(|| words.value(place)));
    }
    Arc::new(texts.finish())
}

pub(super) fn booleans(values: &[bool]) -> ArrayRef {
    Arc::new(BooleanArray::new(BooleanBuffer::from(values), None))
}

/// The same number in every row.
pub(super) fn repeated(number: u64, rows: usize) -> ArrayRef {
    Arc::new(UInt64Array::from_value(number, rows))
}
