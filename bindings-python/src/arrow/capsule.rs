//! The Arrow PyCapsule interface: tables cross by pointers, and nothing is copied.

use std::ffi::CStr;

use arrow_array::ffi::{FFI_ArrowArray, FFI_ArrowSchema, from_ffi};
use arrow_array::ffi_stream::{FFI_ArrowArrayStream, RecordBatchStreamReader};
use arrow_array::{RecordBatch, RecordBatchIterator, RecordBatchReader, StructArray};
use arrow_schema::{ArrowError, Schema};
use pyo3::prelude::*;
use pyo3::types::PyCapsule;

use super::fault::Fault;

const STREAM: &CStr = c"arrow_array_stream";
const SCHEMA: &CStr = c"arrow_schema";
const ARRAY: &CStr = c"arrow_array";

/// A table that comes in, batch by batch.
pub(super) type Batches = Box<dyn RecordBatchReader + Send>;

/// The batches of a table, a batch or a stream.
pub(super) fn batches(table: &Bound<'_, PyAny>) -> PyResult<Batches> {
    if let Ok(method) = table.getattr("__arrow_c_stream__") {
        return stream(&method.call0()?);
    }
    if let Ok(method) = table.getattr("__arrow_c_array__") {
        let (schema, array) = method.call0()?.extract()?;
        return single(&schema, &array);
    }
    let message = "expected a table, a batch or a stream with the Arrow PyCapsule interface (`__arrow_c_stream__`)";
    Err(Fault::wrong_type("/table", message).raised(table.py()))
}

#[expect(unsafe_code, reason = "the Arrow C stream interface is made of pointers")]
fn stream(capsule: &Bound<'_, PyAny>) -> PyResult<Batches> {
    let py = capsule.py();
    let pointer = capsule.cast::<PyCapsule>()?.pointer_checked(Some(STREAM))?;
    // SAFETY: the PyCapsule interface says that a capsule of this name holds a stream. It is moved out of the capsule, which is left with a released
    // one, so that it is released once.
    let reader = unsafe { RecordBatchStreamReader::from_raw(pointer.as_ptr().cast::<FFI_ArrowArrayStream>()) };
    Ok(Box::new(reader.map_err(|error| Fault::unreadable(&error).raised(py))?))
}

#[expect(unsafe_code, reason = "the Arrow C data interface is made of pointers")]
fn single(schema: &Bound<'_, PyAny>, array: &Bound<'_, PyAny>) -> PyResult<Batches> {
    let py = schema.py();
    let schema = schema.cast::<PyCapsule>()?.pointer_checked(Some(SCHEMA))?;
    let array = array.cast::<PyCapsule>()?.pointer_checked(Some(ARRAY))?;
    // SAFETY: the PyCapsule interface says that capsules of these names hold a schema and an array of it. The array is moved out of its capsule,
    // the schema is only read.
    let data = unsafe {
        let array = FFI_ArrowArray::from_raw(array.as_ptr().cast());
        from_ffi(array, schema.cast::<FFI_ArrowSchema>().as_ref())
    };
    let batch = data.and_then(|data| {
        if !matches!(data.data_type(), arrow_schema::DataType::Struct(_)) {
            return Err(ArrowError::CDataInterface("an array that is no batch of columns".to_owned()));
        }
        let (fields, columns, _) = StructArray::from(data).into_parts();
        RecordBatch::try_new(Schema::new(fields).into(), columns)
    });
    let batch = batch.map_err(|error| Fault::unreadable(&error).raised(py))?;
    let schema = batch.schema();
    Ok(Box::new(RecordBatchIterator::new([Ok(batch)], schema)))
}

/// A capsule with a stream of batches.
pub(super) fn stream_capsule(py: Python<'_>, batches: Batches) -> PyResult<Bound<'_, PyCapsule>> {
    PyCapsule::new_with_value(py, FFI_ArrowArrayStream::new(batches), STREAM)
}

/// A capsule with a schema.
pub(super) fn schema_capsule<'py>(py: Python<'py>, schema: &Schema) -> PyResult<Bound<'py, PyCapsule>> {
    let schema = FFI_ArrowSchema::try_from(schema).map_err(|error| Fault::unreadable(&error).raised(py))?;
    PyCapsule::new_with_value(py, schema, SCHEMA)
}
