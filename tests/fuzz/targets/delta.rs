//! Text as the changes of a delta with valid checksums and the right end state.
#![no_main]

use std::sync::LazyLock;

use bailiwick::{Directory, Seal, Trust, boundary};
use bailiwick_fuzz::{NOW, example, mutate, sealed_delta, snapshot, survives, value};
use libfuzzer_sys::{fuzz_mutator, fuzz_target};
use serde_json::{Value as Json, json};

static BEFORE: LazyLock<Directory> = LazyLock::new(example);
static BYTES: LazyLock<Vec<u8>> = LazyLock::new(|| snapshot(&BEFORE));

fuzz_target!(|text: &[u8]| {
    let json = serde_json::from_slice(text).unwrap_or(Json::Null);
    let entries = json.as_array().map_or(&[][..], Vec::as_slice);
    let mut after = BEFORE.clone();
    let all_made = entries.iter().filter(|entry| made(&mut after, entry)).count() == entries.len();
    let after = snapshot(&after);
    let (first, last) = (BEFORE.revision(), BEFORE.revision() + entries.len() as u64);
    let delta = sealed_delta((first, &BYTES), (last, &after), text);
    let mut directory = BEFORE.clone();
    match directory.apply_delta(&delta, Trust::default()) {
        Ok(revision) => {
            assert_eq!((revision, directory.revision()), (last, last));
            assert!(all_made && snapshot(&directory) == after, "the delta leads elsewhere");
            let again = directory.to_delta(first, &Seal::default()).expect("the copy remembers where it began");
            assert_eq!(BEFORE.clone().apply_delta(&again, Trust::default()), Ok(last), "a copy's own delta is refused");
            survives(&directory);
        }
        Err(error) => {
            assert!(snapshot(&directory) == *BYTES, "a delta that failed has changed something");
            let is_plain =
                |entry: &Json| entry.as_object().is_some_and(|entry| entry.keys().eq(["change", "at"]) && entry["at"].is_string());
            let is_proper = json.is_array() && json.to_string().as_bytes() == text && entries.iter().all(is_plain);
            assert!(!is_proper || !all_made, "a proper delta is refused: {error:?}");
        }
    }
});

/// Makes one entry's change as its user, if the user may; otherwise without an actor, which gives another state if the entry names a user.
fn made(after: &mut Directory, entry: &Json) -> bool {
    let mut made = |terms: &Json| boundary::apply(after, &value(&entry["change"]), &value(terms), NOW).is_ok();
    let user = entry["user"].as_str().map(|user| json!({"at": entry["at"], "actor": {"type": "user", "id": user}}));
    user.is_some_and(|terms| made(&terms)) || made(&json!({"at": entry["at"]}))
}

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| { mutate::json(data, size, max_size, seed) });
