//! Random directories, and facts from their documents that do not depend on the engine.

use std::collections::HashSet;
use std::fmt;

use bailiwick::{AccessRequest, Directory, Instant, Reference};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};

pub(crate) const SURFACES: [&str; 3] = ["api", "ui", "playground"];

const POLICY: &str = include_str!("../core/policies/projects-2026-02.json");
const USERS: usize = 6;

/// The parts of a random directory: small numbers from which a valid document is made.
#[derive(Clone, Debug)]
struct Plan {
    has_own_policy: bool,
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

fn plans() -> impl Strategy<Value = Plan> {
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
fn own_policy() -> Json {
    let mut policy: Json = serde_json::from_str(POLICY).unwrap();
    policy["id"] = json!("own");
    policy["organization_roles"].as_array_mut().unwrap().push(json!({"role": "visitor", "project_role": "visitor"}));
    policy["project_roles"].as_array_mut().unwrap().push(json!("visitor"));
    policy["default_project_role"] = Json::Null;
    policy["collaborator_role"] = json!("visitor");
    policy["changes"].as_object_mut().unwrap().retain(|change, _| change != "add_member" && change != "remove_resource");
    policy
}

/// The kinds that resources can have; both policies have the same.
pub(crate) fn kinds() -> Vec<String> {
    let policy: Json = serde_json::from_str(POLICY).unwrap();
    let kinds = policy["kinds"].as_array().unwrap().iter().map(|kind| kind["kind"].as_str().unwrap().to_owned());
    kinds.filter(|kind| kind != "api_key").collect()
}

/// Every action; both policies have the same.
pub(crate) fn actions() -> Vec<String> {
    let policy: Json = serde_json::from_str(POLICY).unwrap();
    let named =
        |table: &str| policy[table].as_array().unwrap().iter().map(|row| row["action"].as_str().unwrap().to_owned()).collect::<Vec<_>>();
    let mut actions = [named("organization_actions"), named("project_actions"), vec!["profile.read".to_owned()]].concat();
    for kind in policy["kinds"].as_array().unwrap() {
        for verb in kind["verbs"].as_array().unwrap().iter().flat_map(|group| group["verbs"].as_array().unwrap()) {
            actions.push(format!("{}.{}", kind["kind"].as_str().unwrap(), verb.as_str().unwrap()));
        }
    }
    actions
}

/// The ids of users: one of them has every character that an id may have.
fn user(number: usize) -> String {
    if number == 0 { "user:0 \"é\\\u{1f600}\u{2028}".to_owned() } else { format!("user_{number}") }
}

/// The digest of the secret `secret_<number>`.
pub(crate) fn digest(number: usize) -> String {
    let digest = Sha256::digest(format!("secret_{number}"));
    format!("sha256:{}", digest.iter().map(|byte| format!("{byte:02x}")).collect::<String>())
}

fn turned(mut list: Vec<Json>, is_reversed: bool) -> Vec<Json> {
    if is_reversed {
        list.reverse();
    }
    list
}

fn document(plan: &Plan) -> Json {
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

/// A directory with its document, and references to all of its entries. Some are unknown.
pub(crate) struct World {
    pub(crate) document: Json,
    pub(crate) directory: Directory,
    pub(crate) principals: Vec<String>,
    pub(crate) projects: Vec<String>,
    /// Projects and the resources in them, each with its project.
    pub(crate) objects: Vec<(String, String)>,
    policy: Json,
}

/// Shown on failure: the document, and the id of the policy.
impl fmt::Debug for World {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut document = self.document.clone();
        document["policy"] = self.policy["id"].clone();
        write!(formatter, "{document}")
    }
}

/// Random directories.
pub(crate) fn worlds() -> impl Strategy<Value = World> {
    plans().prop_map(|plan| World::of(Directory::from_json(document(&plan).to_string().as_bytes()).unwrap()))
}

pub(crate) fn at() -> Instant {
    Instant::parse("2026-02-01T00:00:00Z").unwrap()
}

/// The entries of a list; empty if there is no list.
pub(crate) fn list<'j>(document: &'j Json, name: &str) -> impl Iterator<Item = &'j Json> {
    document[name].as_array().into_iter().flatten()
}

/// The text of a member.
pub(crate) fn text<'j>(entry: &'j Json, name: &str) -> &'j str {
    entry[name].as_str().unwrap()
}

impl World {
    /// What the directory's document says.
    pub(crate) fn of(directory: Directory) -> Self {
        let document = serde_json::to_value(directory.to_document()).unwrap();
        let (mut users, mut keys, mut projects, mut objects) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        users.extend(list(&document, "users").map(|entry| text(entry, "id").to_owned()));
        for organization in list(&document, "organizations") {
            users.extend(list(organization, "members").map(|row| text(row, "user").to_owned()));
            for project in list(organization, "projects") {
                let id = text(project, "id");
                users.extend(list(project, "collaborators").map(|row| text(row, "user").to_owned()));
                objects.push((format!("project:{id}"), id.to_owned()));
                for key in list(project, "api_keys").map(|key| format!("api_key:{}", text(key, "id"))) {
                    objects.push((key.clone(), id.to_owned()));
                    keys.push(key);
                }
                for resource in list(project, "resources") {
                    objects.push((format!("{}:{}", text(resource, "kind"), text(resource, "id")), id.to_owned()));
                }
                projects.push(id.to_owned());
            }
        }
        users.sort_unstable();
        users.dedup();
        let strangers = ["user:nobody".to_owned(), "robot:x".to_owned()];
        let principals = users.iter().map(|user| format!("user:{user}")).chain(keys).chain(strangers).collect();
        let policy = if document["policy"].is_object() { document["policy"].clone() } else { serde_json::from_str(POLICY).unwrap() };
        Self { document, directory, principals, projects, objects, policy }
    }

    /// Asks about every action of every principal on all objects in projects, at an instant.
    pub(crate) fn each_question(&self, at: Instant, mut then: impl FnMut(&str, &str, &(String, String), AccessRequest<'_>)) {
        let actions = actions();
        for principal in &self.principals {
            for object in &self.objects {
                for action in &actions {
                    let request =
                        AccessRequest::new(Reference::parse(principal).unwrap(), action, Reference::parse(&object.0).unwrap(), at);
                    then(principal, action, object, request);
                }
            }
        }
    }

    /// The entries of the project and of its organization.
    pub(crate) fn entry(&self, project: &str) -> (&Json, &Json) {
        list(&self.document, "organizations")
            .flat_map(|organization| list(organization, "projects").map(move |entry| (organization, entry)))
            .find(|(_, entry)| entry["id"] == project)
            .unwrap()
    }

    /// The roles that a user has in a project by the document, strongest first: tests of isolation and of the strongest role compare with
    /// them.
    pub(crate) fn roles(&self, principal: &str, project: &str) -> Vec<String> {
        let Some(user) = principal.strip_prefix("user:") else { return Vec::new() };
        let (organization, entry) = self.entry(project);
        let find = |rows: &str, of: &Json| list(of, rows).find(|row| row["user"] == user).map(|row| text(row, "role").to_owned());
        let (member, row) = (find("members", organization), find("collaborators", entry));
        let implied = member.as_ref().and_then(|member| {
            let role = list(&self.policy, "organization_roles").find(|role| role["role"] == **member)?;
            role["project_role"].as_str().map(str::to_owned)
        });
        let automatic = self.policy["default_project_role"].as_str().map(str::to_owned);
        let automatic = automatic.filter(|_| member.is_some() && entry["default"] == true);
        let row = row.filter(|_| member.is_some() || entry["allow_external_collaborators"] == true);
        let mut roles: Vec<_> = [row, implied, automatic].into_iter().flatten().collect();
        roles.sort_by_key(|role| list(&self.policy, "project_roles").position(|other| *other == **role));
        roles
    }
}
