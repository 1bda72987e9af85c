//! The arguments that name columns.

use std::convert::Infallible;

use pyo3::prelude::*;
use pyo3::types::PyString;

use crate::arrow::column_names::ColumnName;

impl<'py> FromPyObject<'_, 'py> for ColumnName {
    type Error = Infallible;

    fn extract(object: Borrowed<'_, 'py, PyAny>) -> Result<Self, Infallible> {
        if object.is_none() {
            return Ok(Self::None);
        }
        let name = object.cast::<PyString>().ok().and_then(|name| name.to_str().ok().map(str::to_owned));
        Ok(name.map_or(Self::Foreign, Self::Given))
    }
}
