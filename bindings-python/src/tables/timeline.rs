//! The method of timelines that attributes whole tables.

use pyo3::prelude::*;

use super::{AnswerForm, AnswerTable, At, ColumnName, OutputOptions, When};
use crate::timeline::Timeline;

#[pymethods]
impl Timeline {
    /// Attribute a whole table of usage, each row by the revision in force at its own `at`: in any order, late rows included. The answers have the columns of
    /// Bailiwick.attribute_table, and `revision`.
    ///
    /// A row from before the beginning is `before_history`, without a revision; a row from after the end is booked by the last state, and so is a row whose
    /// `at` cannot be read, which has an error. The arguments are those of Bailiwick.attribute_table. What is appended meanwhile does not count.
    /// With the columns of FOCUS, x_Revision is the revision of each row, null before the beginning. What the timeline knew at any moment is repeated, and each
    /// id has one display name: the latest.
    ///
    /// Rows are put into the order of time a million at a time, whatever the batches: the answers to a stream come that much later.
    ///
    /// Raises BailiwickError as Bailiwick.attribute_table.
    ///
    /// >>> import pyarrow
    /// >>> timeline = Timeline.from_snapshot(guard.to_snapshot(issued_at="2026-05-01T00:00:00Z"))
    /// >>> timeline.apply({"type": "remove_member", "organization": "org_acme", "user": "usr_bob"}, at="2026-05-20T12:00:00Z")
    /// 1
    /// >>> at = ["2026-05-21T00:00:00Z", "2026-05-19T00:00:00Z", "2026-04-01T00:00:00Z"]
    /// >>> usage = pyarrow.table({"principal": ["user:usr_bob"] * 3, "kind": ["batch"] * 3, "at": at})
    /// >>> answers = timeline.attribute_table(usage).to_pyarrow()
    /// >>> answers.column("reason").to_pylist(), answers.column("revision").to_pylist()
    /// (['unknown_principal', 'default_project_fallback', 'before_history'], [1, 0, None])
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
        let timeline = self.timeline.ask(table.py(), |timeline| bailiwick::Timeline::clone(timeline))?;
        let (form, output) = (AnswerForm { columns, nulls }, OutputOptions { keep_input, prefix, dictionaries });
        super::attribute_by_time(&timeline, table, [principal, user, api_key], [kind, surface, project, resource], when, form, &output)
    }
}
