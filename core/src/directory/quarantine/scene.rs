//! What organizations are checked against.

use std::sync::Arc;

use crate::collections::hasher::Hasher;
use crate::directory::entries::Source;
use crate::directory::tables::Tables;
use crate::policy::Policy;

/// What organizations are checked against.
pub(in crate::directory) struct Scene<'s, 'v> {
    pub(in crate::directory) source: Source<'v>,
    pub(in crate::directory) policy: &'s Arc<Policy>,
    pub(in crate::directory) hasher: &'s Hasher,
    pub(in crate::directory) last_good: Option<&'s Tables>,
}
