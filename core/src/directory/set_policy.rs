//! Another policy for the directory that there is (C23): it has to fit it, once names are changed.

use std::sync::Arc;

use crate::catalogue::error_code::ErrorCode;
use crate::input::error::{Error, quoted};
use crate::input::json;
use crate::input::path::Path;
use crate::input::shape::{fields, id, map, missing_field, nullable};
use crate::input::value::Value;
use crate::policy::Policy;

use super::document::{DirectoryDocument, PolicyField};
use super::from_document::read_policy;
use super::indexer::index;
use super::tables::Tables;

/// A policy and the names that it has in place of others, of valid shape.
#[derive(Debug)]
pub(crate) struct NewPolicy<'p> {
    policy: &'p Value<'p>,
    renames: Renames<'p>,
}

/// New names by old ones.
type Names<'p> = Vec<(String, &'p str)>;

#[derive(Debug, Default)]
struct Renames<'p> {
    organization_roles: Names<'p>,
    project_roles: Names<'p>,
    kinds: Names<'p>,
    scopes: Names<'p>,
    visibilities: Names<'p>,
}

impl<'p> NewPolicy<'p> {
    pub(crate) fn read(value: &'p Value<'p>, path: &Path<'_>) -> Result<Self, Error> {
        let (mut policy, mut renames) = (None, None);
        fields!(value, path, required ["policy"], |field, at| {
            "type" => {},
            "policy" => {
                PolicyField::read(field, at)?;
                policy = Some(field);
            },
            "renames" => renames = nullable(field, at, Renames::read)?,
        });
        let policy = policy.ok_or_else(|| missing_field("policy", path))?;
        Ok(Self { policy, renames: renames.unwrap_or_default() })
    }
}

impl<'p> Renames<'p> {
    fn read(value: &'p Value<'p>, path: &Path<'_>) -> Result<Self, Error> {
        let mut renames = Self::default();
        fields!(value, path, required [], |field, at| {
            "organization_roles" => renames.organization_roles = map(field, at, id)?,
            "project_roles" => renames.project_roles = map(field, at, id)?,
            "kinds" => renames.kinds = map(field, at, id)?,
            "scopes" => renames.scopes = map(field, at, id)?,
            "visibilities" => renames.visibilities = map(field, at, id)?,
        });
        Ok(renames)
    }

    /// Fails unless the policy before has every old name, and the new one every new name.
    fn ensure_known(&self, before: &Policy, after: &Policy) -> Result<(), Error> {
        let root = &Path::Root.field("renames");
        let organization_role = |policy: &Policy, name: &str| policy.organization_role(name).is_some();
        let project_role = |policy: &Policy, name: &str| policy.project_role(name).is_some();
        let kind = |policy: &Policy, name: &str| policy.kind(name).is_some();
        let scope = |policy: &Policy, name: &str| policy.scope(name).is_some();
        let visibility = |policy: &Policy, name: &str| policy.visibility(name).is_some();
        type Has<'h> = &'h dyn Fn(&Policy, &str) -> bool;
        let all: [(&str, &Names<'_>, ErrorCode, Has<'_>); 5] = [
            ("organization_roles", &self.organization_roles, ErrorCode::UnknownRole, &organization_role),
            ("project_roles", &self.project_roles, ErrorCode::UnknownRole, &project_role),
            ("kinds", &self.kinds, ErrorCode::UnknownKind, &kind),
            ("scopes", &self.scopes, ErrorCode::UnknownScope, &scope),
            ("visibilities", &self.visibilities, ErrorCode::UnknownVisibility, &visibility),
        ];
        for (field, names, code, has) in all {
            for (old, new) in names {
                let unknown = if !has(before, old) {
                    format!("the policy in force has no {}", quoted(old))
                } else if !has(after, new) {
                    format!("the new policy has no {}", quoted(new))
                } else {
                    continue;
                };
                return Err(Error::new(code, &root.field(field).field(old), unknown));
            }
        }
        Ok(())
    }

    fn rename<'d>(&self, document: &mut DirectoryDocument<'d>)
    where
        'p: 'd,
    {
        for organization in &mut document.organizations {
            organization.members.iter_mut().for_each(|row| renamed(&self.organization_roles, &mut row.role));
            for project in &mut organization.projects {
                project.visibility.iter_mut().for_each(|visibility| renamed(&self.visibilities, visibility));
                project.collaborators.iter_mut().for_each(|row| renamed(&self.project_roles, &mut row.role));
                project.resources.iter_mut().for_each(|resource| renamed(&self.kinds, &mut resource.kind));
                let scopes = project.api_keys.iter_mut().flat_map(|key| &mut key.scopes).flatten();
                scopes.for_each(|scope| renamed(&self.scopes, scope));
            }
        }
    }
}

fn renamed<'d>(names: &Names<'d>, name: &mut &'d str) {
    if let Some((_, new)) = names.iter().find(|(old, _)| old == name) {
        *name = new;
    }
}

impl Tables {
    /// Replaces the policy within an open journal.
    pub(crate) fn set_policy(&mut self, new: &NewPolicy<'_>) -> Result<(), Error> {
        let policy = read_policy(new.policy, &Path::Root.field("policy"))?;
        new.renames.ensure_known(&self.policy, &policy)?;
        let tables = self.under(Arc::new(policy), &new.renames)?;
        self.replace_with(tables);
        Ok(())
    }

    /// The same entries under another policy.
    fn under(&self, policy: Arc<Policy>, renames: &Renames<'_>) -> Result<Self, Error> {
        let mut document = self.to_document_of(0, None, None);
        renames.rename(&mut document);
        let root = &Path::Root;
        index(root, &document, Arc::clone(&policy), &Value::Null, self.hasher.clone()).or_else(|error| {
            // Which fault is the first one shows in the document as it is written.
            let text = serde_json::to_vec(&document).unwrap_or_default();
            match json::parse(&text) {
                Ok(value) => index(root, &document, policy, &value, self.hasher.clone()),
                Err(_) => Err(error),
            }
        })
    }
}
