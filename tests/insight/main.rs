//! Insight on random directories: explanations, each of whose suggestions is followed.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::arithmetic_side_effects, reason = "a test may stop at the first surprise")]

use std::collections::BTreeSet;

use bailiwick::boundary;
use proptest::prelude::*;
use serde_json::{Value as Json, json};
use worlds::answers::value;
use worlds::{SURFACES, World, at, kinds, worlds};

#[expect(dead_code, reason = "other tests ask more of a world")]
#[path = "../worlds/mod.rs"]
mod worlds;

/// Every question in so many is explained.
const STEP: usize = 37;

fn explained(world: &World, request: &Json) -> Json {
    let mut directory = world.directory.clone();
    let state = boundary::state(&directory);
    let explanation = serde_json::to_value(boundary::explain(&mut directory, &value(request), at()).unwrap()).unwrap();
    assert_eq!((boundary::state(&directory), directory.revision()), (state, world.directory.revision()), "{request}");
    explanation
}

/// Whether a request is allowed after a change of an actor, or of the platform.
fn is_allowed_after(world: &World, change: &Json, actor: Option<&str>, request: &Json) -> bool {
    let mut directory = world.directory.clone();
    let terms = actor.map_or_else(|| json!({}), |actor| json!({ "actor": actor }));
    boundary::apply(&mut directory, &value(change), &value(&terms), at())
        .is_ok_and(|_| boundary::check_access(&directory, &value(request), at()).unwrap().allowed)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, failure_persistence: None, ..ProptestConfig::default() })]

    /// Every suggestion allows what is denied, and whoever is named may really make it.
    #[test]
    fn suggestions_allow(world in worlds()) {
        let (mut number, mut rules) = (0, BTreeSet::new());
        world.each_question(at(), |principal, action, (object, _), _| {
            number += 1;
            if number % STEP != 0 {
                return;
            }
            let request = json!({ "principal": principal, "action": action, "resource": object });
            let explanation = explained(&world, &request);
            let decision = boundary::check_access(&world.directory, &value(&request), at()).unwrap();
            assert_eq!(explanation["decision"], serde_json::to_value(decision).unwrap());
            assert!(!explanation["sentence"].as_str().unwrap().is_empty());
            rules.insert(explanation["rule"].as_str().unwrap().to_owned());
            let suggestions = explanation["would_allow"].as_array().unwrap();
            assert!(!decision.allowed || suggestions.is_empty());
            for suggestion in suggestions {
                let change = &suggestion["change"];
                let by_oneself = change["type"] == "join_project";
                assert!(by_oneself || is_allowed_after(&world, change, None, &request), "{request}: {change}");
                let by = suggestion["by"].as_array().unwrap();
                assert!(by.len() <= 10 && by.is_sorted_by_key(|reference| reference.as_str().unwrap().to_owned()));
                for actor in by {
                    assert!(is_allowed_after(&world, change, actor.as_str(), &request), "{request}: {actor} {change}");
                }
            }
        });
        assert!(rules.len() > 3, "{rules:?}");
    }

    /// Usage is explained as it is attributed, and every remedy has an outcome. One that promises the organization leads there.
    #[test]
    fn remedies_are_tried(world in worlds()) {
        for principal in &world.principals {
            for (kind, project) in kinds().iter().flat_map(|kind| world.projects.iter().map(move |project| (kind, project))) {
                let surface = SURFACES[kind.len() % SURFACES.len()];
                let usage = json!({ "principal": principal, "kind": kind, "surface": surface, "project": project });
                let mut directory = world.directory.clone();
                let explained = boundary::explain_usage(&mut directory, &value(&usage), at()).map(|told| serde_json::to_value(&told).unwrap());
                let attributed = boundary::attribute(&world.directory, &value(&usage), at());
                let (told, attribution) = match (explained, attributed) {
                    (Ok(told), Ok(attribution)) => (told, attribution),
                    (Err(told), Err(error)) => {
                        assert_eq!(told, error);
                        continue;
                    }
                    other => panic!("{usage}: {other:?}"),
                };
                assert_eq!(told["attribution"], serde_json::to_value(attribution).unwrap());
                let tried = told["remedies"].as_array().unwrap();
                let remedies: Vec<_> = tried.iter().map(|outcome| outcome["remedy"].as_str().unwrap()).collect();
                assert_eq!(remedies, attribution.remedies.iter().map(|remedy| remedy.as_str()).collect::<Vec<_>>());
                for outcome in tried {
                    let is_intended = outcome["organization"].as_str() == attribution.intended_organization;
                    let is_given_up = outcome["organization"].is_null();
                    match outcome["remedy"].as_str().unwrap() {
                        "use_project_api_key" => assert!(outcome["matches_intended"] == true, "{usage}: {outcome}"),
                        "await_project_support" => assert!(is_intended, "{usage}: {outcome}"),
                        // An owner cannot leave the other organization.
                        _ => assert!(is_intended || is_given_up, "{usage}: {outcome}"),
                    }
                }
            }
        }
    }
}
