//! The calls of the OpenID AuthZEN Authorization API 1.0.

use super::code::codes;

codes! {
    /// The five calls of the standard, named by their metadata parameters without the suffix `_endpoint`.
    pub enum AuthzenApi {
        /// May this subject do this action on this resource?
        AccessEvaluation = "access_evaluation",
        /// Several such questions in one request.
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
    /// The path of the call below the address of the decision point.
    pub(crate) const fn path(self) -> &'static str {
        match self {
            Self::AccessEvaluation => "/access/v1/evaluation",
            Self::AccessEvaluations => "/access/v1/evaluations",
            Self::SearchSubject => "/access/v1/search/subject",
            Self::SearchResource => "/access/v1/search/resource",
            Self::SearchAction => "/access/v1/search/action",
        }
    }
}
