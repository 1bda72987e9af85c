//! What must hold for every directory, tried on random ones.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::arithmetic_side_effects, reason = "a test may stop at the first surprise")]

use bailiwick::{AccessRequest, Attribution, AttributionReason, Directory, Reason, Reference, Usage, boundary};
use proptest::prelude::*;
use worlds::{SURFACES, World, at, kinds, worlds};

mod worlds;

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    /// A19 to A22: without a role in a project, or with another project's key, nothing in it is reached.
    #[test]
    fn projects_are_isolated(world in worlds()) {
        world.each_question(at(), |principal, action, (object, project), request| {
            let decision = world.directory.check_access(&request);
            let is_key_of_it = || world.objects.iter().any(|(key, of)| key == principal && of == project);
            let reaches = || is_key_of_it() || !world.roles(principal, project).is_empty();
            assert!(!decision.allowed || reaches(), "{principal} {action} {object}: {decision:?}");
        });
    }

    /// A19: the strongest of a user's roles decides.
    #[test]
    fn the_strongest_role_wins(world in worlds()) {
        world.each_question(at(), |principal, action, (object, project), request| {
            let decision = world.directory.check_access(&request);
            if principal.starts_with("user:") && decision.allowed {
                assert_eq!(decision.role, world.roles(principal, project).first().map(String::as_str), "{principal} {action} {object}");
            }
        });
    }

    /// What no rule allows is denied, and every answer is one of the reasons, allowing exactly when the reason allows.
    #[test]
    fn denial_is_the_default(world in worlds()) {
        for principal in &world.principals {
            for (object, _) in &world.objects {
                let request = AccessRequest::new(Reference::parse(principal).unwrap(), "no.such", Reference::parse(object).unwrap(), at());
                prop_assert_eq!(world.directory.check_access(&request).reason, Reason::UnknownAction);
            }
        }
        world.each_question(at(), |principal, _, _, request| {
            let decision = world.directory.check_access(&request);
            assert_eq!(decision.allowed, decision.reason.allows());
            if principal == "user:nobody" || principal == "robot:x" {
                assert_eq!(decision.reason, Reason::UnknownPrincipal);
            }
        });
    }

    /// The quick answer is the full one's, by structs and by strings.
    #[test]
    fn is_allowed_is_what_check_access_allows(world in worlds()) {
        world.each_question(at(), |principal, action, (object, _), request| {
            let allowed = world.directory.check_access(&request).allowed;
            assert_eq!(world.directory.is_allowed(&request), allowed);
            assert_eq!(boundary::is_allowed(&world.directory, principal, action, object, at()), Ok(allowed));
        });
    }

    /// Every usage ends in one outcome, and a booking in the directory is of a project that lies in the organization it is booked to.
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

    /// A directory that is written out and read again is the same, to the byte and in every answer.
    #[test]
    fn a_directory_survives_being_written(world in worlds()) {
        let text = serde_json::to_string(&world.directory.to_document()).unwrap();
        let again = Directory::from_json(text.as_bytes()).unwrap();
        prop_assert_eq!(serde_json::to_string(&again.to_document()).unwrap(), text);
        world.each_question(at(), |_, _, _, request| assert_eq!(again.check_access(&request), world.directory.check_access(&request)));
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

/// A failed load leaves nothing behind: there is no half-loaded directory, whichever byte of a document is wrong.
#[test]
fn a_document_is_loaded_whole_or_not_at_all() {
    let text = include_str!("../examples/acme/directory.json");
    assert!(Directory::from_json(text.as_bytes()).is_ok());
    for end in (0..text.len()).step_by(7).filter(|end| text.is_char_boundary(*end)) {
        assert!(Directory::from_json(&text.as_bytes()[..end]).is_err(), "cut at {end}");
    }
}
