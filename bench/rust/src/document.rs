//! As much of a directory and a policy as the baselines need.

use serde::Deserialize;

#[derive(Deserialize)]
pub struct Document {
    pub organizations: Vec<Organization>,
}

#[derive(Deserialize)]
pub struct Organization {
    pub id: String,
    pub members: Vec<Row>,
    pub projects: Vec<Project>,
}

#[derive(Deserialize)]
pub struct Row {
    pub user: String,
    pub role: String,
}

#[derive(Deserialize)]
pub struct Project {
    pub id: String,
    #[serde(rename = "default")]
    pub is_default: bool,
    pub allow_external_collaborators: bool,
    pub collaborators: Vec<Row>,
    pub api_keys: Vec<Key>,
    pub resources: Vec<Resource>,
}

#[derive(Deserialize)]
pub struct Key {
    pub id: String,
}

#[derive(Deserialize)]
pub struct Resource {
    pub id: String,
    pub kind: String,
}

#[derive(Deserialize)]
pub struct Policy {
    pub organization_actions: Vec<Action>,
    pub project_actions: Vec<Action>,
    pub kinds: Vec<Kind>,
}

#[derive(Deserialize)]
pub struct Action {
    pub action: String,
    #[serde(default)]
    pub roles: Vec<String>,
}

#[derive(Deserialize)]
pub struct Kind {
    pub kind: String,
    pub verbs: Vec<Group>,
    #[serde(default)]
    pub api_key_verbs: Vec<String>,
}

#[derive(Deserialize)]
pub struct Group {
    pub roles: Vec<String>,
    pub verbs: Vec<String>,
}
