//! The shape of a directory of any size: organizations that are all alike, and more of them the larger it is.
//!
//! To 500 resources there are a project, 200 collaborator rows, 50 members and 5 keys, as in the large directory that the other benchmarks have.
//! Whatever is in it follows from its numbers, so that questions can be asked of it without a list of what is there.

/// So many projects make an organization.
pub(crate) const PROJECTS: usize = 20;
/// The members who are administrators of their organization: the first ones.
pub(crate) const ADMINISTRATORS: usize = 3;

/// How many there are.
#[derive(Clone, Copy)]
pub(crate) struct Shape {
    pub(crate) organizations: usize,
    /// In each organization. Beside the administrators they are a prime number, so that every project can go through them by steps.
    pub(crate) members: usize,
    /// In each project, guests among them.
    pub(crate) rows: usize,
    /// Of the rows.
    pub(crate) guests: usize,
    /// In each project.
    pub(crate) keys: usize,
    /// In each project.
    pub(crate) resources: usize,
}

impl Shape {
    /// That of so many resources. Where they do not make up one organization, the organization is a tenth as large in everything.
    pub(crate) fn of(resources: usize) -> Self {
        match resources / 10_000 {
            0 => Self { organizations: 1, members: 100, rows: 20, guests: 1, keys: 1, resources: 50 },
            organizations => Self { organizations, members: 1_000, rows: 200, guests: 5, keys: 5, resources: 500 },
        }
    }

    pub(crate) fn all_resources(&self) -> usize {
        self.organizations * PROJECTS * self.resources
    }

    /// Who has the row of that number in a project. With numbers beyond the rows: members who have none there.
    pub(crate) fn collaborator(&self, organization: usize, project: usize, row: usize) -> String {
        let members = self.rows - self.guests;
        if (members..self.rows).contains(&row) {
            return format!("usr_guest_{organization:04}_{project:02}_{}", row - members);
        }
        user(organization, ADMINISTRATORS + (project * 131 + row * 389) % (self.members - ADMINISTRATORS))
    }
}

pub(crate) fn user(organization: usize, member: usize) -> String {
    format!("usr_{organization:04}_{member:04}")
}

pub(crate) fn project(organization: usize, project: usize) -> String {
    format!("prj_{organization:04}_{project:02}")
}

pub(crate) fn key(organization: usize, project: usize, key: usize) -> String {
    format!("key_{organization:04}_{project:02}_{key}")
}

pub(crate) fn resource(organization: usize, project: usize, resource: usize) -> String {
    format!("res_{organization:04}_{project:02}_{resource:03}")
}
