//! AuthZEN: the OpenID Authorization API 1.0, as a mapping of its entities to ours. A request in, a response out, no transport.
//!
//! `subject` is the principal, `action.name` the action, `resource` the resource by `type` and `id`, `context.surface` the surface, and
//! `context.time` the instant, where the host trusts its callers with the clock. Every other member is ignored, as the standard demands. What the
//! directory or the policy does not know is denied or not found; only what the standard calls malformed is an error.

mod evaluation;
mod metadata;
mod page;
mod parts;
mod request;
mod search;

use crate::catalogue::code::codes;
use crate::directory::Directory;
use crate::input::error::Error;
use crate::input::instant::Instant;
use crate::input::value::Value;

pub(crate) use metadata::metadata;
pub(crate) use parts::parts;
use request::Reader;

codes! {
    /// The five calls of the standard, by their metadata parameters without the ending `_endpoint`.
    pub enum AuthzenApi {
        /// May this subject do this action on this resource?
        AccessEvaluation = "access_evaluation",
        /// Several such questions at once.
        AccessEvaluations = "access_evaluations",
        /// Which subjects of a type may do this action on this resource?
        SearchSubject = "search_subject",
        /// On which resources of a type may this subject do this action?
        SearchResource = "search_resource",
        /// Which actions may this subject do on this resource?
        SearchAction = "search_action",
    }
}

impl AuthzenApi {
    /// Where the call is found below the address of the decision point.
    const fn path(self) -> &'static str {
        match self {
            Self::AccessEvaluation => "/access/v1/evaluation",
            Self::AccessEvaluations => "/access/v1/evaluations",
            Self::SearchSubject => "/access/v1/search/subject",
            Self::SearchResource => "/access/v1/search/resource",
            Self::SearchAction => "/access/v1/search/action",
        }
    }
}

/// What the host decides about its callers.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Terms {
    /// Whether decisions say why. A reason can tell a stranger what exists.
    pub(crate) reasons: bool,
    /// Whether `context.time` counts. Whoever sets the clock can revive an expired key.
    pub(crate) trust_context_time: bool,
    /// The host's clock.
    pub(crate) now: Instant,
}

impl Directory {
    /// The response to a request, as JSON text.
    ///
    /// # Errors
    /// What the standard answers with 400: `missing_field`, `wrong_type`, `invalid_timestamp`, `limit_exceeded`, `cursor_invalid`,
    /// `cursor_mismatch`.
    pub(crate) fn answer_authzen(&self, api: AuthzenApi, request: &Value<'_>, terms: &Terms) -> Result<String, Error> {
        let reader = Reader { directory: self, terms, api };
        match api {
            AuthzenApi::AccessEvaluation => self.evaluation(request, reader),
            AuthzenApi::AccessEvaluations => self.evaluations(request, reader),
            AuthzenApi::SearchSubject | AuthzenApi::SearchResource | AuthzenApi::SearchAction => self.search(request, reader),
        }
    }
}

fn written(response: &impl serde::Serialize) -> String {
    // INVARIANT: responses are objects of strings, numbers and lists, which JSON always holds.
    serde_json::to_string(response).unwrap_or_default()
}
