//! The order of evaluation: admission, then the rules. Every decision is made here, in whatever form the question comes.

use crate::catalogue::decision::{Caveats, Decision, Reason};
use crate::catalogue::rule::Rule;
use crate::directory::Directory;
use crate::input::instant::Instant;
use crate::policy::{Action, Surface};

use super::finding::Finding;
use super::question::{AccessRequest, Conditions, FoundQuestion, Object, Principal};
use super::verdict::Verdict;

impl Directory {
    /// The decision on a request, with its reason.
    #[must_use]
    pub fn check_access(&self, request: &AccessRequest<'_>) -> Decision<'_> {
        self.decision_of(&self.decide(request))
    }

    /// The `allowed` of [`check_access`](Self::check_access), without the explanation.
    #[must_use]
    pub fn is_allowed(&self, request: &AccessRequest<'_>) -> bool {
        self.decide(request).ground.allows()
    }

    pub(crate) fn decide(&self, request: &AccessRequest<'_>) -> Verdict {
        self.decide_on_found(&self.find(request))
    }

    /// Looks up the names of a request.
    pub(crate) fn find(&self, request: &AccessRequest<'_>) -> FoundQuestion {
        let tables = self.tables();
        let action = tables.policy().action(request.action);
        FoundQuestion {
            action,
            principal: tables.find_principal(request.principal),
            object: tables.find_object(request.resource, action),
            surface: request.surface,
            conditions: Conditions { at: request.at, freshness: request.freshness },
        }
    }

    /// A1 to A9, for a question whose names have been looked up.
    #[inline]
    pub(crate) fn decide_on_found(&self, question: &FoundQuestion) -> Verdict {
        let fresh = match self.admit(&question.conditions) {
            Ok(fresh) => fresh,
            Err(ground) => return ground.into(), // A1
        };
        let Some(action) = question.action else {
            return Rule::A2.says(Reason::UnknownAction).into();
        };
        let principal = match fresh.live(question.principal) {
            Ok(principal) => principal,
            Err(ground) => return ground.into(), // A3, A4, A5
        };
        let Some(object) = question.object else {
            return Rule::A6.says(Reason::UnknownResource).into();
        };
        let tables = fresh.tables();
        let (organization, project) = tables.scope(object);
        let Finding { ground, role } = tables.decide_in_scope(principal, action, object, question.surface);
        let caveats = match ground.allows() {
            true => tables.caveats(principal, action, project, question.surface),
            false => Caveats::NONE,
        };
        Verdict { ground, role, organization, project, caveats }
    }

    /// The fast path of [`is_allowed`](Self::is_allowed): everything is found. Without a surface, the principal's default one counts. The
    /// clock is read only if the instant makes a difference.
    ///
    /// # Errors
    /// The errors of the clock.
    #[inline]
    pub(crate) fn is_allowed_on_found<E>(
        &self,
        principal: Principal,
        action: Action,
        object: Object,
        surface: Option<Surface>,
        clock: impl FnOnce() -> Result<Instant, E>,
    ) -> Result<bool, E> {
        let live = match self.admit_at_any_time(principal) {
            Some(live) => live,
            None => match self.admit(&Conditions::at(clock()?)).and_then(|fresh| fresh.live(Some(principal))) {
                Ok(live) => live,
                Err(_) => return Ok(false),
            },
        };
        Ok(self.tables().is_allowed(live, action, object, surface))
    }

    /// The fast path of [`check_access`](Self::check_access): principal, action and resource as text, on the principal's default surface.
    /// `None` if any of them is not found.
    #[inline]
    pub(crate) fn check_access_by_text(&self, names: [&str; 3], at: Instant) -> Option<Decision<'_>> {
        let (principal, action, object) = self.tables().find_names(names)?;
        Some(self.decision_of(&self.decide_on_found(&FoundQuestion {
            principal: Some(principal),
            action: Some(action),
            object: Some(object),
            surface: None,
            conditions: Conditions::at(at),
        })))
    }
}
