//! What a developer would write by hand: nested hash maps, no rules beyond lookups, no explanations.
//!
//! Measured with the default hasher of the standard library and with a fast one, which is the stricter comparison.

use std::collections::hash_map::RandomState;
use std::collections::{HashMap, HashSet};
use std::hash::BuildHasher;

use crate::data::{Data, POLICY, Question};
use crate::document::{Document, Policy};
use crate::engine::{Candidate, Engine, Ready};

const NOTES: &str = "lookups only: no reasons, attribution, changes, listings, clock or input checks";

pub const STANDARD: Engine =
    Engine { name: "baseline", version: "", notes: NOTES, load: |data| Box::new(Baseline::<RandomState>::load(data)) };

pub const FAST: Engine = Engine {
    name: "baseline fast-hash",
    version: "",
    notes: "the same with foldhash, whose quality suffices for maps and no more",
    load: |data| Box::new(Baseline::<foldhash::fast::RandomState>::load(data)),
};

type Map<T, S> = HashMap<String, T, S>;

#[derive(Default)]
struct Baseline<S> {
    homes: Map<(String, String), S>,
    keys: Map<String, S>,
    projects: Map<Project<S>, S>,
    resources: Map<(String, String), S>,
    permissions: Map<HashSet<String, S>, S>,
}

#[derive(Default)]
struct Project<S> {
    organization: String,
    is_default: bool,
    externals: bool,
    rows: Map<String, S>,
}

impl<S: BuildHasher + Default> Baseline<S> {
    fn load(data: &Data) -> Self {
        let document: Document = serde_json::from_str(&data.text("directory.json")).unwrap();
        let policy: Policy = serde_json::from_str(POLICY).unwrap();
        let mut baseline = Self::default();
        for organization in document.organizations {
            baseline.homes.extend(organization.members.into_iter().map(|row| (row.user, (organization.id.clone(), row.role))));
            for project in organization.projects {
                baseline.keys.extend(project.api_keys.into_iter().map(|key| (key.id, project.id.clone())));
                baseline.resources.extend(project.resources.into_iter().map(|one| (one.id, (one.kind, project.id.clone()))));
                let entry = Project {
                    organization: organization.id.clone(),
                    is_default: project.is_default,
                    externals: project.allow_external_collaborators,
                    rows: project.collaborators.into_iter().map(|row| (row.user, row.role)).collect(),
                };
                baseline.projects.insert(project.id, entry);
            }
        }
        for row in policy.organization_actions.iter().chain(&policy.project_actions) {
            row.roles.iter().for_each(|role| baseline.grant(role, row.action.clone()));
        }
        for kind in &policy.kinds {
            let action = |verb: &String| format!("{}.{verb}", kind.kind);
            for group in &kind.verbs {
                for role in &group.roles {
                    group.verbs.iter().for_each(|verb| baseline.grant(role, action(verb)));
                }
            }
            kind.api_key_verbs.iter().for_each(|verb| baseline.grant("api_key", action(verb)));
        }
        baseline
    }

    fn grant(&mut self, role: &str, action: String) {
        self.permissions.entry(role.to_owned()).or_default().insert(action);
    }

    fn is_allowed(&self, principal: &str, action: &str, resource: &str) -> bool {
        self.role(principal, resource).and_then(|role| self.permissions.get(role)).is_some_and(|actions| actions.contains(action))
    }

    /// The effective role.
    fn role(&self, principal: &str, resource: &str) -> Option<&str> {
        let (principal_type, principal) = principal.split_once(':')?;
        let (resource_type, resource) = resource.split_once(':')?;
        if resource_type == "organization" {
            return self.homes.get(principal).filter(|(home, _)| home == resource).map(|(_, role)| role.as_str());
        }
        let project = match resource_type {
            "project" => resource,
            kind => self.resources.get(resource).filter(|(found, _)| found == kind).map(|(_, project)| project.as_str())?,
        };
        if principal_type == "api_key" {
            return self.keys.get(principal).filter(|scope| *scope == project).map(|_| "api_key");
        }
        let project = self.projects.get(project)?;
        let row = project.rows.get(principal).map(String::as_str);
        match self.homes.get(principal).filter(|(home, _)| *home == project.organization) {
            Some((_, role)) if role == "admin" => Some(role),
            Some(_) => row.or_else(|| project.is_default.then_some("member")),
            None => row.filter(|_| project.externals),
        }
    }
}

impl<S: BuildHasher + Default> Ready for Baseline<S> {
    fn candidates<'r>(&'r self, questions: &'r [Question]) -> Vec<Candidate<'r>> {
        let ask = |one: &&Question| self.is_allowed(&one.principal, &one.action, &one.resource);
        vec![Candidate::one_by_one("is_allowed", questions, questions.iter().collect(), ask)]
    }
}
