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

/// Columns of deeper types are not taken in, though nobody looks at them.
const DEEPEST: usize = 64;

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
    let mut stream = unsafe { FFI_ArrowArrayStream::from_raw(pointer.as_ptr().cast::<FFI_ArrowArrayStream>()) };
    if let Some(get_schema) = stream.get_schema().filter(|_| stream.release().is_some()) {
        let mut schema = FFI_ArrowSchema::empty();
        // SAFETY: it is the stream's own, which has not been released. A stream tells its schema as often as it is asked.
        let told = unsafe { get_schema(&raw mut stream, &raw mut schema) };
        if told == 0 {
            expect_shallow(&schema).map_err(|fault| fault.raised(py))?;
        }
    }
    let reader = RecordBatchStreamReader::try_new(stream);
    Ok(Box::new(reader.map_err(|error| Fault::unreadable(&error).raised(py))?))
}

/// Refuses types that are nested so deeply that reading them would use up the stack: each level is a call.
fn expect_shallow(schema: &FFI_ArrowSchema) -> Result<(), Fault> {
    let mut level: Vec<&FFI_ArrowSchema> = vec![schema];
    for _ in 0..DEEPEST {
        level = level.iter().flat_map(|schema| schema.children().chain(schema.dictionary())).collect();
        if level.is_empty() {
            return Ok(());
        }
    }
    Err(Fault::too_deep(DEEPEST))
}

#[expect(unsafe_code, reason = "the Arrow C data interface is made of pointers")]
fn single(schema: &Bound<'_, PyAny>, array: &Bound<'_, PyAny>) -> PyResult<Batches> {
    let py = schema.py();
    let schema = schema.cast::<PyCapsule>()?.pointer_checked(Some(SCHEMA))?;
    let array = array.cast::<PyCapsule>()?.pointer_checked(Some(ARRAY))?;
    // SAFETY: the PyCapsule interface says that capsules of these names hold a schema and an array. They are moved out of their capsules, which are
    // left with released ones.
    let (mut schema, array) =
        unsafe { (FFI_ArrowSchema::from_raw(schema.as_ptr().cast()), FFI_ArrowArray::from_raw(array.as_ptr().cast())) };
    if is_released(&mut schema) || array.is_released() {
        return Err(Fault::unreadable(&ArrowError::CDataInterface("it has been read before".to_owned())).raised(py));
    }
    expect_shallow(&schema).map_err(|fault| fault.raised(py))?;
    // SAFETY: the interface says that the array is one of the schema. Neither has been released.
    let data = unsafe { from_ffi(array, &schema) };
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

/// Whether somebody has taken the schema before.
#[expect(unsafe_code, reason = "the Arrow C data interface is made of pointers, and there is no other way to see this one")]
fn is_released(schema: &mut FFI_ArrowSchema) -> bool {
    // SAFETY: the callback is put back before anything else happens.
    let release = unsafe { schema.set_release(None) };
    // SAFETY: it is the schema's own.
    unsafe { schema.set_release(release) };
    release.is_none()
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
