//! Whole tables for Python: what a call names, and the class that it gets. Reading and answering is in [`arrow`](crate::arrow).

mod answers;
mod capsule;
mod engine;
mod named;
mod when;

use std::sync::Arc;

use arrow_schema::Schema;
use bailiwick::Directory;
use bailiwick::Freshness;
use pyo3::prelude::*;

pub(crate) use crate::arrow::named::ColumnName;
pub(crate) use answers::AnswerTable;
pub(crate) use when::{At, When};

use crate::arrow::access;
use crate::arrow::attribution::{self, Naming};
use crate::arrow::fault::Fault;
use crate::arrow::focus::FocusVersion;
use crate::arrow::named::{self as names, PrincipalNames};
use crate::arrow::output::Encoding;
use crate::arrow::reader::Sheet;
use crate::error::raised_fault;

/// How the answers are to be written.
#[derive(Debug)]
pub(crate) struct Form<'a> {
    pub(crate) keep_input: bool,
    pub(crate) prefix: &'a str,
    pub(crate) dictionaries: bool,
}

impl Form<'_> {
    fn encoding(&self, is_stream: bool) -> Encoding {
        match (self.dictionaries, is_stream) {
            (true, false) => Encoding::Dictionary,
            (true, true) => Encoding::Stream,
            (false, _) => Encoding::Plain,
        }
    }

    fn answers(
        &self,
        table: &Bound<'_, PyAny>,
        directory: &Directory,
        sheet: impl FnOnce(&Schema, Encoding) -> Result<Box<dyn Sheet>, Fault>,
    ) -> PyResult<AnswerTable> {
        if self.prefix.contains('\0') {
            return Err(raised_fault(table.py(), &Fault::wrong_type("/prefix", "a name of a column has no zero in it")));
        }
        let sheet = |schema: &Schema, is_stream: bool| sheet(schema, self.encoding(is_stream));
        AnswerTable::new(table, sheet, self.keep_input, self.prefix, (directory.policy_id().to_owned(), directory.revision()))
    }
}

/// Attributes a table. `columns` says how the answers are called.
pub(crate) fn attribute_table(
    directory: Arc<Directory>,
    table: &Bound<'_, PyAny>,
    principal: PrincipalNames,
    usage: [ColumnName; 4],
    when: When,
    columns: &str,
    form: &Form<'_>,
) -> PyResult<AnswerTable> {
    let naming = match columns {
        "bailiwick" => Ok(Naming::Bailiwick),
        "focus-1.4" => Ok(Naming::Focus(FocusVersion::V1_4)),
        "focus-1.5-draft" => Ok(Naming::Focus(FocusVersion::V1_5Draft)),
        _ => Err(Fault::wrong_type("/columns", "expected `bailiwick`, `focus-1.4` or `focus-1.5-draft`")),
    };
    let When { column, times } = when;
    let named = naming.and_then(|naming| Ok((naming, names::usage(principal, usage, column)?)));
    let (naming, named) = named.map_err(|fault| raised_fault(table.py(), &fault))?;
    form.answers(table, &directory.clone(), |schema, encoding| {
        Ok(Box::new(attribution::attribute(directory, schema, &named, naming, encoding, times)?))
    })
}

/// Decides on a table.
pub(crate) fn check_table(
    directory: Arc<Directory>,
    table: &Bound<'_, PyAny>,
    principal: PrincipalNames,
    questions: [ColumnName; 3],
    when: When,
    freshness: Freshness,
    form: &Form<'_>,
) -> PyResult<AnswerTable> {
    let When { column, times } = when;
    let named = names::questions(principal, questions, column).map_err(|fault| raised_fault(table.py(), &fault))?;
    form.answers(table, &directory.clone(), |schema, encoding| {
        Ok(Box::new(access::check(directory, schema, &named, freshness, encoding, times)?))
    })
}
