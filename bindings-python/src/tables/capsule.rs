//! The Arrow PyCapsule interface: tables are passed by pointers, and nothing is copied.

use std::ffi::CStr;

use arrow_array::RecordBatchReader;
use arrow_array::ffi::{FFI_ArrowArray, FFI_ArrowSchema};
use arrow_array::ffi_stream::FFI_ArrowArrayStream;
use arrow_schema::Schema;
use pyo3::prelude::*;
use pyo3::types::PyCapsule;

use crate::arrow::error::TableError;
use crate::arrow::import::{Table, single, stream};
use crate::error::py_table_error;

const STREAM: &CStr = c"arrow_array_stream";
const SCHEMA: &CStr = c"arrow_schema";
const ARRAY: &CStr = c"arrow_array";

/// The batches of a table, a batch or a stream, which is the argument at `path`.
pub(super) fn batches(table: &Bound<'_, PyAny>, path: &str) -> PyResult<Table> {
    let py = table.py();
    if let Ok(method) = table.getattr("__arrow_c_stream__") {
        return stream(stream_of(&method.call0()?)?).map_err(|fault| py_table_error(py, &fault));
    }
    if let Ok(method) = table.getattr("__arrow_c_array__") {
        let (schema, array) = method.call0()?.extract()?;
        let (schema, array) = array_of(&schema, &array)?;
        return single(schema, array).map_err(|fault| py_table_error(py, &fault));
    }
    let message = match first_step(table)? {
        Some(call) => format!("this is a query and not yet a table: collect it first, with `{call}`"),
        None => "expected a table, a batch or a stream with the Arrow PyCapsule interface (`__arrow_c_stream__`)".to_owned(),
    };
    Err(py_table_error(py, &TableError::wrong_type(path, &message)))
}

/// The call by which a lazy query of a library becomes a table: Spark, DuckDB without Arrow, Dask, Polars.
fn first_step(plan: &Bound<'_, PyAny>) -> PyResult<Option<&'static str>> {
    for (method, call) in
        [("toArrow", ".toArrow()"), ("to_arrow_table", ".to_arrow_table()"), ("compute", ".compute()"), ("collect", ".collect()")]
    {
        // By the class: some libraries answer to every name on an object.
        if plan.get_type().hasattr(method)? {
            return Ok(Some(call));
        }
    }
    Ok(None)
}

#[expect(unsafe_code, reason = "the Arrow C stream interface is made of pointers")]
fn stream_of(capsule: &Bound<'_, PyAny>) -> PyResult<FFI_ArrowArrayStream> {
    let pointer = capsule.cast::<PyCapsule>()?.pointer_checked(Some(STREAM))?;
    // SAFETY: the PyCapsule interface says that a capsule of this name holds a stream. It is moved out of the capsule, which is left with a released
    // one, so that it is released once.
    Ok(unsafe { FFI_ArrowArrayStream::from_raw(pointer.as_ptr().cast()) })
}

#[expect(unsafe_code, reason = "the Arrow C data interface is made of pointers")]
fn array_of(schema: &Bound<'_, PyAny>, array: &Bound<'_, PyAny>) -> PyResult<(FFI_ArrowSchema, FFI_ArrowArray)> {
    let schema = schema.cast::<PyCapsule>()?.pointer_checked(Some(SCHEMA))?;
    let array = array.cast::<PyCapsule>()?.pointer_checked(Some(ARRAY))?;
    // SAFETY: the PyCapsule interface says that capsules of these names hold a schema and an array. They are moved out of their capsules, which are
    // left with released ones.
    Ok(unsafe { (FFI_ArrowSchema::from_raw(schema.as_ptr().cast()), FFI_ArrowArray::from_raw(array.as_ptr().cast())) })
}

/// A capsule with a stream of batches.
pub(super) fn stream_capsule(py: Python<'_>, batches: Box<dyn RecordBatchReader + Send>) -> PyResult<Bound<'_, PyCapsule>> {
    PyCapsule::new_with_value(py, FFI_ArrowArrayStream::new(batches), STREAM)
}

/// A capsule with a schema.
pub(super) fn schema_capsule<'py>(py: Python<'py>, schema: &Schema) -> PyResult<Bound<'py, PyCapsule>> {
    let schema = FFI_ArrowSchema::try_from(schema).map_err(|error| py_table_error(py, &TableError::unreadable(&error)))?;
    PyCapsule::new_with_value(py, schema, SCHEMA)
}
