//! Chaos: publishers and edges on a store that loses, repeats and delays, with clocks that differ. After every step, what must always hold is checked.
//!
//! `FEED_SEEDS` is the number of seeds (500 by default), `FEED_FIRST` the first one: a failure names its seed.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

mod chain;
mod database;
mod edge;
mod publisher;
mod random;
mod simulation;
mod store;

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use bailiwick::{Instant, SecretKey};

/// The greatest age in milliseconds.
const MAX_AGE: i64 = 600_000;
/// How far the clocks of publishers are off at most, in milliseconds, and those of edges.
const PUBLISHER_SKEW: i64 = 60_000;
const EDGE_SKEW: i64 = 240_000;
/// The keys that edges know.
const KEYS: u8 = 4;

/// How often something has happened, by its name.
type Tally = BTreeMap<&'static str, u64>;

/// What has to happen now and then, or else the test proves nothing.
const EXPECTED: [&str; 24] = [
    "a change of the database",
    "a conflict",
    "a creation beside the chain",
    "a damaged object",
    "a deletion",
    "a first snapshot",
    "a jump",
    "a key that is still allowed",
    "a late write took effect",
    "a late write was refused",
    "a lost answer",
    "a lost request",
    "a newer key",
    "a renewal",
    "a repeated write",
    "a revoked key that is denied",
    "a second publisher was told",
    "a signpost",
    "a signpost was undone",
    "a snapshot",
    "a stale edge",
    "a stale read",
    "a step",
    "an unchanged object",
];

fn count(tally: &mut Tally, what: &'static str) {
    *tally.entry(what).or_default() += 1;
}

/// The instant of a number of milliseconds since the beginning.
fn instant(milliseconds: i64) -> Instant {
    Instant::from_unix_milliseconds(1.8e12 + milliseconds as f64).unwrap()
}

fn secret_key(number: u8) -> SecretKey {
    SecretKey::from_bytes(&[number + 1; 32])
}

fn setting(name: &str, default: u64) -> u64 {
    std::env::var(name).map_or(default, |text| text.parse().unwrap())
}

#[test]
fn whatever_happens_edges_follow_one_chain() {
    let (seeds, first) = (setting("FEED_SEEDS", 500), setting("FEED_FIRST", 0));
    let (next, total) = (AtomicU64::new(first), Mutex::new(Tally::new()));
    let work = || {
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= first + seeds {
                return;
            }
            let told = std::panic::catch_unwind(|| simulation::run(seed));
            let Ok(tally) = told else { panic!("the seed was {seed}: FEED_FIRST={seed} FEED_SEEDS=1") };
            let mut total = total.lock().unwrap();
            for (what, times) in tally {
                *total.entry(what).or_default() += times;
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(1, Into::into) {
            scope.spawn(work);
        }
    });
    let total = total.into_inner().unwrap();
    println!("{total:#?}");
    if seeds >= 500 {
        let missing: Vec<_> = EXPECTED.iter().filter(|what| !total.contains_key(**what)).collect();
        assert!(missing.is_empty(), "it never happened: {missing:?}");
    }
}
