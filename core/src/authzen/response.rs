//! Responses, as JSON text.

pub(super) fn to_json(response: &impl serde::Serialize) -> String {
    // INVARIANT: responses are objects of strings, numbers and lists, which JSON always holds.
    serde_json::to_string(response).unwrap_or_default()
}
