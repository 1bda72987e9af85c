//! The life of a directory, tried on random ones: changes, listings, keys, snapshots and deltas agree with each other and with `check_access`.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::arithmetic_side_effects, reason = "a test may stop at the first surprise")]

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use bailiwick::boundary;
use bailiwick::{
    AccessRequest, ChangeType, Directory, Error, ErrorCode, Instant, Page, Reason, Reference, Seal, SecretKey, Trust, Usage, Value,
};
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Value as Json, json};
use worlds::{SURFACES, World, actions, at, digest, kinds, list, text, worlds};

#[path = "../worlds.rs"]
mod worlds;

/// Before any key has ended; when most questions are asked; when many keys have ended, and directories that age are stale.
const TIMES: [&str; 3] = ["2025-12-01T00:00:00Z", "2026-02-01T00:00:00Z", "2026-04-01T00:00:00Z"];

/// Ids that no directory has at first. One has everything in it that an id may have.
const NEW: [&str; 3] = ["new:0 \"é\\\u{1f600}\u{2028}", "new_1", "new_2"];

// Changes.

/// A change in the making: small numbers that become a change of a given directory.
#[derive(Clone, Debug)]
struct Draft {
    change: usize,
    choices: [usize; 4],
    actor: usize,
    terms: usize,
    flaw: usize,
}

fn drafts(most: usize) -> impl Strategy<Value = Vec<Draft>> {
    // Who comes and goes is worth trying more often than the rest.
    let change = prop_oneof![2 => 0..ChangeType::ALL.len(), 1 => prop::sample::select(vec![0_usize, 1, 5, 6])];
    let draft = (change, [0..1024_usize, 0..1024_usize, 0..1024_usize, 0..1024_usize], 0..8_usize, 0..32_usize, 0..64_usize);
    vec(draft, 1..=most).prop_map(|drafts| {
        let draft = |(change, choices, actor, terms, flaw)| Draft { change, choices, actor, terms, flaw };
        drafts.into_iter().map(draft).collect()
    })
}

/// Mostly one of these, and now and then something else.
fn choose<T>(candidates: impl IntoIterator<Item = T>, choice: usize, other: T) -> T {
    let mut candidates: Vec<T> = candidates.into_iter().collect();
    if choice % 8 == 7 || candidates.is_empty() {
        return other;
    }
    candidates.swap_remove(choice / 8 % candidates.len())
}

impl Draft {
    /// The change and its terms: mostly such as suit the directory.
    fn for_world(&self, world: &World) -> (Json, Json) {
        let none = &json!({"id": "none", "owner": "nobody"});
        let [first, second, third, fourth] = self.choices;
        let organization = choose(list(&world.document, "organizations"), first, none);
        let (of, project) = choose(world.projects.iter().map(|project| world.entry(project)), first, (none, none));
        let ids = |entries: &str| -> Vec<String> {
            let lists = world.projects.iter().flat_map(|project| list(world.entry(project).1, entries));
            lists.map(|entry| text(entry, "id").to_owned()).collect()
        };
        let users_of =
            |entry: &Json, rows: &str| choose(list(entry, rows).map(|row| text(row, "user").to_owned()), second, NEW[0].to_owned());
        let new_or = |known: Vec<String>| choose(NEW.map(str::to_owned), second, choose(known, third, "none".to_owned()));
        let users = || world.principals.iter().filter_map(|principal| principal.strip_prefix("user:")).filter(|user| *user != "nobody");
        let anybody = || choose(users(), second, choose(NEW, third, "none"));
        let role = choose(["admin", "member"], third, "visitor");
        let sometimes = |value: Json| if fourth % 2 == 0 { value } else { Json::Null };
        let (organization_id, project_id) = (text(organization, "id"), text(project, "id"));
        let word = ChangeType::ALL[self.change].as_str();
        let mut change = match word {
            "add_member" => {
                let email = sometimes(json!(format!("{fourth}@b.test")));
                json!({"organization": organization_id, "user": anybody(), "email": email, "role": sometimes(json!(role))})
            }
            "remove_member" => json!({"organization": organization_id, "user": users_of(organization, "members")}),
            "set_member_role" => json!({"organization": organization_id, "user": users_of(organization, "members"), "role": role}),
            "create_project" => json!({"organization": organization_id, "project": new_or(world.projects.clone()), "name": "A new one"}),
            "set_external_collaborators" => json!({"project": project_id, "allowed": second % 2 == 0}),
            "add_collaborator" => json!({"project": project_id, "user": anybody(), "role": sometimes(json!(role))}),
            "remove_collaborator" => json!({"project": project_id, "user": users_of(project, "collaborators")}),
            "set_collaborator_role" => json!({"project": project_id, "user": users_of(project, "collaborators"), "role": role}),
            "create_api_key" => json!({
                "project": project_id, "key": new_or(ids("api_keys")), "digest": digest(fourth % 24), "name": sometimes(json!("A \"key\"\n")),
                "expires_at": sometimes(json!(TIMES[third % 3])),
            }),
            "revoke_api_key" => json!({"key": choose(ids("api_keys"), second, "none".to_owned())}),
            "expire_api_key" => json!({"key": choose(ids("api_keys"), second, "none".to_owned()), "expires_at": TIMES[third % 3]}),
            "regenerate_default_key" => json!({"organization": organization_id, "digest": digest(fourth % 24)}),
            "add_resource" => json!({
                "project": project_id, "resource": new_or(ids("resources")), "kind": choose(kinds(), fourth, "api_key".to_owned()),
                "name": sometimes(json!("\u{0}\\ a name")),
            }),
            _ => {
                let of_kind = |(object, _): &&(String, String)| !object.starts_with("project:") && !object.starts_with("api_key:");
                let reference = choose(world.objects.iter().filter(of_kind).map(|(object, _)| object.as_str()), second, "file:none");
                let (kind, id) = reference.split_once(':').unwrap();
                let forms = [json!(reference), json!({"type": kind, "id": id})];
                json!({"resource": forms[fourth % 2]})
            }
        };
        change["type"] = json!(word);
        self.spoil(&mut change);
        let owner = if change.get("organization").is_some() { organization } else { of };
        (change, self.terms(world, text(owner, "owner")))
    }

    /// Nobody at all, the owner, or anybody asks for it; at some time, and mostly knowing the revision or not asking for one.
    fn terms(&self, world: &World, owner: &str) -> Json {
        let actor = match self.actor {
            0..=3 => None,
            4..=5 => Some(json!(format!("user:{owner}"))),
            6 => Some(json!({"type": "user", "id": owner})),
            _ => Some(json!(choose(world.principals.iter().map(String::as_str), self.choices[3], "malformed"))),
        };
        let expected = match self.terms % 16 {
            0..=7 => Json::Null,
            8..=14 => json!(world.directory.revision()),
            _ => json!(3),
        };
        let mut terms = json!({"at": TIMES[self.terms % 3], "expected_revision": expected});
        if let Some(actor) = actor {
            terms["actor"] = actor;
        }
        terms
    }

    /// Now and then the change is no change.
    fn spoil(&self, change: &mut Json) {
        let members = change.as_object_mut().unwrap();
        let name = members.keys().nth(self.choices[0] % members.len()).unwrap().clone();
        match self.flaw {
            0 => drop(members.remove(&name)),
            1 => drop(members.insert("colour".to_owned(), json!("blue"))),
            2 => drop(members.insert(name, Json::Null)),
            3 => drop(members.insert(name, json!(5))),
            4 => drop(members.insert(name, json!("\u{7}"))),
            5 => drop(members.insert("type".to_owned(), json!("paint"))),
            _ => {}
        }
    }
}

fn value(json: &Json) -> Value<'_> {
    match json {
        Json::Null => Value::Null,
        Json::Bool(boolean) => Value::Boolean(*boolean),
        Json::Number(number) => Value::Number(number.as_f64().unwrap()),
        Json::String(text) => Value::Text(Cow::Borrowed(text)),
        Json::Array(items) => Value::List(items.iter().map(value).collect()),
        Json::Object(members) => {
            Value::Object(members.iter().map(|(name, member)| (Cow::Borrowed(name.as_str()), value(member))).collect())
        }
    }
}

fn apply(directory: &mut Directory, (change, terms): &(Json, Json)) -> Result<u64, Error> {
    boundary::apply(directory, &value(change), &value(terms), at())
}

/// Makes a change that must succeed, as the platform.
fn made(directory: &mut Directory, change: Json) -> u64 {
    apply(directory, &(change, json!({}))).unwrap()
}

/// A directory after whatever changes can be made of these.
fn changed(mut world: World, drafts: &[Draft]) -> World {
    for draft in drafts {
        let change = draft.for_world(&world);
        if apply(&mut world.directory, &change).is_ok() {
            world = World::of(world.directory);
        }
    }
    world
}

// What a directory is.

fn document(directory: &Directory) -> String {
    serde_json::to_string(&directory.to_document()).unwrap()
}

fn snapshot(directory: &Directory) -> Vec<u8> {
    directory.to_snapshot(&Seal::default(), true)
}

fn loaded(document: &str) -> Directory {
    Directory::from_json(document.as_bytes()).unwrap()
}

fn unpacked(snapshot: &[u8]) -> Directory {
    Directory::from_snapshot(snapshot, Trust::default(), None).unwrap()
}

/// What can be asked about and lies in no project: organizations, users, and names of nothing.
fn outside_projects(world: &World) -> Vec<String> {
    let users = world.principals.iter().filter(|principal| principal.starts_with("user:")).cloned();
    let nothing = ["organization:none", "file:none", "api_key:none", "team:blue"].map(str::to_owned);
    organizations(world).into_iter().chain(users).chain(nothing).collect()
}

fn organizations(world: &World) -> Vec<String> {
    list(&world.document, "organizations").map(|organization| format!("organization:{}", text(organization, "id"))).collect()
}

/// Every answer of `directory` is that of the world.
fn assert_same_answers(world: &World, directory: &Directory) {
    let (own, actions, kinds) = (&world.directory, actions(), kinds());
    world.each_question(at(), |_, _, _, request| assert_eq!(directory.check_access(&request), own.check_access(&request)));
    for principal in &world.principals {
        let reference = Reference::parse(principal).unwrap();
        for (object, action) in outside_projects(world).iter().flat_map(|object| actions.iter().map(move |action| (object, action))) {
            let request = AccessRequest::new(reference, action, Reference::parse(object).unwrap(), at());
            assert_eq!(directory.check_access(&request), own.check_access(&request), "{principal} {action} {object}");
        }
        for (project, kind) in world.projects.iter().flat_map(|project| kinds.iter().map(move |kind| (project, kind))) {
            for surface in SURFACES {
                let usage = Usage { principal: reference, kind, surface: Some(surface), project: Some(project), resource: None, at: at() };
                assert_eq!(directory.attribute(&usage), own.attribute(&usage), "{principal} {kind} {surface} {project}");
            }
        }
    }
    for (name, request) in requests(world) {
        assert_eq!(listing(directory, name, &request), listing(own, name, &request), "{name} {request}");
    }
    for number in 0..24 {
        let secret = format!("secret_{number}");
        assert_eq!(directory.authenticate(&secret), own.authenticate(&secret));
    }
}

fn listing(directory: &Directory, name: &str, request: &Json) -> Result<Page, Error> {
    let list = match name {
        "list_projects" => boundary::list_projects,
        "list_resources" => boundary::list_resources,
        "list_principals" => boundary::list_principals,
        _ => boundary::list_actions,
    };
    list(directory, &value(request), at())
}

/// Everything that a listing holds.
fn items(directory: &Directory, name: &str, request: &Json) -> Vec<String> {
    let page = listing(directory, name, request).unwrap();
    assert_eq!(page.next_cursor, None, "nothing is cut off without a limit");
    assert!(page.items.is_sorted_by(|one, next| one < next), "{request}: {:?}", page.items);
    page.items
}

/// All items, page by page.
fn paged(directory: &Directory, name: &str, request: &Json, limit: usize) -> Vec<String> {
    let (mut request, mut items) = (request.clone(), Vec::new());
    request["limit"] = json!(limit);
    loop {
        let page = listing(directory, name, &request).unwrap();
        items.extend(page.items.iter().cloned());
        let Some(cursor) = page.next_cursor else { return items };
        assert_eq!(page.items.len(), limit);
        request["cursor"] = json!(cursor);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 20, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whoever and whatever is in a listing is allowed, and whoever and whatever is allowed is in it.
    #[test]
    fn listings_are_what_check_access_allows(
        world in worlds(), drafts in drafts(8), time in 0..TIMES.len(), surface in proptest::option::of(0..SURFACES.len()), offset in 0..3_usize,
    ) {
        let world = changed(world, &drafts);
        let when = Instant::parse(TIMES[time]).unwrap();
        let surface = surface.map(|surface| SURFACES[surface]);
        let objects: Vec<_> = world.objects.iter().map(|(object, _)| object.clone()).chain(outside_projects(&world)).collect();
        // Each time another third of them.
        let actions: Vec<_> = actions().into_iter().skip(offset).step_by(3).chain(["no.such".to_owned()]).collect();
        let ask = |principal: &str, action: &str, object: &str| {
            if surface.is_none() {
                return boundary::is_allowed(&world.directory, principal, action, object, when).unwrap();
            }
            let request = json!({"principal": principal, "action": action, "resource": object, "surface": surface, "at": TIMES[time]});
            boundary::is_allowed_request(&world.directory, &value(&request), when).unwrap()
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

    /// A user has the projects in which they have a role that counts, a key its own; whatever is allowed in a project, the project is listed.
    #[test]
    fn projects_are_those_with_a_role(world in worlds(), drafts in drafts(8), time in 0..TIMES.len()) {
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
fn ended_keys(world: &World, when: Instant) -> BTreeSet<String> {
    let keys = world.projects.iter().flat_map(|project| list(world.entry(project).1, "api_keys"));
    let is_past = |end: &Json| end.as_str().and_then(Instant::parse).is_some_and(|end| end <= when);
    keys.filter(|key| is_past(&key["revoked_at"]) || is_past(&key["expires_at"]))
        .map(|key| format!("api_key:{}", text(key, "id")))
        .collect()
}

/// One request of each listing for everything that there is in a world.
fn requests(world: &World) -> Vec<(&'static str, Json)> {
    let mut requests = Vec::new();
    for principal in &world.principals {
        requests.push(("list_projects", json!({"principal": principal})));
        for action in ["file.read", "api_key.read", "storage.read"] {
            requests.push(("list_resources", json!({"principal": principal, "action": action})));
            requests.push(("list_resources", json!({"principal": principal, "action": action, "project": world.projects[0]})));
        }
    }
    for (object, _) in &world.objects {
        for action in ["file.read", "api_key.read", "project_settings.read"] {
            requests.push(("list_principals", json!({"action": action, "resource": object})));
            requests.push(("list_principals", json!({"action": action, "resource": object, "surface": "api"})));
        }
    }
    requests
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    /// Pages of any size make the whole, and a cursor goes on with its own listing alone, whatever has changed since.
    #[test]
    fn pages_make_the_whole(world in worlds(), drafts in drafts(8), limits in [1..9_usize, 1..9_usize], damage in any::<(u16, u8)>()) {
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
        // Whatever is listed before a change and after it is on one of the two pages, and on one only.
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

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    /// A change that fails leaves everything as it was; one that is made takes the directory one revision on.
    #[test]
    fn a_change_is_made_whole_or_not_at_all(mut world in worlds(), drafts in drafts(16)) {
        for draft in &drafts {
            let change = draft.for_world(&world);
            let (text, bytes, revision) = (document(&world.directory), snapshot(&world.directory), world.directory.revision());
            match apply(&mut world.directory, &change) {
                Ok(next) => {
                    prop_assert_eq!(next, revision + 1);
                    prop_assert_eq!(world.directory.revision(), next);
                    world = World::of(world.directory);
                }
                Err(error) => {
                    prop_assert_eq!(error.decision().is_some(), error.code() == ErrorCode::Forbidden);
                    prop_assert_eq!(document(&world.directory), text, "{:?}", change);
                    prop_assert_eq!(snapshot(&world.directory), bytes, "{:?}", change);
                }
            }
        }
    }
}

// How a directory came about does not show.

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    /// A directory that came about by changes is the one that its document, or its snapshot, loads to.
    #[test]
    fn how_a_directory_came_about_does_not_show(mut world in worlds(), drafts in drafts(24)) {
        for draft in &drafts {
            world = changed(world, std::slice::from_ref(draft));
            let (text, bytes) = (document(&world.directory), snapshot(&world.directory));
            for again in [loaded(&text), unpacked(&bytes)] {
                prop_assert_eq!(document(&again), &*text);
                prop_assert!(snapshot(&again) == bytes, "another snapshot of {}", text);
            }
        }
        let again = loaded(&document(&world.directory));
        assert_same_answers(&world, &again);
        assert_same_answers(&world, &unpacked(&snapshot(&world.directory)));
        let key = SecretKey::from_bytes(&[7; 32]);
        let seal = Seal { signing_key: Some(&key), ..Seal::default() };
        prop_assert!(again.to_snapshot(&seal, true) == world.directory.to_snapshot(&seal, true), "another signature");
        // Without digests it answers the same, but knows nobody's secret.
        let bare = unpacked(&world.directory.to_snapshot(&Seal::default(), false));
        for number in 0..24 {
            prop_assert_eq!(bare.authenticate(&format!("secret_{number}")), None);
        }
        world.each_question(at(), |_, _, _, request| assert_eq!(bare.check_access(&request), world.directory.check_access(&request)));
    }
}

/// Whatever order somebody comes and goes in, they are what the rows that are left say: a member, an external whose rows have effect or have none,
/// or a stranger.
#[test]
fn whoever_comes_and_goes_is_what_is_left_of_them() {
    let start = loaded(
        &json!({
            "format": "bailiwick/1",
            "users": [{"id": "zoe", "organization": "elsewhere"}],
            "organizations": [{"id": "acme", "owner": "ada", "members": [{"user": "ada", "role": "admin"}], "projects": [
                {"id": "home", "default": true},
                {"id": "open", "allow_external_collaborators": true, "collaborators": [{"user": "zoe", "role": "member"}]},
                {"id": "shut"},
            ]}],
        })
        .to_string(),
    );
    let of_member = |word: &str| json!({"type": word, "organization": "acme", "user": "zoe"});
    let of_row = |word: &str, project: &str| json!({"type": word, "project": project, "user": "zoe"});
    let switch = |project: &str, allowed: bool| json!({"type": "set_external_collaborators", "project": project, "allowed": allowed});
    let mut changes = vec![of_member("add_member"), of_member("remove_member")];
    for project in ["open", "shut"] {
        changes.extend([
            of_row("add_collaborator", project),
            of_row("remove_collaborator", project),
            switch(project, true),
            switch(project, false),
        ]);
    }
    let mut left = vec![(start, 0)];
    while let Some((directory, depth)) = left.pop() {
        let world = World::of(directory);
        let (organization, _) = world.entry("home");
        let rows: Vec<_> =
            list(organization, "projects").filter(|project| list(project, "collaborators").any(|row| row["user"] == "zoe")).collect();
        let expected = match rows.iter().any(|project| project["allow_external_collaborators"] == true) {
            _ if list(organization, "members").any(|row| row["user"] == "zoe") => Reason::OrganizationRole,
            true => Reason::ExternalCollaborator,
            false if rows.is_empty() => Reason::NotAMember,
            false => Reason::ExternalCollaboratorsDisabled,
        };
        let (zoe, acme) = (Reference::parse("user:zoe").unwrap(), Reference::parse("organization:acme").unwrap());
        let decision = world.directory.check_access(&AccessRequest::new(zoe, "organization.read_name", acme, at()));
        assert_eq!(decision.reason, expected, "{world:?}");
        let has_role = |project: &&String| !world.roles("user:zoe", project).is_empty();
        let reached: Vec<_> = world.projects.iter().filter(has_role).cloned().collect();
        assert_eq!(items(&world.directory, "list_projects", &json!({"principal": "user:zoe"})), reached, "{world:?}");
        for change in changes.iter().filter(|_| depth < 4) {
            let mut next = world.directory.clone();
            if apply(&mut next, &(change.clone(), json!({}))).is_ok() {
                left.push((next, depth + 1));
            }
        }
    }
}

// What follows from a change.

/// The same directory, never stale.
fn ageless(directory: &Directory) -> Directory {
    let mut document = serde_json::to_value(directory.to_document()).unwrap();
    document["max_age_seconds"] = Json::Null;
    loaded(&document.to_string())
}

/// Where usage is booked.
fn place<'d>(directory: &'d Directory, principal: &str, kind: &str, surface: &str, project: &str, at: Instant) -> [Option<&'d str>; 2] {
    let principal = Reference::parse(principal).unwrap();
    let usage = Usage { principal, kind, surface: Some(surface), project: Some(project), resource: None, at };
    let attribution = directory.attribute(&usage).unwrap();
    [attribution.organization, attribution.project]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    /// A preview says what the change then does, by all principals, kinds and surfaces, and does nothing itself.
    #[test]
    fn previews_tell_what_changes_do(mut world in worlds(), drafts in drafts(12)) {
        for draft in &drafts {
            let (change, terms) = draft.for_world(&world);
            let (written, bytes) = (document(&world.directory), snapshot(&world.directory));
            let preview = boundary::preview(&world.directory, &value(&change), &value(&terms), at());
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
                // An actor learns of the organization that they ask in, and of no other.
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

    /// Whoever loses their role in a project is denied everything there at once. The keys that they made go on as before.
    #[test]
    fn whoever_is_removed_is_out_at_once_and_keys_go_on(mut world in worlds(), drafts in drafts(12)) {
        let (actions, when) = (actions(), at());
        let ask = |world: &World, principal: &str, action: &str, object: &str| {
            boundary::is_allowed(&world.directory, principal, action, object, when).unwrap()
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

    /// A secret belongs to the one key that has its digest, of several to the one that is not revoked; to none where that leaves none or two.
    #[test]
    fn a_secret_belongs_to_the_one_key_with_its_digest(mut world in worlds(), drafts in drafts(24)) {
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

/// Whether a change is asked of the organization of a project.
fn is_of_organization(world: &World, project: &str, change: &Json) -> bool {
    let organization = world.entry(project).0;
    let holds = |entry: &Json, what: &str, list_of: &str| list(entry, list_of).any(|one| one["id"] == change[what]);
    let of_project =
        |entry: &Json| entry["id"] == change["project"] || holds(entry, "key", "api_keys") || holds(entry, "resource", "resources");
    organization["id"] == change["organization"] || list(organization, "projects").any(of_project)
}

/// The live keys of those who lose a project, and of somebody who is removed, where they made them there.
fn keys_left_behind(world: &World, change: &Json, lost: &[(String, String)], when: Instant) -> Vec<String> {
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

// Deltas.

/// What is refused, with this code, and leaves everything as it was.
fn assert_refused(directory: &mut Directory, delta: &[u8], codes: &[ErrorCode]) {
    let (written, bytes) = (document(directory), snapshot(directory));
    let error = directory.apply_delta(delta, Trust::default()).unwrap_err();
    assert!(codes.contains(&error.code()) && error.path().is_empty(), "{codes:?}: {error:?}");
    assert_eq!(document(directory), written);
    assert!(snapshot(directory) == bytes);
}

fn delta(directory: &Directory, since: u64) -> Result<Vec<u8>, Error> {
    directory.to_delta(since, &Seal::default())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    /// A copy at any revision that was once written, and the delta since, make the present snapshot, byte for byte.
    #[test]
    fn deltas_lead_where_the_changes_led(mut origin in worlds(), drafts in vec((drafts(3), any::<bool>()), 1..12)) {
        let first = origin.directory.revision();
        let mut written = BTreeMap::from([(first, snapshot(&origin.directory))]);
        let mut follower = unpacked(&written[&first]);
        let mut late = unpacked(&written[&first]);
        for (drafts, is_sent) in &drafts {
            origin = changed(origin, drafts);
            let (since, revision) = (follower.revision(), origin.directory.revision());
            if !*is_sent {
                continue;
            }
            let delta = delta(&origin.directory, since).unwrap();
            prop_assert_eq!(follower.apply_delta(&delta, Trust::default()), Ok(revision));
            prop_assert_eq!(document(&follower), document(&origin.directory));
            prop_assert!(snapshot(&follower) == snapshot(&origin.directory));
            if since == revision {
                // Nothing has changed, and that may be said twice.
                prop_assert_eq!(follower.apply_delta(&delta, Trust::default()), Ok(revision));
            } else {
                assert_refused(&mut follower, &delta, &[ErrorCode::DeltaGap]);
            }
            if since != first {
                assert_refused(&mut late, &delta, &[ErrorCode::DeltaGap]);
            }
            written.insert(revision, snapshot(&origin.directory));
        }
        let last = snapshot(&origin.directory);
        for maker in [&origin.directory, &follower] {
            for since in first..=maker.revision() {
                let made = delta(maker, since);
                let Some(bytes) = written.get(&since).or((since == maker.revision()).then_some(&last)) else {
                    let error = made.unwrap_err();
                    prop_assert_eq!((error.code(), error.path()), (ErrorCode::DeltaGap, "/since"), "{}", since);
                    continue;
                };
                let mut copy = unpacked(bytes);
                prop_assert_eq!(copy.apply_delta(&made.unwrap(), Trust::default()), Ok(maker.revision()));
                prop_assert!(snapshot(&copy) == snapshot(maker), "since {}", since);
            }
            for since in [first.wrapping_sub(1), maker.revision() + 1, u64::MAX] {
                prop_assert_eq!(delta(maker, since).unwrap_err().code(), ErrorCode::DeltaGap);
            }
        }
    }

    /// A delta of another history is refused, unless both have come to the same.
    #[test]
    fn deltas_of_another_history_are_refused(world in worlds(), drafts in [drafts(4), drafts(4)]) {
        let bytes = snapshot(&world.directory);
        let still = || {
            let project = &world.projects[0];
            json!({"type": "set_external_collaborators", "project": project, "allowed": world.entry(project).1["allow_external_collaborators"]})
        };
        let mut histories = drafts.map(|drafts| changed(World::of(unpacked(&bytes)), &drafts).directory);
        let longest = histories.iter().map(Directory::revision).max().unwrap();
        for history in &mut histories {
            while history.revision() < longest {
                made(history, still());
            }
        }
        let [mut one, mut other] = histories;
        let (one_bytes, other_bytes) = (snapshot(&one), snapshot(&other));
        made(&mut one, still());
        let next = delta(&one, longest).unwrap();
        if one_bytes == other_bytes {
            prop_assert_eq!(other.apply_delta(&next, Trust::default()), Ok(longest + 1));
            prop_assert!(snapshot(&other) == snapshot(&one));
        } else {
            assert_refused(&mut other, &next, &[ErrorCode::DeltaFork]);
        }
        // Where there are digests, the state without them is another one.
        let mut bare = unpacked(&other.to_snapshot(&Seal::default(), false));
        if snapshot(&bare) != snapshot(&other) {
            assert_refused(&mut bare, &delta(&other, other.revision()).unwrap(), &[ErrorCode::DeltaFork]);
        }
    }
}

/// What a snapshot or delta may say of its age: when it was issued, and how long it may be used.
fn ages() -> impl Strategy<Value = (Option<usize>, Option<u64>)> {
    (proptest::option::of(0..TIMES.len()), proptest::option::of(prop_oneof![Just(0_u64), 1..1_000_000_u64, Just((1 << 53) - 1)]))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    /// A later instant of issue is taken over, and a greatest age with it; an earlier one sets neither, nor does a delta without one.
    #[test]
    fn deltas_renew_the_age(world in worlds(), of_snapshot in ages(), of_deltas in vec((ages(), any::<bool>()), 1..6)) {
        let mut origin = world.directory;
        let seal = |(issued_at, max_age_seconds): (Option<usize>, Option<u64>)| {
            Seal { issued_at: issued_at.map(|time| Instant::parse(TIMES[time]).unwrap()), max_age_seconds, ..Seal::default() }
        };
        let age = |directory: &Directory| {
            let document = serde_json::to_value(directory.to_document()).unwrap();
            (directory.issued_at(), document["max_age_seconds"].as_u64())
        };
        let own = age(&origin);
        let mut follower = unpacked(&origin.to_snapshot(&seal(of_snapshot), true));
        let mut expected = (seal(of_snapshot).issued_at.or(own.0), of_snapshot.1.or(own.1));
        prop_assert_eq!(age(&follower), expected);
        for (of_delta, changes) in of_deltas {
            let since = origin.revision();
            if changes {
                made(&mut origin, json!({"type": "set_external_collaborators", "project": world.projects[0], "allowed": true}));
            }
            follower.apply_delta(&origin.to_delta(since, &seal(of_delta)).unwrap(), Trust::default()).unwrap();
            let issued_at = seal(of_delta).issued_at.or(own.0);
            // One that was issued earlier may be an old one that is sent again: it renews nothing, and lengthens nothing.
            if issued_at.is_some() && issued_at >= expected.0 {
                expected = (issued_at, of_delta.1.or(own.1).or(expected.1));
            }
            prop_assert_eq!(age(&follower), expected);
            prop_assert_eq!(age(&origin), own, "the maker keeps its own");
        }
    }
}

// Much that comes and goes.

/// Thousands of names that come and go leave no trace, and nobody notices when their traces are swept out.
#[test]
fn what_has_gone_is_swept_out_without_a_trace() {
    const FRESH: usize = 18_000;
    let entries = |count: usize| {
        (0..count).map(|number| json!({"id": format!("file_{number}"), "kind": "file", "created_by": "ada"})).collect::<Vec<_>>()
    };
    let mut directory = loaded(&json!({
        "format": "bailiwick/1",
        "users": [{"id": "zoe", "email": "z@a.test", "organization": "elsewhere"}],
        "organizations": [{
            "id": "acme", "owner": "ada", "members": [{"user": "ada", "role": "admin"}, {"user": "bob", "role": "member"}],
            "projects": [
                {"id": "home", "default": true, "resources": entries(20), "api_keys": [{"id": "key", "created_by": "zoe", "digest": digest(1)}]},
                {"id": "open", "allow_external_collaborators": true, "collaborators": [{"user": "zoe", "role": "member"}, {"user": "bob", "role": "admin"}]},
                {"id": "other", "allow_external_collaborators": true, "collaborators": [{"user": "zoe", "role": "admin"}]},
            ],
        }],
    }).to_string());
    let unchanged = |directory: &Directory| {
        let mut document = serde_json::to_value(directory.to_document()).unwrap();
        document["revision"] = Json::Null;
        document
    };
    let mut expected = unchanged(&directory);
    // This one has no copies for which it would have to remember changes.
    let mut alone = directory.clone();
    let mut follower = unpacked(&snapshot(&directory));
    let (mut held, mut swept) = (0, 0);
    for number in 0..FRESH {
        let name = format!("fresh_{number}");
        let (came, went) = match number % 4 {
            0 => (
                json!({"type": "add_resource", "project": "open", "resource": name, "kind": "storage", "name": "for a while"}),
                json!({"type": "remove_resource", "resource": format!("storage:{name}")}),
            ),
            1 => (
                json!({"type": "add_collaborator", "project": "other", "user": name}),
                json!({"type": "remove_collaborator", "project": "other", "user": name}),
            ),
            2 => (
                json!({"type": "add_member", "organization": "acme", "user": name}),
                json!({"type": "remove_member", "organization": "acme", "user": name}),
            ),
            // Rows that stay for others are linked with those that go.
            _ => (
                json!({"type": "remove_collaborator", "project": "open", "user": "zoe"}),
                json!({"type": "add_collaborator", "project": "open", "user": "zoe"}),
            ),
        };
        made(&mut alone, came.clone());
        made(&mut alone, went.clone());
        made(&mut directory, came);
        if number % 1_001 == 0 {
            let delta = delta(&directory, follower.revision()).unwrap();
            follower.apply_delta(&delta, Trust::default()).unwrap();
            assert!(snapshot(&follower) == snapshot(&directory));
        }
        made(&mut directory, went);
        if number % 250 == 0 {
            // What the tables hold, the names included, is seen in no other way.
            let before = std::mem::replace(&mut held, format!("{alone:?}").matches("fresh_").count());
            swept += usize::from(held < before);
        }
    }
    assert!(swept >= 2, "the tables have become smaller {swept} times only, and hold {held} names");
    assert!(snapshot(&alone) == snapshot(&directory));
    // Who has left and come back stands last.
    expected["organizations"][0]["projects"][1]["collaborators"].as_array_mut().unwrap().reverse();
    assert_eq!(unchanged(&directory), expected);
    let world = World::of(directory);
    assert_same_answers(&world, &loaded(&document(&world.directory)));
    assert!(snapshot(&loaded(&document(&world.directory))) == snapshot(&world.directory));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    /// A directory that has been swept is the one that was loaded at that time, and stays it whatever changes come.
    #[test]
    fn sweeping_is_not_noticed(world in worlds(), before in drafts(12), after in drafts(12)) {
        // More than so much garbage is swept out, where it is more than a quarter of the tables.
        const LITTLE_GARBAGE: usize = 4_096;
        let mut world = changed(world, &before);
        let project = world.projects[0].clone();
        let mut expected: Json = serde_json::from_str(&document(&world.directory)).unwrap();
        expected["revision"] = json!(world.directory.revision() + 2 * (LITTLE_GARBAGE as u64 + 1));
        let holds = |directory: &Directory, name: &str| format!("{directory:?}").contains(name);
        for number in 0..=LITTLE_GARBAGE {
            let name = format!("swept_{number}");
            prop_assert!(number != LITTLE_GARBAGE - 200 || holds(&world.directory, "swept_0"), "swept out early");
            made(&mut world.directory, json!({"type": "add_resource", "project": project, "resource": name, "kind": "file"}));
            made(&mut world.directory, json!({"type": "remove_resource", "resource": format!("file:{name}")}));
        }
        prop_assert!(!holds(&world.directory, "swept_0"), "not swept out");
        let swept = World::of(world.directory);
        let loaded = World::of(loaded(&expected.to_string()));
        prop_assert!(snapshot(&swept.directory) == snapshot(&loaded.directory));
        assert_same_answers(&swept, &loaded.directory);
        let (swept, loaded) = (changed(swept, &after), changed(loaded, &after));
        prop_assert!(snapshot(&swept.directory) == snapshot(&loaded.directory));
        assert_same_answers(&swept, &loaded.directory);
    }
}

/// An engine remembers a mebibyte of changes, the latest, and forgets the oldest that somebody may want.
#[test]
fn what_is_too_long_ago_is_forgotten() {
    let mut directory = loaded(
        &json!({"format": "bailiwick/1", "organizations": [{
            "id": "acme", "owner": "ada", "members": [{"user": "ada", "role": "admin"}], "projects": [{"id": "home", "default": true}],
        }]})
        .to_string(),
    );
    let mut copies = vec![unpacked(&snapshot(&directory))];
    for number in 0..600 {
        let name = "x".repeat(4_000);
        made(
            &mut directory,
            json!({"type": "add_resource", "project": "home", "resource": format!("file_{number}"), "kind": "file", "name": name}),
        );
        if number % 50 == 0 {
            copies.push(unpacked(&snapshot(&directory)));
        }
    }
    let (mut forgotten, mut remembered) = (0_u64, 0_u64);
    for copy in &mut copies {
        match delta(&directory, copy.revision()) {
            Ok(delta) => {
                assert!(delta.len() < 1 << 21);
                copy.apply_delta(&delta, Trust::default()).unwrap();
                assert!(snapshot(copy) == snapshot(&directory));
                remembered += 1;
            }
            Err(error) => {
                assert_eq!((error.code(), remembered), (ErrorCode::DeltaGap, 0), "the oldest are forgotten first");
                forgotten += 1;
            }
        }
    }
    // 250 changes of 4 KiB are a mebibyte: those since the last five copies, or four.
    assert!((4..=5).contains(&remembered) && forgotten == 13 - remembered, "{remembered} {forgotten}");
}
