//! Explanations: the rule that decided, the rows that it looked at, and the changes that would decide otherwise. For administrators: they tell
//! more than an answer does.

mod candidates;
mod decision_facts;
mod fact;
mod remedies;
mod sentence;
mod trial;
mod usage_facts;

use serde::Serialize;

use crate::access::{AccessRequest, FoundQuestion, Principal};
use crate::attribution::Usage;
use crate::catalogue::attribution::Attribution;
use crate::catalogue::decision::Decision;
use crate::catalogue::rule::Rule;
use crate::directory::Directory;
use crate::input::error::Error;
use crate::input::json_text::JsonText;
use crate::input::path::Path;

pub use fact::Fact;
use fact::Facts;
pub use remedies::RemedyOutcome;

/// Why a decision is what it is.
#[derive(Clone, Debug, Serialize)]
pub struct Explanation<'d> {
    /// The decision, as `check_access` gives it.
    pub decision: Decision<'d>,
    /// The rule that decided.
    pub rule: Rule,
    /// The rule in words, about this question.
    pub sentence: String,
    /// The rows that the rule looked at.
    pub facts: Vec<Fact>,
    /// Of a denial, the single changes that would allow it, weakest role first, switches and wider grants last. Each has been tried.
    pub would_allow: Vec<Suggestion>,
}

/// A change that would allow what is denied.
#[derive(Clone, Debug, Serialize)]
pub struct Suggestion {
    /// The change, as `apply` takes it.
    pub change: JsonText,
    /// Those who may make it, at most ten, as references in byte order. The platform always may.
    pub by: Vec<String>,
}

/// Why usage is booked where it is.
#[derive(Clone, Debug, Serialize)]
pub struct UsageExplanation<'d> {
    /// The attribution, as `attribute` gives it.
    pub attribution: Attribution<'d>,
    /// The rule that booked.
    pub rule: Rule,
    /// The rule in words, about this usage.
    pub sentence: String,
    /// The rows that the rule looked at.
    pub facts: Vec<Fact>,
    /// What each remedy of the attribution would lead to. Each has been tried.
    pub remedies: Vec<RemedyOutcome>,
}

impl Directory {
    /// Explains a decision. The directory is the same afterwards.
    pub(crate) fn explain(&mut self, request: &AccessRequest<'_>) -> Explanation<'_> {
        self.free_leftovers();
        let question = self.find(request);
        let verdict = self.decide_on_found(&question);
        let mut would_allow = Vec::new();
        if !verdict.ground.allows() {
            for change in candidates::of(self.tables(), &question, verdict.ground) {
                would_allow.extend(self.makers(&change, request).map(|by| Suggestion { change, by }));
            }
        }
        let decision = self.decision_of(&verdict);
        let mut facts = Facts::new(self.tables(), request.at);
        facts.decision(&question, verdict.ground, request.action);
        let asked = sentence::Asked {
            principal: &request.principal.to_string(),
            action: request.action,
            resource: &request.resource.to_string(),
            surface: self.surface_of(&question),
        };
        let sentence = sentence::of_decision(verdict.ground.rule, &decision, &asked);
        Explanation { decision, rule: verdict.ground.rule, sentence, facts: facts.into_list(), would_allow }
    }

    fn surface_of(&self, question: &FoundQuestion) -> &str {
        let surface = question.surface.or_else(|| question.principal.map(|principal| self.tables().default_surface(principal)));
        surface.map_or("", |surface| self.tables().policy().surface_name(surface))
    }

    /// Explains where usage is booked. The directory is the same afterwards.
    pub(crate) fn explain_usage(&mut self, usage: &Usage<'_>) -> Result<UsageExplanation<'_>, Error> {
        self.free_leftovers();
        let booked = self.tables().find_and_book(usage).map_err(|fault| fault.into_error(&Path::Root))?;
        let remedies = self.try_remedies(usage, &booked);
        let attribution = self.attribute(usage)?;
        let tables = self.tables();
        let principal = tables.find_principal(usage.principal);
        let rule = booked.booking.rule(matches!(principal, Some(Principal::ApiKey(_))));
        let surface = principal.map(|principal| tables.policy().surface_name(tables.default_surface(principal)));
        let used = sentence::Used {
            principal: &usage.principal.to_string(),
            kind: usage.kind,
            surface: usage.surface.or(surface).unwrap_or_default(),
            organization: attribution.intended_organization.unwrap_or_default(),
        };
        let sentence = sentence::of_booking(booked.booking, rule, &used);
        let mut facts = Facts::new(tables, usage.at);
        facts.booking(usage, &booked, rule, used.surface);
        Ok(UsageExplanation { attribution, rule, sentence, facts: facts.into_list(), remedies })
    }
}
