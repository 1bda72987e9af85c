//! Bailiwick for Python. Everything here converts: values in, answers and errors out; every rule is in the core.

mod answer;
mod attribution;
mod authzen;
mod bytes;
mod clock;
mod decision;
mod engine;
mod error;
mod key;
mod pickle;
mod random;
mod request;
mod value;

use pyo3::prelude::*;

/// The extension module behind the package `bailiwick`.
#[pymodule(gil_used = false)]
mod _bailiwick {
    #[pymodule_export]
    use crate::attribution::Attribution;
    #[pymodule_export]
    use crate::authzen::authzen_metadata;
    #[pymodule_export]
    use crate::decision::Decision;
    #[pymodule_export]
    use crate::engine::{Bailiwick, restore};
    #[pymodule_export]
    use crate::key::{new_api_key, public_key_of};

    #[pymodule_export]
    const VERSION: &str = env!("CARGO_PKG_VERSION");
}
