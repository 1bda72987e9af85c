//! Suspension: what a suspended principal may still do, and what may still be done to what is suspended (A25, A26).

use serde::Serialize;

use crate::catalogue::error_code::ErrorCode;
use crate::input::error::Error;
use crate::input::path::Path;
use crate::input::shape::fields;
use crate::input::value::Value;

use super::action_set::ActionSet;
use super::compiler::{Compiler, Defined};
use super::fields::names;

#[derive(Debug, Default, Serialize)]
pub(super) struct SuspendedActions {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    principal: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    scope: Vec<String>,
}

/// The actions that suspension does not take away.
#[derive(Debug)]
pub(super) struct Unsuspended {
    pub(super) principal: ActionSet,
    pub(super) scope: ActionSet,
}

impl SuspendedActions {
    pub(super) fn are_none(&self) -> bool {
        self.principal.is_empty() && self.scope.is_empty()
    }

    // Apart, so that an engine does not compile it for a policy that has none.
    #[inline(never)]
    pub(super) fn read(value: &Value<'_>, path: &Path<'_>) -> Result<Self, Error> {
        let mut actions = Self::default();
        fields!(value, path, required [], |field, at| {
            "principal" => actions.principal = names(field, at)?,
            "scope" => actions.scope = names(field, at)?,
        });
        Ok(actions)
    }
}

impl Unsuspended {
    /// Nothing is left to do.
    pub(super) fn nothing(no_actions: &ActionSet) -> Self {
        Self { principal: no_actions.clone(), scope: no_actions.clone() }
    }

    // Apart, so that an engine does not compile it for a policy that has none.
    #[inline(never)]
    pub(super) fn compile(document: &SuspendedActions, defined: &Defined<'_>, compiler: &mut Compiler<'_, '_>, at: &Path<'_>) -> Self {
        let mut set = |list: &[String], field: &str| {
            let mut actions = defined.no_actions.clone();
            let table = at.field(field);
            for (number, action) in list.iter().enumerate() {
                let at = table.item(number);
                if let Some(action) = compiler.resolve(defined.actions, action, ErrorCode::UnknownAction, &at) {
                    actions.insert(action);
                }
            }
            actions
        };
        Self { principal: set(&document.principal, "principal"), scope: set(&document.scope, "scope") }
    }
}
