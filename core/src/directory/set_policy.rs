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
struct Renames<'p>(Vec<(Sort, Names<'p>)>);

/// What has names in a policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sort {
    OrganizationRole,
    ProjectRole,
    Kind,
    Scope,
    Visibility,
}

impl Sort {
    const fn field(self) -> &'static str {
        match self {
            Self::OrganizationRole => "organization_roles",
            Self::ProjectRole => "project_roles",
            Self::Kind => "kinds",
            Self::Scope => "scopes",
            Self::Visibility => "visibilities",
        }
    }

    /// The code of a name that a policy does not have.
    const fn unknown(self) -> ErrorCode {
        match self {
            Self::OrganizationRole | Self::ProjectRole => ErrorCode::UnknownRole,
            Self::Kind => ErrorCode::UnknownKind,
            Self::Scope => ErrorCode::UnknownScope,
            Self::Visibility => ErrorCode::UnknownVisibility,
        }
    }

    fn is_in(self, policy: &Policy, name: &str) -> bool {
        match self {
            Self::OrganizationRole => policy.organization_role(name).is_some(),
            Self::ProjectRole => policy.project_role(name).is_some(),
            Self::Kind => policy.kind(name).is_some(),
            Self::Scope => policy.scope(name).is_some(),
            Self::Visibility => policy.visibility(name).is_some(),
        }
    }
}

impl<'p> NewPolicy<'p> {
    /// A policy and its renames; null for none.
    #[cfg(feature = "insight")]
    pub(crate) fn of(policy: &'p Value<'p>, renames: &'p Value<'p>) -> Result<Self, Error> {
        PolicyField::read(policy, &Path::Root.field("policy"))?;
        let renames = nullable(renames, &Path::Root.field("renames"), Renames::read)?;
        Ok(Self { policy, renames: renames.unwrap_or_default() })
    }

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
            "organization_roles" => renames.0.push((Sort::OrganizationRole, map(field, at, id)?)),
            "project_roles" => renames.0.push((Sort::ProjectRole, map(field, at, id)?)),
            "kinds" => renames.0.push((Sort::Kind, map(field, at, id)?)),
            "scopes" => renames.0.push((Sort::Scope, map(field, at, id)?)),
            "visibilities" => renames.0.push((Sort::Visibility, map(field, at, id)?)),
        });
        Ok(renames)
    }

    /// Fails unless the policy before has every old name, and the new one every new name.
    fn ensure_known(&self, before: &Policy, after: &Policy) -> Result<(), Error> {
        let root = &Path::Root.field("renames");
        for (sort, names) in &self.0 {
            for (old, new) in names {
                let unknown = if !sort.is_in(before, old) {
                    format!("the policy in force has no {}", quoted(old))
                } else if !sort.is_in(after, new) {
                    format!("the new policy has no {}", quoted(new))
                } else {
                    continue;
                };
                return Err(Error::new(sort.unknown(), &root.field(sort.field()).field(old), unknown));
            }
        }
        Ok(())
    }

    fn rename<'d>(&self, document: &mut DirectoryDocument<'d>)
    where
        'p: 'd,
    {
        let renamed = |sort: Sort, name: &mut &'d str| {
            let names = self.0.iter().filter(|(other, _)| *other == sort).flat_map(|(_, names)| names);
            if let Some((_, new)) = names.into_iter().find(|(old, _)| old == name) {
                *name = new;
            }
        };
        for organization in &mut document.organizations {
            organization.members.iter_mut().for_each(|row| renamed(Sort::OrganizationRole, &mut row.role));
            for project in &mut organization.projects {
                project.visibility.iter_mut().for_each(|visibility| renamed(Sort::Visibility, visibility));
                project.collaborators.iter_mut().for_each(|row| renamed(Sort::ProjectRole, &mut row.role));
                project.resources.iter_mut().for_each(|resource| renamed(Sort::Kind, &mut resource.kind));
                let scopes = project.api_keys.iter_mut().flat_map(|key| &mut key.scopes).flatten();
                scopes.for_each(|scope| renamed(Sort::Scope, scope));
            }
        }
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
