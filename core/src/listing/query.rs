//! Queries: the arguments of listings.

use crate::input::id::Reference;
use crate::input::instant::Instant;
use crate::policy::Surface;

/// The arguments of `list_projects`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ProjectQuery<'q> {
    pub(crate) principal: Reference<'q>,
    pub(crate) action: Option<&'q str>,
    pub(crate) at: Instant,
}

/// The arguments of `list_resources`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ResourceQuery<'q> {
    pub(crate) principal: Reference<'q>,
    pub(crate) action: &'q str,
    pub(crate) kind: Option<&'q str>,
    pub(crate) project: Option<&'q str>,
    pub(crate) surface: Option<Surface>,
    pub(crate) at: Instant,
}

/// The arguments of `list_principals`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PrincipalQuery<'q> {
    pub(crate) action: &'q str,
    pub(crate) resource: Reference<'q>,
    /// `user` or `api_key`; both if it is `None`.
    pub(crate) of_type: Option<&'q str>,
    pub(crate) surface: Option<Surface>,
    pub(crate) at: Instant,
}

/// The arguments of `list_actions`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ActionQuery<'q> {
    pub(crate) principal: Reference<'q>,
    pub(crate) resource: Reference<'q>,
    pub(crate) surface: Option<Surface>,
    pub(crate) at: Instant,
}
