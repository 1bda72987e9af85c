//! A million changes, one by one: entries are added and removed, and in the end the directory is about as large as before.
//!
//! Every change follows from its number, so that no record adds to the measured memory. Entries that cannot be removed (projects and keys)
//! are added rarely: in the end there is a tenth more of them.

use std::borrow::Cow;
use std::time::Duration;

use bailiwick::{Directory, Value, boundary};

use crate::measure::{now, object, timed_and_worked};

pub(crate) const CHANGES: usize = 1_000_000;

// The generated directory (`bench/generate.py --size large`).
const ORGANIZATIONS: usize = 10;
const PROJECTS: usize = 100;
const RESOURCES: usize = 500;
const GUESTS: usize = 5;
const KEYS: usize = 5;
const ALL_PROJECTS: usize = ORGANIZATIONS * PROJECTS;
const ALL_RESOURCES: usize = ALL_PROJECTS * RESOURCES;

/// The number of changes in a round, and of resources that are replaced in it.
const ROUND: usize = 20;
const REPLACED: usize = 5;
/// After this many rounds, added users are removed.
const STAY: usize = 2_000;
/// A prime, so that resources are replaced in another order than that of the tables.
const STRIDE: usize = 7_919;

/// Makes the change of that number. Returns its time by the clock and by the CPU.
pub(crate) fn apply(directory: &mut Directory, number: usize, kinds: &[String]) -> (Duration, Duration) {
    let (change, actor) = change(number, kinds);
    let terms = object(&actor.iter().map(|actor| ("actor", actor.as_str())).collect::<Vec<_>>());
    timed_and_worked(|| assert!(boundary::apply(directory, &change, &terms, now()).is_ok()))
}

/// How often each resource of the generated directory has been replaced, after all changes.
pub(crate) fn generations() -> Vec<usize> {
    let mut generations = vec![0; ALL_RESOURCES];
    for step in 0..CHANGES / ROUND * REPLACED {
        generations[place_in_order(step)] += 1;
    }
    generations
}

/// The name of the replacement of a generated resource: as long as the original, so that the texts do not grow.
pub(crate) fn renamed(id: &str, generations: &[usize]) -> String {
    let numbers: Vec<usize> = id.split('_').skip(1).map(|part| part.parse().unwrap()).collect();
    let place = (numbers[0] * PROJECTS + numbers[1]) * RESOURCES + numbers[2];
    resource(place, generations[place])
}

fn place_in_order(step: usize) -> usize {
    step * STRIDE % ALL_RESOURCES
}

fn resource(place: usize, generation: usize) -> String {
    let prefix = if generation == 0 { "res".to_owned() } else { format!("r{generation:02}") };
    format!("{prefix}_{}_{:05}", &project(place / RESOURCES)[4..], place % RESOURCES)
}

fn project(number: usize) -> String {
    format!("prj_{}_{:04}", number / PROJECTS % ORGANIZATIONS, number % PROJECTS)
}

/// A project that allows external collaborators: this one, or the next one if `bench/generate.py` has closed it.
fn open(number: usize) -> usize {
    let is_closed = (number / PROJECTS % ORGANIZATIONS).is_multiple_of(2) && number % PROJECTS % 3 == 2;
    number + usize::from(is_closed)
}

/// A change and its actor; none for the platform.
fn change(number: usize, kinds: &[String]) -> (Value<'static>, Option<String>) {
    let (round, turn) = (number / ROUND, number % ROUND);
    if turn < 2 * REPLACED {
        return replacement(round * REPLACED + turn / 2, turn % 2 == 0, kinds);
    }
    let organization = round % ORGANIZATIONS;
    let own = organization * PROJECTS + round / ORGANIZATIONS % PROJECTS;
    let host = open(7 * round);
    let (of_guest, of_external) = (project(host), project(open(7 * round + 250)));
    let guest = format!("usr_guest_{}_{}_{}", host / PROJECTS % ORGANIZATIONS, host % PROJECTS, round / ALL_PROJECTS % GUESTS);
    let gone = round.checked_sub(STAY);
    let change = match turn {
        10 => add_collaborator(of_external, format!("ext_{round:06}")),
        11 => match gone {
            Some(gone) => remove_collaborator(project(open(7 * gone + 250)), format!("ext_{gone:06}")),
            None => set_collaborator_role(of_external, format!("ext_{round:06}"), "admin"),
        },
        12 => remove_collaborator(of_guest, guest),
        13 => add_collaborator(of_guest, guest),
        14 => texts("add_member", [("organization", format!("org_{organization}")), ("user", format!("new_{round:06}"))]),
        15 => add_collaborator(project(own), format!("new_{round:06}")),
        16 => member_role(organization, round),
        17 => match gone {
            Some(gone) => {
                let organization = format!("org_{}", gone % ORGANIZATIONS);
                texts("remove_member", [("organization", organization), ("user", format!("new_{gone:06}"))])
            }
            None => set_collaborator_role(project(own), format!("new_{round:06}"), "admin"),
        },
        18 => project_or_key(round),
        // Never a project to which a user is added before it is open again.
        _ => match round % 4 {
            0 => set_external_collaborators(project(open(7 * (round + 1) + 500)), false),
            1 => set_external_collaborators(project(open(7 * round + 500)), true),
            _ => set_collaborator_role(of_external, format!("ext_{round:06}"), "admin"),
        },
    };
    (change, None)
}

/// A resource is removed, or the next one takes its place.
fn replacement(step: usize, goes: bool, kinds: &[String]) -> (Value<'static>, Option<String>) {
    let (place, generation) = (place_in_order(step), step / ALL_RESOURCES);
    let kind = kinds[place % RESOURCES % kinds.len()].clone();
    if goes {
        return (texts("remove_resource", [("resource", format!("{kind}:{}", resource(place, generation)))]), None);
    }
    let project = project(place / RESOURCES);
    let owner = format!("user:usr_{}_00000", place / RESOURCES / PROJECTS);
    (texts("add_resource", [("project", project), ("resource", resource(place, generation + 1)), ("kind", kind)]), Some(owner))
}

fn project_or_key(round: usize) -> Value<'static> {
    let key = format!("key_new_{:06}", round / 100);
    match round % 500 {
        0 => {
            let organization = format!("org_{}", round / 500 % ORGANIZATIONS);
            texts(
                "create_project",
                [("organization", organization), ("project", format!("prj_new_{round:06}")), ("name", "New".to_owned())],
            )
        }
        number if number % 100 == 50 => {
            texts("create_api_key", [("project", project(round / 100)), ("key", key), ("digest", format!("sha256:{round:064x}"))])
        }
        number if number % 100 == 99 => texts("revoke_api_key", [("key", key)]),
        _ => {
            let key = format!("key_{}_{}", &project(round / KEYS)[4..], round % KEYS);
            texts("expire_api_key", [("key", key), ("expires_at", "2027-02-01T00:00:00Z".to_owned())])
        }
    }
}

fn add_collaborator(project: String, user: String) -> Value<'static> {
    texts("add_collaborator", [("project", project), ("user", user)])
}

fn remove_collaborator(project: String, user: String) -> Value<'static> {
    texts("remove_collaborator", [("project", project), ("user", user)])
}

fn set_collaborator_role(project: String, user: String, role: &str) -> Value<'static> {
    texts("set_collaborator_role", [("project", project), ("user", user), ("role", role.to_owned())])
}

fn member_role(organization: usize, round: usize) -> Value<'static> {
    let role = "admin".to_owned();
    texts("set_member_role", [("organization", format!("org_{organization}")), ("user", format!("new_{round:06}")), ("role", role)])
}

fn set_external_collaborators(project: String, allowed: bool) -> Value<'static> {
    let Value::Object(mut members) = texts("set_external_collaborators", [("project", project)]) else { unreachable!() };
    members.push((Cow::Borrowed("allowed"), Value::Boolean(allowed)));
    Value::Object(members)
}

fn texts<const N: usize>(change: &str, fields: [(&'static str, String); N]) -> Value<'static> {
    let kind = ("type", change.to_owned());
    Value::Object([kind].into_iter().chain(fields).map(|(name, text)| (Cow::Borrowed(name), Value::Text(Cow::Owned(text)))).collect())
}
