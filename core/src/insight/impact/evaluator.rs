//! Evaluation: the rules of access are asked once for each case that they tell apart, with a principal and an object that are of it.

use std::collections::BTreeMap;

use crate::access::{Live, Object};
use crate::policy::{ProjectRole, Roles};

use super::actions::Actions;
use super::both::{Both, BothTables, Side};
use super::indices::{ActionSet, Delta, ObjectClass, PrincipalClass};
use super::objects::ObjectRow;
use super::ties::{Seen, Special, Tie, Ties};

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
pub(super) struct Answer {
    pub(super) actions: ActionSet,
    /// Whether `list_projects` lists the object.
    pub(super) is_reached: bool,
}

impl Answer {
    /// Of whatever is not there.
    fn nothing() -> Self {
        Self { actions: Actions::none(), is_reached: false }
    }
}

/// A principal and an object of a case, on one side.
pub(super) type Example = (Live, Object);

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

    /// Whether the cases show that nothing differs, without any answer.
    pub(super) fn are_equal(&self, cases: &Both<Option<Case>>) -> bool {
        let is_nothing = cases.before.is_none() && cases.after.is_none();
        is_nothing || (self.is_same_policy && cases.before == cases.after)
    }

    /// The answers of both sides. `None` if a case is new and there is no example of it.
    pub(super) fn answers(
        &mut self,
        tables: BothTables<'_>,
        cases: &Both<Option<Case>>,
        mut example: impl FnMut(Side) -> Option<Example>,
    ) -> Option<Both<Answer>> {
        let mut answer = |side: Side| match cases.get(side) {
            None => Some(Answer::nothing()),
            Some(case) => self.answer(tables, side, case, &mut example),
        };
        Both { before: answer(Side::Before), after: answer(Side::After) }.all()
    }

    fn answer(
        &mut self,
        tables: BothTables<'_>,
        side: Side,
        case: &Case,
        example: &mut dyn FnMut(Side) -> Option<Example>,
    ) -> Option<Answer> {
        let kept = if self.is_same_policy { Side::Before } else { side };
        if let Some(answer) = self.answers.get(kept).get(case) {
            return Some(*answer);
        }
        let (live, object) = example(side)?;
        let tables = tables.get(side);
        let answer = Answer {
            actions: self.actions.set_of(side, tables.allowed_actions(live, object, None)),
            is_reached: matches!(object, Object::Project(project) if tables.is_reached(live, project)),
        };
        self.answers.get_mut(kept).insert(*case, answer);
        Some(answer)
    }

    /// What differs between answers.
    pub(super) fn delta(&mut self, answers: &Both<Answer>) -> Delta {
        self.actions.delta(answers.map(|answer| answer.actions))
    }
}

impl Ties {
    /// The case of the principal and an object on a side; `None` if there is nothing to decide.
    pub(super) fn case(&self, tables: BothTables<'_>, side: Side, row: &ObjectRow, tie: Option<Tie>) -> Option<Case> {
        let placed = (*row.placed.get(side)).as_ref()?;
        let class = self.class_at(side, placed, tie.is_some())?;
        let groups = match (placed.project, self.user.get(side), self.live.get(side)) {
            (Some(project), Some(user), Some(live)) if class.groups != Seen::no_groups() => {
                tables.get(side).group_roles(project, *user, live.at())
            }
            _ => Roles::NONE,
        };
        Some(Case { principal: class.class, object: placed.class, own: tie.and_then(|tie| tie.own), groups })
    }

    /// The cases of an object that is told apart.
    pub(super) fn cases(&self, tables: BothTables<'_>, row: &ObjectRow, special: &Special) -> Both<Option<Case>> {
        Both::each(|side| self.case(tables, side, row, *special.ties.get(side)))
    }

    /// The principal and an object as an example of their cases.
    pub(super) fn example<'e>(&'e self, row: &'e ObjectRow) -> impl FnMut(Side) -> Option<Example> + 'e {
        |side| Some(((*self.live.get(side))?, (*row.placed.get(side))?.object))
    }
}
