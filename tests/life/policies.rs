//! Policies: read, replaced and analysed; and what is refused of the questions about a whole directory.

use std::sync::Arc;

use crate::*;

fn with_policy(directory: &Directory, policy: &Json, options: &Json) -> Result<Directory, Error> {
    boundary::with_policy(directory, &value(policy), &value(options))
}

fn fault<T>(answer: Result<T, Error>) -> (&'static str, String) {
    let error = answer.err().unwrap();
    (error.code().as_str(), error.path().to_owned())
}

fn built_in(id: &str) -> Json {
    serde_json::from_str(boundary::built_in_policy(&value(&json!(id))).unwrap().as_str()).unwrap()
}

/// A policy in which no role has a name that it has elsewhere.
fn other_roles() -> Json {
    let text = built_in("projects-2026-02").to_string();
    let mut policy: Json = serde_json::from_str(&text.replace("\"admin\"", "\"lead\"").replace("\"member\"", "\"developer\"")).unwrap();
    policy["id"] = json!("other_roles");
    policy
}

fn acme() -> Directory {
    let members = json!([{"user": "ada", "role": "admin"}, {"user": "bob", "role": "member"}]);
    let projects = json!([{"id": "default", "default": true, "collaborators": [{"user": "bob", "role": "member"}]}]);
    loaded(
        &json!({"format": "bailiwick/1", "organizations": [{"id": "acme", "owner": "ada", "members": members, "projects": projects}]})
            .to_string(),
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() })]

    /// A directory with another policy is what the change `set_policy` makes of it, or has the same fault. The first one is as it was.
    #[test]
    fn another_policy_is_as_after_the_change(world in worlds(), drafts in drafts(4), other in 0..4_usize, renames in 0..5_usize) {
        let directory = changed(world, &drafts).directory;
        let own = serde_json::from_str(boundary::policy_document(&directory).as_str()).unwrap();
        let policy = [json!("projects-2026-02"), json!("projects-2026-09"), own, other_roles()][other].clone();
        let renames = [
            Json::Null,
            json!({"project_roles": {"member": "editor"}}),
            json!({"project_roles": {"editor": "member"}}),
            json!({"project_roles": {"admin": "lead", "member": "developer"}, "organization_roles": {"admin": "lead", "member": "developer"}}),
            json!({"kinds": {"file": "nothing"}}),
        ][renames].clone();
        let before = (document(&directory), boundary::state(&directory));
        let copy = with_policy(&directory, &policy, &json!({"renames": renames}));
        prop_assert_eq!((document(&directory), boundary::state(&directory)), before);
        let mut altered = directory.clone();
        let change = json!({"type": "set_policy", "policy": policy, "renames": renames});
        match (copy, apply(&mut altered, &(change, json!({})))) {
            (Ok(copy), Ok(_)) => {
                prop_assert_eq!(copy.revision(), directory.revision());
                prop_assert_eq!(boundary::state(&copy), boundary::state(&altered));
                prop_assert_eq!(boundary::policy_document(&copy), boundary::policy_document(&altered));
                prop_assert_eq!(boundary::state(&loaded(&document(&copy))), boundary::state(&copy));
            }
            (Err(copy), Err(altered)) => prop_assert_eq!(copy, altered),
            (copy, altered) => prop_assert!(false, "{:?} {:?}", copy.err(), altered),
        }
    }
}

#[test]
fn two_policies_without_a_common_role_say_what_must_be_renamed() {
    let directory = acme();
    let error = with_policy(&directory, &other_roles(), &json!({})).err().unwrap();
    assert_eq!((error.code().as_str(), error.path()), ("owner_not_admin", "/organizations/0/owner"));
    let told = "`renames` can give other names to organization_roles `admin`, `member`; project_roles `member`";
    assert!(error.message().ends_with(told), "{error}");
    let names = json!({"admin": "lead", "member": "developer"});
    let error = with_policy(&directory, &other_roles(), &json!({"renames": {"organization_roles": names}}));
    assert_eq!(fault(error), ("unknown_role", "/organizations/0/projects/0/collaborators/0/role".to_owned()));
    let renames = json!({"organization_roles": names, "project_roles": names});
    let copy = with_policy(&directory, &other_roles(), &json!({"renames": renames})).unwrap();
    let members = json!([{"user": "ada", "role": "lead"}, {"user": "bob", "role": "developer"}]);
    assert_eq!(serde_json::to_value(copy.to_document()).unwrap()["organizations"][0]["members"], members);
}

#[test]
fn faults_of_another_policy() {
    let directory = acme();
    let fault = |policy: Json, options: Json| fault(with_policy(&directory, &policy, &options));
    let (first, later) = (json!("projects-2026-02"), json!("projects-2026-09"));
    assert_eq!(fault(json!("other"), json!({})), ("unknown_policy", "/policy".to_owned()));
    assert_eq!(fault(Json::Null, json!({})), ("wrong_type", "/policy".to_owned()));
    assert_eq!(fault(json!({"format": "bailiwick-policy/1"}), json!({})), ("missing_field", "/policy".to_owned()));
    assert_eq!(fault(first.clone(), json!({"rename": {}})), ("unknown_field", "/rename".to_owned()));
    assert_eq!(fault(first.clone(), Json::Null), ("wrong_type", String::new()));
    assert_eq!(fault(first.clone(), json!({"renames": 1})), ("wrong_type", "/renames".to_owned()));
    assert_eq!(fault(first.clone(), json!({"renames": {"roles": {}}})), ("unknown_field", "/renames/roles".to_owned()));
    let renames = |sort: &str, old: &str, new: &str| json!({"renames": {sort: {old: new}}});
    let at = |rest: &str| format!("/renames/{rest}");
    assert_eq!(fault(later.clone(), renames("project_roles", "member", "owner")), ("unknown_role", at("project_roles/member")));
    assert_eq!(fault(later.clone(), renames("project_roles", "owner", "editor")), ("unknown_role", at("project_roles/owner")));
    assert_eq!(fault(later.clone(), renames("kinds", "file", "files")), ("unknown_kind", at("kinds/file")));
    assert_eq!(fault(later.clone(), renames("scopes", "all", "all")), ("unknown_scope", at("scopes/all")));
    assert_eq!(fault(later, renames("visibilities", "open", "closed")), ("unknown_visibility", at("visibilities/open")));
    // A policy has the last word: the directory has a role of its own.
    assert_eq!(
        fault(built_in("projects-2026-09"), json!({})),
        ("unknown_role", "/organizations/0/projects/0/collaborators/0/role".to_owned())
    );
}

#[test]
fn built_in_policies_are_documents() {
    for id in ["projects-2026-02", "projects-2026-09"] {
        let policy = built_in(id);
        assert_eq!(policy["id"], id);
        let mut document = json!({"format": "bailiwick/1", "policy": id, "organizations": []});
        assert_eq!(boundary::policy_document(&loaded(&document.to_string())).as_str(), policy.to_string());
        document["policy"] = policy.clone();
        assert_eq!(boundary::policy_document(&loaded(&document.to_string())).as_str(), policy.to_string());
    }
    let fault = |id: Json| fault(boundary::built_in_policy(&value(&id)));
    assert_eq!(fault(json!("projects-2026-03")), ("unknown_policy", "/id".to_owned()));
    assert_eq!(fault(json!("")), ("invalid_id", "/id".to_owned()));
    assert_eq!(fault(Json::Null), ("wrong_type", "/id".to_owned()));
    assert_eq!(fault(json!({"id": "projects-2026-02"})), ("wrong_type", "/id".to_owned()));
}

#[test]
fn faults_of_questions_about_the_whole() {
    let directory = acme();
    let review = |options: Json| fault(boundary::review(&directory, &value(&options), at()));
    let in_parts = |options: Json| fault(boundary::review_in_parts(&directory, &value(&options), at()));
    let findings = |options: Json| fault(boundary::findings(&directory, &value(&options), at()));
    for (options, code, path) in [
        (json!({"organization": "other"}), "not_found", "/organization"),
        (json!({"organization": "organization:acme"}), "not_found", "/organization"),
        (json!({"organization": ""}), "invalid_id", "/organization"),
        (json!({"organization": 1}), "wrong_type", "/organization"),
        (json!({"at": "yesterday"}), "invalid_timestamp", "/at"),
        (json!({"project": "default"}), "unknown_field", "/project"),
        (json!([]), "wrong_type", ""),
    ] {
        assert_eq!(review(options.clone()), (code, path.to_owned()));
        assert_eq!(in_parts(options), (code, path.to_owned()));
    }
    assert_eq!(findings(json!({"at": 1e300})), ("wrong_type", "/at".to_owned()));
    assert_eq!(findings(json!({"organization": "acme"})), ("unknown_field", "/organization".to_owned()));
    assert_eq!(findings(Json::Null), ("wrong_type", String::new()));
}

/// A review that is read in parts is that of the directory as it was, whatever changes meanwhile.
#[test]
fn changes_do_not_wait_for_reviews() {
    let mut directory = Arc::new(acme());
    let all: Vec<_> = boundary::review(&directory, &value(&json!({})), at()).unwrap().iter().map(|row| json!(row)).collect();
    let mut parts = boundary::review_in_parts(Arc::clone(&directory), &value(&json!({})), at()).unwrap();
    let mut told = Vec::new();
    for number in 0.. {
        let part: Vec<_> = parts.next_rows(2).iter().map(|row| json!(row)).collect();
        if part.is_empty() {
            break;
        }
        told.extend(part);
        made(Arc::make_mut(&mut directory), json!({"type": "add_member", "organization": "acme", "user": format!("new_{number}")}));
    }
    assert_eq!(told, all);
    assert!(boundary::review(&directory, &value(&json!({})), at()).unwrap().len() > all.len());
}
