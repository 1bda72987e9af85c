//! Listings agree with `check_access`, and their pages make up the whole.

use crate::*;

proptest! {
    #![proptest_config(ProptestConfig { cases: 20, failure_persistence: None, ..ProptestConfig::default() })]

    /// Everything in a listing is allowed, and everything that is allowed is in it.
    #[test]
    fn listings_are_what_check_access_allows(
        world in worlds(), drafts in drafts(8), time in 0..TIMES.len(), surface in proptest::option::of(0..SURFACES.len()), offset in 0..3_usize,
    ) {
        let world = changed(world, &drafts);
        let when = Instant::parse(TIMES[time]).unwrap();
        let surface = surface.map(|surface| SURFACES[surface]);
        let objects: Vec<_> = world.objects.iter().map(|(object, _)| object.clone()).chain(outside_projects(&world)).collect();
        // Another third of them each time.
        let actions: Vec<_> = actions().into_iter().skip(offset).step_by(3).chain(["no.such".to_owned()]).collect();
        let ask = |principal: &str, action: &str, object: &str| {
            if surface.is_none() {
                return boundary::is_allowed(&world.directory, [principal, action, object], when).unwrap();
            }
            let request = json!({"principal": principal, "action": action, "resource": object, "surface": surface, "at": TIMES[time]});
            boundary::is_allowed(&world.directory, &value(&request), when).unwrap()
        };
        let mut allowed = BTreeSet::new();
        for principal in &world.principals {
            for action in &actions {
                for object in &objects {
                    if ask(principal, action, object) {
                        allowed.insert((principal.as_str(), action.as_str(), object.as_str()));
                    }
                }
            }
        }
        let in_projects: BTreeMap<_, _> = world.objects.iter().filter(|(object, _)| !object.starts_with("project:")).cloned().collect();
        for principal in &world.principals {
            for action in &actions {
                if surface.is_none() {
                    let request = json!({"principal": principal, "action": action, "at": TIMES[time]});
                    let is_allowed = |project: &&String| allowed.contains(&(principal.as_str(), action.as_str(), &*format!("project:{project}")));
                    let mut expected: Vec<_> = world.projects.iter().filter(is_allowed).cloned().collect();
                    expected.sort_unstable();
                    prop_assert_eq!(items(&world.directory, "list_projects", &request), expected, "{}", request);
                }
                let kind = action.split_once('.').map(|(kind, _)| kind);
                for kind in [None, kind, Some("storage"), Some("none")] {
                    for project in [None, world.projects.first().map(String::as_str), Some("none")] {
                        let request = json!({
                            "principal": principal, "action": action, "kind": kind, "project": project, "surface": surface, "at": TIMES[time],
                        });
                        let is_wanted = |object: &str, of: &str| {
                            project.is_none_or(|project| project == of) && kind.is_none_or(|kind| object.split_once(':').unwrap().0 == kind)
                        };
                        let found = in_projects.iter().filter(|(object, of)| {
                            is_wanted(object, of) && allowed.contains(&(principal.as_str(), action.as_str(), object.as_str()))
                        });
                        let found: Vec<_> = found.map(|(object, _)| object.clone()).collect();
                        prop_assert_eq!(items(&world.directory, "list_resources", &request), found, "{}", request);
                    }
                }
            }
            for object in &objects {
                let request = json!({"principal": principal, "resource": object, "surface": surface, "at": TIMES[time]});
                let mut found = items(&world.directory, "list_actions", &request);
                found.retain(|action| actions.contains(action));
                let mut expected: Vec<_> =
                    actions.iter().filter(|action| allowed.contains(&(principal.as_str(), action.as_str(), object.as_str()))).cloned().collect();
                expected.sort_unstable();
                prop_assert_eq!(found, expected, "{}", request);
            }
        }
        for action in &actions {
            for object in &objects {
                let request = json!({"action": action, "resource": object, "surface": surface, "at": TIMES[time]});
                let is_allowed = |principal: &&String| allowed.contains(&(principal.as_str(), action.as_str(), object.as_str()));
                let mut expected: Vec<_> = world.principals.iter().filter(is_allowed).cloned().collect();
                expected.sort_unstable();
                prop_assert_eq!(items(&world.directory, "list_principals", &request), expected, "{}", request);
            }
        }
    }

    /// A user's projects are those with an effective role, and a key's is its own; if anything is allowed in a project, the project is
    /// listed.
    #[test]
    fn projects_are_those_with_a_role(world in plain_worlds(), drafts in plain_drafts(8), time in 0..TIMES.len()) {
        let world = changed(world, &drafts);
        let when = Instant::parse(TIMES[time]).unwrap();
        let is_stale = world.document["max_age_seconds"].is_number() && time == 2;
        let ended = ended_keys(&world, when);
        let mut reached = BTreeSet::new();
        world.each_question(when, |principal, _, (_, project), request| {
            if world.directory.is_allowed(&request) {
                reached.insert((principal.to_owned(), project.clone()));
            }
        });
        for principal in &world.principals {
            let request = json!({"principal": principal, "at": TIMES[time]});
            let found = items(&world.directory, "list_projects", &request);
            let mut expected: Vec<_> = world.projects.iter().filter(|project| {
                let is_own = world.objects.iter().any(|(object, of)| object == principal && of == *project) && !ended.contains(principal);
                !is_stale && (is_own || !world.roles(principal, project).is_empty())
            }).cloned().collect();
            expected.sort_unstable();
            prop_assert_eq!(&found, &expected, "{}", request);
            for project in &world.projects {
                let is_powerless = world.roles(principal, project).first().is_some_and(|role| role == "visitor");
                prop_assert_eq!(reached.contains(&(principal.clone(), project.clone())), found.contains(project) && !is_powerless);
            }
        }
    }
}

/// The keys that are revoked or expired, as references.
pub(crate) fn ended_keys(world: &World, when: Instant) -> BTreeSet<String> {
    let keys = world.projects.iter().flat_map(|project| list(world.entry(project).1, "api_keys"));
    let is_past = |end: &Json| end.as_str().and_then(Instant::parse).is_some_and(|end| end <= when);
    keys.filter(|key| is_past(&key["revoked_at"]) || is_past(&key["expires_at"]))
        .map(|key| format!("api_key:{}", text(key, "id")))
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    /// Pages of any size make up the whole, and a cursor continues only its own listing, whatever has changed since.
    #[test]
    fn pages_together_are_the_whole_listing(world in plain_worlds(), drafts in plain_drafts(8), limits in [1..9_usize, 1..9_usize], damage in any::<(u16, u8)>()) {
        let mut world = changed(world, &drafts);
        let mut cursors = Vec::new();
        let requests = requests(&world);
        for (name, request) in &requests {
            let whole = items(&world.directory, name, request);
            for limit in limits.into_iter().chain([whole.len().max(1), whole.len() + 1, usize::MAX >> 11]) {
                prop_assert_eq!(&paged(&world.directory, name, request, limit), &whole, "{} {}", request, limit);
            }
            let mut first = request.clone();
            first["limit"] = json!(1);
            let page = listing(&world.directory, name, &first).unwrap();
            prop_assert_eq!(page.next_cursor.is_some(), whole.len() > 1);
            cursors.extend(page.next_cursor.map(|cursor| (name, request, cursor, whole)));
        }
        for (name, request, cursor, whole) in &cursors {
            let with = |request: &Json, cursor: &str| {
                let mut request = request.clone();
                request["cursor"] = json!(cursor);
                request
            };
            // The rest, and the same at another instant.
            prop_assert_eq!(listing(&world.directory, name, &with(request, cursor)).unwrap().items, &whole[1..]);
            let mut later = with(request, cursor);
            later["at"] = json!(TIMES[2]);
            prop_assert!(listing(&world.directory, name, &later).is_ok());
            for (other_name, other) in requests.iter().take(40).filter(|(other_name, other)| (other_name, other) != (*name, *request)) {
                let error = listing(&world.directory, other_name, &with(other, cursor)).unwrap_err();
                prop_assert_eq!((error.code(), error.path()), (ErrorCode::CursorMismatch, "/cursor"), "{} for {}", request, other);
            }
            let mut damaged = cursor.clone().into_bytes();
            let place = usize::from(damage.0) % damaged.len();
            damaged[place] = if damaged[place] == damage.1 % 0x60 + 0x20 { b'~' } else { damage.1 % 0x60 + 0x20 };
            for bad in [String::from_utf8(damaged).unwrap(), cursor[..cursor.len() / 2].to_owned(), format!("{cursor}0"), String::new()] {
                let error = listing(&world.directory, name, &with(request, &bad)).unwrap_err();
                prop_assert_eq!((error.code(), error.path()), (ErrorCode::CursorInvalid, "/cursor"), "{}", bad);
            }
        }
        // An item that is listed both before and after a change is on exactly one of the two pages.
        let project = &world.projects[0];
        let allowed = world.entry(project).1["allow_external_collaborators"] != true;
        made(&mut world.directory, json!({"type": "set_external_collaborators", "project": project, "allowed": allowed}));
        for (name, request, cursor, before) in &cursors {
            let mut rest = (*request).clone();
            rest["cursor"] = json!(cursor);
            let rest = listing(&world.directory, name, &rest).unwrap().items;
            let after = items(&world.directory, name, request);
            let behind: Vec<_> = after.iter().filter(|item| *item > &before[0]).cloned().collect();
            prop_assert_eq!(&rest, &behind, "{} after a change", request);
        }
    }
}
