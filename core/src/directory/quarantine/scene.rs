//! What organizations are checked against.

use std::sync::Arc;

use crate::collections::hasher::Hasher;
use crate::directory::entries::Source;
use crate::directory::tables::Tables;
use crate::policy::Policy;

/// What organizations are checked against.
pub(crate) struct Scene<'s, 'v> {
    pub(crate) source: Source<'v>,
    pub(crate) policy: &'s Arc<Policy>,
    pub(crate) hasher: &'s Hasher,
    pub(crate) last_good: Option<&'s Tables>,
}
