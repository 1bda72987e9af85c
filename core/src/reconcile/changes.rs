//! Changes as JSON, as `apply` takes them.

use serde_json::{Map, Value, json};

use crate::directory::{Entry, EntryIndex, Key, Organization, Project, Tables};

/// The change of a type with these fields.
pub(super) fn change<'f>(change: &str, fields: impl IntoIterator<Item = (&'f str, Value)>) -> Value {
    let fields = fields.into_iter().map(|(name, value)| (name.to_owned(), value));
    Value::Object(std::iter::once(("type".to_owned(), change.into())).chain(fields).collect())
}

pub(super) fn set_policy(target: &Tables) -> Value {
    change("set_policy", [("policy", target.policy_to_json())])
}

pub(super) fn remove_organizations(tables: &Tables) -> Vec<Value> {
    tables.organization_ids().map(|id| change("remove_organization", [("organization", id.into())])).collect()
}

pub(super) fn put_organization(target: &Tables, organization: Organization) -> Value {
    change("put_organization", [("organization", target.organization_to_json(organization))])
}

pub(super) fn put_project(target: &Tables, project: Project) -> Value {
    let organization = target.organization_id(target.project_row(project).organization);
    change("put_project", [("organization", organization.into()), ("project", target.project_to_json(project))])
}

/// The change that puts an entry as it is in the target. `None` for fields of what has lists below.
pub(super) fn put(target: &Tables, entry: EntryIndex) -> Option<Value> {
    let fields = || target.entry_at(entry).map(|entry| Value::Object(entry.to_json()));
    Some(match target.path_of(entry) {
        Key::User(_) => change("put_user", [("user", fields()?)]),
        Key::Member(organization, _) => change("put_member", [("organization", organization.into()), ("member", fields()?)]),
        Key::Group(organization, id) | Key::GroupMember(organization, id, _) => {
            let group = target.group_to_json(target.group(id)?);
            change("put_group", [("organization", organization.into()), ("group", group)])
        }
        Key::Grant(_, project, _) | Key::Collaborator(_, project, _) => {
            change("put_collaborator", [("project", project.into()), ("collaborator", fields()?)])
        }
        Key::ApiKey(_, project, _) => change("put_api_key", [("project", project.into()), ("api_key", fields()?)]),
        Key::Resource(_, project, ..) => change("put_resource", [("project", project.into()), ("resource", fields()?)]),
        Key::Organization(_) | Key::Project(..) => return None,
    })
}

/// The change that removes an entry of the present directory.
pub(super) fn remove(key: Key<'_>) -> Value {
    match key {
        Key::User(user) => change("remove_user", [("user", user.into())]),
        Key::Organization(organization) => change("remove_organization", [("organization", organization.into())]),
        Key::Member(organization, user) => change("drop_member", [("organization", organization.into()), ("user", user.into())]),
        Key::Group(_, group) => change("remove_group", [("group", group.into())]),
        Key::GroupMember(_, group, user) => change("remove_group_member", [("group", group.into()), ("user", user.into())]),
        Key::Project(_, project) => change("remove_project", [("project", project.into())]),
        Key::Grant(_, project, group) => change("remove_collaborator", [("project", project.into()), ("group", group.into())]),
        Key::Collaborator(_, project, user) => change("remove_collaborator", [("project", project.into()), ("user", user.into())]),
        Key::ApiKey(.., key) => change("remove_api_key", [("key", key.into())]),
        Key::Resource(.., kind, id) => change("remove_resource", [("resource", format!("{kind}:{id}").into())]),
    }
}

/// The change that gives an organization or a project the fields that differ. `None` if one of them is not a field of such a change.
pub(super) fn update(before: &Entry<'_>, after: &Entry<'_>) -> Option<Value> {
    let (what, word, settable): (_, _, &[&str]) = match after {
        Entry::Organization(_) => {
            ("organization", "update_organization", &["name", "membership", "multi_project", "projects_since", "suspended_at"])
        }
        Entry::Project(_) => ("project", "update_project", &["name", "suspended_at", "allow_external_collaborators", "visibility"]),
        _ => return None,
    };
    let (before, after): (Map<_, _>, Map<_, _>) = (before.to_json(), after.to_json());
    let id = after.get("id").cloned().unwrap_or_default();
    let mut fields = vec![(what, id)];
    for name in before.keys().chain(after.keys()) {
        if before.get(name) != after.get(name) && fields.iter().all(|(other, _)| other != name) {
            let name = settable.iter().find(|settable| *settable == name)?;
            fields.push((name, after.get(*name).cloned().unwrap_or_default()));
        }
    }
    Some(change(word, fields))
}

/// An entry of `users` that says nothing.
pub(super) fn clear_user(user: &str) -> Value {
    change("put_user", [("user", json!({"id": user}))])
}
