//! Visibilities: how a project appears to the members of its organization (A28, C20).

use serde::Serialize;

use crate::catalogue::error_code::ErrorCode;
use crate::collections::table::Table;
use crate::input::error::Error;
use crate::input::path::Path;
use crate::input::shape::{boolean, fields, list, map};
use crate::input::value::Value;

use super::action_set::ActionSet;
use super::compiler::{Compiler, Defined};
use super::fields::{as_object, is_true, name, names};
use super::indices::{Action, OrganizationRole, ProjectRole, Target};

#[derive(Debug, Serialize)]
pub(super) struct VisibilityDocument {
    pub(super) visibility: String,
    #[serde(skip_serializing_if = "is_true")]
    implied_roles: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    actions: Vec<VisibleActions>,
    #[serde(skip_serializing_if = "Vec::is_empty", serialize_with = "as_object")]
    join: Vec<(String, String)>,
}

/// Actions that a visibility gives to members with one of the organization roles.
#[derive(Debug, Default, Serialize)]
struct VisibleActions {
    roles: Vec<String>,
    actions: Vec<String>,
}

impl VisibilityDocument {
    // Apart, so that an engine does not compile it for a policy that has none.
    #[inline(never)]
    pub(super) fn read(value: &Value<'_>, path: &Path<'_>) -> Result<Self, Error> {
        let mut visibility = Self { visibility: String::new(), implied_roles: true, actions: Vec::new(), join: Vec::new() };
        fields!(value, path, required ["visibility"], |field, at| {
            "visibility" => visibility.visibility = name(field, at)?,
            "implied_roles" => visibility.implied_roles = boolean(field, at)?,
            "actions" => visibility.actions = list(field, at, VisibleActions::read)?,
            "join" => visibility.join = map(field, at, name)?,
        });
        Ok(visibility)
    }
}

impl VisibleActions {
    fn read(value: &Value<'_>, path: &Path<'_>) -> Result<Self, Error> {
        let mut row = Self::default();
        fields!(value, path, required ["roles", "actions"], |field, at| {
            "roles" => row.roles = names(field, at)?,
            "actions" => row.actions = names(field, at)?,
        });
        Ok(row)
    }
}

/// A compiled visibility.
#[derive(Debug)]
pub(super) struct VisibilityRow {
    /// Whether organization roles imply project roles in such a project.
    pub(super) implies_roles: bool,
    /// Whether it gives any action.
    pub(super) has_actions: bool,
    /// The actions of members whose roles in the project do not have them.
    actions: Table<OrganizationRole, ActionSet>,
    /// The project roles with which members join.
    join: Vec<(OrganizationRole, ProjectRole)>,
}

impl VisibilityRow {
    pub(super) fn gives(&self, role: OrganizationRole, action: Action) -> bool {
        self.has_actions && self.actions[role].contains(action)
    }

    /// The role with which a member joins by themselves (C20).
    pub(super) fn joining_role(&self, role: OrganizationRole) -> Option<ProjectRole> {
        self.join.iter().find(|(from, _)| *from == role).map(|(_, to)| *to)
    }

    /// Projects of a policy without visibilities.
    pub(super) fn none() -> Self {
        Self { implies_roles: true, has_actions: false, actions: Table::new(), join: Vec::new() }
    }

    // Apart, so that an engine does not compile it for a policy that has none.
    #[inline(never)]
    pub(super) fn compile(document: &VisibilityDocument, defined: &Defined<'_>, compiler: &mut Compiler<'_, '_>, at: &Path<'_>) -> Self {
        let mut actions = Table::of_same(defined.no_actions.clone(), defined.organization_roles.len());
        let mut has_actions = false;
        let table = at.field("actions");
        for (number, row) in document.actions.iter().enumerate() {
            let at = &table.item(number);
            let table = at.field("actions");
            let given: Vec<_> = row
                .actions
                .iter()
                .enumerate()
                .filter_map(|(number, action)| {
                    let at = table.item(number);
                    let action = compiler.resolve(defined.actions, action, ErrorCode::UnknownAction, &at)?;
                    if matches!(defined.targets[action], Target::User | Target::Organization) {
                        compiler.fault(ErrorCode::UnknownAction, &at, "this is not an action on projects or kinds");
                    }
                    Some(action)
                })
                .collect();
            let table = at.field("roles");
            for (number, role) in row.roles.iter().enumerate() {
                let at = table.item(number);
                if let Some(role) = compiler.resolve(defined.organization_roles, role, ErrorCode::UnknownRole, &at) {
                    has_actions |= !given.is_empty();
                    given.iter().for_each(|action| actions[role].insert(*action));
                }
            }
        }
        let roles = (defined.organization_roles, defined.project_roles);
        let by_role = compiler.project_role_by_organization_role(&document.join, roles, &at.field("join"));
        let join = by_role.iter().filter_map(|(from, to)| Some((from, (*to)?))).collect();
        Self { implies_roles: document.implied_roles, has_actions, actions, join }
    }
}
