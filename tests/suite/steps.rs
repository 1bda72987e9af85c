//! Sequences of steps on one directory, and single calls. `tests/README.md` describes the steps.

use std::collections::HashMap;
use std::path::Path;

use bailiwick::boundary::{self, Bytes, BytesList, VerifyingKeys};
use bailiwick::{Directory, Error, Instant, Preview, Quarantined, Value};
use serde_json::{Value as Json, json};

use crate::documents::{self, value, written};
use crate::insight;
use crate::shared::with_default_at;

/// One directory, the bytes that it has written, and its last cursor.
pub(crate) struct Sequence<'d> {
    root: &'d Path,
    directory: &'d mut Directory,
    written: HashMap<String, Vec<u8>>,
    cursor: Json,
    at: Option<&'d Json>,
}

/// The answer of one call as JSON text.
pub(crate) fn call(directory: &Directory, name: &str, input: &Json) -> Result<String, Error> {
    let now = Instant::LATEST;
    if name == "authzen" {
        return authzen(directory, input);
    }
    let input = &value(input);
    match name {
        "check_access" => boundary::check_access(directory, input, now).map(|answer| written(&answer)),
        "is_allowed" => boundary::is_allowed(directory, input, now).map(|answer| written(&answer)),
        "check_many" => boundary::check_many(directory, input, now).map(|answer| written(&answer)),
        "attribute" => boundary::attribute(directory, input, now).map(|answer| written(&answer)),
        "attribute_many" => boundary::attribute_many(directory, input, now).map(|answer| written(&answer.rows)),
        "list_projects" => boundary::list_projects(directory, input, now).map(|page| written(&page)),
        "list_resources" => boundary::list_resources(directory, input, now).map(|page| written(&page)),
        "list_principals" => boundary::list_principals(directory, input, now).map(|page| written(&page)),
        "list_actions" => boundary::list_actions(directory, input, now).map(|page| written(&page)),
        "explain" => boundary::explain(&mut directory.clone(), input, now).map(|answer| written(&answer)),
        "explain_usage" => boundary::explain_usage(&mut directory.clone(), input, now).map(|answer| written(&answer)),
        "rule" => rule(directory, input, now),
        "is_stale" => boundary::is_stale(directory, input, now).map(|answer| written(&answer)),
        "authenticate" => boundary::authenticate(directory, input).map(|key| written(&key)),
        "authenticate_digest" => boundary::authenticate_digest(directory, input).map(|key| written(&key)),
        "authzen_metadata" => boundary::authzen_metadata(input),
        other => panic!("there is no call `{other}`"),
    }
}

/// What an explanation says of the rules alone: what is decided or booked, and the id of the rule. A usage has a kind.
fn rule(directory: &Directory, input: &Value<'_>, now: Instant) -> Result<String, Error> {
    let mut directory = directory.clone();
    if matches!(input, Value::Object(fields) if fields.iter().any(|(name, _)| name == "kind")) {
        let told = boundary::explain_usage(&mut directory, input, now)?;
        return Ok(json!({"attribution": told.attribution, "rule": told.rule}).to_string());
    }
    let told = boundary::explain(&mut directory, input, now)?;
    Ok(json!({"decision": told.decision, "rule": told.rule}).to_string())
}

/// An AuthZEN request as it is in the case: as text, or as a document, which gives the same answer as its text.
fn authzen(directory: &Directory, input: &Json) -> Result<String, Error> {
    let mut options = input.as_object().cloned().expect("an input with an api");
    let [api, request, text] = ["api", "request", "text"].map(|name| options.shift_remove(name));
    let (api, options) = (api.unwrap_or_default(), Json::Object(options));
    let as_text = |text: &str| boundary::authzen(directory, &value(&api), text.as_bytes(), &value(&options), Instant::LATEST);
    if let Some(text) = text {
        return as_text(text.as_str().expect("a text"));
    }
    let request = request.unwrap_or_default();
    let answer = boundary::authzen(directory, &value(&api), &value(&request), &value(&options), Instant::LATEST);
    let fault = |error: &Error| (error.code(), error.path().to_owned());
    assert_eq!(answer.as_ref().map_err(fault), as_text(&request.to_string()).as_ref().map_err(fault), "{request}");
    assert!(!answer.as_ref().is_ok_and(|text| text.contains(r#""page":"#) && !text.starts_with(r#"{"page":{"#)), "a page comes first");
    answer
}

impl<'d> Sequence<'d> {
    pub(crate) fn new(root: &'d Path, directory: &'d mut Directory, at: Option<&'d Json>) -> Self {
        Self { root, directory, written: HashMap::new(), cursor: Json::Null, at }
    }

    /// The outcomes of all steps, as the text of a JSON list.
    pub(crate) fn run(&mut self, steps: &Json) -> String {
        let outcomes: Vec<_> = steps.as_array().expect("a case has steps").iter().map(|step| self.outcome(step)).collect();
        format!("[{}]", outcomes.join(","))
    }

    fn outcome(&mut self, step: &Json) -> String {
        self.step(step).unwrap_or_else(|error| {
            if std::env::var("SHOW").is_ok() {
                eprintln!("MSG {} {}", step["do"], error.message());
            }
            let mut fault = json!({"code": error.code().as_str(), "path": error.path()});
            if let Some(decision) = error.decision() {
                fault["decision"] = serde_json::to_value(decision).expect("a decision is JSON");
            }
            json!({"error": fault}).to_string()
        })
    }

    fn step(&mut self, step: &Json) -> Result<String, Error> {
        let now = Instant::LATEST;
        let text = |name: &str| step[name].as_str().unwrap_or_default();
        let key = |name: &str| step.get(name).and_then(Json::as_str).map(unhex);
        let options =
            |names: &[&str]| Json::Object(names.iter().filter_map(|name| Some(((*name).to_owned(), step.get(name)?.clone()))).collect());
        let name = text("do");
        match name {
            "apply" | "apply_many" | "preview" => {
                let terms = with_default_at(&options(&["actor", "at", "expected_revision"]), self.at);
                let changes = step.get("changes").unwrap_or(&step["change"]);
                let (changes, terms) = (value(changes), value(&terms));
                let revision = match name {
                    "apply" => boundary::apply(self.directory, &changes, &terms, now)?,
                    "apply_many" => boundary::apply_many(self.directory, &changes, &terms, now)?,
                    _ => return boundary::preview(self.directory, &changes, &terms, now).map(|preview| previewed(&preview, step)),
                };
                Ok(json!({"revision": revision}).to_string())
            }
            "reconcile" => {
                let document = documents::named(self.root, "directories", &step["document"]).expect("the document of a step");
                let options = options(&["dry_run", "quarantine"]);
                let done = boundary::reconcile(self.directory, &value(&document), &value(&options), now)?;
                let answer = json!({"revision": done.revision, "changes": done.changes.len()});
                Ok(if step["quarantine"] == true { with_quarantined(answer, self.directory) } else { answer }.to_string())
            }
            "to_directory" => Ok(written(&self.directory.to_document())),
            "to_snapshot" => {
                let options = options(&["issued_at", "max_age_seconds", "digests", "organizations"]);
                let bytes = boundary::to_snapshot(self.directory, &value(&options), bytes(key("signing_key").as_deref()))?;
                Ok(self.keep(text("as"), bytes))
            }
            "from_snapshot" => {
                let snapshot = self.written.get(text("from")).map_or(Bytes::Absent, |bytes| Bytes::Given(bytes));
                let (options, keys) = (options(&["at"]), PublicKeys::of(step));
                *self.directory = boundary::directory_from_snapshot(snapshot, &value(&options), &keys.as_keys(), None, now)?;
                let directory = &self.directory;
                Ok(json!({"revision": directory.revision(), "policy": directory.policy_id(), "issued_at": directory.issued_at()})
                    .to_string())
            }
            "to_delta" => {
                let options = options(&["issued_at", "max_age_seconds"]);
                let key = key("signing_key");
                let bytes = boundary::to_delta(self.directory, &value(&step["since"]), &value(&options), bytes(key.as_deref()))?;
                Ok(self.keep(text("as"), bytes))
            }
            "apply_delta" => {
                let delta = self.written.get(text("from")).map_or(Bytes::Absent, |bytes| Bytes::Given(bytes));
                let (options, keys) = (options(&["at"]), PublicKeys::of(step));
                let revision = boundary::apply_delta(self.directory, delta, &value(&options), &keys.as_keys(), now)?;
                Ok(json!({"revision": revision}).to_string())
            }
            "edit" => {
                let edited = edited(self.written[text("from")].clone(), step);
                self.keep(text("as"), edited);
                Ok("null".to_owned())
            }
            "same" => Ok((self.written[step["names"][0].as_str().unwrap_or_default()]
                == self.written[step["names"][1].as_str().unwrap_or_default()])
            .to_string()),
            call => self.ask(call, &step["input"]),
        }
    }

    fn ask(&mut self, name: &str, input: &Json) -> Result<String, Error> {
        let mut input = with_default_at(input, self.at.filter(|_| !name.starts_with("authenticate")));
        if input.get("cursor").is_some_and(|cursor| cursor == "next") {
            input["cursor"] = self.cursor.clone();
        }
        if let Some(token) = input.pointer_mut("/request/page/token").filter(|token| *token == "next") {
            *token = self.cursor.clone();
        }
        let answer = insight::call(self.root, self.directory, name, &input).unwrap_or_else(|| call(self.directory, name, &input))?;
        if name.starts_with("list_") || name == "impact" {
            self.cursor = serde_json::from_str::<Json>(&answer).expect("an answer is JSON")["next_cursor"].clone();
        } else if let Some(token) = serde_json::from_str::<Json>(&answer).expect("an answer is JSON").pointer("/page/next_token") {
            self.cursor = token.clone();
        }
        Ok(answer)
    }

    /// Keeps bytes under a name. They are compared between the targets too.
    fn keep(&mut self, name: &str, bytes: Vec<u8>) -> String {
        let text = json!({"bytes": hex(&bytes)}).to_string();
        self.written.insert(name.to_owned(), bytes);
        text
    }
}

/// The public keys of a step, in hexadecimal digits: one, or several.
struct PublicKeys {
    one: Option<Vec<u8>>,
    several: Option<Vec<Vec<u8>>>,
}

impl PublicKeys {
    fn of(step: &Json) -> Self {
        let several = step.get("public_keys").and_then(Json::as_array);
        Self {
            one: step.get("public_key").and_then(Json::as_str).map(unhex),
            several: several.map(|keys| keys.iter().map(|key| unhex(key.as_str().unwrap_or_default())).collect()),
        }
    }

    fn as_keys(&self) -> VerifyingKeys<'_> {
        let several = self.several.as_ref().map(|keys| keys.iter().map(|key| Bytes::Given(key)).collect());
        VerifyingKeys { one: bytes(self.one.as_deref()), several: several.map_or(BytesList::Absent, BytesList::Given) }
    }
}

/// An answer with what is left out, if the directory was loaded so. Messages are not contract.
pub(crate) fn with_quarantined(mut answer: Json, directory: &Directory) -> Json {
    if let Some(quarantined) = directory.quarantined() {
        let entry = |left_out: &Quarantined| json!({"organization": left_out.organization(), "code": left_out.fault().code().as_str(), "path": left_out.fault().path()});
        answer["quarantined"] = quarantined.iter().map(entry).collect();
    }
    answer
}

/// A preview, with the fields that its step shows.
fn previewed(preview: &Preview, step: &Json) -> String {
    let default = json!(["revision", "projects_lost", "live_api_keys", "booked_elsewhere"]);
    let shown = step.get("fields").unwrap_or(&default).as_array().expect("a list of fields");
    let mut preview = serde_json::to_value(preview).expect("a preview is JSON");
    preview.as_object_mut().expect("a preview is an object").retain(|name, _| shown.iter().any(|field| field == name));
    preview.to_string()
}

fn bytes(bytes: Option<&[u8]>) -> Bytes<'_> {
    bytes.map_or(Bytes::Absent, Bytes::Given)
}

fn edited(mut bytes: Vec<u8>, step: &Json) -> Vec<u8> {
    if let Some(offset) = step["flip"].as_i64() {
        let offset = if offset < 0 {
            bytes.len() - usize::try_from(-offset).expect("an offset")
        } else {
            usize::try_from(offset).expect("an offset")
        };
        bytes[offset] ^= 1;
    }
    if let Some(length) = step["cut"].as_u64() {
        bytes.truncate(usize::try_from(length).expect("a length"));
    }
    bytes.extend(unhex(step["append"].as_str().unwrap_or_default()));
    bytes
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(text: &str) -> Vec<u8> {
    (0..text.len() / 2).map(|index| u8::from_str_radix(&text[index * 2..index * 2 + 2], 16).expect("hexadecimal digits")).collect()
}

/// An answer as cases write it: bytes are null, and a cursor or token is any.
pub(crate) fn comparable(answer: Json) -> Json {
    match answer {
        Json::Array(items) => items.into_iter().map(comparable).collect(),
        Json::Object(members) if members.len() == 1 && members.contains_key("bytes") => Json::Null,
        Json::Object(mut members) => {
            if (members.contains_key("items") || members.contains_key("widens")) && members.get("next_cursor").is_some_and(Json::is_string)
            {
                members.insert("next_cursor".to_owned(), "*".into());
            }
            if let Some(Json::Object(page)) =
                members.get_mut("page").filter(|page| page["next_token"].as_str().is_some_and(|token| !token.is_empty()))
            {
                page.insert("next_token".to_owned(), "*".into());
            }
            Json::Object(members)
        }
        other => other,
    }
}
