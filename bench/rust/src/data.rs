//! The generated data: a directory in every engine's form, and the questions.

use std::fs;
use std::path::PathBuf;

use serde_json::Value as Json;

/// The built-in policy, which the core contains.
pub const POLICY: &str = include_str!("../../../core/policies/projects-2026-02.json");

/// A folder of it.
pub struct Data {
    pub folder: PathBuf,
}

/// A request with its expected answer.
pub struct Question {
    pub principal: String,
    pub action: String,
    pub resource: String,
    /// The project or organization of the resource.
    pub scope: String,
    pub allowed: bool,
}

impl Data {
    pub fn text(&self, name: &str) -> String {
        fs::read_to_string(self.folder.join(name)).unwrap()
    }

    /// All of `requests.json`, or the only one of `first.json`.
    pub fn questions(&self, name: &str) -> Vec<Question> {
        let read: Vec<Json> = serde_json::from_str(&self.text(name)).unwrap();
        let text = |one: &Json, name: &str| one[name].as_str().unwrap().to_owned();
        read.iter()
            .map(|one| Question {
                principal: text(one, "principal"),
                action: text(one, "action"),
                resource: text(one, "resource"),
                scope: text(one, "scope"),
                allowed: one["allowed"].as_bool().unwrap(),
            })
            .collect()
    }
}
