//! Tools of the benchmarks of whole directories: clocks, memory, and input as a binding makes it.

use std::borrow::Cow;
use std::fs;
use std::time::{Duration, Instant as Clock};

use bailiwick::{Instant, Value};
use cpu_time::ThreadTime;
use serde_json::Value as Json;

/// In place of a host's random numbers.
pub(crate) const SEED: Option<u64> = Some(7);
/// The key that signs snapshots and deltas.
pub(crate) const SIGNING_KEY: [u8; 32] = [7; 32];

/// The instant of every question and change.
pub(crate) fn now() -> Instant {
    Instant::parse("2026-02-01T00:00:00Z").unwrap()
}

/// The kinds in generated directories, in the order of `bench/generate.py`.
pub(crate) fn kinds() -> Vec<String> {
    let policy: Json = serde_json::from_str(include_str!("../core/policies/projects-2026-02.json")).unwrap();
    let applies = |kind: &&Json| kind["support"].as_object().unwrap().values().all(|support| support != "not_applicable");
    let kinds = policy["kinds"].as_array().unwrap().iter().filter(|kind| kind["kind"] != policy["api_key_kind"]).filter(applies);
    kinds.map(|kind| kind["kind"].as_str().unwrap().to_owned()).collect()
}

pub(crate) fn object<'v>(fields: &[(&'v str, &'v str)]) -> Value<'v> {
    Value::Object(fields.iter().map(|(name, text)| (Cow::Borrowed(*name), Value::Text(Cow::Borrowed(*text)))).collect())
}

/// The time by the clock: for microseconds, where the median excludes what a busy machine adds.
pub(crate) fn timed(run: impl FnOnce()) -> Duration {
    let clock = Clock::now();
    run();
    clock.elapsed()
}

/// The CPU time: for longer work. On a quiet machine it is that of the clock, and on a busy one it is still useful.
pub(crate) fn worked(run: impl FnOnce()) -> Duration {
    let clock = ThreadTime::now();
    run();
    clock.elapsed()
}

/// Both: the time by the clock, and the CPU time.
pub(crate) fn timed_and_worked(run: impl FnOnce()) -> (Duration, Duration) {
    let mut by_clock = Duration::ZERO;
    let by_processor = worked(|| by_clock = timed(run));
    (by_clock, by_processor)
}

pub(crate) fn median(times: &mut [Duration]) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

/// Bytes of resident memory as the operating system counts them; 0 if it does not.
pub(crate) fn resident() -> usize {
    status("VmRSS:")
}

/// The peak of resident memory in bytes, since the process began or since `forget_peak`.
pub(crate) fn peak() -> usize {
    status("VmHWM:")
}

/// Resets the peak, if the operating system can.
pub(crate) fn forget_peak() {
    // If it cannot, the peak of the whole process is reported, which is not less.
    let _ = fs::write("/proc/self/clear_refs", "5");
}

fn status(field: &str) -> usize {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(field));
    let kilobytes: usize = line.and_then(|line| line.trim().strip_suffix(" kB")).and_then(|number| number.parse().ok()).unwrap_or(0);
    kilobytes * 1024
}
