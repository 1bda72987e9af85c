//! The policy document: roles, permissions, kinds and their support, as data.

use serde::Serialize;

use crate::catalogue::code::codes;
use crate::input::error::Error;
use crate::input::path::Path;
#[cfg(feature = "all-faults")]
use crate::input::shape::member;
use crate::input::shape::{boolean, ensure_format, fields, list, map, nullable, string, text, word};
use crate::input::value::Value;

use super::fields::{as_object, is_false, is_true, name, names};
use super::scopes::ScopeDocument;
use super::suspension::SuspendedActions;
use super::visibilities::VisibilityDocument;

/// The version of the policy format that this release reads and writes.
const FORMAT: &str = "bailiwick-policy/1";

codes! {
    /// How far a kind is scoped to projects on a surface.
    pub enum Support {
        /// The platform scopes this kind to projects on this surface.
        Supported = "supported",
        /// The platform does not (yet) scope it: usage and views may be those of the whole organization.
        Unsupported = "unsupported",
        /// The kind does not exist on this surface.
        NotApplicable = "not_applicable",
    }
}

codes! {
    /// How several roles of a member in one project count (A19).
    pub enum RoleCombination {
        /// The strongest role counts alone.
        Strongest = "strongest",
        /// An action is allowed if any of the roles has it.
        Union = "union",
        /// The first source that gives a role counts alone: a row of one's own, then groups, then the organization role.
        MostSpecific = "most_specific",
    }
}

/// A policy document of valid shape. Compiling it checks its meaning.
#[derive(Debug, Serialize)]
pub(crate) struct PolicyDocument {
    format: &'static str,
    pub(super) id: String,
    pub(super) surfaces: Vec<SurfaceDocument>,
    pub(super) default_surfaces: DefaultSurfaces,
    pub(super) organization_roles: Vec<OrganizationRoleDocument>,
    pub(super) project_roles: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) default_project_role: Option<DefaultProjectRole>,
    pub(super) collaborator_role: String,
    #[serde(skip_serializing_if = "RoleCombination::is_default")]
    pub(super) role_combination: RoleCombination,
    #[serde(skip_serializing_if = "is_false")]
    pub(super) multiple_organizations: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) visibilities: Vec<VisibilityDocument>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) api_key_scopes: Vec<ScopeDocument>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) suspended_actions: Option<SuspendedActions>,
    #[serde(skip_serializing_if = "is_true")]
    pub(super) default_key_owner_only: bool,
    pub(super) self_actions: Vec<String>,
    pub(super) organization_actions: Vec<OrganizationActionDocument>,
    pub(super) project_actions: Vec<ProjectActionDocument>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) api_key_kind: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) create_verb: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty", serialize_with = "as_object")]
    pub(super) changes: Vec<(String, String)>,
    pub(super) kinds: Vec<KindDocument>,
}

#[derive(Debug, Default, Serialize)]
pub(super) struct SurfaceDocument {
    pub(super) surface: String,
    pub(super) books_to_default_project: bool,
}

#[derive(Debug, Default, Serialize)]
pub(super) struct DefaultSurfaces {
    pub(super) user: String,
    pub(super) api_key: String,
}

#[derive(Debug, Default, Serialize)]
pub(super) struct OrganizationRoleDocument {
    pub(super) role: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) project_role: Option<String>,
}

/// The automatic role in the default project: of every member, or by organization role.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(super) enum DefaultProjectRole {
    OfAll(String),
    #[serde(serialize_with = "as_object")]
    ByRole(Vec<(String, String)>),
}

#[derive(Debug, Default, Serialize)]
pub(super) struct OrganizationActionDocument {
    pub(super) action: String,
    pub(super) roles: Vec<String>,
    pub(super) external: bool,
    pub(super) owner: bool,
    #[serde(skip_serializing_if = "is_false")]
    pub(super) api_key: bool,
}

#[derive(Debug, Serialize)]
pub(super) struct ProjectActionDocument {
    pub(super) action: String,
    pub(super) roles: Vec<String>,
    pub(super) api_key: bool,
    #[serde(skip_serializing_if = "is_true")]
    pub(super) external: bool,
}

#[derive(Debug, Default, Serialize)]
pub(super) struct KindDocument {
    pub(super) kind: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) label: Option<String>,
    pub(super) usage_by_api_key: bool,
    #[serde(serialize_with = "as_object")]
    pub(super) support: Vec<(String, Support)>,
    pub(super) verbs: Vec<VerbsDocument>,
    pub(super) api_key_verbs: Vec<String>,
}

#[derive(Debug, Serialize)]
pub(super) struct VerbsDocument {
    pub(super) roles: Vec<String>,
    pub(super) verbs: Vec<String>,
    #[serde(skip_serializing_if = "is_true")]
    pub(super) external: bool,
}

impl RoleCombination {
    const fn is_default(&self) -> bool {
        matches!(self, Self::Strongest)
    }
}

impl PolicyDocument {
    /// Whether the value claims to be a policy document of any version.
    #[cfg(feature = "all-faults")]
    pub(crate) fn claims_to_be(value: &Value<'_>) -> bool {
        let Value::Object(members) = value else { return false };
        matches!(member(members, "format"), Some(Value::Text(format)) if format.starts_with("bailiwick-policy/"))
    }

    const REQUIRED: [&'static str; 7] =
        ["format", "id", "surfaces", "default_surfaces", "organization_roles", "project_roles", "collaborator_role"];

    /// Reads the shape of a policy document.
    pub(crate) fn read(value: &Value<'_>, path: &Path<'_>) -> Result<Self, Error> {
        ensure_format(value, path, FORMAT)?;
        let mut document = Self {
            format: FORMAT,
            id: String::new(),
            surfaces: Vec::new(),
            default_surfaces: DefaultSurfaces::default(),
            organization_roles: Vec::new(),
            project_roles: Vec::new(),
            default_project_role: None,
            collaborator_role: String::new(),
            role_combination: RoleCombination::Strongest,
            multiple_organizations: false,
            visibilities: Vec::new(),
            api_key_scopes: Vec::new(),
            suspended_actions: None,
            default_key_owner_only: true,
            self_actions: Vec::new(),
            organization_actions: Vec::new(),
            project_actions: Vec::new(),
            api_key_kind: None,
            create_verb: None,
            changes: Vec::new(),
            kinds: Vec::new(),
        };
        fields!(value, path, required Self::REQUIRED, |field, at| {
            "format" => { string(field, at)?; },
            "id" => document.id = name(field, at)?,
            "surfaces" => document.surfaces = list(field, at, SurfaceDocument::read)?,
            "default_surfaces" => document.default_surfaces = DefaultSurfaces::read(field, at)?,
            "organization_roles" => document.organization_roles = list(field, at, OrganizationRoleDocument::read)?,
            "project_roles" => document.project_roles = names(field, at)?,
            "default_project_role" => document.default_project_role = nullable(field, at, DefaultProjectRole::read)?,
            "collaborator_role" => document.collaborator_role = name(field, at)?,
            "role_combination" => document.role_combination = word(field, at, RoleCombination::ALL, RoleCombination::as_str)?,
            "multiple_organizations" => document.multiple_organizations = boolean(field, at)?,
            "visibilities" => document.visibilities = list(field, at, VisibilityDocument::read)?,
            "api_key_scopes" => document.api_key_scopes = list(field, at, ScopeDocument::read)?,
            "suspended_actions" => document.suspended_actions = Some(SuspendedActions::read(field, at)?),
            "default_key_owner_only" => document.default_key_owner_only = boolean(field, at)?,
            "self_actions" => document.self_actions = names(field, at)?,
            "organization_actions" => document.organization_actions = list(field, at, OrganizationActionDocument::read)?,
            "project_actions" => document.project_actions = list(field, at, ProjectActionDocument::read)?,
            "api_key_kind" => document.api_key_kind = nullable(field, at, name)?,
            "create_verb" => document.create_verb = nullable(field, at, name)?,
            "changes" => document.changes = map(field, at, name)?,
            "kinds" => document.kinds = list(field, at, KindDocument::read)?,
        });
        // What says nothing is not written.
        document.default_project_role.take_if(|role| matches!(role, DefaultProjectRole::ByRole(map) if map.is_empty()));
        document.suspended_actions.take_if(|actions| actions.are_none());
        Ok(document)
    }
}

impl SurfaceDocument {
    fn read(value: &Value<'_>, path: &Path<'_>) -> Result<Self, Error> {
        let mut surface = Self::default();
        fields!(value, path, required ["surface"], |field, at| {
            "surface" => surface.surface = name(field, at)?,
            "books_to_default_project" => surface.books_to_default_project = boolean(field, at)?,
        });
        Ok(surface)
    }
}

impl DefaultSurfaces {
    fn read(value: &Value<'_>, path: &Path<'_>) -> Result<Self, Error> {
        let mut surfaces = Self::default();
        fields!(value, path, required ["user", "api_key"], |field, at| {
            "user" => surfaces.user = name(field, at)?,
            "api_key" => surfaces.api_key = name(field, at)?,
        });
        Ok(surfaces)
    }
}

impl DefaultProjectRole {
    #[inline(never)]
    fn read(value: &Value<'_>, path: &Path<'_>) -> Result<Self, Error> {
        match value {
            Value::Object(_) => map(value, path, name).map(Self::ByRole),
            other => name(other, path).map(Self::OfAll),
        }
    }
}

impl OrganizationRoleDocument {
    fn read(value: &Value<'_>, path: &Path<'_>) -> Result<Self, Error> {
        let mut role = Self::default();
        fields!(value, path, required ["role"], |field, at| {
            "role" => role.role = name(field, at)?,
            "project_role" => role.project_role = nullable(field, at, name)?,
        });
        Ok(role)
    }
}

impl OrganizationActionDocument {
    fn read(value: &Value<'_>, path: &Path<'_>) -> Result<Self, Error> {
        let mut action = Self::default();
        fields!(value, path, required ["action"], |field, at| {
            "action" => action.action = name(field, at)?,
            "roles" => action.roles = names(field, at)?,
            "external" => action.external = boolean(field, at)?,
            "owner" => action.owner = boolean(field, at)?,
            "api_key" => action.api_key = boolean(field, at)?,
        });
        Ok(action)
    }
}

impl ProjectActionDocument {
    fn read(value: &Value<'_>, path: &Path<'_>) -> Result<Self, Error> {
        let mut action = Self { action: String::new(), roles: Vec::new(), api_key: false, external: true };
        fields!(value, path, required ["action"], |field, at| {
            "action" => action.action = name(field, at)?,
            "roles" => action.roles = names(field, at)?,
            "api_key" => action.api_key = boolean(field, at)?,
            "external" => action.external = boolean(field, at)?,
        });
        Ok(action)
    }
}

impl KindDocument {
    fn read(value: &Value<'_>, path: &Path<'_>) -> Result<Self, Error> {
        let mut kind = Self::default();
        fields!(value, path, required ["kind"], |field, at| {
            "kind" => kind.kind = name(field, at)?,
            "label" => kind.label = nullable(field, at, |value, path| text(value, path).map(str::to_owned))?,
            "usage_by_api_key" => kind.usage_by_api_key = boolean(field, at)?,
            "support" => kind.support = map(field, at, |value, path| word(value, path, Support::ALL, Support::as_str))?,
            "verbs" => kind.verbs = list(field, at, VerbsDocument::read)?,
            "api_key_verbs" => kind.api_key_verbs = names(field, at)?,
        });
        Ok(kind)
    }
}

impl KindDocument {
    pub(super) fn has_verb(&self, verb: &str) -> bool {
        self.verbs.iter().any(|row| row.verbs.iter().any(|other| other == verb))
    }
}

impl VerbsDocument {
    fn read(value: &Value<'_>, path: &Path<'_>) -> Result<Self, Error> {
        let mut verbs = Self { roles: Vec::new(), verbs: Vec::new(), external: true };
        fields!(value, path, required ["roles", "verbs"], |field, at| {
            "roles" => verbs.roles = names(field, at)?,
            "verbs" => verbs.verbs = names(field, at)?,
            "external" => verbs.external = boolean(field, at)?,
        });
        Ok(verbs)
    }
}
