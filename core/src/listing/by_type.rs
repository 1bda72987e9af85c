//! Objects of one type on which a principal may do an action: resources of a kind, and also projects, organizations and users.

use crate::access::{Conditions, Live, Object, Principal};
use crate::collections::order;
use crate::directory::{Directory, Organization, Tables, User};
use crate::input::error::Error;

use super::cursor::Fingerprint;
use super::page::{Page, PageRequest};
use super::query::ResourceQuery;

impl Directory {
    /// The objects of a type on which a principal may do an action, as references. `kind` and `project` of the query are ignored.
    pub(crate) fn list_of_type(&self, type_name: &str, query: &ResourceQuery<'_>, page: &PageRequest<'_>) -> Result<Page, Error> {
        if !matches!(type_name, "user" | "organization" | "project") {
            return self.list_resources(&ResourceQuery { kind: Some(type_name), project: None, ..*query }, page);
        }
        let policy = self.tables().policy();
        let principal = query.principal.to_string();
        let surface = query.surface.map(|surface| policy.surface_name(surface));
        let arguments = [Some(principal.as_str()), Some(query.action), Some(type_name), surface];
        let fingerprint = Fingerprint::new("list_of_type", &arguments);
        let after = page.after(fingerprint)?;
        let mut objects = Vec::new();
        if let (Some(action), Some((tables, principal))) =
            (policy.action(query.action), self.admitted(query.principal, &Conditions::at(query.at)))
        {
            objects = tables.objects_within_reach(type_name, principal);
            objects.retain(|(_, object)| tables.is_allowed(principal, action, *object, query.surface));
        }
        let references = objects.into_iter().map(|(id, _)| format!("{type_name}:{id}"));
        Ok(page.take(fingerprint, &mut references.filter(|reference| after.as_ref().is_none_or(|after| reference > after))))
    }
}

impl Tables {
    /// The objects of a type on which a principal could be allowed anything, sorted by id.
    fn objects_within_reach(&self, type_name: &str, principal: Live) -> Vec<(&str, Object)> {
        let named_project = |project| (self.project_id(project), Object::Project(project));
        let named_organization = |organization| (self.organization_id(organization), Object::Organization(organization));
        match (type_name, principal.principal()) {
            ("project", _) => self.projects_within_reach(principal).into_iter().map(named_project).collect(),
            ("organization", Principal::User(user)) => self.organizations_of(user).into_iter().map(named_organization).collect(),
            ("organization", Principal::ApiKey(key)) => {
                vec![named_organization(self.project_row(self.api_key_row(key).project).organization)]
            }
            ("user", Principal::User(user)) => vec![(self.user_id(user), Object::User(user))],
            _ => Vec::new(),
        }
    }

    /// The organizations that list the user as a member, and those in whose projects the user is a collaborator, sorted by id.
    fn organizations_of(&self, user: User) -> Vec<Organization> {
        let mut organizations: Vec<_> = self.projects_of(user).map(|project| self.project_row(project).organization).collect();
        organizations.extend(self.member_rows(user).map(|row| row.organization));
        order::sort_by(&mut organizations, |one, other| self.organization_id(one).cmp(self.organization_id(other)));
        organizations.dedup();
        organizations
    }
}
