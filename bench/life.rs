//! What the life of a large directory costs: loading it from JSON and from a snapshot, changing it, listing it, keeping a copy current.
//!
//! `make bench` runs it on 500,000 resources. Times of single calls are sorted, so that the median and the worst are told, sweeps included.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::cast_precision_loss,
    reason = "a benchmark may stop at the first surprise"
)]

use std::borrow::Cow;
use std::hint::black_box;
use std::process::Command;
use std::time::{Duration, Instant as Clock};
use std::{env, fs};

use bailiwick::boundary::{self, Bytes};
use bailiwick::{Directory, Instant, Value};

/// What a host's random numbers would be.
const SEED: Option<u64> = Some(7);
const LOADS: usize = 9;
const CHANGES: usize = 20_000;

fn main() {
    let folder = env::var("BENCH_DATA").unwrap_or_else(|_| concat!(env!("CARGO_MANIFEST_DIR"), "/../target/bench/large").to_owned());
    let public_key = boundary::public_key_of(Bytes::Given(&[7; 32])).unwrap();
    // A process of its own reads the snapshot, so that nothing that was freed before hides what it takes.
    if env::args().any(|argument| argument == "--resident") {
        let snapshot = fs::read(format!("{folder}/directory.snapshot")).unwrap();
        let before = resident_kilobytes();
        let directory = boundary::directory_from_snapshot(Bytes::Given(&snapshot), &object(&[]), Bytes::Given(&public_key), SEED).unwrap();
        let taken = (resident_kilobytes() - before) as f64 * 1e3;
        println!("life   resident from a snapshot {:.1} MB, {:.2} × the snapshot", taken / 1e6, taken / snapshot.len() as f64);
        drop(black_box(directory));
        return;
    }
    let text = fs::read(format!("{folder}/directory.json")).unwrap();
    let resources = text.windows(6).filter(|window| window == b"\"kind\"").count();
    let directory = boundary::directory_from_json(&text, None, SEED).unwrap();
    let snapshot = boundary::to_snapshot(&directory, &object(&[]), Bytes::Given(&[7; 32])).unwrap();
    let load = || boundary::directory_from_snapshot(Bytes::Given(&snapshot), &object(&[]), Bytes::Given(&public_key), SEED).unwrap();
    println!(
        "life   {resources} resources: {:.1} MB of JSON, {:.1} MB of snapshot, {:.1} bytes a resource",
        megabytes(&text),
        megabytes(&snapshot),
        snapshot.len() as f64 / resources as f64
    );
    fs::write(format!("{folder}/directory.snapshot"), &snapshot).unwrap();
    let own = env::current_exe().unwrap();
    assert!(Command::new(own).arg("--resident").status().unwrap().success());
    let (mut from_snapshot, mut from_json, mut written) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..LOADS {
        // Loading is timed, and giving the memory back is not.
        let mut loaded = None;
        from_snapshot.push(timed(|| loaded = Some(load())));
        drop(loaded.take());
        from_json.push(timed(|| loaded = boundary::directory_from_json(&text, None, SEED).ok()));
        drop(loaded);
        written.push(timed(|| drop(black_box(boundary::to_snapshot(&directory, &object(&[]), Bytes::Absent).unwrap()))));
    }
    let (fast, slow) = (median(&mut from_snapshot), median(&mut from_json));
    println!(
        "life   load a signed snapshot {fast:.1?}, the JSON {slow:.1?}: {:.1} × faster; write a snapshot {:.1?}",
        slow.as_secs_f64() / fast.as_secs_f64(),
        median(&mut written)
    );

    changes(load(), "of 500,000 resources");
    listings(load());
    deltas(load(), load());
}

fn changes(mut directory: Directory, what: &str) {
    let at = Instant::parse("2026-02-01T00:00:00Z").unwrap();
    let apply = |directory: &mut Directory, change: &Value<'_>, actor: Option<&str>| {
        let terms = object(&actor.map_or_else(Vec::new, |actor| vec![("actor", actor)]));
        let clock = Clock::now();
        boundary::apply(directory, change, &terms, at).unwrap();
        clock.elapsed()
    };
    let mut times: Vec<(&str, Vec<Duration>)> = Vec::new();
    let mut measure = |name: &'static str, actor: Option<&str>, change: &dyn Fn(usize) -> Vec<(&'static str, String)>| {
        let mut all = Vec::with_capacity(CHANGES);
        for number in 0..CHANGES {
            let fields = change(number);
            let fields: Vec<_> = fields.iter().map(|(name, text)| (*name, text.as_str())).collect();
            all.push(apply(&mut directory, &object(&fields), actor));
        }
        times.push((name, all));
    };
    let text = str::to_owned;
    measure("add_resource", Some("user:usr_0_00000"), &|n| {
        vec![("type", text("add_resource")), ("project", text("prj_0_0001")), ("resource", format!("new_{n:06}")), ("kind", text("file"))]
    });
    measure("add_collaborator", None, &|n| {
        vec![("type", text("add_collaborator")), ("project", format!("prj_1_{:04}", n / 1000)), ("user", format!("ext_{n:06}"))]
    });
    measure("create_api_key", None, &|n| {
        vec![
            ("type", text("create_api_key")),
            ("project", text("prj_2_0001")),
            ("key", format!("new_{n:06}")),
            ("digest", format!("sha256:{n:064x}")),
        ]
    });
    measure("remove_collaborator", None, &|n| {
        vec![("type", text("remove_collaborator")), ("project", format!("prj_1_{:04}", n / 1000)), ("user", format!("ext_{n:06}"))]
    });
    measure("remove_resource", None, &|n| {
        vec![("type", text("remove_resource")), ("resource", format!("new_{:06}", (n * 7919) % CHANGES))]
    });
    for (name, mut all) in times {
        all.sort_unstable();
        println!(
            "life   {name:20} {what}: median {:.1?}, 99 % {:.1?}, worst {:.1?}",
            all[CHANGES / 2],
            all[CHANGES * 99 / 100],
            all[CHANGES - 1]
        );
    }
}

/// Pages of 100 from projects of 1,000 and of 100,000 resources.
fn listings(mut directory: Directory) {
    let at = Instant::parse("2026-02-01T00:00:00Z").unwrap();
    for (project, count) in [("prj_3_0001", 1_000), ("prj_3_0002", 100_000)] {
        for number in 0..count {
            let resource = format!("{project}_{:06}", (number * 7919) % count);
            let fields = [("type", "add_resource"), ("project", project), ("resource", resource.as_str()), ("kind", "batch")];
            boundary::apply(&mut directory, &object(&fields), &object(&[]), at).unwrap();
        }
    }
    for project in ["prj_3_0001", "prj_3_0002"] {
        let fields = [("principal", "user:usr_3_00000"), ("action", "batch.read"), ("project", project), ("kind", "batch")];
        let mut request = object(&fields);
        let Value::Object(members) = &mut request else { return };
        members.push((Cow::Borrowed("limit"), Value::Number(100.0)));
        let mut pages: Vec<_> =
            (0..1_000).map(|_| timed(|| drop(black_box(boundary::list_resources(&directory, &request, at).unwrap())))).collect();
        let rows = if project == "prj_3_0001" { "1,000" } else { "100,000" };
        println!("life   list_resources: a page of 100 from a project with {rows:>7} more resources {:.1?}", median(&mut pages));
    }
    let mut pages: Vec<_> = (0..1_000)
        .map(|_| timed(|| drop(black_box(boundary::list_projects(&directory, &object(&[("principal", "user:usr_3_00000")]), at).unwrap()))))
        .collect();
    println!("life   list_projects: all 100 of an administrator {:.1?}", median(&mut pages));
}

/// One copy follows another by deltas of ten changes.
fn deltas(mut directory: Directory, mut copy: Directory) {
    let at = Instant::parse("2026-02-01T00:00:00Z").unwrap();
    let key = Bytes::Given(&[7; 32]);
    let (mut made, mut applied, mut previews, mut size) = (Vec::new(), Vec::new(), Vec::new(), 0);
    for round in 0..LOADS {
        let since = directory.revision();
        for number in 0..10 {
            let resource = format!("delta_{round}_{number}");
            let fields = [("type", "add_resource"), ("project", "prj_4_0001"), ("resource", resource.as_str()), ("kind", "file")];
            boundary::apply(&mut directory, &object(&fields), &object(&[]), at).unwrap();
        }
        let mut delta = Vec::new();
        made.push(timed(|| delta = boundary::to_delta(&directory, &Value::Number(since as f64), &object(&[]), key).unwrap()));
        size = delta.len();
        applied.push(timed(|| assert!(boundary::apply_delta(&mut copy, Bytes::Given(&delta), &object(&[]), Bytes::Absent).is_ok())));
        let change = object(&[("type", "remove_member"), ("organization", "org_4"), ("user", "usr_4_00007")]);
        previews.push(timed(|| drop(black_box(boundary::preview(&directory, &change, &object(&[]), at).unwrap()))));
    }
    println!(
        "life   a signed delta of 10 changes ({size} bytes): made in {:.1?}, applied and verified in {:.1?}; a preview {:.1?}",
        median(&mut made),
        median(&mut applied),
        median(&mut previews)
    );
}

fn object<'v>(fields: &[(&'v str, &'v str)]) -> Value<'v> {
    Value::Object(fields.iter().map(|(name, text)| (Cow::Borrowed(*name), Value::Text(Cow::Borrowed(*text)))).collect())
}

fn timed(run: impl FnOnce()) -> Duration {
    let clock = Clock::now();
    run();
    clock.elapsed()
}

fn median(times: &mut [Duration]) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

fn megabytes(bytes: &[u8]) -> f64 {
    bytes.len() as f64 / 1e6
}

/// Resident memory by the operating system's account; 0 where it gives none.
fn resident_kilobytes() -> usize {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.trim().strip_suffix(" kB")).and_then(|number| number.parse().ok()).unwrap_or(0)
}
