//! The side of a feed that reads: what to ask the store for next. `bailiwick.feed` does the input and output.

use std::sync::Mutex;

use bailiwick::{Directory, Found, Instant, Look, Reader, Seen, Taken, boundary};
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::bytes::{BytesArgument, PublicKeys};
use crate::clock::now;
use crate::engine::Bailiwick;
use crate::error::{answer, py_error};
use crate::random::seed;
use crate::unset::MaybeUnset;

/// A key to read, and whether it need only be read if it has changed.
type Wanted = (String, bool);

/// Says what to read of a feed, and takes what was found. A round begins with `begin`, and goes on while there is a next key.
///
/// Raises BailiwickError `missing_field` at `/public_key` without a key, `wrong_type`.
#[pyclass(frozen, module = "bailiwick")]
#[derive(Debug)]
pub(crate) struct FeedReader {
    reader: Mutex<Reader>,
}

/// What came of an object.
#[pyclass(frozen, get_all, module = "bailiwick")]
#[derive(Debug)]
pub(crate) struct FeedNews {
    /// The key that was read.
    key: Option<String>,
    /// `loaded`, `advanced`, `renewed`, `current`, `missing`, `older`, `endless` or `refused`.
    seen: &'static str,
    /// Why it was refused.
    error: Option<Py<PyAny>>,
    /// What to read next; None if the round is over.
    next: Option<Wanted>,
    /// The engine, if this is the first.
    guard: Option<Py<Bailiwick>>,
}

#[pymethods]
impl FeedReader {
    #[new]
    #[pyo3(signature = (*, public_key=MaybeUnset::Unset, public_keys=MaybeUnset::Unset))]
    fn new(py: Python<'_>, public_key: MaybeUnset<'_>, public_keys: MaybeUnset<'_>) -> PyResult<Self> {
        let keys = PublicKeys::new(&public_key, &public_keys);
        let reader = answer(py, || boundary::feed_reader(&keys.as_keys()))?;
        Ok(Self { reader: Mutex::new(reader) })
    }

    /// Begin a round with the engine that there is. Returns the key to read, and whether it need only be read if it has changed.
    fn begin(&self, py: Python<'_>, guard: Option<&Bailiwick>) -> PyResult<Wanted> {
        let look = match guard {
            Some(guard) => guard.directory.ask(py, |directory| self.with(|reader| reader.begin(Some(directory))))?,
            None => self.with(|reader| reader.begin(None)),
        };
        Ok(wanted(look))
    }

    /// Take what was found: bytes, or None if there is nothing, or `unchanged`. The engine changes in its place.
    #[pyo3(signature = (guard, data, *, unchanged=false))]
    fn take(&self, py: Python<'_>, guard: Option<&Bailiwick>, data: Option<&Bound<'_, PyBytes>>, unchanged: bool) -> PyResult<FeedNews> {
        let (data, now) = (BytesArgument::new(data.map(|data| data.as_any())), now()?);
        let found = match &data {
            _ if unchanged => Found::Unchanged,
            BytesArgument::Given(bytes) => Found::Bytes(bytes),
            BytesArgument::Absent | BytesArgument::Foreign => Found::Absent,
        };
        let is_delta = self.with(|reader| matches!(reader.wanted(), Some(bailiwick::Key::Delta(_))));
        let (taken, fresh) = match guard {
            Some(guard) if is_delta => {
                let take = |directory: &mut Directory| self.with(|reader| reader.take_delta(directory, found, now));
                (guard.directory.change(py, take)?, None)
            }
            _ => self.take_snapshot(py, guard, found, now)?,
        };
        let guard = match (guard, fresh) {
            (Some(guard), Some(fresh)) => {
                guard.directory.replace(py, fresh)?;
                None
            }
            (None, Some(fresh)) => Some(Py::new(py, Bailiwick::new(fresh))?),
            (_, None) => None,
        };
        Ok(news(py, taken, guard))
    }
}

impl FeedReader {
    fn with<T>(&self, use_it: impl FnOnce(&mut Reader) -> T) -> T {
        // A reader is whole whatever happened to its last user.
        use_it(&mut self.reader.lock().unwrap_or_else(std::sync::PoisonError::into_inner))
    }

    /// Loads a snapshot while other threads ask the engine.
    fn take_snapshot(
        &self,
        py: Python<'_>,
        guard: Option<&Bailiwick>,
        found: Found<'_>,
        now: Instant,
    ) -> PyResult<(Taken, Option<Directory>)> {
        let present = guard.map(|guard| guard.directory.ask(py, std::sync::Arc::clone)).transpose()?;
        let seed = seed();
        answer(py, || py.detach(|| Ok(self.with(|reader| reader.take_snapshot(present.as_deref(), found, now, seed)))))
    }
}

fn wanted(look: Look) -> Wanted {
    (look.key.to_string(), look.if_changed)
}

fn news(py: Python<'_>, taken: Taken, guard: Option<Py<Bailiwick>>) -> FeedNews {
    let Taken { key, seen, next } = taken;
    let word = seen.as_str();
    let error = if let Seen::Refused(error) = seen { Some(py_error(py, &error).into_value(py).into_any()) } else { None };
    FeedNews { key: key.map(|key| key.to_string()), seen: word, error, next: next.map(wanted), guard }
}

/// How many milliseconds to wait before the next round, after so many failures in a row. `random`, from 0 to 1, takes away up to a quarter.
#[pyfunction]
pub(crate) fn feed_pause(failures: u32, interval_milliseconds: u64, max_age_seconds: Option<u64>, random: f64) -> u64 {
    bailiwick::pause(failures, interval_milliseconds, max_age_seconds, random)
}
