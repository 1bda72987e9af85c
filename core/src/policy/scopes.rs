//! Scopes of API keys: what a key with scopes may do at most (A29).

use serde::Serialize;

use crate::catalogue::error_code::ErrorCode;
use crate::input::error::Error;
use crate::input::path::Path;
use crate::input::shape::fields;
use crate::input::value::Value;

use super::action_set::ActionSet;
use super::compiler::{Compiler, Defined};
use super::fields::{name, names};
use super::indices::{Kind, Target};

/// A scope: the union of some actions, of some verbs of every kind, and of every verb of some kinds.
#[derive(Debug, Default, Serialize)]
pub(super) struct ScopeDocument {
    pub(super) scope: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    actions: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    verbs: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    kinds: Vec<String>,
}

impl ScopeDocument {
    // Apart, so that an engine does not compile it for a policy that has none.
    #[inline(never)]
    pub(super) fn read(value: &Value<'_>, path: &Path<'_>) -> Result<Self, Error> {
        let mut scope = Self::default();
        fields!(value, path, required ["scope"], |field, at| {
            "scope" => scope.scope = name(field, at)?,
            "actions" => scope.actions = names(field, at)?,
            "verbs" => scope.verbs = names(field, at)?,
            "kinds" => scope.kinds = names(field, at)?,
        });
        Ok(scope)
    }

    /// The actions that the scope permits.
    // Apart, so that an engine does not compile it for a policy that has none.
    #[inline(never)]
    pub(super) fn compile(&self, defined: &Defined<'_>, compiler: &mut Compiler<'_, '_>, at: &Path<'_>) -> ActionSet {
        let mut actions = defined.no_actions.clone();
        let table = at.field("actions");
        for (number, action) in self.actions.iter().enumerate() {
            let at = table.item(number);
            if let Some(action) = compiler.resolve(defined.actions, action, ErrorCode::UnknownAction, &at) {
                actions.insert(action);
            }
        }
        let table = at.field("verbs");
        for (number, verb) in self.verbs.iter().enumerate() {
            let of_verb = |(kind, name)| {
                let action = compiler.find(defined.actions, &format!("{name}.{verb}"))?;
                is_of(defined.targets[action], kind).then_some(action)
            };
            let found: Vec<_> = defined.kinds.iter().filter_map(of_verb).collect();
            if found.is_empty() {
                compiler.no_such_verb(verb, &table.item(number));
            }
            found.into_iter().for_each(|action| actions.insert(action));
        }
        let table = at.field("kinds");
        for (number, kind) in self.kinds.iter().enumerate() {
            let at = table.item(number);
            let Some(kind) = compiler.resolve(defined.kinds, kind, ErrorCode::UnknownKind, &at) else { continue };
            defined.targets.iter().filter(|(_, target)| is_of(**target, kind)).for_each(|(action, _)| actions.insert(action));
        }
        actions
    }
}

/// Whether an action is one on a kind.
fn is_of(target: Target, kind: Kind) -> bool {
    matches!(target, Target::Kind(of) | Target::NewOfKind(of) if of == kind)
}
