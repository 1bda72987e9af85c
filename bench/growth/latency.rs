//! Latency: the time of a read that depends on the read before it, anywhere in this much memory. This is what a lookup in a large table
//! costs on the machine.

use std::hint::black_box;
use std::time::Instant as Clock;

use crate::random::Random;

const READS: usize = 2_000_000;

/// Nanoseconds per read.
pub(crate) fn of_reads_in(bytes: usize) -> f64 {
    let count = (bytes / size_of::<u32>()).max(2);
    // One cycle through all positions in random order (Sattolo's algorithm).
    let mut next: Vec<u32> = (0..u32::try_from(count).unwrap()).collect();
    let mut random = Random(1);
    for last in (1..count).rev() {
        next.swap(last, random.below(last));
    }
    let clock = Clock::now();
    let place = (0..READS).fold(0, |place, _| next[place as usize]);
    black_box(place);
    clock.elapsed().as_secs_f64() * 1e9 / READS as f64
}
