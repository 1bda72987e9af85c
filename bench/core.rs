//! The core beside a floor that a developer would write by hand: nested hash maps, no rules beyond look-ups, no explanations.
//!
//! `make bench` runs it. Both are asked the same requests in turn, round by round, so that a busy machine slows both alike; the
//! medians and their ratio are printed.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a benchmark may stop at the first surprise")]

use std::collections::{HashMap, HashSet};
use std::hint::black_box;
use std::time::Instant as Clock;
use std::{env, fs};

use bailiwick::{AccessRequest, Directory, Instant, Reference, Usage, boundary};
use serde_json::Value as Json;

const ROUNDS: usize = 60;

/// What a developer would write by hand.
#[derive(Default)]
struct Floor {
    homes: HashMap<String, (String, String)>,
    keys: HashMap<String, String>,
    defaults: HashSet<String>,
    projects: HashMap<String, String>,
    resources: HashMap<String, (String, String)>,
    rows: HashMap<String, HashMap<String, String>>,
    permissions: HashMap<String, HashSet<String>>,
    key_permissions: HashSet<String>,
}

impl Floor {
    fn load(document: &Json, policy: &Json) -> Self {
        let text = |value: &Json| value.as_str().unwrap().to_owned();
        let mut floor = Self::default();
        for organization in document["organizations"].as_array().unwrap() {
            for member in organization["members"].as_array().unwrap() {
                floor.homes.insert(text(&member["user"]), (text(&organization["id"]), text(&member["role"])));
            }
            for project in organization["projects"].as_array().unwrap() {
                let id = text(&project["id"]);
                floor.projects.insert(id.clone(), text(&organization["id"]));
                if project["default"] == true {
                    floor.defaults.insert(id.clone());
                }
                for row in project["collaborators"].as_array().unwrap() {
                    floor.rows.entry(id.clone()).or_default().insert(text(&row["user"]), text(&row["role"]));
                }
                for key in project["api_keys"].as_array().unwrap() {
                    floor.keys.insert(text(&key["id"]), id.clone());
                }
                for resource in project["resources"].as_array().unwrap() {
                    floor.resources.insert(text(&resource["id"]), (text(&resource["kind"]), id.clone()));
                }
            }
        }
        for table in ["organization_actions", "project_actions"] {
            for row in policy[table].as_array().unwrap() {
                for role in row["roles"].as_array().into_iter().flatten() {
                    floor.permissions.entry(text(role)).or_default().insert(text(&row["action"]));
                }
            }
        }
        for kind in policy["kinds"].as_array().unwrap() {
            for group in kind["verbs"].as_array().unwrap() {
                for (role, verb) in group["roles"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .flat_map(|role| group["verbs"].as_array().unwrap().iter().map(move |verb| (role, verb)))
                {
                    floor.permissions.entry(text(role)).or_default().insert(format!("{}.{}", text(&kind["kind"]), text(verb)));
                }
            }
            for verb in kind["api_key_verbs"].as_array().into_iter().flatten() {
                floor.key_permissions.insert(format!("{}.{}", text(&kind["kind"]), text(verb)));
            }
        }
        floor
    }

    fn is_allowed(&self, principal: &str, action: &str, resource: &str) -> bool {
        self.decide(principal, action, resource).unwrap_or(false)
    }

    fn decide(&self, principal: &str, action: &str, resource: &str) -> Option<bool> {
        let (principal_type, principal) = principal.split_once(':')?;
        let (resource_type, resource) = resource.split_once(':')?;
        if resource_type == "organization" {
            let (organization, role) = self.homes.get(principal)?;
            return Some(organization == resource && self.permissions.get(role)?.contains(action));
        }
        let project = match resource_type {
            "project" => resource,
            kind => {
                let (found, project) = self.resources.get(resource)?;
                if found != kind {
                    return None;
                }
                project
            }
        };
        if principal_type == "api_key" {
            return Some(self.keys.get(principal)? == project && self.key_permissions.contains(action));
        }
        let organization = self.projects.get(project)?;
        let member = self.homes.get(principal).filter(|(home, _)| home == organization);
        let role = match (self.rows.get(project).and_then(|rows| rows.get(principal)), member) {
            (_, Some((_, role))) if role == "admin" => role,
            (Some(role), _) => role,
            (None, Some((_, role))) if self.defaults.contains(project) => role,
            _ => return None,
        };
        Some(self.permissions.get(role)?.contains(action))
    }
}

fn main() {
    let folder = env::var("BENCH_DATA").unwrap_or_else(|_| concat!(env!("CARGO_MANIFEST_DIR"), "/../target/bench").to_owned());
    let text = fs::read(format!("{folder}/directory.json")).unwrap();
    let requests: Vec<Json> = serde_json::from_slice(&fs::read(format!("{folder}/requests.json")).unwrap()).unwrap();
    let policy: Json = serde_json::from_str(include_str!("../core/policies/projects-2026-02.json")).unwrap();

    let before = resident_kilobytes();
    let clock = Clock::now();
    let directory = Directory::from_json(&text).unwrap();
    let load = clock.elapsed();
    let after = resident_kilobytes();
    println!(
        "core   load {:.1} MB of JSON in {load:.1?}; {} kB more resident, parsing included",
        text.len() as f64 / 1e6,
        after.saturating_sub(before)
    );

    let floor = Floor::load(&serde_json::from_slice(&text).unwrap(), &policy);
    let at = Instant::parse("2026-02-01T00:00:00Z").unwrap();
    let questions: Vec<[&str; 3]> =
        requests.iter().map(|request| ["principal", "action", "resource"].map(|name| request[name].as_str().unwrap())).collect();
    for (request, [principal, action, resource]) in requests.iter().zip(&questions) {
        let expected = request["allowed"].as_bool().unwrap();
        assert_eq!(floor.is_allowed(principal, action, resource), expected, "the floor on {request}");
        assert_eq!(boundary::is_allowed(&directory, principal, action, resource, at).unwrap(), expected, "the core on {request}");
    }

    let measured = interleaved(
        &questions,
        &mut [
            ("floor", &mut |[principal, action, resource]| floor.is_allowed(principal, action, resource)),
            ("is_allowed", &mut |[principal, action, resource]| boundary::is_allowed(&directory, principal, action, resource, at).unwrap()),
            ("check_access", &mut |[principal, action, resource]| {
                let principal = Reference::parse(principal).unwrap();
                let request = AccessRequest::new(principal, action, Reference::parse(resource).unwrap(), at);
                directory.check_access(black_box(&request)).allowed
            }),
            ("attribute", &mut |[principal, _, resource]| {
                let (kind, _) = resource.split_once(':').unwrap();
                let resource = Reference::parse(resource).unwrap();
                let usage = Usage {
                    principal: Reference::parse(principal).unwrap(),
                    kind,
                    surface: None,
                    project: None,
                    resource: Some(resource),
                    at,
                };
                directory.attribute(black_box(&usage)).is_ok_and(|attribution| attribution.matches_intended)
            }),
        ],
    );
    let floor = measured[0].1;
    for (name, nanoseconds) in measured {
        println!("core   {name:14} {nanoseconds:7.1} ns   {:5.2} × floor", nanoseconds / floor);
    }
}

type Candidate<'c, 'q> = (&'static str, &'c mut dyn FnMut(&[&'q str; 3]) -> bool);

/// The median nanoseconds a call of each candidate, measured in turn.
fn interleaved<'q>(questions: &[[&'q str; 3]], candidates: &mut [Candidate<'_, 'q>]) -> Vec<(&'static str, f64)> {
    let mut times = vec![Vec::with_capacity(ROUNDS); candidates.len()];
    for _ in 0..ROUNDS {
        for ((_, candidate), times) in candidates.iter_mut().zip(&mut times) {
            // Once without the clock, so that nobody pays for the cache lines that the one before has driven out.
            for question in questions {
                black_box(candidate(black_box(question)));
            }
            let clock = Clock::now();
            for question in questions {
                black_box(candidate(black_box(question)));
            }
            times.push(clock.elapsed().as_secs_f64() * 1e9 / questions.len() as f64);
        }
    }
    let median = |times: &mut Vec<f64>| {
        times.sort_by(f64::total_cmp);
        times[times.len() / 2]
    };
    candidates.iter().zip(&mut times).map(|((name, _), times)| (*name, median(times))).collect()
}

/// Resident memory by the operating system's account; 0 where it gives none.
fn resident_kilobytes() -> usize {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.trim().strip_suffix(" kB")).and_then(|number| number.parse().ok()).unwrap_or(0)
}
