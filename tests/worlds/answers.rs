//! The answers of a directory, in forms that tests compare.

use std::borrow::Cow;

use bailiwick::{AccessRequest, Directory, Error, Page, Reference, Usage, Value, boundary};
use serde_json::{Value as Json, json};

use super::{SURFACES, World, actions, at, kinds, list, text};

pub(crate) fn value(json: &Json) -> Value<'_> {
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

/// Objects outside projects: organizations, users, and unknown names.
pub(crate) fn outside_projects(world: &World) -> Vec<String> {
    let users = world.principals.iter().filter(|principal| principal.starts_with("user:")).cloned();
    let nothing = ["organization:none", "file:none", "api_key:none", "team:blue"].map(str::to_owned);
    organizations(world).into_iter().chain(users).chain(nothing).collect()
}

pub(crate) fn organizations(world: &World) -> Vec<String> {
    list(&world.document, "organizations").map(|organization| format!("organization:{}", text(organization, "id"))).collect()
}

/// Checks that every answer of `directory` is that of the world.
pub(crate) fn assert_same_answers(world: &World, directory: &Directory) {
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

pub(crate) fn listing(directory: &Directory, name: &str, request: &Json) -> Result<Page, Error> {
    let list = match name {
        "list_projects" => boundary::list_projects,
        "list_resources" => boundary::list_resources,
        "list_principals" => boundary::list_principals,
        _ => boundary::list_actions,
    };
    list(directory, &value(request), at())
}

/// All items of a listing.
pub(crate) fn items(directory: &Directory, name: &str, request: &Json) -> Vec<String> {
    let page = listing(directory, name, request).unwrap();
    assert_eq!(page.next_cursor, None, "nothing is cut off without a limit");
    assert!(page.items.is_sorted_by(|one, next| one < next), "{request}: {:?}", page.items);
    page.items
}

/// All items, page by page.
pub(crate) fn paged(directory: &Directory, name: &str, request: &Json, limit: usize) -> Vec<String> {
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

/// Requests of every listing for everything in a world.
pub(crate) fn requests(world: &World) -> Vec<(&'static str, Json)> {
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
