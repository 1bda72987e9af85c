//! Hostile bytes: truncated, damaged, forged, or with a valid envelope around invalid contents. And bytes that must stay readable for ever:
//! `snapshots/`.

#![expect(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may stop at the first surprise"
)]

use std::fs;
use std::path::{Path, PathBuf};

use bailiwick::{Directory, Error, ErrorCode, Instant, PublicKey, PublicKeys, Seal, SecretKey, Trust, Value, boundary};
use format::{Envelope, columns, hash, length_prefix, payload, payload_of};
use memory::bound;
use serde_json::{Value as Json, json};

#[path = "../fuzz/format.rs"]
mod format;

mod answers;
mod big_documents;
mod changes;
mod chunks;
mod columns;
mod cuts_and_flips;
mod damaged_columns;
mod damaged_deltas;
mod damages;
mod delta_contents;
mod delta_stage;
mod deltas;
mod envelopes;
mod excerpts;
mod format_1;
mod goldens;
mod lengths;
mod memory;
mod random_columns;
mod random_deltas;
mod round_trips;
mod signatures;
mod specimens;
mod write_goldens;

const SEED: [u8; 32] = [7; 32];
const OTHER_SEED: [u8; 32] = [8; 32];

fn public_key(seed: &[u8; 32]) -> PublicKeys {
    SecretKey::from_bytes(seed).public_key().into()
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn read(path: &str) -> Vec<u8> {
    fs::read(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn read_json(path: &str) -> Json {
    serde_json::from_slice(&read(path)).unwrap()
}

fn written(directory: &Directory) -> Json {
    serde_json::to_value(directory.to_document()).unwrap()
}

fn snapshot(directory: &Directory) -> Vec<u8> {
    directory.to_snapshot(&Seal::default())
}

/// The trust in this key, if there is one.
fn by(key: Option<&PublicKeys>) -> Trust<'_> {
    Trust { public_keys: key, ..Trust::default() }
}

fn load(bytes: &[u8]) -> Result<Directory, Error> {
    Directory::from_snapshot(bytes, Trust::default(), None)
}

/// Loads invalid bytes, and checks that failing takes little memory.
fn refused(bytes: &[u8], key: Option<&PublicKeys>) -> ErrorCode {
    let (outcome, most) = memory::most_of(|| Directory::from_snapshot(bytes, by(key), None).map(|_| ()));
    assert!(most <= bound(bytes.len()), "{} bytes took {most}: {} for each", bytes.len(), most / bytes.len());
    outcome.expect_err("these bytes are no snapshot").code()
}

/// Everything observable of a directory: its document, its bytes, and the deltas that it can make.
#[derive(PartialEq)]
struct State {
    document: Json,
    bytes: Vec<u8>,
    deltas: Vec<Result<Vec<u8>, ErrorCode>>,
}

fn state(directory: &Directory) -> State {
    let bytes = snapshot(directory);
    let since = directory.revision().saturating_sub(20)..=directory.revision();
    let deltas = since.map(|revision| directory.to_delta(revision, &Seal::default()).map_err(|error| error.code()));
    State { document: written(directory), bytes, deltas: deltas.collect() }
}

fn apply(directory: &mut Directory, change: &Json) -> Result<u64, Error> {
    let at = Instant::parse("2026-02-01T12:00:00Z").unwrap();
    let text = change.to_string();
    let change = value(&serde_json::from_str(&text).unwrap());
    boundary::apply(directory, &change, &Value::Object(Vec::new()), at)
}

fn value(json: &Json) -> Value<'static> {
    match json {
        Json::Null => Value::Null,
        Json::Bool(boolean) => Value::Boolean(*boolean),
        Json::Number(number) => Value::Number(number.as_f64().unwrap()),
        Json::String(text) => Value::Text(text.clone().into()),
        Json::Array(items) => Value::List(items.iter().map(value).collect()),
        Json::Object(members) => Value::Object(members.iter().map(|(name, member)| (name.clone().into(), value(member))).collect()),
    }
}
