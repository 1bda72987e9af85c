//! Whole tables for Python: the arguments of calls, and the class of the answers. Reading and answering are in [`arrow`](crate::arrow).

mod answers;
mod capsule;
mod column_name;
pub(crate) mod directory;
mod engine;
mod insight;
mod instants;
mod timeline;
mod when;

use std::sync::Arc;

use arrow_schema::Schema;
use bailiwick::{Directory, Freshness, Timeline};
use pyo3::prelude::*;

pub(crate) use crate::arrow::column_names::ColumnName;
pub(crate) use answers::AnswerTable;
pub(crate) use instants::{instants_of, moments_of};
pub(crate) use when::{At, When};

use crate::arrow::access;
use crate::arrow::attribution::{self, Naming};
use crate::arrow::column_names::{self as names, PrincipalNames};
use crate::arrow::error::TableError;
use crate::arrow::focus::{FocusForm, FocusVersion};
use crate::arrow::output::Encoding;
use crate::arrow::reader::Evaluator;
use crate::arrow::timeline as by_time;
use crate::error::py_table_error;

/// How the answers are written.
#[derive(Debug)]
pub(crate) struct OutputOptions<'a> {
    pub(crate) keep_input: bool,
    pub(crate) prefix: &'a str,
    pub(crate) dictionaries: bool,
}

impl OutputOptions<'_> {
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
        evaluator: impl FnOnce(&Schema, Encoding) -> Result<Box<dyn Evaluator>, TableError>,
    ) -> PyResult<AnswerTable> {
        if self.prefix.contains('\0') {
            return Err(py_table_error(
                table.py(),
                &TableError::wrong_type("/prefix", "the name of a column cannot contain a zero character"),
            ));
        }
        let evaluator = |schema: &Schema, is_stream: bool| evaluator(schema, self.encoding(is_stream));
        AnswerTable::new(table, evaluator, self.keep_input, self.prefix, (directory.policy_id().to_owned(), directory.revision()))
    }
}

/// Which columns the answers of attribution have, by the arguments `columns` and `nulls`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct AnswerForm<'a> {
    pub(crate) columns: &'a str,
    pub(crate) nulls: bool,
}

impl AnswerForm<'_> {
    fn naming(self) -> Result<Naming, TableError> {
        let focus = |version| Ok(Naming::Focus(FocusForm { version, nulls: self.nulls }));
        match self.columns {
            "bailiwick" => Ok(Naming::Bailiwick),
            "focus-1.4" => focus(FocusVersion::V1_4),
            "focus-1.5-draft" => focus(FocusVersion::V1_5Draft),
            _ => Err(TableError::wrong_type("/columns", "expected `bailiwick`, `focus-1.4` or `focus-1.5-draft`")),
        }
    }
}

/// Attributes a table.
pub(crate) fn attribute_table(
    directory: Arc<Directory>,
    table: &Bound<'_, PyAny>,
    principal: PrincipalNames,
    usage: [ColumnName; 4],
    when: When,
    form: AnswerForm<'_>,
    output: &OutputOptions<'_>,
) -> PyResult<AnswerTable> {
    let When { column, times } = when;
    let named = form.naming().and_then(|naming| Ok((naming, names::usage(principal, usage, column)?)));
    let (naming, named) = named.map_err(|fault| py_table_error(table.py(), &fault))?;
    output.answers(table, &directory.clone(), |schema, encoding| {
        Ok(Box::new(attribution::attribute(directory, schema, &named, naming, encoding, times)?))
    })
}

/// Attributes a table by a timeline.
pub(crate) fn attribute_by_time(
    timeline: &Timeline,
    table: &Bound<'_, PyAny>,
    principal: PrincipalNames,
    usage: [ColumnName; 4],
    when: When,
    form: AnswerForm<'_>,
    output: &OutputOptions<'_>,
) -> PyResult<AnswerTable> {
    let When { column, times } = when;
    let named = form.naming().and_then(|naming| Ok((naming, names::usage(principal, usage, column)?)));
    let (naming, named) = named.map_err(|fault| py_table_error(table.py(), &fault))?;
    output.answers(table, timeline.present(), |schema, encoding| {
        Ok(Box::new(by_time::attribute(timeline, schema, named, naming, encoding, times)?))
    })
}

/// Decides a table of questions.
pub(crate) fn check_table(
    directory: Arc<Directory>,
    table: &Bound<'_, PyAny>,
    principal: PrincipalNames,
    questions: [ColumnName; 3],
    when: When,
    freshness: Freshness,
    output: &OutputOptions<'_>,
) -> PyResult<AnswerTable> {
    let When { column, times } = when;
    let named = names::questions(principal, questions, column).map_err(|fault| py_table_error(table.py(), &fault))?;
    output.answers(table, &directory.clone(), |schema, encoding| {
        Ok(Box::new(access::check(directory, schema, &named, freshness, encoding, times)?))
    })
}
