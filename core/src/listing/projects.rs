//! `list_projects`: the projects that a principal reaches.

use crate::access::Conditions;
use crate::directory::Directory;
use crate::input::error::Error;
use crate::input::id::Reference;
use crate::input::instant::Instant;

use super::cursor::Fingerprint;
use super::merge::Merge;
use super::page::{Page, PageRequest};

impl Directory {
    /// The projects in which a principal has an effective role (A19, A21) or key scope (A23), sorted by id.
    pub(crate) fn list_projects(&self, principal: Reference<'_>, at: Instant, page: &PageRequest<'_>) -> Result<Page, Error> {
        let fingerprint = Fingerprint::new("list_projects", &[Some(&principal.to_string())]);
        let after = page.after(fingerprint)?;
        let Some((tables, principal)) = self.admitted(principal, &Conditions::at(at)) else { return Ok(Page::default()) };
        let projects = tables.reach(principal);
        let ids = Merge::new([projects.as_slice()], after.as_deref(), |project| tables.project_id(project));
        Ok(page.take(fingerprint, &mut ids.map(|project| tables.project_id(project).to_owned())))
    }
}
