//! Bytes as the payload of a snapshot of each version, with valid checksums.
#![no_main]

use bailiwick::{Directory, Trust};
use bailiwick_fuzz::{exercise_foreign, mutate, sealed_snapshots};
use libfuzzer_sys::{fuzz_mutator, fuzz_target};

fuzz_target!(|payload: &[u8]| {
    for snapshot in sealed_snapshots(payload) {
        if let Ok(directory) = Directory::from_snapshot(&snapshot, Trust::default(), None) {
            exercise_foreign(&directory);
        }
    }
});

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| { mutate::columns(data, size, max_size, seed) });
