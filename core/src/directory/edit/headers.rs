//! The fields of an entry that stays where it is, set as a whole.

use crate::collections::texts::Full;
use crate::directory::entry::EntryIndex;
use crate::directory::indices::{Group, Organization, Project};
use crate::directory::tables::Tables;

use super::{NewMember, NewOrganization, NewProject};

impl Tables {
    /// Sets the fields of an organization.
    pub(crate) fn set_organization(&mut self, organization: Organization, new: &NewOrganization<'_>) -> Result<(), Full> {
        self.touch(EntryIndex::Organization(organization));
        let name = self.add_text(new.name)?;
        self.note_suspension(new.suspended_at);
        let row = &mut self.organization_rows[organization];
        row.owner = new.owner;
        row.membership = new.membership;
        row.multi_project = new.multi_project;
        row.projects_since = new.projects_since;
        row.suspended_at = new.suspended_at;
        let old = std::mem::replace(&mut row.name, name);
        self.drop_row(old);
        Ok(())
    }

    /// Sets the fields of a member row.
    pub(crate) fn set_member(&mut self, new: &NewMember) -> Result<(), Full> {
        let NewMember { organization, user, role, suspended_at, .. } = *new;
        let period = self.add_period(new.period)?;
        self.note_suspension(suspended_at);
        let old = self.member_row(user, organization).map(|row| row.period).unwrap_or_default();
        self.drop_row(old);
        self.alter_member(organization, user, |row| (row.role, row.period, row.suspended_at) = (role, period, suspended_at));
        Ok(())
    }

    /// Sets the name of a group.
    pub(crate) fn name_group(&mut self, group: Group, name: Option<&str>) -> Result<(), Full> {
        self.touch(EntryIndex::Group(group));
        let name = self.add_text(name)?;
        let old = std::mem::replace(&mut self.group_rows[group].name, name);
        self.drop_row(old);
        Ok(())
    }

    /// Sets the fields of a project, but not its organization.
    pub(crate) fn set_project(&mut self, project: Project, new: &NewProject<'_>) -> Result<(), Full> {
        self.touch(EntryIndex::Project(project));
        let name = self.add_text(new.name)?;
        self.note_suspension(new.suspended_at);
        self.set_allows_externals(project, new.allows_externals);
        let row = &mut self.project_rows[project];
        row.visibility = new.visibility;
        row.implies_roles = self.policy.implies_roles(new.visibility);
        row.is_default = new.is_default;
        if new.is_default {
            self.organization_rows[new.organization].default_project = project;
        }
        let contents = &mut self.project_contents[project];
        contents.suspended_at = new.suspended_at;
        let old = std::mem::replace(&mut contents.name, name);
        self.drop_row(old);
        Ok(())
    }
}
