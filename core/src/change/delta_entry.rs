//! Delta entries: a change as deltas contain it. It was authorised when it was first made.

use serde::Serialize;

use crate::input::error::Error;
use crate::input::instant::Instant;
use crate::input::path::Path;
use crate::input::shape::{fields, id, instant, missing_field, nullable};
use crate::input::value::Value;

use super::document::Change;
use super::terms::Origin;

/// A change, the user who made it, and the instant.
#[derive(Debug, Serialize)]
pub(crate) struct DeltaEntry<'e> {
    change: Change<'e>,
    #[serde(skip_serializing_if = "Option::is_none")]
    user: Option<&'e str>,
    at: Instant,
}

impl<'e> DeltaEntry<'e> {
    pub(super) fn of(change: &Change<'e>, origin: &Origin<'e>) -> Self {
        Self { change: change.clone(), user: origin.user, at: origin.at }
    }

    /// The entry as JSON.
    pub(crate) fn to_text(&self) -> String {
        // INVARIANT: a change has only texts, numbers and instants, which JSON can represent.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Reads an entry.
    ///
    /// # Errors
    /// The errors of an invalid shape.
    pub(crate) fn read(value: &'e Value<'e>, path: &Path<'_>) -> Result<Self, Error> {
        let (mut change, mut user, mut at) = (None, None, None);
        fields!(value, path, required ["change", "at"], |field, place| {
            "change" => change = Some(Change::read(field, place)?),
            "user" => user = nullable(field, place, id)?,
            "at" => at = Some(instant(field, place)?),
        });
        let change = change.ok_or_else(|| missing_field("change", path))?;
        let at = at.ok_or_else(|| missing_field("at", path))?;
        Ok(Self { change, user, at })
    }

    /// The change and its origin. It has no actor, so it is not authorised again.
    pub(crate) fn parts(&self) -> (&Change<'e>, Origin<'e>) {
        (&self.change, Origin { actor: None, user: self.user, at: self.at })
    }
}
