//! The standard's entities, read from a request. Members that are not named here are ignored.

use crate::directory::Directory;
use crate::error::Error;
use crate::id::Reference;
use crate::instant::Instant;
use crate::path::Path;
use crate::policy::Surface;
use crate::shape::{instant, member, missing_field, object, optional, string};
use crate::value::{Member, Value};

use super::Terms;

/// What is known of the circumstances of a question.
#[derive(Clone, Copy)]
pub(super) struct Context {
    pub(super) surface: Asked,
    pub(super) at: Instant,
}

/// The surface that a question is about.
#[derive(Clone, Copy)]
pub(super) enum Asked {
    /// The principal's default one, or one by name.
    Known(Option<Surface>),
    /// One that the policy does not have: nothing can be done there.
    Unknown,
}

impl Context {
    pub(super) fn read(value: &Value<'_>, path: &Path<'_>, directory: &Directory, terms: &Terms) -> Result<Self, Error> {
        let silent = Self { surface: Asked::Known(None), at: terms.now };
        if *value == Value::Null {
            return Ok(silent);
        }
        let members = object(value, path, &[])?;
        let surface = match optional(members, "surface", path, string)? {
            Some(name) => directory.policy().surface(name).map_or(Asked::Unknown, |surface| Asked::Known(Some(surface))),
            None => silent.surface,
        };
        let time = if terms.trust_context_time { optional(members, "time", path, instant)? } else { None };
        Ok(Self { surface, at: time.unwrap_or(silent.at) })
    }
}

/// A request for an evaluation: complete, or with parts that defaults have yet to supply.
#[derive(Clone, Copy, Default)]
pub(super) struct Parts<'r> {
    pub(super) subject: Option<Reference<'r>>,
    pub(super) action: Option<&'r str>,
    pub(super) resource: Option<Reference<'r>>,
    pub(super) context: Option<Context>,
}

impl<'r> Parts<'r> {
    pub(super) fn read(members: &'r [Member<'r>], path: &Path<'_>, directory: &Directory, terms: &Terms) -> Result<Self, Error> {
        let mut parts = Self::default();
        for (name, value) in members {
            let path = &path.field(name);
            match name.as_ref() {
                "subject" => parts.subject = Some(entity(value, path)?),
                "action" => parts.action = Some(action(value, path)?),
                "resource" => parts.resource = Some(entity(value, path)?),
                "context" => parts.context = Some(Context::read(value, path, directory, terms)?),
                _ => {}
            }
        }
        Ok(parts)
    }

    /// With what is absent taken from the defaults, each part as a whole.
    pub(super) fn or(self, defaults: &Self) -> Self {
        Self {
            subject: self.subject.or(defaults.subject),
            action: self.action.or(defaults.action),
            resource: self.resource.or(defaults.resource),
            context: self.context.or(defaults.context),
        }
    }

    /// What a complete request has beside these.
    pub(super) fn lacking(&self) -> Vec<&'static str> {
        let parts = [("subject", self.subject.is_none()), ("action", self.action.is_none()), ("resource", self.resource.is_none())];
        parts.into_iter().filter(|(_, is_lacking)| *is_lacking).map(|(name, _)| name).collect()
    }
}

/// A member that a request must have.
pub(super) fn required<'r, T>(
    members: &'r [Member<'r>],
    name: &str,
    path: &Path<'_>,
    read: impl FnOnce(&'r Value<'r>, &Path<'_>) -> Result<T, Error>,
) -> Result<T, Error> {
    let value = member(members, name).ok_or_else(|| missing_field(name, path))?;
    read(value, &path.field(name))
}

/// A subject or a resource. Any text is an id here: one that no directory could hold is merely unknown.
pub(super) fn entity<'v>(value: &'v Value<'v>, path: &Path<'_>) -> Result<Reference<'v>, Error> {
    let (mut type_name, mut id) = ("", "");
    for (name, value) in object(value, path, &["type", "id"])? {
        match name.as_ref() {
            "type" => type_name = string(value, &path.field(name))?,
            "id" => id = string(value, &path.field(name))?,
            _ => {}
        }
    }
    Ok(Reference::of_parts(type_name, id))
}

/// The type of an entity that is searched for; an id beside it is ignored.
pub(super) fn type_of<'v>(value: &'v Value<'v>, path: &Path<'_>) -> Result<&'v str, Error> {
    required(object(value, path, &[])?, "type", path, string)
}

pub(super) fn action<'v>(value: &'v Value<'v>, path: &Path<'_>) -> Result<&'v str, Error> {
    required(object(value, path, &[])?, "name", path, string)
}
