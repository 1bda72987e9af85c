//! What the newer fields cost: users with many groups, ends and suspensions, keys with scopes and keys that act as a user. Each is compared with
//! a plain user and a plain key in the same directory without these fields.
//!
//! `cargo bench -p bailiwick --bench model`
#![expect(
    clippy::unwrap_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    reason = "a benchmark may stop at the first surprise"
)]

#[path = "measure.rs"]
#[expect(dead_code, reason = "other benchmarks need the rest")]
mod measure;

use std::hint::black_box;
use std::time::Duration;

use bailiwick::{Directory, boundary};
use serde_json::{Value as Json, json};

const USERS: usize = 200;
const PROJECTS: usize = 200;
const GROUPS: usize = 500;
/// How many groups each user is in.
const GROUPS_OF_A_USER: usize = 50;
/// How many groups have a row in each project; a third of the rows has ended.
const GROUPS_OF_A_PROJECT: usize = 30;
const ROUNDS: usize = 400;
const ENDED: &str = "2026-01-01T00:00:00Z";
const LATER: &str = "2027-01-01T00:00:00Z";

/// The first built-in policy, with five scopes.
fn policy() -> Json {
    let mut policy: Json = serde_json::from_str(include_str!("../core/policies/projects-2026-02.json")).unwrap();
    policy["id"] = "bench".into();
    policy["api_key_scopes"] = json!([
        {"scope": "read", "verbs": ["read"]}, {"scope": "files", "kinds": ["file"]}, {"scope": "batch", "kinds": ["batch"]},
        {"scope": "clusters", "kinds": ["instant_cluster"]}, {"scope": "settings", "actions": ["project_settings.read"]},
    ]);
    policy
}

fn users() -> impl Iterator<Item = String> {
    (0..USERS).map(|user| format!("usr_{user:04}"))
}

/// Every user has a row in every third project. With `newer`, groups give the roles in the rest.
fn directory(newer: bool) -> Directory {
    let members: Vec<Json> =
        users().map(|user| json!({"user": user, "role": "member"})).chain([json!({"user": "ada", "role": "admin"})]).collect();
    let in_group = |user: usize, group: usize| (user + group) * GROUPS_OF_A_USER % GROUPS < GROUPS_OF_A_USER;
    let group = |number: usize| {
        let row =
            |user: usize| json!({"user": format!("usr_{user:04}"), "expires_at": if user.is_multiple_of(5) { Some(LATER) } else { None }});
        json!({"id": format!("grp_{number}"), "members": (0..USERS).filter(|user| in_group(*user, number)).map(row).collect::<Vec<_>>()})
    };
    let project = |number: usize| {
        let row = |(place, user): (usize, String)| json!({"user": user, "role": if place % 2 == 0 { "member" } else { "admin" }});
        let mut rows: Vec<Json> = users().enumerate().filter(|(user, _)| user % 3 == number % 3).map(row).collect();
        let grant = |place: usize| {
            let group = (number * 7 + place * 16) % GROUPS;
            json!({"group": format!("grp_{group}"), "role": "member", "expires_at": if place.is_multiple_of(3) { Some(ENDED) } else { None }})
        };
        let mut key = json!({"id": format!("key_{number}"), "created_by": "ada"});
        let mut acting = json!({"id": format!("key_acting_{number}"), "created_by": "ada"});
        if newer {
            rows.extend((0..GROUPS_OF_A_PROJECT).map(grant));
            key["scopes"] = json!(["read", "files", "batch", "clusters", "settings"]);
            acting["acts_as"] = format!("usr_{:04}", number % USERS).into();
        }
        json!({"id": format!("prj_{number}"), "default": number == 0, "collaborators": rows, "api_keys": [key, acting],
               "resources": (0..20).map(|file| json!({"id": format!("file_{number}_{file}"), "kind": "file"})).collect::<Vec<_>>()})
    };
    let mut organization =
        json!({"id": "acme", "owner": "ada", "members": members, "projects": (0..PROJECTS).map(project).collect::<Vec<_>>()});
    if newer {
        organization["groups"] = (0..GROUPS).map(group).collect();
        organization["members"][7]["suspended_at"] = LATER.into();
    }
    let document = json!({"format": "bailiwick/1", "policy": policy(), "organizations": [organization]});
    boundary::load_directory(document.to_string().as_bytes(), None, measure::SEED).unwrap()
}

/// The median time of a question.
fn measured(directory: &Directory, principal: impl Fn(usize) -> String) -> Duration {
    let question = |turn: usize| {
        let project = turn * 31 % PROJECTS;
        [principal(project), "file.read".to_owned(), format!("file:file_{project}_{}", turn % 20)]
    };
    let questions: Vec<[String; 3]> = (0..1_000).map(question).collect();
    let at = measure::now();
    let round = || {
        for [principal, action, resource] in &questions {
            black_box(boundary::is_allowed(directory, [principal, action, resource], at).unwrap());
        }
    };
    let mut times: Vec<_> = (0..ROUNDS).map(|_| measure::timed(round)).collect();
    measure::median(&mut times) / 1_000
}

fn main() {
    let (plain, newer) = (directory(false), directory(true));
    let user = |project: usize| format!("user:usr_{:04}", project * 13 % USERS);
    let key = |project: usize| format!("api_key:key_{project}");
    let acting = |project: usize| format!("api_key:key_acting_{project}");
    let (plain_user, plain_key) = (measured(&plain, user), measured(&plain, key));
    println!("| question | time | against a plain one |\n| --- | ---: | ---: |");
    let row = |what: &str, time: Duration, against: Duration| {
        println!("| {what} | {} ns | {:.2} |", time.as_nanos(), time.as_secs_f64() / against.as_secs_f64());
    };
    row("a plain user", plain_user, plain_user);
    row(&format!("a user in {GROUPS_OF_A_USER} groups, rows that have ended"), measured(&newer, user), plain_user);
    row("a plain key", plain_key, plain_key);
    row("a key with five scopes", measured(&newer, key), plain_key);
    row(&format!("a key that acts as a user in {GROUPS_OF_A_USER} groups"), measured(&newer, acting), plain_key);
}
