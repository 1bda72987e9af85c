//! API keys as bearer tokens.

use std::borrow::Cow;

use bailiwick::{Value, boundary};
use pyo3::prelude::*;

use crate::answer::{construct, parse_json, to_json};
use crate::engine::Bailiwick;
use crate::error::answer;
use crate::random::secret_bytes;
use crate::request::request;
use crate::value::{text_of, value_of};

#[pymethods]
impl Bailiwick {
    /// Find the API key that has this secret: a reference (a dict), or None. It finds revoked and expired keys too; check_access denies them.
    ///
    /// Raises BailiwickError `wrong_type` if `secret` is not a str.
    ///
    /// >>> secret, digest = new_api_key()
    /// >>> change = {"type": "create_api_key", "project": "prj_a", "key": "key_new", "digest": digest}
    /// >>> guard.apply(change), guard.authenticate(secret), guard.authenticate("a guess")
    /// (1, {'type': 'api_key', 'id': 'key_new'}, None)
    fn authenticate<'py>(&self, py: Python<'py>, secret: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        // Text of any length has an answer, so it is not copied.
        let secret = text_of(secret).map_or_else(|| value_of(secret), |text| Value::Text(Cow::Borrowed(text)));
        let found = self.ask(py, |directory| Ok(to_json(&boundary::authenticate(directory, &secret)?)))?;
        parse_json(py, &found)
    }

    /// Find an API key by its digest, for platforms that compute their own (with a salt, or an HMAC). The directory then holds the 32 bytes that they
    /// compute, written as `sha256:` and 64 hexadecimal digits.
    ///
    /// Raises BailiwickError `invalid_digest`, and `wrong_type` if `digest` is not a str.
    ///
    /// >>> import hashlib, hmac
    /// >>> digest = "sha256:" + hmac.digest(b"pepper", b"a secret", hashlib.sha256).hex()
    /// >>> guard.apply({"type": "create_api_key", "project": "prj_a", "key": "key_hmac", "digest": digest})
    /// 1
    /// >>> guard.authenticate_digest(digest), guard.authenticate("a secret")
    /// ({'type': 'api_key', 'id': 'key_hmac'}, None)
    fn authenticate_digest<'py>(&self, py: Python<'py>, digest: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let digest = value_of(digest);
        let found = self.ask(py, |directory| Ok(to_json(&boundary::authenticate_digest(directory, &digest)?)))?;
        parse_json(py, &found)
    }
}

/// Create a secret for a new API key, and its digest. Show the secret once; `create_api_key` takes the digest.
///
/// A secret is the prefix (1 to 32 of `a` to `z`, `0` to `9` and, inside, `-` and `_`), `_`, 43 base62 digits of 256 random bits, and a checksum.
/// Raises BailiwickError `wrong_type` for another prefix.
///
/// >>> made = new_api_key("acme")
/// >>> made.secret[:5], made.digest[:7], len(made.digest)
/// ('acme_', 'sha256:', 71)
#[pyfunction]
#[pyo3(signature = (prefix=None))]
pub(crate) fn new_api_key<'py>(py: Python<'py>, prefix: Option<&Bound<'py, PyAny>>) -> PyResult<Bound<'py, PyAny>> {
    let random = secret_bytes(py)?;
    let key = answer(py, || boundary::new_api_key(&request(&[], &[("prefix", prefix)]), random))?;
    construct(py, "ApiKeySecret", (key.secret, key.digest))
}
