//! The shape of a directory of any size: equal organizations, whose number grows with the size.
//!
//! For every 500 resources there are a project, 200 collaborator rows, 50 members and 5 keys, as in the large directory of the other
//! benchmarks. All contents follow from their numbers, so questions need no list of them.

/// The number of projects of an organization.
pub(crate) const PROJECTS: usize = 20;
/// The number of members who are administrators: the first ones.
pub(crate) const ADMINISTRATORS: usize = 3;

/// The numbers of entries of a directory.
#[derive(Clone, Copy)]
pub(crate) struct Shape {
    pub(crate) organizations: usize,
    /// The number of members of each organization. Without the administrators it is prime, so that every project can step through them.
    pub(crate) members: usize,
    /// The number of collaborator rows of each project, including guests.
    pub(crate) rows: usize,
    /// The number of guests among them.
    pub(crate) guests: usize,
    /// The number of API keys of each project.
    pub(crate) keys: usize,
    /// The number of resources of each project.
    pub(crate) resources: usize,
}

impl Shape {
    /// The shape for this many resources. If they are less than one organization, everything in it is a tenth.
    pub(crate) fn of(resources: usize) -> Self {
        match resources / 10_000 {
            0 => Self { organizations: 1, members: 100, rows: 20, guests: 1, keys: 1, resources: 50 },
            organizations => Self { organizations, members: 1_000, rows: 200, guests: 5, keys: 5, resources: 500 },
        }
    }

    pub(crate) fn all_resources(&self) -> usize {
        self.organizations * PROJECTS * self.resources
    }

    /// The user of a collaborator row of a project. Numbers after the rows give members without one.
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
