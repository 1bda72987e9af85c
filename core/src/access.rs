//! Access: may this principal do this action on this resource? Rules A1 to A24, in the order in which they are evaluated.

use crate::decision::{Caveats, Decision, Reason};
use crate::directory::{ApiKey, ApiKeyRow, Directory, KeyKind, Organization, Project, Resource, ResourceRow, User};
use crate::id::Reference;
use crate::instant::Instant;
use crate::policy::{Action, Kind, OrganizationRole, ProjectRole, Support, Surface, Target};

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
    pub(crate) entry: Entry,
}

/// Which one it is: API keys and other resources have tables of their own.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Entry {
    ApiKey(ApiKey),
    Resource(Resource),
}

impl InProject {
    fn key(self) -> Option<ApiKey> {
        match self.entry {
            Entry::ApiKey(key) => Some(key),
            Entry::Resource(_) => None,
        }
    }
}

/// What a question says beside its names.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Circumstances {
    pub(crate) at: Instant,
    pub(crate) surface: Option<Surface>,
    pub(crate) min_revision: Option<u64>,
    pub(crate) max_age_seconds: Option<u64>,
}

/// A role of either sort.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Role {
    Organization(OrganizationRole),
    Project(ProjectRole),
}

/// A decision before its names are looked up.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Verdict {
    pub(crate) reason: Reason,
    pub(crate) role: Option<Role>,
    pub(crate) organization: Option<Organization>,
    pub(crate) project: Option<Project>,
    pub(crate) caveats: Caveats,
}

impl From<Reason> for Verdict {
    fn from(reason: Reason) -> Self {
        Self { reason, role: None, organization: None, project: None, caveats: Caveats::NONE }
    }
}

/// What a rule finds: so little that it is handed on in registers.
#[derive(Clone, Copy, Debug)]
struct Finding {
    reason: Reason,
    role: Option<Role>,
}

impl From<Reason> for Finding {
    fn from(reason: Reason) -> Self {
        Self { reason, role: None }
    }
}

impl Directory {
    /// Decides, and says why.
    #[must_use]
    pub fn check_access(&self, request: &AccessRequest<'_>) -> Decision<'_> {
        self.explain(&self.decide(request))
    }

    pub(crate) fn explain(&self, verdict: &Verdict) -> Decision<'_> {
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
            caveats: verdict.caveats,
            policy: self.policy_id(),
            revision: self.revision(),
        }
    }

    /// Decides: the `allowed` of [`check_access`](Self::check_access), without the explanation.
    #[must_use]
    pub fn is_allowed(&self, request: &AccessRequest<'_>) -> bool {
        self.decide(request).reason.allows()
    }

    /// [`is_allowed`](Self::is_allowed) of references that are still text, where all that they name is known; `None` where it is not. The clock is looked
    /// at only where it matters.
    #[inline]
    pub(crate) fn is_allowed_by_text(
        &self,
        principal: &str,
        action: &str,
        resource: &str,
        clock: impl FnOnce() -> Option<Instant>,
    ) -> Option<bool> {
        let principal = self.find_principal(Reference::split(principal)?)?;
        let object = self.find_object(Reference::split(resource)?)?;
        let action = self.policy().action(action)?;
        if self.is_timed(principal) {
            return Some(self.is_allowed_at(principal, action, object, clock()?));
        }
        Some(self.is_allowed_in_scope(principal, action, object, None))
    }

    /// [`check_access`](Self::check_access) of references that are still text, where all that they name is known; `None` where it is not.
    pub(crate) fn check_access_by_text(&self, principal: &str, action: &str, resource: &str, at: Instant) -> Option<Decision<'_>> {
        let principal = self.find_principal(Reference::split(principal)?)?;
        let object = self.find_object(Reference::split(resource)?)?;
        let circumstances = Circumstances { at, surface: None, min_revision: None, max_age_seconds: None };
        Some(self.explain(&self.decide_on_found(&circumstances, self.policy().action(action), Some(principal), Some(object))))
    }

    /// [`is_allowed`](Self::is_allowed), once everything is found.
    #[inline]
    pub(crate) fn is_allowed_at(&self, principal: Principal, action: Action, object: Object, at: Instant) -> bool {
        let is_denied = self.is_stale(at, None, None) || self.expect_live_principal(Some(principal), at).is_err();
        !is_denied && self.is_allowed_in_scope(principal, action, object, None)
    }

    pub(crate) fn decide(&self, request: &AccessRequest<'_>) -> Verdict {
        let circumstances = Circumstances {
            at: request.at,
            surface: request.surface,
            min_revision: request.min_revision,
            max_age_seconds: request.max_age_seconds,
        };
        let (action, principal) = (self.policy().action(request.action), self.find_principal(request.principal));
        self.decide_on_found(&circumstances, action, principal, self.find_object(request.resource))
    }

    /// The order of evaluation, with everything looked up before.
    pub(crate) fn decide_on_found(
        &self,
        circumstances: &Circumstances,
        action: Option<Action>,
        principal: Option<Principal>,
        object: Option<Object>,
    ) -> Verdict {
        self.decide_in(circumstances, || action, || principal, || object)
    }

    /// The order of evaluation: A1 to A9. Names are looked up when they are needed.
    #[inline]
    pub(crate) fn decide_in(
        &self,
        circumstances: &Circumstances,
        action: impl FnOnce() -> Option<Action>,
        principal: impl FnOnce() -> Option<Principal>,
        object: impl FnOnce() -> Option<Object>,
    ) -> Verdict {
        let Circumstances { at, surface, min_revision, max_age_seconds } = *circumstances;
        if self.is_stale(at, min_revision, max_age_seconds) {
            return Reason::SnapshotStale.into(); // A1
        }
        let Some(action) = action() else {
            return Reason::UnknownAction.into(); // A2
        };
        let principal = match self.expect_live_principal(principal(), at) {
            Ok(principal) => principal,
            Err(reason) => return reason.into(), // A3, A4, A5
        };
        let Some(object) = object() else {
            return Reason::UnknownResource.into(); // A6
        };
        let (organization, project) = self.scope(object);
        let Finding { reason, role } = self.decide_in_scope(principal, action, object, surface);
        let caveats = if reason.allows() { self.caveats(principal, action, project, surface) } else { Caveats::NONE };
        Verdict { reason, role, organization, project, caveats }
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

    /// Whether it matters when a principal asks: the directory may grow too old (A1), or a key end (A4, A5).
    #[inline]
    pub(crate) fn is_timed(&self, principal: Principal) -> bool {
        let can_end = |key: &ApiKeyRow| key.revoked_at.is_some() || key.expires_at.is_some();
        self.max_age_seconds().is_some() || matches!(principal, Principal::ApiKey(key) if can_end(self.api_key_row(key)))
    }

    /// The principal, unless it is unknown (A3) or a key that has ended (A4, A5).
    #[inline]
    pub(crate) fn find_live_principal(&self, reference: Reference<'_>, at: Instant) -> Result<Principal, Reason> {
        self.expect_live_principal(self.find_principal(reference), at)
    }

    #[inline]
    fn expect_live_principal(&self, found: Option<Principal>, at: Instant) -> Result<Principal, Reason> {
        let principal = found.ok_or(Reason::UnknownPrincipal)?; // A3
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
            Some(kind) if policy.kind_name(kind) == kind_name => self.api_key(id).map(|key| self.key_in_project(kind, key)),
            _ => self
                .resource(id)
                .map(|resource| self.resource_in_project(resource))
                .filter(|found| policy.kind_name(found.kind) == kind_name),
        }
    }

    /// An API key as a resource of the kind that the policy names for them.
    pub(crate) fn key_in_project(&self, kind: Kind, key: ApiKey) -> InProject {
        InProject { kind, project: self.api_key_row(key).project, entry: Entry::ApiKey(key) }
    }

    #[inline]
    pub(crate) fn resource_in_project(&self, resource: Resource) -> InProject {
        let ResourceRow { kind, project } = *self.resource_row(resource);
        InProject { kind, project, entry: Entry::Resource(resource) }
    }

    /// The organization and project that an object belongs to; a user belongs to neither as an object.
    pub(crate) fn scope(&self, object: Object) -> (Option<Organization>, Option<Project>) {
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
    fn decide_in_scope(&self, principal: Principal, action: Action, object: Object, surface: Option<Surface>) -> Finding {
        let policy = self.policy();
        match (policy.target(action), object) {
            (Target::User, Object::User(user)) => decide_on_user(principal, user),
            (Target::Organization, Object::Organization(organization)) => self.decide_on_organization(principal, action, organization),
            (Target::Project, Object::Project(project)) => self.decide_in_project(principal, action, project),
            (Target::Kind(kind) | Target::NewOfKind(kind), Object::Project(project)) => {
                self.decide_on_kind(principal, action, kind, project, surface, None)
            }
            (Target::Kind(kind), Object::InProject(found)) if found.kind == kind => {
                self.decide_on_kind(principal, action, kind, found.project, surface, found.key())
            }
            _ => Reason::ActionNotApplicable.into(), // A7
        }
    }

    /// A10 to A17.
    fn decide_on_organization(&self, principal: Principal, action: Action, organization: Organization) -> Finding {
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
        Finding { reason, role: Some(Role::Organization(role)) }
    }

    /// A8, A24 and the rules of the project.
    fn decide_on_kind(
        &self,
        principal: Principal,
        action: Action,
        kind: Kind,
        project: Project,
        surface: Option<Surface>,
        key: Option<ApiKey>,
    ) -> Finding {
        let surface = surface.unwrap_or_else(|| self.default_surface(principal));
        if self.policy().support(kind, surface) == Support::NotApplicable {
            return Reason::SurfaceNotApplicable.into(); // A8
        }
        if key.is_some_and(|key| self.api_key_row(key).kind == KeyKind::OrganizationDefault) {
            let owner = self.organization_row(self.project_row(project).organization).owner;
            if principal != Principal::User(owner) {
                return Reason::OwnerOnly.into(); // A24
            }
        }
        self.decide_in_project(principal, action, project)
    }

    /// A19 to A23.
    fn decide_in_project(&self, principal: Principal, action: Action, project: Project) -> Finding {
        match principal {
            Principal::User(user) => self.decide_for_user(user, action, project),
            Principal::ApiKey(key) if self.api_key_row(key).project != project => Reason::KeyOutOfScope.into(), // A22
            Principal::ApiKey(_) if self.policy().api_key_has(action) => Reason::ApiKeyScope.into(),            // A23
            Principal::ApiKey(_) => Reason::KeyLacksPermission.into(),                                          // A23
        }
    }

    /// A19 to A21.
    fn decide_for_user(&self, user: User, action: Action, project: Project) -> Finding {
        let (role, source) = match self.effective_role(user, project) {
            Ok(effective) => effective,
            Err(reason) => return reason.into(),
        };
        let reason = if self.policy().project_role_has(role, action) { source } else { Reason::RoleLacksPermission };
        Finding { reason, role: Some(Role::Project(role)) }
    }

    /// The role that counts for a user in a project and where it comes from, or why there is none (A19 to A21).
    #[inline]
    pub(crate) fn effective_role(&self, user: User, project: Project) -> Result<(ProjectRole, Reason), Reason> {
        let policy = self.policy();
        let row = self.project_row(project);
        let explicit = self.collaborator_role(project, user);
        match (self.membership(user, row.organization), explicit) {
            (Some(member), explicit) => {
                // A19: roles are numbered strongest first, and of equal ones the first is kept.
                let mut strongest = explicit.map(|role| (role, Reason::ProjectRole));
                let mut weigh = |role: Option<ProjectRole>, source| {
                    if let Some(role) = role
                        && strongest.is_none_or(|(other, _)| role < other)
                    {
                        strongest = Some((role, source));
                    }
                };
                weigh(policy.implied_role(member), Reason::OrganizationRole);
                weigh(policy.default_project_role().filter(|_| row.is_default), Reason::DefaultProject);
                strongest.ok_or(Reason::NotACollaborator) // A19
            }
            (None, None) => Err(Reason::NotACollaborator), // A20
            (None, Some(_)) if !row.allows_externals => Err(Reason::ExternalCollaboratorsDisabled), // A21
            (None, Some(role)) => Ok((role, Reason::ExternalCollaborator)), // A21
        }
    }

    /// What to know about an allowed action on a kind that the platform does not scope to projects.
    fn caveats(&self, principal: Principal, action: Action, project: Option<Project>, surface: Option<Surface>) -> Caveats {
        let policy = self.policy();
        let (Target::Kind(kind) | Target::NewOfKind(kind), Some(project)) = (policy.target(action), project) else { return Caveats::NONE };
        if policy.support(kind, surface.unwrap_or_else(|| self.default_surface(principal))) == Support::Supported {
            return Caveats::NONE;
        }
        let is_external = match principal {
            Principal::User(user) => self.membership(user, self.project_row(project).organization).is_none(),
            Principal::ApiKey(key) => self.external_creator(key).is_some(),
        };
        match (is_external, self.is_default_project(project)) {
            (true, _) => Caveats::ELSEWHERE,
            (false, false) => Caveats::TO_DEFAULT,
            (false, true) => Caveats::HERE,
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
fn decide_on_user(principal: Principal, user: User) -> Finding {
    let is_self = principal == Principal::User(user);
    if is_self { Reason::Myself.into() } else { Reason::NotSelf.into() }
}
