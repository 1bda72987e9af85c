//! Answers requests of the AuthZEN API: a request in, a response out, without a transport.

use crate::catalogue::authzen_api::AuthzenApi;
use crate::directory::Directory;
use crate::input::error::Error;
use crate::input::value::Value;

use super::options::Options;
use super::request::RequestReader;

impl Directory {
    /// The response to a request, as JSON text.
    ///
    /// # Errors
    /// The errors that the standard answers with 400: `missing_field`, `wrong_type`, `invalid_timestamp`, `limit_exceeded`,
    /// `cursor_invalid`, `cursor_mismatch`.
    pub(crate) fn answer_authzen(&self, api: AuthzenApi, request: &Value<'_>, options: &Options) -> Result<String, Error> {
        let reader = RequestReader { directory: self, options, api };
        match api {
            AuthzenApi::AccessEvaluation => self.evaluation(request, reader),
            AuthzenApi::AccessEvaluations => self.evaluations(request, reader),
            AuthzenApi::SearchSubject | AuthzenApi::SearchResource | AuthzenApi::SearchAction => self.search(request, reader),
        }
    }
}
