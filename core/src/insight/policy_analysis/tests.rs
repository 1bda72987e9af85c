//! What the analysis of policies tells.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};

use super::{PolicyAnalysis, SameRoles};
use crate::boundary;
use crate::input::json::parse;

const FIRST: &str = include_str!("../../../policies/projects-2026-02.json");

fn analysed(policy: &Json) -> PolicyAnalysis {
    PolicyAnalysis::of(&parse(policy.to_string().as_bytes()).unwrap()).unwrap()
}

/// The first built-in policy with another id, altered.
fn altered(alter: impl FnOnce(&mut Json)) -> PolicyAnalysis {
    let mut policy: Json = serde_json::from_str(FIRST).unwrap();
    policy["id"] = json!("altered");
    alter(&mut policy);
    analysed(&policy)
}

#[test]
fn built_in_policies_have_nothing_without_use() {
    for id in ["projects-2026-02", "projects-2026-09"] {
        let analysis = analysed(&json!(id));
        assert_eq!(analysis.policy, id);
        assert_eq!(analysis.actions_nobody_has, [""; 0]);
        assert_eq!(analysis.kinds_nobody_can_create, [""; 0]);
        assert_eq!(analysis.scopes_without_actions, [""; 0]);
        assert_eq!(analysis.roles_without_difference, []);
        assert_eq!(analysis.verbs_only_keys_have, [""; 0]);
        assert!(analysis.is_complete);
    }
}

#[test]
fn changes_that_a_policy_does_not_name_are_the_platforms() {
    let before = analysed(&json!("projects-2026-02")).changes_nobody_can_make;
    let after = analysed(&json!("projects-2026-09")).changes_nobody_can_make;
    assert!(before.contains(&"join_project".to_owned()) && before.contains(&"set_visibility".to_owned()), "{before:?}");
    assert!(!after.contains(&"join_project".to_owned()) && !after.contains(&"set_visibility".to_owned()), "{after:?}");
    assert!(after.contains(&"transfer_ownership".to_owned()) && !after.contains(&"add_member".to_owned()), "{after:?}");
    assert!(after.is_sorted());
}

#[test]
fn what_nobody_has_is_told() {
    let analysis = altered(|policy| {
        policy["organization_actions"].as_array_mut().unwrap().push(json!({"action": "nothing.do", "roles": []}));
        policy["project_actions"].as_array_mut().unwrap().push(json!({"action": "keys.only", "roles": [], "api_key": true}));
        policy["changes"]["add_group"] = json!("nothing.do");
        policy["api_key_scopes"] =
            json!([{"scope": "none"}, {"scope": "reading", "verbs": ["read"]}, {"scope": "useless", "actions": ["collaborators.add"]}]);
        for kind in policy["kinds"].as_array_mut().unwrap() {
            if kind["kind"] == "storage" {
                kind["verbs"] = json!([{"roles": ["admin"], "verbs": ["read"]}, {"roles": [], "verbs": ["create", "mount"]}]);
                kind["api_key_verbs"] = json!(["mount"]);
            }
        }
    });
    assert_eq!(analysis.actions_nobody_has, ["nothing.do", "storage.create"]);
    assert_eq!(analysis.kinds_nobody_can_create, ["storage"]);
    assert_eq!(analysis.verbs_only_keys_have, ["storage.mount"]);
    assert_eq!(analysis.scopes_without_actions, ["none", "useless"]);
    assert!(analysis.changes_nobody_can_make.contains(&"add_group".to_owned()));
}

#[test]
fn roles_that_differ_in_nothing_are_told() {
    let analysis = altered(|policy| {
        policy["project_roles"] = json!(["admin", "member", "guest", "visitor"]);
        policy["organization_roles"].as_array_mut().unwrap().extend([json!({"role": "guest"}), json!({"role": "visitor"})]);
        policy["organization_actions"][0]["roles"].as_array_mut().unwrap().push(json!("guest"));
    });
    // The organization roles `guest` and `visitor` differ in one action.
    let same = SameRoles { table: "project_roles", roles: vec!["guest".to_owned(), "visitor".to_owned()] };
    assert_eq!(analysis.roles_without_difference, [same]);
}

/// B1 to B6 by the policy document alone, for each kind and surface.
#[test]
fn each_usage_is_booked_by_the_rule_of_the_document() {
    for id in ["projects-2026-02", "projects-2026-09"] {
        let document = boundary::built_in_policy(&parse(json!(id).to_string().as_bytes()).unwrap()).unwrap();
        let policy: Json = serde_json::from_str(document.as_str()).unwrap();
        let support = |kind: &str| policy["kinds"].as_array().unwrap().iter().find(|row| row["kind"] == kind).unwrap()["support"].clone();
        let surfaces: BTreeMap<_, _> = policy["surfaces"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| (row["surface"].as_str().unwrap(), row["books_to_default_project"] == true))
            .collect();
        let analysis = analysed(&json!(id));
        assert_eq!(analysis.bookings.len(), policy["kinds"].as_array().unwrap().len() * surfaces.len() * 2);
        for row in &analysis.bookings {
            let is_supported = support(&row.kind)[&row.surface] == "supported";
            let expected = match (row.state, surfaces[row.surface.as_str()], is_supported) {
                ("before_projects", ..) => ["B1"; 4],
                (_, true, _) => ["B2", "B4", "B2", "B2"],
                (_, false, true) => ["B3"; 4],
                (_, false, false) => ["B6", "B4", "B6", "B5"],
            };
            assert_eq!([row.member, row.external, row.key, row.key_of_external], expected.map(Some), "{row:?}");
        }
    }
}

#[test]
fn faults_of_a_policy_are_those_of_loading() {
    let error = |policy: Json| {
        let error = PolicyAnalysis::of(&parse(policy.to_string().as_bytes()).unwrap()).unwrap_err();
        (error.code().as_str(), error.path().to_owned())
    };
    assert_eq!(error(json!("other")), ("unknown_policy", "/policy".to_owned()));
    assert_eq!(error(json!(1)), ("wrong_type", "/policy".to_owned()));
    let mut policy: Json = serde_json::from_str(FIRST).unwrap();
    policy["collaborator_role"] = json!("nobody");
    assert_eq!(error(policy), ("unknown_role", "/policy/collaborator_role".to_owned()));
}
