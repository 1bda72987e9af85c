//! Plans: which changes turn one directory into another, in an order in which each of them is allowed.

use std::collections::{BTreeMap, BTreeSet};

use crate::directory::{Difference, EntryIndex, Key, Project, Tables};
use crate::input::json_text::JsonText;

use super::changes::{self, of_ids};

/// How much at once is changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Coarseness {
    /// Single entries; a project or an organization where more than half of it differs.
    Entries,
    /// Whole organizations.
    Organizations,
    /// What differs is removed first, so that nothing is in the way of anything.
    Anew,
}

/// When a change is made: what is in the way of others goes first, and what belongs to something comes after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Phase {
    Organizations,
    Contents,
    Rows,
    GroupMembers,
    Groups,
    Members,
    Projects,
    Homes,
    WholeOrganizations,
    Updates,
    NewMembers,
    NewGroups,
    NewProjects,
    NewRows,
    Users,
    GoneUsers,
}

/// The changes of each phase.
type Phases = BTreeMap<Phase, Vec<JsonText>>;

/// What differs between two directories under one policy.
pub(super) struct Plan<'p> {
    before: &'p Tables,
    after: &'p Tables,
    users: Vec<Difference>,
    /// By the id of the organization.
    organizations: BTreeMap<&'p str, Vec<Difference>>,
}

impl<'p> Plan<'p> {
    pub(super) fn of(before: &'p Tables, after: &'p Tables) -> Self {
        let mut plan = Self { before, after, users: Vec::new(), organizations: BTreeMap::new() };
        for difference in before.differences(after) {
            match plan.key(&difference).organization() {
                Some(organization) => plan.organizations.entry(organization).or_default().push(difference),
                None => plan.users.push(difference),
            }
        }
        plan
    }

    /// Projects and resources that stand elsewhere afterwards, where that is all: each takes one change (C17).
    pub(super) fn of_moves(before: &Tables, after: &Tables) -> Vec<JsonText> {
        let mut moves = Vec::new();
        for Difference { after: moved, .. } in before.differences(after) {
            match moved.map(|moved| (moved, after.path_of(moved))) {
                Some((_, Key::Project(organization, id))) => {
                    let held = before.project(id).filter(|project| !before.is_default_project(*project));
                    let elsewhere = held.map(|project| before.organization_id(before.project_row(project).organization));
                    if elsewhere.is_some_and(|elsewhere| elsewhere != organization) && before.organization(organization).is_some() {
                        moves.push(of_ids("move_project", [("project", id), ("organization", organization)]));
                    }
                }
                Some((moved, Key::Resource(_, project, kind, id))) => {
                    let held = before.policy().resource_kind(kind).and_then(|kind| before.resource(kind, id));
                    let is_same = held.is_some_and(|held| before.image_of(EntryIndex::Resource(held)) == after.image_of(moved));
                    // With its project, it moves by itself.
                    let stays = held.is_some_and(|held| before.project_id(before.resource_row(held).project) == project);
                    if is_same && !stays && before.project(project).is_some() {
                        let resource = format!("{kind}:{id}");
                        moves.push(of_ids("move_resource", [("resource", resource.as_str()), ("project", project)]));
                    }
                }
                _ => {}
            }
        }
        moves
    }

    pub(super) fn changes(&self, coarseness: Coarseness) -> Vec<JsonText> {
        let mut phases = Phases::new();
        for (id, differences) in &self.organizations {
            self.organization(id, differences, coarseness, &mut phases);
        }
        self.users(coarseness, &mut phases);
        phases.into_values().flatten().collect()
    }

    fn key(&self, difference: &Difference) -> Key<'p> {
        match *difference {
            Difference { after: Some(after), .. } => self.after.path_of(after),
            Difference { before: Some(before), .. } => self.before.path_of(before),
            // INVARIANT: a difference is on one side at least.
            Difference { before: None, after: None } => Key::User(""),
        }
    }

    fn organization(&self, id: &str, differences: &[Difference], coarseness: Coarseness, phases: &mut Phases) {
        let (before, after) = (self.before.organization(id), self.after.organization(id));
        let Some(after) = after else {
            return push(phases, Phase::Organizations, changes::remove(Key::Organization(id)));
        };
        let whole = |phases: &mut Phases| push(phases, Phase::WholeOrganizations, changes::put_organization(self.after, after));
        if before.is_none() {
            return whole(phases);
        }
        if coarseness == Coarseness::Anew {
            push(phases, Phase::Organizations, changes::remove(Key::Organization(id)));
            return whole(phases);
        }
        let count = self.identities(differences.iter());
        let entries = self.after.entries_of_organization(after);
        if coarseness == Coarseness::Organizations || count.saturating_mul(2) > entries {
            return whole(phases);
        }
        let mut single = Phases::new();
        let is_possible = self.entries(differences, &mut single).is_some();
        if is_possible && single.values().map(Vec::len).sum::<usize>() <= count {
            single.into_iter().for_each(|(phase, changes)| phases.entry(phase).or_default().extend(changes));
        } else {
            whole(phases);
        }
    }

    /// How many entries differ. One that has moved is one.
    fn identities<'d>(&self, differences: impl Iterator<Item = &'d Difference>) -> usize {
        let keys: Vec<_> = differences.map(|difference| self.key(difference)).collect();
        keys.iter().map(Key::identity).collect::<BTreeSet<_>>().len()
    }

    /// The changes for the entries of an organization that is on both sides. `None` if it takes the whole organization.
    fn entries(&self, differences: &[Difference], phases: &mut Phases) -> Option<()> {
        let mut projects: BTreeMap<&str, Vec<Difference>> = BTreeMap::new();
        let mut groups: BTreeMap<&str, Vec<Difference>> = BTreeMap::new();
        for difference in differences {
            match (self.key(difference), difference.before, difference.after) {
                (Key::Organization(_), Some(before), Some(after)) => {
                    let update = changes::update(&self.before.entry_at(before)?, &self.after.entry_at(after)?)?;
                    push(phases, Phase::Updates, update);
                }
                (Key::Member(..), _, Some(after)) => push(phases, Phase::NewMembers, changes::put(self.after, after)?),
                (key @ Key::Member(..), Some(_), None) => push(phases, Phase::Members, changes::remove(key)),
                (Key::Group(_, group) | Key::GroupMember(_, group, _), ..) => groups.entry(group).or_default().push(*difference),
                (
                    Key::Project(_, project)
                    | Key::Grant(_, project, _)
                    | Key::Collaborator(_, project, _)
                    | Key::ApiKey(_, project, _)
                    | Key::Resource(_, project, ..),
                    ..,
                ) => projects.entry(project).or_default().push(*difference),
                _ => return None,
            }
        }
        for (id, differences) in groups {
            self.group(id, &differences, phases)?;
        }
        for (id, differences) in projects {
            self.project(id, &differences, phases)?;
        }
        Some(())
    }

    fn group(&self, id: &str, differences: &[Difference], phases: &mut Phases) -> Option<()> {
        let header = differences.iter().find(|difference| matches!(self.key(difference), Key::Group(..)));
        match header {
            Some(Difference { before: Some(before), after: None }) => {
                push(phases, Phase::Groups, changes::remove(self.before.path_of(*before)));
                return Some(());
            }
            Some(Difference { after: Some(after), .. }) => {
                push(phases, Phase::NewGroups, changes::put(self.after, *after)?);
                return Some(());
            }
            _ => {}
        }
        let leaves =
            |difference: &Difference| difference.after.is_none() && difference.before.is_some_and(|row| !self.before.has_dates(row));
        if differences.iter().all(leaves) {
            let keys = differences.iter().map(|difference| self.key(difference));
            keys.for_each(|key| push(phases, Phase::GroupMembers, changes::remove(key)));
            return Some(());
        }
        let joins = |difference: &Difference| difference.before.is_none() && difference.after.is_some_and(|row| !self.after.has_dates(row));
        if differences.iter().all(joins) {
            for difference in differences {
                let Key::GroupMember(_, group, user) = self.key(difference) else { continue };
                push(phases, Phase::NewGroups, of_ids("add_group_member", [("group", group), ("user", user)]));
            }
            return Some(());
        }
        let group = changes::put(self.after, EntryIndex::Group(self.after.group(id)?))?;
        push(phases, Phase::NewGroups, group);
        Some(())
    }

    fn project(&self, id: &str, differences: &[Difference], phases: &mut Phases) -> Option<()> {
        let Some(after) = self.after.project(id).filter(|project| self.is_of_organization(*project, differences)) else {
            // The default project goes with its organization, or becomes another one.
            if self.before.project(id).is_some_and(|project| self.before.is_default_project(project)) {
                return None;
            }
            push(phases, Phase::Projects, of_ids("remove_project", [("project", id)]));
            return Some(());
        };
        let whole = changes::put_project(self.after, after);
        let header = differences.iter().find(|difference| matches!(self.key(difference), Key::Project(..)));
        let is_new = header.is_some_and(|header| header.before.is_none());
        let is_default = self.after.is_default_project(after);
        let was_default = self.before.project(id).is_some_and(|project| self.before.is_default_project(project));
        if (is_new && is_default) || (!is_new && is_default != was_default) {
            return None;
        }
        let count = self.identities(differences.iter());
        let mut single = Phases::new();
        let is_single = !is_new
            && count.saturating_mul(2) <= self.after.entries_of_project(after)
            && self.rows(differences, &mut single).is_some()
            && single.values().map(Vec::len).sum::<usize>() <= count;
        if is_single {
            single.into_iter().for_each(|(phase, changes)| phases.entry(phase).or_default().extend(changes));
        } else {
            push(phases, Phase::NewProjects, whole);
        }
        Some(())
    }

    /// Whether a project of the target lies in the organization that is looked at.
    fn is_of_organization(&self, project: Project, differences: &[Difference]) -> bool {
        let organization = self.after.organization_id(self.after.project_row(project).organization);
        differences.iter().any(|difference| self.key(difference).organization() == Some(organization))
    }

    /// The changes for single entries of a project. `None` if it takes the whole project.
    fn rows(&self, differences: &[Difference], phases: &mut Phases) -> Option<()> {
        for difference in differences {
            match (self.key(difference), difference.before, difference.after) {
                (Key::Project(..), Some(before), Some(after)) => {
                    let update = changes::update(&self.before.entry_at(before)?, &self.after.entry_at(after)?)?;
                    push(phases, Phase::NewProjects, update);
                }
                (_, _, Some(after)) => push(phases, Phase::NewRows, changes::put(self.after, after)?),
                (key @ (Key::Grant(..) | Key::Collaborator(..)), Some(row), None) => {
                    if self.before.is_protected_row(row) {
                        return None;
                    }
                    push(phases, Phase::Rows, changes::remove(key));
                }
                (key, Some(entry), None) => {
                    if self.before.is_default_key(entry) {
                        return None;
                    }
                    push(phases, Phase::Contents, changes::remove(key));
                }
                (_, None, None) => {}
            }
        }
        Some(())
    }

    fn users(&self, coarseness: Coarseness, phases: &mut Phases) {
        for difference in &self.users {
            let Key::User(user) = self.key(difference) else { continue };
            let had_home_outside = difference.before.is_some_and(|_| self.before.home_outside_of(user).is_some());
            if coarseness == Coarseness::Anew && difference.before.is_some() {
                push(phases, Phase::Homes, changes::clear_user(user));
            }
            match difference.after {
                Some(entry) => {
                    let has_home = self.after.names_home(user);
                    let phase = if had_home_outside && !has_home { Phase::Homes } else { Phase::Users };
                    phases.entry(phase).or_default().extend(changes::put(self.after, entry));
                }
                None if self.after.user(user).is_none() => push(phases, Phase::GoneUsers, changes::remove(Key::User(user))),
                // An entry that says nothing goes by itself once something else mentions the user.
                None if self.before.says_something(user) => {
                    let phase = if had_home_outside { Phase::Homes } else { Phase::Users };
                    push(phases, phase, changes::clear_user(user));
                }
                None => {}
            }
        }
        if coarseness == Coarseness::Anew {
            // A home goes with its organization.
            let homeless = |organization: &&str| self.before.organization(organization).is_some();
            for organization in self.organizations.keys().filter(|organization| homeless(organization)) {
                for entry in self.after.entries_with_home(organization) {
                    phases.entry(Phase::Users).or_default().extend(changes::put(self.after, entry));
                }
            }
        }
    }
}

fn push(phases: &mut Phases, phase: Phase, change: JsonText) {
    phases.entry(phase).or_default().push(change);
}
