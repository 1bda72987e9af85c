//! Changes as JSON, as `apply` takes them.

use crate::directory::{Entry, EntryIndex, Key, Organization, Project, Tables};
use crate::input::json_text::JsonText;

/// The change of a type with these fields.
pub(super) fn change<'f>(change: &str, fields: impl IntoIterator<Item = (&'f str, JsonText)>) -> JsonText {
    JsonText::object(fields).with_first("type", change)
}

/// The change of a type whose fields are ids.
pub(super) fn of_ids<'f>(word: &str, fields: impl IntoIterator<Item = (&'f str, &'f str)>) -> JsonText {
    change(word, fields.into_iter().map(|(name, id)| (name, JsonText::of(&id))))
}

pub(super) fn set_policy(target: &Tables) -> JsonText {
    change("set_policy", [("policy", target.policy_to_json())])
}

pub(super) fn remove_organizations(tables: &Tables) -> Vec<JsonText> {
    tables.organization_ids().map(|id| of_ids("remove_organization", [("organization", id)])).collect()
}

pub(super) fn put_organization(target: &Tables, organization: Organization) -> JsonText {
    change("put_organization", [("organization", target.organization_to_json(organization))])
}

pub(super) fn put_project(target: &Tables, project: Project) -> JsonText {
    let organization = target.organization_id(target.project_row(project).organization);
    change("put_project", [("organization", JsonText::of(&organization)), ("project", target.project_to_json(project))])
}

/// The change that puts an entry as it is in the target. `None` for fields of what has lists below.
pub(super) fn put(target: &Tables, entry: EntryIndex) -> Option<JsonText> {
    let fields = || target.entry_at(entry).map(|entry| entry.to_json());
    Some(match target.path_of(entry) {
        Key::User(_) => change("put_user", [("user", fields()?)]),
        Key::Member(organization, _) => change("put_member", [("organization", JsonText::of(&organization)), ("member", fields()?)]),
        Key::Group(organization, id) | Key::GroupMember(organization, id, _) => {
            let group = target.group_to_json(target.group(id)?);
            change("put_group", [("organization", JsonText::of(&organization)), ("group", group)])
        }
        Key::Grant(_, project, _) | Key::Collaborator(_, project, _) => {
            change("put_collaborator", [("project", JsonText::of(&project)), ("collaborator", fields()?)])
        }
        Key::ApiKey(_, project, _) => change("put_api_key", [("project", JsonText::of(&project)), ("api_key", fields()?)]),
        Key::Resource(_, project, ..) => change("put_resource", [("project", JsonText::of(&project)), ("resource", fields()?)]),
        Key::Organization(_) | Key::Project(..) => return None,
    })
}

/// The change that removes an entry of the present directory.
pub(super) fn remove(key: Key<'_>) -> JsonText {
    match key {
        Key::User(user) => of_ids("remove_user", [("user", user)]),
        Key::Organization(organization) => of_ids("remove_organization", [("organization", organization)]),
        Key::Member(organization, user) => of_ids("drop_member", [("organization", organization), ("user", user)]),
        Key::Group(_, group) => of_ids("remove_group", [("group", group)]),
        Key::GroupMember(_, group, user) => of_ids("remove_group_member", [("group", group), ("user", user)]),
        Key::Project(_, project) => of_ids("remove_project", [("project", project)]),
        Key::Grant(_, project, group) => of_ids("remove_collaborator", [("project", project), ("group", group)]),
        Key::Collaborator(_, project, user) => of_ids("remove_collaborator", [("project", project), ("user", user)]),
        Key::ApiKey(.., key) => of_ids("remove_api_key", [("key", key)]),
        Key::Resource(.., kind, id) => of_ids("remove_resource", [("resource", format!("{kind}:{id}").as_str())]),
    }
}

/// The change that gives an organization or a project the fields that differ. `None` if one of them is not a field of such a change.
pub(super) fn update(before: &Entry<'_>, after: &Entry<'_>) -> Option<JsonText> {
    let (what, word, settable): (_, _, &[&str]) = match after {
        Entry::Organization(_) => {
            ("organization", "update_organization", &["name", "membership", "multi_project", "projects_since", "suspended_at"])
        }
        Entry::Project(_) => ("project", "update_project", &["name", "suspended_at", "allow_external_collaborators", "visibility"]),
        _ => return None,
    };
    let (before, after) = (before.to_members(), after.to_members());
    let mut fields = vec![(what, JsonText::of(&after.get("id")))];
    for field in settable {
        if before.get(*field) != after.get(*field) {
            fields.push((field, JsonText::of(&after.get(*field))));
        }
    }
    let differs = |name: &&String| before.get(*name) != after.get(*name);
    let is_all = before.keys().chain(after.keys()).filter(differs).all(|name| settable.contains(&name.as_str()));
    is_all.then(|| change(word, fields))
}

/// An entry of `users` that says nothing.
pub(super) fn clear_user(user: &str) -> JsonText {
    change("put_user", [("user", JsonText::object([("id", JsonText::of(&user))]))])
}
