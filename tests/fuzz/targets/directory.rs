//! Text as a directory document.
#![no_main]

use bailiwick::boundary;
use bailiwick_fuzz::{exercise, mutate};
use libfuzzer_sys::{fuzz_mutator, fuzz_target};

fuzz_target!(|text: &[u8]| {
    if let Ok(directory) = boundary::load_directory(text, None, None) {
        exercise(&directory);
    }
});

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| { mutate::json(data, size, max_size, seed) });
