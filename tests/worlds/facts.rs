//! Facts from a document, found without the engine: what roles, visibilities and limits of keys say.

use std::collections::BTreeSet;

use bailiwick::Instant;
use serde_json::Value as Json;

use super::{World, at, list, text};

/// Whether an entry's instant is not after the instant of most questions.
pub(crate) fn is_past(instant: &Json) -> bool {
    instant.as_str().is_some_and(|instant| Instant::parse(instant).unwrap() <= at())
}

/// The rows in a list that have not ended.
fn live<'j>(entry: &'j Json, rows: &str) -> impl Iterator<Item = &'j Json> {
    list(entry, rows).filter(|row| !is_past(&row["expires_at"]))
}

impl World {
    /// The entries of the project and of its organization.
    pub(crate) fn entry(&self, project: &str) -> (&Json, &Json) {
        list(&self.document, "organizations")
            .flat_map(|organization| list(organization, "projects").map(move |entry| (organization, entry)))
            .find(|(_, entry)| entry["id"] == project)
            .unwrap()
    }

    /// The row of a member that has not ended.
    fn member(&self, user: &str, project: &str) -> Option<&Json> {
        live(self.entry(project).0, "members").find(|row| row["user"] == user)
    }

    /// The policy's entry for the project's visibility, if it has any.
    fn visibility(&self, project: &str) -> Option<&Json> {
        let named = &self.entry(project).1["visibility"];
        list(&self.policy, "visibilities").find(|visibility| named.is_null() || visibility["visibility"] == *named)
    }

    /// The roles that a user has in a project by the document, by their source (A19): an own row, groups, the organization role, and
    /// the automatic role of the default project.
    pub(crate) fn sources(&self, user: &str, project: &str) -> [Vec<&str>; 4] {
        let (organization, entry) = self.entry(project);
        let own = live(entry, "collaborators").filter(|row| row["user"] == user).map(|row| text(row, "role")).collect();
        let Some(member) = self.member(user, project) else {
            let counts = entry["allow_external_collaborators"] == true && list(organization, "members").all(|row| row["user"] != user);
            return [if counts { own } else { Vec::new() }, Vec::new(), Vec::new(), Vec::new()];
        };
        let is_in = |group: &&Json| live(group, "members").any(|row| row["user"] == user);
        let groups: BTreeSet<_> = list(organization, "groups").filter(is_in).map(|group| text(group, "id")).collect();
        let of_groups = live(entry, "collaborators").filter(|row| row["group"].as_str().is_some_and(|group| groups.contains(group)));
        let role = text(member, "role");
        let implies = self.visibility(project).is_none_or(|visibility| visibility["implied_roles"] != false);
        let implied = list(&self.policy, "organization_roles").find(|of| of["role"] == role).and_then(|of| of["project_role"].as_str());
        let default = &self.policy["default_project_role"];
        let automatic = default.as_str().or_else(|| default[role].as_str());
        [
            own,
            of_groups.map(|row| text(row, "role")).collect(),
            implied.filter(|_| implies).into_iter().collect(),
            automatic.filter(|_| entry["default"] == true).into_iter().collect(),
        ]
    }

    /// The roles that a user has in a project by the document, strongest first: tests of isolation and of the strongest role compare with
    /// them.
    pub(crate) fn roles(&self, principal: &str, project: &str) -> Vec<String> {
        let Some(user) = principal.strip_prefix("user:") else { return Vec::new() };
        let mut roles: Vec<_> = self.sources(user, project).concat().into_iter().map(str::to_owned).collect();
        roles.sort_by_key(|role| list(&self.policy, "project_roles").position(|other| *other == **role));
        roles
    }

    /// Whether a user may do anything in a project by a role, or this action by its visibility (A19 to A21, A28).
    pub(crate) fn has_a_tie(&self, user: &str, project: &str, action: &str) -> bool {
        let gives = |role: &str| {
            let rows = self.visibility(project).into_iter().flat_map(|visibility| list(visibility, "actions"));
            rows.into_iter().any(|row| list(row, "roles").any(|of| *of == *role) && list(row, "actions").any(|of| *of == *action))
        };
        self.sources(user, project).iter().any(|roles| !roles.is_empty())
            || self.member(user, project).is_some_and(|member| gives(text(member, "role")))
    }

    /// Whether a key may do an action in a project, as far as its reach, its scopes and the user that it acts as say (A22, A29, A30).
    pub(crate) fn key_has_a_tie(&self, key: &str, project: &str, action: &str) -> bool {
        let (organization, _) = self.entry(project);
        let keys = list(organization, "projects").flat_map(|of| list(of, "api_keys").map(move |key| (text(of, "id"), key)));
        let Some((own, key)) = keys.into_iter().find(|(_, entry)| entry["id"] == key) else { return false };
        let reaches = own == project || key["projects"] == "all" || list(key, "projects").any(|further| *further == *project);
        let scoped = key["scopes"].is_null() || list(key, "scopes").any(|scope| self.scope_has(scope, action));
        reaches && scoped && key["acts_as"].as_str().is_none_or(|user| self.has_a_tie(user, project, action))
    }

    fn scope_has(&self, scope: &Json, action: &str) -> bool {
        let (kind, verb) = action.split_once('.').unwrap();
        let kinds: BTreeSet<_> = list(&self.policy, "kinds").map(|kind| text(kind, "kind")).collect();
        list(&self.policy, "api_key_scopes").filter(|entry| entry["scope"] == *scope).any(|scope| {
            list(scope, "actions").any(|of| *of == *action)
                || kinds.contains(kind) && (list(scope, "verbs").any(|of| *of == *verb) || list(scope, "kinds").any(|of| *of == *kind))
        })
    }

    /// Whether the instant of a question may matter to everybody: something ends, apart from keys, or is suspended, or the directory becomes
    /// stale.
    pub(crate) fn can_change(&self) -> bool {
        let mut found = self.document["max_age_seconds"].is_number();
        found |= list(&self.document, "users").any(|user| user["suspended_at"].is_string());
        for organization in list(&self.document, "organizations") {
            let projects = || list(organization, "projects");
            let rows = list(organization, "members")
                .chain(list(organization, "groups").flat_map(|group| list(group, "members")))
                .chain(projects().flat_map(|project| list(project, "collaborators")));
            found |= rows.into_iter().any(|row| row["expires_at"].is_string() || row["suspended_at"].is_string());
            found |= organization["suspended_at"].is_string() || projects().any(|project| project["suspended_at"].is_string());
        }
        found
    }
}
