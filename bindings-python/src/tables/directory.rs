//! The methods of the engine that load and reconcile directories from tables.

use bailiwick::{DirectoryTables, TableName, boundary};
use pyo3::prelude::*;
use pyo3::types::{PyMapping, PyString};

use super::capsule::batches;
use super::when::{At, When};
use crate::answer::{construct, parse_json, to_json};
use crate::arrow::column_names::ColumnName;
use crate::arrow::directory::Batches;
use crate::arrow::error::TableError;
use crate::arrow::instant::Times;
use crate::clock::now;
use crate::engine::Bailiwick;
use crate::error::{answer, py_error, py_table_error};
use crate::memory;
use crate::random::seed;
use crate::request::request;
use crate::unset::MaybeUnset;

/// The tables of a directory, read to their ends.
pub(crate) struct TablesOfDirectory {
    batches: Batches,
    times: Times,
}

impl TablesOfDirectory {
    /// Reads a mapping from the names of tables to tables.
    pub(crate) fn read(
        tables: &Bound<'_, PyAny>,
        time_zone: Option<&Bound<'_, PyAny>>,
        at_unit: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Self> {
        let py = tables.py();
        let raised = |fault: TableError| py_table_error(py, &fault);
        let times = When::new(py, At::Column(ColumnName::None), time_zone, at_unit)?.times;
        let not_a_mapping = || raised(TableError::wrong_type("", "expected a mapping from the names of tables to tables"));
        let items = tables.cast::<PyMapping>().map_err(|_| not_a_mapping())?.items()?;
        let mut read = Batches::default();
        for item in items {
            let (name, table) = item.extract::<(Bound<'_, PyAny>, Bound<'_, PyAny>)>()?;
            let name = name.cast::<PyString>().map_err(|_| not_a_mapping())?.to_str().map_err(|_| not_a_mapping())?;
            let name = TableName::named(name).map_err(|error| py_error(py, &error))?;
            let table = batches(&table, &format!("/{}", name.as_str()))?;
            // Whoever produces a stream may need the interpreter.
            py.detach(|| read.add(name, table, &times)).map_err(raised)?;
        }
        Ok(Self { batches: read, times })
    }

    /// The rows of the tables, which borrow from them.
    pub(crate) fn rows(&self, py: Python<'_>) -> PyResult<DirectoryTables<'_>> {
        py.detach(|| self.batches.rows(&self.times)).map_err(|fault| py_table_error(py, &fault))
    }
}

/// Releasing tables can wait for the threads that produced them, and those can wait for the interpreter.
impl Drop for TablesOfDirectory {
    fn drop(&mut self) {
        let batches = std::mem::take(&mut self.batches);
        Python::attach(|py| {
            py.detach(move || {
                let size = batches.size();
                drop(batches);
                memory::give_back(size);
            });
        });
    }
}

#[pymethods]
impl Bailiwick {
    /// Load a directory from tables: a mapping from their names to anything with the Arrow PyCapsule interface, such as a table of pyarrow, Polars,
    /// DuckDB or pandas, or a reader of ADBC.
    ///
    /// The tables are `organizations`, `members`, `projects`, `collaborators`, `api_keys`, `resources`, `users`, `groups` and `group_members`; only
    /// `organizations` has to be there. Their columns are the fields of a directory document, and where a row belongs: `organization` of members,
    /// projects and groups, `project` of collaborators, API keys and resources, `group` of group members. Rows may be in any order; null means left
    /// out. `scopes` and `projects` of API keys are lists; `projects` may also be text, `"all"` or null. Text may be plain or dictionary-encoded, and
    /// booleans may be the integers 0 and 1. Times are read as by attribute_table, with `time_zone` and `at_unit`.
    ///
    /// `policy` and `quarantine` are as in from_directory. Raises BailiwickError as from_directory does, with the table, the row and the column as
    /// path (`/resources/17/kind`); and `unknown_reference` for a row whose organization, project or group is in no table, and `unreadable` if reading
    /// a table fails. With `quarantine`, such a row refuses the tables: it belongs to no organization.
    ///
    /// >>> import pyarrow
    /// >>> organizations = pyarrow.Table.from_pylist([{"id": "org_acme", "owner": "usr_ada"}])
    /// >>> members = pyarrow.Table.from_pylist([{"organization": "org_acme", "user": "usr_ada", "role": "admin"}])
    /// >>> projects = pyarrow.Table.from_pylist([{"organization": "org_acme", "id": "prj_default", "default": True}])
    /// >>> Bailiwick.from_tables({"organizations": organizations, "members": members, "projects": projects})
    /// <Bailiwick revision=0 policy='projects-2026-02'>
    #[staticmethod]
    #[pyo3(
        signature = (tables, *, policy=None, quarantine=MaybeUnset::Unset, time_zone=None, at_unit=None),
        text_signature = "(tables, *, policy=None, quarantine=False, time_zone=None, at_unit=None)"
    )]
    fn from_tables(
        py: Python<'_>,
        tables: &Bound<'_, PyAny>,
        policy: Option<&Bound<'_, PyAny>>,
        quarantine: MaybeUnset<'_>,
        time_zone: Option<&Bound<'_, PyAny>>,
        at_unit: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Self> {
        let options = request(&[], &[("policy", policy), ("quarantine", quarantine.given())]);
        let tables = TablesOfDirectory::read(tables, time_zone, at_unit)?;
        let rows = tables.rows(py)?;
        answer(py, || py.detach(|| boundary::load_directory_with(rows, &options, seed()))).map(Self::new)
    }
    /// Turn the directory into that of tables, as reconcile does. The tables are as in from_tables; they say nothing of a policy, so it stays.
    ///
    /// Raises BailiwickError as from_tables; then nothing has changed.
    ///
    /// >>> import pyarrow
    /// >>> [change["type"] for change in guard.reconcile_tables({"organizations": pyarrow.table({})}, dry_run=True).changes]
    /// ['remove_organization']
    #[pyo3(
        signature = (tables, *, dry_run=MaybeUnset::Unset, quarantine=None, time_zone=None, at_unit=None),
        text_signature = "($self, tables, *, dry_run=False, quarantine=None, time_zone=None, at_unit=None)"
    )]
    fn reconcile_tables<'py>(
        &self,
        py: Python<'py>,
        tables: &Bound<'py, PyAny>,
        dry_run: MaybeUnset<'py>,
        quarantine: Option<&Bound<'py, PyAny>>,
        time_zone: Option<&Bound<'py, PyAny>>,
        at_unit: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let options = request(&[], &[("dry_run", dry_run.given()), ("quarantine", quarantine)]);
        let tables = TablesOfDirectory::read(tables, time_zone, at_unit)?;
        let (rows, now) = (tables.rows(py)?, now()?);
        let reconciliation =
            self.write(py, |directory| boundary::reconcile(directory, rows, &options, now).map(|answer| to_json(&answer)))?;
        construct(py, "reconciliation", (parse_json(py, &reconciliation)?,))
    }
}
