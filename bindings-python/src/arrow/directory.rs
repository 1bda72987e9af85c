//! The tables of a directory. Their rows borrow their texts, so the batches are kept until the directory is indexed.

use arrow_array::{Array, ArrayRef};
use bailiwick::{ColumnRule, DirectoryTables, TableName};

use super::directory_column::{CellColumn, Dictionary, check};
use super::error::{Damage, TableError};
use super::import::Table;
use super::instant::Times;

/// How many rows become cells at a time.
const CHUNK: usize = 1 << 14;

/// About how many bytes one row takes while it is read.
const ROW: usize = 100;

/// Columns in which pandas keeps the index of a table.
const INDEX_COLUMN: &str = "__index_level_";

/// The batches of the tables of a directory.
#[derive(Default)]
pub(crate) struct Batches(Vec<NamedTable>);

struct NamedTable {
    name: TableName,
    columns: Vec<ColumnRule>,
    batches: Vec<Batch>,
}

struct Batch {
    rows: usize,
    columns: Vec<CellColumn>,
}

impl Batches {
    /// Reads a table to its end. A fault is at the path of the table.
    pub(crate) fn add(&mut self, name: TableName, table: Table, times: &Times) -> Result<(), TableError> {
        let Table { schema, batches } = table;
        let fields = schema.fields();
        let used: Vec<usize> =
            (0..).zip(fields).filter(|(_, field)| !field.name().starts_with(INDEX_COLUMN)).map(|(place, _)| place).collect();
        let names = used.iter().filter_map(|place| fields.get(*place)).map(|field| field.name().as_str());
        // A table without rows can be one without columns.
        let is_bare = used.is_empty();
        let columns = if is_bare { Vec::new() } else { name.columns_named(names).map_err(|error| TableError::of_core(&error))? };
        let check = |(column, place): (&ColumnRule, &usize)| {
            let field = fields.get(*place)?;
            check(column.name, column.column_type, field.data_type(), times).map_err(|fault| fault.within(name.as_str())).err()
        };
        let misfits: Vec<Option<TableError>> = columns.iter().zip(&used).map(check).collect();
        let mut read = Vec::new();
        for batch in batches {
            let batch = batch.map_err(|fault| fault.within(name.as_str()))?;
            if is_bare && batch.num_rows() > 0 {
                name.columns_named(std::iter::empty()).map_err(|error| TableError::of_core(&error))?;
            }
            let arrays = used.iter().filter_map(|place| batch.columns().get(*place));
            let column = |((column, array), misfit): ((&ColumnRule, &ArrayRef), &Option<TableError>)| match misfit {
                None => Ok(CellColumn::new(array, column.column_type)),
                // Databases that infer types give such a column any type.
                Some(_) if array.null_count() == array.len() => Ok(CellColumn::of_nulls(array)),
                Some(misfit) => Err(misfit.clone()),
            };
            let columns = columns.iter().zip(arrays).zip(&misfits).map(column).collect::<Result<_, _>>()?;
            read.push(Batch { rows: batch.num_rows(), columns });
        }
        self.0.push(NamedTable { name, columns, batches: read });
        Ok(())
    }

    /// About how many bytes their rows take.
    pub(crate) fn size(&self) -> usize {
        let rows = self.0.iter().flat_map(|table| &table.batches).map(|batch| batch.rows);
        rows.fold(0_usize, usize::saturating_add).saturating_mul(ROW)
    }

    /// The rows of all tables.
    pub(crate) fn rows(&self, times: &Times) -> Result<DirectoryTables<'_>, TableError> {
        let mut rows = DirectoryTables::new();
        for NamedTable { name, columns, batches } in &self.0 {
            rows.begin(*name, columns.clone());
            let mut before: Option<(&Batch, Vec<Dictionary<'_>>)> = None;
            for batch in batches {
                let dictionaries = dictionaries(batch, before.as_ref());
                let dictionaries = dictionaries.map_err(|damage| TableError::damaged_table(damage.as_str()).within(name.as_str()))?;
                for start in (0..batch.rows).step_by(CHUNK) {
                    let end = start.saturating_add(CHUNK).min(batch.rows);
                    let read = batch.columns.iter().zip(columns).zip(&dictionaries);
                    let cells = read.map(|((column, rule), dictionary)| column.read(rule.name, start..end, dictionary, times));
                    let cells = cells.collect::<Result<Vec<_>, _>>().map_err(|fault| fault.within(name.as_str()))?;
                    rows.add(*name, end.saturating_sub(start), &cells);
                }
                before = Some((batch, dictionaries));
            }
        }
        Ok(rows)
    }
}

fn dictionaries<'b>(batch: &'b Batch, before: Option<&(&'b Batch, Vec<Dictionary<'b>>)>) -> Result<Vec<Dictionary<'b>>, Damage> {
    let known = |place: usize| before.and_then(|(batch, known)| Some((batch.columns.get(place)?, known.get(place)?)));
    batch.columns.iter().enumerate().map(|(place, column)| column.dictionary(known(place))).collect()
}
