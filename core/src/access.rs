//! Access: may this principal do this action on this resource? Rules A1 to A24, in the order in which they are evaluated.

use serde::Serialize;

use crate::code::codes;
use crate::directory::{ApiKey, Directory, KeyKind, Organization, Project, User};
use crate::id::Reference;
use crate::instant::Instant;
use crate::policy::{Action, Kind, OrganizationRole, ProjectRole, Support, Surface, Target};

codes! {
    /// Why a decision is what it is: the first rule that applied.
    pub enum Reason {
        /// A1, deny: the directory is older than it or the caller allows.
        SnapshotStale = "snapshot_stale",
        /// A2, deny: the policy has no such action.
        UnknownAction = "unknown_action",
        /// A3, deny: the principal is not in the directory.
        UnknownPrincipal = "unknown_principal",
        /// A4, deny: the API key is revoked.
        KeyRevoked = "key_revoked",
        /// A5, deny: the API key is expired.
        KeyExpired = "key_expired",
        /// A6, deny: the resource is not in the directory.
        UnknownResource = "unknown_resource",
        /// A7, deny: the action cannot be done to that type of resource.
        ActionNotApplicable = "action_not_applicable",
        /// A8, deny: the kind does not exist on the surface.
        SurfaceNotApplicable = "surface_not_applicable",
        /// A10, allow: the owner, by the policy's owner permissions.
        Owner = "owner",
        /// A11 and A24, deny: for the owner alone.
        OwnerOnly = "owner_only",
        /// A12 and A19, allow: by the organization role, or by the project role that it implies.
        OrganizationRole = "organization_role",
        /// A13, A19 and A21, deny: the role does not have the action.
        RoleLacksPermission = "role_lacks_permission",
        /// A14 and A21, allow: as an external collaborator.
        ExternalCollaborator = "external_collaborator",
        /// A14, deny: external collaborators do not have this action on the organization.
        ExternalNoOrganizationAccess = "external_no_organization_access",
        /// A15 and A21, deny: the project does not allow externals, so that the row has no effect.
        ExternalCollaboratorsDisabled = "external_collaborators_disabled",
        /// A16, deny: the user has nothing to do with the organization.
        NotAMember = "not_a_member",
        /// A17 and A22, deny: an API key reaches nothing outside its project.
        KeyOutOfScope = "key_out_of_scope",
        /// A18, allow: the user's own.
        Myself = "self",
        /// A18, deny: another user's.
        NotSelf = "not_self",
        /// A19, allow: by the explicit collaborator row.
        ProjectRole = "project_role",
        /// A19, allow: by the role that every member has in the default project.
        DefaultProject = "default_project",
        /// A19 and A20, deny: no role in the project.
        NotACollaborator = "not_a_collaborator",
        /// A23, allow: an API key in its project.
        ApiKeyScope = "api_key_scope",
        /// A23, deny: API keys do not have this action.
        KeyLacksPermission = "key_lacks_permission",
    }
}

impl Reason {
    /// Whether a decision for this reason allows.
    #[must_use]
    pub const fn allows(self) -> bool {
        matches!(
            self,
            Self::Owner
                | Self::OrganizationRole
                | Self::ExternalCollaborator
                | Self::Myself
                | Self::ProjectRole
                | Self::DefaultProject
                | Self::ApiKeyScope
        )
    }
}

codes! {
    /// What an allowed principal should know of a kind that is not scoped to projects on the surface.
    pub enum Caveat {
        /// Views and listings may show the whole organization's resources, or only the default project's.
        NotProjectAware = "not_project_aware",
        /// The usage is booked to the organization's default project.
        UsageAttributedToDefaultProject = "usage_attributed_to_default_project",
        /// The usage may be booked to the external collaborator's own organization.
        UsageMayLeaveOrganization = "usage_may_leave_organization",
    }
}

/// A question: may `principal` do `action` on `resource`?
#[derive(Clone, Copy, Debug)]
pub struct AccessRequest<'r> {
    /// `user:<id>` or `api_key:<id>`.
    pub principal: Reference<'r>,
    /// An action of the policy.
    pub action: &'r str,
    /// `organization:<id>`, `project:<id>`, `user:<id>`, `api_key:<id>` or `<kind>:<id>`.
    pub resource: Reference<'r>,
    /// The instant for which the question is asked.
    pub at: Instant,
    pub(crate) surface: Option<Surface>,
    pub(crate) min_revision: Option<u64>,
    pub(crate) max_age_seconds: Option<u64>,
}

impl<'r> AccessRequest<'r> {
    /// A question on the principal's default surface, from a directory of any revision.
    #[must_use]
    pub const fn new(principal: Reference<'r>, action: &'r str, resource: Reference<'r>, at: Instant) -> Self {
        Self { principal, action, resource, at, surface: None, min_revision: None, max_age_seconds: None }
    }
}

/// An answer that explains itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Decision<'d> {
    /// Whether the principal may.
    pub allowed: bool,
    /// The first rule that applied.
    pub reason: Reason,
    /// The role that counted; none where no role was involved.
    pub role: Option<&'d str>,
    /// The resource's organization, as soon as the resource is known (A7 and later).
    pub organization: Option<&'d str>,
    /// The resource's project, likewise.
    pub project: Option<&'d str>,
    /// What to know about an allowed action on a kind that is not scoped to projects.
    pub caveats: Caveats,
    /// The policy that was applied.
    pub policy: &'d str,
    /// The revision of the directory that answered.
    pub revision: u64,
}

/// A decision that denies, apart from the directory that made it. (What denies has no caveats.)
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Denial {
    reason: Reason,
    role: Option<String>,
    organization: Option<String>,
    project: Option<String>,
    policy: String,
    revision: u64,
}

impl From<&Decision<'_>> for Denial {
    fn from(decision: &Decision<'_>) -> Self {
        Self {
            reason: decision.reason,
            role: decision.role.map(str::to_owned),
            organization: decision.organization.map(str::to_owned),
            project: decision.project.map(str::to_owned),
            policy: decision.policy.to_owned(),
            revision: decision.revision,
        }
    }
}

impl Denial {
    pub(crate) fn as_decision(&self) -> Decision<'_> {
        Decision {
            allowed: false,
            reason: self.reason,
            role: self.role.as_deref(),
            organization: self.organization.as_deref(),
            project: self.project.as_deref(),
            caveats: Caveats::default(),
            policy: &self.policy,
            revision: self.revision,
        }
    }
}

/// The caveats of one decision, in their order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Caveats(&'static [Caveat]);

impl Caveats {
    /// The caveats as a list.
    #[must_use]
    pub const fn as_slice(self) -> &'static [Caveat] {
        self.0
    }
}

/// Who asks, once found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Principal {
    User(User),
    ApiKey(ApiKey),
}

/// Something that is asked about, once found.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Object {
    User(User),
    Organization(Organization),
    Project(Project),
    InProject(InProject),
}

/// A resource in a project: one of a kind, or an API key, which is one too.
#[derive(Clone, Copy, Debug)]
pub(crate) struct InProject {
    pub(crate) kind: Kind,
    pub(crate) project: Project,
    pub(crate) key: Option<ApiKey>,
}

/// A role of either sort.
#[derive(Clone, Copy, Debug)]
enum Role {
    Organization(OrganizationRole),
    Project(ProjectRole),
}

/// A decision before its names are looked up.
#[derive(Clone, Copy, Debug)]
struct Verdict {
    reason: Reason,
    role: Option<Role>,
    organization: Option<Organization>,
    project: Option<Project>,
    caveats: &'static [Caveat],
}

impl From<Reason> for Verdict {
    fn from(reason: Reason) -> Self {
        Self { reason, role: None, organization: None, project: None, caveats: &[] }
    }
}

impl Directory {
    /// Decides, and says why.
    #[must_use]
    pub fn check_access(&self, request: &AccessRequest<'_>) -> Decision<'_> {
        let verdict = self.decide(request);
        let policy = self.policy();
        Decision {
            allowed: verdict.reason.allows(),
            reason: verdict.reason,
            role: verdict.role.map(|role| match role {
                Role::Organization(role) => policy.organization_role_name(role),
                Role::Project(role) => policy.project_role_name(role),
            }),
            organization: verdict.organization.map(|organization| self.organization_id(organization)),
            project: verdict.project.map(|project| self.project_id(project)),
            caveats: Caveats(verdict.caveats),
            policy: self.policy_id(),
            revision: self.revision(),
        }
    }

    /// Decides: the `allowed` of [`check_access`](Self::check_access), without the explanation.
    #[must_use]
    pub fn is_allowed(&self, request: &AccessRequest<'_>) -> bool {
        self.decide(request).reason.allows()
    }

    /// The order of evaluation: A1 to A9.
    fn decide(&self, request: &AccessRequest<'_>) -> Verdict {
        if self.is_stale(request.at, request.min_revision, request.max_age_seconds) {
            return Reason::SnapshotStale.into(); // A1
        }
        let Some(action) = self.policy().action(request.action) else {
            return Reason::UnknownAction.into(); // A2
        };
        let principal = match self.find_live_principal(request.principal, request.at) {
            Ok(principal) => principal,
            Err(reason) => return reason.into(), // A3, A4, A5
        };
        let Some(object) = self.find_object(request.resource) else {
            return Reason::UnknownResource.into(); // A6
        };
        let (organization, project) = self.scope(object);
        let verdict = self.decide_in_scope(principal, action, object, request.surface);
        Verdict { organization, project, ..verdict }
    }

    /// A1: too old by the directory's own word, or for this caller.
    #[inline]
    pub(crate) fn is_stale(&self, at: Instant, min_revision: Option<u64>, max_age_seconds: Option<u64>) -> bool {
        let is_older_than = |seconds| self.issued_at().map(|issued_at| issued_at.is_older_than(seconds, at));
        self.max_age_seconds().and_then(is_older_than).unwrap_or(false)
            || min_revision.is_some_and(|revision| revision > self.revision())
            // Without `issued_at`, no age is young enough for a caller who names one.
            || max_age_seconds.is_some_and(|seconds| is_older_than(seconds).unwrap_or(true))
    }

    /// The principal, unless it is unknown (A3) or a key that has ended (A4, A5).
    #[inline]
    pub(crate) fn find_live_principal(&self, reference: Reference<'_>, at: Instant) -> Result<Principal, Reason> {
        let principal = self.find_principal(reference).ok_or(Reason::UnknownPrincipal)?; // A3
        if let Principal::ApiKey(key) = principal {
            self.expect_live(key, at)?;
        }
        Ok(principal)
    }

    /// A4 and A5: why a key is of no use, if it is not.
    #[inline]
    pub(crate) fn expect_live(&self, key: ApiKey, at: Instant) -> Result<(), Reason> {
        let key = self.api_key_row(key);
        if key.revoked_at.is_some_and(|revoked_at| revoked_at <= at) {
            return Err(Reason::KeyRevoked); // A4
        }
        if key.expires_at.is_some_and(|expires_at| expires_at <= at) {
            return Err(Reason::KeyExpired); // A5
        }
        Ok(())
    }

    #[inline]
    pub(crate) fn find_principal(&self, reference: Reference<'_>) -> Option<Principal> {
        match reference.type_name {
            "user" => self.user(reference.id).map(Principal::User),
            "api_key" => self.api_key(reference.id).map(Principal::ApiKey),
            _ => None,
        }
    }

    #[inline]
    pub(crate) fn find_object(&self, reference: Reference<'_>) -> Option<Object> {
        match reference.type_name {
            "user" => self.user(reference.id).map(Object::User),
            "organization" => self.organization(reference.id).map(Object::Organization),
            "project" => self.project(reference.id).map(Object::Project),
            kind => self.find_in_project(kind, reference.id).map(Object::InProject),
        }
    }

    /// A resource by its kind and id. API keys are resources of the kind that the policy names for them.
    #[inline]
    pub(crate) fn find_in_project(&self, kind_name: &str, id: &str) -> Option<InProject> {
        let policy = self.policy();
        match policy.api_key_kind() {
            Some(kind) if policy.kind_name(kind) == kind_name => {
                self.api_key(id).map(|key| InProject { kind, project: self.api_key_row(key).project, key: Some(key) })
            }
            _ => self.resource_of_kind(kind_name, id).map(|row| InProject { kind: row.kind, project: row.project, key: None }),
        }
    }

    /// The organization and project that an object belongs to; a user belongs to neither as an object.
    fn scope(&self, object: Object) -> (Option<Organization>, Option<Project>) {
        match object {
            Object::User(_) => (None, None),
            Object::Organization(organization) => (Some(organization), None),
            Object::Project(project) | Object::InProject(InProject { project, .. }) => {
                (Some(self.project_row(project).organization), Some(project))
            }
        }
    }

    /// A7 and everything after it: whether a principal who has been found may do an action on an object that has been found.
    pub(crate) fn is_allowed_in_scope(&self, principal: Principal, action: Action, object: Object, surface: Option<Surface>) -> bool {
        self.decide_in_scope(principal, action, object, surface).reason.allows()
    }

    /// A7 and A8, and then the rules of the scope that the action belongs to.
    fn decide_in_scope(&self, principal: Principal, action: Action, object: Object, surface: Option<Surface>) -> Verdict {
        let policy = self.policy();
        match (policy.target(action), object) {
            (Target::User, Object::User(user)) => decide_on_user(principal, user),
            (Target::Organization, Object::Organization(organization)) => self.decide_on_organization(principal, action, organization),
            (Target::Project, Object::Project(project)) => self.decide_in_project(principal, action, project),
            (Target::Kind(kind) | Target::NewOfKind(kind), Object::Project(project)) => {
                self.decide_on_kind(principal, action, kind, project, surface, None)
            }
            (Target::Kind(kind), Object::InProject(found)) if found.kind == kind => {
                self.decide_on_kind(principal, action, kind, found.project, surface, found.key)
            }
            _ => Reason::ActionNotApplicable.into(), // A7
        }
    }

    /// A10 to A17.
    fn decide_on_organization(&self, principal: Principal, action: Action, organization: Organization) -> Verdict {
        let policy = self.policy();
        let Principal::User(user) = principal else {
            return Reason::KeyOutOfScope.into(); // A17
        };
        let Some(role) = self.membership(user, organization) else {
            return match self.external_standing(organization, user) {
                Some(true) if policy.external_has(action) => Reason::ExternalCollaborator, // A14
                Some(true) => Reason::ExternalNoOrganizationAccess,                        // A14
                Some(false) => Reason::ExternalCollaboratorsDisabled,                      // A15
                None => Reason::NotAMember,                                                // A16
            }
            .into();
        };
        let reason = if policy.owner_has(action) {
            let is_owner = self.organization_row(organization).owner == user;
            if is_owner { Reason::Owner } else { Reason::OwnerOnly } // A10, A11
        } else if policy.organization_role_has(role, action) {
            Reason::OrganizationRole // A12
        } else {
            Reason::RoleLacksPermission // A13
        };
        Verdict { role: Some(Role::Organization(role)), ..reason.into() }
    }

    /// A8, A24 and the rules of the project, with the caveats of what they allow.
    fn decide_on_kind(
        &self,
        principal: Principal,
        action: Action,
        kind: Kind,
        project: Project,
        surface: Option<Surface>,
        key: Option<ApiKey>,
    ) -> Verdict {
        let surface = surface.unwrap_or_else(|| self.default_surface(principal));
        let support = self.policy().support(kind, surface);
        if support == Support::NotApplicable {
            return Reason::SurfaceNotApplicable.into(); // A8
        }
        if key.is_some_and(|key| self.api_key_row(key).kind == KeyKind::OrganizationDefault) {
            let owner = self.organization_row(self.project_row(project).organization).owner;
            if principal != Principal::User(owner) {
                return Reason::OwnerOnly.into(); // A24
            }
        }
        let verdict = self.decide_in_project(principal, action, project);
        if support == Support::Supported || !verdict.reason.allows() {
            return verdict;
        }
        Verdict { caveats: self.caveats(principal, project), ..verdict }
    }

    /// A19 to A23.
    fn decide_in_project(&self, principal: Principal, action: Action, project: Project) -> Verdict {
        match principal {
            Principal::User(user) => self.decide_for_user(user, action, project),
            Principal::ApiKey(key) if self.api_key_row(key).project != project => Reason::KeyOutOfScope.into(), // A22
            Principal::ApiKey(_) if self.policy().api_key_has(action) => Reason::ApiKeyScope.into(),            // A23
            Principal::ApiKey(_) => Reason::KeyLacksPermission.into(),                                          // A23
        }
    }

    /// A19 to A21.
    fn decide_for_user(&self, user: User, action: Action, project: Project) -> Verdict {
        let (role, source) = match self.effective_role(user, project) {
            Ok(effective) => effective,
            Err(reason) => return reason.into(),
        };
        let reason = if self.policy().project_role_has(role, action) { source } else { Reason::RoleLacksPermission };
        Verdict { role: Some(Role::Project(role)), ..reason.into() }
    }

    /// The role that counts for a user in a project and where it comes from, or why there is none (A19 to A21).
    #[inline]
    pub(crate) fn effective_role(&self, user: User, project: Project) -> Result<(ProjectRole, Reason), Reason> {
        let policy = self.policy();
        let row = self.project_row(project);
        let explicit = self.collaborator_role(project, user);
        match (self.membership(user, row.organization), explicit) {
            (Some(member), explicit) => {
                let implied = policy.implied_role(member);
                let automatic = policy.default_project_role().filter(|_| row.is_default);
                let sources = [(explicit, Reason::ProjectRole), (implied, Reason::OrganizationRole), (automatic, Reason::DefaultProject)];
                // A19: roles are numbered strongest first, and of equal ones the first is kept.
                let strongest = sources.into_iter().filter_map(|(role, source)| Some((role?, source))).min_by_key(|(role, _)| *role);
                strongest.ok_or(Reason::NotACollaborator) // A19
            }
            (None, None) => Err(Reason::NotACollaborator), // A20
            (None, Some(_)) if !row.allows_externals => Err(Reason::ExternalCollaboratorsDisabled), // A21
            (None, Some(role)) => Ok((role, Reason::ExternalCollaborator)), // A21
        }
    }

    /// What to know about an allowed action on a kind that the platform does not scope to projects.
    fn caveats(&self, principal: Principal, project: Project) -> &'static [Caveat] {
        const HERE: &[Caveat] = &[Caveat::NotProjectAware];
        const TO_DEFAULT: &[Caveat] = &[Caveat::NotProjectAware, Caveat::UsageAttributedToDefaultProject];
        const ELSEWHERE: &[Caveat] = &[Caveat::NotProjectAware, Caveat::UsageMayLeaveOrganization];
        let is_external = match principal {
            Principal::User(user) => self.membership(user, self.project_row(project).organization).is_none(),
            Principal::ApiKey(key) => self.external_creator(key).is_some(),
        };
        match (is_external, self.is_default_project(project)) {
            (true, _) => ELSEWHERE,
            (false, false) => TO_DEFAULT,
            (false, true) => HERE,
        }
    }

    /// The surface that a request means when it names none.
    pub(crate) fn default_surface(&self, principal: Principal) -> Surface {
        match principal {
            Principal::User(_) => self.policy().user_surface(),
            Principal::ApiKey(_) => self.policy().api_key_surface(),
        }
    }
}

/// A18.
fn decide_on_user(principal: Principal, user: User) -> Verdict {
    let is_self = principal == Principal::User(user);
    if is_self { Reason::Myself.into() } else { Reason::NotSelf.into() }
}
