//! JSON as everything that a host can pass to the boundary: requests, usages, listings, changes, secrets, options.
#![no_main]

use std::sync::LazyLock;

use bailiwick::boundary::{self, Bytes, VerifyingKeys};
use bailiwick::{Directory, Error, Instant, Page, Value};
use bailiwick_fuzz::{NOW, apply, example, foreign_value, mutate, snapshot, survives};
use libfuzzer_sys::{fuzz_mutator, fuzz_target};
use serde_json::{Value as Json, json};

static DIRECTORY: LazyLock<Directory> = LazyLock::new(example);
static SNAPSHOT: LazyLock<Vec<u8>> = LazyLock::new(|| snapshot(&DIRECTORY));

fuzz_target!(|text: &[u8]| {
    let Ok(json) = serde_json::from_slice::<Json>(text) else { return };
    let input = foreign_value(&json);
    ask(&DIRECTORY, &input);
    list(&DIRECTORY, &json);
    change(&json);
    pass_options(&input);
});

fn ask(directory: &Directory, input: &Value<'_>) {
    let decision = boundary::check_access(directory, input, NOW);
    assert_eq!(boundary::is_allowed(directory, input, NOW), decision.clone().map(|decision| decision.allowed));
    if let Ok(decision) = &decision {
        assert_eq!(decision.allowed, decision.reason.allows());
    }
    let _ = boundary::check_many(directory, input, NOW);
    if let Ok(many) = boundary::check_many(directory, &Value::List(vec![input.clone()]), NOW) {
        assert_eq!(Ok(many), decision.map(|decision| vec![decision]));
    }
    let alone = boundary::attribute(directory, input, NOW);
    let _ = boundary::attribute_many(directory, input, NOW);
    let many = boundary::attribute_many(directory, &Value::List(vec![input.clone()]), NOW).expect("a list");
    assert_eq!((many.rows.len(), many.unattributed), (1, usize::from(alone.is_err())));
    let _ = boundary::authenticate(directory, input);
    if let Value::Text(text) = input {
        let _ = boundary::is_allowed(directory, [text, text, text], NOW);
    }
}

/// Every listing; each item is allowed.
fn list(directory: &Directory, json: &Json) {
    let listed = |list: fn(&Directory, &Value<'_>, Instant) -> Result<Page, Error>| {
        list(directory, &foreign_value(json), NOW).map_or(Vec::new(), |page| page.items)
    };
    let allowed = |field: &str, item: &str| {
        let mut question = json.clone();
        ["kind", "project", "limit", "cursor"]
            .iter()
            .for_each(|name| drop(question.as_object_mut().and_then(|members| members.remove(*name))));
        question[field] = json!(item);
        assert_eq!(boundary::is_allowed(directory, &foreign_value(&question), NOW), Ok(true), "{question}");
    };
    listed(boundary::list_projects);
    listed(boundary::list_resources).iter().for_each(|item| allowed("resource", item));
    listed(boundary::list_principals).iter().for_each(|item| allowed("principal", item));
    listed(boundary::list_actions).iter().for_each(|item| allowed("action", item));
}

fn change(json: &Json) {
    let change = json.get("change").unwrap_or(json);
    if change.get("type").is_none() {
        return;
    }
    let none = json!({});
    let (change, terms) = (foreign_value(change), foreign_value(json.get("terms").unwrap_or(&none)));
    let mut directory = DIRECTORY.clone();
    apply(&mut directory, &change, &terms);
    apply(&mut directory, &change, &terms);
    survives(&directory);
}

fn pass_options(input: &Value<'_>) {
    let key = [7; 32];
    let _ = boundary::new_api_key(input, key);
    let _ = boundary::to_delta(&DIRECTORY, input, input, Bytes::Foreign);
    if let Ok(bytes) = boundary::to_snapshot(&DIRECTORY, input, Bytes::Given(&key)) {
        let public_key = boundary::public_key_of(Bytes::Given(&key)).expect("a key");
        boundary::directory_from_snapshot(
            Bytes::Given(&bytes),
            &Value::Object(Vec::new()),
            &Bytes::Given(&public_key).into(),
            None,
            Instant::LATEST,
        )
        .expect("a snapshot");
    }
    let _ = boundary::directory_from_snapshot(Bytes::Given(&SNAPSHOT), input, &VerifyingKeys::default(), None, NOW);
    let _ = boundary::apply_delta(&mut DIRECTORY.clone(), Bytes::Given(&SNAPSHOT), input, &VerifyingKeys::default(), NOW);
    let _ = boundary::load_directory(input, None, None);
}

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| { mutate::json(data, size, max_size, seed) });
