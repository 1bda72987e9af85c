//! Relations between two entries, each found by one hash. A row that has ended counts as not there (A27).

use crate::collections::table::Maybe;
use crate::input::instant::Instant;
use crate::policy::{OrganizationRole, ProjectRole, Roles};

use super::digest::KeyDigest;
use super::indices::{ApiKey, Group, Organization, Period, Project, User};
use super::rows::{Collaborator, DigestSlot, Elsewhere, Grant, Home, InGroup, MemberRow, Reach};
use super::tables::Tables;

impl Tables {
    // Periods.

    /// Whether a row has ended.
    #[inline]
    pub(crate) fn has_ended(&self, period: Maybe<Period>, at: Instant) -> bool {
        period.get().is_some_and(|period| self.periods[period].expires_at.get().is_some_and(|end| end <= at))
    }

    /// Whether a row has an end.
    pub(crate) fn has_end(&self, period: Maybe<Period>) -> bool {
        period.get().is_some_and(|period| self.periods[period].expires_at.get().is_some())
    }

    // Members.

    /// The row of a member, ended or not.
    pub(crate) fn member_row(&self, user: User, organization: Organization) -> Option<MemberRow> {
        let row = &self.user_rows[user];
        if row.organization == Some(organization).into() {
            return row.first_membership();
        }
        let extra = row.extra.as_ref()?;
        extra.others.get(extra.place_of_membership(organization).ok()?).copied()
    }

    /// All member rows of a user, ended or not.
    pub(crate) fn member_rows(&self, user: User) -> impl Iterator<Item = MemberRow> {
        let row = &self.user_rows[user];
        let others = row.extra.as_ref().map(|extra| extra.others.iter().copied());
        row.first_membership().into_iter().chain(others.into_iter().flatten())
    }

    /// The organization role of a member; `None` for everyone else.
    #[inline]
    pub(crate) fn membership(&self, user: User, organization: Organization, at: Instant) -> Option<OrganizationRole> {
        let row = &self.user_rows[user];
        if row.extra.is_none() & !row.period.is_some() {
            return (row.organization == Some(organization).into()).then(|| row.role.into());
        }
        self.membership_in_detail(user, organization, at)
    }

    #[inline(never)]
    fn membership_in_detail(&self, user: User, organization: Organization, at: Instant) -> Option<OrganizationRole> {
        self.member_row(user, organization).filter(|row| !self.has_ended(row.period, at)).map(|row| row.role)
    }

    /// Whether the membership of a user has ended. Then nothing else of that user in the organization counts.
    #[inline]
    pub(crate) fn has_left(&self, user: User, organization: Organization, at: Instant) -> bool {
        self.has_ends && self.member_row(user, organization).is_some_and(|row| self.has_ended(row.period, at))
    }

    /// The only membership of a user at any instant, or none. `None` if memberships depend on the instant, or if the user may have several.
    pub(crate) fn only_membership(&self, user: User) -> Option<Option<(Organization, OrganizationRole)>> {
        let row = &self.user_rows[user];
        let is_simple = row.extra.is_none() && !row.period.is_some();
        is_simple.then(|| row.organization.get().map(|organization| (organization, row.role.into())))
    }

    /// The home of a user with only one membership, or none, at any instant.
    pub(crate) fn only_home(&self, user: User) -> Home {
        let row = &self.user_rows[user];
        match row.outside.get() {
            Some(outside) => Home::Outside(outside),
            None => row.organization.get().map_or(Home::Unknown, Home::Member),
        }
    }

    /// The home of a user: outside the directory if the user's entry names it, or in the directory if the entry names one of several
    /// organizations; else the only organization of which the user is a member.
    pub(crate) fn home(&self, user: User, at: Instant) -> Home {
        let row = &self.user_rows[user];
        if let Some(outside) = row.outside.get() {
            return Home::Outside(outside);
        }
        let named = row.extra.as_ref().and_then(|extra| extra.home.get());
        if let Some(home) = named.filter(|home| self.membership(user, *home, at).is_some()) {
            return Home::Member(home);
        }
        let elsewhere = self.elsewhere(user).filter(|row| !self.has_ended(row.period, at));
        if let Some(named) = elsewhere.clone().find(|row| row.is_named) {
            return Home::Outside(named.home);
        }
        let live = self.member_rows(user).filter(|row| !self.has_ended(row.period, at));
        let mut homes = live.map(|row| Home::Member(row.organization)).chain(elsewhere.map(|row| Home::Outside(row.home)));
        match (homes.next(), homes.next()) {
            (Some(only), None) => only,
            _ => Home::Unknown,
        }
    }

    /// The memberships of organizations that an excerpt left out, and that have not been put since.
    pub(super) fn elsewhere(&self, user: User) -> impl Iterator<Item = &Elsewhere> + Clone {
        let is_left_out = |row: &&Elsewhere| {
            let organization = self.texts.get(row.home).split('\0').next();
            organization.is_some_and(|organization| self.organization(organization).is_none())
        };
        self.user_rows[user].extra.iter().flat_map(|extra| &extra.elsewhere).filter(is_left_out)
    }

    /// Whether the user's entry names a home outside the directory.
    pub(crate) fn has_home_outside(&self, user: User) -> bool {
        self.user_rows[user].outside.is_some()
    }

    pub(crate) fn suspension_of_user(&self, user: User) -> Option<Instant> {
        self.user_rows[user].extra.as_ref().and_then(|extra| extra.suspended_at)
    }

    // Collaborators.

    /// The role of a user's own row in a project.
    #[inline]
    pub(crate) fn collaborator_role(&self, project: Project, user: User, at: Instant) -> Option<ProjectRole> {
        self.collaborator(project, user).filter(|row| !self.has_ended(row.period, at)).map(|row| row.role)
    }

    #[inline]
    pub(super) fn collaborator(&self, project: Project, user: User) -> Option<&Collaborator> {
        let hash = self.hasher.pair(project.into(), user.into());
        self.collaborators.find(hash, |row| row.is_of(project, user))
    }

    /// Whether a user has a row of their own in a project that counts: neither it nor the membership has ended.
    pub(crate) fn has_live_row(&self, project: Project, user: User, at: Instant) -> bool {
        self.collaborator_role(project, user, at).is_some() && !self.has_left(user, self.project_rows[project].organization, at)
    }

    /// The role of a user's own row in a project, ended or not.
    pub(crate) fn role_of_row(&self, project: Project, user: User) -> Option<ProjectRole> {
        self.collaborator(project, user).map(|row| row.role)
    }

    /// The projects in which a user has a collaborator row, ended or not.
    pub(crate) fn projects_of(&self, user: User) -> impl Iterator<Item = Project> {
        let earlier = move |project: &Project| self.collaborator(*project, user).and_then(|row| row.earlier_project.get());
        std::iter::successors(self.user_rows[user].last_project.get(), earlier)
    }

    /// The roles that a user has in a project by the rows of groups: one lookup for each group of the user, or for each group of the project,
    /// whichever has fewer. So all projects together cost no more lookups than there are rows of groups.
    #[inline(never)]
    pub(crate) fn group_roles(&self, project: Project, user: User, at: Instant) -> Roles {
        let Some(extra) = &self.user_rows[user].extra else { return Roles::NONE };
        let of_project = &self.project_contents[project].groups;
        let with = |roles: Roles, row: &InGroup| {
            let grant = self.grant(project, row.group).filter(|grant| !self.has_ended(grant.period, at) && !self.has_ended(row.period, at));
            grant.map_or(roles, |grant| roles.or(Roles::of(Some(grant.role))))
        };
        if of_project.len() < extra.groups.len() {
            let own = of_project.iter().filter_map(|group| extra.groups.get(extra.place_in_group(*group).ok()?));
            own.fold(Roles::NONE, with)
        } else {
            extra.groups.iter().fold(Roles::NONE, with)
        }
    }

    pub(super) fn grant(&self, project: Project, group: Group) -> Option<&Grant> {
        let hash = self.hasher.pair(project.into(), group.into());
        self.grants.find(hash, |grant| grant.is_of(project, group))
    }

    /// The role of a group's row in a project.
    pub(crate) fn group_role(&self, project: Project, group: Group, at: Instant) -> Option<ProjectRole> {
        self.grant(project, group).filter(|grant| !self.has_ended(grant.period, at)).map(|grant| grant.role)
    }

    /// The projects in which a group has a row, and the role there.
    pub(crate) fn live_grants(&self, group: Group, at: Instant) -> impl Iterator<Item = (Project, ProjectRole)> {
        let projects = self.group_rows[group].projects.iter();
        projects.filter_map(move |project| Some((*project, self.group_role(*project, group, at)?)))
    }

    pub(crate) fn organization_of_group(&self, group: Group) -> Organization {
        self.group_rows[group].organization
    }

    /// Whether a user is in a group: neither the row nor the membership has ended.
    pub(crate) fn is_in_group(&self, user: User, group: Group, at: Instant) -> bool {
        let extra = self.user_rows[user].extra.as_ref();
        let row = extra.and_then(|extra| extra.groups.get(extra.place_in_group(group).ok()?));
        row.is_some_and(|row| !self.has_ended(row.period, at)) && self.membership(user, self.organization_of_group(group), at).is_some()
    }

    /// The projects in which a group of the user has a row, ended or not. A project may come several times.
    pub(crate) fn group_projects_of(&self, user: User) -> impl Iterator<Item = Project> {
        let groups = self.user_rows[user].extra.iter().flat_map(|extra| &extra.groups);
        groups.flat_map(|row| self.group_rows[row.group].projects.iter().copied())
    }

    /// Whether a non-member's rows in an organization have effect (A14) or not (A15); `None` if there are none.
    pub(crate) fn external_standing(&self, organization: Organization, user: User, at: Instant) -> Option<bool> {
        let hash = self.hasher.pair(organization.into(), user.into());
        let external = self.externals.find(hash, |row| row.is_of(organization, user))?;
        if external.effective_rows > 0 || external.ending_rows == 0 {
            return Some(external.effective_rows > 0);
        }
        let rows = self.projects_of(user).filter(|project| self.project_rows[*project].organization == organization);
        let live = rows.filter(|project| self.collaborator_role(*project, user, at).is_some());
        live.map(|project| self.project_rows[project].allows_externals).max()
    }

    // API keys.

    /// The API key of that digest. Of several, it is the one without `revoked_at`; `None` if there is more than one of those.
    pub(crate) fn api_key_by_digest(&self, digest: &KeyDigest) -> Option<ApiKey> {
        let only = |may_be: &dyn Fn(ApiKey) -> bool| {
            let key = self.find_digest(digest, may_be)?;
            Some(self.find_digest(digest, |other| may_be(other) && other != key).is_none().then_some(key))
        };
        only(&|key| self.api_key_rows[key].revoked_at.is_none()).or_else(|| only(&|_| true)).flatten()
    }

    /// A key of that digest that matches. The table is keyed and digests are compared in constant time, so the time of an answer does not
    /// depend on how much of a digest is right.
    pub(crate) fn find_digest(&self, digest: &KeyDigest, holds: impl Fn(ApiKey) -> bool) -> Option<ApiKey> {
        let hash = self.hasher.bytes(digest.as_bytes());
        let is_it = |slot: &DigestSlot| {
            slot.hash == hash && self.api_key_facts[slot.key].digest.as_ref().is_some_and(|own| own.equals(digest)) && holds(slot.key)
        };
        self.digests.find(hash, is_it).map(|slot| slot.key)
    }

    /// Whether an API key reaches a project (A22).
    #[inline]
    pub(crate) fn reaches(&self, key: ApiKey, project: Project) -> bool {
        let own = self.api_key_rows[key].project;
        own == project || self.limits(key).is_some_and(|limits| self.reaches_further(&limits.reach, own, project))
    }

    fn reaches_further(&self, reach: &Reach, own: Project, project: Project) -> bool {
        match reach {
            Reach::Listed(further) => further.binary_search(&project).is_ok(),
            Reach::All => self.project_rows[own].organization == self.project_rows[project].organization,
        }
    }

    /// The projects that an API key reaches.
    pub(crate) fn reach_of_key(&self, key: ApiKey) -> Vec<Project> {
        let own = self.api_key_rows[key].project;
        match self.limits(key).map(|limits| &limits.reach) {
            None => vec![own],
            Some(Reach::Listed(further)) => further.iter().copied().chain([own]).collect(),
            Some(Reach::All) => self.organization_rows[self.project_rows[own].organization].projects.clone(),
        }
    }

    /// The user that an API key acts as.
    pub(crate) fn acted_user(&self, key: ApiKey) -> Option<User> {
        self.limits(key).and_then(|limits| limits.acts_as)
    }

    /// The maker of an API key (B5): the user that it acts as, else its creator.
    pub(crate) fn maker(&self, key: ApiKey) -> Option<User> {
        self.acted_user(key).or(self.api_key_rows[key].created_by)
    }

    /// The maker of an API key, if it is an external collaborator of the project (B5).
    pub(crate) fn external_maker(&self, key: ApiKey, project: Project, at: Instant) -> Option<User> {
        let organization = self.project_rows[project].organization;
        let maker = self.maker(key)?;
        let is_external = self.membership(maker, organization, at).is_none()
            && !self.has_left(maker, organization, at)
            && self.collaborator_role(project, maker, at).is_some();
        is_external.then_some(maker)
    }
}
