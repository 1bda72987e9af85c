//! Previews: the consequences of a change, found by making it to a copy.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::access::Principal;
use crate::attribution::Usage;
use crate::directory::{ApiKey, Directory, Project, Tables, User};
use crate::input::error::Error;
use crate::input::id::Reference;
use crate::input::instant::Instant;
use crate::input::path::Path;
use crate::policy::Policy;

use super::document::Change;
use super::terms::Terms;

/// The consequences of a change. Every list is in byte order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Preview {
    /// The revision after the change.
    pub revision: u64,
    /// What principals may do afterwards, and not before.
    pub gained: Vec<AccessRow>,
    /// What principals may do before, and not afterwards.
    pub lost: Vec<AccessRow>,
    /// The projects that principals would lose.
    pub projects_lost: Vec<LostProject>,
    /// The live API keys of users who would lose a project or be removed, in the projects that they created them in: a key outlives its
    /// creator's access.
    pub live_api_keys: Vec<String>,
    /// The principals whose usage would be booked elsewhere, in projects that they reach before and after.
    pub booked_elsewhere: Vec<String>,
    /// Each entry that would be altered: what it was and what it would be.
    pub rows: Vec<AlteredEntry>,
}

/// Actions that a principal gains or loses on one object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AccessRow {
    /// `user:<id>` or `api_key:<id>`.
    pub principal: String,
    /// An organization, a project or an organization default key, as a reference.
    pub on: String,
    /// The actions, in byte order.
    pub actions: Vec<String>,
}

/// An entry that would be altered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AlteredEntry {
    /// Which entry: its table and its ids.
    pub entry: serde_json::Value,
    /// The entry before, as a document has it; null if there is none.
    pub before: serde_json::Value,
    /// The entry afterwards; null if it is removed.
    pub after: serde_json::Value,
}

/// A principal and a project that it would lose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LostProject {
    /// `user:<id>` or `api_key:<id>`.
    pub principal: String,
    /// The id of the project.
    pub project: String,
}

impl Directory {
    /// The same for one change, without its position in paths.
    pub(crate) fn preview_one(&mut self, change: Change<'_>, terms: &Terms<'_>) -> Result<Preview, Error> {
        let at = &Path::Root.item(0);
        self.preview(&[change], terms).map_err(|error| error.above(at))
    }

    /// Authorises and validates changes, and returns their consequences. Nothing has changed afterwards.
    pub(crate) fn preview(&mut self, changes: &[Change<'_>], terms: &Terms<'_>) -> Result<Preview, Error> {
        let before = self.tables().clone();
        self.try_out(|directory| {
            let mut within = Vec::new();
            directory.make_all(changes, terms, |directory, change| {
                let organization = directory.tables().organization_of(change);
                within.extend(organization.map(|organization| directory.tables().organization_id(organization).to_owned()));
            })?;
            let after = directory.tables();
            // An actor learns only about the organizations of the changes.
            let within = terms.actor.map(|_| within.as_slice());
            let comparison = Comparison { before: &before, after, at: terms.at, within };
            let mut projects_lost = Vec::new();
            let mut booked_elsewhere = Vec::new();
            let mut live_api_keys = Vec::new();
            for change in changes {
                for subject in &before.subjects(change) {
                    comparison.add_projects_lost(subject.reference(), &mut projects_lost);
                }
                if let Some(user) = whose_bookings_may_move(change) {
                    // In byte order: API keys come before users.
                    let keys = before.api_keys_made_by(user).into_iter().map(|key| Subject::ApiKey(before.api_key_id(key)));
                    let principals = keys.chain([Subject::User(user)]).map(Subject::reference);
                    let usages = usages_to_compare(before.policy());
                    let moving = principals.filter(|principal| comparison.is_booked_elsewhere(*principal, &usages));
                    booked_elsewhere.extend(moving.map(|principal| principal.to_string()));
                }
                live_api_keys.extend(before.live_api_keys(change, &projects_lost, terms.at));
            }
            let revision = directory.revision();
            Ok(Preview { revision, gained: Vec::new(), lost: Vec::new(), projects_lost, live_api_keys, booked_elsewhere, rows: Vec::new() })
        })
    }
}

impl Tables {
    /// The principals whose access a change may affect, in byte order: API keys come before users.
    fn subjects<'s>(&'s self, change: &Change<'s>) -> Vec<Subject<'s>> {
        let users = match *change {
            Change::RevokeApiKey { key }
            | Change::ExpireApiKey { key, .. }
            | Change::UpdateApiKey { key, .. }
            | Change::RemoveApiKey { key } => return vec![Subject::ApiKey(key)],
            Change::AddMember { user, .. }
            | Change::RemoveMember { user, .. }
            | Change::SetMemberRole { user, .. }
            | Change::DropMember { user, .. }
            | Change::RemoveUser { user }
            | Change::AddGroupMember { user, .. }
            | Change::RemoveGroupMember { user, .. } => vec![user],
            Change::AddCollaborator { user, .. }
            | Change::RemoveCollaborator { user, .. }
            | Change::SetCollaboratorRole { user, .. }
            | Change::Suspend { user, .. }
            | Change::Resume { user, .. } => user.into_iter().collect(),
            Change::SetExternalCollaborators { project, .. } | Change::RemoveProject { project } | Change::MoveProject { project, .. } => {
                let users = self.project(project).map(|project| &self.project_contents(project).collaborators);
                users.into_iter().flatten().map(|user| self.user_id(*user)).collect()
            }
            _ => Vec::new(),
        };
        let acting = self.keys_acting_as(&users).into_iter().map(|key| Subject::ApiKey(self.api_key_id(key)));
        acting.chain(users.iter().map(|user| Subject::User(user))).collect()
    }

    /// The API keys that act as one of these users, sorted by id.
    fn keys_acting_as(&self, users: &[&str]) -> Vec<ApiKey> {
        let users: BTreeSet<User> = users.iter().filter_map(|user| self.find_user_name(user)).collect();
        let acts = |key: &ApiKey| self.acted_user(*key).is_some_and(|user| users.contains(&user));
        let mut keys: Vec<_> = self.all_api_keys().filter(acts).collect();
        self.sort_api_keys(&mut keys);
        keys
    }

    /// The API keys that a user has made (B5), sorted by id.
    fn api_keys_made_by(&self, user: &str) -> Vec<ApiKey> {
        let Some(user) = self.find_user_name(user) else { return Vec::new() };
        let mut keys: Vec<_> = self.all_api_keys().filter(|key| self.maker(*key) == Some(user)).collect();
        self.sort_api_keys(&mut keys);
        keys
    }

    /// The live API keys of users who leave a project, in that project. Users who lose access leave it; so do users who are removed, also
    /// from a project in which they had no role any more.
    fn live_api_keys(&self, change: &Change<'_>, lost: &[LostProject], at: Instant) -> Vec<String> {
        let mut left: Vec<(User, Project)> = Vec::new();
        for LostProject { principal, project } in lost {
            let user = principal.strip_prefix("user:").and_then(|user| self.user(user));
            left.extend(user.zip(self.project(project)));
        }
        match *change {
            Change::RemoveMember { organization, user } => {
                let projects = self.organization(organization).map(|organization| &self.organization_row(organization).projects);
                left.extend(
                    self.user(user).into_iter().flat_map(|user| projects.into_iter().flatten().map(move |project| (user, *project))),
                );
            }
            Change::RemoveCollaborator { project, user: Some(user), .. } => left.extend(self.user(user).zip(self.project(project))),
            _ => {}
        }
        let keys = left.into_iter().flat_map(|(user, project)| {
            let keys = self.project_contents(project).api_keys.iter().copied();
            // A key that acts as a user ends with that user's access.
            let outlives = move |key: ApiKey| self.api_key_row(key).created_by == Some(user) && self.acted_user(key).is_none();
            keys.filter(move |key| outlives(*key) && self.live(Some(Principal::ApiKey(*key)), at).is_ok())
        });
        let mut keys: Vec<_> = keys.collect();
        self.sort_api_keys(&mut keys);
        keys.dedup();
        keys.into_iter().map(|key| self.api_key_id(key).to_owned()).collect()
    }
}

/// The user whose bookings a change may affect: bookings depend on memberships and on collaborators from outside (B2 to B5).
fn whose_bookings_may_move<'c>(change: &Change<'c>) -> Option<&'c str> {
    match *change {
        Change::AddMember { user, .. } | Change::RemoveMember { user, .. } => Some(user),
        Change::AddCollaborator { user, .. } | Change::RemoveCollaborator { user, .. } => user,
        _ => None,
    }
}

#[derive(Clone, Copy)]
enum Subject<'s> {
    User(&'s str),
    ApiKey(&'s str),
}

impl<'s> Subject<'s> {
    fn reference(self) -> Reference<'s> {
        match self {
            Self::User(id) => Reference::of_parts("user", id),
            Self::ApiKey(id) => Reference::of_parts("api_key", id),
        }
    }
}

/// The tables before and after a change.
struct Comparison<'c> {
    before: &'c Tables,
    after: &'c Tables,
    at: Instant,
    /// The organization whose projects are compared; those of all organizations if it is `None`.
    within: Option<&'c [String]>,
}

impl<'c> Comparison<'c> {
    /// The ids of the projects that a principal reaches, in byte order. (Indices may differ between the two tables.)
    fn reach(&self, tables: &'c Tables, principal: Reference<'_>) -> Vec<&'c str> {
        let organization = |project: &Project| tables.organization_id(tables.project_row(*project).organization);
        let is_within = |project: &Project| self.within.is_none_or(|within| within.iter().any(|id| id == organization(project)));
        tables.reach_at(principal, self.at).into_iter().filter(is_within).map(|project| tables.project_id(project)).collect()
    }

    fn add_projects_lost(&self, principal: Reference<'_>, lost: &mut Vec<LostProject>) {
        let after = self.reach(self.after, principal);
        for project in self.reach(self.before, principal) {
            if after.binary_search(&project).is_err() {
                lost.push(LostProject { principal: principal.to_string(), project: project.to_owned() });
            }
        }
    }

    /// Whether any usage of the principal, in a project that it reaches before and after, would be booked elsewhere.
    fn is_booked_elsewhere(&self, principal: Reference<'_>, usages: &[(&str, &str)]) -> bool {
        let after = self.reach(self.after, principal);
        let both = self.reach(self.before, principal);
        both.into_iter().filter(|project| after.binary_search(project).is_ok()).any(|project| {
            usages.iter().any(|(kind, surface)| {
                let usage = Usage { principal, kind, surface: Some(surface), project: Some(project), resource: None, at: self.at };
                place(self.before, &usage) != place(self.after, &usage)
            })
        })
    }
}

/// One kind and surface for each case that bookings distinguish (B1 to B6): four at most, whatever the policy.
fn usages_to_compare(policy: &Policy) -> Vec<(&str, &str)> {
    let mut found: Vec<(_, _)> = Vec::new();
    for surface in policy.surfaces() {
        for (kind, name) in policy.kinds() {
            let sort = policy.traits(kind, surface).that_decide_the_place();
            if found.iter().all(|(of, _)| *of != sort) {
                found.push((sort, (name, policy.surface_name(surface))));
            }
        }
    }
    found.into_iter().map(|(_, usage)| usage).collect()
}

/// Where usage is booked; `None` if it cannot be attributed.
fn place<'t>(tables: &'t Tables, usage: &Usage<'_>) -> Option<(Option<&'t str>, Option<&'t str>)> {
    tables.find_and_book(usage).ok().map(|booked| tables.place_ids(booked.place))
}
