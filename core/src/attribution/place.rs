//! Places: where usage is booked.

use crate::collections::table::Maybe;
use crate::directory::{Project, Text};

/// Where usage is booked: a project, an organization outside the directory, or unknown.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    pub(crate) project: Maybe<Project>,
    /// The organization outside the directory, if there is no project.
    pub(crate) outside: Maybe<Text>,
}

impl Place {
    pub(super) const UNKNOWN: Self = Self { project: Maybe::NONE, outside: Maybe::NONE };

    #[inline]
    pub(super) fn in_project(project: Project) -> Self {
        Self { project: Some(project).into(), ..Self::UNKNOWN }
    }
}
