//! Who keeps an id that two organizations claim.

use serde_json::{Value as Json, json};

use super::FaultyOrganizations;
use crate::directory::from_document::Loaded;
use crate::input::json::parse;

/// Two organizations, each with one of everything of which there is only one in a directory.
fn two() -> Json {
    let organization = |name: &str, digest: &str| {
        json!({
            "id": name,
            "owner": format!("{name}_owner"),
            "members": [{"user": format!("{name}_owner"), "role": "admin"}, {"user": format!("{name}_member"), "role": "member"}],
            "groups": [{"id": format!("{name}_group"), "members": []}],
            "projects": [{
                "id": format!("{name}_project"),
                "default": true,
                "api_keys": [{"id": format!("{name}_key"), "digest": format!("sha256:{}", digest.repeat(32))}],
                "resources": [{"id": format!("{name}_file"), "kind": "file"}],
            }],
        })
    };
    json!({"format": "bailiwick/1", "organizations": [organization("a", "0a"), organization("b", "0b")]})
}

/// Each sort of id, by its pointer in an organization.
const IDS: [&str; 6] = [
    "/members/1/user",
    "/groups/0/id",
    "/projects/0/id",
    "/projects/0/api_keys/0/id",
    "/projects/0/api_keys/0/digest",
    "/projects/0/resources/0/id",
];

fn loaded(document: &Json, faulty: FaultyOrganizations<'_>) -> Loaded {
    Loaded::read(&parse(document.to_string().as_bytes()).unwrap(), None, Some(1), faulty).unwrap()
}

/// What is left out of a document: the ids and paths.
fn left_out(document: &Json, last_good: Option<&Json>) -> Vec<(String, String)> {
    let last_good = last_good.map(|before| loaded(before, FaultyOrganizations::Refuse).tables);
    let left_out = loaded(document, FaultyOrganizations::LeaveOut { last_good: last_good.as_ref() }).quarantined.unwrap();
    left_out.iter().map(|one| (one.organization().unwrap().to_owned(), one.fault().path().to_owned())).collect()
}

fn copied(document: &Json, pointer: &str, from: usize, to: usize) -> Json {
    let mut copy = document.clone();
    let value = document.pointer(&format!("/organizations/{from}{pointer}")).unwrap().clone();
    *copy.pointer_mut(&format!("/organizations/{to}{pointer}")).unwrap() = value;
    copy
}

fn told(place: usize, name: &str, pointer: &str) -> (String, String) {
    (name.to_owned(), format!("/organizations/{place}{pointer}"))
}

#[test]
fn who_had_an_id_keeps_it() {
    let before = two();
    for pointer in IDS {
        assert_eq!(left_out(&copied(&before, pointer, 0, 1), Some(&before)), [told(1, "b", pointer)], "{pointer}");
        assert_eq!(left_out(&copied(&before, pointer, 1, 0), Some(&before)), [told(0, "a", pointer)], "{pointer}");
    }
}

#[test]
fn what_nobody_had_is_nobodys() {
    let document = two();
    for pointer in IDS {
        let both = [told(0, "a", pointer), told(1, "b", pointer)];
        assert_eq!(left_out(&copied(&document, pointer, 0, 1), None), both, "{pointer}");
        let empty = json!({"format": "bailiwick/1", "organizations": []});
        assert_eq!(left_out(&copied(&document, pointer, 0, 1), Some(&empty)), both, "{pointer}");
    }
}

#[test]
fn who_has_a_fault_keeps_what_it_had() {
    let before = two();
    for pointer in IDS {
        // It claims something else now, or is not of valid shape.
        let mut document = copied(&before, pointer, 0, 1);
        document["organizations"][0] = json!({"id": "a", "colour": 1});
        assert_eq!(left_out(&document, Some(&before)), [told(0, "a", ""), told(1, "b", pointer)], "{pointer}");
    }
}

#[test]
fn who_is_gone_or_sound_gives_an_id_up() {
    let before = two();
    for pointer in IDS {
        let mut document = copied(&before, pointer, 0, 1);
        document["organizations"].as_array_mut().unwrap().remove(0);
        assert_eq!(left_out(&document, Some(&before)), [], "{pointer}");
    }
    let mut document = copied(&before, "/projects/0/id", 0, 1);
    document["organizations"][0]["projects"][0]["id"] = json!("another");
    assert_eq!(left_out(&document, Some(&before)), []);
}

/// A third one claims what the second one had, which is left out since it claims what the first one has.
#[test]
fn claims_follow_from_each_other() {
    let before = two();
    let mut document = copied(&before, "/projects/0/id", 0, 1);
    let mut third = two()["organizations"][0].clone();
    third = serde_json::from_str(
        &third.to_string().replace("\"a_", "\"c_").replace("\"a\"", "\"c\"").replace(&"0a".repeat(32), &"0c".repeat(32)),
    )
    .unwrap();
    third["projects"][0]["id"] = json!("b_project");
    document["organizations"].as_array_mut().unwrap().push(third);
    let expected = [told(1, "b", "/projects/0/id"), told(2, "c", "/projects/0/id")];
    assert_eq!(left_out(&document, Some(&before)), expected);
}

#[test]
fn under_one_id_nobody_can_be_told_from_the_other() {
    let before = two();
    let document = copied(&before, "/id", 0, 1);
    assert_eq!(left_out(&document, Some(&before)), [told(0, "a", "/id"), told(1, "a", "/id")]);
}

/// Every organization claims what the next one has: each is compared with few others, however many have a fault.
#[test]
fn many_faults_take_no_longer_than_many_organizations() {
    let many = 3_000;
    let organizations: Vec<_> = (0..many)
        .map(|number| {
            let next = (number + 1) % many;
            json!({
                "id": format!("o{number}"),
                "owner": format!("u{number}"),
                "members": [{"user": format!("u{number}"), "role": "admin"}, {"user": format!("u{next}"), "role": "member"}],
                "projects": [{"id": format!("p{number}"), "default": true}],
            })
        })
        .collect();
    let document = json!({"format": "bailiwick/1", "organizations": organizations});
    assert_eq!(left_out(&document, None).len(), many);
}
