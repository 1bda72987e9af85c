//! The database: what is true, whatever publishers and edges know of it.

use serde_json::{Value as Json, json};

use crate::random::Random;

/// So many users come and go.
const USERS: usize = 6;
/// So many API keys are made at most.
const MOST_KEYS: usize = 24;

/// The built-in policy without most kinds: it is read with every snapshot.
fn policy() -> Json {
    let mut policy: Json = serde_json::from_str(include_str!("../../core/policies/projects-2026-02.json")).unwrap();
    policy["id"] = json!("short");
    policy["kinds"].as_array_mut().unwrap().retain(|kind| kind["kind"] == "file" || kind["kind"] == "api_key");
    policy
}

pub(crate) struct Database {
    policy: Json,
    is_member: [bool; USERS],
    /// When each API key was revoked, in milliseconds since the beginning.
    keys: Vec<Option<i64>>,
    names: u64,
    /// The number of changes.
    pub(crate) changes: u64,
}

impl Database {
    pub(crate) fn new() -> Self {
        Self { policy: policy(), is_member: [true; USERS], keys: vec![None; 2], names: 0, changes: 0 }
    }

    pub(crate) fn change(&mut self, random: &mut Random, now: i64) {
        self.changes += 1;
        match random.below(6) {
            0 | 1 => {
                let user = usize::try_from(random.below(USERS as u64)).unwrap();
                self.is_member[user] = !self.is_member[user];
            }
            2 if self.keys.len() < MOST_KEYS => self.keys.push(None),
            3 | 4 => {
                let key = usize::try_from(random.below(self.keys.len() as u64)).unwrap();
                self.keys[key].get_or_insert(now);
            }
            _ => self.names += 1,
        }
    }

    /// The references of the keys, and when they were revoked.
    pub(crate) fn keys(&self) -> impl Iterator<Item = (String, Option<i64>)> + '_ {
        self.keys.iter().enumerate().map(|(number, revoked)| (format!("api_key:key_{number}"), *revoked))
    }

    /// The directory at a revision.
    pub(crate) fn document(&self, revision: u64) -> String {
        let members = (0..USERS).filter(|user| self.is_member[*user]).map(|user| json!({"user": format!("user_{user}"), "role": "member"}));
        let members: Vec<_> = members.chain([json!({"user": "ada", "role": "admin"})]).collect();
        let keys = self.keys.iter().enumerate().map(|(number, revoked)| {
            // The database does not say when; from the beginning on, whoever hears of it denies.
            let revoked = revoked.map(|_| "2026-01-01T00:00:00Z");
            json!({"id": format!("key_{number}"), "created_by": "ada", "digest": format!("sha256:{:064x}", number + 1), "revoked_at": revoked})
        });
        let project = json!({"id": "project", "api_keys": keys.collect::<Vec<_>>()});
        json!({"format": "bailiwick/1", "revision": revision, "policy": self.policy, "organizations": [{
            "id": "acme", "name": format!("Name {}", self.names), "owner": "ada", "members": members,
            "projects": [{"id": "home", "default": true}, project],
        }]})
        .to_string()
    }
}
