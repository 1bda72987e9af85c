//! The arguments that name columns.

use super::access::AccessNamed;
use super::attribution::UsageNamed;
use super::fault::Fault;
use super::input::{Named, PrincipalNamed};

/// The name of a column as an argument gives it; `None` for no column.
#[derive(Debug)]
pub(crate) enum ColumnName {
    Default(&'static str),
    None,
    Given(String),
    Foreign,
}

impl ColumnName {
    /// The column of an argument. `may_lack`: whether the table may be without the default one.
    fn named(self, argument: &str, may_lack: bool) -> Result<Named, Fault> {
        match self {
            Self::Default(name) => Ok(Named { column: Some(name.to_owned()), may_lack }),
            // Naming the default is no different from leaving it out.
            Self::Given(name) => Ok(Named { may_lack: may_lack && name == argument, column: Some(name) }),
            Self::None => Ok(Named { column: None, may_lack }),
            Self::Foreign => Err(Fault::wrong_type(&format!("/{argument}"), "expected the name of a column")),
        }
    }

    fn required(self, argument: &str) -> Result<Named, Fault> {
        match self.named(argument, false)? {
            Named { column: None, .. } => Err(Fault::missing_argument(argument)),
            named => Ok(named),
        }
    }

    fn optional(self, argument: &str) -> Result<Named, Fault> {
        self.named(argument, true)
    }
}

fn principal(principal: ColumnName, user: ColumnName, api_key: ColumnName) -> Result<PrincipalNamed, Fault> {
    let ids = |name: ColumnName, argument: &str| match name {
        ColumnName::None => Ok(None),
        name => name.named(argument, false).map(Some),
    };
    let (user, api_key) = (ids(user, "user")?, ids(api_key, "api_key")?);
    if user.is_none() && api_key.is_none() {
        return Ok(PrincipalNamed { principal: principal.required("principal")?, user, api_key });
    }
    match principal {
        ColumnName::Given(_) | ColumnName::Foreign => {
            Err(Fault::wrong_type("/principal", "name either one column of principals, or columns of users and API keys"))
        }
        ColumnName::Default(_) | ColumnName::None => {
            Ok(PrincipalNamed { principal: Named { column: None, may_lack: true }, user, api_key })
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
) -> Result<UsageNamed, Fault> {
    Ok(UsageNamed {
        principal: principal(references, user, api_key)?,
        kind: kind.required("kind")?,
        surface: surface.optional("surface")?,
        project: project.optional("project")?,
        resource: resource.optional("resource")?,
        at: at.optional("at")?,
    })
}

/// The columns of questions, by the arguments `action`, `resource` and `surface`, and `at`.
pub(crate) fn questions(
    [references, user, api_key]: PrincipalNames,
    [action, resource, surface]: [ColumnName; 3],
    at: ColumnName,
) -> Result<AccessNamed, Fault> {
    Ok(AccessNamed {
        principal: principal(references, user, api_key)?,
        action: action.required("action")?,
        resource: resource.required("resource")?,
        surface: surface.optional("surface")?,
        at: at.optional("at")?,
    })
}
