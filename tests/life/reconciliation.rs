//! Reconciliation, by its properties: the state afterwards is that of the document; copies follow by the delta, byte for byte; there are at most as many
//! changes as entries differ; and once more, there are none.

use super::*;

/// An entry, and what it belongs to.
#[derive(PartialEq, Eq)]
struct Placed {
    parent: String,
    entry: Json,
}

/// The entries of a directory by their tables and ids.
fn entries(directory: &Directory) -> BTreeMap<String, Placed> {
    let document: Json = serde_json::from_str(&document(directory)).unwrap();
    let mut found = BTreeMap::new();
    let mut put = |key: String, entry: &Json, parent: &str, lists: &[&str]| {
        let mut entry = entry.clone();
        lists.iter().for_each(|list| drop(entry.as_object_mut().unwrap().remove(*list)));
        found.insert(key, Placed { parent: parent.to_owned(), entry });
    };
    put("policy".to_owned(), &json!({"policy": document["policy"]}), "", &[]);
    list(&document, "users").for_each(|user| put(format!("user {}", user["id"]), user, "", &[]));
    for organization in list(&document, "organizations") {
        let own = organization["id"].to_string();
        put(format!("organization {own}"), organization, "", &["members", "groups", "projects"]);
        list(organization, "members").for_each(|row| put(format!("member {own} {}", row["user"]), row, &own, &[]));
        for group in organization["groups"].as_array().unwrap_or(&Vec::new()) {
            put(format!("group {}", group["id"]), group, &own, &["members"]);
            list(group, "members").for_each(|row| put(format!("in group {} {}", group["id"], row["user"]), row, "", &[]));
        }
        for project in list(organization, "projects") {
            let id = project["id"].to_string();
            put(format!("project {id}"), project, &own, &["collaborators", "api_keys", "resources"]);
            list(project, "collaborators").for_each(|row| put(format!("row {id} {} {}", row["user"], row["group"]), row, "", &[]));
            list(project, "api_keys").for_each(|key| put(format!("key {}", key["id"]), key, &id, &[]));
            list(project, "resources").for_each(|resource| {
                put(format!("resource {}:{}", resource["kind"], resource["id"]), resource, &id, &[]);
            });
        }
    }
    found
}

/// How many entries differ. One that stands elsewhere is gone from one place and new in another; if nothing else about it differs, that is one
/// change for a project or a resource.
fn differing(one: &Directory, other: &Directory) -> usize {
    let (one, other) = (entries(one), entries(other));
    let keys: BTreeSet<_> = one.keys().chain(other.keys()).collect();
    let count = |key: &String| match (one.get(key), other.get(key)) {
        (one, other) if one == other => 0,
        (Some(one), Some(other)) if one.parent != other.parent => {
            let can_move = key.starts_with("project ") || key.starts_with("resource ");
            if can_move && one.entry == other.entry { 1 } else { 2 }
        }
        _ => 1,
    };
    keys.into_iter().map(count).sum()
}

/// Turns a directory into another one, and checks everything that must hold.
fn check(mut directory: Directory, target: &Directory) -> Result<(), TestCaseError> {
    let snapshot = directory.to_snapshot(&Seal::default());
    let mut copy = Directory::from_snapshot(&snapshot, Trust::default(), None).unwrap();
    let (since, before) = (directory.revision(), document(&directory));
    let count = differing(&directory, target);
    let wanted = document(target);
    let reconcile = |directory: &mut Directory, options: &str| {
        boundary::reconcile(directory, wanted.as_bytes(), &value(&serde_json::from_str(options).unwrap()), at()).unwrap()
    };

    let told = reconcile(&mut directory, r#"{"dry_run": true}"#);
    prop_assert_eq!(document(&directory), before.clone());
    let done = reconcile(&mut directory, "{}");
    prop_assert_eq!(&done.changes, &told.changes);
    prop_assert_eq!(boundary::state(&directory), boundary::state(target));
    prop_assert_eq!((done.revision, directory.revision()), (since + done.changes.len() as u64, done.revision));
    let again = reconcile(&mut directory, "{}");
    prop_assert!(again.changes.is_empty());

    // Under a policy that what is there does not fit, organizations are removed and put again.
    let organizations = |document: &str| serde_json::from_str::<Json>(document).unwrap()["organizations"].as_array().unwrap().len();
    let policy = |document: &str| serde_json::from_str::<Json>(document).unwrap()["policy"].clone();
    let further = if policy(&before) == policy(&wanted) { 0 } else { organizations(&before) + organizations(&wanted) };
    prop_assert!(done.changes.len() <= count + further, "{} changes for {count} entries: {:?}", done.changes.len(), done.changes);

    copy.apply_delta(&directory.to_delta(since, &Seal::default()).unwrap(), Trust::default()).unwrap();
    prop_assert_eq!(copy.to_snapshot(&Seal::default()), directory.to_snapshot(&Seal::default()));
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn a_directory_becomes_what_changes_made_of_it(world in worlds(), drafts in drafts(24)) {
        let target = changed(World::of(world.directory.clone()), &drafts);
        check(world.directory.clone(), &target.directory)?;
        check(target.directory, &world.directory)?;
    }

    #[test]
    fn any_directory_becomes_any_other(one in worlds(), other in worlds()) {
        check(one.directory, &other.directory)?;
    }
}

#[test]
fn a_directory_becomes_an_empty_one_and_comes_back() {
    let acme = std::fs::read("../examples/acme/directory.json").unwrap();
    let (acme, empty) = (Directory::from_json(&acme).unwrap(), br#"{"format": "bailiwick/1", "organizations": []}"#);
    let empty = Directory::from_json(empty).unwrap();
    check(acme.clone(), &empty).unwrap();
    check(empty, &acme).unwrap();
}
