//! Fields that several parts of a policy document have.

use serde::{Serialize, Serializer};

use crate::input::error::Error;
use crate::input::path::Path;
use crate::input::shape::{id, list};
use crate::input::value::Value;

pub(super) fn names(value: &Value<'_>, path: &Path<'_>) -> Result<Vec<String>, Error> {
    list(value, path, name)
}

pub(super) fn name(value: &Value<'_>, path: &Path<'_>) -> Result<String, Error> {
    id(value, path).map(str::to_owned)
}

pub(super) fn as_object<S: Serializer>(members: &[(String, impl Serialize)], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(members.iter().map(|(name, value)| (name, value)))
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
pub(super) const fn is_true(value: &bool) -> bool {
    *value
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
pub(super) const fn is_false(value: &bool) -> bool {
    !*value
}
