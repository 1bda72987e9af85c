//! The cost of a large directory's life: loading it from JSON and from a snapshot, changing it, listing it, keeping a copy up to date; and
//! whether a million changes make any of it slower.
//!
//! `make bench` runs it on 500,000 resources. Times of single calls are sorted, and the median and the worst are reported, including
//! compactions. Loading is measured in CPU time.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::cast_precision_loss,
    reason = "a benchmark may stop at the first surprise"
)]

mod churn;
mod everyday;
#[path = "../mark.rs"]
mod mark;
#[path = "../measure.rs"]
mod measure;
mod memory;
mod million;

use std::hint::black_box;
use std::time::Duration;
use std::{env, fs};

use bailiwick::boundary::{self, Bytes};
use bailiwick::{Directory, Instant};

use mark::Mark;
use measure::{SEED, SIGNING_KEY, median, object, worked};

const LOADS: usize = 9;

fn main() {
    let folder = env::var("BENCH_DATA").unwrap_or_else(|_| concat!(env!("CARGO_MANIFEST_DIR"), "/../target/bench/large").to_owned());
    if let Some(what) = env::args().skip_while(|argument| argument != "--memory-of").nth(1) {
        memory::tell(&folder, &what);
        return;
    }
    let text = fs::read(format!("{folder}/directory.json")).unwrap();
    let resources = text.windows(6).filter(|window| window == b"\"kind\"").count() as f64;
    let directory = boundary::load_directory(text.as_slice(), None, SEED).unwrap();
    let snapshot = signed(&directory);
    fs::write(format!("{folder}/directory.snapshot"), &snapshot).unwrap();
    println!("life   {resources} resources: {:.1} MB of JSON, {:.1} MB of snapshot", megabytes(text.len()), megabytes(snapshot.len()));

    let (from_json, from_snapshot) = (memory::of("json"), memory::of("snapshot"));
    println!(
        "life   memory: {:.1} MB from a snapshot, {:.1} MB at the peak of loading; {:.1} MB from JSON, {:.1} MB at the peak",
        megabytes(from_snapshot.taken),
        megabytes(from_snapshot.peak),
        megabytes(from_json.taken),
        megabytes(from_json.peak)
    );
    let (mut fast, mut slow, mut written) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..LOADS {
        fast.push(load_time(&snapshot));
        let mut loaded = None;
        slow.push(worked(|| loaded = boundary::load_directory(text.as_slice(), None, SEED).ok()));
        drop(loaded);
        written.push(worked(|| drop(black_box(boundary::to_snapshot(&directory, &object(&[]), Bytes::Absent).unwrap()))));
    }
    let ((fast, fast_best), (slow, slow_best)) = (median_and_best(&mut fast), median_and_best(&mut slow));
    println!(
        "life   load a signed snapshot {fast:.1?} (best {fast_best:.1?}), the JSON {slow:.1?} (best {slow_best:.1?}): {:.1} × faster; write a snapshot {:.1?}",
        slow.as_secs_f64() / fast.as_secs_f64(),
        median(&mut written)
    );

    everyday::changes(load(&snapshot), "of 500,000 resources");
    everyday::listings(load(&snapshot));
    everyday::deltas(load(&snapshot), load(&snapshot));

    let bytes = snapshot.len() as f64;
    let mut marks = vec![
        ("load a signed snapshot", Mark { figure: fast.as_secs_f64() * 1e3, most: 100.0, unit: "ms" }),
        ("load the JSON", Mark { figure: slow.as_secs_f64(), most: 3.0, unit: "s" }),
        ("resident, beside the snapshot's bytes", Mark { figure: from_snapshot.taken as f64 / bytes, most: 3.0, unit: "× the snapshot" }),
        ("resident", Mark { figure: megabytes(from_snapshot.taken), most: 150.0, unit: "MB" }),
        ("snapshot", Mark { figure: bytes / resources, most: 60.0, unit: "bytes/resource" }),
    ];
    marks.extend(million::marks(&folder, &snapshot, &directory));
    mark::report("life", &marks);
}

/// The directory as a snapshot that is signed.
fn signed(directory: &Directory) -> Vec<u8> {
    boundary::to_snapshot(directory, &object(&[]), Bytes::Given(&SIGNING_KEY)).unwrap()
}

/// The directory of a snapshot, whose signature is verified.
fn load(snapshot: &[u8]) -> Directory {
    let public_key = boundary::public_key_of(Bytes::Given(&SIGNING_KEY)).unwrap();
    boundary::directory_from_snapshot(Bytes::Given(snapshot), &object(&[]), &Bytes::Given(&public_key).into(), SEED, Instant::LATEST)
        .unwrap()
}

/// The CPU time of loading. Freeing the memory is not included.
fn load_time(snapshot: &[u8]) -> Duration {
    let mut loaded = None;
    let time = worked(|| loaded = Some(load(snapshot)));
    drop(black_box(loaded));
    time
}

/// The best and the median, since noise only ever adds.
fn median_and_best(times: &mut [Duration]) -> (Duration, Duration) {
    (median(times), times[0])
}

fn megabytes(bytes: usize) -> f64 {
    bytes as f64 / 1e6
}
