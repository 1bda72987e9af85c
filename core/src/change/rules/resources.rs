//! Resources. C17.

use crate::catalogue::error_code::ErrorCode;
use crate::directory::{NewResource, Tables};
use crate::input::error::{Error, quoted};
use crate::input::id::Reference;

use super::super::terms::Origin;
use super::lookup::{ensure_absent, error};

impl Tables {
    pub(super) fn check_and_add_resource(
        &mut self,
        project: &str,
        resource: &str,
        kind: &str,
        name: Option<&str>,
        origin: &Origin<'_>,
    ) -> Result<(), Error> {
        let project = self.named_project(project)?;
        let unknown = || error(ErrorCode::UnknownKind, "kind", format_args!("{} is not a kind of resources in the policy", quoted(kind)));
        let kind = self.policy().resource_kind(kind).ok_or_else(unknown)?;
        ensure_absent(self.resource(kind, resource).is_some(), "resource")?;
        let created_by = origin.user.map(|user| self.intern_user(user)).transpose()?;
        self.add_resource(resource, &NewResource { project, kind, created_by, created_at: Some(origin.at), name })?;
        Ok(())
    }

    /// C17: for an actor within the organization.
    pub(super) fn check_and_move_resource(&mut self, resource: Reference<'_>, project: &str, origin: &Origin<'_>) -> Result<(), Error> {
        let resource = self.named_resource(resource)?;
        let project = self.named_project(project)?;
        let organization_of = |project| self.project_row(project).organization;
        if origin.actor.is_some() && organization_of(self.resource_row(resource).project) != organization_of(project) {
            let message = "only the platform moves resources to another organization";
            return Err(error(ErrorCode::ExceedsOwnRole, "project", message));
        }
        self.move_resource(resource, project);
        Ok(())
    }
}
