//! Arguments that have to be something once they are named: None is not the same as leaving one out.

use std::convert::Infallible;

use pyo3::prelude::*;

/// An argument whose `None` is for the core to refuse: a variable that is not set must not turn verification off, nor pass for the platform.
pub(crate) enum MaybeUnset<'py> {
    Unset,
    Given(Bound<'py, PyAny>),
}

impl<'py> MaybeUnset<'py> {
    pub(crate) fn given(&self) -> Option<&Bound<'py, PyAny>> {
        match self {
            Self::Unset => None,
            Self::Given(host) => Some(host),
        }
    }
}

impl<'py> FromPyObject<'_, 'py> for MaybeUnset<'py> {
    type Error = Infallible;

    fn extract(object: Borrowed<'_, 'py, PyAny>) -> Result<Self, Infallible> {
        Ok(Self::Given(object.to_owned()))
    }
}
