//! Metadata: the addresses of a decision point's APIs.

use serde::{Serialize, Serializer};

use crate::catalogue::error_code::ErrorCode;
use crate::input::error::Error;
use crate::input::path::Path;

use crate::catalogue::authzen_api::AuthzenApi;

use super::response::to_json;

/// The metadata of a decision point at this address, as JSON text: `policy_decision_point`, and an endpoint for each API.
///
/// # Errors
/// `wrong_type` if this is not the address of a decision point.
pub(crate) fn metadata(base_url: &str, path: &Path<'_>) -> Result<String, Error> {
    if is_address(base_url) {
        return Ok(to_json(&Metadata { base_url }));
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

/// The standard requires `https`; `http` is allowed only for the local machine, for development.
fn is_address(url: &str) -> bool {
    let is_plain = url.bytes().all(|byte| byte.is_ascii_graphic() && !b"?#@\\\"<>^`{|}".contains(&byte));
    let host = |rest: &'_ str| host_of(rest.split('/').next().unwrap_or_default()).map(str::to_owned);
    is_plain
        && match (url.strip_prefix("https://"), url.strip_prefix("http://")) {
            (Some(rest), _) => host(rest).is_some(),
            (None, Some(rest)) => host(rest).is_some_and(|host| matches!(host.as_str(), "localhost" | "127.0.0.1" | "[::1]")),
            (None, None) => false,
        }
}

/// The host of an authority: a name or an address (in brackets if it is IPv6), possibly followed by a port.
fn host_of(authority: &str) -> Option<&str> {
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => {
            (host, Some(port).filter(|port| !port.starts_with('+')).and_then(|port| port.parse().ok()))
        }
        _ => (authority, Some(0_u16)),
    };
    let is_host = match host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        Some(address) => is_version_6(address),
        None => is_name(host),
    };
    port.filter(|_| is_host).map(|_| host)
}

/// A host name or an IPv4 address: a name whose last part is a number must be one. (The address parser of the standard library would add a
/// hundredth to the WebAssembly module.)
fn is_name(host: &str) -> bool {
    let is_plain = host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte));
    let last = host.trim_end_matches('.').rsplit('.').next().unwrap_or_default();
    let is_number = last.bytes().all(|byte| byte.is_ascii_digit()) || last.starts_with("0x");
    let is_part = |part: &str| part.parse::<u8>().is_ok_and(|number| number.to_string() == part);
    is_plain && (!is_number || (host.split('.').count() == 4 && host.split('.').all(is_part)))
}

/// An IPv6 address: eight groups of hexadecimal digits, or fewer with `::`.
fn is_version_6(address: &str) -> bool {
    let is_group = |group: &str| (1..=4).contains(&group.len()) && group.bytes().all(|byte| byte.is_ascii_hexdigit());
    let groups = |half: &str| match half {
        "" => Some(0),
        half => half.split(':').all(is_group).then(|| half.split(':').count()),
    };
    match address.split_once("::") {
        Some((before, after)) => groups(before).zip(groups(after)).is_some_and(|(before, after)| before.saturating_add(after) < 8),
        None => groups(address) == Some(8),
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
            "https://3d",
            "https://1.2.3.4:5",
            "https://[2001:db8::1]/x",
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
            "https://h:x",
            "https://h:1:2",
            "https://h:",
            "https://[::1",
            "https://[]",
            "https://[x]",
            "http://[::1]x",
            "https://h:+1",
            "https://h:99999",
            "https://h%zz",
            "https://[::::]",
            "https://[1:2]/",
            "https://1.2.3.4.5",
            "https://1.2.3.400",
            "https://0x7f.1",
            "https://.",
            "http://localhost:1@h",
            "https://h/ x",
            "https://é",
        ] {
            assert!(!is_address(bad), "{bad}");
        }
    }
}
