//! Bytes as the payload of a delta with valid checksums. Before the payload stands a byte: which state the delta is said to lead to.
#![no_main]

use std::sync::LazyLock;

use bailiwick::{Directory, Seal, Trust, boundary};
use bailiwick_fuzz::{NOW, example, mutate, payload_of, sealed_delta, snapshot, survives, value, written};
use libfuzzer_sys::{fuzz_mutator, fuzz_target};
use serde_json::{Value as Json, json};

static BEFORE: LazyLock<Directory> = LazyLock::new(example);

/// Where a delta may lead, and the payload of one that leads there.
struct Seed {
    after: Directory,
    payload: Vec<u8>,
}

static SEEDS: LazyLock<Vec<Seed>> = LazyLock::new(|| {
    let mut seeds = vec![seed(&[])];
    for text in
        [include_str!("../changes/all.json"), include_str!("../changes/by_somebody.json"), include_str!("../changes/there_and_back.json")]
    {
        let entries: Vec<Json> = serde_json::from_str(text).expect("a list of changes");
        seeds.extend(entries.iter().map(std::slice::from_ref).map(seed));
        seeds.push(seed(&entries));
    }
    seeds
});

fn seed(entries: &[Json]) -> Seed {
    let mut after = BEFORE.clone();
    let _ = snapshot(&after);
    for entry in entries {
        let actor = entry["user"].as_str().map(|user| json!({"type": "user", "id": user}));
        let terms = json!({"at": entry["at"], "actor": actor});
        // One of them alone may not be possible.
        let _ = boundary::apply(&mut after, &value(&entry["change"]), &value(&terms), NOW);
    }
    let delta = after.to_delta(BEFORE.revision(), &Seal::default()).expect("the history reaches back");
    Seed { payload: payload_of(&delta).to_vec(), after }
}

fuzz_target!(|bytes: &[u8]| {
    let Some((number, payload)) = bytes.split_first() else { return };
    let Seed { after, payload: good } = &SEEDS[usize::from(*number) % SEEDS.len()];
    let mut directory = BEFORE.clone();
    match directory.apply_delta(&sealed_delta(&BEFORE, after, payload), Trust::default()) {
        Ok(revision) => {
            assert_eq!((revision, directory.revision()), (after.revision(), after.revision()));
            assert!(snapshot(&directory) == snapshot(after), "the delta leads elsewhere");
            let again = directory.to_delta(BEFORE.revision(), &Seal::default()).expect("the copy remembers where it began");
            assert_eq!(BEFORE.clone().apply_delta(&again, Trust::default()), Ok(revision), "a copy's own delta is refused");
            survives(&directory);
        }
        Err(_) => {
            assert!(payload != good, "a proper delta is refused");
            let is_same = snapshot(&directory) == snapshot(&BEFORE) && written(&directory) == written(&BEFORE);
            assert!(is_same, "a delta that failed has changed something");
            let next = directory.apply_delta(&sealed_delta(&BEFORE, after, good), Trust::default());
            assert_eq!(next, Ok(after.revision()), "the next delta is refused");
        }
    }
});

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    let seeds = SEEDS.iter().map(|seed| seed.payload.as_slice());
    mutate::numbered_columns(data, size, max_size, seed, &seeds.collect::<Vec<_>>())
});
