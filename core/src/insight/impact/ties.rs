//! Ties: what decisions about a principal read. In each organization everything but rows in projects is one class; and the projects with rows of
//! the principal's own, or that an API key reaches, are told apart.

use crate::access::{Live, Principal};
use crate::directory::{Group, Organization, Project, Reach, RowsByUser, Tables, User};
use crate::input::instant::Instant;
use crate::policy::{OrganizationRole, ProjectRole, Roles, Scope};

use super::both::{Both, BothTables, Side};
use super::evaluator::Case;
use super::indices::{GroupSet, ObjectIndex, PrincipalClass, Region};
use super::interner::Interner;
use super::objects::{ObjectRow, Objects};

/// A principal on either side.
pub(super) type Pair = Both<Option<Principal>>;

/// What decisions read of a principal in an organization.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Facts {
    User { standing: Standing, is_suspended: bool },
    ApiKey { is_suspended: bool, scopes: Option<Vec<Scope>>, acts_as: Option<Standing> },
}

/// What decisions read of a user in an organization.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Standing {
    role: Option<OrganizationRole>,
    has_left: bool,
    is_owner: bool,
    /// Of somebody who is no member.
    external: Option<bool>,
}

/// What a principal is in an organization on one side.
#[derive(Clone, Copy, Debug)]
pub(super) struct InOrganization {
    organization: Organization,
    pub(super) class: PrincipalClass,
    pub(super) groups: GroupSet,
    /// Whether decisions on all objects of the organization are to be looked at: not for API keys that reach some projects alone.
    is_everywhere: bool,
}

/// A row in a project, or the reach of an API key.
#[derive(Clone, Copy, Debug)]
struct Tie {
    /// The role of the row of the user whose roles count.
    own: Option<ProjectRole>,
}

/// An object that is tied to the principal on a side.
#[derive(Clone, Copy, Debug)]
pub(super) struct Special {
    region: Region,
    pub(super) object: ObjectIndex,
    ties: Both<Option<Tie>>,
}

/// The classes and sets of groups that have been seen.
pub(super) struct Seen {
    classes: Interner<PrincipalClass, Facts>,
    pub(super) groups: Both<Interner<GroupSet, Vec<Group>>>,
}

/// The ties of one principal. Its lists are filled again for the next.
#[derive(Default)]
pub(super) struct Ties {
    pub(super) principal: Pair,
    pub(super) live: Both<Option<Live>>,
    /// The user whose roles count: the principal, or whom an API key acts as.
    user: Both<Option<User>>,
    /// Sorted by organization.
    classes: Both<Vec<InOrganization>>,
    /// Sorted by region and object.
    pub(super) specials: Vec<Special>,
    pub(super) regions: Vec<Region>,
}

impl Seen {
    pub(super) fn new() -> Self {
        let mut groups = Both { before: Interner::new(), after: Interner::new() };
        for side in Side::ALL {
            let _: GroupSet = groups.get_mut(side).number(Vec::new());
        }
        Self { classes: Interner::new(), groups }
    }

    pub(super) fn no_groups() -> GroupSet {
        GroupSet::from(0)
    }
}

impl Ties {
    pub(super) fn fill(
        &mut self,
        tables: BothTables<'_>,
        pair: Pair,
        at: Instant,
        objects: &Objects,
        rows: &Both<RowsByUser>,
        seen: &mut Seen,
    ) {
        self.principal = pair;
        self.specials.clear();
        self.regions.clear();
        for side in Side::ALL {
            self.classes.get_mut(side).clear();
            let tables = tables.get(side);
            let live = pair.get(side).and_then(|principal| tables.live(Some(principal), at).ok());
            *self.live.get_mut(side) = live;
            *self.user.get_mut(side) = match live.map(Live::principal) {
                Some(Principal::User(user)) => Some(user),
                Some(Principal::ApiKey(key)) => tables.acted_user(key),
                None => None,
            };
            if let Some(live) = live {
                Filling { ties: self, tables, side, live, objects, rows: rows.get(side), seen }.fill();
            }
            for entry in self.classes.get(side).iter().filter(|entry| entry.is_everywhere) {
                self.regions.extend(objects.regions_of(side, entry.organization));
            }
        }
        self.specials.sort_unstable_by_key(|special| (special.region, special.object));
        self.specials.dedup_by(|later, first| {
            let is_same = later.object == first.object;
            if is_same {
                first.ties = Both::each(|side| first.ties.get(side).or(*later.ties.get(side)));
            }
            is_same
        });
        self.regions.sort_unstable();
        self.regions.dedup();
    }

    /// The class of the principal everywhere in an organization.
    pub(super) fn class_everywhere(&self, side: Side, organization: Organization) -> Option<&InOrganization> {
        self.class_in(side, organization).filter(|entry| entry.is_everywhere)
    }

    fn class_in(&self, side: Side, organization: Organization) -> Option<&InOrganization> {
        let classes = self.classes.get(side);
        classes.get(place_in(classes, organization).ok()?)
    }

    /// The objects of a region that are told apart, in order.
    pub(super) fn specials_in(&self, region: Region) -> &[Special] {
        let begin = self.specials.partition_point(|special| special.region < region);
        let rest = self.specials.get(begin..).unwrap_or_default();
        rest.get(..rest.partition_point(|special| special.region == region)).unwrap_or_default()
    }

    /// The cases of an object that is told apart.
    pub(super) fn cases(&self, tables: BothTables<'_>, row: &ObjectRow, special: &Special) -> Both<Option<Case>> {
        Both::each(|side| {
            // Without a class there is nothing to decide.
            let (placed, tie) = ((*row.placed.get(side)).as_ref()?, *special.ties.get(side));
            let class = self.class_in(side, placed.organization).filter(|class| class.is_everywhere || tie.is_some())?;
            let groups = match (placed.project, self.user.get(side), self.live.get(side)) {
                (Some(project), Some(user), Some(live)) if class.groups != Seen::no_groups() => {
                    tables.get(side).group_roles(project, *user, live.at())
                }
                _ => Roles::NONE,
            };
            Some(Case { principal: class.class, object: placed.class, own: tie.and_then(|tie| tie.own), groups })
        })
    }
}

fn place_in(classes: &[InOrganization], organization: Organization) -> Result<usize, usize> {
    classes.binary_search_by_key(&organization, |entry| entry.organization)
}

/// The ties of one side being filled.
struct Filling<'f, 't> {
    ties: &'f mut Ties,
    tables: &'t Tables,
    side: Side,
    live: Live,
    objects: &'f Objects,
    rows: &'f RowsByUser,
    seen: &'f mut Seen,
}

impl Filling<'_, '_> {
    fn fill(&mut self) {
        let (tables, rows, at) = (self.tables, self.rows, self.live.at());
        match self.live.principal() {
            Principal::User(user) => {
                // Somebody who has left is nobody there (A27).
                for row in tables.member_rows(user).filter(|row| !tables.has_ended(row.period, at)) {
                    self.in_organization(row.organization, true);
                }
                for (project, role) in rows.of(user) {
                    self.in_organization(tables.project_row(*project).organization, true);
                    self.special(*project, Some(*role));
                }
            }
            Principal::ApiKey(key) => {
                let acted = tables.acted_user(key);
                let organization = tables.project_row(tables.api_key_row(key).project).organization;
                let reaches_all = tables.limits(key).is_some_and(|limits| limits.reach == Reach::All);
                self.in_organization(organization, reaches_all);
                if reaches_all {
                    // Where its maker has a row, its usage may be booked differently (B5).
                    let rows = tables.maker(key).map(|maker| rows.of(maker)).unwrap_or_default().iter();
                    for (project, role) in rows.filter(|(project, _)| tables.project_row(*project).organization == organization) {
                        self.special(*project, acted.map(|_| *role));
                    }
                } else {
                    for project in tables.reach_of_key(key) {
                        let own = acted.and_then(|user| tables.collaborator_role(project, user, at));
                        self.special(project, own);
                    }
                }
            }
        }
    }

    fn special(&mut self, project: Project, own: Option<ProjectRole>) {
        let (side, objects) = (self.side, self.objects);
        self.ties.specials.extend(objects.in_project(side, project).iter().map(|object| {
            let mut ties = Both::default();
            *ties.get_mut(side) = Some(Tie { own });
            Special { region: objects.rows[*object].region, object: *object, ties }
        }));
    }

    fn in_organization(&mut self, organization: Organization, is_everywhere: bool) {
        let Err(place) = place_in(self.ties.classes.get(self.side), organization) else { return };
        let (tables, at) = (self.tables, self.live.at());
        let is_suspended = tables.has_suspensions() && tables.is_principal_suspended(self.live, Some(organization));
        let standing = |user| tables.standing_in(user, organization, at);
        let facts = match self.live.principal() {
            Principal::User(user) => Facts::User { standing: standing(user), is_suspended },
            Principal::ApiKey(key) => Facts::ApiKey {
                is_suspended,
                scopes: tables.limits(key).and_then(|limits| limits.scopes.clone()),
                acts_as: tables.acted_user(key).map(standing),
            },
        };
        let member = self.ties.user.get(self.side).filter(|user| tables.membership(*user, organization, at).is_some());
        let groups = member.map(|user| tables.live_groups_of(user, organization, at)).unwrap_or_default();
        let groups = if groups.is_empty() { Seen::no_groups() } else { self.seen.groups.get_mut(self.side).number(groups) };
        let class = self.seen.classes.number(facts);
        self.ties.classes.get_mut(self.side).insert(place, InOrganization { organization, class, groups, is_everywhere });
    }
}

impl Tables {
    fn standing_in(&self, user: User, organization: Organization, at: Instant) -> Standing {
        let role = self.membership(user, organization, at);
        let has_left = role.is_none() && self.has_left(user, organization, at);
        Standing {
            role,
            has_left,
            is_owner: self.organization_row(organization).owner == user,
            external: if role.is_none() && !has_left { self.external_standing(organization, user, at) } else { None },
        }
    }
}
