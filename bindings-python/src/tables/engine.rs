//! The methods of the engine that answer whole tables.

use std::sync::Arc;

use bailiwick::boundary;
use pyo3::prelude::*;

use super::{AnswerForm, AnswerTable, At, ColumnName, OutputOptions, When};
use crate::engine::Bailiwick;
use crate::error::answer;
use crate::request::request;

#[pymethods]
impl Bailiwick {
    /// Attribute a whole table of usage. There is one answer for each row, in order; a row that cannot be attributed has an error code as its reason.
    ///
    /// `table` is anything with the Arrow PyCapsule interface: a table, a batch, or a stream. A stream is answered while the answers are read. The
    /// other arguments name its columns. `principal` and `resource` hold references. Instead of `principal`, `user` and `api_key` can name columns of
    /// ids; in a row that has both, the key counts. The columns `surface`, `project`, `resource` and `at` are optional. Text may be plain or
    /// dictionary-encoded; null means absent.
    ///
    /// `at` names a column, or is an aware datetime for all rows. A column holds timestamps, dates, numbers or text, in RFC 3339 or as databases
    /// write it (`2026-05-01 12:00:00+00`). Times without a zone need `time_zone` (`"UTC"`, `"+02:00"`, `"Europe/Zurich"`); one that the zone skips or
    /// repeats when its clocks change is `invalid_timestamp`. Numbers count milliseconds since 1970, or the `at_unit`: `"s"`, `"ms"`, `"us"`, `"ns"`.
    ///
    /// `columns` selects the names of the answers: `"bailiwick"`, or the FinOps FOCUS dimensions of `"focus-1.4"` or `"focus-1.5-draft"`, where an
    /// account that is not known is `unattributed`; with `nulls`, SubAccountId is null then, as FOCUS has it, but BillingAccountId is never null. With
    /// `keep_input` the table's own columns come first. `prefix` is put before the names of the answers. With `dictionaries=False` the answers are
    /// plain text; the ids in the answers to a stream always are.
    ///
    /// Raises BailiwickError with a column's name as path: `missing_field`, `duplicate_id` (two columns of that name), `wrong_type`; and
    /// `unreadable` if reading the table fails.
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
            user=ColumnName::None, api_key=ColumnName::None, columns="bailiwick", nulls=false, keep_input=false, prefix="", dictionaries=true,
            time_zone=None, at_unit=None
        ),
        text_signature = "($self, table, *, principal='principal', kind='kind', surface='surface', project='project', resource='resource', at='at', user=None, api_key=None, columns='bailiwick', nulls=False, keep_input=False, prefix='', dictionaries=True, time_zone=None, at_unit=None)"
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
        nulls: bool,
        keep_input: bool,
        prefix: &str,
        dictionaries: bool,
        time_zone: Option<&Bound<'_, PyAny>>,
        at_unit: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<AnswerTable> {
        let when = When::new(table.py(), at, time_zone, at_unit)?;
        let (directory, output) = (self.directory.ask(table.py(), Arc::clone)?, OutputOptions { keep_input, prefix, dictionaries });
        let (usage, form) = ([kind, surface, project, resource], AnswerForm { columns, nulls });
        super::attribute_table(directory, table, [principal, user, api_key], usage, when, form, &output)
    }

    /// Decide a whole table of questions: one answer for each row, in order. A row that is not a valid question is denied, with an error code as its
    /// reason. The arguments are as for attribute_table.
    ///
    /// The answers are `allowed`, `reason`, `role`, `organization`, `project` and `caveats`. `min_revision` and `max_age_seconds` hold for every row.
    /// Raises BailiwickError as attribute_table.
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
        let freshness =
            answer(py, || boundary::freshness(&request(&[], &[("min_revision", min_revision), ("max_age_seconds", max_age_seconds)])))?;
        let (directory, output) = (self.directory.ask(py, Arc::clone)?, OutputOptions { keep_input, prefix, dictionaries });
        let questions = [action, resource, surface];
        super::check_table(directory, table, [principal, user, api_key], questions, when, freshness, &output)
    }
}
