//! Parts: the members of a request that are read. The standard ignores all others.

use crate::input::json::Selection::{self, Items, Members, Whole};

use crate::catalogue::authzen_api::AuthzenApi;

type Member = (&'static str, &'static Selection);

const SUBJECT: Member = ("subject", &Members(&[("type", &Whole), ("id", &Whole)]));
const SUBJECT_TYPE: Member = ("subject", &Members(&[("type", &Whole)]));
const ACTION: Member = ("action", &Members(&[("name", &Whole)]));
const RESOURCE: Member = ("resource", &Members(&[("type", &Whole), ("id", &Whole)]));
const RESOURCE_TYPE: Member = ("resource", &Members(&[("type", &Whole)]));
const CONTEXT: Member = ("context", &Members(&[("surface", &Whole)]));
const TIMED_CONTEXT: Member = ("context", &Members(&[("surface", &Whole), ("time", &Whole)]));
const PAGE: Member = ("page", &Members(&[("limit", &Whole), ("token", &Whole)]));
const OPTIONS: Member = ("options", &Members(&[("evaluations_semantic", &Whole)]));

/// The members of a request that are read, with or without the time of the context.
macro_rules! parts {
    ($context:expr, $api:expr) => {
        match $api {
            AuthzenApi::AccessEvaluation => &Members(&[SUBJECT, ACTION, RESOURCE, $context]),
            AuthzenApi::AccessEvaluations => &Members(&[
                SUBJECT,
                ACTION,
                RESOURCE,
                $context,
                OPTIONS,
                ("evaluations", &Items(&Members(&[SUBJECT, ACTION, RESOURCE, $context]))),
            ]),
            AuthzenApi::SearchSubject => &Members(&[SUBJECT_TYPE, ACTION, RESOURCE, $context, PAGE]),
            AuthzenApi::SearchResource => &Members(&[SUBJECT, ACTION, RESOURCE_TYPE, $context, PAGE]),
            AuthzenApi::SearchAction => &Members(&[SUBJECT, RESOURCE, $context, PAGE]),
        }
    };
}

/// The members that are read in a request to this API.
pub(crate) fn parts(api: AuthzenApi, is_time_trusted: bool) -> &'static Selection {
    if is_time_trusted { parts!(TIMED_CONTEXT, api) } else { parts!(CONTEXT, api) }
}
