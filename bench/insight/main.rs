//! The cost of insight into a large directory: what differs from one policy to another, and before and after changes.
//!
//! `make bench` runs it on 500,000 resources and 200,000 rows of collaborators. Both directories are loaded before the clock starts.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::cast_precision_loss,
    reason = "a benchmark may stop at the first surprise"
)]

#[path = "../mark.rs"]
mod mark;
#[expect(dead_code, reason = "other benchmarks measure more")]
#[path = "../measure.rs"]
mod measure;

use std::borrow::Cow;
use std::hint::black_box;
use std::time::Duration;
use std::{env, fs};

use bailiwick::{Directory, Impact, Value, boundary};
use serde_json::{Value as Json, json};

use mark::Mark;
use measure::{SEED, median, now, worked};

const ROUNDS: usize = 5;

fn main() {
    let folder = env::var("BENCH_DATA").unwrap_or_else(|_| concat!(env!("CARGO_MANIFEST_DIR"), "/../target/bench/large").to_owned());
    let text = fs::read(format!("{folder}/directory.json")).unwrap();
    let before = boundary::load_directory(text.as_slice(), None, SEED).unwrap();
    let under_another_policy = changed(
        &before,
        &[json!({"type": "set_policy", "policy": "projects-2026-09", "renames": {"project_roles": {"member": "editor"}}})],
    );
    let after_changes = changed(&before, &ten_changes());

    let of_policy = impact_time("one policy against another, counted", &before, &under_another_policy, &json!({"limit": 0}));
    impact_time("a page of 100 rows of it", &before, &under_another_policy, &json!({"limit": 100}));
    let of_changes = impact_time("before and after ten changes, in rows", &before, &after_changes, &json!({}));
    impact_time("a directory and itself", &before, &before, &json!({}));
    let rate = rows(&before, &under_another_policy);
    mark::report(
        "insight",
        &[
            ("one policy against another, counted", Mark { figure: of_policy.as_secs_f64(), most: 2.0, unit: "s" }),
            ("before and after ten changes", Mark { figure: of_changes.as_secs_f64() * 1e3, most: 50.0, unit: "ms" }),
            ("a million rows", Mark { figure: 1e6 / rate, most: 1.0, unit: "s" }),
        ],
    );
}

/// A copy of a directory, changed by the platform.
fn changed(directory: &Directory, changes: &[Json]) -> Directory {
    let mut directory = directory.clone();
    for change in changes {
        boundary::apply(&mut directory, &value(change), &value(&json!({})), now()).unwrap();
    }
    directory
}

/// Changes of ten types, in several organizations.
fn ten_changes() -> [Json; 10] {
    [
        json!({"type": "remove_member", "organization": "org_1", "user": "usr_1_00007"}),
        json!({"type": "set_member_role", "organization": "org_2", "user": "usr_2_00007", "role": "admin"}),
        json!({"type": "add_member", "organization": "org_3", "user": "somebody"}),
        json!({"type": "add_collaborator", "project": "prj_4_0001", "user": "somebody_else", "role": "admin"}),
        json!({"type": "set_external_collaborators", "project": "prj_5_0001", "allowed": false}),
        json!({"type": "create_project", "organization": "org_6", "project": "another", "name": "Another"}),
        json!({"type": "create_api_key", "project": "prj_7_0001", "key": "another", "digest": format!("sha256:{:064x}", 1)}),
        json!({"type": "suspend", "user": "usr_8_00007"}),
        json!({"type": "add_group", "organization": "org_9", "group": "a_group"}),
        json!({"type": "add_resource", "project": "prj_0_0001", "resource": "another", "kind": "file"}),
    ]
}

/// As a binding makes it. Numbers are whole.
fn value(json: &Json) -> Value<'_> {
    match json {
        Json::Bool(boolean) => Value::Boolean(*boolean),
        Json::Number(number) => Value::Number(number.as_f64().unwrap()),
        Json::String(text) => Value::Text(Cow::Borrowed(text)),
        Json::Object(members) => {
            Value::Object(members.iter().map(|(name, member)| (Cow::Borrowed(name.as_str()), value(member))).collect())
        }
        Json::Null | Json::Array(_) => Value::Null,
    }
}

fn impact_time(what: &str, before: &Directory, after: &Directory, request: &Json) -> Duration {
    let ask = || boundary::impact(before, after, &value(request), now()).unwrap();
    let Impact { counts, access, bookings, .. } = ask();
    let mut times: Vec<_> = (0..ROUNDS).map(|_| worked(|| drop(black_box(ask())))).collect();
    let (time, told) = (median(&mut times), access.len() + bookings.len());
    println!(
        "insight  {what}: {time:.1?} (best {:.1?}); {} principals, {} actions gained, {} lost, {} usages elsewhere; {told} rows told",
        times[0], counts.principals, counts.gained, counts.lost, counts.bookings
    );
    time
}

/// How many rows are told in a second, counting included.
fn rows(before: &Directory, after: &Directory) -> f64 {
    let mut told = 0;
    let time = worked(|| {
        let rows = boundary::impact_rows(before, after, &value(&json!({})), now()).unwrap();
        told = rows.map(black_box).count();
    });
    let rate = told as f64 / time.as_secs_f64();
    println!("insight  {told} rows, one by one: {time:.1?}, {:.1} million a second", rate / 1e6);
    rate
}
