//! Imports tables of another library from the C structures that it hands over.
//!
//! Whatever is read is checked: the structures by [`validate`], and the columns that are read by [`text`](super::text). Columns that are only passed on
//! are passed on unchanged.

use std::ffi::CStr;
use std::sync::Arc;

use arrow_array::ffi::{FFI_ArrowArray, FFI_ArrowSchema, from_ffi_and_data_type};
use arrow_array::ffi_stream::FFI_ArrowArrayStream;
use arrow_array::{Array, RecordBatch, RecordBatchOptions, StructArray};
use arrow_schema::{ArrowError, DataType, Field, Schema, SchemaRef};

use super::error::TableError;
use super::validation::validate;

/// Tables with deeper types are refused, even if nobody reads those columns.
const DEEPEST: usize = 64;

/// An imported table, batch by batch.
pub(crate) struct Table {
    pub(crate) schema: SchemaRef,
    pub(crate) batches: Box<dyn Iterator<Item = Result<RecordBatch, TableError>> + Send>,
}

/// The batches of a stream.
#[expect(unsafe_code, reason = "the Arrow C stream interface is made of pointers")]
pub(crate) fn stream(mut stream: FFI_ArrowArrayStream) -> Result<Table, TableError> {
    let Some(get_schema) = stream.get_schema().filter(|_| stream.release().is_some()) else { return Err(already_read()) };
    let mut schema = FFI_ArrowSchema::empty();
    // SAFETY: it is the stream's own, which has not been released.
    let told = unsafe { get_schema(&raw mut stream, &raw mut schema) };
    if told != 0 {
        return Err(failure(&mut stream, "its columns"));
    }
    let schema = columns(&schema)?;
    Ok(Table { schema: Arc::clone(&schema), batches: Box::new(Stream { stream, schema }) })
}

/// The one batch of an array.
pub(crate) fn single(mut schema: FFI_ArrowSchema, array: FFI_ArrowArray) -> Result<Table, TableError> {
    if is_released(&mut schema) || array.is_released() {
        return Err(already_read());
    }
    let schema = columns(&schema)?;
    let batch = batch(array, &schema)?;
    Ok(Table { schema, batches: Box::new(std::iter::once(Ok(batch))) })
}

fn already_read() -> TableError {
    TableError::unreadable(&ArrowError::CDataInterface("it has already been read".to_owned()))
}

/// The columns of a schema.
fn columns(schema: &FFI_ArrowSchema) -> Result<SchemaRef, TableError> {
    if TableError::reading(|| Ok(is_deep(schema)))? {
        return Err(TableError::too_deep(DEEPEST));
    }
    TableError::reading(|| {
        let batch = Field::try_from(schema)?;
        match batch.data_type() {
            DataType::Struct(fields) => Ok(Schema::new(fields.clone()).with_metadata(batch.metadata().clone()).into()),
            _ => Err(ArrowError::CDataInterface("an array that is no batch of columns".to_owned())),
        }
    })
}

/// Whether types are nested so deeply that reading them would use up the stack: each level is a call.
fn is_deep(schema: &FFI_ArrowSchema) -> bool {
    let mut level: Vec<&FFI_ArrowSchema> = vec![schema];
    for _ in 0..DEEPEST {
        level = level.iter().flat_map(|schema| schema.children().chain(schema.dictionary())).collect();
        if level.is_empty() {
            return false;
        }
    }
    true
}

/// A batch with these columns.
fn batch(array: FFI_ArrowArray, schema: &SchemaRef) -> Result<RecordBatch, TableError> {
    let fields = schema.fields();
    TableError::catch_panics(|| validate(&array, fields))?;
    TableError::reading(|| {
        #[expect(unsafe_code, reason = "the Arrow C data interface is made of pointers")]
        // SAFETY: the interface says that the array is one of the schema, and validation found no contradiction.
        let data = unsafe { from_ffi_and_data_type(array, DataType::Struct(fields.clone())) }?;
        let rows = StructArray::from(data);
        if rows.null_count() > 0 {
            return Err(ArrowError::CDataInterface("a batch in which whole rows are null".to_owned()));
        }
        let options = RecordBatchOptions::new().with_row_count(Some(rows.len()));
        RecordBatch::try_new_with_options(Arc::clone(schema), rows.into_parts().1, &options)
    })
}

struct Stream {
    stream: FFI_ArrowArrayStream,
    schema: SchemaRef,
}

impl Stream {
    #[expect(unsafe_code, reason = "the Arrow C stream interface is made of pointers")]
    fn read(&mut self) -> Result<Option<RecordBatch>, TableError> {
        let get_next = self.stream.get_next().ok_or_else(|| TableError::damaged_table("no way to read it"))?;
        let mut array = FFI_ArrowArray::empty();
        // SAFETY: it is the stream's own, which has not been released.
        let told = unsafe { get_next(&raw mut self.stream, &raw mut array) };
        if told != 0 {
            return Err(failure(&mut self.stream, "its next rows"));
        }
        // A released array marks the end of a stream.
        if array.is_released() { Ok(None) } else { batch(array, &self.schema).map(Some) }
    }
}

impl Iterator for Stream {
    type Item = Result<RecordBatch, TableError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.read().transpose()
    }
}

/// The error of a stream's last call.
fn failure(stream: &mut FFI_ArrowArrayStream, reading: &str) -> TableError {
    #[expect(unsafe_code, reason = "the Arrow C stream interface is made of pointers")]
    // SAFETY: they are the stream's own, whose last call has failed; the text is the stream's until the next call.
    let said = stream.get_last_error().and_then(|get_last_error| unsafe {
        let text = get_last_error(&raw mut *stream);
        (!text.is_null()).then(|| CStr::from_ptr(text).to_string_lossy().into_owned())
    });
    let said = said.map_or_else(|| format!("its library does not give {reading}"), |said| format!("its library says: {said}"));
    TableError::unreadable(&ArrowError::CDataInterface(said))
}

/// Whether the schema has been moved out before.
#[expect(unsafe_code, reason = "the Arrow C data interface is made of pointers, and there is no other way to see this one")]
fn is_released(schema: &mut FFI_ArrowSchema) -> bool {
    // SAFETY: the callback is put back before anything else happens.
    let release = unsafe { schema.set_release(None) };
    // SAFETY: it is the schema's own.
    unsafe { schema.set_release(release) };
    release.is_none()
}
