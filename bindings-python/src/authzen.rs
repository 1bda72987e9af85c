//! The AuthZEN Authorization API: takes a request, returns the text of the response.

use bailiwick::boundary;
use pyo3::prelude::*;

use crate::clock::now;
use crate::engine::Bailiwick;
use crate::error::answer;
use crate::value::{json_of, value_of};

#[pymethods]
impl Bailiwick {
    /// Answer a request of the OpenID AuthZEN Authorization API 1.0 with the JSON text of the response. It works with any transport.
    ///
    /// `api` is access_evaluation, access_evaluations, search_subject, search_resource or search_action; `request` is a dict, or its JSON
    /// as str or bytes. With `reasons`, decisions include the reason, which can reveal what exists. With `trust_context_time`, the request's
    /// `context.time` is the time that counts, so the sender could use an expired key; otherwise `at` is, by default now.
    /// Raises BailiwickError for a request that the standard answers with 400: `invalid_json`, `missing_field`, `wrong_type`, `invalid_timestamp`,
    /// `limit_exceeded`, `cursor_invalid`, `cursor_mismatch`.
    ///
    /// >>> subject, resource = {"type": "user", "id": "usr_bob"}, {"type": "project", "id": "prj_a"}
    /// >>> guard.authzen("access_evaluation", {"subject": subject, "action": {"name": "file.read"}, "resource": resource})
    /// '{"decision":true}'
    #[pyo3(signature = (api, request, *, reasons=None, trust_context_time=None, at=None))]
    fn authzen(
        &self,
        py: Python<'_>,
        api: &Bound<'_, PyAny>,
        request: &Bound<'_, PyAny>,
        reasons: Option<&Bound<'_, PyAny>>,
        trust_context_time: Option<&Bound<'_, PyAny>>,
        at: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<String> {
        let options = [("reasons", reasons), ("trust_context_time", trust_context_time), ("at", at)];
        let (api, options, now) = (value_of(api), crate::request::request(&[], &options), now()?);
        if let Some(text) = json_of(request) {
            return self.ask(py, |directory| boundary::authzen(directory, &api, text, &options, now));
        }
        let request = value_of(request);
        self.ask(py, |directory| boundary::authzen(directory, &api, &request, &options, now))
    }
}

/// The metadata of an AuthZEN decision point at an address, as JSON text.
///
/// An address is `https://` and a host, optionally with a path; `http://` only for loopback. Raises BailiwickError `wrong_type` for any other.
///
/// >>> import json
/// >>> json.loads(authzen_metadata("https://pdp.example.com"))["access_evaluation_endpoint"]
/// 'https://pdp.example.com/access/v1/evaluation'
#[pyfunction]
pub(crate) fn authzen_metadata(py: Python<'_>, base_url: &Bound<'_, PyAny>) -> PyResult<String> {
    answer(py, || boundary::authzen_metadata(&value_of(base_url)))
}
