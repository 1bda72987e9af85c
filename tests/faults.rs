//! All faults of a document: loading fails with the first, every position is right, and none is reported that only follows from another.

#![expect(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test may stop at the first surprise"
)]

use std::borrow::Cow;
use std::path::Path;
use std::time::{Duration, Instant};

use bailiwick::boundary::{Fault, MOST_FAULTS, find_faults, load_directory};
use bailiwick::{ErrorCode, Value};
use proptest::prelude::*;
use serde_json::{Value as Json, json};
use spoilt::{spoil, spoilings};
use worlds::worlds;

#[path = "faults/examples.rs"]
mod examples;
#[path = "faults/spoilt.rs"]
mod spoilt;
#[expect(dead_code, reason = "other tests ask more of a world")]
mod worlds;

const POLICY: &str = include_str!("../core/policies/projects-2026-02.json");
const MINIMAL: &str = include_str!("directories/minimal.json");

/// Finds the faults of a directory. Checks first that loading agrees with them, and that their positions are right.
fn faults_of(text: &[u8], policy: Option<&Value<'_>>) -> Vec<Fault> {
    let loaded = load_directory(text, policy, None);
    let faults = find_faults(Some(text), policy).unwrap();
    let first = faults.first().map(|fault| (fault.error.code(), fault.error.path()));
    assert_eq!(first, loaded.as_ref().err().map(|error| (error.code(), error.path())), "{}", String::from_utf8_lossy(text));
    if let Ok(text) = std::str::from_utf8(text) {
        check_places(text, &faults);
    }
    faults
}

/// Finds the faults of a policy document. It loads exactly if a directory loads with it.
fn faults_of_policy(text: &str) -> Vec<Fault> {
    let json = serde_json::from_str(text).unwrap();
    let loaded = load_directory(MINIMAL.as_bytes(), Some(&value(&json)), None);
    let error = loaded.err().filter(|error| error.path().starts_with("/policy"));
    let faults = find_faults(Some(text.as_bytes()), None).unwrap();
    let first = faults.first().map(|fault| (fault.error.code(), format!("/policy{}", fault.error.path())));
    assert_eq!(first, error.map(|error| (error.code(), error.path().to_owned())), "{text}");
    check_places(text, &faults);
    faults
}

/// Faults are in document order, and each is at the position that its path leads to.
fn check_places(text: &str, faults: &[Fault]) {
    assert!(faults.is_sorted_by_key(|fault| (fault.line, fault.column)));
    assert!(faults.len() <= MOST_FAULTS);
    let lines: Vec<_> = text.split('\n').collect();
    let document = serde_json::from_str::<Json>(text).ok();
    for Fault { error, line, column } in faults {
        assert!((1..=lines.len()).contains(line) && *column >= 1, "{error} at {line}:{column}");
        if error.code() == ErrorCode::InvalidJson {
            assert_eq!(faults.len(), 1);
            assert!(*column <= lines[line - 1].chars().count() + 1, "{error} at {line}:{column}");
            continue;
        }
        let Some(document) = &document else {
            assert!(text.matches(['[', '{']).count() > 100, "only what is nested too deep is no JSON here: {text}");
            continue;
        };
        let rest: String = lines[line - 1].chars().skip(column - 1).chain("\n".chars()).collect::<String>() + &lines[*line..].join("\n");
        let found = serde_json::Deserializer::from_str(&rest).into_iter::<Json>().next().expect("something stands there").unwrap();
        let (parent, name) = error.path().rsplit_once('/').unwrap_or_default();
        let name = name.replace("~1", "/").replace("~0", "~");
        if error.code() == ErrorCode::UnknownField {
            assert_eq!(found.as_str().unwrap().chars().take(256).collect::<String>(), name);
        } else if name.chars().count() < 256 && !parent.split('/').any(|name| name.len() >= 256) {
            assert_eq!(Some(&found), document.pointer(error.path()), "{} at {line}:{column}", error.path());
        }
    }
}

fn value(json: &Json) -> Value<'_> {
    match json {
        Json::Null => Value::Null,
        Json::Bool(boolean) => Value::Boolean(*boolean),
        Json::Number(number) => number.as_f64().map_or(Value::Foreign("a number"), Value::Number),
        Json::String(text) => Value::Text(Cow::Borrowed(text)),
        Json::Array(items) => Value::List(items.iter().map(value).collect()),
        Json::Object(members) => {
            Value::Object(members.iter().map(|(name, member)| (Cow::Borrowed(name.as_str()), value(member))).collect())
        }
    }
}

/// The codes and paths of faults.
fn told(faults: &[Fault]) -> Vec<(&str, &str)> {
    faults.iter().map(|fault| (fault.error.code().as_str(), fault.error.path())).collect()
}

fn written(document: &Json, is_pretty: bool) -> String {
    if is_pretty { serde_json::to_string_pretty(document).unwrap() } else { document.to_string() }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    /// The first of all faults of a directory is that of loading; without any, it loads.
    #[test]
    fn the_first_fault_is_what_loading_fails_with(world in worlds(), all in spoilings(), is_pretty: bool) {
        prop_assert_eq!(faults_of(written(&world.document, is_pretty).as_bytes(), None), []);
        let mut document = world.document;
        for spoiling in &all {
            spoil(&mut document, spoiling);
            faults_of(written(&document, is_pretty).as_bytes(), None);
        }
    }

    /// The same for a truncated text, or one with a changed byte.
    #[test]
    fn a_damaged_text_has_the_fault_of_loading(world in worlds(), is_pretty: bool, at: prop::sample::Index, byte: u8, is_cut: bool) {
        let mut text = written(&world.document, is_pretty).into_bytes();
        let at = at.index(text.len());
        if is_cut {
            text.truncate(at);
        } else {
            text[at] = byte;
        }
        faults_of(&text, None);
    }

    /// The same for a policy, on its own and inside a directory.
    #[test]
    fn the_first_fault_of_a_policy_is_what_loading_fails_with(all in spoilings(), is_pretty: bool) {
        let mut policy: Json = serde_json::from_str(POLICY).unwrap();
        policy["id"] = json!("own");
        for spoiling in &all {
            let mut spoilt = policy.clone();
            spoil(&mut spoilt, spoiling);
            let mut directory: Json = serde_json::from_str(MINIMAL).unwrap();
            directory["policy"] = spoilt.clone();
            let inside = faults_of(written(&directory, is_pretty).as_bytes(), None);
            if spoilt["format"] == "bailiwick-policy/1" {
                let alone = faults_of_policy(&written(&spoilt, is_pretty));
                // A directory is checked only if its policy has no faults.
                if let Some(fault) = inside.first() && fault.error.path().starts_with("/policy") {
                    let paths: Vec<_> = told(&alone).iter().map(|(code, path)| (*code, format!("/policy{path}"))).collect();
                    let inside: Vec<_> = told(&inside).into_iter().map(|(code, path)| (code, path.to_owned())).collect();
                    prop_assert_eq!(inside, paths);
                }
                policy = spoilt;
            }
        }
    }
}

/// Every document of the shared suite that does not load.
#[test]
fn the_suite_fails_with_the_first_of_all_faults() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let (mut loaded, mut failed) = (0, 0);
    for file in std::fs::read_dir(root.join("tests/cases")).unwrap() {
        let file: Json = serde_json::from_slice(&std::fs::read(file.unwrap().path()).unwrap()).unwrap();
        for case in file["cases"].as_array().into_iter().flatten().filter(|case| case["call"] == "load") {
            let input = &case["input"];
            // All faults are those of a document that is refused for any, and of any size.
            if ["quarantine", "max_bytes", "max_values"].iter().any(|option| input.get(*option).is_some()) {
                continue;
            }
            let policy = input.get("policy").map(|policy| examples::named(root, "policies", policy));
            let policy = policy.as_ref().map(value);
            let text = match input["text"].as_str() {
                Some(text) => text.to_owned(),
                None => written(&examples::named(root, "directories", input.get("directory").unwrap_or(input)), true),
            };
            // A separate policy is not part of the document: its faults are errors.
            let faults = match find_faults(Some(text.as_bytes()), policy.as_ref()) {
                Ok(_) => faults_of(text.as_bytes(), policy.as_ref()),
                Err(error) => vec![Fault { error, line: 1, column: 1 }],
            };
            let found = faults.first().map(|fault| json!({"code": fault.error.code().as_str(), "path": fault.error.path()}));
            assert_eq!(found.as_ref(), case.get("error"), "{}", case["note"]);
            if found.is_none() { loaded += 1 } else { failed += 1 }
        }
    }
    assert!(loaded > 50 && failed > 300, "{loaded} documents have loaded and {failed} have not");
}

/// With any number of faults, finding them and failing to load take time linear in the text. Only the first ones are reported.
#[test]
fn a_flood_of_faults_is_bounded() {
    const MANY: usize = 100_000;
    let all = |one: &dyn Fn(usize) -> String| (0..MANY).map(one).collect::<Vec<_>>().join(",");
    let organization = |members: &str, projects: &str| {
        format!("{{\"id\":\"o\",\"owner\":\"u\",\"members\":[{{\"user\":\"u\",\"role\":\"admin\"}}{members}],\"projects\":[{projects}]}}")
    };
    let directory = |users: &str, rest: &str| format!("{{\"format\":\"bailiwick/1\",\"users\":[{users}],\"organizations\":[{rest}]}}");
    let default = "{\"id\":\"d\",\"default\":true}";
    let mut policy: Json = serde_json::from_str(POLICY).unwrap();
    policy["kinds"][0]["support"] = (0..MANY).map(|number| (format!("surface_{number}"), json!("supported"))).collect();
    let surfaces = policy.to_string();
    policy["changes"] = (0..MANY).map(|number| (format!("change_{number}"), json!("none"))).collect();
    let key = "{\"id\":\"k\",\"kind\":\"organization_default\"}";
    // An organization with groups, and with a project beside its default one.
    let grouped = |groups: &str, project: &str| {
        let projects = format!("{default},{{\"id\":\"p\"{}{project}}}", if project.is_empty() { "" } else { "," });
        organization("", &projects).replacen("\"projects\"", &format!("\"groups\":[{groups}],\"projects\""), 1)
    };
    let members: String = (0..MANY).map(|number| format!(",{{\"user\":\"u{number}\",\"role\":\"member\"}}")).collect();
    let owned = |number: usize| {
        let row = format!("{{\"user\":\"u{number}\",\"role\":\"admin\"}}");
        format!(
            "{{\"id\":\"o{number}\",\"owner\":\"u{number}\",\"members\":[{row}],\"projects\":[{{\"id\":\"d{number}\",\"default\":true}}]}}"
        )
    };
    let texts = [
        ("unknown_field", format!("{{\"format\":\"bailiwick/1\",\"organizations\":[],{}}}", all(&|number| format!("\"{number}\":0")))),
        ("wrong_type", directory(&all(&|_| "0".to_owned()), "")),
        ("missing_field", directory(&all(&|_| "{}".to_owned()), "")),
        (
            "user_not_member",
            directory(&all(&|number| format!("{{\"id\":\"{number}\",\"organization\":\"o\"}}")), &organization("", default)),
        ),
        (
            "unknown_role",
            directory(
                "",
                &organization(&all(&|number| format!(",{{\"user\":\"{number}\",\"role\":\"x\"}}")).replace("},,", "},"), default),
            ),
        ),
        (
            "missing_default_project",
            directory("", &organization("", &all(&|number| format!("{{\"id\":\"{number}\",\"api_keys\":[{key}]}}")))),
        ),
        ("duplicate_id", directory("", &all(&|_| organization("", default)))),
        (
            "user_not_member",
            directory("", &grouped(&all(&|number| format!("{{\"id\":\"{number}\",\"members\":[{{\"user\":\"x{number}\"}}]}}")), "")),
        ),
        (
            "user_not_member",
            directory("", &grouped(&format!("{{\"id\":\"g\",\"members\":[{}]}}", all(&|number| format!("{{\"user\":\"{number}\"}}"))), "")),
        ),
        (
            "duplicate_id",
            directory("", &grouped(&format!("{{\"id\":\"g\",\"members\":[{}]}}", all(&|_| "{\"user\":\"u\"}".to_owned())), "")),
        ),
        (
            "unknown_group",
            directory(
                "",
                &grouped("", &format!("\"collaborators\":[{}]", all(&|number| format!("{{\"group\":\"{number}\",\"role\":\"member\"}}")))),
            ),
        ),
        (
            "unknown_scope",
            directory(
                "",
                &grouped("", &format!("\"api_keys\":[{{\"id\":\"k\",\"scopes\":[{}]}}]", all(&|number| format!("\"{number}\"")))),
            ),
        ),
        (
            "unknown_reference",
            directory(
                "",
                &grouped("", &format!("\"api_keys\":[{{\"id\":\"k\",\"projects\":[{}]}}]", all(&|number| format!("\"{number}\"")))),
            ),
        ),
        ("user_in_two_organizations", directory("", &format!("{},{}", organization(&members, default), all(&owned)))),
        ("unknown_surface", surfaces),
        ("unknown_change", policy.to_string()),
    ];
    for (code, text) in texts {
        let start = Instant::now();
        let faults = find_faults(Some(text.as_bytes()), None).unwrap();
        let policy = text.contains("bailiwick-policy/1").then(|| serde_json::from_str::<Json>(&text).unwrap());
        let loaded = match &policy {
            Some(policy) => load_directory(MINIMAL.as_bytes(), Some(&value(policy)), None),
            None => load_directory(text.as_bytes(), None, None),
        };
        assert_eq!(loaded.map_err(|error| error.code()).unwrap_err(), faults[0].error.code());
        assert!(start.elapsed() < Duration::from_secs(20), "{code}: {:?}", start.elapsed());
        assert_eq!(faults.len(), MOST_FAULTS, "{code}: {:?}", &told(&faults)[..faults.len().min(3)]);
        assert!(faults.iter().any(|fault| fault.error.code().as_str() == code), "{code}: {:?}", &told(&faults)[..3]);
        check_places(&text, &faults[..1]);
        assert!(faults.is_sorted_by_key(|fault| (fault.line, fault.column)));
    }
}
