//! The calls of insight that name documents. `tests/README.md` describes them.

use std::path::Path;

use bailiwick::boundary;
use bailiwick::{Directory, Error, Instant};
use serde_json::{Value as Json, json};

use crate::documents::{named, value, written};

/// The answer of one call as JSON text; none if there is no such call.
pub(crate) fn call(root: &Path, directory: &Directory, name: &str, input: &Json) -> Option<Result<String, Error>> {
    let now = Instant::LATEST;
    let policy = |field: &str| named(root, "policies", &input[field]).expect("a policy");
    let options =
        |names: &[&str]| Json::Object(names.iter().filter_map(|name| Some(((*name).to_owned(), input.get(name)?.clone()))).collect());
    let under = |policy: &Json| boundary::with_policy(directory, &value(policy), &value(&options(&["renames"])));
    Some(match name {
        "impact" => other(root, input, under)
            .and_then(|other| boundary::impact(directory, &other, &value(&options(&["at", "limit", "cursor"])), now))
            .map(|impact| written(&impact)),
        "with_policy" => under(&policy("policy"))
            .map(|other| json!({"policy": other.policy_id(), "revision": other.revision(), "state": boundary::state(&other)}).to_string()),
        "review" => boundary::review(directory, &value(input), now).map(|rows| written(&rows)),
        "findings" => boundary::findings(directory, &value(input), now).map(|findings| written(&findings)),
        "policy_document" => Ok(boundary::policy_document(directory).as_str().to_owned()),
        "built_in_policy" => boundary::built_in_policy(&value(&input["id"])).map(|document| document.as_str().to_owned()),
        "analyse_policy" => boundary::analyse_policy(&value(&policy("policy"))).map(|analysis| written(&analysis)),
        _ => return None,
    })
}

/// The state that an impact leads to: another document, or the same directory under another policy.
fn other(root: &Path, input: &Json, under: impl Fn(&Json) -> Result<Directory, Error>) -> Result<Directory, Error> {
    match input.get("document") {
        Some(document) => {
            let document = named(root, "directories", document).expect("a directory");
            boundary::load_directory(&value(&document), None, None)
        }
        None => under(&named(root, "policies", &input["with_policy"]).expect("a policy")),
    }
}
