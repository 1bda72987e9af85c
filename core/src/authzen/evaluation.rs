//! Access evaluation: one question, or several with common defaults.

use serde::Serialize;

use crate::access::AccessRequest;
use crate::catalogue::authzen_api::AuthzenApi;
use crate::catalogue::decision::{Caveat, Caveats};
use crate::catalogue::error_code::ErrorCode;
use crate::directory::Directory;
use crate::input::error::Error;
use crate::input::path::Path;
use crate::input::shape::member;
use crate::input::value::Value;

use super::options::Options;
use super::request::{Context, Request, RequestReader, RequestedSurface};
use super::response::to_json;
use super::semantic::Semantic;

/// The most evaluations of one request: a response can be far longer than its request.
const MOST: usize = 10_000;

/// The standard's decision.
#[derive(Serialize)]
struct Decision {
    decision: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    context: Option<Explanation>,
}

/// The reason, for hosts that reveal it to callers.
#[derive(Serialize)]
struct Explanation {
    /// The reason of the decision, or the error code if there was no decision.
    reason: &'static str,
    caveats: &'static [Caveat],
}

#[derive(Serialize)]
struct Decisions {
    evaluations: Vec<Decision>,
}

impl Directory {
    pub(super) fn evaluation(&self, request: &Value<'_>, reader: RequestReader<'_>) -> Result<String, Error> {
        let request = reader.request(request, &Path::Root, &Request::REQUIRED)?;
        Ok(to_json(&self.evaluate(&request, reader)))
    }

    /// A batch. A fault in one evaluation denies only that one; a fault outside of them is an error.
    pub(super) fn evaluations(&self, request: &Value<'_>, reader: RequestReader<'_>) -> Result<String, Error> {
        if is_single(request) {
            return self.evaluation(request, RequestReader { api: AuthzenApi::AccessEvaluation, ..reader });
        }
        let whole = reader.request(request, &Path::Root, &[])?;
        let missing = whole.missing();
        let semantic = whole.semantic.unwrap_or(Semantic::ExecuteAll);
        let reader = RequestReader { api: AuthzenApi::AccessEvaluation, ..reader };
        let path = Path::Root.field("evaluations");
        let items = whole.evaluations.unwrap_or_default();
        if items.len() > MOST {
            return Err(Error::new(ErrorCode::LimitExceeded, &path, format_args!("a request has at most {MOST} evaluations")));
        }
        let mut evaluations = Vec::new();
        for (index, item) in items.iter().enumerate() {
            let decision = match reader.request(item, &path.item(index), &missing) {
                Ok(request) => self.evaluate(&request.or(&whole), reader),
                Err(error) => denial(error.code(), reader.options),
            };
            let is_last = semantic.ends_with(decision.decision);
            evaluations.push(decision);
            if is_last {
                break;
            }
        }
        Ok(to_json(&Decisions { evaluations }))
    }

    fn evaluate(&self, request: &Request<'_>, reader: RequestReader<'_>) -> Decision {
        let (principal, action, resource) = request.parts();
        let Context { surface: RequestedSurface::Known(surface), at } = request.context.unwrap_or(reader.default_context()) else {
            return denial(ErrorCode::UnknownSurface, reader.options);
        };
        let action = self.action_or_verb(action, resource.type_name);
        let found = self.check_access(&AccessRequest { surface, ..AccessRequest::new(principal, &action, resource, at) });
        Decision { decision: found.allowed, context: explanation(found.reason.as_str(), found.caveats, reader.options) }
    }
}

/// A batch without evaluations is a single evaluation.
fn is_single(request: &Value<'_>) -> bool {
    let Value::Object(members) = request else { return false };
    match member(members, "evaluations") {
        None | Some(Value::Null) => true,
        Some(Value::List(items)) => items.is_empty(),
        Some(_) => false,
    }
}

/// An invalid evaluation is denied.
fn denial(code: ErrorCode, options: &Options) -> Decision {
    Decision { decision: false, context: explanation(code.as_str(), Caveats::default(), options) }
}

fn explanation(reason: &'static str, caveats: Caveats, options: &Options) -> Option<Explanation> {
    options.reasons.then(|| Explanation { reason, caveats: caveats.as_slice() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::instant::Instant;

    #[test]
    fn the_number_of_evaluations_is_bounded() {
        let directory = Directory::from_json(br#"{"format": "bailiwick/1", "organizations": []}"#).expect("a directory");
        let options = Options { reasons: false, trust_context_time: false, now: Instant::LATEST };
        let answer = |count| {
            let items = (0..count).map(|_| Value::Object(Vec::new())).collect();
            let request = Value::Object(vec![("evaluations".into(), Value::List(items))]);
            directory.answer_authzen(AuthzenApi::AccessEvaluations, &request, &options)
        };
        assert_eq!(answer(MOST).map(|answer| answer.matches("false").count()), Ok(MOST));
        let error = answer(MOST + 1).expect_err("one too many");
        assert_eq!((error.code(), error.path()), (ErrorCode::LimitExceeded, "/evaluations"));
    }
}
