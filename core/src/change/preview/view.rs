//! What those who are concerned may do, and where their usage is booked, on one side of changes.

use std::collections::{BTreeMap, BTreeSet};

use crate::access::Principal;
use crate::attribution::{Usage, UsageSorts};
use crate::directory::{Project, Tables};
use crate::input::id::Reference;
use crate::input::instant::Instant;

use super::answer::{AccessRow, LostProject, Within};
use super::concern::Concern;
use crate::change::document::Change;

/// Organization and project where usage is booked; `None` if it cannot be attributed.
type Booking = Option<(Option<String>, Option<String>)>;

/// One side.
#[derive(Debug, Default)]
pub(super) struct View {
    /// The actions of each principal on each object.
    access: BTreeMap<(String, String), BTreeSet<String>>,
    /// The projects that each principal reaches.
    reach: BTreeMap<String, BTreeSet<String>>,
    /// The bookings of each principal in each project.
    bookings: BTreeMap<String, BTreeMap<String, Vec<Booking>>>,
}

impl View {
    pub(super) fn of(tables: &Tables, concern: &Concern, usages: &UsageSorts, within: &Within) -> Self {
        let mut view = Self::default();
        for (principal, on) in &concern.access {
            let actions = tables.actions_on(principal, on, concern.at, within);
            view.access.insert((principal.clone(), on.clone()), actions);
        }
        let principals: BTreeSet<_> = concern.access.iter().map(|(principal, _)| principal).chain(&concern.bookings).collect();
        for principal in principals {
            view.reach.insert(principal.clone(), tables.reach_within(principal, concern.at, within));
        }
        let usages = usages.distinct();
        for principal in &concern.bookings {
            let projects = view.reach.get(principal).into_iter().flatten();
            let booked = projects.map(|project| (project.clone(), tables.bookings(principal, project, &usages, concern.at))).collect();
            view.bookings.insert(principal.clone(), booked);
        }
        view
    }

    /// What the other side allows and this one does not.
    pub(super) fn gained(&self, after: &Self) -> Vec<AccessRow> {
        let nothing = BTreeSet::new();
        let rows = after.access.iter().filter_map(|(pair, actions)| {
            let had = self.access.get(pair).unwrap_or(&nothing);
            let actions: Vec<_> = actions.difference(had).cloned().collect();
            let (principal, on) = pair.clone();
            (!actions.is_empty()).then_some(AccessRow { principal, on, actions })
        });
        rows.collect()
    }

    pub(super) fn projects_lost(&self, after: &Self) -> Vec<LostProject> {
        let lost = |(principal, had): (&String, &BTreeSet<String>)| {
            let has = after.reach.get(principal).cloned().unwrap_or_default();
            let lost = had.difference(&has).map(|project| LostProject { principal: principal.clone(), project: project.clone() });
            lost.collect::<Vec<_>>()
        };
        self.reach.iter().flat_map(lost).collect()
    }

    pub(super) fn booked_elsewhere(&self, after: &Self) -> Vec<String> {
        let moves = |principal: &str, had: &BTreeMap<String, Vec<Booking>>| {
            let has = after.bookings.get(principal);
            had.iter().any(|(project, before)| has.and_then(|has| has.get(project)).is_some_and(|after| after != before))
        };
        self.bookings.iter().filter(|(principal, had)| moves(principal, had)).map(|(principal, _)| principal.clone()).collect()
    }
}

impl Tables {
    /// The actions that a principal may do on an object, whatever the age of the directory.
    fn actions_on(&self, principal: &str, on: &str, at: Instant, within: &Within) -> BTreeSet<String> {
        let nothing = BTreeSet::new();
        let (Some(principal), Some(on)) = (Reference::split(principal), Reference::split(on)) else { return nothing };
        let (Ok(live), Some(object)) = (self.live(self.find_principal(principal), at), self.find_object(on, None)) else { return nothing };
        if !self.scope(object).0.is_some_and(|organization| within.has(self.organization_id(organization))) {
            return nothing;
        }
        self.allowed_actions(live, object, None).map(|action| self.policy().action_name(action).to_owned()).collect()
    }

    fn reach_within(&self, principal: &str, at: Instant, within: &Within) -> BTreeSet<String> {
        let Some(principal) = Reference::split(principal) else { return BTreeSet::new() };
        let organization = |project: &Project| self.organization_id(self.project_row(*project).organization);
        let projects = self.reach_at(principal, at).into_iter().filter(|project| within.has(organization(project)));
        projects.map(|project| self.project_id(project).to_owned()).collect()
    }

    fn bookings(&self, principal: &str, project: &str, usages: &[(&str, &str)], at: Instant) -> Vec<Booking> {
        let Some(principal) = Reference::split(principal) else { return Vec::new() };
        let booking = |(kind, surface): &(&str, &str)| {
            let usage = Usage { principal, kind, surface: Some(surface), project: Some(project), resource: None, at };
            let booked = self.find_and_book(&usage).ok()?;
            let (organization, project) = self.place_ids(booked.place);
            Some((organization.map(str::to_owned), project.map(str::to_owned)))
        };
        usages.iter().map(booking).collect()
    }

    // API keys that their creators leave behind. One that acts as a user ends with that user's access.

    /// The API keys of users in the projects that they lose.
    pub(super) fn keys_in_lost_projects(&self, lost: &[LostProject]) -> BTreeSet<String> {
        let left = lost.iter().filter_map(|lost| lost.principal.strip_prefix("user:").zip(self.project(&lost.project)));
        left.flat_map(|(user, project)| self.keys_made_in(user, project)).collect()
    }

    /// The API keys of users who are removed, also from a project in which they had no role any more.
    pub(super) fn keys_left_behind(&self, changes: &[Change<'_>]) -> BTreeSet<String> {
        let mut keys = BTreeSet::new();
        for change in changes {
            match *change {
                Change::RemoveMember { organization, user } => {
                    let organization = self.organization(organization).map(|organization| self.organization_row(organization));
                    let projects = organization.into_iter().flat_map(|row| &row.projects);
                    keys.extend(projects.flat_map(|project| self.keys_made_in(user, *project)));
                }
                Change::RemoveCollaborator { project, user: Some(user), .. } => {
                    keys.extend(self.project(project).into_iter().flat_map(|project| self.keys_made_in(user, project)));
                }
                _ => {}
            }
        }
        keys
    }

    fn keys_made_in(&self, user: &str, project: Project) -> Vec<String> {
        let Some(user) = self.find_user_name(user) else { return Vec::new() };
        let keys = self.project_contents(project).api_keys.iter();
        let made = keys.filter(|key| self.api_key_row(**key).created_by == Some(user) && self.acted_user(**key).is_none());
        made.map(|key| self.api_key_id(*key).to_owned()).collect()
    }

    pub(super) fn is_key_live(&self, key: &str, at: Instant) -> bool {
        self.api_key(key).is_some_and(|key| self.live(Some(Principal::ApiKey(key)), at).is_ok())
    }
}
