//! Impacts as columns: the rows of access, then those of bookings.

use std::sync::Arc;

use arrow_array::builder::{ListBuilder, StringDictionaryBuilder};
use arrow_array::types::Int32Type;
use arrow_array::{ArrayRef, StringArray};
use arrow_schema::{DataType, Field};
use bailiwick::{BookedAt, Directory, ImpactRow, ImpactRows};

use super::rows::Rows;

const KINDS: [&str; 2] = ["access", "bookings"];

/// A list of words in each row that has one. Few words occur in many rows.
type Words = ListBuilder<StringDictionaryBuilder<Int32Type>>;

impl Rows for ImpactRows<Arc<Directory>> {
    fn fields(&self) -> Vec<Field> {
        let word = DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
        let words = || DataType::List(Arc::new(Field::new_list_field(word.clone(), true)));
        vec![
            Field::new("kind", DataType::Utf8, false),
            Field::new("principal", DataType::Utf8, false),
            Field::new("on", DataType::Utf8, true),
            Field::new("gained", words(), true),
            Field::new("lost", words(), true),
            Field::new("project", DataType::Utf8, true),
            Field::new("before_organization", DataType::Utf8, true),
            Field::new("before_project", DataType::Utf8, true),
            Field::new("after_organization", DataType::Utf8, true),
            Field::new("after_project", DataType::Utf8, true),
            Field::new("usage", words(), true),
        ]
    }

    fn kinds(&self) -> Vec<&'static str> {
        KINDS.to_vec()
    }

    fn next_columns(&mut self, most: usize, counts: &mut [u64]) -> Vec<ArrayRef> {
        let rows: Vec<ImpactRow> = self.take(most).collect();
        if rows.is_empty() {
            return Vec::new();
        }
        let is_access = |row: &&ImpactRow| matches!(row, ImpactRow::Access(_));
        let access = rows.iter().filter(is_access).count() as u64;
        for (count, of_kind) in counts.iter_mut().zip([access, (rows.len() as u64).saturating_sub(access)]) {
            *count = of_kind;
        }
        let [kind, other_kind] = KINDS;
        let texts = |of: fn(&ImpactRow) -> Option<&str>| Arc::new(rows.iter().map(of).collect::<StringArray>()) as ArrayRef;
        let words = |of: fn(&ImpactRow) -> Option<&[Arc<str>]>| lists(rows.iter().map(of));
        vec![
            Arc::new(StringArray::from_iter_values(rows.iter().map(|row| if is_access(&row) { kind } else { other_kind }))),
            texts(|row| match row {
                ImpactRow::Access(row) => Some(&row.principal),
                ImpactRow::Booking(row) => Some(&row.principal),
            }),
            texts(|row| match row {
                ImpactRow::Access(row) => Some(&row.on),
                ImpactRow::Booking(_) => None,
            }),
            words(|row| match row {
                ImpactRow::Access(row) => Some(&row.gained),
                ImpactRow::Booking(_) => None,
            }),
            words(|row| match row {
                ImpactRow::Access(row) => Some(&row.lost),
                ImpactRow::Booking(_) => None,
            }),
            texts(|row| match row {
                ImpactRow::Access(_) => None,
                ImpactRow::Booking(row) => Some(&row.project),
            }),
            texts(|row| before(row)?.organization.as_deref()),
            texts(|row| before(row)?.project.as_deref()),
            texts(|row| after(row)?.organization.as_deref()),
            texts(|row| after(row)?.project.as_deref()),
            words(|row| match row {
                ImpactRow::Access(_) => None,
                ImpactRow::Booking(row) => Some(&row.usage),
            }),
        ]
    }
}

const fn before(row: &ImpactRow) -> Option<&BookedAt> {
    match row {
        ImpactRow::Access(_) => None,
        ImpactRow::Booking(row) => Some(&row.before),
    }
}

const fn after(row: &ImpactRow) -> Option<&BookedAt> {
    match row {
        ImpactRow::Access(_) => None,
        ImpactRow::Booking(row) => Some(&row.after),
    }
}

fn lists<'r>(rows: impl Iterator<Item = Option<&'r [Arc<str>]>>) -> ArrayRef {
    let mut column: Words = ListBuilder::new(StringDictionaryBuilder::new());
    for words in rows {
        for word in words.unwrap_or_default() {
            column.values().append_value(word);
        }
        column.append(words.is_some());
    }
    Arc::new(column.finish())
}
