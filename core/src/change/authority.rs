//! Authority: the permission that a change needs, and whether its actor has it.

use std::borrow::Cow;

use crate::access::{AccessRequest, Principal};
use crate::directory::{Directory, Organization, Tables};
use crate::input::error::Error;
use crate::input::id::Reference;
use crate::input::instant::Instant;
use crate::input::path::Path;
use crate::policy::Target;

use super::document::Change;

impl Directory {
    /// Fails unless the actor has the permission that the change needs, by A1 to A30. An actor who does not belong to an organization
    /// learns nothing of its contents from the decision.
    pub(super) fn authorise(&self, change: &Change<'_>, actor: Reference<'_>, at: Instant) -> Result<(), Error> {
        let (action, resource) = self.tables().needs(change);
        let mut verdict = self.decide(&AccessRequest::new(actor, &action, resource, at));
        if verdict.reason.allows() {
            return Ok(());
        }
        if verdict.organization.is_some_and(|organization| !self.tables().belongs_to(actor, organization, at)) {
            (verdict.organization, verdict.project) = (None, None);
        }
        Err(Error::forbidden(&Path::Root.field("actor"), &self.explain(&verdict)))
    }
}

impl Tables {
    /// Whether an actor is a member, a collaborator or an API key in an organization.
    fn belongs_to(&self, actor: Reference<'_>, organization: Organization, at: Instant) -> bool {
        match self.find_principal(actor) {
            Some(Principal::User(user)) => {
                !self.has_left(user, organization, at)
                    && (self.membership(user, organization, at).is_some() || self.external_standing(organization, user, at).is_some())
            }
            Some(Principal::ApiKey(key)) => self.project_row(self.api_key_row(key).project).organization == organization,
            None => false,
        }
    }

    /// The organization that a change is about.
    pub(super) fn organization_of(&self, change: &Change<'_>) -> Option<Organization> {
        let (_, resource) = self.needs(change);
        self.scope(self.find_object(resource, None)?).0
    }

    /// The action that a change needs, and its resource. Without an action in the policy, it is the empty one, which nobody has.
    fn needs<'n>(&'n self, change: &Change<'n>) -> (Cow<'n, str>, Reference<'n>) {
        let policy = self.policy();
        let action = policy.action_for(change.type_of()).unwrap_or_default();
        let of_kind = |kind: &str| if action.is_empty() { Cow::Borrowed("") } else { Cow::Owned(format!("{kind}.{action}")) };
        let api_key = |key| Reference::of_parts(policy.api_key_kind().map_or("", |kind| policy.kind_name(kind)), key);
        let in_project = |project| Reference::of_parts("project", project);
        let resource = match *change {
            Change::AddMember { organization, .. }
            | Change::RemoveMember { organization, .. }
            | Change::SetMemberRole { organization, .. }
            | Change::CreateProject { organization, .. } => Reference::of_parts("organization", organization),
            // An action on projects or kinds is asked of the default project.
            Change::RegenerateDefaultKey { organization, .. } => match (policy.action(action), self.organization(organization)) {
                (Some(asked), Some(found)) if !matches!(policy.target(asked), Target::Organization | Target::User) => {
                    in_project(self.project_id(self.organization_row(found).default_project))
                }
                _ => Reference::of_parts("organization", organization),
            },
            Change::SetExternalCollaborators { project, .. }
            | Change::AddCollaborator { project, .. }
            | Change::RemoveCollaborator { project, .. }
            | Change::SetCollaboratorRole { project, .. }
            | Change::CreateApiKey { project, .. } => in_project(project),
            Change::RevokeApiKey { key } => api_key(key),
            Change::ExpireApiKey { key, .. } => match self.api_key(key) {
                Some(found) => in_project(self.project_id(self.api_key_row(found).project)),
                None => api_key(key),
            },
            Change::AddResource { project, kind, .. } => return (of_kind(kind), in_project(project)),
            Change::RemoveResource { resource } => {
                return match self.resource_by_reference(resource) {
                    Some(_) => (of_kind(resource.type_name), resource),
                    // The resource does not exist, so any kind with the verb gives the same denial.
                    None => (of_kind(policy.kind_with_verb(action)), Reference::of_parts("", "")),
                };
            }
        };
        (Cow::Borrowed(action), resource)
    }
}
