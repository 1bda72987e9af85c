//! Ordinals give the same answers as their names, on random directories.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::arithmetic_side_effects, reason = "a test may stop at the first surprise")]

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

use bailiwick::boundary::{self, Field, OrdinalRequest, SCOPED, TIMED, UNKNOWN, ordinal_of, outcome};
use bailiwick::{AccessRequest, Decision, Directory, Error, Instant, Reference, Value};
use proptest::collection::vec;
use proptest::prelude::*;
use worlds::{SURFACES, World, actions, at, list, text, worlds};

#[expect(dead_code, reason = "other tests ask more of a world")]
#[path = "worlds/mod.rs"]
mod worlds;

/// The first and the last instant, and instants when keys, rows and suspensions of random directories end or begin, and directories with an age
/// are stale.
fn times() -> impl Iterator<Item = Instant> {
    let named = [
        "0001-01-01T00:00:00Z",
        "1970-01-01T00:00:00Z",
        "2025-12-01T00:00:00Z",
        "2026-01-31T00:00:00Z",
        "2026-02-05T00:00:00Z",
        "2026-04-01T00:00:00Z",
    ];
    named.into_iter().map(|time| Instant::parse(time).unwrap()).chain([at(), Instant::LATEST])
}

/// Whether a principal is a key that expires or is revoked.
fn ends(world: &World, principal: &str) -> bool {
    let keys = world.projects.iter().flat_map(|project| list(world.entry(project).1, "api_keys"));
    keys.filter(|key| principal.strip_prefix("api_key:") == key["id"].as_str())
        .any(|key| key["revoked_at"].is_string() || key["expires_at"].is_string())
}

/// All objects, and some unknown names.
fn objects(world: &World) -> Vec<String> {
    let organizations = list(&world.document, "organizations").map(|organization| format!("organization:{}", text(organization, "id")));
    let users = world.principals.iter().filter(|principal| principal.starts_with("user:")).cloned();
    let nothing = ["organization:none", "project:none", "file:none", "team:blue", "api_key:none", "file:res:0_0_0"].map(str::to_owned);
    world.objects.iter().map(|(object, _)| object.clone()).chain(organizations).chain(users).chain(nothing).collect()
}

/// All actions, and an unknown one.
fn all_actions() -> Vec<String> {
    actions().into_iter().chain(["no.such".to_owned(), String::new()]).collect()
}

fn number(directory: &Directory, part: Field, name: &str) -> u32 {
    ordinal_of(directory, part, name).unwrap()
}

fn allows(directory: &Directory, principal: u32, action: u32, resource: u32) -> bool {
    boundary::is_allowed(directory, OrdinalRequest { principal, action, resource, surface: UNKNOWN }, at()).unwrap()
}

fn decide<'d>(directory: &'d Directory, principal: &str, action: &str, object: &str, at: Instant) -> Decision<'d> {
    directory.check_access(&AccessRequest::new(Reference::parse(principal).unwrap(), action, Reference::parse(object).unwrap(), at))
}

/// The error of a clock.
fn broken() -> Error {
    Reference::parse("no reference").unwrap_err()
}

fn request<'v>(principal: &'v str, action: &'v str, resource: &'v str, surface: &'v str) -> Value<'v> {
    let members = [("principal", principal), ("action", action), ("resource", resource), ("surface", surface)];
    Value::Object(members.into_iter().map(|(name, value)| (name.into(), Value::Text(value.into()))).collect())
}

/// Apart from the organization and the project.
fn without_scope(decision: Decision<'_>) -> Decision<'_> {
    let mut decision = decision;
    (decision.organization, decision.project) = (None, None);
    decision
}

/// The decisions of the outcomes so far.
#[derive(Default)]
struct Outcomes<'d>(BTreeMap<u32, Decision<'d>>);

impl<'d> Outcomes<'d> {
    fn check(&mut self, outcome: u32, decision: Decision<'d>) {
        assert_eq!(outcome % 2 == 1, decision.allowed, "{decision:?}");
        assert_eq!(outcome & SCOPED != 0, decision.organization.is_some() || decision.project.is_some(), "{decision:?}");
        assert_eq!(outcome >> 31, 0, "a host needs this bit");
        let same = *self.0.entry(outcome).or_insert(without_scope(decision));
        assert_eq!(same, without_scope(decision), "{outcome:#x}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn names_and_ordinals_give_equal_answers(world in worlds(), turn in 0..7_usize) {
        let (directory, actions) = (&world.directory, all_actions());
        let mut outcomes = Outcomes::default();
        for principal in &world.principals {
            let who = number(directory, Field::Principal, principal);
            for object in &objects(&world) {
                let on = number(directory, Field::Resource, object);
                for (place, action) in actions.iter().enumerate() {
                    let what = number(directory, Field::Action, action);
                    let decision = decide(directory, principal, action, object, at());
                    prop_assert_eq!(boundary::check_access(directory, [principal, action, object], at()).unwrap(), decision);
                    prop_assert_eq!(boundary::is_allowed(directory, [principal, action, object], at()), Ok(decision.allowed));
                    prop_assert_eq!(allows(directory, who, what, on), decision.allowed);
                    let numbered = |surface| OrdinalRequest { principal: who, action: what, resource: on, surface };
                    outcomes.check(outcome(directory, numbered(UNKNOWN), at()), decision);
                    prop_assert_eq!(boundary::check_access(directory, numbered(UNKNOWN), at()).unwrap(), decision);
                    for surface in SURFACES.into_iter().filter(|_| place % 7 == turn) {
                        let decision = boundary::check_access(directory, &request(principal, action, object, surface), at()).unwrap();
                        outcomes.check(outcome(directory, numbered(number(directory, Field::Surface, surface)), at()), decision);
                    }
                }
            }
        }
    }

    /// The clock is read only if the instant makes a difference, and then once: never for a user, unless something in the directory ends,
    /// is suspended, or becomes stale.
    #[test]
    fn the_clock_is_read_only_if_it_matters(world in worlds(), turn in 0..7_usize) {
        let (directory, actions) = (&world.directory, all_actions());
        let mut outcomes = Outcomes::default();
        for principal in &world.principals {
            let who = number(directory, Field::Principal, principal);
            prop_assert_eq!(who != UNKNOWN && who & TIMED != 0, who != UNKNOWN && (world.can_change() || ends(&world, principal)));
            for object in &objects(&world) {
                let on = number(directory, Field::Resource, object);
                for action in actions.iter().skip(turn).step_by(7) {
                    let what = number(directory, Field::Action, action);
                    let is_known = ![who, what, on].contains(&UNKNOWN);
                    let numbered = OrdinalRequest { principal: who, action: what, resource: on, surface: UNKNOWN };
                    let decision = decide(directory, principal, action, object, at());
                    for time in times() {
                        let then = decide(directory, principal, action, object, time);
                        outcomes.check(outcome(directory, numbered, time), then);
                        prop_assert!(who & TIMED != 0 || then == decision, "{then:?} {decision:?}");
                        let looks = Cell::new(0_u32);
                        let clock = |time| { looks.set(looks.get().saturating_add(1)); time };
                        let ask = |time| boundary::is_allowed(directory, [principal, action, object], || clock(time));
                        prop_assert_eq!(ask(Ok(time)), Ok(then.allowed));
                        let matters = is_known && who & TIMED != 0;
                        prop_assert_eq!(looks.take(), u32::from(matters));
                        prop_assert_eq!(ask(Err(broken())), if matters { Err(broken()) } else { Ok(then.allowed) });
                    }
                }
            }
        }
    }

    /// Ordinals of another directory, and ordinals that were never given, stand for an entry of this directory or for nothing.
    #[test]
    fn foreign_ordinals_grant_nothing(world in worlds(), other in worlds(), any in vec(any::<u32>(), 30), small in vec(0..400_u32, 30)) {
        let directory = &world.directory;
        let numbers = |world: &World, part, names: &[String]| -> BTreeMap<u32, String> {
            names.iter().map(|name| (number(&world.directory, part, name), name.clone())).filter(|(number, _)| *number != UNKNOWN).collect()
        };
        let here = [(Field::Principal, world.principals.clone()), (Field::Action, all_actions()), (Field::Resource, objects(&world))];
        let there = [(Field::Principal, other.principals.clone()), (Field::Action, all_actions()), (Field::Resource, objects(&other))];
        let [principals, actions, resources] = here.map(|(part, names)| numbers(&world, part, &names));
        let mut elsewhere: BTreeSet<_> = there.into_iter().flat_map(|(part, names)| numbers(&other, part, &names).into_keys()).collect();
        elsewhere.extend(any.into_iter().chain(small).chain((0..32).flat_map(|bit| [1 << bit, u32::MAX >> bit])));
        let elsewhere: Vec<_> = elsewhere.into_iter().collect();
        // The bit for time does not change the principal.
        let owner = |who: u32| principals.get(&who).or_else(|| principals.get(&(who ^ TIMED)));
        for (place, who) in elsewhere.iter().enumerate() {
            for on in &elsewhere {
                for what in elsewhere.iter().skip(place % 5).step_by(5) {
                    let allowed = allows(directory, *who, *what, *on);
                    let numbered = |surface| OrdinalRequest { principal: *who, action: *what, resource: *on, surface };
                    prop_assert_eq!(outcome(directory, numbered(UNKNOWN), at()) % 2 == 1, allowed);
                    let named = owner(*who).zip(actions.get(what)).zip(resources.get(on));
                    let right = named.is_some_and(|((principal, action), object)| decide(directory, principal, action, object, at()).allowed);
                    prop_assert_eq!(allowed, right, "{} {} {}", who, what, on);
                    // As a surface it is another one or none, which is harmless.
                    prop_assert_eq!(outcome(directory, numbered(*who), at()) >> 31, 0);
                }
            }
        }
    }

    /// Text that cannot be a name gets no ordinal, with the same error as a reference.
    #[test]
    fn invalid_names_have_no_ordinal(world in worlds(), name in "(user|api_key|project|file|.?)[:]?(.{0,20}|[a\u{e9}]{100,300})") {
        for part in [Field::Principal, Field::Resource] {
            let code = |error: Error| error.code();
            let found = ordinal_of(&world.directory, part, &name).map(|_| ()).map_err(code);
            prop_assert_eq!(found, Reference::parse(&name).map(|_| ()).map_err(code), "{}", name);
        }
        for part in [Field::Action, Field::Surface] {
            prop_assert_eq!(ordinal_of(&world.directory, part, &name).unwrap(), UNKNOWN);
        }
    }
}
