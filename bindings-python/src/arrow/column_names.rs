//! The arguments that name columns.

use super::error::TableError;

/// A column that a call requests.
#[derive(Clone, Debug)]
pub(crate) struct RequestedColumn {
    pub(crate) column: Option<String>,
    /// Whether the table may be without it: the call did not name it, and its absence has a meaning.
    pub(crate) is_optional: bool,
}

/// The columns that name principals: one of references, or one of users' ids and one of API keys' ids.
#[derive(Clone, Debug)]
pub(crate) struct RequestedPrincipal {
    pub(crate) principal: RequestedColumn,
    pub(crate) user: Option<RequestedColumn>,
    pub(crate) api_key: Option<RequestedColumn>,
}

/// The columns of usage that a call requests.
#[derive(Debug)]
pub(crate) struct RequestedUsage {
    pub(crate) principal: RequestedPrincipal,
    pub(crate) kind: RequestedColumn,
    pub(crate) surface: RequestedColumn,
    pub(crate) project: RequestedColumn,
    pub(crate) resource: RequestedColumn,
    pub(crate) at: RequestedColumn,
}

/// The columns of questions that a call requests.
#[derive(Debug)]
pub(crate) struct RequestedQuestions {
    pub(crate) principal: RequestedPrincipal,
    pub(crate) action: RequestedColumn,
    pub(crate) resource: RequestedColumn,
    pub(crate) surface: RequestedColumn,
    pub(crate) at: RequestedColumn,
}

/// The name of a column as an argument gives it; `None` for no column.
#[derive(Debug)]
pub(crate) enum ColumnName {
    Default(&'static str),
    None,
    Given(String),
    Foreign,
}

impl ColumnName {
    /// The column of an argument. `is_optional`: whether the table may be without the default one.
    fn named(self, argument: &str, is_optional: bool) -> Result<RequestedColumn, TableError> {
        match self {
            Self::Default(name) => Ok(RequestedColumn { column: Some(name.to_owned()), is_optional }),
            // Passing the default explicitly is the same as omitting it.
            Self::Given(name) => Ok(RequestedColumn { is_optional: is_optional && name == argument, column: Some(name) }),
            Self::None => Ok(RequestedColumn { column: None, is_optional }),
            Self::Foreign => Err(TableError::wrong_type(&format!("/{argument}"), "expected the name of a column")),
        }
    }

    fn required(self, argument: &str) -> Result<RequestedColumn, TableError> {
        match self.named(argument, false)? {
            RequestedColumn { column: None, .. } => Err(TableError::missing_argument(argument)),
            named => Ok(named),
        }
    }

    fn optional(self, argument: &str) -> Result<RequestedColumn, TableError> {
        self.named(argument, true)
    }
}

fn principal(principal: ColumnName, user: ColumnName, api_key: ColumnName) -> Result<RequestedPrincipal, TableError> {
    let ids = |name: ColumnName, argument: &str| match name {
        ColumnName::None => Ok(None),
        name => name.named(argument, false).map(Some),
    };
    let (user, api_key) = (ids(user, "user")?, ids(api_key, "api_key")?);
    if user.is_none() && api_key.is_none() {
        return Ok(RequestedPrincipal { principal: principal.required("principal")?, user, api_key });
    }
    match principal {
        ColumnName::Given(_) | ColumnName::Foreign => {
            Err(TableError::wrong_type("/principal", "name either one column of principals, or columns of users and API keys"))
        }
        ColumnName::Default(_) | ColumnName::None => {
            Ok(RequestedPrincipal { principal: RequestedColumn { column: None, is_optional: true }, user, api_key })
        }
    }
}

/// The arguments `principal`, `user` and `api_key`.
pub(crate) type PrincipalNames = [ColumnName; 3];

/// The columns of usage, by the arguments `kind`, `surface`, `project` and `resource`, and `at`.
pub(crate) fn usage(
    [references, user, api_key]: PrincipalNames,
    [kind, surface, project, resource]: [ColumnName; 4],
    at: ColumnName,
) -> Result<RequestedUsage, TableError> {
    Ok(RequestedUsage {
        principal: principal(references, user, api_key)?,
        kind: kind.required("kind")?,
        surface: surface.optional("surface")?,
        project: project.optional("project")?,
        resource: resource.optional("resource")?,
        at: instant(at)?,
    })
}

/// The column of the argument `at`.
pub(crate) fn instant(at: ColumnName) -> Result<RequestedColumn, TableError> {
    at.optional("at")
}

/// The columns of questions, by the arguments `action`, `resource` and `surface`, and `at`.
pub(crate) fn questions(
    [references, user, api_key]: PrincipalNames,
    [action, resource, surface]: [ColumnName; 3],
    at: ColumnName,
) -> Result<RequestedQuestions, TableError> {
    Ok(RequestedQuestions {
        principal: principal(references, user, api_key)?,
        action: action.required("action")?,
        resource: resource.required("resource")?,
        surface: surface.optional("surface")?,
        at: instant(at)?,
    })
}
