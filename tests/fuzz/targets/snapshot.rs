//! Bytes as a snapshot with its envelope.
#![no_main]

use bailiwick::{Directory, Trust};
use bailiwick_fuzz::exercise_foreign;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(directory) = Directory::from_snapshot(bytes, Trust::default(), None) {
        exercise_foreign(&directory);
    }
});
