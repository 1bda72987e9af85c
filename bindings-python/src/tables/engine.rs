//! The methods of the engine that answer whole tables.

use std::sync::Arc;

use bailiwick::boundary;
use pyo3::prelude::*;

use super::{AnswerTable, At, ColumnName, OutputOptions, When};
use crate::engine::Bailiwick;
use crate::error::answer;
use crate::request::request;

#[pymethods]
impl Bailiwick {
    /// Attribute a whole table of usage, row for row: none is dropped or moved, and one that cannot be attributed has an error code as its reason.
    ///
    /// `table` is anything with the Arrow PyCapsule interface: a table, a batch, or a stream, which is answered while the answers are read. The
    /// arguments name its columns. `principal` and `resource` hold references; instead of `principal`, `user` and `api_key` name columns of ids,
    /// of which the key counts where there is one. `surface`, `project`, `resource` and `at` may be absent. Text may be plain or with a dictionary;
    /// null means absent.
    ///
    /// `at` names a column, or is an aware datetime for all rows. A column holds timestamps, dates, numbers or text, in RFC 3339 or as databases
    /// write it (`2026-05-01 12:00:00+00`). What names no zone is read only with `time_zone` (`"UTC"`, `"+02:00"`, `"Europe/Zurich"`), and is
    /// `invalid_timestamp` where clocks were changed. Numbers count milliseconds since 1970, or the `at_unit`: `"s"`, `"ms"`, `"us"`, `"ns"`.
    ///
    /// `columns` names the answers: `"bailiwick"`, or the FinOps FOCUS dimensions of `"focus-1.4"` or `"focus-1.5-draft"`. With `keep_input` the
    /// table's own columns come first; `prefix` stands before the names of answers. Without `dictionaries` the answers are plain text; of a stream,
    /// ids always are.
    ///
    /// Raises BailiwickError with a column's name as path: `missing_field`, `duplicate_id` (two columns of that name), `wrong_type`; and
    /// `unreadable` where the table ends in an error.
    ///
    /// >>> import pyarrow
    /// >>> usage = pyarrow.table({"principal": ["user:usr_bob", "user:usr_gone"], "kind": ["batch", "batch"]})
    /// >>> answers = guard.attribute_table(usage)
    /// >>> answers.counts
    /// {'default_project_fallback': 1, 'unknown_principal': 1}
    /// >>> answers.to_pyarrow().column("project").to_pylist()
    /// ['prj_default', None]
    #[pyo3(
        signature = (
            table, *, principal=ColumnName::Default("principal"), kind=ColumnName::Default("kind"), surface=ColumnName::Default("surface"),
            project=ColumnName::Default("project"), resource=ColumnName::Default("resource"), at=At::Column(ColumnName::Default("at")),
            user=ColumnName::None, api_key=ColumnName::None, columns="bailiwick", keep_input=false, prefix="", dictionaries=true, time_zone=None,
            at_unit=None
        ),
        text_signature = "($self, table, *, principal='principal', kind='kind', surface='surface', project='project', resource='resource', at='at', user=None, api_key=None, columns='bailiwick', keep_input=False, prefix='', dictionaries=True, time_zone=None, at_unit=None)"
    )]
    #[expect(clippy::too_many_arguments, reason = "one for each column")]
    fn attribute_table(
        &self,
        table: &Bound<'_, PyAny>,
        principal: ColumnName,
        kind: ColumnName,
        surface: ColumnName,
        project: ColumnName,
        resource: ColumnName,
        at: At,
        user: ColumnName,
        api_key: ColumnName,
        columns: &str,
        keep_input: bool,
        prefix: &str,
        dictionaries: bool,
        time_zone: Option<&Bound<'_, PyAny>>,
        at_unit: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<AnswerTable> {
        let when = When::new(table.py(), at, time_zone, at_unit)?;
        let (directory, output) = (self.directory.ask(table.py(), Arc::clone)?, OutputOptions { keep_input, prefix, dictionaries });
        let usage = [kind, surface, project, resource];
        super::attribute_table(directory, table, [principal, user, api_key], usage, when, columns, &output)
    }

    /// Decide on a whole table of questions, row for row, as attribute_table attributes usage. A row that is no proper question is denied, and has an
    /// error code as its reason.
    ///
    /// The answers are `allowed`, `reason`, `role`, `organization`, `project` and `caveats`. `min_revision` and `max_age_seconds` hold for every row.
    /// Raises what attribute_table raises.
    ///
    /// >>> import pyarrow
    /// >>> questions = pyarrow.table({"principal": ["user:usr_ada"], "action": ["file.read"], "resource": ["project:prj_a"]})
    /// >>> guard.check_table(questions).counts
    /// {'organization_role': 1}
    #[pyo3(
        signature = (
            table, *, principal=ColumnName::Default("principal"), action=ColumnName::Default("action"),
            resource=ColumnName::Default("resource"), surface=ColumnName::Default("surface"), at=At::Column(ColumnName::Default("at")),
            user=ColumnName::None, api_key=ColumnName::None, min_revision=None, max_age_seconds=None, keep_input=false, prefix="",
            dictionaries=true, time_zone=None, at_unit=None
        ),
        text_signature = "($self, table, *, principal='principal', action='action', resource='resource', surface='surface', at='at', user=None, api_key=None, min_revision=None, max_age_seconds=None, keep_input=False, prefix='', dictionaries=True, time_zone=None, at_unit=None)"
    )]
    #[expect(clippy::too_many_arguments, reason = "one for each column")]
    fn check_table(
        &self,
        table: &Bound<'_, PyAny>,
        principal: ColumnName,
        action: ColumnName,
        resource: ColumnName,
        surface: ColumnName,
        at: At,
        user: ColumnName,
        api_key: ColumnName,
        min_revision: Option<&Bound<'_, PyAny>>,
        max_age_seconds: Option<&Bound<'_, PyAny>>,
        keep_input: bool,
        prefix: &str,
        dictionaries: bool,
        time_zone: Option<&Bound<'_, PyAny>>,
        at_unit: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<AnswerTable> {
        let py = table.py();
        let when = When::new(py, at, time_zone, at_unit)?;
        let terms = answer(py, || boundary::terms(&request(&[], &[("min_revision", min_revision), ("max_age_seconds", max_age_seconds)])))?;
        let (directory, output) = (self.directory.ask(py, Arc::clone)?, OutputOptions { keep_input, prefix, dictionaries });
        let questions = [action, resource, surface];
        super::check_table(directory, table, [principal, user, api_key], questions, when, terms, &output)
    }
}
