//! Metadata: where a decision point says what it offers.

use serde::{Serialize, Serializer};

use crate::error::{Error, ErrorCode};
use crate::path::Path;

use super::{AuthzenApi, written};

/// The metadata of a decision point at this address, as JSON text: `policy_decision_point`, and an endpoint for each API.
///
/// # Errors
/// `wrong_type` where this is no address of one.
pub(crate) fn metadata(base_url: &str, path: &Path<'_>) -> Result<String, Error> {
    if is_address(base_url) {
        return Ok(written(&Metadata { base_url }));
    }
    let message = "the address of a decision point is `https://` and a host, perhaps with a path, without query and fragment";
    Err(Error::new(ErrorCode::WrongType, path, message))
}

struct Metadata<'u> {
    base_url: &'u str,
}

impl Serialize for Metadata<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let base = self.base_url.trim_end_matches('/');
        let point = ("policy_decision_point".to_owned(), self.base_url.to_owned());
        let endpoint = |api: &AuthzenApi| (format!("{api}_endpoint"), format!("{base}{}", api.path()));
        serializer.collect_map(std::iter::once(point).chain(AuthzenApi::ALL.iter().map(endpoint)))
    }
}

/// The standard wants `https`; without it, only a host that is the machine itself, for trying things out.
fn is_address(url: &str) -> bool {
    let is_plain = url.bytes().all(|byte| byte.is_ascii_graphic() && !b"?#@\\\"<>^`{|}".contains(&byte));
    let host = |rest: &str| rest.split('/').next().unwrap_or_default().to_owned();
    let is_loopback = |authority: &str| {
        let name = authority.rsplit_once(':').filter(|(_, port)| port.bytes().all(|byte| byte.is_ascii_digit()));
        matches!(name.map_or(authority, |(name, _)| name), "localhost" | "127.0.0.1" | "[::1]")
    };
    is_plain
        && match (url.strip_prefix("https://"), url.strip_prefix("http://")) {
            (Some(rest), _) => !host(rest).is_empty(),
            (None, Some(rest)) => is_loopback(&host(rest)),
            (None, None) => false,
        }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_a_scheme_a_host_and_no_more_than_a_path() {
        for good in [
            "https://pdp.example.com",
            "https://pdp.example.com/",
            "https://h:8443/a/b",
            "http://localhost:1",
            "http://127.0.0.1",
            "http://[::1]:8/x",
        ] {
            assert!(is_address(good), "{good}");
        }
        for bad in [
            "",
            "https://",
            "https:///x",
            "http://pdp.example.com",
            "http://localhost.example.com",
            "http://127.0.0.1.example.com",
            "ftp://h",
            "pdp",
            "https://h?q",
            "https://h/#f",
            "https://u@h",
            "http://localhost:1@h",
            "https://h/ x",
            "https://é",
        ] {
            assert!(!is_address(bad), "{bad}");
        }
    }
}
