//! Requests: reads the standard's entities. Members that are not named here are ignored.

use std::borrow::Cow;

use crate::catalogue::authzen_api::AuthzenApi;
use crate::catalogue::error_code::ErrorCode;
use crate::directory::Directory;
use crate::input::error::Error;
use crate::input::id::{Reference, is_id};
use crate::input::instant::Instant;
use crate::input::path::Path;
use crate::input::shape::{LONGEST_TEXT, instant, list_items, member, missing_field, nullable, object, string};
use crate::input::value::Value;
use crate::policy::{Surface, Target};

use super::options::Options;
use super::page::PageQuery;
use super::semantic::Semantic;

/// The context of a question.
#[derive(Clone, Copy)]
pub(super) struct Context {
    pub(super) surface: RequestedSurface,
    pub(super) at: Instant,
}

/// The surface of a question.
#[derive(Clone, Copy)]
pub(super) enum RequestedSurface {
    /// The principal's default surface, or a known one.
    Known(Option<Surface>),
    /// A surface that the policy does not have: every action on it is denied.
    Unknown,
}

/// A request, read member by member in document order. Absent members may come from defaults.
#[derive(Clone, Copy, Default)]
pub(super) struct Request<'r> {
    /// Without an id in a search for subjects.
    pub(super) subject: Option<Reference<'r>>,
    pub(super) action: Option<&'r str>,
    /// Without an id in a search for resources.
    pub(super) resource: Option<Reference<'r>>,
    pub(super) context: Option<Context>,
    pub(super) page: Option<PageQuery<'r>>,
    pub(super) evaluations: Option<&'r [Value<'r>]>,
    pub(super) semantic: Option<Semantic>,
}

/// Reads requests.
#[derive(Clone, Copy)]
pub(super) struct RequestReader<'a> {
    pub(super) directory: &'a Directory,
    pub(super) options: &'a Options,
    pub(super) api: AuthzenApi,
}

impl RequestReader<'_> {
    /// Reads a request. A missing member of `required` is reported first.
    pub(super) fn request<'r>(self, value: &'r Value<'r>, path: &Path<'_>, required: &[&str]) -> Result<Request<'r>, Error> {
        use AuthzenApi::{AccessEvaluations, SearchAction, SearchResource, SearchSubject};
        let mut request = Request::default();
        let is_search = matches!(self.api, SearchAction | SearchResource | SearchSubject);
        for (name, value) in object(value, path, required)? {
            let path = &path.field(name);
            match name.as_ref() {
                "subject" => request.subject = self.complete(entity(value, path, self.api != SearchSubject))?,
                "action" if self.api != SearchAction => request.action = self.complete(name_of(value, path))?,
                "resource" => request.resource = self.complete(entity(value, path, self.api != SearchResource))?,
                "context" => {
                    request.context = nullable(value, path, |value, path| self.context(value, path))?.or(Some(self.default_context()))
                }
                "page" if is_search => request.page = nullable(value, path, PageQuery::read)?,
                "evaluations" if self.api == AccessEvaluations => request.evaluations = nullable(value, path, list_items)?,
                "options" if self.api == AccessEvaluations => request.semantic = nullable(value, path, Semantic::read)?.flatten(),
                _ => {}
            }
        }
        Ok(request)
    }

    /// A part of a request. An incomplete default of a batch counts as absent: only the evaluations that need it are denied.
    fn complete<T>(self, part: Result<T, Error>) -> Result<Option<T>, Error> {
        match part {
            Err(error) if self.api == AuthzenApi::AccessEvaluations && error.code() == ErrorCode::MissingField => Ok(None),
            part => part.map(Some),
        }
    }

    /// The context of a request that has none.
    pub(super) fn default_context(self) -> Context {
        Context { surface: RequestedSurface::Known(None), at: self.options.now }
    }

    fn context(self, value: &Value<'_>, path: &Path<'_>) -> Result<Context, Error> {
        let mut context = self.default_context();
        for (name, value) in object(value, path, &[])? {
            let path = &path.field(name);
            match name.as_ref() {
                "surface" => {
                    let surface = |name| {
                        self.directory
                            .tables()
                            .policy()
                            .surface(name)
                            .map_or(RequestedSurface::Unknown, |surface| RequestedSurface::Known(Some(surface)))
                    };
                    context.surface = nullable(value, path, string)?.map_or(context.surface, surface);
                }
                "time" if self.options.trust_context_time => context.at = nullable(value, path, instant)?.unwrap_or(context.at),
                _ => {}
            }
        }
        Ok(context)
    }
}

impl<'r> Request<'r> {
    /// The members that every evaluation has.
    pub(super) const REQUIRED: [&'static str; 3] = ["subject", "action", "resource"];

    /// Subject, action and resource of a request in which they are required.
    pub(super) fn parts(&self) -> (Reference<'r>, &'r str, Reference<'r>) {
        // INVARIANT: required members are present; the placeholders would be denied.
        let nothing = Reference::of_parts("", "");
        (self.subject.unwrap_or(nothing), self.action.unwrap_or_default(), self.resource.unwrap_or(nothing))
    }

    /// Takes absent members from the defaults, each as a whole.
    pub(super) fn or(self, defaults: &Self) -> Self {
        Self {
            subject: self.subject.or(defaults.subject),
            action: self.action.or(defaults.action),
            resource: self.resource.or(defaults.resource),
            context: self.context.or(defaults.context),
            ..self
        }
    }

    /// The required members that are absent here.
    pub(super) fn missing(&self) -> Vec<&'static str> {
        let is_there = [self.subject.is_some(), self.action.is_some(), self.resource.is_some()];
        Self::REQUIRED.into_iter().zip(is_there).filter(|(_, is_there)| !is_there).map(|(name, _)| name).collect()
    }
}

impl Directory {
    /// The action that a name means for a type of resource: an action of the policy, or else a verb of the kind.
    pub(super) fn action_or_verb<'n>(&self, name: &'n str, resource_type: &str) -> Cow<'n, str> {
        let policy = self.tables().policy();
        let Some(kind) = policy.kind(resource_type).filter(|_| policy.action(name).is_none()) else { return Cow::Borrowed(name) };
        let of_kind = format!("{resource_type}.{name}");
        let is_verb = |action| matches!(policy.target(action), Target::Kind(of) | Target::NewOfKind(of) if of == kind);
        if policy.action(&of_kind).is_some_and(is_verb) { Cow::Owned(of_kind) } else { Cow::Borrowed(name) }
    }
}

/// A subject or a resource. Any text is accepted as an id; one that no directory can contain is unknown. In a search, the id of the
/// searched entity is ignored.
fn entity<'v>(value: &'v Value<'v>, path: &Path<'_>, has_id: bool) -> Result<Reference<'v>, Error> {
    let (mut type_name, mut id) = ("", "");
    for (name, value) in object(value, path, if has_id { &["type", "id"] } else { &["type"] })? {
        match name.as_ref() {
            "type" => type_name = string(value, &path.field(name))?,
            // An invalid id is not looked up, so its length does not matter for every item of a batch.
            "id" if has_id => id = Some(string(value, &path.field(name))?).filter(|id| is_id(id)).unwrap_or_default(),
            _ => {}
        }
    }
    Ok(Reference::of_parts(type_name, id))
}

fn name_of<'v>(value: &'v Value<'v>, path: &Path<'_>) -> Result<&'v str, Error> {
    let name = member(object(value, path, &["name"])?, "name").ok_or_else(|| missing_field("name", path))?;
    // A longer name is in no policy.
    Ok(Some(string(name, &path.field("name"))?).filter(|name| name.len() <= LONGEST_TEXT).unwrap_or_default())
}
