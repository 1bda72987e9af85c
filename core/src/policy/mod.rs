//! The policy: who may do what in which role, and which kinds are scoped to projects where. Data, compiled into tables.

mod action_set;
mod compile;
mod document;

use std::sync::Arc;

use crate::catalogue::change_type::ChangeType;
use crate::catalogue::error_code::ErrorCode;
use crate::collections::hasher::Hasher;
use crate::collections::names::Names;
use crate::collections::table::{Table, indices};
use crate::input::error::{Error, shown};
use crate::input::faults::Faults;
use crate::input::json;
use crate::input::path::Path;
use crate::input::value::Value;
#[cfg(feature = "all-faults")]
use crate::input::watch::Watch;
use action_set::ActionSet;
use document::KindDocument;
pub(crate) use document::PolicyDocument;
pub use document::Support;

/// The policies that come with the engine, the one of a directory that names none first. Nothing in the code knows what they say.
const BUILT_IN: &[&str] = &[include_str!("../../policies/projects-2026-02.json")];

indices! {
    /// How a product is used.
    Surface;
    /// An organization role; the smaller, the stronger.
    OrganizationRole;
    /// A project role; the smaller, the stronger.
    ProjectRole;
    /// Something that a principal may do.
    Action;
    /// What a resource is.
    Kind;
}

impl OrganizationRole {
    /// Policies list roles strongest first.
    pub(crate) const STRONGEST: Self = Self(0);
}

impl ProjectRole {
    /// Policies list roles strongest first.
    pub(crate) const STRONGEST: Self = Self(0);
}

/// What an action can be done to (A7).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    /// A user: the principal's own self.
    User,
    Organization,
    Project,
    /// A resource of the kind, or a project, meaning this kind in that project.
    Kind(Kind),
    /// A project alone: what would be done to a resource that does not exist yet.
    NewOfKind(Kind),
}

#[derive(Debug)]
struct KindRow {
    support: Table<Surface, Support>,
    usage_by_api_key: bool,
}

/// A policy whose names are indices and whose permissions are bit sets.
#[derive(Debug)]
pub(crate) struct Policy {
    document: Arc<PolicyDocument>,
    built_in: bool,
    hasher: Hasher,
    surfaces: Names<Surface>,
    books_to_default_project: Table<Surface, bool>,
    user_surface: Surface,
    api_key_surface: Surface,
    organization_roles: Names<OrganizationRole>,
    implied_roles: Table<OrganizationRole, Option<ProjectRole>>,
    organization_permissions: Table<OrganizationRole, ActionSet>,
    project_roles: Names<ProjectRole>,
    project_permissions: Table<ProjectRole, ActionSet>,
    default_project_role: Option<ProjectRole>,
    actions: Names<Action>,
    targets: Table<Action, Target>,
    owner_permissions: ActionSet,
    external_permissions: ActionSet,
    api_key_permissions: ActionSet,
    kinds: Names<Kind>,
    kind_rows: Table<Kind, KindRow>,
    api_key_kind: Option<Kind>,
    collaborator_role: ProjectRole,
    changes: Vec<(ChangeType, Box<str>)>,
}

impl Policy {
    /// Compiles a document that already has the right shape. `value` is what it was read from.
    fn compile(document: Arc<PolicyDocument>, hasher: Hasher, value: &Value<'_>, path: &Path<'_>) -> Result<Self, Error> {
        let mut faults = Faults::new(value, path);
        let policy = compile::compile(document, hasher, &mut faults, path)?;
        faults.none_or(policy)
    }

    /// The built-in policy of that id, or the first one for a directory that names none.
    pub(crate) fn built_in(id: Option<&str>, path: &Path<'_>) -> Result<Self, Error> {
        for text in BUILT_IN {
            let policy = Self::from_built_in_text(text)?;
            if id.is_none_or(|id| id == policy.id()) {
                return Ok(policy);
            }
        }
        Err(Error::new(ErrorCode::UnknownPolicy, path, format_args!("there is no built-in policy {}", shown(id.unwrap_or_default()))))
    }

    /// The policy of a document as an engine writes it, in JSON. `None` for anything that is no policy.
    pub(crate) fn from_written_text(text: &str) -> Option<Self> {
        // Most directories are under a built-in policy, and then there is no more to read.
        if let Some(policy) =
            BUILT_IN.iter().filter_map(|text| Self::from_built_in_text(text).ok()).find(|policy| policy.is_written_as(text))
        {
            return Some(policy);
        }
        let value = json::parse(text.as_bytes()).ok()?;
        let document = PolicyDocument::read(&value, &Path::Root).ok()?;
        Self::from_document(Arc::new(document), &value, &Path::Root).ok()
    }

    /// The policy of a document that has the right shape; `value` is what it was read from. One that says what a built-in one says is that one, so
    /// that it is written the same wherever it came from.
    pub(crate) fn from_document(document: Arc<PolicyDocument>, value: &Value<'_>, path: &Path<'_>) -> Result<Self, Error> {
        // By what it says and not by its text: whoever wrote it may have left defaults out.
        let is_same = |policy: &Self| serde_json::to_string(&document).is_ok_and(|text| policy.is_written_as(&text));
        match Self::built_in(Some(&document.id), path).ok().filter(is_same) {
            Some(policy) => Ok(policy),
            None => {
                let hasher = Hasher::keyed_by_texts([serde_json::to_string(&document).unwrap_or_default().as_str()]);
                Self::compile(document, hasher, value, path)
            }
        }
    }

    /// Goes through a document as reading it would, below a root whose watch notes all faults but the one that ends it.
    #[cfg(feature = "all-faults")]
    pub(crate) fn find_faults(value: &Value<'_>, root: &Path<'_>) -> Result<(), Error> {
        let document = PolicyDocument::read(value, root)?;
        if root.watch().is_some_and(Watch::has_noted) {
            return Ok(());
        }
        Self::from_document(Arc::new(document), value, root).map(drop)
    }

    fn is_written_as(&self, text: &str) -> bool {
        serde_json::to_string(self.document()).is_ok_and(|own| own == text)
    }

    fn from_built_in_text(text: &str) -> Result<Self, Error> {
        let value = json::parse(text.as_bytes())?;
        let document = PolicyDocument::read(&value, &Path::Root)?;
        // Nobody but us has chosen its names, so that its hash needs no secret.
        let hasher = Hasher::keyed_by(0);
        Ok(Self { built_in: true, ..Self::compile(Arc::new(document), hasher, &value, &Path::Root)? })
    }

    pub(crate) fn id(&self) -> &str {
        &self.document.id
    }

    pub(crate) fn document(&self) -> &Arc<PolicyDocument> {
        &self.document
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

    /// A kind that resources can be of: any but that of API keys.
    pub(crate) fn resource_kind(&self, name: &str) -> Option<Kind> {
        self.kind(name).filter(|kind| self.api_key_kind != Some(*kind))
    }

    /// The kind of that number, if resources can be of it.
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
        ((number as usize) < self.project_permissions.len()).then(|| ProjectRole::from(u32::from(number)))
    }

    /// The name of a kind that has the verb.
    pub(crate) fn kind_with_verb(&self, verb: &str) -> &str {
        let has_verb = |kind: &&KindDocument| kind.verbs.iter().any(|row| row.verbs.iter().any(|other| other == verb));
        self.document.kinds.iter().find(has_verb).map_or("", |kind| &kind.kind)
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

    /// The surface that a user is taken to use where a request does not say.
    pub(crate) fn user_surface(&self) -> Surface {
        self.user_surface
    }

    /// The surface that an API key is taken to use where a request does not say.
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

    /// The kind that API keys are, if they are resources at all.
    pub(crate) fn api_key_kind(&self) -> Option<Kind> {
        self.api_key_kind
    }

    // Changes.

    /// The action that a change needs, or the verb for one that is done to a kind. Without one, no actor may make it.
    pub(crate) fn action_for(&self, change: ChangeType) -> Option<&str> {
        self.changes.iter().find(|(other, _)| *other == change).map(|(_, action)| action.as_ref())
    }

    /// The role of a new member, if none is named.
    pub(crate) fn weakest_organization_role(&self) -> OrganizationRole {
        // INVARIANT: an organization has an owner, whose role the policy has.
        self.organization_roles.iter().last().map_or(OrganizationRole::STRONGEST, |(role, _)| role)
    }

    /// INVARIANT: a policy has a role for new collaborators.
    pub(crate) fn weakest_project_role(&self) -> ProjectRole {
        self.project_roles.iter().last().map_or(ProjectRole::STRONGEST, |(role, _)| role)
    }

    /// The role of a new collaborator.
    pub(crate) fn collaborator_role(&self) -> ProjectRole {
        self.collaborator_role
    }

    /// Every kind, with its name.
    pub(crate) fn kinds(&self) -> impl Iterator<Item = (Kind, &str)> {
        self.kinds.iter()
    }

    pub(crate) fn surface_name(&self, surface: Surface) -> &str {
        self.surfaces.name(surface)
    }

    /// Every surface.
    pub(crate) fn surfaces(&self) -> impl Iterator<Item = Surface> {
        self.surfaces.iter().map(|(surface, _)| surface)
    }

    /// Every action, with its name.
    pub(crate) fn actions(&self) -> impl Iterator<Item = (Action, &str)> {
        self.actions.iter()
    }

    pub(crate) fn action_name(&self, action: Action) -> &str {
        self.actions.name(action)
    }

    /// Puts actions in the order of their names.
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

    /// The project role that every member has in the default project.
    #[inline]
    pub(crate) fn default_project_role(&self) -> Option<ProjectRole> {
        self.default_project_role
    }

    #[inline]
    pub(crate) fn organization_role_has(&self, role: OrganizationRole, action: Action) -> bool {
        self.organization_permissions[role].contains(action)
    }

    #[inline]
    pub(crate) fn project_role_has(&self, role: ProjectRole, action: Action) -> bool {
        self.project_permissions[role].contains(action)
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
