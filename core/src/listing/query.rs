//! Queries: what a listing is asked for.

use crate::input::id::Reference;
use crate::input::instant::Instant;
use crate::policy::Surface;

/// Which resources are wanted (`list_resources`).
#[derive(Clone, Copy, Debug)]
pub(crate) struct ResourceQuery<'q> {
    pub(crate) principal: Reference<'q>,
    pub(crate) action: &'q str,
    pub(crate) kind: Option<&'q str>,
    pub(crate) project: Option<&'q str>,
    pub(crate) surface: Option<Surface>,
    pub(crate) at: Instant,
}

/// Whose access is wanted (`list_principals`).
#[derive(Clone, Copy, Debug)]
pub(crate) struct PrincipalQuery<'q> {
    pub(crate) action: &'q str,
    pub(crate) resource: Reference<'q>,
    /// `user` or `api_key`; both where it is left out.
    pub(crate) of_type: Option<&'q str>,
    pub(crate) surface: Option<Surface>,
    pub(crate) at: Instant,
}

/// Which actions are wanted (`list_actions`).
#[derive(Clone, Copy, Debug)]
pub(crate) struct ActionQuery<'q> {
    pub(crate) principal: Reference<'q>,
    pub(crate) resource: Reference<'q>,
    pub(crate) surface: Option<Surface>,
    pub(crate) at: Instant,
}
