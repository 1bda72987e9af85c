//! Random documents without the fields of the model of 2026-09: small numbers from which a valid document is made.

use std::collections::HashSet;

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use serde_json::{Value as Json, json};

use super::{POLICY, digest, kinds};

pub(super) const USERS: usize = 6;

/// The parts of a random directory: small numbers from which a valid document is made.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    pub(super) has_own_policy: bool,
    ages: bool,
    /// Whether every list is reversed, so that it is not sorted by id.
    is_reversed: bool,
    /// For each user: the organization (if there are that many), the role in it, and the user's own entry.
    users: Vec<(usize, usize, u8)>,
    organizations: Vec<OrganizationPlan>,
}

#[derive(Clone, Debug)]
struct OrganizationPlan {
    is_sso: bool,
    has_default_key: bool,
    projects_since: Option<bool>,
    projects: Vec<ProjectPlan>,
}

#[derive(Clone, Debug)]
struct ProjectPlan {
    allows_externals: bool,
    rows: Vec<Option<usize>>,
    /// For each key: its creator, its end, and its secret.
    keys: Vec<(usize, u8, Option<usize>)>,
    /// For each resource: its kind and its creator.
    resources: Vec<(usize, Option<usize>)>,
}

pub(super) fn plans() -> impl Strategy<Value = Plan> {
    let keys = vec((0..USERS, 0..3_u8, option::of(0..8_usize)), 0..3);
    let resources = vec((0..12_usize, option::of(0..USERS)), 0..3);
    let projects = vec((any::<bool>(), vec(option::of(0..3_usize), USERS), keys, resources), 1..4).prop_map(|projects| {
        let plan = |(allows_externals, rows, keys, resources)| ProjectPlan { allows_externals, rows, keys, resources };
        projects.into_iter().map(plan).collect()
    });
    let organizations = (any::<bool>(), any::<bool>(), option::of(any::<bool>()), projects).prop_map(
        |(is_sso, has_default_key, projects_since, projects)| OrganizationPlan { is_sso, has_default_key, projects_since, projects },
    );
    (any::<(bool, bool, bool)>(), vec((0..4_usize, 0..3_usize, 0..4_u8), USERS), vec(organizations, 1..4)).prop_map(
        |((has_own_policy, ages, is_reversed), users, organizations)| Plan { has_own_policy, ages, is_reversed, users, organizations },
    )
}

/// The built-in policy with a weakest organization role and project role without permissions, and without the permissions for two changes.
pub(super) fn own_policy() -> Json {
    let mut policy: Json = serde_json::from_str(POLICY).unwrap();
    policy["id"] = json!("own");
    policy["organization_roles"].as_array_mut().unwrap().push(json!({"role": "visitor", "project_role": "visitor"}));
    policy["project_roles"].as_array_mut().unwrap().push(json!("visitor"));
    policy["default_project_role"] = Json::Null;
    policy["collaborator_role"] = json!("visitor");
    policy["changes"].as_object_mut().unwrap().retain(|change, _| change != "add_member" && change != "remove_resource");
    policy
}

/// The ids of users: one of them has every character that an id may have.
pub(super) fn user(number: usize) -> String {
    if number == 0 { "user:0 \"é\\\u{1f600}\u{2028}".to_owned() } else { format!("user_{number}") }
}

fn turned(mut list: Vec<Json>, is_reversed: bool) -> Vec<Json> {
    if is_reversed {
        list.reverse();
    }
    list
}

pub(super) fn document(plan: &Plan) -> Json {
    let organizations = plan.organizations.iter().enumerate().map(|(o, organization)| organization_entry(plan, o, organization));
    let mut document = json!({"format": "bailiwick/1", "revision": 7});
    if plan.ages {
        document["issued_at"] = json!("2026-01-31T00:00:00Z");
        document["max_age_seconds"] = json!(10 * 86_400);
    }
    if plan.has_own_policy {
        document["policy"] = own_policy();
    }
    document["users"] = plan.users.iter().enumerate().filter_map(|(number, listed)| user_entry(plan, number, *listed)).collect();
    document["organizations"] = turned(organizations.collect(), plan.is_reversed).into();
    take_repeated_digests(&mut document);
    document
}

/// No two keys that are not revoked have one digest.
fn take_repeated_digests(document: &mut Json) {
    let mut taken = HashSet::new();
    for organization in document["organizations"].as_array_mut().unwrap() {
        for project in organization["projects"].as_array_mut().unwrap() {
            for key in project["api_keys"].as_array_mut().unwrap() {
                if key["revoked_at"].is_null() && key["digest"].is_string() && !taken.insert(key["digest"].to_string()) {
                    key["digest"] = Json::Null;
                }
            }
        }
    }
}

fn user_entry(plan: &Plan, number: usize, (home, _, entry): (usize, usize, u8)) -> Option<Json> {
    let id = user(number);
    let is_member = home < plan.organizations.len();
    match entry {
        0 => None,
        1 => Some(json!({"id": id, "email": format!("{number}@a.test")})),
        2 if is_member => Some(json!({"id": id, "organization": format!("org_{home}")})),
        _ if is_member => Some(json!({"id": id})),
        _ => Some(json!({"id": id, "organization": "org_elsewhere"})),
    }
}

fn organization_entry(plan: &Plan, o: usize, organization: &OrganizationPlan) -> Json {
    let role = |number: usize| match number {
        0 => "admin",
        2 if plan.has_own_policy => "visitor",
        _ => "member",
    };
    let mut members = vec![json!({"user": format!("owner_{o}"), "role": "admin"})];
    for (number, (_, rank, _)) in plan.users.iter().enumerate().filter(|(_, (home, ..))| *home == o) {
        members.push(json!({"user": user(number), "role": role(*rank)}));
    }
    let projects = organization.projects.iter().enumerate().map(|(p, project)| {
        let rows = project.rows.iter().enumerate().filter_map(|(number, row)| Some(json!({"user": user(number), "role": role((*row)?)})));
        let mut keys: Vec<_> = project
            .keys
            .iter()
            .enumerate()
            .map(|(k, (creator, end, secret))| {
                json!({
                    "id": format!("key_{o}_{p}_{k}"), "created_by": user(*creator),
                    "revoked_at": if *end == 1 { json!("2026-01-01T00:00:00Z") } else { Json::Null },
                    "expires_at": if *end == 2 { json!("2026-03-01T00:00:00Z") } else { Json::Null },
                    "digest": secret.map(digest),
                })
            })
            .collect();
        if organization.has_default_key && p == 0 {
            keys.push(json!({"id": format!("default_{o}"), "name": "default", "kind": "organization_default", "digest": digest(8 + o)}));
        }
        let kinds = kinds();
        let resources = project.resources.iter().enumerate().map(|(r, (kind, creator))| {
            json!({
                "id": format!("res:{o}_{p}_{r}"), "kind": kinds[*kind], "created_by": creator.map(user),
                "created_at": creator.map(|_| "2025-12-31T23:59:59.999Z"),
            })
        });
        json!({
            "id": format!("prj_{o}_{p}"), "default": p == 0, "allow_external_collaborators": project.allows_externals,
            "collaborators": turned(rows.collect(), plan.is_reversed), "api_keys": turned(keys, plan.is_reversed),
            "resources": turned(resources.collect(), plan.is_reversed),
        })
    });
    json!({
        "id": format!("org_{o}"), "name": "An organization", "owner": format!("owner_{o}"),
        "membership": if organization.is_sso { "sso" } else { "invitation" },
        "multi_project": organization.projects.len() > 1 || !organization.is_sso,
        "projects_since": organization.projects_since.map(|is_past| if is_past { "2026-01-01T00:00:00Z" } else { "2027-01-01T00:00:00Z" }),
        "members": turned(members, plan.is_reversed), "projects": turned(projects.collect(), plan.is_reversed),
    })
}
