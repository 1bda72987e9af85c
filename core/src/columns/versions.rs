//! Names that stand for something else at another time, and what they stand for now.

use super::cells::{PrincipalCell, ProjectCell, ResourceCell};
use super::parties::UsageRow;

/// What such names stand for now, by their numbers.
#[derive(Debug, Default)]
pub(crate) struct Versions {
    pub(crate) users: Vec<PrincipalCell>,
    pub(crate) api_keys: Vec<PrincipalCell>,
    pub(crate) projects: Vec<ProjectCell>,
    pub(crate) resources: Vec<ResourceCell>,
}

impl Versions {
    /// The row with what its names stand for now.
    #[inline(always)]
    pub(crate) fn of(&self, row: &UsageRow) -> UsageRow {
        let mut row = *row;
        if let Some(number) = row.principal.index.version() {
            let cells = if row.principal.is_key { &self.api_keys } else { &self.users };
            row.principal = cells.get(number).copied().unwrap_or(row.principal);
        }
        if let Some(number) = row.project.project.version() {
            row.project = self.projects.get(number).copied().unwrap_or(row.project);
        }
        if let Some(number) = row.resource.project.version() {
            row.resource = self.resources.get(number).copied().unwrap_or(row.resource);
        }
        row
    }
}
