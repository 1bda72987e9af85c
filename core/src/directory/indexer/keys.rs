//! API keys, and what limits them.

use crate::catalogue::error_code::ErrorCode;
use crate::input::error::{Error, quoted};
use crate::input::path::Path;

use super::Indexer;
use crate::directory::document::{ApiKeyDocument, KeyKind, KeyProjects, OrganizationDocument, ProjectDocument};
use crate::directory::edit::NewApiKey;
use crate::directory::indices::Project;
use crate::directory::rows::{KeyLimits, Reach};
use crate::directory::tables::Tables;

/// What has been seen of an organization.
struct Seen {
    default_key: bool,
    /// Whether any of its projects, including later ones, is the default one.
    has_default: bool,
}

impl Indexer<'_, '_> {
    /// The API keys of an organization, once all projects are known.
    pub(in crate::directory) fn api_keys(&mut self, document: &OrganizationDocument<'_>, path: &Path<'_>) -> Result<(), Error> {
        let mut seen = Seen { default_key: false, has_default: document.projects.iter().any(|project| project.default) };
        let table = path.field("projects");
        for (number, project) in document.projects.iter().enumerate() {
            // INVARIANT: every project is in the tables; of a repeated id, the first is.
            let Some(index) = self.tables.project(project.id) else { continue };
            self.keys_of_project(project, index, &mut seen, &table.item(number))?;
        }
        Ok(())
    }

    fn keys_of_project(&mut self, document: &ProjectDocument<'_>, project: Project, seen: &mut Seen, path: &Path<'_>) -> Result<(), Error> {
        let table = path.field("api_keys");
        for (number, key) in document.api_keys.iter().enumerate() {
            let at = &table.item(number);
            if key.kind == KeyKind::OrganizationDefault {
                self.default_key(key, document.default, at, seen);
            }
            self.api_key(key, project, at)?;
        }
        Ok(())
    }

    /// The API keys of a project that is put. `has_default_key` says whether the organization has a default key elsewhere.
    pub(in crate::directory) fn put_keys(
        &mut self,
        document: &ProjectDocument<'_>,
        project: Project,
        path: &Path<'_>,
    ) -> Result<(), Error> {
        let organization = self.tables.project_rows[project].organization;
        let default_key = self.tables.organization_rows[organization].default_key.is_some();
        self.keys_of_project(document, project, &mut Seen { default_key, has_default: true }, path)
    }

    /// An API key that is put.
    pub(in crate::directory) fn put_key(&mut self, document: &ApiKeyDocument<'_>, project: Project, path: &Path<'_>) -> Result<(), Error> {
        if document.kind == KeyKind::OrganizationDefault {
            let row = self.tables.project_rows[project];
            let default_key = self.tables.organization_rows[row.organization].default_key.is_some();
            self.default_key(document, row.is_default, path, &mut Seen { default_key, has_default: true });
        }
        self.api_key(document, project, path)
    }

    fn default_key(&mut self, document: &ApiKeyDocument<'_>, in_default_project: bool, path: &Path<'_>, seen: &mut Seen) {
        if seen.default_key || !in_default_project {
            // It is a duplicate of the same key, or its project may be meant to be the default one.
            let follows = || if in_default_project { self.tables.api_key(document.id).is_some() } else { !seen.has_default };
            let message = "an organization has one default key, in its default project";
            self.faults.report_unless(follows, ErrorCode::DefaultKeyMisplaced, &path.field("kind"), message);
        }
        if document.revoked_at.is_some() {
            let message = "the organization default key is regenerated, never revoked";
            self.fault(ErrorCode::DefaultKeyNotRevocable, &path.field("revoked_at"), message);
        }
        // A misplaced default key does not make the one in the default project a second.
        seen.default_key |= in_default_project;
    }

    fn api_key(&mut self, document: &ApiKeyDocument<'_>, project: Project, path: &Path<'_>) -> Result<(), Error> {
        let interned = self.tables.api_keys.intern(&self.tables.hasher, document.id).map_err(Error::from)?;
        let of_key = |tables: &Tables, key| match tables.api_key_rows.find(key) {
            Some(row) => tables.place_of_project(row.project),
            None => (None, None),
        };
        let key = self.duplicate(interned, path, of_key);
        let created_by = self.creator(document.created_by)?;
        let limits = self.limits(document, project, path)?;
        let new = NewApiKey {
            project,
            kind: document.kind,
            created_by,
            created_at: document.created_at,
            expires_at: document.expires_at,
            revoked_at: document.revoked_at,
            name: document.name,
            digest: document.digest,
            limits,
        };
        if interned.1 {
            if new.revoked_at.is_none()
                && let Some(digest) = new.digest
                && self.tables.find_digest(&digest, |other| self.tables.api_key_row(other).revoked_at.is_none()).is_some()
            {
                let message = "another API key that is not revoked has this digest";
                self.fault(ErrorCode::DuplicateDigest, &path.field("digest"), message);
            }
            self.tables.push_api_key(key, &new).map_err(Error::from)?;
        }
        Ok(())
    }

    fn limits(&mut self, document: &ApiKeyDocument<'_>, project: Project, path: &Path<'_>) -> Result<KeyLimits, Error> {
        let acts_as = self.creator(document.acts_as)?;
        let scopes = document.scopes.as_ref().map(|scopes| {
            let table = path.field("scopes");
            let scope = |(number, name): (usize, &&str)| {
                let found = self.tables.policy.scope(name);
                if found.is_none() {
                    let message = format_args!("the policy has no scope {}", quoted(name));
                    self.faults.report(ErrorCode::UnknownScope, &table.item(number), message);
                }
                found
            };
            self.tables.policy.set_of_scopes(scopes.iter().enumerate().filter_map(scope).collect())
        });
        let reach = match &document.projects {
            KeyProjects::All => Reach::All,
            KeyProjects::Listed(projects) => Reach::of(self.further_projects(projects, project, &path.field("projects")), project),
        };
        Ok(KeyLimits { scopes, acts_as, reach })
    }

    /// The projects that a key reaches beside its own.
    fn further_projects(&mut self, projects: &[&str], own: Project, path: &Path<'_>) -> Vec<Project> {
        let organization = self.tables.project_rows[own].organization;
        let mut further = Vec::new();
        for (number, id) in projects.iter().enumerate() {
            match self.tables.project(id).filter(|project| self.tables.project_rows[*project].organization == organization) {
                Some(project) => further.push(project),
                None => {
                    let message = format_args!("the organization has no project {}", quoted(id));
                    self.fault(ErrorCode::UnknownReference, &path.item(number), message);
                }
            }
        }
        further
    }
}
