//! Bytes as a request to each AuthZEN API. Every response is JSON, and every search result is permitted.
#![no_main]

use std::sync::LazyLock;

use bailiwick::{AuthzenApi, Directory, Error, boundary};
use bailiwick_fuzz::{NOW, example, mutate, value};
use libfuzzer_sys::{fuzz_mutator, fuzz_target};
use serde_json::{Value as Json, json};

static DIRECTORY: LazyLock<Directory> = LazyLock::new(example);

fn answer(api: AuthzenApi, text: &[u8]) -> Result<Json, Error> {
    let (api, options) = (json!(api.as_str()), json!({ "reasons": true, "trust_context_time": true }));
    let answer = boundary::authzen(&DIRECTORY, &value(&api), text, &value(&options), NOW)?;
    Ok(serde_json::from_str(&answer).expect("an answer is JSON"))
}

fuzz_target!(|text: &[u8]| {
    let _ = boundary::authzen_metadata(&value(&json!(String::from_utf8_lossy(text))));
    let batch = answer(AuthzenApi::AccessEvaluations, text);
    if let Ok(one) = answer(AuthzenApi::AccessEvaluation, text)
        && let Ok(batch) = batch
    {
        assert!(batch.get("evaluations").is_some_and(Json::is_array) || batch == one);
    }
    let Ok(request) = serde_json::from_slice::<Json>(text) else { return };
    for (api, part) in
        [(AuthzenApi::SearchSubject, "subject"), (AuthzenApi::SearchResource, "resource"), (AuthzenApi::SearchAction, "action")]
    {
        let found = answer(api, text).map_or(Json::Null, |found| found["results"].clone());
        for entity in found.as_array().into_iter().flatten() {
            let mut question = request.clone();
            question[part] = entity.clone();
            let decision = answer(AuthzenApi::AccessEvaluation, question.to_string().as_bytes()).expect("a question");
            assert_eq!(decision["decision"], true, "{question}");
        }
    }
});

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| { mutate::json(data, size, max_size, seed) });
