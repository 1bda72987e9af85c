//! Cells: the values of a column, each looked up before the rows are answered.
//!
//! A name that is found is valid, since every name in a directory is: only names that are not found are validated.

use std::marker::PhantomData;

use crate::access::{Object, Principal};
use crate::catalogue::error_code::ErrorCode;
use crate::collections::table::Maybe;
use crate::directory::{Directory, Project};
use crate::input::id::{Reference, is_id};
use crate::input::instant::Instant;
use crate::policy::{Action, Kind, Surface};

/// The most names of one sort that stand for something else at another time.
pub(crate) const MOST_VERSIONED: u32 = 1 << 24;

/// An index that was found, nothing, or an error code, in the space of an index: rows of cells are read without a branch for each.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cell<I>(u32, PhantomData<I>);

impl<I: Copy + From<u32> + Into<u32>> Cell<I> {
    const ABSENT: Self = Self(u32::MAX, PhantomData);
    /// Error codes are the numbers below the one for nothing. (No table has enough rows to use them.)
    const FIRST_FAULT: u32 = u32::MAX - 256;
    /// Names that stand for something else at another time have the numbers below those, in a list of their own.
    const FIRST_VERSIONED: u32 = Self::FIRST_FAULT - MOST_VERSIONED;

    /// The name of this number among those that stand for something else at another time.
    #[cfg(feature = "timeline")]
    const fn versioned(number: u32) -> Self {
        Self(Self::FIRST_VERSIONED.saturating_add(number), PhantomData)
    }

    /// The number of such a name.
    #[cfg(feature = "timeline")]
    #[inline(always)]
    pub(super) fn version(self) -> Option<usize> {
        let is_versioned = (self.0 >= Self::FIRST_VERSIONED) & (self.0 < Self::FIRST_FAULT);
        is_versioned.then_some(self.0.wrapping_sub(Self::FIRST_VERSIONED) as usize)
    }

    const fn fault_of(code: ErrorCode) -> Self {
        Self(Self::FIRST_FAULT.saturating_add(code as u32), PhantomData)
    }

    #[inline]
    fn of(found: Result<I, ErrorCode>) -> Self {
        match found.map(Into::into) {
            Ok(index) if index < Self::FIRST_VERSIONED => Self(index, PhantomData),
            Ok(_) => Self::fault_of(ErrorCode::LimitExceeded),
            Err(code) => Self::fault_of(code),
        }
    }

    #[inline]
    pub(super) fn is_fault(self) -> bool {
        (self.0 >= Self::FIRST_FAULT) & (self.0 != Self::ABSENT.0)
    }

    /// The index, if this is not an error.
    #[inline]
    pub(super) fn found(self) -> Maybe<I> {
        Maybe::from(self.0)
    }

    /// Whether it is this error.
    #[inline]
    pub(super) fn is_fault_of(self, code: ErrorCode) -> bool {
        self.0 == Self::fault_of(code).0
    }

    /// The index; `None` if there is none, or an error.
    pub(super) fn value(self) -> Option<I> {
        self.found().get().filter(|_| !self.is_fault())
    }

    /// The error code, if it is an error.
    pub(super) fn fault(self) -> Option<ErrorCode> {
        let place = self.0.checked_sub(Self::FIRST_FAULT).filter(|_| self.is_fault())?;
        ErrorCode::ALL.get(place as usize).copied()
    }
}

/// Defines the cells of columns, with the values for absent input and for bytes that are not text.
macro_rules! cells {
    ($( $(#[$meta:meta])* $name:ident { $first:ident: $inner:ty $(, $rest:ident: $rest_type:ty = $none:expr)? } )+) => { $(
        $(#[$meta])*
        #[derive(Clone, Copy, Debug)]
        pub struct $name { pub(super) $first: Cell<$inner>, $(pub(super) $rest: $rest_type)? }

        impl $name {
            /// Bytes that are not text.
            pub const NOT_TEXT: Self = Self::fault_of(ErrorCode::InvalidId);
            /// A null in the column.
            pub const ABSENT: Self = Self { $first: Cell::ABSENT, $($rest: $none)? };

            const fn fault_of(code: ErrorCode) -> Self {
                Self { $first: Cell::fault_of(code), $($rest: $none)? }
            }

            /// Whether the value is absent.
            #[must_use]
            #[inline]
            pub fn is_absent(self) -> bool {
                !self.$first.found().is_some()
            }

            /// Whether the name was found.
            #[must_use]
            #[inline]
            pub fn is_found(self) -> bool {
                !self.is_absent() && !self.$first.is_fault()
            }
        }
    )+ };
}

cells! {
    /// The principal.
    PrincipalCell { index: u32, is_key: bool = false }
    /// The kind.
    KindCell { kind: Kind }
    /// The surface.
    SurfaceCell { surface: Surface }
    /// The project that the principal worked in.
    ProjectCell { project: Project }
    /// The project and kind of a resource.
    ResourceCell { project: Project, kind: u32 = u32::MAX }
}

/// An action; `None` if the policy does not have it.
#[derive(Clone, Copy, Debug)]
pub struct ActionCell(pub(super) Result<Option<Action>, ErrorCode>);

/// An object; `None` if it is not in the directory.
#[derive(Clone, Copy, Debug)]
pub struct ObjectCell(pub(super) Result<Option<Object>, ErrorCode>);

impl ActionCell {
    /// Bytes that are not text.
    pub const NOT_TEXT: Self = Self(Err(ErrorCode::InvalidId));
}

impl ObjectCell {
    /// Bytes that are not text.
    pub const NOT_TEXT: Self = Self(Err(ErrorCode::InvalidId));
}

/// An instant.
#[derive(Clone, Copy, Debug)]
pub struct InstantCell(i64);

impl InstantCell {
    /// A value that is not an instant. (No instant has this number.)
    pub const FAULT: Self = Self(i64::MIN);

    /// The instant this many milliseconds after the Unix epoch.
    #[must_use]
    #[inline]
    pub fn from_unix_milliseconds(milliseconds: i64) -> Self {
        Instant::from_whole_milliseconds(milliseconds).map_or(Self::FAULT, Self::from)
    }

    /// The instant, if the value is one.
    #[must_use]
    #[inline]
    pub fn get(self) -> Option<Instant> {
        Instant::from_whole_milliseconds(self.0)
    }
}

impl From<Instant> for InstantCell {
    fn from(instant: Instant) -> Self {
        Self(instant.unix_milliseconds())
    }
}

/// The code for a name that was not found.
#[cold]
fn not_found_code(id: &str, code: ErrorCode) -> ErrorCode {
    if is_id(id) { code } else { ErrorCode::InvalidId }
}

/// The parts of a reference, whose id is not validated.
#[inline]
fn split(text: &str) -> Result<Reference<'_>, ErrorCode> {
    Reference::split(text).filter(|reference| !reference.type_name.is_empty()).ok_or(ErrorCode::InvalidReference)
}

/// Where the names in columns of usage are looked up.
pub trait UsageNames {
    /// The principal of a reference such as `user:usr_ada`.
    fn principal_cell(&self, text: Option<&str>) -> PrincipalCell;
    /// The user of that id.
    fn user_cell(&self, id: Option<&str>) -> PrincipalCell;
    /// The API key of that id.
    fn api_key_cell(&self, id: Option<&str>) -> PrincipalCell;
    /// The kind of that name.
    fn kind_cell(&self, name: Option<&str>) -> KindCell;
    /// The surface of that name.
    fn surface_cell(&self, name: Option<&str>) -> SurfaceCell;
    /// The project of that id.
    fn project_cell(&self, id: Option<&str>) -> ProjectCell;
    /// The resource of a reference such as `instant_cluster:cl_1`.
    fn resource_cell(&self, text: Option<&str>) -> ResourceCell;
}

impl UsageNames for Directory {
    fn principal_cell(&self, text: Option<&str>) -> PrincipalCell {
        let Some(text) = text else { return PrincipalCell::fault_of(ErrorCode::WrongType) };
        let found = split(text).and_then(|reference| {
            self.tables().find_principal(reference).ok_or_else(|| not_found_code(reference.id, ErrorCode::UnknownPrincipal))
        });
        PrincipalCell::of(found)
    }

    fn user_cell(&self, id: Option<&str>) -> PrincipalCell {
        let find = |id: &str| self.tables().user(id).map(Principal::User).ok_or_else(|| not_found_code(id, ErrorCode::UnknownPrincipal));
        id.map_or(PrincipalCell::ABSENT, |id| PrincipalCell::of(find(id)))
    }

    fn api_key_cell(&self, id: Option<&str>) -> PrincipalCell {
        let find =
            |id: &str| self.tables().api_key(id).map(Principal::ApiKey).ok_or_else(|| not_found_code(id, ErrorCode::UnknownPrincipal));
        id.map_or(PrincipalCell::ABSENT, |id| PrincipalCell::of(find(id)))
    }

    fn kind_cell(&self, name: Option<&str>) -> KindCell {
        let find = |name: &str| self.tables().policy().kind(name).ok_or(ErrorCode::UnknownKind);
        KindCell { kind: Cell::of(name.ok_or(ErrorCode::WrongType).and_then(find)) }
    }

    fn surface_cell(&self, name: Option<&str>) -> SurfaceCell {
        let find = |name: &str| self.tables().policy().surface(name).ok_or(ErrorCode::UnknownSurface);
        name.map_or(SurfaceCell::ABSENT, |name| SurfaceCell { surface: Cell::of(find(name)) })
    }

    fn project_cell(&self, id: Option<&str>) -> ProjectCell {
        let find = |id: &str| self.tables().project(id).ok_or_else(|| not_found_code(id, ErrorCode::UnknownProject));
        id.map_or(ProjectCell::ABSENT, |id| ProjectCell { project: Cell::of(find(id)) })
    }

    fn resource_cell(&self, text: Option<&str>) -> ResourceCell {
        let Some(text) = text else { return ResourceCell::ABSENT };
        let find = |Reference { type_name, id }: Reference<'_>| {
            self.tables().find_in_project(type_name, id).ok_or_else(|| not_found_code(id, ErrorCode::UnknownResource))
        };
        match split(text).and_then(find) {
            Ok(found) => ResourceCell { project: Cell::of(Ok(found.project)), kind: found.kind.into() },
            Err(code) => ResourceCell::fault_of(code),
        }
    }
}

impl Directory {
    /// The action of that name.
    #[must_use]
    pub fn action_cell(&self, name: Option<&str>) -> ActionCell {
        ActionCell(name.map(|name| self.tables().policy().action(name)).ok_or(ErrorCode::WrongType))
    }

    /// The object of a reference such as `project:prj_a`.
    #[must_use]
    pub fn object_cell(&self, text: Option<&str>) -> ObjectCell {
        let find = |reference: Reference<'_>| match self.tables().find_object(reference, None) {
            None if !is_id(reference.id) => Err(ErrorCode::InvalidId),
            found => Ok(found),
        };
        ObjectCell(text.ok_or(ErrorCode::WrongType).and_then(split).and_then(find))
    }
}

#[cfg(feature = "timeline")]
impl PrincipalCell {
    pub(crate) const fn versioned(number: u32, is_key: bool) -> Self {
        Self { index: Cell::versioned(number), is_key }
    }
}

#[cfg(feature = "timeline")]
impl ProjectCell {
    pub(crate) const fn versioned(number: u32) -> Self {
        Self { project: Cell::versioned(number) }
    }
}

#[cfg(feature = "timeline")]
impl ResourceCell {
    pub(crate) const fn versioned(number: u32) -> Self {
        Self { project: Cell::versioned(number), kind: u32::MAX }
    }
}

impl PrincipalCell {
    /// A row without the required principal.
    pub const MISSING: Self = Self::fault_of(ErrorCode::MissingField);

    fn of(found: Result<Principal, ErrorCode>) -> Self {
        match found {
            Ok(Principal::User(user)) => Self { index: Cell::of(Ok(user.into())), is_key: false },
            Ok(Principal::ApiKey(key)) => Self { index: Cell::of(Ok(key.into())), is_key: true },
            Err(code) => Self::fault_of(code),
        }
    }

    /// The principal, if one was found.
    #[inline]
    pub(super) fn principal(self) -> Option<Principal> {
        let index = self.index.value()?;
        Some(if self.is_key { Principal::ApiKey(index.into()) } else { Principal::User(index.into()) })
    }
}
