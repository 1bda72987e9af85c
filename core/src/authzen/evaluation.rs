//! Access evaluation: one question, or several with common defaults.

use serde::Serialize;

use crate::access::AccessRequest;
use crate::decision::{Caveat, Caveats};
use crate::directory::Directory;
use crate::error::{Error, ErrorCode};
use crate::path::Path;
use crate::shape::{list_items, missing_field, object, optional, word};
use crate::value::Value;

use super::request::{Asked, Context, Parts};
use super::{Terms, written};

/// When a batch ends.
#[derive(Clone, Copy)]
enum Semantic {
    /// Never before its end.
    ExecuteAll,
    /// With the first denial.
    DenyOnFirstDeny,
    /// With the first permission.
    PermitOnFirstPermit,
}

impl Semantic {
    const ALL: [Self; 3] = [Self::ExecuteAll, Self::DenyOnFirstDeny, Self::PermitOnFirstPermit];

    const fn as_str(self) -> &'static str {
        match self {
            Self::ExecuteAll => "execute_all",
            Self::DenyOnFirstDeny => "deny_on_first_deny",
            Self::PermitOnFirstPermit => "permit_on_first_permit",
        }
    }

    /// Whether a batch ends with a decision like this.
    const fn ends_with(self, decision: bool) -> bool {
        match self {
            Self::ExecuteAll => false,
            Self::DenyOnFirstDeny => !decision,
            Self::PermitOnFirstPermit => decision,
        }
    }
}

/// The standard's decision.
#[derive(Serialize)]
struct Decision {
    decision: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    context: Option<Explanation>,
}

/// Why, for hosts that let their callers know.
#[derive(Serialize)]
struct Explanation {
    /// The reason of the decision or, where there was nothing to decide, the code of the error.
    reason: &'static str,
    caveats: &'static [Caveat],
}

#[derive(Serialize)]
struct Decisions {
    evaluations: Vec<Decision>,
}

impl Directory {
    pub(super) fn evaluation(&self, request: &Value<'_>, terms: &Terms) -> Result<String, Error> {
        let members = object(request, &Path::Root, &Parts::default().lacking())?;
        let parts = Parts::read(members, &Path::Root, self, terms)?;
        Ok(written(&self.evaluate(&parts, &Path::Root, terms)?))
    }

    /// A batch. What is wrong within one evaluation denies that one alone; what is wrong with the whole is an error.
    pub(super) fn evaluations(&self, request: &Value<'_>, terms: &Terms) -> Result<String, Error> {
        let members = object(request, &Path::Root, &[])?;
        let items = optional(members, "evaluations", &Path::Root, list_items)?.unwrap_or_default();
        if items.is_empty() {
            return self.evaluation(request, terms);
        }
        let semantic = optional(members, "options", &Path::Root, semantic)?.flatten().unwrap_or(Semantic::ExecuteAll);
        let defaults = Parts::read(members, &Path::Root, self, terms)?;
        let lacking = defaults.lacking();
        let path = Path::Root.field("evaluations");
        let mut evaluations = Vec::new();
        for (index, item) in items.iter().enumerate() {
            let path = path.item(index);
            let parts = object(item, &path, &lacking).and_then(|members| Parts::read(members, &path, self, terms));
            let decision = parts.and_then(|parts| self.evaluate(&parts.or(&defaults), &path, terms));
            let decision = decision.unwrap_or_else(|error| denial(error.code(), terms));
            let is_last = semantic.ends_with(decision.decision);
            evaluations.push(decision);
            if is_last {
                break;
            }
        }
        Ok(written(&Decisions { evaluations }))
    }

    fn evaluate(&self, parts: &Parts<'_>, path: &Path<'_>, terms: &Terms) -> Result<Decision, Error> {
        let principal = parts.subject.ok_or_else(|| missing_field("subject", path))?;
        let action = parts.action.ok_or_else(|| missing_field("action", path))?;
        let resource = parts.resource.ok_or_else(|| missing_field("resource", path))?;
        let (surface, at) = match parts.context {
            Some(Context { surface: Asked::Unknown, .. }) => return Ok(denial(ErrorCode::UnknownSurface, terms)),
            Some(Context { surface: Asked::Known(surface), at }) => (surface, at),
            None => (None, terms.now),
        };
        let found = self.check_access(&AccessRequest { surface, ..AccessRequest::new(principal, action, resource, at) });
        Ok(Decision { decision: found.allowed, context: explanation(found.reason.as_str(), found.caveats, terms) })
    }
}

fn semantic(options: &Value<'_>, path: &Path<'_>) -> Result<Option<Semantic>, Error> {
    let read = |value: &Value<'_>, path: &Path<'_>| word(value, path, &Semantic::ALL, Semantic::as_str);
    optional(object(options, path, &[])?, "evaluations_semantic", path, read)
}

/// Where there is nothing to decide, the answer is no.
fn denial(code: ErrorCode, terms: &Terms) -> Decision {
    Decision { decision: false, context: explanation(code.as_str(), Caveats::default(), terms) }
}

fn explanation(reason: &'static str, caveats: Caveats, terms: &Terms) -> Option<Explanation> {
    terms.reasons.then(|| Explanation { reason, caveats: caveats.as_slice() })
}
