//! Previews, removals and secrets.

use crate::listings::ended_keys;
use crate::*;

/// The same directory, never stale.
pub(crate) fn ageless(directory: &Directory) -> Directory {
    let mut document = serde_json::to_value(directory.to_document()).unwrap();
    document["max_age_seconds"] = Json::Null;
    loaded(&document.to_string())
}

/// Where usage is booked.
pub(crate) fn place<'d>(
    directory: &'d Directory,
    principal: &str,
    kind: &str,
    surface: &str,
    project: &str,
    at: Instant,
) -> [Option<&'d str>; 2] {
    let principal = Reference::parse(principal).unwrap();
    let usage = Usage { principal, kind, surface: Some(surface), project: Some(project), resource: None, at };
    let attribution = directory.attribute(&usage).unwrap();
    [attribution.organization, attribution.project]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    /// A preview agrees with the change, for all principals, kinds and surfaces, and changes nothing.
    #[test]
    fn previews_tell_what_changes_do(mut world in plain_worlds(), drafts in plain_drafts(12)) {
        for draft in &drafts {
            let (change, terms) = draft.for_world(&world);
            let (written, bytes) = (document(&world.directory), snapshot(&world.directory));
            let preview = boundary::preview(&mut world.directory, &value(&change), &value(&terms), at());
            prop_assert_eq!((document(&world.directory), snapshot(&world.directory)), (written, bytes));
            let mut directory = world.directory.clone();
            let revision = apply(&mut directory, &(change.clone(), terms.clone()));
            prop_assert_eq!(preview.as_ref().map(|preview| preview.revision), revision.as_ref().copied());
            let Ok(preview) = preview else { continue };

            let when = Instant::parse(text(&terms, "at")).unwrap();
            let (before, after) = (ageless(&world.directory), ageless(&directory));
            let next = World::of(directory);
            let principals: BTreeSet<_> = world.principals.iter().chain(&next.principals).collect();
            let (mut lost, mut moved) = (Vec::new(), Vec::new());
            for principal in principals {
                let request = json!({"principal": principal, "at": terms["at"]});
                let (mut had, has) = (items(&before, "list_projects", &request), items(&after, "list_projects", &request));
                // An actor learns only about the organization of the change.
                had.retain(|project| terms["actor"].is_null() || is_of_organization(&world, project, &change));
                lost.extend(had.iter().filter(|project| !has.contains(project)).map(|project| (principal.clone(), project.clone())));
                let usages = had.iter().filter(|project| has.contains(project)).flat_map(|project| {
                    let kinds = kinds().into_iter().chain(["api_key".to_owned()]);
                    kinds.flat_map(move |kind| SURFACES.map(move |surface| (kind.clone(), surface, project)))
                });
                let is_moved = |(kind, surface, project): (String, &str, &String)| {
                    place(&before, principal, &kind, surface, project, when) != place(&after, principal, &kind, surface, project, when)
                };
                if usages.into_iter().any(is_moved) {
                    moved.push(principal.clone());
                }
            }
            let told: Vec<_> = preview.projects_lost.iter().map(|lost| (lost.principal.clone(), lost.project.clone())).collect();
            prop_assert_eq!(&told, &lost, "{}", change);
            prop_assert_eq!(&preview.booked_elsewhere, &moved, "{}", change);
            prop_assert_eq!(&preview.live_api_keys, &keys_left_behind(&world, &change, &told, when), "{}", change);
            world = next;
        }
    }

    /// A user who loses their role in a project is denied everything in it at once. The keys that they created still work.
    #[test]
    fn a_removed_user_loses_access_at_once_and_their_keys_stay_valid(mut world in plain_worlds(), drafts in plain_drafts(12)) {
        let (actions, when) = (actions(), at());
        let ask = |world: &World, principal: &str, action: &str, object: &str| {
            boundary::is_allowed(&world.directory, [principal, action, object], when).unwrap()
        };
        for draft in &drafts {
            let (change, terms) = draft.for_world(&world);
            let mut directory = world.directory.clone();
            if apply(&mut directory, &(change.clone(), terms)).is_err() {
                continue;
            }
            let next = World::of(directory);
            for principal in world.principals.iter().filter(|principal| principal.starts_with("user:")) {
                let listed = items(&next.directory, "list_projects", &json!({"principal": principal}));
                for project in next.projects.iter().filter(|project| next.roles(principal, project).is_empty()) {
                    assert!(!listed.contains(project), "{change}: {principal} {project}");
                    for (object, _) in next.objects.iter().filter(|(_, of)| of == project) {
                        let allowed = actions.iter().find(|action| ask(&next, principal, action, object));
                        prop_assert_eq!(allowed, None, "{}: {} {}", change, principal, object);
                    }
                }
            }
            let is_removal = ["remove_member", "remove_collaborator", "set_external_collaborators"].contains(&text(&change, "type"));
            for (key, project) in world.objects.iter().filter(|(object, _)| is_removal && object.starts_with("api_key:")) {
                for (action, (object, _)) in actions.iter().flat_map(|action| world.objects.iter().map(move |object| (action, object))) {
                    prop_assert_eq!(ask(&world, key, action, object), ask(&next, key, action, object), "{}: {} of {}", change, key, project);
                }
            }
            for key in ended_keys(&next, when) {
                let allowed = next.objects.iter().find(|(object, _)| actions.iter().any(|action| ask(&next, &key, action, object)));
                prop_assert_eq!(allowed, None, "{}: {}", change, key);
            }
            world = next;
        }
    }

    /// A secret belongs to the one key that has its digest; of several, to the one that is not revoked; to none if there is no such key or
    /// more than one.
    #[test]
    fn a_secret_belongs_to_the_one_key_with_its_digest(mut world in plain_worlds(), drafts in plain_drafts(24)) {
        for draft in &drafts {
            world = changed(world, std::slice::from_ref(draft));
            let keys: Vec<_> = world.projects.iter().flat_map(|project| list(world.entry(project).1, "api_keys")).collect();
            for number in 0..24 {
                let holders = keys.iter().filter(|key| key["digest"] == *digest(number));
                let (live, revoked): (Vec<&Json>, Vec<&Json>) = holders.copied().partition(|key| key["revoked_at"].is_null());
                let holders = if live.is_empty() { revoked } else { live };
                let holder = holders.first().filter(|_| holders.len() == 1).map(|key| format!("api_key:{}", text(key, "id")));
                let found = world.directory.authenticate(&format!("secret_{number}"));
                prop_assert_eq!(found.map(|key| key.to_string()), holder, "{}", number);
            }
            for stranger in ["", "secret_", "secret_1 ", "Secret_1", "secret_24"] {
                prop_assert_eq!(world.directory.authenticate(stranger), None);
            }
        }
    }
}

/// The organization default key is an object of its own: who loses a role in the project that it is in loses it too.
#[test]
fn a_group_that_goes_takes_its_access_to_the_default_key_along() {
    let project = json!({
        "id": "home", "default": true, "collaborators": [{"group": "team", "role": "admin"}],
        "api_keys": [{"id": "default", "kind": "organization_default", "digest": digest(0)}],
    });
    let organization = json!({
        "id": "acme", "owner": "ada", "members": [{"user": "ada", "role": "admin"}, {"user": "ben", "role": "member"}],
        "groups": [{"id": "team", "members": [{"user": "ben"}]}], "projects": [project],
    });
    let mut policy: Json = serde_json::from_str(include_str!("../../core/policies/projects-2026-09.json")).unwrap();
    (policy["id"], policy["default_project_role"]) = (json!("own"), Json::Null);
    let document = json!({"format": "bailiwick/1", "revision": 1, "policy": policy, "organizations": [organization]});
    for change in [
        json!({"type": "remove_collaborator", "project": "home", "group": "team"}),
        json!({"type": "remove_group_member", "group": "team", "user": "ben"}),
    ] {
        let mut directory = loaded(&document.to_string());
        let preview = boundary::preview(&mut directory, &value(&change), &value(&json!({})), at()).unwrap();
        let lost: Vec<_> = preview.lost.iter().map(|row| (row.principal.as_str(), row.on.as_str())).collect();
        assert_eq!(lost, [("user:ben", "api_key:default"), ("user:ben", "project:home")], "{change}");
    }
}

/// Whether a change is about the organization of a project.
pub(crate) fn is_of_organization(world: &World, project: &str, change: &Json) -> bool {
    let organization = world.entry(project).0;
    let holds = |entry: &Json, what: &str, list_of: &str| list(entry, list_of).any(|one| one["id"] == change[what]);
    let of_project =
        |entry: &Json| entry["id"] == change["project"] || holds(entry, "key", "api_keys") || holds(entry, "resource", "resources");
    organization["id"] == change["organization"] || list(organization, "projects").any(of_project)
}

/// The live keys of users who lose a project or are removed, in the projects that they created them in.
pub(crate) fn keys_left_behind(world: &World, change: &Json, lost: &[(String, String)], when: Instant) -> Vec<String> {
    let ended = ended_keys(world, when);
    let is_removed_from = |project: &str| match text(change, "type") {
        "remove_member" => world.entry(project).0["id"] == change["organization"],
        "remove_collaborator" => change["project"] == *project,
        _ => false,
    };
    let is_left = |project: &str, key: &Json| {
        let Some(maker) = key["created_by"].as_str() else { return false };
        let has_left =
            (is_removed_from(project) && change["user"] == maker) || lost.contains(&(format!("user:{maker}"), project.to_owned()));
        has_left && !ended.contains(&format!("api_key:{}", text(key, "id")))
    };
    let of = |project: &String| list(world.entry(project).1, "api_keys").filter(|key| is_left(project, key)).collect::<Vec<_>>();
    let mut keys: Vec<_> = world.projects.iter().flat_map(of).map(|key| text(key, "id").to_owned()).collect();
    keys.sort_unstable();
    keys
}
