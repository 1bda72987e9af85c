//! The class `AnswerTable`.

use std::sync::{Arc, Mutex, PoisonError};

use arrow_array::{RecordBatch, RecordBatchIterator, RecordBatchReader};
use arrow_schema::{Schema, SchemaRef};
use pyo3::exceptions::PyImportError;
use pyo3::prelude::*;
use pyo3::types::{PyCapsule, PyDict};

use super::capsule::{batches, schema_capsule, stream_capsule};
use crate::arrow::error::TableError;
use crate::arrow::reader::{AnswerReader, Evaluator, Progress};
use crate::arrow::rows::{RowReader, Rows};
use crate::error::py_table_error;

/// Answers as an Arrow table: one for each row of a table, or the rows of a review or an impact. Any library with the Arrow PyCapsule interface can
/// read it (`pyarrow.table(answers)`, `polars.DataFrame(answers)`, a DuckDB query).
///
/// The answers to a table or batch are complete, and can be read any number of times. Those to a stream, reviews and impacts are made while they are
/// read, batch by batch, and can be read once.
#[pyclass(frozen, module = "bailiwick")]
pub(crate) struct AnswerTable {
    answers: Answers,
    schema: SchemaRef,
    progress: Arc<Progress>,
    policy: String,
    revision: u64,
}

enum Answers {
    Made(Vec<RecordBatch>),
    ToCome(Mutex<Option<Box<dyn RecordBatchReader + Send>>>),
}

impl AnswerTable {
    /// Answers a table by the evaluator for its schema. A stream, which has no length, is answered while the answers are read.
    pub(super) fn new(
        table: &Bound<'_, PyAny>,
        evaluator: impl FnOnce(&Schema, bool) -> Result<Box<dyn Evaluator>, TableError>,
        keeps_input: bool,
        prefix: &str,
        (policy, revision): (String, u64),
    ) -> PyResult<Self> {
        let py = table.py();
        let has_length = match table.cast::<Self>() {
            Ok(answers) => matches!(answers.get().answers, Answers::Made(_)),
            Err(_) => table.hasattr("__len__")? || table.hasattr("num_rows")?,
        };
        let batches = batches(table, "/table")?;
        let reader =
            evaluator(&batches.schema, !has_length).and_then(|evaluator| AnswerReader::new(batches, evaluator, keeps_input, prefix));
        let mut reader = reader.map_err(|fault| py_table_error(py, &fault))?;
        let (schema, progress) = (reader.schema(), reader.progress());
        let answers = if has_length {
            let mut made = Vec::new();
            // Other threads run meanwhile, and a signal can interrupt it.
            let ended = loop {
                match py.detach(|| reader.advance()) {
                    Ok(Some(batch)) => made.push(batch),
                    Ok(None) => break Ok(()),
                    Err(fault) => break Err(py_table_error(py, &fault)),
                }
                if let Err(interruption) = py.check_signals() {
                    break Err(interruption);
                }
            };
            // Releasing a table can wait for the threads that produce it, and those can wait for the interpreter.
            let made = py.detach(move || reader.finish(made));
            ended?;
            Answers::Made(made.map_err(|fault| py_table_error(py, &fault))?)
        } else {
            Answers::ToCome(Mutex::new(Some(Box::new(reader))))
        };
        Ok(Self { answers, schema, progress, policy, revision })
    }

    /// Rows of the core, which are worked out while they are read.
    pub(super) fn of_rows(rows: impl Rows, (policy, revision): (String, u64)) -> Self {
        let reader = RowReader::new(rows);
        let (schema, progress) = (reader.schema(), reader.progress());
        Self { answers: Answers::ToCome(Mutex::new(Some(Box::new(reader)))), schema, progress, policy, revision }
    }

    /// Reads the answers by a library. If it could not read a stream, the error is that of the stream.
    fn read_by<'py>(
        &self,
        py: Python<'py>,
        extra: &str,
        read: impl FnOnce() -> PyResult<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        read().map_err(|error| match self.progress.fault() {
            Some(fault) => {
                let raised = py_table_error(py, fault);
                raised.set_cause(py, Some(error));
                raised
            }
            None if error.is_instance_of::<PyImportError>(py) => {
                let raised = PyImportError::new_err(format!("this needs {extra}: pip install {extra}"));
                raised.set_cause(py, Some(error));
                raised
            }
            None => error,
        })
    }
}

impl Drop for AnswerTable {
    /// Releasing an unread stream can wait for threads that wait for the interpreter.
    fn drop(&mut self) {
        if let Answers::ToCome(reader) = &mut self.answers
            && let Some(reader) = reader.get_mut().unwrap_or_else(PoisonError::into_inner).take()
        {
            Python::attach(|py| py.detach(move || drop(reader)));
        }
    }
}

#[pymethods]
impl AnswerTable {
    /// The answers as an Arrow stream, for libraries.
    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(&self, py: Python<'py>, requested_schema: Option<&Bound<'py, PyAny>>) -> PyResult<Bound<'py, PyCapsule>> {
        // By the interface, a consumer must accept another schema than it requested.
        let _ = requested_schema;
        let batches: Box<dyn RecordBatchReader + Send> = match &self.answers {
            Answers::Made(batches) => {
                let batches: Vec<_> = batches.iter().cloned().map(Ok).collect();
                Box::new(RecordBatchIterator::new(batches, self.schema.clone()))
            }
            Answers::ToCome(reader) => {
                // A statement of its own, which releases the lock: creating the error can let other threads run, which must not wait for it.
                let taken = reader.lock().unwrap_or_else(PoisonError::into_inner).take();
                taken.ok_or_else(|| py_table_error(py, &TableError::already_read()))?
            }
        };
        stream_capsule(py, batches)
    }

    /// The columns of the answers, for libraries.
    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        schema_capsule(py, &self.schema)
    }

    /// How many rows have been answered: all rows of a table; of what is made while it is read, those so far.
    #[getter]
    fn num_rows(&self) -> u64 {
        self.progress.rows()
    }

    /// The names of the columns.
    #[getter]
    fn column_names(&self) -> Vec<&str> {
        self.schema.fields().iter().map(|field| field.name().as_str()).collect()
    }

    /// The number of rows for each reason, including error codes; in a review for each source, in an impact for each kind. Of what is made while it
    /// is read, so far.
    #[getter]
    fn counts<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let counts = PyDict::new(py);
        for (reason, rows) in self.progress.counts().filter(|(_, rows)| *rows > 0) {
            // A word can be both a reason and an error code.
            let before: u64 = counts.get_item(reason)?.map_or(Ok(0), |before| before.extract())?;
            counts.set_item(reason, before.saturating_add(rows))?;
        }
        Ok(counts)
    }

    /// The number of rows with an error code as their reason, because they are not valid usage or questions; of a stream, so far.
    #[getter]
    fn unattributed(&self) -> u64 {
        self.progress.faulty_rows()
    }

    /// The policy that was applied.
    #[getter]
    fn policy(&self) -> &str {
        &self.policy
    }

    /// The revision of the directory that answered, one for all rows; of an impact, that of the directory before.
    #[getter]
    fn revision(&self) -> u64 {
        self.revision
    }

    /// The answers as a pyarrow.Table.
    ///
    /// Raises UnreadableError (`unreadable`) if reading the input stream fails, or if the answers have already been read; ImportError without pyarrow.
    fn to_pyarrow<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        let py = slf.py();
        slf.get().read_by(py, "pyarrow", || py.import("pyarrow")?.call_method1("table", (slf,)))
    }

    /// The answers as a list of dicts, one for each row. It is slow for large tables: every value becomes a Python object.
    ///
    /// Raises what to_pyarrow raises.
    fn to_pylist<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        Self::to_pyarrow(slf)?.call_method0("to_pylist")
    }

    /// One column of the answers, as a pyarrow.ChunkedArray.
    ///
    /// Raises what to_pyarrow raises, and KeyError if there is no such column.
    fn column<'py>(slf: &Bound<'py, Self>, name: &str) -> PyResult<Bound<'py, PyAny>> {
        Self::to_pyarrow(slf)?.call_method1("column", (name,))
    }

    /// The answers as a polars.DataFrame.
    ///
    /// Raises what to_pyarrow raises, and ImportError without polars.
    fn to_polars<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        let py = slf.py();
        slf.get().read_by(py, "polars", || py.import("polars")?.call_method1("DataFrame", (slf,)))
    }

    /// The answers as a pandas.DataFrame, through pyarrow.
    ///
    /// Raises what to_pyarrow raises, and ImportError without pandas.
    fn to_pandas<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        Self::to_pyarrow(slf)?.call_method0("to_pandas")
    }

    fn __repr__(&self) -> String {
        let state = if matches!(self.answers, Answers::Made(_)) { "rows" } else { "rows read" };
        format!("<AnswerTable {} {state}, {} columns, revision={}>", self.progress.rows(), self.schema.fields().len(), self.revision)
    }
}
