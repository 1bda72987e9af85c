//! The life of random directories: changes, listings, keys, snapshots and deltas agree with each other and with `check_access`.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

use std::collections::{BTreeMap, BTreeSet};

use bailiwick::boundary::{self, Bytes};
use bailiwick::{AccessRequest, ChangeType, Directory, Error, ErrorCode, Instant, Reason, Reference, Seal, SecretKey, Trust, Usage};
use drafts::*;
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Value as Json, json};
use worlds::answers::*;
use worlds::{SURFACES, World, actions, at, digest, kinds, list, plain_worlds, text, worlds};

mod compaction;
mod deltas;
mod drafts;
mod histories;
#[cfg(feature = "insight")]
mod impacts;
#[cfg(all(feature = "timeline", feature = "insight"))]
mod journals;
mod listings;
#[cfg(feature = "insight")]
mod policies;
#[cfg(feature = "insight")]
mod policy_edits;
mod previews;
mod reconciliation;
#[cfg(feature = "insight")]
mod reviews;
#[cfg(all(feature = "timeline", feature = "insight"))]
mod timelines;
#[expect(dead_code, reason = "other tests ask more of a world")]
#[path = "../worlds/mod.rs"]
mod worlds;

/// Instants before any key expires; of most questions; and when many keys have expired and directories with an age are stale.
const TIMES: [&str; 3] = ["2025-12-01T00:00:00Z", "2026-02-01T00:00:00Z", "2026-04-01T00:00:00Z"];

/// Ids that no directory has at first. One of them has every character that an id may have.
const NEW: [&str; 3] = ["new:0 \"é\\\u{1f600}\u{2028}", "new_1", "new_2"];

fn apply(directory: &mut Directory, (change, terms): &(Json, Json)) -> Result<u64, Error> {
    boundary::apply(directory, &value(change), &value(terms), at())
}

/// Makes a change that must succeed, as the platform.
fn made(directory: &mut Directory, change: Json) -> u64 {
    apply(directory, &(change, json!({}))).unwrap()
}

/// A directory after those of these changes that succeed.
fn changed(mut world: World, drafts: &[Draft]) -> World {
    for draft in drafts {
        let change = draft.for_world(&world);
        if apply(&mut world.directory, &change).is_ok() {
            world = World::of(world.directory);
        }
    }
    world
}

fn document(directory: &Directory) -> String {
    serde_json::to_string(&directory.to_document()).unwrap()
}

fn snapshot(directory: &Directory) -> Vec<u8> {
    directory.to_snapshot(&Seal::default())
}

fn loaded(document: &str) -> Directory {
    Directory::from_json(document.as_bytes()).unwrap()
}

fn unpacked(snapshot: &[u8]) -> Directory {
    Directory::from_snapshot(snapshot, Trust::default(), None).unwrap()
}

fn without_digests(directory: &Directory) -> Vec<u8> {
    boundary::to_snapshot(directory, &value(&json!({"digests": false})), Bytes::Absent).unwrap()
}
