//! The documents that cases name, and the directories that are loaded from them. `tests/README.md` describes the names.

use std::borrow::Cow;
use std::error::Error;
use std::fs;
use std::path::Path;

use bailiwick::{Directory, Value, boundary};
use serde_json::{Map, Value as Json};

pub(crate) type Outcome<T> = Result<T, Box<dyn Error>>;

/// The directory of a case or its file, with its own policy or the one that they name.
pub(crate) fn load(root: &Path, file: &Json, case: &Json) -> Outcome<Directory> {
    let of = |name: &str| case.get(name).or_else(|| file.get(name));
    let document = named(root, "directories", of("directory").ok_or("a case has a directory")?)?;
    let policy = of("policy").map(|policy| named(root, "policies", policy)).transpose()?;
    Ok(boundary::load_directory(&value(&document), policy.as_ref().map(value).as_ref(), None)?)
}

/// A document by its name, inline, or changed; an id of a policy stays unchanged.
pub(crate) fn named(root: &Path, folder: &str, source: &Json) -> Outcome<Json> {
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

/// A document as a host passes it to the core.
pub(crate) fn value(json: &Json) -> Value<'_> {
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

/// A JSON file.
pub(crate) fn read(path: &Path) -> Outcome<Json> {
    let text = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(serde_json::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))?)
}

/// An answer as JSON text.
pub(crate) fn written(answer: &impl serde::Serialize) -> String {
    serde_json::to_string(answer).unwrap_or_default()
}
