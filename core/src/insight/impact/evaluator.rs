//! Evaluation: the rules of access are asked once for each case that they tell apart, with a principal and an object that are of it.

use std::collections::BTreeMap;

use crate::access::{Live, Object};
use crate::policy::{ProjectRole, Roles};

use super::actions::Actions;
use super::both::{Both, BothTables, Side};
use super::indices::{ActionSet, Delta, ObjectClass, PrincipalClass};

/// Everything that decisions about a principal and an object read on one side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Case {
    pub(super) principal: PrincipalClass,
    pub(super) object: ObjectClass,
    /// The role of a row of the user's own.
    pub(super) own: Option<ProjectRole>,
    /// The roles of rows of the user's groups.
    pub(super) groups: Roles,
}

/// What is decided in a case.
#[derive(Clone, Copy, Debug)]
struct Answer {
    actions: ActionSet,
    /// Whether `list_projects` lists the object.
    is_reached: bool,
}

/// What differs between the cases of both sides.
#[derive(Clone, Copy, Debug)]
pub(super) struct Found {
    pub(super) delta: Delta,
    /// Whether `list_projects` lists the object on both sides.
    pub(super) is_reached: bool,
}

pub(super) struct Evaluator {
    pub(super) actions: Actions,
    answers: Both<BTreeMap<Case, Answer>>,
    /// Then equal cases of both sides have equal answers.
    is_same_policy: bool,
}

impl Evaluator {
    pub(super) fn new(tables: BothTables<'_>) -> Self {
        let is_same_policy = tables.before.policy_text() == tables.after.policy_text();
        Self { actions: Actions::of(tables), answers: Both::default(), is_same_policy }
    }

    /// Whether the cases show that nothing differs in access, without any answer.
    pub(super) fn are_equal(&self, cases: &Both<Option<Case>>) -> bool {
        let is_nothing = cases.before.is_none() && cases.after.is_none();
        is_nothing || (self.is_same_policy && cases.before == cases.after)
    }

    /// What differs between cases, of which there is an example on each side that has one.
    pub(super) fn find(
        &mut self,
        tables: BothTables<'_>,
        cases: &Both<Option<Case>>,
        example: impl Fn(Side) -> Option<(Live, Object)>,
    ) -> Found {
        let answers = Both::each(|side| {
            let case = (*cases.get(side))?;
            let answers = if self.is_same_policy { Side::Before } else { side };
            if let Some(answer) = self.answers.get(answers).get(&case) {
                return Some(*answer);
            }
            let (live, object) = example(side)?;
            let tables = *tables.get(side);
            let answer = Answer {
                actions: self.actions.set_of(side, tables.allowed_actions(live, object, None)),
                is_reached: matches!(object, Object::Project(project) if tables.is_reached(live, project)),
            };
            self.answers.get_mut(answers).insert(case, answer);
            Some(answer)
        });
        // Whatever is not there is denied.
        let actions = answers.map(|answer| answer.map_or(Actions::none(), |answer| answer.actions));
        let is_reached = answers.map(|answer| answer.is_some_and(|answer| answer.is_reached));
        Found { delta: self.actions.delta(actions), is_reached: is_reached.before && is_reached.after }
    }
}

impl Found {
    pub(super) fn nothing() -> Self {
        Self { delta: Actions::no_delta(), is_reached: false }
    }
}
