//! The policy as tables: names are indices, and permissions are bit sets.

use std::sync::Arc;

use crate::collections::hasher::Hasher;
use crate::collections::names::Names;
use crate::collections::table::Table;
#[cfg(feature = "insight")]
use crate::input::json_text::JsonText;

use super::action_set::ActionSet;
use super::document::{PolicyDocument, RoleCombination, Support};
use super::indices::{Action, Kind, OrganizationRole, ProjectRole, Scope, Surface, Target, Visibility};
use super::roles::Roles;
use super::suspension::Unsuspended;
use super::visibilities::VisibilityRow;

#[derive(Debug)]
pub(super) struct KindRow {
    pub(super) support: Table<Surface, Support>,
    pub(super) usage_by_api_key: bool,
}

/// A compiled policy: names are indices, and permissions are bit sets.
#[derive(Debug)]
pub(crate) struct Policy {
    pub(super) document: Arc<PolicyDocument>,
    pub(super) built_in: bool,
    pub(super) hasher: Hasher,
    pub(super) surfaces: Names<Surface>,
    pub(super) books_to_default_project: Table<Surface, bool>,
    pub(super) user_surface: Surface,
    pub(super) api_key_surface: Surface,
    pub(super) organization_roles: Names<OrganizationRole>,
    pub(super) implied_roles: Table<OrganizationRole, Option<ProjectRole>>,
    pub(super) organization_permissions: Table<OrganizationRole, ActionSet>,
    pub(super) project_roles: Names<ProjectRole>,
    /// The project roles that have each action.
    pub(super) roles_with: Table<Action, Roles>,
    pub(super) default_roles: Table<OrganizationRole, Option<ProjectRole>>,
    pub(super) role_combination: RoleCombination,
    pub(super) actions: Names<Action>,
    pub(super) targets: Table<Action, Target>,
    pub(super) owner_permissions: ActionSet,
    pub(super) external_permissions: ActionSet,
    pub(super) api_key_permissions: ActionSet,
    /// The actions that no external collaborator has (A21).
    pub(super) internal_actions: ActionSet,
    pub(super) kinds: Names<Kind>,
    pub(super) kind_rows: Table<Kind, KindRow>,
    /// The place of each kind in the byte order of references.
    pub(super) kind_ranks: Table<Kind, u32>,
    pub(super) visibilities: Names<Visibility>,
    /// At least one: without visibilities, the one that changes nothing.
    pub(super) visibility_rows: Table<Visibility, VisibilityRow>,
    /// Whether any visibility gives actions to members.
    pub(super) has_visible_actions: bool,
    /// Whether organization roles imply project roles in every visibility.
    pub(super) always_implies_roles: bool,
    pub(super) scopes: Names<Scope>,
    pub(super) scope_actions: Table<Scope, ActionSet>,
    pub(super) unsuspended: Unsuspended,
    pub(super) api_key_kind: Option<Kind>,
    pub(super) collaborator_role: ProjectRole,
    /// The permissions to make changes, with the action or verb that each needs.
    pub(super) changes: Vec<(Box<str>, Box<str>)>,
}

impl Policy {
    pub(crate) fn id(&self) -> &str {
        &self.document.id
    }

    pub(crate) fn document(&self) -> &Arc<PolicyDocument> {
        &self.document
    }

    /// The document as JSON.
    #[cfg(feature = "insight")]
    pub(crate) fn to_json(&self) -> JsonText {
        JsonText::of(&self.document)
    }

    pub(crate) fn is_built_in(&self) -> bool {
        self.built_in
    }

    // Names in requests and directories.

    #[inline]
    pub(crate) fn action(&self, name: &str) -> Option<Action> {
        self.actions.find(&self.hasher, name)
    }

    #[inline]
    pub(crate) fn kind(&self, name: &str) -> Option<Kind> {
        self.kinds.find(&self.hasher, name)
    }

    /// A kind of resources: any kind but that of API keys.
    pub(crate) fn resource_kind(&self, name: &str) -> Option<Kind> {
        self.kind(name).filter(|kind| self.api_key_kind != Some(*kind))
    }

    /// The kind of that number, unless it is that of API keys.
    pub(crate) fn resource_kind_at(&self, number: u16) -> Option<Kind> {
        let kind = Kind::from(u32::from(number));
        ((number as usize) < self.kind_rows.len() && self.api_key_kind != Some(kind)).then_some(kind)
    }

    /// The action of that number.
    #[inline]
    pub(crate) fn action_at(&self, number: u32) -> Option<Action> {
        self.targets.at(number)
    }

    /// The surface of that number.
    pub(crate) fn surface_at(&self, number: u32) -> Option<Surface> {
        self.books_to_default_project.at(number)
    }

    /// The organization role of that number.
    pub(crate) fn organization_role_at(&self, number: u8) -> Option<OrganizationRole> {
        ((number as usize) < self.implied_roles.len()).then(|| OrganizationRole::from(u32::from(number)))
    }

    /// The project role of that number.
    pub(crate) fn project_role_at(&self, number: u8) -> Option<ProjectRole> {
        ((number as usize) < self.project_roles.len()).then(|| ProjectRole::from(u32::from(number)))
    }

    /// The name of a kind that has the verb.
    pub(crate) fn kind_with_verb(&self, verb: &str) -> &str {
        self.document.kinds.iter().find(|kind| kind.has_verb(verb)).map_or("", |kind| &kind.kind)
    }

    pub(crate) fn surface(&self, name: &str) -> Option<Surface> {
        self.surfaces.find(&self.hasher, name)
    }

    pub(crate) fn organization_role(&self, name: &str) -> Option<OrganizationRole> {
        self.organization_roles.find(&self.hasher, name)
    }

    pub(crate) fn project_role(&self, name: &str) -> Option<ProjectRole> {
        self.project_roles.find(&self.hasher, name)
    }

    #[inline]
    pub(crate) fn kind_name(&self, kind: Kind) -> &str {
        self.kinds.name(kind)
    }

    pub(crate) fn organization_role_name(&self, role: OrganizationRole) -> &str {
        self.organization_roles.name(role)
    }

    pub(crate) fn project_role_name(&self, role: ProjectRole) -> &str {
        self.project_roles.name(role)
    }

    // Surfaces and support.

    /// The surface of a user's request that names none.
    pub(crate) fn user_surface(&self) -> Surface {
        self.user_surface
    }

    /// The surface of an API key's request that names none.
    pub(crate) fn api_key_surface(&self) -> Surface {
        self.api_key_surface
    }

    pub(crate) fn books_to_default_project(&self, surface: Surface) -> bool {
        self.books_to_default_project[surface]
    }

    #[inline]
    pub(crate) fn support(&self, kind: Kind, surface: Surface) -> Support {
        self.kind_rows[kind].support[surface]
    }

    pub(crate) fn is_supported_anywhere(&self, kind: Kind) -> bool {
        self.kind_rows[kind].support.iter().any(|(_, support)| *support == Support::Supported)
    }

    pub(crate) fn reports_usage_by_api_key(&self, kind: Kind) -> bool {
        self.kind_rows[kind].usage_by_api_key
    }

    /// The kind of API keys, if the policy has one.
    pub(crate) fn api_key_kind(&self) -> Option<Kind> {
        self.api_key_kind
    }

    // Changes.

    /// The action that a permission to make changes needs, or the verb if it needs one. If there is none, no actor has the permission.
    pub(crate) fn action_for(&self, permission: &str) -> Option<&str> {
        self.changes.iter().find(|(other, _)| **other == *permission).map(|(_, action)| action.as_ref())
    }

    /// The role of a new member, if none is named.
    pub(crate) fn weakest_organization_role(&self) -> OrganizationRole {
        // INVARIANT: an organization has an owner, so the policy has at least one organization role.
        self.organization_roles.iter().last().map_or(OrganizationRole::STRONGEST, |(role, _)| role)
    }

    /// INVARIANT: a policy has at least one project role, that of new collaborators.
    pub(crate) fn weakest_project_role(&self) -> ProjectRole {
        self.project_roles.iter().last().map_or(ProjectRole::STRONGEST, |(role, _)| role)
    }

    /// The names of all organization roles, the weakest first.
    #[cfg(feature = "insight")]
    pub(crate) fn organization_roles_from_the_weakest(&self) -> impl Iterator<Item = &str> {
        self.organization_roles.iter().map(|(_, name)| name).collect::<Vec<_>>().into_iter().rev()
    }

    /// The names of all project roles, the weakest first.
    #[cfg(feature = "insight")]
    pub(crate) fn project_roles_from_the_weakest(&self) -> impl Iterator<Item = &str> {
        self.project_roles.iter().map(|(_, name)| name).collect::<Vec<_>>().into_iter().rev()
    }

    /// The role of a new collaborator.
    pub(crate) fn collaborator_role(&self) -> ProjectRole {
        self.collaborator_role
    }

    /// All kinds with their names.
    pub(crate) fn kinds(&self) -> impl Iterator<Item = (Kind, &str)> {
        self.kinds.iter()
    }

    pub(crate) fn surface_name(&self, surface: Surface) -> &str {
        self.surfaces.name(surface)
    }

    /// All surfaces.
    pub(crate) fn surfaces(&self) -> impl Iterator<Item = Surface> {
        self.surfaces.iter().map(|(surface, _)| surface)
    }

    /// All actions with their names.
    pub(crate) fn actions(&self) -> impl Iterator<Item = (Action, &str)> {
        self.actions.iter()
    }

    pub(crate) fn action_name(&self, action: Action) -> &str {
        self.actions.name(action)
    }

    /// Sorts actions by their names.
    pub(crate) fn sort_actions(&self, actions: &mut [Action]) {
        self.actions.sort(actions);
    }

    // Roles and permissions.

    #[inline]
    pub(crate) fn target(&self, action: Action) -> Target {
        self.targets[action]
    }

    /// The project role that an organization role implies in every project.
    #[inline]
    pub(crate) fn implied_role(&self, role: OrganizationRole) -> Option<ProjectRole> {
        self.implied_roles[role]
    }

    /// The project role that members with an organization role have in the default project.
    #[inline]
    pub(crate) fn default_project_role(&self, role: OrganizationRole) -> Option<ProjectRole> {
        self.default_roles[role]
    }

    /// How several roles in one project count (A19).
    #[inline]
    pub(crate) fn role_combination(&self) -> RoleCombination {
        self.role_combination
    }

    /// Whether a user may be a member of several organizations.
    pub(crate) fn has_multiple_organizations(&self) -> bool {
        self.document.multiple_organizations
    }

    /// Whether only the owner has access to the organization default key (A24).
    pub(crate) fn is_default_key_owner_only(&self) -> bool {
        self.document.default_key_owner_only
    }

    #[inline]
    pub(crate) fn organization_role_has(&self, role: OrganizationRole, action: Action) -> bool {
        self.organization_permissions[role].contains(action)
    }

    #[inline]
    pub(crate) fn project_role_has(&self, role: ProjectRole, action: Action) -> bool {
        self.roles_with(action).contains(role)
    }

    /// The project roles that have an action.
    #[inline]
    pub(crate) fn roles_with(&self, action: Action) -> Roles {
        self.roles_with[action]
    }

    /// Whether no external collaborator has an action on projects or kinds (A21).
    #[inline]
    pub(crate) fn is_internal(&self, action: Action) -> bool {
        self.internal_actions.contains(action)
    }

    // Visibilities, scopes and suspension.

    pub(crate) fn visibility(&self, name: &str) -> Option<Visibility> {
        self.visibilities.find(&self.hasher, name)
    }

    /// The visibility of that number. Without visibilities, there is the one that changes nothing.
    pub(crate) fn visibility_at(&self, number: u8) -> Option<Visibility> {
        self.visibility_rows.at(number.into())
    }

    /// The name of a visibility; `None` if the policy has no visibilities.
    pub(crate) fn visibility_name(&self, visibility: Visibility) -> Option<&str> {
        (!self.document.visibilities.is_empty()).then(|| self.visibilities.name(visibility))
    }

    /// Whether organization roles imply project roles in projects of that visibility.
    #[inline]
    pub(crate) fn implies_roles(&self, visibility: Visibility) -> bool {
        self.visibility_rows[visibility].implies_roles
    }

    /// Whether an organization role implies a project role in every project, whatever its visibility.
    pub(crate) fn implies_role_everywhere(&self, role: OrganizationRole) -> bool {
        self.always_implies_roles && self.implied_role(role).is_some()
    }

    /// Whether a visibility gives an action to members with an organization role (A28).
    #[inline]
    pub(crate) fn visibility_gives(&self, visibility: Visibility, role: OrganizationRole, action: Action) -> bool {
        self.has_visible_actions && self.visibility_rows[visibility].gives(role, action)
    }

    /// The project role with which members join a project of that visibility by themselves, by their organization role (C20).
    pub(crate) fn joining_role(&self, visibility: Visibility, role: OrganizationRole) -> Option<ProjectRole> {
        self.visibility_rows[visibility].joining_role(role)
    }

    /// Whether any visibility gives actions to members.
    pub(crate) fn has_visible_actions(&self) -> bool {
        self.has_visible_actions
    }

    /// All visibilities, in their order; one that changes nothing if the policy has none.
    #[cfg(feature = "insight")]
    pub(crate) fn visibilities(&self) -> impl Iterator<Item = Visibility> {
        self.visibility_rows.iter().map(|(visibility, _)| visibility)
    }

    /// All scopes of API keys.
    #[cfg(feature = "insight")]
    pub(crate) fn scopes(&self) -> impl Iterator<Item = Scope> {
        self.scopes.iter().map(|(scope, _)| scope)
    }

    /// All project roles, strongest first.
    #[cfg(feature = "insight")]
    pub(crate) fn project_roles(&self) -> impl Iterator<Item = ProjectRole> {
        self.project_roles.iter().map(|(role, _)| role)
    }

    /// All organization roles, strongest first.
    #[cfg(feature = "insight")]
    pub(crate) fn organization_roles(&self) -> impl Iterator<Item = OrganizationRole> {
        self.organization_roles.iter().map(|(role, _)| role)
    }

    pub(crate) fn scope(&self, name: &str) -> Option<Scope> {
        self.scopes.find(&self.hasher, name)
    }

    /// The scope of that number.
    pub(crate) fn scope_at(&self, number: u32) -> Option<Scope> {
        self.scope_actions.at(number)
    }

    pub(crate) fn scope_name(&self, scope: Scope) -> &str {
        self.scopes.name(scope)
    }

    /// Sorts scopes by their names.
    pub(crate) fn sort_scopes(&self, scopes: &mut [Scope]) {
        self.scopes.sort(scopes);
    }

    /// The scopes sorted by their names, each once.
    pub(crate) fn set_of_scopes(&self, mut scopes: Vec<Scope>) -> Vec<Scope> {
        self.sort_scopes(&mut scopes);
        scopes.dedup();
        scopes
    }

    /// Whether a scope permits an action (A29).
    pub(crate) fn scope_has(&self, scope: Scope, action: Action) -> bool {
        self.scope_actions[scope].contains(action)
    }

    /// Whether a suspended principal may still do an action (A25).
    pub(crate) fn is_left_to_suspended(&self, action: Action) -> bool {
        self.unsuspended.principal.contains(action)
    }

    /// Whether an action may still be done to what is suspended (A26).
    pub(crate) fn is_left_on_suspended(&self, action: Action) -> bool {
        self.unsuspended.scope.contains(action)
    }

    /// The place of a kind in the byte order of references.
    #[inline]
    pub(crate) fn kind_rank(&self, kind: Kind) -> u32 {
        self.kind_ranks[kind]
    }

    #[inline]
    pub(crate) fn owner_has(&self, action: Action) -> bool {
        self.owner_permissions.contains(action)
    }

    #[inline]
    pub(crate) fn external_has(&self, action: Action) -> bool {
        self.external_permissions.contains(action)
    }

    #[inline]
    pub(crate) fn api_key_has(&self, action: Action) -> bool {
        self.api_key_permissions.contains(action)
    }
}
