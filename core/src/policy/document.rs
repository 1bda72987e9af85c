//! The policy document: roles, permissions, kinds and their support, as data.

use serde::{Serialize, Serializer};

use crate::catalogue::code::codes;
use crate::input::error::Error;
use crate::input::path::Path;
#[cfg(feature = "all-faults")]
use crate::input::shape::member;
use crate::input::shape::{boolean, ensure_format, fields, id, list, map, nullable, string, text, word};
use crate::input::value::Value;

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
    pub(super) default_project_role: Option<String>,
    pub(super) collaborator_role: String,
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

#[derive(Debug, Default, Serialize)]
pub(super) struct OrganizationActionDocument {
    pub(super) action: String,
    pub(super) roles: Vec<String>,
    pub(super) external: bool,
    pub(super) owner: bool,
}

#[derive(Debug, Default, Serialize)]
pub(super) struct ProjectActionDocument {
    pub(super) action: String,
    pub(super) roles: Vec<String>,
    pub(super) api_key: bool,
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

#[derive(Debug, Default, Serialize)]
pub(super) struct VerbsDocument {
    pub(super) roles: Vec<String>,
    pub(super) verbs: Vec<String>,
}

fn as_object<S: Serializer>(members: &[(String, impl Serialize)], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(members.iter().map(|(name, value)| (name, value)))
}

fn names(value: &Value<'_>, path: &Path<'_>) -> Result<Vec<String>, Error> {
    list(value, path, name)
}

fn name(value: &Value<'_>, path: &Path<'_>) -> Result<String, Error> {
    id(value, path).map(str::to_owned)
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
            "default_project_role" => document.default_project_role = nullable(field, at, name)?,
            "collaborator_role" => document.collaborator_role = name(field, at)?,
            "self_actions" => document.self_actions = names(field, at)?,
            "organization_actions" => document.organization_actions = list(field, at, OrganizationActionDocument::read)?,
            "project_actions" => document.project_actions = list(field, at, ProjectActionDocument::read)?,
            "api_key_kind" => document.api_key_kind = nullable(field, at, name)?,
            "create_verb" => document.create_verb = nullable(field, at, name)?,
            "changes" => document.changes = map(field, at, name)?,
            "kinds" => document.kinds = list(field, at, KindDocument::read)?,
        });
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
        });
        Ok(action)
    }
}

impl ProjectActionDocument {
    fn read(value: &Value<'_>, path: &Path<'_>) -> Result<Self, Error> {
        let mut action = Self::default();
        fields!(value, path, required ["action"], |field, at| {
            "action" => action.action = name(field, at)?,
            "roles" => action.roles = names(field, at)?,
            "api_key" => action.api_key = boolean(field, at)?,
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

impl VerbsDocument {
    fn read(value: &Value<'_>, path: &Path<'_>) -> Result<Self, Error> {
        let mut verbs = Self::default();
        fields!(value, path, required ["roles", "verbs"], |field, at| {
            "roles" => verbs.roles = names(field, at)?,
            "verbs" => verbs.verbs = names(field, at)?,
        });
        Ok(verbs)
    }
}
