//! The shared parts of a file of cases: the instant of requests, and members of answers.

use serde_json::Value as Json;

/// A request, or each of a list, with the file's `at` if it has none.
pub(crate) fn with_default_at(input: &Json, at: Option<&Json>) -> Json {
    let mut input = input.clone();
    let requests = match &mut input {
        Json::Array(items) => items.iter_mut().collect(),
        one => vec![one],
    };
    for request in requests {
        if let (Json::Object(request), Some(at)) = (request, at) {
            request.entry("at").or_insert_with(|| at.clone());
        }
    }
    input
}

/// The expected answer, with the members that all answers of the file share.
pub(crate) fn wanted(file: &Json, case: &Json) -> Json {
    let merged = |answer: &Json| match (file.get("answer"), answer) {
        (Some(Json::Object(shared)), Json::Object(own)) => {
            let mut all = shared.clone();
            all.extend(own.clone());
            Json::Object(all)
        }
        _ => answer.clone(),
    };
    match (case.get("error"), &case["answer"]) {
        (Some(error), _) => error.clone(),
        (None, answer) if ["load", "to_directory", "steps"].iter().any(|call| case["call"] == *call) => answer.clone(),
        (None, Json::Array(answers)) => answers.iter().map(merged).collect(),
        (None, answer) => merged(answer),
    }
}
