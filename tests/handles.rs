//! Handles and numbers of names answer what their names do, on random directories.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::arithmetic_side_effects, reason = "a test may stop at the first surprise")]

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

use bailiwick::boundary::{self, NumberedRequest, Part, SCOPED, TIMED, UNKNOWN, is_allowed_by_numbers, number_of, outcome};
use bailiwick::{AccessRequest, Decision, Directory, Instant, Reason, Reference, Value};
use proptest::collection::vec;
use proptest::prelude::*;
use worlds::{SURFACES, World, actions, at, list, text, worlds};

#[expect(dead_code, reason = "other tests ask more of a world")]
mod worlds;

/// The ends of time, and when the keys of random directories end and those that age are stale.
fn times() -> impl Iterator<Item = Instant> {
    let named = ["0001-01-01T00:00:00Z", "1970-01-01T00:00:00Z", "2025-12-01T00:00:00Z", "2026-01-31T00:00:00Z", "2026-04-01T00:00:00Z"];
    named.into_iter().map(|time| Instant::parse(time).unwrap()).chain([at(), Instant::LATEST])
}

/// Everything that can be asked about, and some names of nothing.
fn objects(world: &World) -> Vec<String> {
    let organizations = list(&world.document, "organizations").map(|organization| format!("organization:{}", text(organization, "id")));
    let users = world.principals.iter().filter(|principal| principal.starts_with("user:")).cloned();
    let nothing = ["organization:none", "project:none", "file:none", "team:blue", "api_key:none", "file:res:0_0_0"].map(str::to_owned);
    world.objects.iter().map(|(object, _)| object.clone()).chain(organizations).chain(users).chain(nothing).collect()
}

/// Every action, and what is none.
fn all_actions() -> Vec<String> {
    actions().into_iter().chain(["no.such".to_owned(), String::new()]).collect()
}

fn number(directory: &Directory, part: Part, name: &str) -> u32 {
    number_of(directory, part, name).unwrap()
}

fn decide<'d>(directory: &'d Directory, principal: &str, action: &str, object: &str, at: Instant) -> Decision<'d> {
    directory.check_access(&AccessRequest::new(Reference::parse(principal).unwrap(), action, Reference::parse(object).unwrap(), at))
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

/// What outcomes were seen to stand for.
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
    fn names_handles_and_numbers_answer_alike(world in worlds(), turn in 0..7_usize) {
        let (directory, actions) = (&world.directory, all_actions());
        let mut outcomes = Outcomes::default();
        for principal in &world.principals {
            let who = number(directory, Part::Principal, principal);
            let asking = directory.principal_handle(Reference::parse(principal).unwrap());
            prop_assert_eq!(who == UNKNOWN, asking.is_none());
            for object in &objects(&world) {
                let on = number(directory, Part::Resource, object);
                let asked = directory.resource_handle(Reference::parse(object).unwrap());
                prop_assert_eq!(on == UNKNOWN, asked.is_none());
                for (place, action) in actions.iter().enumerate() {
                    let what = number(directory, Part::Action, action);
                    let done = directory.action_handle(action);
                    prop_assert_eq!(what == UNKNOWN, done.is_none());
                    let decision = decide(directory, principal, action, object, at());
                    prop_assert_eq!(boundary::check_access_of(directory, principal, action, object, at()).unwrap(), decision);
                    prop_assert_eq!(boundary::is_allowed(directory, principal, action, object, at()), Ok(decision.allowed));
                    prop_assert_eq!(is_allowed_by_numbers(directory, who, what, on, at()), decision.allowed);
                    if let (Some(asking), Some(done), Some(asked)) = (asking, done, asked) {
                        prop_assert_eq!(asking.check_access(done, asked, at()), decision);
                        prop_assert_eq!(asking.is_allowed(done, asked, at()), decision.allowed);
                    }
                    let numbered = |surface| NumberedRequest { principal: who, action: what, resource: on, surface };
                    outcomes.check(outcome(directory, numbered(UNKNOWN), at()), decision);
                    prop_assert_eq!(boundary::decision(directory, numbered(UNKNOWN), at()), decision);
                    for surface in SURFACES.into_iter().filter(|_| place % 7 == turn) {
                        let decision = boundary::check_access(directory, &request(principal, action, object, surface), at()).unwrap();
                        outcomes.check(outcome(directory, numbered(number(directory, Part::Surface, surface)), at()), decision);
                    }
                }
            }
        }
    }

    /// Whom it says not to be of importance to, time is of no importance to. Others are asked for it, once.
    #[test]
    fn the_clock_is_looked_at_where_it_matters(world in worlds(), turn in 0..7_usize) {
        let (directory, actions) = (&world.directory, all_actions());
        let mut outcomes = Outcomes::default();
        for principal in &world.principals {
            let who = number(directory, Part::Principal, principal);
            for object in &objects(&world) {
                let on = number(directory, Part::Resource, object);
                for action in actions.iter().skip(turn).step_by(7) {
                    let what = number(directory, Part::Action, action);
                    let is_known = ![who, what, on].contains(&UNKNOWN);
                    let numbered = NumberedRequest { principal: who, action: what, resource: on, surface: UNKNOWN };
                    let decision = decide(directory, principal, action, object, at());
                    for time in times() {
                        let then = decide(directory, principal, action, object, time);
                        outcomes.check(outcome(directory, numbered, time), then);
                        prop_assert!(who & TIMED != 0 || then == decision, "{then:?} {decision:?}");
                        let looks = Cell::new(0_u32);
                        let clock = |time| { looks.set(looks.get().saturating_add(1)); time };
                        let allowed = boundary::is_allowed_by_clock(directory, principal, action, object, || clock(Some(time)));
                        prop_assert_eq!(allowed, is_known.then_some(then.allowed));
                        prop_assert_eq!(looks.take(), u32::from(is_known && who & TIMED != 0));
                        let allowed = boundary::is_allowed_by_clock(directory, principal, action, object, || clock(None));
                        prop_assert_eq!(allowed, (is_known && who & TIMED == 0).then_some(then.allowed));
                    }
                }
            }
        }
    }

    /// Numbers of another directory, and such that nobody was ever given, are of something of this one or of nothing.
    #[test]
    fn numbers_from_elsewhere_open_nothing(world in worlds(), other in worlds(), any in vec(any::<u32>(), 30), small in vec(0..400_u32, 30)) {
        let directory = &world.directory;
        let numbers = |world: &World, part, names: &[String]| -> BTreeMap<u32, String> {
            names.iter().map(|name| (number(&world.directory, part, name), name.clone())).filter(|(number, _)| *number != UNKNOWN).collect()
        };
        let here = [(Part::Principal, world.principals.clone()), (Part::Action, all_actions()), (Part::Resource, objects(&world))];
        let there = [(Part::Principal, other.principals.clone()), (Part::Action, all_actions()), (Part::Resource, objects(&other))];
        let [principals, actions, resources] = here.map(|(part, names)| numbers(&world, part, &names));
        let mut elsewhere: BTreeSet<_> = there.into_iter().flat_map(|(part, names)| numbers(&other, part, &names).into_keys()).collect();
        elsewhere.extend(any.into_iter().chain(small).chain((0..32).flat_map(|bit| [1 << bit, u32::MAX >> bit])));
        let elsewhere: Vec<_> = elsewhere.into_iter().collect();
        // The bit that speaks of time says nothing of whom.
        let owner = |who: u32| principals.get(&who).or_else(|| principals.get(&(who ^ TIMED)));
        for (place, who) in elsewhere.iter().enumerate() {
            for on in &elsewhere {
                for what in elsewhere.iter().skip(place % 5).step_by(5) {
                    let allowed = is_allowed_by_numbers(directory, *who, *what, *on, at());
                    let numbered = |surface| NumberedRequest { principal: *who, action: *what, resource: *on, surface };
                    prop_assert_eq!(outcome(directory, numbered(UNKNOWN), at()) % 2 == 1, allowed);
                    let named = owner(*who).zip(actions.get(what)).zip(resources.get(on));
                    let right = named.is_some_and(|((principal, action), object)| decide(directory, principal, action, object, at()).allowed);
                    prop_assert_eq!(allowed, right, "{} {} {}", who, what, on);
                    // As a surface it is another one or none, and no harm.
                    prop_assert_eq!(outcome(directory, numbered(*who), at()) >> 31, 0);
                }
            }
        }
    }

    /// Handles of another directory are of what this one does not know, however alike the two are.
    #[test]
    fn handles_of_another_directory_open_nothing(world in worlds(), turn in 0..7_usize) {
        let twin = Directory::from_json(world.document.to_string().as_bytes()).unwrap();
        let copy = world.directory.clone();
        let directory = &world.directory;
        for principal in &world.principals {
            let Some(asking) = directory.principal_handle(Reference::parse(principal).unwrap()) else { continue };
            for object in &objects(&world) {
                for action in actions().iter().skip(turn).step_by(7) {
                    let reference = Reference::parse(object).unwrap();
                    let Some(on) = directory.resource_handle(reference) else { continue };
                    let what = directory.action_handle(action).unwrap();
                    for other in [&twin, &copy] {
                        let (their_action, theirs) = (other.action_handle(action).unwrap(), other.resource_handle(reference).unwrap());
                        prop_assert_eq!(asking.check_access(their_action, on, at()), decide(directory, principal, "no.such", object, at()));
                        prop_assert_eq!(asking.check_access(their_action, theirs, at()).reason, Reason::UnknownAction);
                        prop_assert_eq!(asking.check_access(what, theirs, at()), decide(directory, principal, action, "file:none", at()));
                        let pairs = [(their_action, on), (their_action, theirs), (what, theirs)];
                        prop_assert!(pairs.into_iter().all(|(action, object)| !asking.is_allowed(action, object, at())));
                    }
                }
            }
        }
    }

    /// A number is refused to what can be no name, for the reason for which a reference is.
    #[test]
    fn what_is_no_name_has_no_number(world in worlds(), name in "(user|api_key|project|file|.?)[:]?(.{0,20}|[a\u{e9}]{100,300})") {
        for part in [Part::Principal, Part::Resource] {
            let code = |error: bailiwick::Error| error.code();
            let found = number_of(&world.directory, part, &name).map(|_| ()).map_err(code);
            prop_assert_eq!(found, Reference::parse(&name).map(|_| ()).map_err(code), "{}", name);
        }
        for part in [Part::Action, Part::Surface] {
            prop_assert_eq!(number_of(&world.directory, part, &name).unwrap(), UNKNOWN);
        }
    }
}
