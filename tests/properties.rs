//! What must hold for every directory, tried on random ones.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may stop at the first surprise")]

use bailiwick::{AccessRequest, Attribution, AttributionReason, Directory, Instant, Reason, Reference, Usage, boundary};
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Value as Json, json};

const POLICY: &str = include_str!("../core/policies/projects-2026-02.json");
const USERS: usize = 6;

/// Everything that a random directory consists of: small numbers from which a valid document is made.
#[derive(Clone, Debug)]
struct Plan {
    /// For each user: the organization (if that many there are) and whether as an admin.
    homes: Vec<(usize, bool)>,
    organizations: Vec<Vec<ProjectPlan>>,
}

#[derive(Clone, Debug)]
struct ProjectPlan {
    allows_externals: bool,
    rows: Vec<Option<bool>>,
    keys: Vec<(usize, u8)>,
    kinds: Vec<usize>,
}

fn plans() -> impl Strategy<Value = Plan> {
    let project = (any::<bool>(), vec(any::<Option<bool>>(), USERS), vec((0..USERS, 0..3_u8), 0..3), vec(0..12_usize, 0..3))
        .prop_map(|(allows_externals, rows, keys, kinds)| ProjectPlan { allows_externals, rows, keys, kinds });
    (vec((0..4_usize, any::<bool>()), USERS), vec(vec(project, 1..4), 1..4))
        .prop_map(|(homes, organizations)| Plan { homes, organizations })
}

fn role(is_admin: bool) -> &'static str {
    if is_admin { "admin" } else { "member" }
}

fn kinds() -> Vec<String> {
    let policy: Json = serde_json::from_str(POLICY).unwrap();
    policy["kinds"]
        .as_array()
        .unwrap()
        .iter()
        .map(|kind| kind["kind"].as_str().unwrap().to_owned())
        .filter(|kind| kind != "api_key")
        .collect()
}

/// Every action of the built-in policy.
fn actions() -> Vec<String> {
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

fn document(plan: &Plan) -> Json {
    let kinds = kinds();
    let organizations: Vec<Json> = plan.organizations.iter().enumerate().map(|(o, projects)| {
        let mut members = vec![json!({"user": format!("owner_{o}"), "role": "admin"})];
        for (user, (home, is_admin)) in plan.homes.iter().enumerate().filter(|(_, (home, _))| *home == o) {
            members.push(json!({"user": format!("user_{user}"), "role": role(*is_admin), }));
            assert_eq!(*home, o);
        }
        let projects: Vec<Json> = projects.iter().enumerate().map(|(p, project)| {
            let rows = project.rows.iter().enumerate().filter_map(|(user, row)| Some(json!({"user": format!("user_{user}"), "role": role((*row)?)})));
            let keys = project.keys.iter().enumerate().map(|(k, (creator, state))| json!({
                "id": format!("key_{o}_{p}_{k}"), "created_by": format!("user_{creator}"),
                "revoked_at": if *state == 1 { json!("2026-01-01T00:00:00Z") } else { Json::Null },
                "expires_at": if *state == 2 { json!("2026-03-01T00:00:00Z") } else { Json::Null },
            }));
            let resources = project.kinds.iter().enumerate().map(|(r, kind)| json!({"id": format!("res_{o}_{p}_{r}"), "kind": kinds[*kind]}));
            json!({
                "id": format!("prj_{o}_{p}"), "default": p == 0, "allow_external_collaborators": project.allows_externals,
                "collaborators": rows.collect::<Vec<_>>(), "api_keys": keys.collect::<Vec<_>>(), "resources": resources.collect::<Vec<_>>(),
            })
        }).collect();
        json!({"id": format!("org_{o}"), "owner": format!("owner_{o}"), "members": members, "projects": projects})
    }).collect();
    json!({"format": "bailiwick/1", "revision": 7, "organizations": organizations})
}

/// A random directory with all its principals, projects and resources by their references.
#[derive(Debug)]
struct World {
    document: Json,
    directory: Directory,
    principals: Vec<String>,
    projects: Vec<String>,
    objects: Vec<(String, String)>,
}

fn worlds() -> impl Strategy<Value = World> {
    plans().prop_map(|plan| {
        let document = document(&plan);
        let directory = Directory::from_json(document.to_string().as_bytes()).unwrap();
        let (mut principals, mut projects, mut objects) = (vec!["user:nobody".to_owned(), "robot:x".to_owned()], Vec::new(), Vec::new());
        principals.extend((0..USERS).map(|user| format!("user:user_{user}")));
        for (o, organization) in plan.organizations.iter().enumerate() {
            principals.push(format!("user:owner_{o}"));
            for (p, project) in organization.iter().enumerate() {
                let id = format!("prj_{o}_{p}");
                objects.push((format!("project:{id}"), id.clone()));
                let kinds = kinds();
                objects.extend(project.kinds.iter().enumerate().map(|(r, kind)| (format!("{}:res_{o}_{p}_{r}", kinds[*kind]), id.clone())));
                for k in 0..project.keys.len() {
                    principals.push(format!("api_key:key_{o}_{p}_{k}"));
                    objects.push((format!("api_key:key_{o}_{p}_{k}"), id.clone()));
                }
                projects.push(id);
            }
        }
        World { document, directory, principals, projects, objects }
    })
}

fn at() -> Instant {
    Instant::parse("2026-02-01T00:00:00Z").unwrap()
}

impl World {
    fn each_question(&self, mut then: impl FnMut(&str, &str, &(String, String), AccessRequest<'_>)) {
        let actions = actions();
        for principal in &self.principals {
            for object in &self.objects {
                for action in &actions {
                    let request =
                        AccessRequest::new(Reference::parse(principal).unwrap(), action, Reference::parse(&object.0).unwrap(), at());
                    then(principal, action, object, request);
                }
            }
        }
    }

    fn entry(&self, project: &str) -> (&Json, &Json) {
        let organizations = self.document["organizations"].as_array().unwrap();
        organizations
            .iter()
            .flat_map(|organization| organization["projects"].as_array().unwrap().iter().map(move |entry| (organization, entry)))
            .find(|(_, entry)| entry["id"] == project)
            .unwrap()
    }

    /// The roles that a user has in a project, read off the document: what isolation and the strongest role are measured by.
    fn roles(&self, principal: &str, project: &str) -> Vec<String> {
        let user = principal.strip_prefix("user:").unwrap();
        let (organization, entry) = self.entry(project);
        let find = |list: &Json| {
            list.as_array().unwrap().iter().find(|row| row["user"] == user).map(|row| row["role"].as_str().unwrap().to_owned())
        };
        let (member, row) = (find(&organization["members"]), find(&entry["collaborators"]));
        let implied = member.clone().filter(|role| role == "admin");
        let automatic = member.clone().filter(|_| entry["default"] == true).map(|_| "member".to_owned());
        let row = row.filter(|_| member.is_some() || entry["allow_external_collaborators"] == true);
        [row, implied, automatic].into_iter().flatten().collect()
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    /// A19 to A22: without a role in a project, or with another project's key, nothing in it is reached.
    #[test]
    fn projects_are_isolated(world in worlds()) {
        world.each_question(|principal, action, (object, project), request| {
            let reaches = match principal.strip_prefix("api_key:") {
                Some(key) => key.starts_with(&project.replace("prj", "key")),
                None => principal.starts_with("user:") && !world.roles(principal, project).is_empty(),
            };
            let decision = world.directory.check_access(&request);
            assert!(reaches || !decision.allowed, "{principal} {action} {object}: {decision:?}");
        });
    }

    /// A19: the strongest of a user's roles decides.
    #[test]
    fn the_strongest_role_wins(world in worlds()) {
        world.each_question(|principal, action, (object, project), request| {
            let decision = world.directory.check_access(&request);
            if principal.starts_with("user:") && decision.allowed {
                let strongest = if world.roles(principal, project).iter().any(|role| role == "admin") { "admin" } else { "member" };
                assert_eq!(decision.role, Some(strongest), "{principal} {action} {object}");
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
        world.each_question(|principal, _, _, request| {
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
        world.each_question(|principal, action, (object, _), request| {
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
                for surface in ["api", "ui", "playground"] {
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
        world.each_question(|_, _, _, request| assert_eq!(again.check_access(&request), world.directory.check_access(&request)));
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
