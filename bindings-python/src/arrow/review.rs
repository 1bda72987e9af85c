//! Reviews as columns.

use std::sync::Arc;

use arrow_array::builder::{ListBuilder, StringBuilder};
use arrow_array::{ArrayRef, BooleanArray, StringArray, TimestampMillisecondArray};
use arrow_schema::{DataType, Field, TimeUnit};
use bailiwick::{Directory, Instant, Review, ReviewRow, ReviewSource};

use super::rows::Rows;

const UTC: &str = "UTC";

impl Rows for Review<Arc<Directory>> {
    fn fields(&self) -> Vec<Field> {
        let instant = || DataType::Timestamp(TimeUnit::Millisecond, Some(UTC.into()));
        vec![
            Field::new("principal", DataType::Utf8, false),
            Field::new("organization", DataType::Utf8, false),
            Field::new("project", DataType::Utf8, true),
            Field::new("role", DataType::Utf8, true),
            Field::new("source", DataType::Utf8, false),
            Field::new("via", DataType::Utf8, true),
            Field::new("added_at", instant(), true),
            Field::new("expires_at", instant(), true),
            Field::new("effective", DataType::Boolean, false),
            Field::new("scopes", DataType::List(Arc::new(Field::new_list_field(DataType::Utf8, true))), true),
        ]
    }

    fn kinds(&self) -> Vec<&'static str> {
        ReviewSource::ALL.iter().map(|source| source.as_str()).collect()
    }

    fn next_columns(&mut self, most: usize, counts: &mut [u64]) -> Vec<ArrayRef> {
        let rows = self.next_rows(most);
        if rows.is_empty() {
            return Vec::new();
        }
        for (source, count) in ReviewSource::ALL.iter().zip(counts) {
            *count = rows.iter().filter(|row| row.source == *source).count() as u64;
        }
        let texts =
            |of: for<'r> fn(&'r ReviewRow<'_>) -> Option<&'r str>| -> ArrayRef { Arc::new(rows.iter().map(of).collect::<StringArray>()) };
        let instants = |of: fn(&ReviewRow<'_>) -> Option<Instant>| -> ArrayRef {
            let column: TimestampMillisecondArray = rows.iter().map(|row| of(row).map(Instant::unix_milliseconds)).collect();
            Arc::new(column.with_timezone(UTC))
        };
        vec![
            texts(|row| Some(&row.principal)),
            texts(|row| Some(row.organization)),
            texts(|row| row.project),
            texts(|row| row.role),
            texts(|row| Some(row.source.as_str())),
            texts(|row| row.via.as_deref()),
            instants(|row| row.added_at),
            instants(|row| row.expires_at),
            Arc::new(rows.iter().map(|row| Some(row.effective)).collect::<BooleanArray>()),
            scopes(&rows),
        ]
    }
}

fn scopes(rows: &[ReviewRow<'_>]) -> ArrayRef {
    let mut column = ListBuilder::new(StringBuilder::new());
    for row in rows {
        for scope in row.scopes.iter().flatten() {
            column.values().append_value(scope);
        }
        column.append(row.scopes.is_some());
    }
    Arc::new(column.finish())
}
