//! The shared suite against the core. `tests/README.md` says what a case is.
//!
//! Every answer also goes to `target/answers/core.tsv`, to be compared byte for byte with what the other targets answered.

#![expect(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

use std::borrow::Cow;
use std::cell::OnceCell;
use std::error::Error;
use std::path::Path;
use std::{env, fs};

use bailiwick::{Directory, Value, boundary};
use serde_json::{Map, Value as Json, json};

#[path = "suite/steps.rs"]
mod steps;

type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> Outcome<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().ok_or("the core lies in the repository")?;
    let cases = env::var_os("SUITE_CASES").map_or_else(|| root.join("tests/cases"), Into::into);
    let answers = env::var_os("SUITE_ANSWERS").map_or_else(|| root.join("target/answers/core.tsv"), Into::into);
    let index = read(&cases.join("index.json"))?;
    let mut lines = String::new();
    let (mut expected, mut passed, mut failed) = (0, 0, 0);
    for (name, count) in index["files"].as_object().ok_or("the index lists files")? {
        expected += count.as_u64().ok_or("the index counts cases")?;
        let file = read(&cases.join(name))?;
        let shared = OnceCell::new();
        for case in file["cases"].as_array().ok_or("a file has cases")? {
            let note = case["note"].as_str().ok_or("a case has a note")?;
            let (found, text) = answer(root, &file, case, &shared)?;
            let wanted = wanted(&file, case);
            if found == wanted {
                passed += 1;
            } else {
                failed += 1;
                println!("{name}: {note}\n  wanted {wanted}\n  found  {found}");
            }
            lines += &format!("{note}\t{text}\n");
        }
    }
    fs::create_dir_all(answers.parent().unwrap_or(root))?;
    fs::write(answers, lines)?;
    println!("core: {passed} passed, {failed} failed");
    if failed > 0 || passed != expected { Err(format!("{expected} cases should have passed").into()) } else { Ok(()) }
}

/// What the core answers, as a document to compare and as the text that it is.
fn answer(root: &Path, file: &Json, case: &Json, shared: &OnceCell<Directory>) -> Outcome<(Json, String)> {
    let text = match call(root, file, case, shared)? {
        Ok(text) => text,
        Err(error) => json!({"code": error.code().as_str(), "path": error.path()}).to_string(),
    };
    Ok((steps::comparable(serde_json::from_str(&text)?), text))
}

fn call(root: &Path, file: &Json, case: &Json, shared: &OnceCell<Directory>) -> Outcome<Result<String, bailiwick::Error>> {
    let (name, input) = (case["call"].as_str().unwrap_or_default(), &case["input"]);
    if name == "load" || name == "to_directory" {
        let policy = input.get("policy").map(|policy| named(root, "policies", policy)).transpose()?;
        let loaded = match input.get("text") {
            Some(text) => boundary::load_directory(text.as_str().unwrap_or_default().as_bytes(), policy.as_ref().map(value).as_ref(), None),
            None => {
                let document = named(root, "directories", input.get("directory").unwrap_or(input))?;
                boundary::load_directory(&value(&document), policy.as_ref().map(value).as_ref(), None)
            }
        };
        return Ok(loaded.map(|directory| match name {
            "load" => {
                json!({"revision": directory.revision(), "policy": directory.policy_id(), "issued_at": directory.issued_at()}).to_string()
            }
            _ => written(&directory.to_document()),
        }));
    }
    if name == "steps" {
        let mut directory = load(root, file, case)?;
        return Ok(Ok(steps::Sequence::new(&mut directory, file.get("at")).run(&input["steps"])));
    }
    // Only a case that brings a directory or policy of its own needs another one than the file's.
    let own = if case.get("directory").or(case.get("policy")).is_some() { Some(load(root, file, case)?) } else { None };
    let directory = match &own {
        Some(own) => own,
        None => shared.get_or_init(|| load(root, file, case).unwrap_or_else(|error| panic!("the file's own directory: {error}"))),
    };
    Ok(steps::call(directory, name, &with_default_at(input, file.get("at").filter(|_| !name.starts_with("authenticate")))))
}

fn load(root: &Path, file: &Json, case: &Json) -> Outcome<Directory> {
    let of = |name: &str| case.get(name).or_else(|| file.get(name));
    let document = named(root, "directories", of("directory").ok_or("a case has a directory")?)?;
    let policy = of("policy").map(|policy| named(root, "policies", policy)).transpose()?;
    Ok(boundary::load_directory(&value(&document), policy.as_ref().map(value).as_ref(), None)?)
}

/// A document by its name, as itself, or as another one with changes; an id of a policy stays what it is.
fn named(root: &Path, folder: &str, source: &Json) -> Outcome<Json> {
    if let Some(name) = source.as_str() {
        let path = root.join("tests").join(folder).join(format!("{name}.json"));
        return if path.exists() { read(&path) } else { Ok(source.clone()) };
    }
    let Some(base) = source.get("base") else { return Ok(source.clone()) };
    let mut document = named(root, folder, base)?;
    for (pointer, new) in source["set"].as_object().unwrap_or(&Map::new()) {
        let (parent, key) = pointer.rsplit_once('/').ok_or("a pointer has a slash")?;
        match document.pointer_mut(parent).ok_or_else(|| format!("nothing at {parent}"))? {
            Json::Array(items) if key == "-" => items.push(new.clone()),
            Json::Array(items) => items[key.parse::<usize>()?] = new.clone(),
            Json::Object(members) => drop(members.insert(key.replace("~1", "/").replace("~0", "~"), new.clone())),
            _ => return Err(format!("nothing can be set at {pointer}").into()),
        }
    }
    for pointer in source["remove"].as_array().unwrap_or(&Vec::new()) {
        let (parent, key) = pointer.as_str().and_then(|pointer| pointer.rsplit_once('/')).ok_or("a pointer has a slash")?;
        match document.pointer_mut(parent).ok_or_else(|| format!("nothing at {parent}"))? {
            Json::Array(items) => drop(items.remove(key.parse::<usize>()?)),
            Json::Object(members) => drop(members.shift_remove(key)),
            _ => return Err(format!("nothing can be removed at {pointer}").into()),
        }
    }
    Ok(document)
}

fn with_default_at(input: &Json, at: Option<&Json>) -> Json {
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
fn wanted(file: &Json, case: &Json) -> Json {
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

fn value(json: &Json) -> Value<'_> {
    match json {
        Json::Null => Value::Null,
        Json::Bool(boolean) => Value::Boolean(*boolean),
        Json::Number(number) => number.as_f64().map_or(Value::Foreign("a number"), Value::Number),
        Json::String(text) => Value::Text(Cow::Borrowed(text)),
        Json::Array(items) => Value::List(items.iter().map(value).collect()),
        Json::Object(members) => {
            Value::Object(members.iter().map(|(name, member)| (Cow::Borrowed(name.as_str()), value(member))).collect())
        }
    }
}

fn read(path: &Path) -> Outcome<Json> {
    let text = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(serde_json::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))?)
}

fn written(answer: &impl serde::Serialize) -> String {
    serde_json::to_string(answer).unwrap_or_default()
}
