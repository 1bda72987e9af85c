//! What each rule of access looks at.

use crate::access::{FoundQuestion, Ground, Principal};
use crate::catalogue::decision::Reason;
use crate::catalogue::rule::Rule;
use crate::directory::{ApiKey, Organization, Project, User};
use crate::input::instant::Instant;
use crate::policy::{Action, Target};

use super::fact::Facts;

impl Facts<'_> {
    /// The facts of a decision by a rule. What is unknown is not repeated: it may be a secret that was pasted in the wrong place.
    pub(super) fn decision(&mut self, question: &FoundQuestion, ground: Ground, action_name: &str) {
        let rule = ground.rule;
        let (Some(action), Some(principal), Some(object)) = (question.action, question.principal, question.object) else {
            match (rule, question.principal) {
                (Rule::A2, _) => self.add("action", &[("action", action_name)], false),
                (Rule::A3, _) => self.add("principal", &[], false),
                (Rule::A6, _) => self.add("resource", &[], false),
                (Rule::A4 | Rule::A5, Some(principal)) => self.principal(principal),
                _ => {}
            }
            return;
        };
        let (organization, project) = self.tables.scope(object);
        match rule {
            Rule::A1 => {}
            Rule::A3 | Rule::A4 | Rule::A5 | Rule::A18 => self.principal(principal),
            Rule::A7 => {
                self.object(object);
                self.add("action", &[("action", action_name)], true);
            }
            Rule::A8 => self.surface(question, action, principal),
            Rule::A25 => self.suspended_principal(principal, organization),
            Rule::A26 => self.suspended_scope(organization, project),
            Rule::A24 => {
                self.object(object);
                organization.into_iter().for_each(|organization| self.organization(organization));
            }
            _ => {
                self.object(object);
                match (principal, organization, project) {
                    (Principal::User(user), _, Some(project)) => self.user_in_project(user, action, project),
                    (Principal::ApiKey(key), _, Some(project)) => self.key_in_project(key, action, project, ground),
                    (Principal::User(user), Some(organization), None) => self.user_on_organization(user, action, organization, ground),
                    (Principal::ApiKey(key), Some(organization), None) => self.key_on_organization(key, action, organization, ground),
                    (_, None, _) => {}
                }
            }
        }
    }

    fn surface(&mut self, question: &FoundQuestion, action: Action, principal: Principal) {
        let policy = self.tables.policy();
        let surface = question.surface.unwrap_or_else(|| self.tables.default_surface(principal));
        if let Target::Kind(kind) | Target::NewOfKind(kind) = policy.target(action) {
            self.add("support", &[("kind", policy.kind_name(kind)), ("surface", policy.surface_name(surface))], false);
        }
    }

    fn suspended_principal(&mut self, principal: Principal, organization: Option<Organization>) {
        let user = match principal {
            Principal::User(user) => Some(user),
            Principal::ApiKey(key) => {
                let own = self.tables.api_key_row(key).project;
                self.api_key(key);
                self.suspended_scope(Some(self.tables.project_row(own).organization), Some(own));
                self.tables.acted_user(key)
            }
        };
        if let Some(user) = user {
            let id = self.tables.user_id(user);
            self.suspension(&[("user", id)], self.tables.suspension_of_user(user));
            let row = organization.and_then(|organization| self.tables.member_row(user, organization));
            if let Some(row) = row.filter(|row| !self.tables.has_ended(row.period, self.at)) {
                self.suspension(&[("organization", self.tables.organization_id(row.organization)), ("user", id)], row.suspended_at);
            }
        }
    }

    fn suspended_scope(&mut self, organization: Option<Organization>, project: Option<Project>) {
        if let Some(project) = project {
            self.suspension(&[("project", self.tables.project_id(project))], self.tables.project_contents(project).suspended_at);
        }
        if let Some(organization) = organization {
            let ids = [("organization", self.tables.organization_id(organization))];
            self.suspension(&ids, self.tables.organization_row(organization).suspended_at);
        }
    }

    /// Whether somebody or something is suspended. The row that would say so is there.
    fn suspension(&mut self, ids: &[(&'static str, &str)], suspended_at: Option<Instant>) {
        self.add("suspension", ids, suspended_at.is_some_and(|suspended_at| suspended_at <= self.at));
    }

    /// A10 to A16.
    fn user_on_organization(&mut self, user: User, action: Action, organization: Organization, ground: Ground) {
        let (tables, policy) = (self.tables, self.tables.policy());
        self.member(user, organization);
        let membership = tables.membership(user, organization, self.at);
        match membership {
            Some(_) if policy.owner_has(action) => self.permission("owner_action", action, true),
            Some(role) => self.organization_role(role, action),
            None => {}
        }
        let of_externals = |project: &Project| match membership {
            None => true,
            // Without the membership, these would allow it as well.
            Some(_) => ground.allows() && policy.external_has(action) && tables.project_row(*project).allows_externals,
        };
        let projects = tables.projects_of(user).filter(|project| tables.project_row(*project).organization == organization);
        let projects: Vec<_> = projects.filter(of_externals).collect();
        for project in &projects {
            self.collaborator(user, *project);
            self.project(*project);
        }
        if !projects.is_empty() {
            self.permission("external_action", action, policy.external_has(action));
        }
    }

    /// A19 to A21 and A28.
    fn user_in_project(&mut self, user: User, action: Action, project: Project) {
        let (tables, policy) = (self.tables, self.tables.policy());
        let row = tables.project_row(project);
        self.member(user, row.organization);
        self.collaborator(user, project);
        let Some(member) = tables.membership(user, row.organization, self.at) else {
            let role = tables.collaborator_role(project, user, self.at);
            if let Some(role) = role.filter(|_| tables.has_live_row(project, user, self.at)) {
                self.project_role(role, action);
                if policy.is_internal(action) {
                    self.permission("external_action", action, false);
                }
            }
            return;
        };
        self.groups(user, project);
        for role in tables.roles_in(user, project, self.at).iter() {
            self.project_role(role, action);
        }
        if let Some(visibility) = policy.visibility_name(row.visibility).filter(|_| policy.has_visible_actions()) {
            let ids = [("visibility", visibility), ("role", policy.organization_role_name(member)), ("action", policy.action_name(action))];
            self.add("visibility_action", &ids, policy.visibility_gives(row.visibility, member, action));
        }
    }

    /// A22, A23, A29 and A30.
    fn key_in_project(&mut self, key: ApiKey, action: Action, project: Project, ground: Ground) {
        self.api_key(key);
        if ground.rule != Rule::A22 {
            self.limits(key, action);
            self.acted_user(key, ground, |facts, user| facts.user_in_project(user, action, project));
        }
    }

    /// A17, A29 and A30.
    fn key_on_organization(&mut self, key: ApiKey, action: Action, organization: Organization, ground: Ground) {
        self.api_key(key);
        if ground.reason != Reason::KeyOutOfScope {
            self.limits(key, action);
            self.acted_user(key, ground, |facts, user| facts.user_on_organization(user, action, organization, ground));
        }
    }

    fn limits(&mut self, key: ApiKey, action: Action) {
        let policy = self.tables.policy();
        self.permission("api_key_action", action, policy.api_key_has(action));
        let scopes = self.tables.limits(key).and_then(|limits| limits.scopes.as_deref());
        for scope in scopes.unwrap_or_default() {
            let ids = [("scope", policy.scope_name(*scope)), ("action", policy.action_name(action))];
            self.add("scope_action", &ids, policy.scope_has(*scope, action));
        }
    }

    /// The user whom an API key acts as comes last.
    fn acted_user(&mut self, key: ApiKey, ground: Ground, of_user: impl FnOnce(&mut Self, User)) {
        if let Some(user) = self.tables.acted_user(key).filter(|_| ground.allows() || ground.rule == Rule::A30) {
            of_user(self, user);
        }
    }
}
