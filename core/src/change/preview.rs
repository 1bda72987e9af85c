//! Previews: what would follow from a change, found by making it to a copy.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::attribution::Usage;
use crate::directory::{Directory, Project, User};
use crate::error::Error;
use crate::id::Reference;
use crate::instant::Instant;

use super::{Change, Terms};

/// What would follow from a change. Every list is in byte order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Preview {
    /// The revision that it would lead to.
    pub revision: u64,
    /// Who would no longer reach which project.
    pub projects_lost: Vec<LostProject>,
    /// The API keys that a removed user made where they lose access, and that stay alive: keys outlive their creator's access.
    pub live_api_keys: Vec<String>,
    /// The principals whose usage, in a project that they reach before and after, would be booked elsewhere.
    pub booked_elsewhere: Vec<String>,
}

/// A principal and a project that it would no longer reach.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct LostProject {
    /// `user:<id>` or `api_key:<id>`.
    pub principal: String,
    /// The id of the project.
    pub project: String,
}

impl Directory {
    /// Authorises and tests a change, and tells what would follow from it.
    pub(crate) fn preview(&self, change: &Change<'_>, terms: &Terms<'_>) -> Result<Preview, Error> {
        let mut after = self.clone();
        let revision = after.apply(change, terms)?;
        let comparison = Comparison { before: self, after: &after, at: terms.at };
        let subjects = self.subjects(change);
        let mut projects_lost = BTreeSet::new();
        for subject in &subjects {
            projects_lost.extend(comparison.projects_lost(subject.reference()));
        }
        let mut booked_elsewhere = BTreeSet::new();
        if may_move_bookings(change) {
            let creations = subjects.iter().flat_map(|subject| self.api_keys_made_by(subject.user()));
            for principal in subjects.iter().copied().chain(creations) {
                if comparison.is_booked_elsewhere(principal.reference()) {
                    booked_elsewhere.insert(principal.reference().to_string());
                }
            }
        }
        Ok(Preview {
            revision,
            projects_lost: projects_lost.into_iter().collect(),
            live_api_keys: self.live_api_keys(change, terms.at),
            booked_elsewhere: booked_elsewhere.into_iter().collect(),
        })
    }

    /// Those whose access a change is about.
    fn subjects<'s>(&'s self, change: &Change<'s>) -> Vec<Subject<'s>> {
        match *change {
            Change::AddMember { user, .. }
            | Change::RemoveMember { user, .. }
            | Change::SetMemberRole { user, .. }
            | Change::AddCollaborator { user, .. }
            | Change::RemoveCollaborator { user, .. }
            | Change::SetCollaboratorRole { user, .. } => vec![Subject::User(user)],
            Change::SetExternalCollaborators { project, .. } => {
                let users = self.project(project).map(|project| &self.project_contents(project).collaborators);
                users.into_iter().flatten().map(|user| Subject::User(self.user_id(*user))).collect()
            }
            Change::RevokeApiKey { key } | Change::ExpireApiKey { key, .. } => vec![Subject::ApiKey(key)],
            Change::CreateProject { .. }
            | Change::CreateApiKey { .. }
            | Change::RegenerateDefaultKey { .. }
            | Change::AddResource { .. }
            | Change::RemoveResource { .. } => Vec::new(),
        }
    }

    fn api_keys_made_by(&self, user: Option<&str>) -> impl Iterator<Item = Subject<'_>> {
        let user = user.and_then(|user| self.find_user_name(user));
        let made = move |creator: Option<User>| user.is_some() && creator == user;
        self.api_key_rows().filter(move |(_, row)| made(row.created_by)).map(|(key, _)| Subject::ApiKey(self.api_key_id(key)))
    }

    /// The keys that a removed user leaves behind alive.
    fn live_api_keys(&self, change: &Change<'_>, at: Instant) -> Vec<String> {
        let (projects, user): (Vec<Project>, &str) = match *change {
            Change::RemoveMember { organization, user } => {
                let projects = self.organization(organization).map(|organization| self.organization_row(organization).projects.clone());
                (projects.unwrap_or_default(), user)
            }
            Change::RemoveCollaborator { project, user } => (self.project(project).into_iter().collect(), user),
            _ => return Vec::new(),
        };
        let Some(user) = self.user(user) else { return Vec::new() };
        let keys = projects.iter().flat_map(|project| &self.project_contents(*project).api_keys);
        let is_left = |key: &&_| self.api_key_row(**key).created_by == Some(user) && self.expect_live(**key, at).is_ok();
        let mut keys: Vec<_> = keys.filter(is_left).map(|key| self.api_key_id(*key).to_owned()).collect();
        keys.sort_unstable();
        keys
    }
}

/// Bookings depend on who is a member, and on who is a collaborator from outside (B2 to B5).
fn may_move_bookings(change: &Change<'_>) -> bool {
    matches!(
        change,
        Change::AddMember { .. } | Change::RemoveMember { .. } | Change::AddCollaborator { .. } | Change::RemoveCollaborator { .. }
    )
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

    fn user(self) -> Option<&'s str> {
        if let Self::User(id) = self { Some(id) } else { None }
    }
}

/// A directory before and after a change.
struct Comparison<'c> {
    before: &'c Directory,
    after: &'c Directory,
    at: Instant,
}

impl<'c> Comparison<'c> {
    fn reach(directory: &'c Directory, principal: Reference<'_>, at: Instant) -> BTreeSet<&'c str> {
        directory.reach_of(principal, at).into_iter().map(|project| directory.project_id(project)).collect()
    }

    fn projects_lost(&self, principal: Reference<'_>) -> Vec<LostProject> {
        let before = Self::reach(self.before, principal, self.at);
        let after = Self::reach(self.after, principal, self.at);
        let lost = before.difference(&after);
        lost.map(|project| LostProject { principal: principal.to_string(), project: (*project).to_owned() }).collect()
    }

    /// Whether any usage of the principal, in a project that it reaches before and after, goes to another place.
    fn is_booked_elsewhere(&self, principal: Reference<'_>) -> bool {
        let after = Self::reach(self.after, principal, self.at);
        let both = Self::reach(self.before, principal, self.at);
        let policy = self.before.policy();
        both.intersection(&after).any(|project| {
            policy.kinds().any(|(_, kind)| {
                policy.surfaces().any(|surface| {
                    let surface = Some(policy.surface_name(surface));
                    let usage = Usage { principal, kind, surface, project: Some(project), resource: None, at: self.at };
                    place(self.before, &usage) != place(self.after, &usage)
                })
            })
        })
    }
}

/// Where usage is booked; none where it cannot be attributed.
fn place<'d>(directory: &'d Directory, usage: &Usage<'_>) -> Option<(Option<&'d str>, Option<&'d str>)> {
    directory.attribute(usage).ok().map(|attribution| (attribution.organization, attribution.project))
}
