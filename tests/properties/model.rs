//! Properties of the fields of the model of 2026-09: what ends, what is suspended, what limits keys, and how roles combine.

use crate::worlds::facts::is_past;
use crate::worlds::model_worlds;
use crate::*;

/// The document with every entry of these lists changed.
fn edited(world: &World, edit: &mut dyn FnMut(&str, &mut Json)) -> Json {
    let mut document = world.document.clone();
    each(&mut document, "users", edit);
    for organization in entries(&mut document, "organizations") {
        edit("organization", organization);
        each(organization, "members", edit);
        for project in entries(organization, "projects") {
            edit("project", project);
            each(project, "api_keys", edit);
        }
    }
    document
}

fn entries<'j>(entry: &'j mut Json, name: &str) -> impl Iterator<Item = &'j mut Json> {
    entry.get_mut(name).and_then(Json::as_array_mut).into_iter().flatten()
}

fn each(entry: &mut Json, name: &str, edit: &mut dyn FnMut(&str, &mut Json)) {
    entries(entry, name).for_each(|entry| edit(name, entry));
}

fn without(entry: &mut Json, name: &str) {
    entry.as_object_mut().unwrap().remove(name);
}

/// The document with another combination of roles.
fn combining(world: &World, combination: &str) -> Json {
    let mut document = world.document.clone();
    document["policy"] = world.policy.clone();
    document["policy"]["id"] = json!("other");
    document["policy"]["role_combination"] = json!(combination);
    document
}

/// Checks that the second directory allows all that the first one does.
fn check_all_is_kept(world: &World, less: &Directory, more: &Directory, is_asked: impl Fn(&str) -> bool) {
    let organizations = list(&world.document, "organizations").map(|organization| format!("organization:{}", text(organization, "id")));
    let (organizations, actions): (Vec<_>, _) = (organizations.collect(), actions());
    let keeps = |request: AccessRequest<'_>| {
        assert!(!less.is_allowed(&request) || more.is_allowed(&request), "{request:?}: {:?}", more.check_access(&request));
    };
    for principal in world.principals.iter().filter(|principal| is_asked(principal)) {
        let reference = Reference::parse(principal).unwrap();
        for object in world.objects.iter().map(|(object, _)| object).chain(&organizations).chain([principal]) {
            for action in &actions {
                keeps(AccessRequest::new(reference, action, Reference::parse(object).unwrap(), at()));
            }
        }
    }
}

/// The document without the rows that have ended, and without what else their people have in an organization that they have left. The people
/// stay known.
fn without_ended_rows(world: &World) -> Json {
    let mut document = world.document.clone();
    let mut named = BTreeSet::new();
    let mut homes = BTreeSet::new();
    for organization in entries(&mut document, "organizations") {
        let id = text(organization, "id").to_owned();
        let has_left = |row: &&Json| is_past(&row["expires_at"]);
        let left: BTreeSet<_> = list(organization, "members").filter(has_left).map(|row| text(row, "user").to_owned()).collect();
        let mut retain = |rows: &mut Json| {
            rows.as_array_mut().into_iter().for_each(|rows| {
                rows.retain(|row| {
                    let user = row["user"].as_str();
                    named.extend(user.map(str::to_owned));
                    !is_past(&row["expires_at"]) && !user.is_some_and(|user| left.contains(user))
                });
            });
        };
        retain(&mut organization["members"]);
        if organization["groups"].is_array() {
            entries(organization, "groups").for_each(|group| retain(&mut group["members"]));
        }
        entries(organization, "projects").for_each(|project| retain(&mut project["collaborators"]));
        homes.extend(left.into_iter().map(|user| (user, id.clone())));
    }
    if document["users"].is_null() {
        document["users"] = json!([]);
    }
    let users = document["users"].as_array_mut().unwrap();
    for user in users.iter_mut() {
        let home = user["organization"].as_str().map(|home| (text(user, "id").to_owned(), home.to_owned()));
        if home.is_some_and(|home| homes.contains(&home)) {
            user["organization"] = Json::Null;
        }
    }
    named.retain(|name| users.iter().all(|user| user["id"] != **name));
    users.extend(named.into_iter().map(|user| json!({"id": user})));
    document
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    /// A27: a row that has ended is as if it were not in the document.
    #[test]
    fn ended_rows_are_as_if_they_were_not_there(world in model_worlds()) {
        assert_same_answers(&world, &loaded(&without_ended_rows(&world)));
    }

    /// A25 and A26: whatever is allowed would be allowed without any suspension.
    #[test]
    fn suspension_only_takes_away(world in model_worlds()) {
        let resumed = edited(&world, &mut |_, entry| without(entry, "suspended_at"));
        check_all_is_kept(&world, &world.directory, &loaded(&resumed), |_| true);
    }

    /// A29 and A30: whatever a key may do, it may do without its scopes, and without acting as anybody.
    #[test]
    fn scopes_and_acts_as_only_take_away(world in model_worlds()) {
        for limit in ["scopes", "acts_as"] {
            let unlimited = edited(&world, &mut |list, entry| if list == "api_keys" { without(entry, limit) });
            check_all_is_kept(&world, &world.directory, &loaded(&unlimited), |principal| principal.starts_with("api_key:"));
        }
    }

    /// A19: what the strongest or the most specific role allows, the union of all roles allows.
    #[test]
    fn union_loses_nothing(world in model_worlds()) {
        let union = loaded(&combining(&world, "union"));
        for other in ["strongest", "most_specific"] {
            check_all_is_kept(&world, &loaded(&combining(&world, other)), &union, |_| true);
        }
    }
}
