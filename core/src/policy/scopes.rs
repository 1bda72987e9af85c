//! Scopes of API keys: what a key with scopes may do at most (A29).

use serde::Serialize;

use crate::catalogue::error_code::ErrorCode;
use crate::input::error::Error;
use crate::input::path::Path;
use crate::input::shape::fields;
use crate::input::value::Value;

use super::action_set::ActionSet;
use super::compile::{Compiler, Defined};
use super::document::{KindDocument, name, names};
use super::indices::Target;

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
    pub(super) fn compile(
        &self,
        defined: &Defined<'_>,
        kinds: &[KindDocument],
        compiler: &mut Compiler<'_, '_>,
        at: &Path<'_>,
    ) -> ActionSet {
        let mut actions = defined.no_actions.clone();
        let table = at.field("actions");
        for (number, action) in self.actions.iter().enumerate() {
            let at = table.item(number);
            if let Some(action) = compiler.resolve(defined.actions, action, ErrorCode::UnknownAction, &at) {
                actions.insert(action);
            }
        }
        for (number, verb) in self.verbs.iter().enumerate() {
            let mut is_used = false;
            for kind in kinds.iter().filter(|kind| kind.has_verb(verb)) {
                is_used = true;
                if let Some(action) = compiler.find(defined.actions, &format!("{}.{verb}", kind.kind)) {
                    actions.insert(action);
                }
            }
            if !is_used {
                compiler.no_such_verb(verb, &at.field("verbs").item(number));
            }
        }
        let table = at.field("kinds");
        for (number, kind) in self.kinds.iter().enumerate() {
            let at = table.item(number);
            let Some(kind) = compiler.resolve(defined.kinds, kind, ErrorCode::UnknownKind, &at) else { continue };
            let is_of_kind = |target: &Target| matches!(target, Target::Kind(of) | Target::NewOfKind(of) if *of == kind);
            defined.targets.iter().filter(|(_, target)| is_of_kind(target)).for_each(|(action, _)| actions.insert(action));
        }
        actions
    }
}
