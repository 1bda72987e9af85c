//! The class `Timeline`. Attribution of tables is in [`tables`](crate::tables).

use bailiwick::{Error, Instant, boundary};
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::answer::{parse_json, to_json};
use crate::bytes::{BytesArgument, BytesListArgument, PublicKeys};
use crate::clock::now;
use crate::engine::Bailiwick;
use crate::error::{answer, py_error};
use crate::pickle;
use crate::random::seed;
use crate::request::request;
use crate::shared::Shared;
use crate::unset::MaybeUnset;
use crate::value::value_of;

/// A directory at every moment from its beginning on: usage of last month is booked by the directory of its own moment.
///
/// A timeline begins with a snapshot. Changes, deltas and later snapshots follow in the order of their instants. A revision is in force from the instant of
/// the change that led to it until that of the next. Threads may share a timeline.
///
/// >>> timeline = Timeline.from_snapshot(guard.to_snapshot(issued_at="2026-05-01T00:00:00Z"))
/// >>> timeline.apply({"type": "remove_collaborator", "project": "prj_a", "user": "usr_bob"}, at="2026-05-20T12:00:00Z")
/// 1
/// >>> [timeline.at(at).is_allowed("user:usr_bob", "file.read", "project:prj_a") for at in ["2026-05-19T00:00:00Z", "2026-05-21T00:00:00Z"]]
/// [True, False]
#[pyclass(frozen, module = "bailiwick")]
#[derive(Debug)]
pub(crate) struct Timeline {
    pub(crate) timeline: Shared<bailiwick::Timeline>,
}

impl Timeline {
    fn new(timeline: bailiwick::Timeline) -> Self {
        Self { timeline: Shared::new(timeline) }
    }

    fn write<T: Send>(&self, py: Python<'_>, change: impl FnOnce(&mut bailiwick::Timeline) -> Result<T, Error> + Send) -> PyResult<T> {
        self.timeline.change(py, change)?.map_err(|error| py_error(py, &error))
    }
}

#[pymethods]
impl Timeline {
    /// Begin with a snapshot. It is in force from `beginning`, by default the instant at which it was issued; if it does not say that either, it has always
    /// been in force. The other arguments are those of Bailiwick.from_snapshot; a key that is demanded is demanded of all that follows.
    ///
    /// Raises BailiwickError as Bailiwick.from_snapshot.
    ///
    /// >>> Timeline.from_snapshot(guard.to_snapshot(), beginning="2026-05-01T00:00:00Z").beginning
    /// '2026-05-01T00:00:00Z'
    #[staticmethod]
    #[pyo3(signature = (data, *, public_key=MaybeUnset::Unset, public_keys=MaybeUnset::Unset, beginning=None, at=None))]
    fn from_snapshot(
        py: Python<'_>,
        data: &Bound<'_, PyAny>,
        public_key: MaybeUnset<'_>,
        public_keys: MaybeUnset<'_>,
        beginning: Option<&Bound<'_, PyAny>>,
        at: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Self> {
        let (data, keys) = (BytesArgument::new(Some(data)), PublicKeys::new(&public_key, &public_keys));
        let (options, seed, now) = (request(&[], &[("beginning", beginning), ("at", at)]), seed(), now()?);
        let load = || boundary::timeline_from_snapshot(data.bytes(), &options, &keys.as_keys(), seed, now);
        answer(py, || py.detach(load)).map(Self::new)
    }

    /// A list of snapshots, oldest first. What lies between two counts from the instant at which the later one was issued.
    ///
    /// Raises BailiwickError as from_snapshot and append; the path is the position of the snapshot.
    #[staticmethod]
    #[pyo3(signature = (snapshots, *, public_key=MaybeUnset::Unset, public_keys=MaybeUnset::Unset, beginning=None, at=None))]
    fn from_snapshots(
        py: Python<'_>,
        snapshots: &Bound<'_, PyAny>,
        public_key: MaybeUnset<'_>,
        public_keys: MaybeUnset<'_>,
        beginning: Option<&Bound<'_, PyAny>>,
        at: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Self> {
        let (snapshots, keys) = (BytesListArgument::new(snapshots), PublicKeys::new(&public_key, &public_keys));
        let (options, seed, now) = (request(&[], &[("beginning", beginning), ("at", at)]), seed(), now()?);
        let load = || boundary::timeline_from_snapshots(&snapshots.as_list(), &options, &keys.as_keys(), seed, now);
        answer(py, || py.detach(load)).map(Self::new)
    }

    /// Append a delta that begins at the last state, or a snapshot of a later one, and return the revision. The arguments are those of
    /// Bailiwick.apply_delta. The state of a delta is in force from the instant of its last change; the states between its changes are not known.
    ///
    /// Raises BailiwickError as Bailiwick.apply_delta; `invalid_order` for what is older than the last instant of the timeline by five seconds or more (with
    /// less it counts from the last instant, since clocks differ); `missing_field` for a snapshot of another state that does not say when it was issued.
    /// After an error nothing has changed.
    #[pyo3(signature = (data, *, public_key=MaybeUnset::Unset, public_keys=MaybeUnset::Unset, at=None))]
    fn append(
        &self,
        py: Python<'_>,
        data: &Bound<'_, PyAny>,
        public_key: MaybeUnset<'_>,
        public_keys: MaybeUnset<'_>,
        at: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<u64> {
        let (data, keys, options) =
            (BytesArgument::new(Some(data)), PublicKeys::new(&public_key, &public_keys), request(&[], &[("at", at)]));
        let (seed, now) = (seed(), now()?);
        self.write(py, |timeline| boundary::append_to_timeline(timeline, data.bytes(), &options, &keys.as_keys(), seed, now))
    }

    /// Make a change at an instant, by default now, and return the new revision. The arguments are those of Bailiwick.apply.
    ///
    /// Raises BailiwickError as Bailiwick.apply; `invalid_order` at `/at` as append.
    ///
    /// >>> timeline = Timeline.from_snapshot(guard.to_snapshot(issued_at="2026-05-01T00:00:00Z"))
    /// >>> timeline.apply({"type": "remove_member", "organization": "org_acme", "user": "usr_bob"}, at="2026-04-30T00:00:00Z")
    /// Traceback (most recent call last):
    /// bailiwick.InvalidInputError: 2026-04-30T00:00:00Z is before the last instant of the timeline, 2026-05-01T00:00:00Z (invalid_order at /at)
    #[pyo3(signature = (change, *, actor=MaybeUnset::Unset, at=None, expected_revision=None))]
    fn apply(
        &self,
        py: Python<'_>,
        change: &Bound<'_, PyAny>,
        actor: MaybeUnset<'_>,
        at: Option<&Bound<'_, PyAny>>,
        expected_revision: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<u64> {
        let terms = request(&[], &[("actor", actor.given()), ("at", at), ("expected_revision", expected_revision)]);
        let (change, now) = (value_of(change), now()?);
        self.write(py, |timeline| boundary::apply_to_timeline(timeline, &change, &terms, now))
    }

    /// The engine as it was at an instant, with the revision and the age that it had then. It is independent of the timeline.
    ///
    /// Raises BailiwickError `before_history` if the timeline begins later; `invalid_timestamp`, `wrong_type`.
    fn at(&self, py: Python<'_>, instant: &Bound<'_, PyAny>) -> PyResult<Bailiwick> {
        let moment = request(&[("at", instant)], &[]);
        // Other threads run meanwhile, and may append.
        let timeline = self.timeline.ask(py, |timeline| bailiwick::Timeline::clone(timeline))?;
        answer(py, || py.detach(|| boundary::timeline_at(&timeline, &moment))).map(Bailiwick::new)
    }

    /// Read a journal (its bytes), up to a record that was not written completely. Returns the timeline, and where the records end. The other arguments are
    /// those of Bailiwick.from_snapshot.
    ///
    /// With `since` or `until`, a part is read: what the moments from `since` to `until` (inclusive) need, which are answered exactly as by the whole. It costs
    /// the last checkpoint before them and the deltas up to `until`, and begins with the state in force at `since`. Of what is later than `until` it knows
    /// nothing: usage of later moments is booked by the last state that was read, so ask it about the moments that it was read for alone. Nothing can be
    /// appended to a part of a journal, so None is returned instead of where it ends.
    ///
    /// Raises BailiwickError as Bailiwick.from_snapshot and Timeline.append; `snapshot_corrupt` also for bytes that are no journal, or that are damaged
    /// otherwise than by a crash (in a part, damage outside of it may not be noticed); `invalid_order` at `/until` if it is before `since`.
    #[staticmethod]
    #[pyo3(signature = (data, *, since=None, until=None, public_key=MaybeUnset::Unset, public_keys=MaybeUnset::Unset, at=None))]
    fn from_journal(
        py: Python<'_>,
        data: &Bound<'_, PyAny>,
        since: Option<&Bound<'_, PyAny>>,
        until: Option<&Bound<'_, PyAny>>,
        public_key: MaybeUnset<'_>,
        public_keys: MaybeUnset<'_>,
        at: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<(Self, Option<JournalEnd>)> {
        let (data, keys) = (BytesArgument::new(Some(data)), PublicKeys::new(&public_key, &public_keys));
        let options = request(&[], &[("at", at), ("since", since), ("until", until)]);
        let (seed, now) = (seed(), now()?);
        let load = || boundary::timeline_from_journal(data.bytes(), &options, &keys.as_keys(), seed, now);
        answer(py, || py.detach(load)).map(|(timeline, end)| (Self::new(timeline), end.map(JournalEnd)))
    }

    /// All of it as a journal (its bytes), signed by `signing_key`: from_journal gives the same timeline. The first state is a checkpoint, and the steps are
    /// deltas with their changes. Where the deltas since a checkpoint take more than it does, there is another one, so that parts are read fast.
    ///
    /// Raises BailiwickError `wrong_type`.
    ///
    /// >>> timeline = Timeline.from_snapshot(guard.to_snapshot(issued_at="2026-05-01T00:00:00Z"))
    /// >>> timeline.apply({"type": "remove_collaborator", "project": "prj_a", "user": "usr_bob"}, at="2026-05-20T12:00:00Z")
    /// 1
    /// >>> part, _ = Timeline.from_journal(timeline.to_journal(), since="2026-05-21T00:00:00Z")
    /// >>> part
    /// <Timeline revision=1 beginning='2026-05-20T12:00:00Z' end='2026-05-20T12:00:00Z'>
    #[pyo3(signature = (*, signing_key=None))]
    fn to_journal<'py>(&self, py: Python<'py>, signing_key: Option<&Bound<'py, PyAny>>) -> PyResult<Bound<'py, PyBytes>> {
        let key = BytesArgument::new(signing_key);
        // Other threads run meanwhile, and may append.
        let timeline = self.timeline.ask(py, |timeline| bailiwick::Timeline::clone(timeline))?;
        let written = answer(py, || py.detach(|| boundary::timeline_to_journal(&timeline, key.bytes())))?;
        Ok(PyBytes::new(py, &written))
    }

    /// Merge the records of a journal up to an instant into one checkpoint, which `signing_key` signs. Returns the journal, and from when to before when
    /// (RFC 3339, UTC) the moments were that can no longer be told apart: they are before the beginning now. None if nothing was merged.
    ///
    /// Raises BailiwickError as from_journal; `signature_missing` and `signature_invalid` at `/signing_key` if readers of the journal would not take what the
    /// key signs.
    #[staticmethod]
    #[pyo3(signature = (data, until, *, public_key=MaybeUnset::Unset, public_keys=MaybeUnset::Unset, signing_key=None, at=None))]
    fn compact_journal<'py>(
        py: Python<'py>,
        data: &Bound<'py, PyAny>,
        until: &Bound<'py, PyAny>,
        public_key: MaybeUnset<'py>,
        public_keys: MaybeUnset<'py>,
        signing_key: Option<&Bound<'py, PyAny>>,
        at: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Compacted<'py>> {
        let (data, keys, key) =
            (BytesArgument::new(Some(data)), PublicKeys::new(&public_key, &public_keys), BytesArgument::new(signing_key));
        let (options, times) = (request(&[("until", until)], &[("at", at)]), (seed(), now()?));
        let compact = || boundary::compact_journal(data.bytes(), &options, &keys.as_keys(), key.bytes(), times);
        let compacted = answer(py, || py.detach(compact))?;
        let merged = compacted.merged.map(|(from, to)| (from.to_string(), to.to_string()));
        Ok((PyBytes::new(py, &compacted.bytes), merged))
    }

    /// A journal that begins with the last state: its bytes, and where its records end. `signing_key` signs it.
    ///
    /// Raises BailiwickError `wrong_type`; `missing_field` at `/beginning` if the timeline has none; `signature_missing` and `signature_invalid` at
    /// `/signing_key` if the timeline demands signatures, and the key does not give them.
    #[pyo3(signature = (*, signing_key=None))]
    fn new_journal<'py>(&self, py: Python<'py>, signing_key: Option<&Bound<'py, PyAny>>) -> PyResult<(Bound<'py, PyBytes>, JournalEnd)> {
        let key = BytesArgument::new(signing_key);
        let made = self.timeline.ask(py, |timeline| boundary::new_journal(timeline, key.bytes()))?;
        continued(py, made.map_err(|error| py_error(py, &error))?)
    }

    /// As append. Returns the bytes to append to the journal of this timeline, and where it ends with them.
    ///
    /// Raises BailiwickError as append; `delta_fork` if the journal does not end at the last state; `signature_missing` for bytes without a signature, if the
    /// journal is signed.
    #[pyo3(signature = (data, end, *, public_key=MaybeUnset::Unset, public_keys=MaybeUnset::Unset, at=None))]
    fn append_to_journal<'py>(
        &self,
        py: Python<'py>,
        data: &Bound<'py, PyAny>,
        end: &Bound<'py, JournalEnd>,
        public_key: MaybeUnset<'py>,
        public_keys: MaybeUnset<'py>,
        at: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<(Bound<'py, PyBytes>, JournalEnd)> {
        let (data, keys, options) =
            (BytesArgument::new(Some(data)), PublicKeys::new(&public_key, &public_keys), request(&[], &[("at", at)]));
        let (times, end) = ((seed(), now()?), end.get().0);
        let append =
            |timeline: &mut bailiwick::Timeline| boundary::append_to_journal(timeline, data.bytes(), &options, &keys.as_keys(), times, end);
        continued(py, self.write(py, append)?)
    }

    /// As apply. Returns the bytes to append to the journal of this timeline, and where it ends with them. `signing_key` signs them.
    ///
    /// Raises BailiwickError as apply; `wrong_type` for the key; `delta_fork` if the journal does not end at the last state; `signature_missing` and
    /// `signature_invalid` at `/signing_key` if readers of the journal would not take what the key signs.
    #[pyo3(signature = (change, end, *, actor=MaybeUnset::Unset, at=None, expected_revision=None, signing_key=None))]
    #[expect(clippy::too_many_arguments, reason = "one for each option")]
    fn apply_to_journal<'py>(
        &self,
        py: Python<'py>,
        change: &Bound<'py, PyAny>,
        end: &Bound<'py, JournalEnd>,
        actor: MaybeUnset<'py>,
        at: Option<&Bound<'py, PyAny>>,
        expected_revision: Option<&Bound<'py, PyAny>>,
        signing_key: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<(Bound<'py, PyBytes>, JournalEnd)> {
        let terms = request(&[], &[("actor", actor.given()), ("at", at), ("expected_revision", expected_revision)]);
        let (change, key, now, end) = (value_of(change), BytesArgument::new(signing_key), now()?, end.get().0);
        continued(py, self.write(py, |timeline| boundary::apply_to_journal(timeline, &change, &terms, key.bytes(), now, end))?)
    }

    /// The instant from which the first state is in force (RFC 3339, UTC). None if it has always been.
    #[getter]
    fn beginning(&self, py: Python<'_>) -> PyResult<Option<String>> {
        self.timeline.ask(py, |timeline| timeline.beginning().as_ref().map(Instant::to_string))
    }

    /// The last instant of which something is known (RFC 3339, UTC): that of the last change, or of the issue of the last snapshot or delta. Later usage is
    /// booked by the last state, which may not be the right one.
    #[getter]
    fn end(&self, py: Python<'_>) -> PyResult<Option<String>> {
        self.timeline.ask(py, |timeline| timeline.end().as_ref().map(Instant::to_string))
    }

    /// The last revision.
    #[getter]
    fn revision(&self, py: Python<'_>) -> PyResult<u64> {
        self.timeline.ask(py, |timeline| timeline.present().revision())
    }

    /// What followed the first state, oldest first: a list of dicts with `revision`, `at` (from when that revision is in force), `changes` (dicts with `type`,
    /// `actor`, `at`; none between snapshots), `entries` (what differs, dicts with `table` and ids) and `policy` (whether it is another one).
    ///
    /// >>> timeline = Timeline.from_snapshot(guard.to_snapshot(issued_at="2026-05-01T00:00:00Z"))
    /// >>> change = {"type": "remove_collaborator", "project": "prj_a", "user": "usr_bob"}
    /// >>> timeline.apply(change, actor="user:usr_ada", at="2026-05-20T12:00:00Z")
    /// 1
    /// >>> timeline.log()[0]["changes"], timeline.log()[0]["entries"]
    /// ([{'type': 'remove_collaborator', 'actor': 'user:usr_ada', 'at': '2026-05-20T12:00:00Z'}], [{'table': 'collaborators', 'project': 'prj_a', 'user': 'usr_bob'}])
    fn log<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let log = self.timeline.ask(py, |timeline| to_json(&timeline.log().collect::<Vec<_>>()))?;
        parse_json(py, &log)
    }

    /// What each remedy of each usage of a list would lead to at its instant, for summaries: a list of lists of dicts.
    ///
    /// Raises BailiwickError as Bailiwick.attribute, with the position as path.
    fn _try_remedies<'py>(&self, py: Python<'py>, usages: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let (usages, now) = (value_of(usages), now()?);
        let timeline = self.timeline.ask(py, |timeline| bailiwick::Timeline::clone(timeline))?;
        let try_out = || boundary::try_remedies_by_time(&timeline, &usages, now).map(|told| to_json(&told));
        let told = answer(py, || py.detach(try_out))?;
        parse_json(py, &told)
    }

    /// How many times the directory has changed.
    fn __len__(&self, py: Python<'_>) -> PyResult<usize> {
        self.timeline.ask(py, |timeline| timeline.len())
    }

    /// A timeline is true even if nothing followed its first state.
    fn __bool__(&self) -> bool {
        true
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        self.timeline.ask(py, |timeline| {
            let instant = |at: Option<Instant>| at.map_or_else(|| "None".to_owned(), |at| format!("'{at}'"));
            let (beginning, end) = (instant(timeline.beginning()), instant(timeline.end()));
            format!("<Timeline revision={} beginning={beginning} end={end}>", timeline.present().revision())
        })
    }

    /// An independent timeline, for a past that is corrected.
    fn __copy__(&self, py: Python<'_>) -> PyResult<Self> {
        self.timeline.ask(py, |timeline| bailiwick::Timeline::clone(timeline)).map(Self::new)
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyAny>, pickle::Contents<'py>)> {
        let timeline = self.timeline.ask(py, |timeline| bailiwick::Timeline::clone(timeline))?;
        let contents = answer(py, || py.detach(|| pickle::timeline_contents(&timeline)))?;
        Ok((py.import("bailiwick._bailiwick")?.getattr("restore_timeline")?, pickle::to_python(py, &contents)))
    }
}

/// Restore a timeline from the contents of its pickle. Raises BailiwickError `snapshot_corrupt`, `snapshot_version`.
#[pyfunction]
pub(crate) fn restore_timeline(py: Python<'_>, journal: &Bound<'_, PyBytes>, public_keys: Option<Vec<[u8; 32]>>) -> PyResult<Timeline> {
    pickle::timeline(py, journal.as_bytes(), public_keys).map(Timeline::new)
}

/// A journal, and the moments that it no longer tells apart.
type Compacted<'py> = (Bound<'py, PyBytes>, Option<(String, String)>);

/// Where the records of a journal end. What is appended continues there.
#[pyclass(frozen, module = "bailiwick")]
#[derive(Debug)]
pub(crate) struct JournalEnd(bailiwick::JournalEnd);

#[pymethods]
impl JournalEnd {
    /// How many bytes the records take. What follows is left of a record that was not written completely.
    #[getter]
    fn bytes(&self) -> usize {
        self.0.bytes
    }

    /// How many records there are.
    #[getter]
    fn records(&self) -> usize {
        self.0.records
    }
}

fn continued(py: Python<'_>, (bytes, end): (Vec<u8>, bailiwick::JournalEnd)) -> PyResult<(Bound<'_, PyBytes>, JournalEnd)> {
    Ok((PyBytes::new(py, &bytes), JournalEnd(end)))
}
