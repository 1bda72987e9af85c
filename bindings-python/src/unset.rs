//! Arguments for which `None` is not the same as unset.

use std::convert::Infallible;

use pyo3::prelude::*;

/// An argument whose `None` is refused by the core: a variable that was never assigned must not turn off verification or the check of an actor.
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
