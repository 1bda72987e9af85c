//! Differences of two JSON documents, which a runner shows for a case that fails.

use serde_json::Value as Json;

/// A line for each member that differs: its JSON pointer, what is expected and what was found.
pub(crate) fn differences(expected: &Json, found: &Json) -> Vec<String> {
    let mut lines = Vec::new();
    compare(Some(expected), Some(found), "", &mut lines);
    lines
}

fn compare(expected: Option<&Json>, found: Option<&Json>, pointer: &str, lines: &mut Vec<String>) {
    match (expected, found) {
        (Some(Json::Object(one)), Some(Json::Object(other))) => {
            for name in one.keys().chain(other.keys().filter(|name| !one.contains_key(*name))) {
                let token = name.replace('~', "~0").replace('/', "~1");
                compare(one.get(name), other.get(name), &format!("{pointer}/{token}"), lines);
            }
        }
        (Some(Json::Array(one)), Some(Json::Array(other))) => {
            for index in 0..one.len().max(other.len()) {
                compare(one.get(index), other.get(index), &format!("{pointer}/{index}"), lines);
            }
        }
        _ if expected == found => {}
        _ => {
            let [expected, found] = [expected, found].map(|value| value.map_or("nothing".to_owned(), Json::to_string));
            let place = if pointer.is_empty() { "the answer" } else { pointer };
            lines.push(format!("{place}: expected {expected}, got {found}"));
        }
    }
}
