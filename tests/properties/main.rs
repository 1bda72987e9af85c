//! Properties of every directory, tested on random ones.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::arithmetic_side_effects, reason = "a test may stop at the first surprise")]

use std::collections::BTreeSet;

use bailiwick::{
    AccessRequest, Attribution, AttributionReason, Directory, Error, ErrorCode, Reason, Reference, Seal, Trust, Usage, Value, boundary,
};
use proptest::prelude::*;
use serde_json::{Value as Json, json};
use worlds::answers::assert_same_answers;
use worlds::{SURFACES, World, actions, actions_of, at, kinds, list, loaded, text, worlds};

mod model;
#[expect(dead_code, reason = "other tests ask more of a world")]
#[path = "../worlds/mod.rs"]
mod worlds;

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    /// A19 to A22, A28 to A30: without a role or a visibility in a project, or with a key that does not reach it or has no scope for it, or that
    /// acts as somebody without either, nothing in it is allowed.
    #[test]
    fn projects_are_isolated(world in worlds()) {
        world.each_question(at(), |principal, action, (object, project), request| {
            let decision = world.directory.check_access(&request);
            let has_a_tie = || match principal.split_once(':') {
                Some(("user", user)) => world.has_a_tie(user, project, action),
                Some(("api_key", key)) => world.key_has_a_tie(key, project, action),
                _ => false,
            };
            assert!(!decision.allowed || has_a_tie(), "{principal} {action} {object}: {decision:?}");
        });
    }

    /// A19: the strongest of a user's roles decides; or the strongest of the first source, if the policy says so; or any of them.
    #[test]
    fn the_role_that_counts_wins(world in worlds()) {
        let combination = world.policy["role_combination"].as_str();
        let strength = |role: &&str| list(&world.policy, "project_roles").position(|other| *other == **role);
        world.each_question(at(), |principal, action, (object, project), request| {
            let decision = world.directory.check_access(&request);
            let Some(user) = principal.strip_prefix("user:") else { return };
            if !decision.allowed || decision.reason == Reason::ProjectVisibility {
                return;
            }
            let sources = world.sources(user, project);
            let counting = match combination {
                Some("most_specific") => sources.into_iter().find(|roles| !roles.is_empty()).unwrap(),
                _ => sources.concat(),
            };
            match combination {
                Some("union") => assert!(counting.contains(&decision.role.unwrap()), "{principal} {action} {object}"),
                _ => assert_eq!(decision.role, counting.into_iter().min_by_key(strength), "{principal} {action} {object}"),
            }
        });
    }

    /// Denial is the default, and every answer has one of the reasons and allows exactly if the reason does.
    #[test]
    fn denial_is_the_default(world in worlds()) {
        for principal in &world.principals {
            for (object, _) in &world.objects {
                let request = AccessRequest::new(Reference::parse(principal).unwrap(), "no.such", Reference::parse(object).unwrap(), at());
                prop_assert_eq!(world.directory.check_access(&request).reason, Reason::UnknownAction);
            }
        }
        let known = actions_of(&world.policy);
        world.each_question(at(), |principal, action, _, request| {
            let decision = world.directory.check_access(&request);
            assert_eq!(decision.allowed, decision.reason.allows());
            if principal == "user:nobody" || principal == "robot:x" {
                assert_eq!(decision.reason, if known.contains(action) { Reason::UnknownPrincipal } else { Reason::UnknownAction });
            }
        });
    }

    /// The fast answer agrees with the full one, for structs and for strings.
    #[test]
    fn is_allowed_is_what_check_access_allows(world in worlds()) {
        world.each_question(at(), |principal, action, (object, _), request| {
            let allowed = world.directory.check_access(&request).allowed;
            assert_eq!(world.directory.is_allowed(&request), allowed);
            assert_eq!(boundary::is_allowed(&world.directory, [principal, action, object], at()), Ok(allowed));
        });
    }

    /// Every usage has one outcome, and a booking to a project is to that project's organization.
    #[test]
    fn attribution_is_total(world in worlds()) {
        let kinds = kinds();
        for principal in &world.principals {
            for kind in &kinds {
                for surface in SURFACES {
                    for project in world.projects.iter().map(|project| Some(project.as_str())).chain([None]) {
                        let usage = Usage { principal: Reference::parse(principal).unwrap(), kind, surface: Some(surface), project, resource: None, at: at() };
                        if let Ok(attribution) = world.directory.attribute(&usage) {
                            check_booking(&world, &attribution);
                        }
                    }
                }
            }
        }
    }

    /// A directory that is written and read again, as a document or a snapshot, is the same in every byte and every answer.
    #[test]
    fn a_directory_survives_being_written(world in worlds()) {
        let written = |directory: &Directory| (serde_json::to_string(&directory.to_document()).unwrap(), directory.to_snapshot(&Seal::default()));
        let (text, snapshot) = written(&world.directory);
        let again = [
            Directory::from_json(text.as_bytes()).unwrap(),
            Directory::from_snapshot(&snapshot, Trust::default(), None).unwrap(),
        ];
        for again in &again {
            prop_assert!(written(again) == (text.clone(), snapshot.clone()), "written as {:?}", written(again).0);
            assert_same_answers(&world, again);
        }
    }
}

/// One in seven actions: each is tested in some case.
fn some_actions(turn: usize) -> impl Iterator<Item = (usize, String)> {
    actions().into_iter().enumerate().filter(move |(number, _)| number % 7 == turn)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, failure_persistence: None, ..ProptestConfig::default() })]

    /// AuthZEN decides as `check_access` does, and a search finds exactly what it would permit, of every type.
    #[test]
    fn authzen_is_what_check_access_allows(world in worlds(), turn in 0..7_usize) {
        let everything = everything(&world);
        let mut permitted = BTreeSet::new();
        for (number, action) in some_actions(turn) {
            for principal in &world.principals {
                let items: Vec<_> = everything.iter().map(|object| json!({"resource": entity(object)})).collect();
                let asked = json!({"subject": entity(principal), "action": {"name": action}, "evaluations": items});
                let answer = authzen(&world, "access_evaluations", &asked, true).unwrap();
                for (object, found) in everything.iter().zip(list(&answer, "evaluations")) {
                    let request = AccessRequest::new(Reference::parse(principal).unwrap(), &action, Reference::parse(object).unwrap(), at());
                    let decision = serde_json::to_value(world.directory.check_access(&request)).unwrap();
                    let context = json!({"reason": decision["reason"], "caveats": decision["caveats"]});
                    assert_eq!(*found, json!({"decision": decision["allowed"], "context": context}), "{principal} {action} {object}");
                    if decision["allowed"] == true {
                        permitted.insert((principal.as_str(), number, object.as_str()));
                    }
                }
                assert_eq!(list(&answer, "evaluations").count(), everything.len());
            }
        }
        for (number, action) in some_actions(turn) {
            for object in &everything {
                let whole = permitted.iter().filter(|(_, of, on)| *of == number && on == object).map(|(principal, ..)| *principal);
                let search = json!({"action": {"name": action}, "resource": entity(object)});
                check_search(&world, "search_subject", &search, whole, &["user", "api_key", "robot"]);
            }
            for principal in &world.principals {
                let whole = permitted.iter().filter(|(who, of, _)| who == principal && *of == number).map(|(.., object)| *object);
                check_search(&world, "search_resource", &json!({"subject": entity(principal), "action": {"name": action}}), whole, &types());
            }
        }
        let (names, of_turn): (Vec<_>, BTreeSet<_>) = (actions(), some_actions(turn).map(|(_, action)| action).collect());
        for principal in &world.principals {
            for object in &everything {
                let answer = authzen(&world, "search_action", &json!({"subject": entity(principal), "resource": entity(object)}), false).unwrap();
                let found: Vec<_> = list(&answer, "results").map(|action| text(action, "name")).collect();
                assert!(found.is_sorted_by(|one, other| one < other));
                let whole = permitted.iter().filter(|(who, _, on)| who == principal && on == object);
                let mut wanted: Vec<_> = whole.map(|(_, number, _)| names[*number].as_str()).collect();
                wanted.sort_unstable();
                assert_eq!(found.into_iter().filter(|action| of_turn.contains(*action)).collect::<Vec<_>>(), wanted, "{principal} {object}");
            }
        }
    }

    /// The pages of a search, of any size, make up the whole; a changed token reveals nothing else.
    #[test]
    fn authzen_pages_are_the_whole(world in worlds(), turn in 0..7_usize, limit in 1..6_u64, flip in 0..64_usize) {
        let everything = everything(&world);
        for (number, action) in some_actions(turn) {
            let object = &everything[(number * 5 + flip) % everything.len()];
            let principal = &world.principals[(number * 3 + flip) % world.principals.len()];
            let kind = &types()[flip % types().len()];
            let searches = [
                ("search_subject", json!({"subject": {"type": "user"}, "action": {"name": action}, "resource": entity(object)})),
                ("search_resource", json!({"subject": entity(principal), "action": {"name": action}, "resource": {"type": kind}})),
                ("search_action", json!({"subject": entity(principal), "resource": entity(object)})),
            ];
            for (api, search) in searches {
                let whole = authzen(&world, api, &search, false).unwrap()["results"].as_array().unwrap().clone();
                check_pages(&world, api, &search, &whole, limit, flip);
            }
        }
    }
}

/// All objects: those in projects, organizations, users, and unknown names.
fn everything(world: &World) -> Vec<String> {
    let organizations = list(&world.document, "organizations").map(|organization| format!("organization:{}", text(organization, "id")));
    let users = world.principals.iter().filter(|principal| principal.starts_with("user:")).cloned();
    let nothing = ["organization:none", "file:none", "team:blue"].map(str::to_owned);
    world.objects.iter().map(|(object, _)| object.clone()).chain(organizations).chain(users).chain(nothing).collect()
}

/// All types of resources, and an unknown one.
fn types() -> Vec<String> {
    let others = ["project", "organization", "user", "api_key", "team"].map(str::to_owned);
    kinds().into_iter().chain(others).collect()
}

fn entity(reference: &str) -> Json {
    let (kind, id) = reference.split_once(':').unwrap();
    json!({"type": kind, "id": id})
}

fn authzen(world: &World, api: &str, request: &Json, reasons: bool) -> Result<Json, Error> {
    let options = Value::Object(vec![("reasons".into(), Value::Boolean(reasons))]);
    let answer = boundary::authzen(&world.directory, &Value::Text(api.into()), request.to_string().as_bytes(), &options, at())?;
    Ok(serde_json::from_str(&answer).unwrap())
}

/// Searches each of the types: results are in byte order, and complete.
fn check_search<'w>(world: &World, api: &str, search: &Json, whole: impl Iterator<Item = &'w str>, types: &[impl AsRef<str>]) {
    let whole: BTreeSet<_> = whole.map(|reference| reference.split_once(':').unwrap()).collect();
    let searched = api.trim_start_matches("search_");
    for kind in types {
        let kind = kind.as_ref();
        let mut search = search.clone();
        search[searched] = json!({"type": kind});
        let wanted: Vec<_> = whole.iter().filter(|(of, _)| *of == kind).map(|(_, id)| json!({"type": kind, "id": id})).collect();
        assert_eq!(authzen(world, api, &search, false).unwrap(), json!({"results": wanted}), "{api} {search}");
    }
}

fn check_pages(world: &World, api: &str, search: &Json, whole: &[Json], limit: u64, flip: usize) {
    let mut search = search.clone();
    search["page"] = json!({"limit": limit});
    let mut found = Vec::new();
    loop {
        let answer = authzen(world, api, &search, false).unwrap();
        let (results, token) = (answer["results"].as_array().unwrap(), text(&answer["page"], "next_token").to_owned());
        assert_eq!(answer["page"]["count"], results.len());
        found.extend(results.clone());
        if token.is_empty() {
            break;
        }
        assert_eq!(u64::try_from(results.len()).unwrap(), limit);
        let mut other = token.clone().into_bytes();
        let place = flip % other.len();
        other[place] = if other[place] == b'0' { b'1' } else { b'0' };
        search["page"] = json!({"token": String::from_utf8(other).unwrap()});
        match authzen(world, api, &search, false) {
            Ok(answer) => assert!(list(&answer, "results").all(|result| whole.contains(result))),
            Err(error) => assert!(matches!(error.code(), ErrorCode::CursorInvalid | ErrorCode::CursorMismatch)),
        }
        // With and without the limit, in turn.
        search["page"] = if found.len() % 2 == 0 { json!({"limit": limit, "token": token}) } else { json!({"token": token}) };
    }
    assert_eq!(found, whole, "{api} {search}");
}

/// Without a limit, or with a greater one, a page has 1,000 results, and the next token continues.
#[test]
fn a_page_has_a_thousand_results_at_the_most() {
    let resources: Vec<_> = (0..2345).map(|number| json!({"id": format!("f_{number:04}"), "kind": "file"})).collect();
    let document = json!({"format": "bailiwick/1", "organizations": [{
        "id": "o", "owner": "u", "members": [{"user": "u", "role": "admin"}], "projects": [{"id": "p", "default": true, "resources": resources}],
    }]});
    let world = World::of(Directory::from_json(document.to_string().as_bytes()).unwrap());
    let search = json!({"subject": entity("user:u"), "action": {"name": "file.read"}, "resource": {"type": "file"}});
    let asked = |page: Json| {
        authzen(
            &world,
            "search_resource",
            &json!({"subject": search["subject"], "action": search["action"], "resource": search["resource"], "page": page}),
            false,
        )
    };
    for first in [json!(null), json!({}), json!({"limit": 1001}), json!({"limit": 9_007_199_254_740_991_u64})] {
        let (mut page, mut sizes, mut ids) = (first.clone(), Vec::new(), BTreeSet::new());
        loop {
            let answer = asked(page.clone()).unwrap();
            sizes.push(list(&answer, "results").count());
            ids.extend(list(&answer, "results").map(|result| text(result, "id").to_owned()));
            let token = text(&answer["page"], "next_token");
            if token.is_empty() {
                break;
            }
            // A token that claims a greater limit gets no more.
            for larger in [format!("99{token}"), format!("9007199254740991.{token}")] {
                assert!(
                    asked(json!({"token": larger})).is_ok_and(|answer| list(&answer, "results").count() <= 1000)
                        || asked(json!({"token": larger})).is_err()
                );
            }
            page = if first.get("limit").is_some() { json!({"limit": first["limit"], "token": token}) } else { json!({"token": token}) };
        }
        assert_eq!((sizes, ids.len()), (vec![1000, 1000, 345], 2345), "{first}");
    }
}

fn check_booking(world: &World, attribution: &Attribution<'_>) {
    assert!(matches!(attribution.reason, AttributionReason::Booked(_)));
    let intended = (attribution.intended_organization, attribution.intended_project);
    assert!(intended.0.is_some() && intended.1.is_some());
    assert_eq!(attribution.matches_intended, (attribution.organization, attribution.project) == intended);
    assert!(!attribution.matches_intended || attribution.remedies.iter().next().is_none());
    if let Some(project) = attribution.project {
        assert_eq!(world.entry(project).0["id"].as_str(), attribution.organization);
    }
}

/// A failed load leaves no partly loaded directory, whichever byte of a document is wrong.
#[test]
fn a_document_is_loaded_whole_or_not_at_all() {
    let text = include_str!("../../examples/acme/directory.json");
    assert!(Directory::from_json(text.as_bytes()).is_ok());
    for end in (0..text.len()).step_by(7).filter(|end| text.is_char_boundary(*end)) {
        assert!(Directory::from_json(&text.as_bytes()[..end]).is_err(), "cut at {end}");
    }
}
