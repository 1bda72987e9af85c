//! Parties: the attributes of each principal, and of each kind on each surface, looked up once for all rows.

#[cfg(feature = "timeline")]
use std::collections::BTreeMap;

use crate::access::Principal;
use crate::attribution::{Booked, FoundUsage, Party, Traits};
use crate::catalogue::attribution::Booking;
use crate::catalogue::error_code::ErrorCode;
use crate::collections::table::Maybe;
#[cfg(feature = "timeline")]
use crate::directory::User;
use crate::directory::{ApiKey, Project, Tables, Text};
use crate::policy::{Kind, Surface};

use super::cells::{InstantCell, KindCell, PrincipalCell, ProjectCell, ResourceCell, SurfaceCell};
use super::memo::Memo;

/// The attributes that have been looked up so far.
#[derive(Debug)]
pub(crate) struct Parties {
    /// The parties of users, and of API keys.
    parties: [Memo<Party>; 2],
    /// The traits of every kind on every surface.
    traits: Vec<Traits>,
    surfaces: u32,
    /// The API keys whose parties depend on a user, if parties are to be forgotten one by one.
    #[cfg(feature = "timeline")]
    keys_of: Option<BTreeMap<User, Vec<ApiKey>>>,
}

/// The cells of one row.
#[derive(Clone, Copy, Debug)]
pub(crate) struct UsageRow {
    pub(super) principal: PrincipalCell,
    pub(super) kind: KindCell,
    pub(super) surface: SurfaceCell,
    pub(super) project: ProjectCell,
    pub(super) resource: ResourceCell,
    pub(super) at: InstantCell,
}

/// The result of one row in little memory: the reason of a row that cannot be attributed is an error code after the rules.
#[derive(Clone, Copy, Debug)]
pub(crate) struct BookedRow {
    pub(super) project: Maybe<Project>,
    pub(super) outside: Maybe<Text>,
    pub(super) intended: Maybe<Project>,
    pub(super) api_key: Maybe<ApiKey>,
    pub(super) reason: u8,
    pub(super) remedies: u8,
    pub(super) caveats: u8,
    pub(super) matches_intended: bool,
}

impl BookedRow {
    #[cold]
    fn unattributed(code: ErrorCode, intended: Option<Project>) -> Self {
        Self {
            project: Maybe::NONE,
            outside: Maybe::NONE,
            intended: intended.into(),
            api_key: Maybe::NONE,
            reason: (Booking::ALL.len() as u8).saturating_add(code as u8),
            remedies: 0,
            caveats: 0,
            matches_intended: false,
        }
    }
}

impl Parties {
    pub(crate) fn new(tables: &Tables) -> Self {
        let policy = tables.policy();
        let surfaces: Vec<Surface> = policy.surfaces().collect();
        let traits = policy.kinds().flat_map(|(kind, _)| surfaces.iter().map(move |surface| policy.traits(kind, *surface))).collect();
        Self {
            parties: [Memo::new(), Memo::new()],
            traits,
            surfaces: u32::try_from(surfaces.len()).unwrap_or(0),
            #[cfg(feature = "timeline")]
            keys_of: None,
        }
    }

    /// The booking of one row.
    #[inline(always)]
    pub(crate) fn book(&mut self, tables: &Tables, row: &UsageRow) -> BookedRow {
        match self.find_and_book(tables, row) {
            Ok(Booked { place, intended, matches_intended, booking, api_key, remedies, caveats }) => BookedRow {
                project: place.project,
                outside: place.outside,
                intended: Some(intended).into(),
                api_key,
                reason: booking as u8,
                remedies: remedies.bits(),
                caveats: caveats.bits(),
                matches_intended,
            },
            Err(code) => BookedRow::unattributed(code, row.intended(tables)),
        }
    }

    #[inline(always)]
    fn find_and_book(&mut self, tables: &Tables, row: &UsageRow) -> Result<Booked, ErrorCode> {
        let UsageRow { principal, kind, surface, project, resource, at } = *row;
        let decides = principal.is_key | project.project.found().is_some();
        let resource_is_unknown = decides & resource.project.is_fault_of(ErrorCode::UnknownResource);
        let has_fault = principal.index.is_fault()
            | kind.kind.is_fault()
            | surface.surface.is_fault()
            | project.project.is_fault()
            | (resource.project.is_fault() & !resource_is_unknown);
        let (Some(kind), Some(index), Some(at), false) = (kind.kind.found().get(), principal.index.found().get(), at.get(), has_fault)
        else {
            return Err(row.fault());
        };
        let party = self.party(index, principal.is_key, tables);
        let surface: u32 = surface.surface.found().or(Some(party.surface).into()).get().map_or(0, u32::from);
        let place = u32::from(kind).wrapping_mul(self.surfaces).wrapping_add(surface);
        let Some(traits) = self.traits.get(place as usize) else { return Err(ErrorCode::UnknownKind) };
        let resource = (Kind::from(resource.kind), Maybe::choose(resource_is_unknown, Maybe::NONE, resource.project.found()));
        let named = project.project.found();
        let usage = FoundUsage { party: &party, kind, traits: *traits, named, resource, resource_is_unknown, at };
        tables.book(&usage).map_err(|fault| fault.code)
    }

    #[inline(always)]
    fn party(&mut self, index: u32, is_key: bool, tables: &Tables) -> Party {
        let [users, api_keys] = &mut self.parties;
        let seen = if is_key { api_keys } else { users };
        seen.of(index, || {
            let principal = if is_key { Principal::ApiKey(index.into()) } else { Principal::User(index.into()) };
            #[cfg(feature = "timeline")]
            if let (Some(keys_of), Principal::ApiKey(key)) = (&mut self.keys_of, principal)
                && let Some(maker) = tables.maker(key)
            {
                keys_of.entry(maker).or_default().push(key);
            }
            tables.party(principal)
        })
    }
}

/// For tables that change between rows.
#[cfg(feature = "timeline")]
impl Parties {
    /// The same, able to forget parties one by one.
    pub(crate) fn forgetting(self) -> Self {
        Self { keys_of: Some(BTreeMap::new()), ..self }
    }

    /// Forgets what was read of a user, and of the API keys that the user made or that act as the user.
    pub(crate) fn forget_user(&mut self, user: User) {
        let [users, api_keys] = &mut self.parties;
        users.forget_one(user);
        for key in self.keys_of.iter_mut().filter_map(|keys| keys.remove(&user)).flatten() {
            api_keys.forget_one(key);
        }
    }

    pub(crate) fn forget(&mut self) {
        self.parties.iter_mut().for_each(Memo::forget);
        self.keys_of = Some(BTreeMap::new());
    }
}

#[cfg(feature = "timeline")]
impl BookedRow {
    /// A row that is not booked yet.
    pub(crate) const PENDING: Self = Self {
        project: Maybe::NONE,
        outside: Maybe::NONE,
        intended: Maybe::NONE,
        api_key: Maybe::NONE,
        reason: (Booking::ALL.len() as u8).saturating_add(ErrorCode::LimitExceeded as u8),
        remedies: 0,
        caveats: 0,
        matches_intended: false,
    };

    /// A row from before the beginning of a timeline. A row that is malformed has that error.
    pub(crate) fn before_history(row: &UsageRow) -> Self {
        Self::unattributed(row.fault_of_shape().unwrap_or(ErrorCode::BeforeHistory), None)
    }
}

impl UsageRow {
    /// The intended project, if it is known.
    #[cold]
    fn intended(&self, tables: &Tables) -> Option<Project> {
        let key = match self.principal.principal() {
            Some(Principal::ApiKey(key)) => Some(key),
            Some(Principal::User(_)) | None => None,
        };
        tables.stated_project(key, self.resource.project.value(), self.project.project.value())
    }

    /// The error code of a row: malformed values come before unknown names, as in a request.
    #[cold]
    fn fault(&self) -> ErrorCode {
        // INVARIANT: the row has an error.
        let first = self.faults().next().unwrap_or(ErrorCode::WrongType);
        self.fault_of_shape().unwrap_or(first)
    }

    #[cold]
    fn fault_of_shape(&self) -> Option<ErrorCode> {
        self.faults().find(|code| code.is_of_shape())
    }

    fn faults(&self) -> impl Iterator<Item = ErrorCode> {
        let faults = [
            self.principal.index.fault(),
            self.kind.kind.fault(),
            self.surface.surface.fault(),
            self.project.project.fault(),
            self.resource.project.fault(),
            self.at.get().is_none().then_some(ErrorCode::InvalidTimestamp),
        ];
        faults.into_iter().flatten()
    }
}
