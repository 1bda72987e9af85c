//! A directory with every field, and a delta that it takes: damage is done to the contents of this delta.

use crate::columns::{directory_of, example_document};
use crate::delta_contents::Contents;
use crate::*;

/// What an error says of a delta whose entries are valid, but lead to another state than its header names.
pub(crate) const LEADS_ELSEWHERE: &str = "the changes lead to another state than the header says";

pub(crate) fn state_hash(directory: &Directory) -> [u8; 32] {
    format::state_of(&snapshot(directory))
}

/// A delta with this payload from a directory, declared to lead this many revisions further and to this state.
pub(crate) fn sealed_delta(base: &Directory, payload: &[u8], further: u64, state: [u8; 32]) -> Vec<u8> {
    let from = (base.revision(), state_hash(base));
    Envelope::of_delta(from, base.revision().wrapping_add(further), state).seal(payload, None)
}

pub(crate) struct Stage {
    /// Where the delta begins. It has some history, which must be kept too.
    pub(crate) directory: Directory,
    pub(crate) delta: Vec<u8>,
    pub(crate) contents: Contents,
    /// Where the delta leads to.
    pub(crate) after: Directory,
}

impl Stage {
    /// The stage of a document, and the delta of one change.
    pub(crate) fn of(document: &Json, history: &[Json], change: &Json) -> Self {
        let mut directory = directory_of(document);
        for change in history {
            // A state that others may have is in the history.
            snapshot(&directory);
            apply(&mut directory, change).unwrap();
        }
        snapshot(&directory);
        let mut after = directory.clone();
        apply(&mut after, change).unwrap();
        let delta = after.to_delta(directory.revision(), &Seal::default()).unwrap();
        let contents = Contents::of(&delta);
        assert!(contents.payload() == payload_of(&delta), "the contents are written as the engine writes them");
        Self { directory, delta, contents, after }
    }

    pub(crate) fn example() -> Self {
        let digest = format!("sha256:{}", "d".repeat(64));
        let history = [
            json!({"type": "add_resource", "project": "prj_b", "resource": "file_new", "kind": "file"}),
            json!({"type": "create_api_key", "project": "prj_default", "key": "key_later", "digest": digest}),
        ];
        Self::of(&example_document(), &history, &json!({"type": "remove_resource", "resource": "instant_cluster:cl_1"}))
    }

    /// This payload in place of the delta's, with right checksums.
    pub(crate) fn sealed(&self, payload: &[u8]) -> Vec<u8> {
        let further = self.after.revision() - self.directory.revision();
        sealed_delta(&self.directory, payload, further, state_hash(&self.after))
    }

    /// Applies bytes that are no delta of the directory: they are refused, take memory by their length and leave no trace. Returns the message.
    pub(crate) fn refuses(&mut self, bytes: &[u8], what: &str) -> String {
        let before = state(&self.directory);
        let (outcome, most) = memory::most_of(|| self.directory.apply_delta(bytes, Trust::default()));
        let error = outcome.map(|_| ()).expect_err(what);
        assert_eq!(error.code(), ErrorCode::SnapshotCorrupt, "{what}");
        assert!(most <= self.bound(bytes), "{what}: {} bytes took {most}", bytes.len());
        self.is_untouched(&before, what);
        error.message().to_owned()
    }

    /// What applying a delta may take beside the memory for its length: what is noted of entries that it alters.
    fn bound(&self, bytes: &[u8]) -> usize {
        bound(bytes.len()) + bound(snapshot(&self.directory).len())
    }

    /// Whether the directory is as before, and so is a copy that the good delta is applied to.
    pub(crate) fn is_untouched(&self, before: &State, what: &str) {
        assert!(state(&self.directory) == *before, "{what}: a delta that failed has changed something");
        let mut copy = self.directory.clone();
        assert_eq!(copy.apply_delta(&self.delta, Trust::default()), Ok(self.after.revision()), "{what}: the next delta is refused");
        assert!(snapshot(&copy) == snapshot(&self.after), "{what}: the next delta leads elsewhere");
    }
}
