//! The side of a feed that writes: what to ask the store for next. `bailiwick.feed` does the input and output.

use std::sync::{Mutex, PoisonError};

use bailiwick::{Condition, Error, Found, Key, Next, Reply, Report, Writer, boundary};
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::bytes::{BytesArgument, PublicKeys};
use crate::clock::now;
use crate::engine::Bailiwick;
use crate::error::{answer, py_error};
use crate::random::seed;
use crate::request::request;
use crate::unset::MaybeUnset;

/// Says what to write to a feed. A publication begins with `begin`, and goes on with `reply` until `todo` is `done`, `failed` or `conflict`.
///
/// Raises BailiwickError `wrong_type` (also without a key), `limit_exceeded`.
#[pyclass(frozen, module = "bailiwick")]
#[derive(Debug)]
pub(crate) struct FeedWriter {
    writer: Mutex<Writer>,
}

/// What to do next.
#[pyclass(frozen, get_all, module = "bailiwick")]
#[derive(Debug)]
pub(crate) struct FeedRequest {
    /// `get`, `put`, `delete`, `done`, `failed` or `conflict`.
    todo: &'static str,
    /// The object; None for `done` and `failed`.
    key: Option<String>,
    /// For `put`: whether there must be no object. Otherwise it must be the one that was seen.
    if_absent: bool,
    /// For `get`: whether it need only be read if it has changed.
    if_changed: bool,
    /// For `done`: the revision, and how many steps, jumps, renewals, snapshots, bytes and deletions there were.
    report: Option<(u64, u64, u64, u64, u64, u64, u64)>,
}

#[pymethods]
impl FeedWriter {
    #[new]
    #[pyo3(signature = (signing_key, *, public_keys=MaybeUnset::Unset, max_age_seconds=None))]
    fn new(
        py: Python<'_>,
        signing_key: &Bound<'_, PyAny>,
        public_keys: MaybeUnset<'_>,
        max_age_seconds: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Self> {
        let (key, older) = (BytesArgument::new(Some(signing_key)), PublicKeys::new(&MaybeUnset::Unset, &public_keys));
        let options = request(&[], &[("max_age_seconds", max_age_seconds)]);
        let writer = answer(py, || boundary::feed_writer(key.bytes(), &older.as_keys(), &options))?;
        Ok(Self { writer: Mutex::new(writer) })
    }

    /// Read the feed to its end, and complete what was left undone.
    fn resume(&self) -> FeedRequest {
        asked(self.with(|writer| writer.resume(seed())))
    }

    /// Begin a publication of the engine as it is now.
    ///
    /// Raises BailiwickError `revision_conflict` before `resume`, `delta_fork`, `missing_field`, `issued_in_future`.
    fn begin(&self, py: Python<'_>, guard: &Bailiwick) -> PyResult<FeedRequest> {
        let now = now()?;
        guard.ask(py, |directory| self.with(|writer| writer.begin(directory, now))).map(asked)
    }

    /// Tell what came of a request: `found` (with the bytes, or None if there is nothing), `unchanged`, `written`, `refused`, or `failed`.
    ///
    /// Raises BailiwickError for what was found, while the feed is read.
    #[pyo3(signature = (what, data=None))]
    fn reply(&self, py: Python<'_>, what: &str, data: Option<&Bound<'_, PyBytes>>) -> PyResult<FeedRequest> {
        let (data, now) = (data.map(|data| data.as_bytes().to_vec()), now()?);
        let reply = match (what, &data) {
            ("found", Some(bytes)) => Reply::Found(Found::Bytes(bytes)),
            ("found", None) => Reply::Found(Found::Absent),
            ("unchanged", _) => Reply::Found(Found::Unchanged),
            ("written", _) => Reply::Written,
            ("refused", _) => Reply::Refused,
            _ => Reply::Failed,
        };
        let next: Result<Next, Error> = py.detach(|| self.with(|writer| writer.reply(reply, now)));
        next.map(asked).map_err(|error| py_error(py, &error))
    }

    /// The bytes to put.
    fn body<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        self.with(|writer| PyBytes::new(py, writer.body()))
    }

    /// The engine at the newest published state, once after `resume`; None if there is no feed.
    fn take_engine(&self) -> Option<Bailiwick> {
        self.with(Writer::take_engine).map(Bailiwick::new)
    }

    /// The revision that followers find; None if it is not known.
    #[getter]
    fn published(&self) -> Option<u64> {
        self.with(|writer| writer.published())
    }

    /// Tell which keys the store has.
    fn list(&self, keys: Vec<String>) {
        self.with(|writer| writer.list(keys.iter().filter_map(|name| Key::parse(name))));
    }
}

impl FeedWriter {
    fn with<T>(&self, use_it: impl FnOnce(&mut Writer) -> T) -> T {
        // After a panic, the next publication reads the feed again or is refused.
        use_it(&mut self.writer.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

fn asked(next: Next) -> FeedRequest {
    let request = |todo, key: Option<Key>| FeedRequest {
        todo,
        key: key.map(|key| key.to_string()),
        if_absent: false,
        if_changed: false,
        report: None,
    };
    match next {
        Next::Get(look) => FeedRequest { if_changed: look.if_changed, ..request("get", Some(look.key)) },
        Next::Put(key, condition) => FeedRequest { if_absent: condition == Condition::IfAbsent, ..request("put", Some(key)) },
        Next::Delete(key) => request("delete", Some(key)),
        Next::Done(Report { revision, steps, jumps, renewals, snapshots, bytes, deleted, .. }) => {
            FeedRequest { report: Some((revision, steps, jumps, renewals, snapshots, bytes, deleted)), ..request("done", None) }
        }
        Next::Failed => request("failed", None),
        Next::Conflict(key) => request("conflict", Some(key)),
    }
}
