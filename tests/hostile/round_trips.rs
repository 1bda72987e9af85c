//! Directories with every field that a document can have: equal ones have equal bytes, and lose nothing on the way.

use crate::answers::answers;
use crate::columns::*;
use crate::*;

/// Documents with every field and every form of a row.
fn documents() -> Vec<(&'static str, Json)> {
    let mut modern = read_json("tests/directories/modern.json");
    modern["policy"] = read_json("tests/policies/modern.json");
    vec![("whole", example_document()), ("several", several_document()), ("modern", modern)]
}

/// The lists of a document whose order says nothing, in another order. The order of a policy's lists does.
fn reordered(json: &mut Json, turn: &mut usize) {
    match json {
        Json::Array(items) => {
            items.iter_mut().for_each(|item| reordered(item, turn));
            *turn += 1;
            if !turn.is_multiple_of(3) {
                items.reverse();
            }
            if let length @ 1.. = items.len() {
                items.rotate_left(*turn % length);
            }
        }
        Json::Object(members) => members.iter_mut().filter(|(name, _)| *name != "policy").for_each(|(_, member)| reordered(member, turn)),
        _ => {}
    }
}

#[test]
fn a_document_in_any_order_gives_the_same_bytes() {
    for (name, document) in documents() {
        let whole = directory_of(&document);
        let (bytes, text) = (snapshot(&whole), written(&whole).to_string());
        for first in 0..24 {
            let (mut other, mut turn) = (document.clone(), first);
            reordered(&mut other, &mut turn);
            let directory = directory_of(&other);
            assert!(snapshot(&directory) == bytes, "{name} in order {first}");
            assert_eq!(written(&directory).to_string(), text, "{name} in order {first}");
        }
    }
}

/// Lists of an API key are sets: what is said twice, or is so anyway, is not said.
#[test]
fn what_a_document_says_twice_of_a_key_gives_the_same_bytes() {
    let document = example_document();
    let bytes = snapshot(&directory_of(&document));
    let mut other = document;
    for (field, value) in [("scopes", json!(["files", "reading", "files", "reading"])), ("projects", json!(["prj_b", "prj_a", "prj_b"]))] {
        other.pointer_mut("/organizations/0/projects/1/api_keys/0").unwrap()[field] = value;
    }
    assert!(snapshot(&directory_of(&other)) == bytes);
}

#[test]
fn every_field_survives_snapshots_and_documents() {
    for (name, document) in documents() {
        let first = directory_of(&document);
        let (bytes, text) = (snapshot(&first), written(&first).to_string());
        let of_bytes = load(&bytes).unwrap();
        let of_text = Directory::from_json(text.as_bytes()).unwrap();
        let of_both = load(&snapshot(&Directory::from_json(written(&of_bytes).to_string().as_bytes()).unwrap())).unwrap();
        let all = answers(&first);
        for directory in [of_bytes, of_text, of_both] {
            assert_eq!(written(&directory).to_string(), text, "{name}");
            assert!(snapshot(&directory) == bytes, "{name}");
            assert!(answers(&directory) == all, "{name}");
        }
        // Nothing that the document says is lost.
        let mut before = Vec::new();
        let mut after = Vec::new();
        leaves(&document, "", &mut before);
        leaves(&serde_json::from_str(&text).unwrap(), "", &mut after);
        for leaf in before {
            // What is so anyway is not written, and neither is the home of a member of one organization alone.
            let is_default = [" null", " false"].iter().any(|end| leaf.ends_with(end)) || leaf.starts_with("/users/organization ");
            assert!(after.contains(&leaf) || is_default, "{name} has lost {leaf}");
        }
    }
}

/// The values of a document, each with the names of the members that lead to it.
fn leaves(json: &Json, path: &str, found: &mut Vec<String>) {
    match json {
        Json::Array(items) => items.iter().for_each(|item| leaves(item, path, found)),
        Json::Object(members) => members.iter().for_each(|(name, member)| leaves(member, &format!("{path}/{name}"), found)),
        value => found.push(format!("{path} {value}")),
    }
}

/// Changes to a directory with the new fields, and back: it is in the same state again, and its bytes do not show its history.
#[test]
fn a_delta_of_a_directory_with_every_field_leads_copies_to_the_same_bytes() {
    let mut directory = directory_of(&example_document());
    let mut copy = load(&snapshot(&directory)).unwrap();
    let since = directory.revision();
    for change in [
        json!({"type": "remove_member", "organization": "org_acme", "user": "usr_cleo"}),
        json!({"type": "remove_collaborator", "project": "prj_a", "user": "usr_kai"}),
        json!({"type": "revoke_api_key", "key": "key_ci"}),
        json!({"type": "remove_member", "organization": "org_acme", "user": "usr_dan"}),
        json!({"type": "create_project", "organization": "org_acme", "project": "prj_0", "name": "First in byte order"}),
        json!({"type": "add_member", "organization": "org_acme", "user": "usr_0", "email": "0@acme.test"}),
        json!({"type": "remove_resource", "resource": "file:file_faq"}),
    ] {
        apply(&mut directory, &change).unwrap();
        let of_document = Directory::from_json(written(&directory).to_string().as_bytes()).unwrap();
        assert!(snapshot(&directory) == snapshot(&of_document), "{change}");
        assert_eq!(answers(&directory), answers(&of_document), "{change}");
    }
    let delta = directory.to_delta(since, &Seal::default()).unwrap();
    assert_eq!(copy.apply_delta(&delta, Trust::default()), Ok(directory.revision()));
    assert!(snapshot(&copy) == snapshot(&directory));
    assert_eq!(written(&copy), written(&directory));
    let text = written(&directory).to_string();
    assert!(!text.contains("usr_cleo\",\"added_at"), "the row in the group has gone with the member");
    assert!(text.contains("\"acts_as\":\"usr_dan\""), "the key that acts as somebody who is gone keeps them");
}

/// Facts that change places at once: whatever the order in which a delta puts its entries, each stands in the way of another one's.
#[test]
fn a_delta_in_which_entries_change_places_leads_copies_to_the_same_bytes() {
    let swap = |document: &mut Json, one: &str, two: &str| {
        let (first, second) = (document.pointer(one).unwrap().clone(), document.pointer(two).unwrap().clone());
        *document.pointer_mut(one).unwrap() = second;
        *document.pointer_mut(two).unwrap() = first;
    };
    let keys = "/organizations/0/projects/0/api_keys";
    let swaps: [&[[String; 2]]; 5] = [
        &[[format!("{keys}/0/digest"), format!("{keys}/1/digest")]],
        &[[format!("{keys}/0/id"), format!("{keys}/1/id")]],
        // The default project, with the default key and without it.
        &[["/organizations/0/projects/0/id".to_owned(), "/organizations/0/projects/1/id".to_owned()]],
        &[["/organizations/0/projects/1/resources".to_owned(), "/organizations/0/projects/2/resources".to_owned()]],
        &[
            ["/organizations/0/projects/1/resources".to_owned(), "/organizations/0/projects/2/resources".to_owned()],
            ["/organizations/0/projects/1/api_keys".to_owned(), "/organizations/0/projects/2/api_keys".to_owned()],
            [format!("{keys}/0/id"), format!("{keys}/1/id")],
        ],
    ];
    for pairs in swaps {
        let mut document = example_document();
        // What keys reach further may not be theirs any more.
        for project in document["organizations"][0]["projects"].as_array_mut().unwrap() {
            project["api_keys"].as_array_mut().unwrap().iter_mut().for_each(|key| drop(key.as_object_mut().unwrap().remove("projects")));
        }
        let mut other = document.clone();
        for [one, two] in pairs {
            swap(&mut other, one, two);
        }
        let mut directory = directory_of(&document);
        let (since, mut copy) = (directory.revision(), load(&snapshot(&directory)).unwrap());
        let (at, nothing) = (Instant::parse("2026-02-01T12:00:00Z").unwrap(), Value::Object(Vec::new()));
        let text = other.to_string();
        boundary::reconcile(&mut directory, text.as_bytes(), &nothing, at).unwrap();
        let delta = directory.to_delta(since, &Seal::default()).unwrap();
        assert_eq!(
            copy.apply_delta(&delta, Trust::default()).map_err(|error| error.message().to_owned()),
            Ok(directory.revision()),
            "{pairs:?}"
        );
        assert!(snapshot(&copy) == snapshot(&directory), "{pairs:?}");
        assert_eq!(boundary::state(&copy), boundary::state(&directory_of(&other)), "{pairs:?}");
    }
}
