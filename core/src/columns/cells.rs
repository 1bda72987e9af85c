//! Cells of columns: each value of a column is looked up by itself, before anything is asked of its row.
//!
//! A name that is found is well-formed, since every name in a directory is: only one that is not found has to be looked at for what is wrong.

use crate::access::{Object, Principal};
use crate::attribution::Located;
use crate::cell::Cell;
use crate::directory::{Directory, Project};
use crate::error::ErrorCode;
use crate::id::{Reference, is_id};
use crate::instant::Instant;
use crate::policy::{Action, Kind, Surface};

macro_rules! cells {
    ($( $(#[$meta:meta])* $name:ident($inner:ty); )+) => { $(
        $(#[$meta])*
        #[derive(Clone, Copy, Debug)]
        pub struct $name(pub(super) Cell<$inner>);

        impl $name {
            /// Where the column has nothing.
            pub const ABSENT: Self = Self(Cell::Absent);

            /// Bytes that are no text.
            pub const NOT_TEXT: Self = Self(Cell::Fault(ErrorCode::InvalidId));

            /// Whether something was found.
            #[must_use]
            pub const fn is_found(self) -> bool {
                matches!(self.0, Cell::Found(_))
            }
        }
    )+ };
}

cells! {
    /// Who asks, or whose usage it is.
    PrincipalCell(Principal);
    /// What is to be done; none is an action that no policy has.
    ActionCell(Option<Action>);
    /// What is asked about; none is something that the directory does not hold.
    ObjectCell(Option<Object>);
    /// The kind of what was used.
    KindCell(Kind);
    /// How it was used.
    SurfaceCell(Surface);
    /// The project that was worked in.
    ProjectCell(Project);
    /// What was used.
    ResourceCell(Located);
}

/// An instant.
#[derive(Clone, Copy, Debug)]
pub struct InstantCell(i64);

impl InstantCell {
    /// What is no instant. (No instant has this number.)
    pub const FAULT: Self = Self(i64::MIN);

    /// So many milliseconds since the Unix epoch.
    #[must_use]
    #[inline]
    pub fn from_unix_milliseconds(milliseconds: i64) -> Self {
        Instant::from_whole_milliseconds(milliseconds).map_or(Self::FAULT, Self::from)
    }

    /// RFC 3339 text.
    #[must_use]
    pub fn from_text(text: &str) -> Self {
        Instant::parse(text).map_or(Self::FAULT, Self::from)
    }

    #[inline]
    pub(super) fn get(self) -> Option<Instant> {
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
fn unfound(id: &str, code: ErrorCode) -> ErrorCode {
    if is_id(id) { code } else { ErrorCode::InvalidId }
}

/// The parts of a reference, of which the id may turn out to be none.
#[inline]
fn split(text: &str) -> Result<Reference<'_>, ErrorCode> {
    match text.split_once(':') {
        Some((type_name, id)) if !type_name.is_empty() => Ok(Reference::of_parts(type_name, id)),
        _ => Err(ErrorCode::InvalidReference),
    }
}

impl Directory {
    /// The principal of a reference such as `user:usr_ada`.
    #[must_use]
    #[inline]
    pub fn principal_cell(&self, text: Option<&str>) -> PrincipalCell {
        let find =
            |reference: Reference<'_>| self.find_principal(reference).ok_or_else(|| unfound(reference.id, ErrorCode::UnknownPrincipal));
        PrincipalCell(required(text, |text| split(text).and_then(find)))
    }

    /// The user of an id.
    #[must_use]
    pub fn user_cell(&self, id: Option<&str>) -> PrincipalCell {
        let find = |id: &str| self.user(id).map(Principal::User).ok_or_else(|| unfound(id, ErrorCode::UnknownPrincipal));
        PrincipalCell(optional(id, find))
    }

    /// The API key of an id.
    #[must_use]
    pub fn api_key_cell(&self, id: Option<&str>) -> PrincipalCell {
        let find = |id: &str| self.api_key(id).map(Principal::ApiKey).ok_or_else(|| unfound(id, ErrorCode::UnknownPrincipal));
        PrincipalCell(optional(id, find))
    }

    /// The action of that name.
    #[must_use]
    #[inline]
    pub fn action_cell(&self, name: Option<&str>) -> ActionCell {
        ActionCell(required(name, |name| Ok(self.policy().action(name))))
    }

    /// What a reference such as `project:prj_a` names.
    #[must_use]
    #[inline]
    pub fn object_cell(&self, text: Option<&str>) -> ObjectCell {
        let find = |reference: Reference<'_>| match self.find_object(reference) {
            None if !is_id(reference.id) => Err(ErrorCode::InvalidId),
            found => Ok(found),
        };
        ObjectCell(required(text, |text| split(text).and_then(find)))
    }

    /// The kind of that name.
    #[must_use]
    #[inline]
    pub fn kind_cell(&self, name: Option<&str>) -> KindCell {
        KindCell(required(name, |name| self.policy().kind(name).ok_or(ErrorCode::UnknownKind)))
    }

    /// The surface of that name.
    #[must_use]
    #[inline]
    pub fn surface_cell(&self, name: Option<&str>) -> SurfaceCell {
        SurfaceCell(optional(name, |name| self.policy().surface(name).ok_or(ErrorCode::UnknownSurface)))
    }

    /// The project of an id.
    #[must_use]
    #[inline]
    pub fn project_cell(&self, id: Option<&str>) -> ProjectCell {
        ProjectCell(optional(id, |id| self.project(id).ok_or_else(|| unfound(id, ErrorCode::UnknownProject))))
    }

    /// The resource of a reference such as `instant_cluster:cl_1`.
    #[must_use]
    #[inline]
    pub fn resource_cell(&self, text: Option<&str>) -> ResourceCell {
        let find = |Reference { type_name, id }: Reference<'_>| {
            let found = self.find_in_project(type_name, id).map(Located::from);
            found.ok_or_else(|| unfound(id, ErrorCode::UnknownResource))
        };
        ResourceCell(optional(text, |text| split(text).and_then(find)))
    }
}

impl PrincipalCell {
    /// No principal is named in a row where one has to be.
    pub const MISSING: Self = Self(Cell::Fault(ErrorCode::MissingField));

    /// Whether nothing is named.
    #[must_use]
    #[inline]
    pub const fn is_absent(self) -> bool {
        matches!(self.0, Cell::Absent)
    }
}

#[inline]
fn optional<T>(text: Option<&str>, read: impl FnOnce(&str) -> Result<T, ErrorCode>) -> Cell<T> {
    text.map_or(Cell::Absent, |text| read(text).map_or_else(Cell::Fault, Cell::Found))
}

/// A null where a text has to be is of the wrong type, as it is in a request.
#[inline]
fn required<T>(text: Option<&str>, read: impl FnOnce(&str) -> Result<T, ErrorCode>) -> Cell<T> {
    match text {
        None => Cell::Fault(ErrorCode::WrongType),
        text => optional(text, read),
    }
}
