//! Candidates: the single changes that could turn a denial into an allow, weakest role first, switches and wider grants last. Each is tried before
//! it is suggested, so a candidate may be wrong, and this file knows no rule but where to look.

use crate::access::{FoundQuestion, Ground, Object, Principal};
use crate::catalogue::rule::Rule;
use crate::directory::{ApiKey, Organization, Project, Reach, Tables, User};
use crate::input::instant::Instant;
use crate::input::json_text::JsonText;
use crate::policy::Action;

/// The candidates for a denial.
pub(super) fn of(tables: &Tables, question: &FoundQuestion, ground: Ground) -> Vec<JsonText> {
    let mut candidates = Candidates { tables, at: question.conditions.at, list: Vec::new() };
    if let (Some(principal), Some(action), Some(object)) = (question.principal, question.action, question.object) {
        candidates.collect(principal, action, object, ground.rule);
    }
    candidates.list
}

struct Candidates<'t> {
    tables: &'t Tables,
    at: Instant,
    list: Vec<JsonText>,
}

/// A field that is a text.
fn text(value: &str) -> JsonText {
    JsonText::of(&value)
}

impl Candidates<'_> {
    fn collect(&mut self, principal: Principal, action: Action, object: Object, rule: Rule) {
        let (organization, project) = self.tables.scope(object);
        match (rule, principal, organization, project) {
            (Rule::A5, Principal::ApiKey(key), ..) => {
                self.add("expire_api_key", [("key", self.key(key)), ("expires_at", JsonText::null())])
            }
            (Rule::A25, ..) => self.resume_principal(principal, organization),
            (Rule::A26, _, Some(organization), _) => self.resume_scope(organization, project),
            (Rule::A11 | Rule::A24, Principal::User(user), Some(organization), _) => {
                let fields = [("organization", self.organization(organization)), ("user", self.user(user))];
                self.add("transfer_ownership", fields);
            }
            (_, Principal::User(user), Some(organization), None) => self.user_on_organization(user, organization),
            (_, Principal::User(user), Some(organization), Some(project)) => self.user_in_project(user, organization, project),
            (Rule::A17, Principal::ApiKey(key), ..) => self.widen(key),
            (Rule::A22, Principal::ApiKey(key), _, Some(project)) => self.reach(key, project),
            (Rule::A29, Principal::ApiKey(key), ..) => self.scopes(key, action),
            (Rule::A30, Principal::ApiKey(key), Some(organization), project) => {
                if let Some(user) = self.tables.acted_user(key) {
                    match project {
                        Some(project) => self.user_in_project(user, organization, project),
                        None => self.user_on_organization(user, organization),
                    }
                }
                self.add("update_api_key", [("key", self.key(key)), ("acts_as", JsonText::null())]);
            }
            _ => {}
        }
    }

    fn add<const N: usize>(&mut self, change: &str, fields: [(&'static str, JsonText); N]) {
        self.list.push(JsonText::object([("type", text(change))].into_iter().chain(fields)));
    }

    fn user(&self, user: User) -> JsonText {
        text(self.tables.user_id(user))
    }

    fn organization(&self, organization: Organization) -> JsonText {
        text(self.tables.organization_id(organization))
    }

    fn project(&self, project: Project) -> JsonText {
        text(self.tables.project_id(project))
    }

    fn key(&self, key: ApiKey) -> JsonText {
        text(self.tables.api_key_id(key))
    }

    // Suspensions.

    fn resume_principal(&mut self, principal: Principal, organization: Option<Organization>) {
        let user = match principal {
            Principal::User(user) => Some(user),
            Principal::ApiKey(key) => {
                let own = self.tables.api_key_row(key).project;
                self.resume_scope(self.tables.project_row(own).organization, Some(own));
                self.tables.acted_user(key)
            }
        };
        if let Some(user) = user {
            if let Some(organization) = organization {
                self.add("resume", [("organization", self.organization(organization)), ("user", self.user(user))]);
            }
            self.add("resume", [("user", self.user(user))]);
        }
    }

    fn resume_scope(&mut self, organization: Organization, project: Option<Project>) {
        if let Some(project) = project {
            self.add("resume", [("project", self.project(project))]);
        }
        self.add("resume", [("organization", self.organization(organization))]);
    }

    // Roles.

    fn user_on_organization(&mut self, user: User, organization: Organization) {
        self.organization_roles(user, organization);
        let projects = self.tables.projects_of(user).filter(|project| self.tables.project_row(*project).organization == organization);
        for project in projects.collect::<Vec<_>>() {
            self.allow_externals(project);
        }
    }

    /// The user as a member of each role, the weakest first.
    fn organization_roles(&mut self, user: User, organization: Organization) {
        let is_member = self.tables.membership(user, organization, self.at).is_some();
        let change = if is_member { "set_member_role" } else { "add_member" };
        for role in self.tables.policy().organization_roles_from_the_weakest() {
            self.add(change, [("organization", self.organization(organization)), ("user", self.user(user)), ("role", text(role))]);
        }
    }

    fn user_in_project(&mut self, user: User, organization: Organization, project: Project) {
        let policy = self.tables.policy();
        let row = self.tables.project_row(project);
        let member = self.tables.membership(user, organization, self.at);
        let joins_as = member.and_then(|role| policy.joining_role(row.visibility, role)).map(|role| policy.project_role_name(role));
        let change = if self.tables.has_live_row(project, user, self.at) { "set_collaborator_role" } else { "add_collaborator" };
        for role in policy.project_roles_from_the_weakest() {
            if joins_as == Some(role) {
                self.add("join_project", [("project", self.project(project))]);
            }
            self.add(change, [("project", self.project(project)), ("user", self.user(user)), ("role", text(role))]);
        }
        self.groups(user, project);
        self.organization_roles(user, organization);
        self.visibilities(project);
        self.allow_externals(project);
    }

    /// The groups with a row in the project that the user is not in, the one with the weakest role first.
    fn groups(&mut self, user: User, project: Project) {
        let groups = self.tables.groups_in(project).iter().filter(|group| !self.tables.is_in_group(user, **group, self.at));
        let mut groups: Vec<_> = groups.filter_map(|group| Some((self.tables.group_role(project, *group, self.at)?, *group))).collect();
        groups.sort_by_key(|(role, _)| std::cmp::Reverse(u32::from(*role)));
        for (_, group) in groups.into_iter().take(MOST_GROUPS) {
            self.add("add_group_member", [("group", text(self.tables.group_id(group))), ("user", self.user(user))]);
        }
    }

    // Switches.

    fn visibilities(&mut self, project: Project) {
        let own = self.tables.project_row(project).visibility;
        for visibility in self.tables.policy().visibilities().filter(|visibility| *visibility != own) {
            if let Some(name) = self.tables.policy().visibility_name(visibility) {
                self.add("set_visibility", [("project", self.project(project)), ("visibility", text(name))]);
            }
        }
    }

    fn allow_externals(&mut self, project: Project) {
        if !self.tables.project_row(project).allows_externals {
            self.add("set_external_collaborators", [("project", self.project(project)), ("allowed", JsonText::of(&true))]);
        }
    }

    // Limits of API keys.

    fn reach(&mut self, key: ApiKey, project: Project) {
        let own = self.tables.api_key_row(key).project;
        let mut projects = match self.tables.limits(key).map(|limits| &limits.reach) {
            Some(Reach::Listed(further)) => further.clone(),
            _ => Vec::new(),
        };
        if self.tables.project_row(own).organization == self.tables.project_row(project).organization {
            projects.push(project);
            self.tables.sort_projects(&mut projects);
            let projects: Vec<_> = projects.iter().map(|project| self.tables.project_id(*project)).collect();
            self.add("update_api_key", [("key", self.key(key)), ("projects", JsonText::of(&projects))]);
            self.widen(key);
        }
    }

    fn widen(&mut self, key: ApiKey) {
        self.add("update_api_key", [("key", self.key(key)), ("projects", text("all"))]);
    }

    fn scopes(&mut self, key: ApiKey, action: Action) {
        let policy = self.tables.policy();
        let own = self.tables.limits(key).and_then(|limits| limits.scopes.clone()).unwrap_or_default();
        for scope in policy.scopes().filter(|scope| policy.scope_has(*scope, action)) {
            let scopes = policy.set_of_scopes(own.iter().copied().chain([scope]).collect());
            let scopes: Vec<_> = scopes.iter().map(|scope| policy.scope_name(*scope)).collect();
            self.add("update_api_key", [("key", self.key(key)), ("scopes", JsonText::of(&scopes))]);
        }
        self.add("update_api_key", [("key", self.key(key)), ("scopes", JsonText::null())]);
    }
}

/// How many groups are tried: of many groups with the same role, one tells as much as all.
const MOST_GROUPS: usize = 10;
