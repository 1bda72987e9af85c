//! Sources: what gives principals something in one organization or project (A10 to A30).

use crate::access::{Object, Principal, Role};
use crate::catalogue::review_source::ReviewSource;
use crate::directory::{ApiKey, Organization, PeriodRow, Project, Reach, Tables, User};
use crate::listing::Merge;
use crate::policy::{Action, Roles};

use super::Plan;
use super::place::Place;
use super::row::{SourceRow, Via};

impl Plan {
    /// The rows of one place, in byte order of principal, source and group.
    pub(super) fn rows_of(&self, tables: &Tables, place: Place) -> Vec<SourceRow> {
        match place.project {
            None => self.rows_of_organization(tables, place.organization),
            Some(project) => self.rows_of_project(tables, place.organization, project),
        }
    }

    /// Whether a principal may do one of these actions on an object.
    fn may(&self, tables: &Tables, principal: Principal, actions: &[Action], object: Object) -> bool {
        tables.live(Some(principal), self.at).is_ok_and(|live| actions.iter().any(|action| tables.is_allowed(live, *action, object, None)))
    }

    // In an organization itself: A10 to A17.

    fn rows_of_organization(&self, tables: &Tables, organization: Organization) -> Vec<SourceRow> {
        let row = tables.organization_row(organization);
        let object = Object::Organization(organization);
        let keys = row.wide_keys.iter().filter(|key| tables.reaches_organization(**key));
        let mut rows: Vec<_> = keys.map(|key| self.row_of_key(tables, *key, &self.powers.on_organizations, object)).collect();
        let mut outsiders = tables.outsiders_of(organization);
        tables.sort_users(&mut outsiders);
        outsiders.dedup();
        for user in Merge::new([row.members.as_slice(), &outsiders], None, |user| tables.user_id(user)) {
            let principal = Principal::User(user);
            let Some(member) = tables.member_row(user, organization) else {
                rows.push(SourceRow {
                    principal,
                    role: None,
                    source: ReviewSource::ExternalCollaborator,
                    via: None,
                    period: PeriodRow::default(),
                    is_effective: self.may(tables, principal, &self.powers.on_organizations, object),
                });
                continue;
            };
            let mut add = |source, actions| {
                let (role, period) = (Some(Role::Organization(member.role)), tables.member_dates(user, organization));
                let is_effective = self.may(tables, principal, actions, object);
                rows.push(SourceRow { principal, role, source, via: None, period, is_effective });
            };
            add(ReviewSource::Member, &self.powers.on_organizations);
            if user == row.owner {
                add(ReviewSource::Owner, &self.powers.of_owners);
            }
        }
        rows
    }

    // In a project: A19 to A30.

    fn rows_of_project(&self, tables: &Tables, organization: Organization, project: Project) -> Vec<SourceRow> {
        let contents = tables.project_contents(project);
        let wide_keys = &tables.organization_row(organization).wide_keys;
        let keys = Merge::new([contents.api_keys.as_slice(), wide_keys], None, |key| tables.api_key_id(key));
        let keys = keys.filter(|key| tables.reaches(*key, project));
        let mut rows: Vec<_> = keys.map(|key| self.row_of_key(tables, key, &self.powers.of_keys, Object::Project(project))).collect();

        let policy = tables.policy();
        let row = tables.project_row(project);
        let with_something = self.places.members().iter().filter(|(role, _)| {
            (row.implies_roles && policy.implied_role(*role).is_some())
                || (row.is_default && policy.default_project_role(*role).is_some())
                || self.powers.gives(row.visibility, *role)
        });
        let lists = with_something.map(|(_, users)| users.as_slice());
        let in_groups = tables.groups_in(project).iter().map(|group| tables.members_of_group(*group));
        let lists = std::iter::once(contents.collaborators.as_slice()).chain(lists).chain(in_groups);
        let of_users = UserRows {
            plan: self,
            tables,
            organization,
            project,
            is_scope_suspended: tables.has_suspensions() && tables.is_scope_suspended(Some(organization), Some(project), self.at),
        };
        for user in Merge::new(lists, None, |user| tables.user_id(user)) {
            of_users.add(user, &mut rows);
        }
        rows
    }

    /// A17, and A22 to A30.
    fn row_of_key(&self, tables: &Tables, key: ApiKey, actions: &[Action], object: Object) -> SourceRow {
        let row = tables.api_key_row(key);
        let expires_at = row.expires_at.into_iter().chain(row.revoked_at).min();
        let principal = Principal::ApiKey(key);
        SourceRow {
            principal,
            role: None,
            source: ReviewSource::ApiKeyScope,
            via: tables.acted_user(key).map(Via::User),
            period: PeriodRow { added_at: tables.creation_of_key(key).into(), expires_at: expires_at.into() },
            is_effective: self.may(tables, principal, actions, object),
        }
    }
}

/// What users have in one project.
struct UserRows<'p> {
    plan: &'p Plan,
    tables: &'p Tables,
    organization: Organization,
    project: Project,
    is_scope_suspended: bool,
}

impl UserRows<'_> {
    /// Adds the rows of a user: A19 to A21, A28. What follows from a membership is there while the membership is.
    fn add(&self, user: User, rows: &mut Vec<SourceRow>) {
        let Self { plan, tables, organization, project, is_scope_suspended } = *self;
        let (policy, at) = (tables.policy(), plan.at);
        let row = tables.project_row(project);
        let is_suspended = tables.has_suspensions() && tables.is_user_suspended(user, Some(organization), at);
        let powers = plan.powers.of_users(is_suspended, is_scope_suspended);
        let new = |role, source, period, is_effective| SourceRow {
            principal: Principal::User(user),
            role: Some(role),
            source,
            via: None,
            period,
            is_effective,
        };
        let own = tables.own_row(project, user);
        let is_or_was_member = tables.member_row(user, organization).is_some();
        let membership = tables.membership(user, organization, at);
        let [of_own, of_groups, implied, automatic] = match membership {
            Some(member) => tables.counting_roles(user, member, project, at),
            None => [Roles::NONE; 4],
        };
        let counts = |counting: Roles, role| counting.contains(role) && powers.roles.contains(role);
        let from_membership = || tables.member_dates(user, organization);

        if let Some(role) = membership.and_then(|member| policy.default_project_role(member)).filter(|_| row.is_default) {
            rows.push(new(Role::Project(role), ReviewSource::DefaultProject, from_membership(), counts(automatic, role)));
        }
        if let Some((role, period)) = own.filter(|_| !is_or_was_member) {
            let is_effective = row.allows_externals && !period.has_ended(at) && powers.external_roles.contains(role);
            rows.push(new(Role::Project(role), ReviewSource::ExternalCollaborator, period, is_effective));
        }
        if row.has_groups {
            for group in tables.groups_between(user, project) {
                let Some((role, period)) = tables.grant_row(project, group) else { continue };
                let period = period.with(tables.group_member_dates(group, user));
                let is_effective = !period.has_ended(at) && counts(of_groups, role);
                let row = new(Role::Project(role), ReviewSource::GroupRole, period, is_effective);
                rows.push(SourceRow { via: Some(Via::Group(group)), ..row });
            }
        }
        if let Some(role) = membership.and_then(|member| policy.implied_role(member)).filter(|_| row.implies_roles) {
            rows.push(new(Role::Project(role), ReviewSource::OrganizationRole, from_membership(), counts(implied, role)));
        }
        if let Some((role, period)) = own.filter(|_| is_or_was_member) {
            let is_effective = !period.has_ended(at) && counts(of_own, role);
            rows.push(new(Role::Project(role), ReviewSource::ProjectRole, period, is_effective));
        }
        if let Some(member) = membership.filter(|member| plan.powers.gives(row.visibility, *member)) {
            let counting = of_own.or(of_groups).or(implied).or(automatic);
            let is_denied = |action: &Action| policy.roles_with(*action).and(counting).is_empty();
            let is_effective = powers.visible(row.visibility, member).iter().any(is_denied);
            rows.push(new(Role::Organization(member), ReviewSource::ProjectVisibility, from_membership(), is_effective));
        }
    }
}

impl Tables {
    /// Whether an API key reaches its organization itself (A17).
    fn reaches_organization(&self, key: ApiKey) -> bool {
        self.limits(key).is_some_and(|limits| limits.reach == Reach::All)
    }

    /// Everybody who has a row in a project of an organization and is no member of it, once for each row.
    fn outsiders_of(&self, organization: Organization) -> Vec<User> {
        self.organization_row(organization).projects.iter().flat_map(|project| self.outsiders(*project)).collect()
    }
}
