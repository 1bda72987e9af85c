//! Authority: the permissions that a change needs, and whether its actor has them.

use std::borrow::Cow;

use crate::access::{AccessRequest, Principal, Verdict};
use crate::catalogue::change_type::ChangeType;
use crate::directory::{ApiKey, Directory, KeyProjects, Organization, Reach, Tables};
use crate::input::error::Error;
use crate::input::id::Reference;
use crate::input::instant::Instant;
use crate::input::path::Path;
use crate::policy::Target;

use super::document::Change;

/// A question of access: an action, and the object that it is asked of. Nobody has the empty action, and nothing has the empty reference.
struct Question<'n> {
    action: Cow<'n, str>,
    resource: Reference<'n>,
}

/// What a change is about, for the question that comes first.
enum Subject<'n> {
    Organization(&'n str),
    OrganizationOfGroup(&'n str),
    /// The organization default key of an organization.
    DefaultKey(&'n str),
    Project(&'n str),
    ApiKey(&'n str),
    ProjectOfKey(&'n str),
    /// An existing resource, by a verb of its kind.
    Resource(Reference<'n>),
    /// A resource of a kind that does not exist yet, by a verb of the kind, in a project.
    NewResource(&'n str, &'n str),
    ProjectOfResource(Reference<'n>),
    /// What no actor changes.
    Nothing,
}

impl Directory {
    /// Fails unless the actor has the permissions that the change needs, by A1 to A30. An actor who does not belong to an organization
    /// learns nothing of its contents from the decision.
    pub(super) fn authorise(&self, change: &Change<'_>, actor: Reference<'_>, at: Instant) -> Result<(), Error> {
        if let Some((project, joins)) = change.by_oneself() {
            return self.ensure_allowed(self.decide_by_oneself(actor, project, joins, at), actor, at); // C20
        }
        for Question { action, resource } in self.tables().questions(change) {
            self.ensure_allowed(self.decide(&AccessRequest::new(actor, &action, resource, at)), actor, at)?;
        }
        Ok(())
    }

    fn ensure_allowed(&self, mut verdict: Verdict, actor: Reference<'_>, at: Instant) -> Result<(), Error> {
        if verdict.ground.allows() {
            return Ok(());
        }
        if verdict.organization.is_some_and(|organization| !self.tables().belongs_to(actor, organization, at)) {
            (verdict.organization, verdict.project) = (None, None);
        }
        Err(Error::forbidden(&Path::Root.field("actor"), &self.decision_of(&verdict)))
    }
}

impl<'c> Change<'c> {
    /// What a policy calls the permission: the type of the change; of a suspension, what is suspended.
    fn permission(&self) -> &'static str {
        match *self {
            Self::Suspend { organization, project, user } | Self::Resume { organization, project, user } => {
                match (organization.is_some(), project.is_some(), user.is_some()) {
                    (true, _, true) => ChangeType::SUSPEND_MEMBER,
                    (true, ..) => ChangeType::SUSPEND_ORGANIZATION,
                    (false, true, _) => ChangeType::SUSPEND_PROJECT,
                    // A user everywhere: by the platform alone.
                    (false, false, _) => "",
                }
            }
            _ => self.type_of().as_str(),
        }
    }

    fn subject(&self) -> Subject<'c> {
        match *self {
            Self::AddMember { organization, .. }
            | Self::RemoveMember { organization, .. }
            | Self::SetMemberRole { organization, .. }
            | Self::CreateProject { organization, .. }
            | Self::RemoveOrganization { organization }
            | Self::UpdateOrganization { organization, .. }
            | Self::TransferOwnership { organization, .. }
            | Self::AddGroup { organization, .. } => Subject::Organization(organization),
            Self::RemoveGroup { group } | Self::AddGroupMember { group, .. } | Self::RemoveGroupMember { group, .. } => {
                Subject::OrganizationOfGroup(group)
            }
            Self::RegenerateDefaultKey { organization, .. } => Subject::DefaultKey(organization),
            Self::SetExternalCollaborators { project, .. }
            | Self::AddCollaborator { project, .. }
            | Self::RemoveCollaborator { project, .. }
            | Self::SetCollaboratorRole { project, .. }
            | Self::CreateApiKey { project, .. }
            | Self::RemoveProject { project }
            | Self::UpdateProject { project, .. }
            | Self::SetVisibility { project, .. }
            | Self::JoinProject { project }
            | Self::LeaveProject { project } => Subject::Project(project),
            Self::Suspend { organization, project, .. } | Self::Resume { organization, project, .. } => {
                let organization = organization.map(Subject::Organization);
                organization.or(project.map(Subject::Project)).unwrap_or(Subject::Nothing)
            }
            Self::RevokeApiKey { key } | Self::RemoveApiKey { key } => Subject::ApiKey(key),
            Self::ExpireApiKey { key, .. } | Self::UpdateApiKey { key, .. } => Subject::ProjectOfKey(key),
            Self::AddResource { project, kind, .. } => Subject::NewResource(project, kind),
            Self::RemoveResource { resource } | Self::UpdateResource { resource, .. } => Subject::Resource(resource),
            Self::MoveResource { resource, .. } => Subject::ProjectOfResource(resource),
            Self::DropMember { .. }
            | Self::RemoveUser { .. }
            | Self::SetDefaultProject { .. }
            | Self::MoveProject { .. }
            | Self::Put(..)
            | Self::SetPolicy(_) => Subject::Nothing,
        }
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
        if let Some((project, _)) = change.by_oneself() {
            return self.project(project).map(|project| self.project_row(project).organization);
        }
        let Question { resource, .. } = self.question(change.permission(), change.subject());
        self.scope(self.find_object(resource, None)?).0
    }

    /// The action that an actor must be allowed first, and the reference of its object; empty if no actor may make the change.
    #[cfg(feature = "insight")]
    pub(crate) fn permission_for(&self, change: &Change<'_>) -> (String, String) {
        let Question { action, resource } = self.question(change.permission(), change.subject());
        (action.into_owned(), resource.to_string())
    }

    /// Everything that an actor must be allowed, in the order in which it is asked.
    fn questions<'n>(&'n self, change: &'n Change<'n>) -> Vec<Question<'n>> {
        let mut questions = vec![self.question(change.permission(), change.subject())];
        match *change {
            // C22
            Change::CreateApiKey { projects: Some(KeyProjects::Listed(ref projects)), .. } => {
                questions.extend(projects.iter().map(|project| self.question_of_new_key(project)));
            }
            Change::UpdateApiKey { key, ref projects, .. } => {
                let Some(key) = self.api_key(key) else { return questions };
                // As if the key were made anew.
                questions.push(self.question_of_new_key(self.project_id(self.api_key_row(key).project)));
                match projects {
                    Some(Some(KeyProjects::Listed(projects))) => {
                        questions.extend(projects.iter().map(|project| self.question_of_new_key(project)));
                    }
                    Some(_) => {}
                    None => questions.extend(self.further_projects(key).map(|project| self.question_of_new_key(project))),
                }
            }
            Change::MoveResource { resource, project } if self.resource_by_reference(resource).is_some() => {
                questions.push(self.question(ChangeType::RemoveResource.as_str(), Subject::Resource(resource)));
                questions.push(self.question(ChangeType::AddResource.as_str(), Subject::NewResource(project, resource.type_name)));
            }
            _ => {}
        }
        questions
    }

    fn question_of_new_key<'n>(&'n self, project: &'n str) -> Question<'n> {
        self.question(ChangeType::CreateApiKey.as_str(), Subject::Project(project))
    }

    /// The ids of the further projects that a key lists, in byte order.
    fn further_projects(&self, key: ApiKey) -> impl Iterator<Item = &str> {
        let mut further = match self.limits(key).map(|limits| &limits.reach) {
            Some(Reach::Listed(further)) => further.clone(),
            _ => Vec::new(),
        };
        self.sort_projects(&mut further);
        further.into_iter().map(|project| self.project_id(project))
    }

    /// The action that a permission needs, and the object that it is asked of.
    fn question<'n>(&'n self, permission: &str, subject: Subject<'n>) -> Question<'n> {
        let policy = self.policy();
        let nothing = Reference::of_parts("", "");
        let in_project = |project| Reference::of_parts("project", project);
        let of_organization = |organization| Reference::of_parts("organization", organization);
        let api_key = |key| Reference::of_parts(policy.api_key_kind().map_or("", |kind| policy.kind_name(kind)), key);
        let Some(action) = policy.action_for(permission) else { return Question { action: "".into(), resource: nothing } };
        let resource = match subject {
            Subject::Organization(organization) => of_organization(organization),
            Subject::OrganizationOfGroup(group) => {
                let organization = self.group(group).map(|group| self.organization_of_group(group));
                organization.map_or(nothing, |organization| of_organization(self.organization_id(organization)))
            }
            // An action on projects or kinds is asked of the default project.
            Subject::DefaultKey(organization) => match (policy.action(action), self.organization(organization)) {
                (Some(asked), Some(found)) if !matches!(policy.target(asked), Target::Organization | Target::User) => {
                    in_project(self.project_id(self.organization_row(found).default_project))
                }
                _ => of_organization(organization),
            },
            Subject::Project(project) => in_project(project),
            Subject::ApiKey(key) => api_key(key),
            Subject::ProjectOfKey(key) => match self.api_key(key) {
                Some(found) => in_project(self.project_id(self.api_key_row(found).project)),
                None => api_key(key),
            },
            Subject::ProjectOfResource(resource) => {
                let found = self.resource_by_reference(resource);
                found.map_or(nothing, |found| in_project(self.project_id(self.resource_row(found).project)))
            }
            Subject::NewResource(project, kind) => {
                return Question { action: self.action_of_kind(kind, action), resource: in_project(project) };
            }
            Subject::Resource(resource) => match self.resource_by_reference(resource) {
                Some(_) => return Question { action: self.action_of_kind(resource.type_name, action), resource },
                // The resource does not exist, so any kind with the verb gives the same denial.
                None => return Question { action: self.action_of_kind(policy.kind_with_verb(action), action), resource: nothing },
            },
            Subject::Nothing => nothing,
        };
        Question { action: action.into(), resource }
    }

    /// The action of a kind with that verb; the empty one if the kind does not have it.
    fn action_of_kind(&self, kind: &str, verb: &str) -> Cow<'static, str> {
        let action = format!("{kind}.{verb}");
        let target = self.policy().action(&action).map(|action| self.policy().target(action));
        if matches!(target, Some(Target::Kind(_) | Target::NewOfKind(_))) { action.into() } else { "".into() }
    }
}
