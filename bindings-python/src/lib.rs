//! Bailiwick for Python. Everything here converts: values in, answers and errors out; every rule is in the core.

mod answer;
mod arrow;
mod attribution;
mod authzen;
mod bytes;
mod clock;
mod decision;
mod engine;
mod error;
mod faults;
mod inspect;
mod key;
mod memory;
mod named;
mod names;
mod pickle;
mod question;
mod random;
mod request;
mod value;

use pyo3::prelude::*;

/// The extension module behind the package `bailiwick`.
#[pymodule(gil_used = false)]
mod _bailiwick {
    #[pymodule_export]
    use crate::arrow::AnswerTable;
    #[pymodule_export]
    use crate::attribution::Attribution;
    #[pymodule_export]
    use crate::authzen::authzen_metadata;
    #[pymodule_export]
    use crate::decision::Decision;
    #[pymodule_export]
    use crate::engine::{Bailiwick, restore};
    #[pymodule_export]
    use crate::faults::find_faults;
    #[pymodule_export]
    use crate::inspect::inspect_snapshot;
    #[pymodule_export]
    use crate::key::{new_api_key, public_key_of};

    /// The most faults that `find_faults` tells: so many mean that there may be more.
    #[pymodule_export]
    const MOST_FAULTS: usize = bailiwick::boundary::MOST_FAULTS;

    #[pymodule_export]
    const VERSION: &str = env!("CARGO_PKG_VERSION");
}
