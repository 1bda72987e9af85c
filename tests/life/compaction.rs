//! Compaction and the bound of the history change no answer.

use crate::deltas::delta;
use crate::*;

/// Thousands of names that are added and removed leave nothing behind, and no answer changes when the tables are compacted.
#[test]
fn compaction_removes_what_is_no_longer_used() {
    const FRESH: usize = 18_000;
    let entries = |count: usize| {
        (0..count).map(|number| json!({"id": format!("file_{number}"), "kind": "file", "created_by": "ada"})).collect::<Vec<_>>()
    };
    let mut directory = loaded(&json!({
        "format": "bailiwick/1",
        "users": [{"id": "zoe", "email": "z@a.test", "organization": "elsewhere"}],
        "organizations": [{
            "id": "acme", "owner": "ada", "members": [{"user": "ada", "role": "admin"}, {"user": "bob", "role": "member"}],
            "projects": [
                {"id": "home", "default": true, "resources": entries(20), "api_keys": [{"id": "key", "created_by": "zoe", "digest": digest(1)}]},
                {"id": "open", "allow_external_collaborators": true, "collaborators": [{"user": "zoe", "role": "member"}, {"user": "bob", "role": "admin"}]},
                {"id": "other", "allow_external_collaborators": true, "collaborators": [{"user": "zoe", "role": "admin"}]},
            ],
        }],
    }).to_string());
    let unchanged = |directory: &Directory| {
        let mut document = serde_json::to_value(directory.to_document()).unwrap();
        document["revision"] = Json::Null;
        document
    };
    let expected = unchanged(&directory);
    // This directory has no copies, so it keeps no changes.
    let mut alone = directory.clone();
    let mut follower = unpacked(&snapshot(&directory));
    let (mut held, mut compacted) = (0, 0);
    for number in 0..FRESH {
        let name = format!("fresh_{number}");
        let (came, went) = match number % 4 {
            0 => (
                json!({"type": "add_resource", "project": "open", "resource": name, "kind": "storage", "name": "for a while"}),
                json!({"type": "remove_resource", "resource": format!("storage:{name}")}),
            ),
            1 => (
                json!({"type": "add_collaborator", "project": "other", "user": name}),
                json!({"type": "remove_collaborator", "project": "other", "user": name}),
            ),
            2 => (
                json!({"type": "add_member", "organization": "acme", "user": name}),
                json!({"type": "remove_member", "organization": "acme", "user": name}),
            ),
            // Remaining rows are linked with removed ones.
            _ => (
                json!({"type": "remove_collaborator", "project": "open", "user": "zoe"}),
                json!({"type": "add_collaborator", "project": "open", "user": "zoe"}),
            ),
        };
        made(&mut alone, came.clone());
        made(&mut alone, went.clone());
        made(&mut directory, came);
        if number % 1_001 == 0 {
            let delta = delta(&directory, follower.revision()).unwrap();
            follower.apply_delta(&delta, Trust::default()).unwrap();
            assert!(snapshot(&follower) == snapshot(&directory));
        }
        made(&mut directory, went);
        if number % 250 == 0 {
            // The size of the tables, including names, is visible in no other way.
            let before = std::mem::replace(&mut held, format!("{alone:?}").matches("fresh_").count());
            compacted += usize::from(held < before);
        }
    }
    assert!(compacted >= 2, "the tables have become smaller {compacted} times only, and hold {held} names");
    assert!(snapshot(&alone) == snapshot(&directory));
    assert_eq!(unchanged(&directory), expected);
    let world = World::of(directory);
    assert_same_answers(&world, &loaded(&document(&world.directory)));
    assert!(snapshot(&loaded(&document(&world.directory))) == snapshot(&world.directory));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    /// A compacted directory is equal to the one that is loaded from its document, and stays equal after further changes.
    #[test]
    fn compaction_changes_no_answer(world in worlds(), before in drafts(12), after in drafts(12)) {
        // Tables are compacted once they hold more garbage than this, and more than a quarter of their entries.
        const LITTLE_GARBAGE: usize = 4_096;
        let mut world = changed(world, &before);
        let project = world.projects[0].clone();
        let mut expected: Json = serde_json::from_str(&document(&world.directory)).unwrap();
        expected["revision"] = json!(world.directory.revision() + 2 * (LITTLE_GARBAGE as u64 + 1));
        let holds = |directory: &Directory, name: &str| format!("{directory:?}").contains(name);
        for number in 0..=LITTLE_GARBAGE {
            let name = format!("gone_{number}");
            prop_assert!(number != LITTLE_GARBAGE - 200 || holds(&world.directory, "gone_0"), "compacted early");
            made(&mut world.directory, json!({"type": "add_resource", "project": project, "resource": name, "kind": "file"}));
            made(&mut world.directory, json!({"type": "remove_resource", "resource": format!("file:{name}")}));
        }
        prop_assert!(!holds(&world.directory, "gone_0"), "not compacted");
        let compacted = World::of(world.directory);
        let loaded = World::of(loaded(&expected.to_string()));
        prop_assert!(snapshot(&compacted.directory) == snapshot(&loaded.directory));
        assert_same_answers(&compacted, &loaded.directory);
        let (compacted, loaded) = (changed(compacted, &after), changed(loaded, &after));
        prop_assert!(snapshot(&compacted.directory) == snapshot(&loaded.directory));
        assert_same_answers(&compacted, &loaded.directory);
    }
}

/// An engine keeps the keys of the latest entries that were altered, a few thousand or a part of the directory, and drops the oldest that a copy may
/// need. What was altered at once always fits.
#[test]
fn the_history_of_changes_is_bounded() {
    let document = |resources: usize| {
        let resources: Vec<_> = (0..resources).map(|number| json!({"id": format!("new_{number}"), "kind": "file"})).collect();
        json!({"format": "bailiwick/1", "organizations": [{
            "id": "acme", "owner": "ada", "members": [{"user": "ada", "role": "admin"}],
            "projects": [{"id": "home", "default": true, "resources": resources}],
        }]})
        .to_string()
    };
    let mut directory = loaded(&document(0));
    let mut copies = vec![unpacked(&snapshot(&directory))];
    for number in 0..6_000 {
        let resource = format!("file_{number}");
        made(&mut directory, json!({"type": "add_resource", "project": "home", "resource": resource, "kind": "file"}));
        if number % 500 == 0 {
            copies.push(unpacked(&snapshot(&directory)));
        }
    }
    let (mut forgotten, mut remembered) = (0_u64, 0_u64);
    for copy in &mut copies {
        match delta(&directory, copy.revision()) {
            Ok(delta) => {
                copy.apply_delta(&delta, Trust::default()).unwrap();
                assert!(snapshot(copy) == snapshot(&directory));
                remembered += 1;
            }
            Err(error) => {
                assert_eq!((error.code(), remembered), (ErrorCode::DeltaGap, 0), "the oldest are forgotten first");
                forgotten += 1;
            }
        }
    }
    // A change and its entry count as two of 4,096: the copies of the last two thousand changes can follow.
    assert!((3..=5).contains(&remembered) && forgotten == 13 - remembered, "{remembered} {forgotten}");

    let since = directory.revision();
    let mut copy = unpacked(&snapshot(&directory));
    let none = json!({});
    let options = value(&none);
    let done = boundary::reconcile(&mut directory, document(20_000).as_bytes(), &options, at()).unwrap();
    assert!(done.changes.len() < 3, "most of it differs");
    copy.apply_delta(&delta(&directory, since).unwrap(), Trust::default()).unwrap();
    assert!(snapshot(&copy) == snapshot(&directory));
}
