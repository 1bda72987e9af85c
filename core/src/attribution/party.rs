//! Parties: what attribution reads of a principal. It is looked up once for all usage of a principal, unless it depends on the instant or the
//! project.

use crate::access::Principal;
use crate::collections::table::Maybe;
use crate::directory::{ApiKey, Home, Organization, Project, Tables, User};
use crate::input::instant::Instant;
use crate::policy::Surface;

use super::place::Place;

/// The attributes of a principal that attribution reads.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Party {
    /// The project of an API key that reaches no other.
    pub(super) own_project: Maybe<Project>,
    /// The intended project of usage that names none: of a user, the default project of the home organization.
    pub(super) fallback_project: Maybe<Project>,
    /// The organization that a user is a member of.
    pub(super) member_of: Maybe<Organization>,
    /// The user, if the principal is one.
    pub(super) user: Maybe<User>,
    /// The user whose role in the intended project matters: the principal, or the user that an API key acts as.
    pub(super) whose_role: Maybe<User>,
    /// Whether the user's organization role implies a role in every project of the organization.
    pub(super) has_every_project: bool,
    /// Whether an external collaborator made the key (B5).
    pub(super) is_made_by_external: bool,
    /// Where usage is booked that may leave the organization (B4).
    pub(super) home: Place,
    pub(super) api_key: Maybe<ApiKey>,
    /// The surface of usage that names none.
    pub(crate) surface: Surface,
    /// Whether these attributes depend on the instant or the intended project.
    pub(super) needs_detail: bool,
}

impl Party {
    /// Somebody in the organization of whatever project is named.
    pub(crate) const fn insider(surface: Surface) -> Self {
        Self {
            own_project: Maybe::NONE,
            fallback_project: Maybe::NONE,
            member_of: Maybe::NONE,
            user: Maybe::NONE,
            whose_role: Maybe::NONE,
            has_every_project: false,
            is_made_by_external: false,
            home: Place::UNKNOWN,
            api_key: Maybe::NONE,
            surface,
            needs_detail: false,
        }
    }

    /// Whether the party is a user who is no member of an organization.
    #[inline(always)]
    pub(super) fn is_external_user_in(&self, organization: Organization) -> bool {
        self.user.is_some() & (self.member_of != Some(organization).into())
    }
}

impl Tables {
    /// The party of a principal. If it needs detail, that follows for each usage.
    pub(crate) fn party(&self, principal: Principal) -> Party {
        let nothing = Party::insider(self.default_surface(principal));
        match principal {
            Principal::User(user) => {
                let party = Party { user: Some(user).into(), whose_role: Some(user).into(), ..nothing };
                match self.only_membership(user) {
                    Some(membership) => {
                        let home = self.place_of(self.only_home(user));
                        Party {
                            fallback_project: home.project,
                            member_of: membership.map(|(organization, _)| organization).into(),
                            has_every_project: membership.is_some_and(|(_, role)| self.policy().implies_role_everywhere(role)),
                            home,
                            ..party
                        }
                    }
                    None => Party { needs_detail: true, ..party },
                }
            }
            Principal::ApiKey(key) => {
                let own = self.api_key_row(key).project;
                let limits = self.limits(key);
                let reaches_further = limits.is_some_and(|limits| !limits.reach.is_own_project_alone());
                let party = Party {
                    own_project: if reaches_further { Maybe::NONE } else { Some(own).into() },
                    fallback_project: Some(own).into(),
                    whose_role: self.acted_user(key).into(),
                    api_key: Some(key).into(),
                    ..nothing
                };
                if limits.is_some() || self.depends_on_time() {
                    Party { needs_detail: true, ..party }
                } else {
                    self.made_in(party, key, own, Instant::LATEST)
                }
            }
        }
    }

    /// The party at an instant, before the intended project is known.
    #[inline(never)]
    pub(super) fn party_at(&self, party: &Party, at: Instant) -> Party {
        let Some(user) = party.user.get() else { return *party };
        let home = self.home_place(user, at);
        Party { fallback_project: home.project, home, ..*party }
    }

    /// Whether a principal is neither an external collaborator in a project nor an API key that one has made (B4, B5): its usage there is
    /// booked as that of anybody in the organization.
    #[cfg(feature = "insight")]
    pub(crate) fn books_as_insider(&self, principal: Principal, project: Project, at: Instant) -> bool {
        match principal {
            Principal::User(user) => self.membership(user, self.project_row(project).organization, at).is_some(),
            Principal::ApiKey(key) => self.reaches(key, project) && self.external_maker(key, project, at).is_none(),
        }
    }

    /// The party in its intended project. `None` if an API key does not reach it.
    #[inline(never)]
    pub(super) fn party_in(&self, party: &Party, intended: Project, at: Instant) -> Option<Party> {
        if let Some(key) = party.api_key.get() {
            return self.reaches(key, intended).then(|| self.made_in(*party, key, intended, at));
        }
        let organization = self.project_row(intended).organization;
        let member_of = party.user.get().and_then(|user| self.membership(user, organization, at)).map(|_| organization);
        Some(Party { member_of: member_of.into(), ..*party })
    }

    /// The party of an API key, with its maker's home if the maker is external (B5).
    fn made_in(&self, party: Party, key: ApiKey, project: Project, at: Instant) -> Party {
        match self.external_maker(key, project, at) {
            Some(maker) => Party { is_made_by_external: true, home: self.home_place(maker, at), ..party },
            None => party,
        }
    }

    /// Where the user's home organization books usage.
    fn home_place(&self, user: User, at: Instant) -> Place {
        self.place_of(self.home(user, at))
    }

    fn place_of(&self, home: Home) -> Place {
        match home {
            Home::Member(organization) => Place::in_project(self.organization_row(organization).default_project),
            Home::Outside(organization) => Place { outside: Some(organization).into(), ..Place::UNKNOWN },
            Home::Unknown => Place::UNKNOWN,
        }
    }

    /// Whether the user whose role matters has none in a project (A19 to A21).
    #[inline(never)]
    pub(super) fn is_without_role(&self, party: &Party, project: Project, at: Instant) -> bool {
        party.whose_role.get().is_some_and(|user| self.effective_role(user, project, at).is_none())
    }

    /// The intended project of usage that cannot be attributed, if what is known names one and does not disagree.
    pub(crate) fn stated_project(&self, key: Option<ApiKey>, of_resource: Option<Project>, named: Option<Project>) -> Option<Project> {
        let mut stated = of_resource.into_iter().chain(named);
        let Some(first) = stated.next() else { return key.map(|key| self.api_key_row(key).project) };
        let agree = stated.all(|other| other == first) && key.is_none_or(|key| self.reaches(key, first));
        agree.then_some(first)
    }
}
