//! Whole tables: Arrow in, Arrow out. Columns become cells, numbers and words become columns; what they mean is the core's.
//!
//! A table comes in by the Arrow PyCapsule interface ([`capsule`]), batch by batch. Its columns are found by name ([`input`]), their values are
//! looked up ([`text`], [`instant`]), the core answers rows of cells ([`bailiwick::columns`]), and the answers are written as columns
//! ([`output`], and [`attribution`] or [`access`] for which they are). [`answers`] is what a caller gets.

mod access;
mod answers;
mod attribution;
mod capsule;
mod fault;
mod focus;
mod input;
mod instant;
mod memo;
mod named;
mod output;
mod reader;
mod text;

use std::sync::Arc;

use arrow_array::RecordBatchReader;
use bailiwick::columns::Terms;
use bailiwick::{Directory, Instant};
use pyo3::prelude::*;

pub(crate) use answers::AnswerTable;
use attribution::Naming;
use fault::Fault;
use focus::FocusVersion;
pub(crate) use named::ColumnName;
use named::PrincipalNames;
use output::Encoding;
use reader::Sheet;

/// How the answers are to be written.
#[derive(Debug)]
pub(crate) struct Form<'a> {
    pub(crate) keep_input: bool,
    pub(crate) prefix: &'a str,
    pub(crate) dictionaries: bool,
}

impl Form<'_> {
    fn encoding(&self) -> Encoding {
        if self.dictionaries { Encoding::Dictionary } else { Encoding::Plain }
    }

    fn answers(
        &self,
        table: &Bound<'_, PyAny>,
        directory: &Directory,
        sheet: impl FnOnce(&capsule::Batches) -> Result<Box<dyn Sheet>, Fault>,
    ) -> PyResult<AnswerTable> {
        if self.prefix.contains('\0') {
            return Err(Fault::wrong_type("/prefix", "a name of a column has no zero in it").raised(table.py()));
        }
        AnswerTable::new(table, sheet, self.keep_input, self.prefix, (directory.policy_id().to_owned(), directory.revision()))
    }
}

/// Attributes a table. `columns` says how the answers are called.
pub(crate) fn attribute_table(
    directory: Arc<Directory>,
    table: &Bound<'_, PyAny>,
    principal: PrincipalNames,
    usage: [ColumnName; 5],
    columns: &str,
    form: &Form<'_>,
    now: Instant,
) -> PyResult<AnswerTable> {
    let naming = match columns {
        "bailiwick" => Ok(Naming::Bailiwick),
        "focus-1.4" => Ok(Naming::Focus(FocusVersion::V1_4)),
        "focus-1.5-draft" => Ok(Naming::Focus(FocusVersion::V1_5Draft)),
        _ => Err(Fault::wrong_type("/columns", "expected `bailiwick`, `focus-1.4` or `focus-1.5-draft`")),
    };
    let named = naming.and_then(|naming| Ok((naming, named::usage(principal, usage)?)));
    let (naming, named) = named.map_err(|fault| fault.raised(table.py()))?;
    form.answers(table, &directory.clone(), |batches| {
        Ok(Box::new(attribution::attribute(directory, &batches.schema(), &named, naming, form.encoding(), now)?))
    })
}

/// Decides on a table.
pub(crate) fn check_table(
    directory: Arc<Directory>,
    table: &Bound<'_, PyAny>,
    principal: PrincipalNames,
    questions: [ColumnName; 4],
    terms: Terms,
    form: &Form<'_>,
    now: Instant,
) -> PyResult<AnswerTable> {
    let named = named::questions(principal, questions).map_err(|fault| fault.raised(table.py()))?;
    form.answers(table, &directory.clone(), |batches| {
        Ok(Box::new(access::check(directory, &batches.schema(), &named, terms, form.encoding(), now)?))
    })
}
