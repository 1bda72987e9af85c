//! What each rule of attribution looks at.

use crate::access::Principal;
use crate::attribution::{Booked, Usage};
use crate::catalogue::rule::Rule;
use crate::directory::{Home, Tables, User};
use crate::policy::Support;

use super::fact::Facts;

impl Facts<'_> {
    /// The facts of a booking by a rule.
    pub(super) fn booking(&mut self, usage: &Usage<'_>, booked: &Booked, rule: Rule, surface: &str) {
        let Some(principal) = self.tables.find_principal(usage.principal) else { return };
        self.principal(principal);
        if let Some(resource) = usage.resource {
            let present = self.tables.find_in_project(resource.type_name, resource.id).is_some();
            self.add("resource", &[("resource", &resource.to_string())], present);
        }
        let organization = self.tables.project_row(booked.intended).organization;
        self.project(booked.intended);
        self.organization(organization);
        if rule == Rule::B1 {
            return;
        }
        if let Principal::User(user) = principal {
            self.member(user, organization);
        }
        if rule == Rule::B2 {
            return;
        }
        self.add("support", &[("kind", usage.kind), ("surface", surface)], self.tables.is_supported(usage.kind, surface));
        let maker = match principal {
            Principal::User(user) => Some(user),
            Principal::ApiKey(key) => self.tables.maker(key),
        };
        if let Some(maker) = maker.filter(|_| rule != Rule::B3) {
            if matches!(principal, Principal::ApiKey(_)) {
                self.member(maker, organization);
                self.collaborator(maker, booked.intended);
            }
            if matches!(rule, Rule::B4 | Rule::B5) {
                self.home(maker);
            }
        }
    }

    /// What says where a user is at home: the membership, or the entry of the user.
    fn home(&mut self, user: User) {
        match self.tables.home(user, self.at) {
            Home::Member(organization) => {
                self.member(user, organization);
                self.organization(organization);
            }
            Home::Outside(_) => self.user(user),
            Home::Unknown => self.add("home", &[("user", self.tables.user_id(user))], false),
        }
    }
}

impl Tables {
    fn is_supported(&self, kind: &str, surface: &str) -> bool {
        let policy = self.policy();
        let found = policy.kind(kind).zip(policy.surface(surface));
        found.is_some_and(|(kind, surface)| policy.support(kind, surface) == Support::Supported)
    }
}
