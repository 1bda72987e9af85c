//! Organizations.

use crate::collections::order;
use crate::collections::texts::Full;
use crate::directory::document::Membership;
use crate::directory::entry::EntryIndex;
use crate::directory::indices::{Organization, Project, User};
use crate::directory::lists::remove_sorted;
use crate::directory::rows::OrganizationRow;
use crate::directory::tables::Tables;
use crate::input::instant::Instant;

use super::NewOrganization;

impl Tables {
    pub(crate) fn push_organization(&mut self, organization: Organization, new: &NewOrganization<'_>) -> Result<(), Full> {
        self.touch(EntryIndex::Organization(organization));
        let name = self.add_text(new.name)?;
        self.note_suspension(new.suspended_at);
        self.organization_rows.push(OrganizationRow {
            owner: new.owner,
            default_project: Project::from(0),
            membership: new.membership,
            multi_project: new.multi_project,
            projects_since: new.projects_since,
            default_key: None,
            suspended_at: new.suspended_at,
            name,
            members: Vec::new(),
            projects: Vec::new(),
            groups: Vec::new(),
            wide_keys: Vec::new(),
        });
        self.organization_list.push(organization);
        Ok(())
    }

    pub(crate) fn rename_organization(&mut self, organization: Organization, name: Option<&str>) -> Result<(), Full> {
        self.touch(EntryIndex::Organization(organization));
        let name = self.add_text(name)?;
        let old = std::mem::replace(&mut self.organization_rows[organization].name, name);
        self.drop_row(old);
        Ok(())
    }

    pub(crate) fn set_owner(&mut self, organization: Organization, owner: User) {
        self.organization_mut(organization).owner = owner;
    }

    pub(crate) fn set_membership(&mut self, organization: Organization, membership: Membership) {
        self.organization_mut(organization).membership = membership;
    }

    pub(crate) fn set_multi_project(&mut self, organization: Organization, multi_project: bool) {
        self.organization_mut(organization).multi_project = multi_project;
    }

    pub(crate) fn set_projects_since(&mut self, organization: Organization, projects_since: Option<Instant>) {
        self.organization_mut(organization).projects_since = projects_since;
    }

    pub(crate) fn suspend_organization(&mut self, organization: Organization, suspended_at: Option<Instant>) {
        self.note_suspension(suspended_at);
        self.organization_mut(organization).suspended_at = suspended_at;
    }

    fn organization_mut(&mut self, organization: Organization) -> &mut OrganizationRow {
        self.touch(EntryIndex::Organization(organization));
        &mut self.organization_rows[organization]
    }

    /// Removes an organization with everything in it. What its members and keys made elsewhere stays.
    pub(crate) fn remove_organization(&mut self, organization: Organization) {
        self.touch(EntryIndex::Organization(organization));
        self.forget_elsewhere(organization);
        let row = &mut self.organization_rows[organization];
        row.wide_keys.clear();
        let (groups, projects, members) =
            (std::mem::take(&mut row.groups), std::mem::take(&mut row.projects), std::mem::take(&mut row.members));
        for group in groups {
            self.take_group(group);
        }
        // While the members have their rows: those of others count as rows of externals. User by user: each has rows in many projects.
        let collaborators = |project: &Project| std::mem::take(&mut self.project_contents[*project].collaborators);
        let mut users: Vec<_> = projects.iter().flat_map(collaborators).collect();
        order::as_set(&mut users);
        for user in users {
            self.take_collaborators(user, |project| project.organization == organization);
        }
        for project in projects {
            self.take_project(project);
        }
        for user in members {
            self.take_member(organization, user);
        }
        let Self { hasher, organizations, organization_list, .. } = self;
        remove_sorted(organization_list, organizations.name(organization), |other| organizations.name(*other));
        organizations.forget(hasher, organization);
        self.note_garbage();
    }
}
