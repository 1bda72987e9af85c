//! Bailiwick for Python. This crate only converts: values in, answers and errors out. Every rule is in the core.

mod access;
mod answer;
mod arrow;
mod attribution;
mod authzen;
mod bytes;
mod change;
mod clock;
mod decision;
mod engine;
mod error;
mod fast_path;
mod faults;
mod feed_reader;
mod feed_writer;
mod fork;
mod insight;
mod inspect;
mod key;
mod listing;
mod memory;
mod packed_names;
mod panics;
mod pickle;
mod random;
mod request;
mod shared;
mod snapshot;
mod tables;
mod timeline;
mod unset;
mod usage;
mod value;

use pyo3::prelude::*;

/// The extension module behind the package `bailiwick`.
#[pymodule(gil_used = false)]
mod _bailiwick {
    use pyo3::prelude::*;

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
    use crate::feed_reader::{FeedNews, FeedReader, feed_pause};
    #[pymodule_export]
    use crate::feed_writer::{FeedRequest, FeedWriter};
    #[pymodule_export]
    use crate::insight::{analyse_policy, built_in_policy};
    #[pymodule_export]
    use crate::inspect::inspect_snapshot;
    #[pymodule_export]
    use crate::key::new_api_key;
    #[pymodule_export]
    use crate::snapshot::public_key_of;
    #[pymodule_export]
    use crate::tables::{AnswerTable, instants_of, moments_of};
    #[pymodule_export]
    use crate::timeline::{JournalEnd, Timeline, restore_timeline};

    /// The most faults that `find_faults` returns. If it returns so many, there may be more.
    #[pymodule_export]
    const MOST_FAULTS: usize = bailiwick::boundary::MOST_FAULTS;

    #[pymodule_init]
    fn prepare(module: &Bound<'_, PyModule>) -> PyResult<()> {
        crate::panics::silence_panics();
        crate::value::epoch(module.py());
        module.py().import("json")?;
        crate::fork::register(module.py())
    }

    #[pymodule_export]
    const VERSION: &str = env!("CARGO_PKG_VERSION");
}
