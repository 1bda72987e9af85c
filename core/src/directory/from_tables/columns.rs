//! The tables of a directory and their columns: the fields of a document, and where a row belongs.

use crate::catalogue::error_code::ErrorCode;
use crate::input::error::{Error, quoted};
use crate::input::path::Path;
use crate::input::shape::{missing_field, unknown_field};

/// What the cells of a column are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnType {
    /// Text.
    Text,
    /// True or false.
    Boolean,
    /// Instants.
    Instant,
    /// Lists of texts.
    Texts,
    /// Lists of texts, or text.
    TextsOrText,
}

/// A column that a table may have.
#[derive(Clone, Copy, Debug)]
pub struct ColumnRule {
    /// Its name.
    pub name: &'static str,
    /// What it holds.
    pub column_type: ColumnType,
    is_required: bool,
}

impl ColumnRule {
    /// Whether a null is a fault.
    pub(super) const fn is_required(&self) -> bool {
        self.is_required
    }
}

const fn required(name: &'static str) -> ColumnRule {
    ColumnRule { name, column_type: ColumnType::Text, is_required: true }
}

const fn optional(name: &'static str, column_type: ColumnType) -> ColumnRule {
    ColumnRule { name, column_type, is_required: false }
}

const fn text(name: &'static str) -> ColumnRule {
    optional(name, ColumnType::Text)
}

const fn boolean(name: &'static str) -> ColumnRule {
    optional(name, ColumnType::Boolean)
}

const fn instant(name: &'static str) -> ColumnRule {
    optional(name, ColumnType::Instant)
}

const ORGANIZATIONS: &[ColumnRule] = &[
    required("id"),
    text("name"),
    required("owner"),
    text("membership"),
    boolean("multi_project"),
    instant("projects_since"),
    instant("suspended_at"),
];

const MEMBERS: &[ColumnRule] =
    &[required("organization"), required("user"), required("role"), instant("added_at"), instant("expires_at"), instant("suspended_at")];

const PROJECTS: &[ColumnRule] = &[
    required("organization"),
    required("id"),
    text("name"),
    boolean("default"),
    boolean("allow_external_collaborators"),
    text("visibility"),
    instant("suspended_at"),
];

const COLLABORATORS: &[ColumnRule] =
    &[required("project"), text("user"), text("group"), required("role"), instant("added_at"), instant("expires_at")];

const API_KEYS: &[ColumnRule] = &[
    required("project"),
    required("id"),
    text("name"),
    text("created_by"),
    instant("created_at"),
    instant("expires_at"),
    instant("revoked_at"),
    text("digest"),
    text("kind"),
    optional("scopes", ColumnType::Texts),
    text("acts_as"),
    optional("projects", ColumnType::TextsOrText),
];

const RESOURCES: &[ColumnRule] =
    &[required("project"), required("id"), required("kind"), text("name"), text("created_by"), instant("created_at")];

const USERS: &[ColumnRule] = &[required("id"), text("email"), text("organization"), instant("suspended_at")];

const GROUPS: &[ColumnRule] = &[required("organization"), required("id"), text("name")];

const GROUP_MEMBERS: &[ColumnRule] = &[required("group"), required("user"), instant("added_at"), instant("expires_at")];

/// A table of a directory. Faults are reported in the order of this list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TableName {
    /// Organizations.
    Organizations,
    /// Members of organizations.
    Members,
    /// Projects of organizations.
    Projects,
    /// Rows of users and groups in projects.
    Collaborators,
    /// API keys of projects.
    ApiKeys,
    /// Resources of projects.
    Resources,
    /// What the directory says of users.
    Users,
    /// Groups of organizations.
    Groups,
    /// Members of groups.
    GroupMembers,
}

impl TableName {
    /// All tables.
    pub const ALL: [Self; 9] = [
        Self::Organizations,
        Self::Members,
        Self::Projects,
        Self::Collaborators,
        Self::ApiKeys,
        Self::Resources,
        Self::Users,
        Self::Groups,
        Self::GroupMembers,
    ];

    /// The table of that name.
    ///
    /// # Errors
    /// `unknown_field` if there is none.
    pub fn named(name: &str) -> Result<Self, Error> {
        let found = Self::ALL.into_iter().find(|table| table.as_str() == name);
        found.ok_or_else(|| {
            let names = Self::ALL.map(|table| format!("`{}`", table.as_str())).join(", ");
            let message = format_args!("a directory has no table {}; its tables are {names}", quoted(name));
            Error::new(ErrorCode::UnknownField, &Path::Root.field(name), message)
        })
    }

    /// Its name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Organizations => "organizations",
            Self::Members => "members",
            Self::Projects => "projects",
            Self::Collaborators => "collaborators",
            Self::ApiKeys => "api_keys",
            Self::Resources => "resources",
            Self::Users => "users",
            Self::Groups => "groups",
            Self::GroupMembers => "group_members",
        }
    }

    /// The columns that it may have.
    #[must_use]
    pub const fn columns(self) -> &'static [ColumnRule] {
        match self {
            Self::Organizations => ORGANIZATIONS,
            Self::Members => MEMBERS,
            Self::Projects => PROJECTS,
            Self::Collaborators => COLLABORATORS,
            Self::ApiKeys => API_KEYS,
            Self::Resources => RESOURCES,
            Self::Users => USERS,
            Self::Groups => GROUPS,
            Self::GroupMembers => GROUP_MEMBERS,
        }
    }

    /// The columns of these names, which must be all that a table has.
    ///
    /// # Errors
    /// `missing_field` at the table; `unknown_field`, `duplicate_id` at `/table/column`.
    pub fn columns_named<'n>(self, names: impl Iterator<Item = &'n str> + Clone) -> Result<Vec<ColumnRule>, Error> {
        let table = Path::Root.field(self.as_str());
        let has = |name: &str| names.clone().any(|other| other == name);
        for rule in self.columns().iter().filter(|rule| rule.is_required) {
            if !has(rule.name) {
                return Err(missing_field(rule.name, &table));
            }
        }
        if self == Self::Collaborators && !has("user") && !has("group") {
            return Err(missing_field("user", &table));
        }
        let mut columns: Vec<ColumnRule> = Vec::new();
        for name in names {
            let at = table.field(name);
            let rule = self.columns().iter().find(|rule| rule.name == name).ok_or_else(|| unknown_field(name, &at))?;
            if columns.iter().any(|other| other.name == name) {
                return Err(Error::new(ErrorCode::DuplicateId, &at, "the table has more than one column of this name"));
            }
            columns.push(*rule);
        }
        Ok(columns)
    }
}
