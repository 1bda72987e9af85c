//! The compiler of policies: looks names up, and collects faults.

use crate::catalogue::error_code::ErrorCode;
use crate::collections::hasher::Hasher;
use crate::collections::names::Names;
use crate::collections::table::Table;
use crate::input::error::{Error, quoted};
use crate::input::faults::Faults;
use crate::input::path::Path;

use super::action_set::ActionSet;
use super::indices::{Action, Kind, OrganizationRole, ProjectRole, Target};

/// Looks names up and collects faults.
pub(super) struct Compiler<'c, 'v> {
    pub(super) hasher: &'c Hasher,
    pub(super) faults: &'c mut Faults<'v>,
    /// Whether the current part is inside a duplicate, so that its names are duplicates too.
    pub(super) is_below_duplicate: bool,
}

impl Compiler<'_, '_> {
    pub(super) fn define<I: Copy + From<u32> + Into<u32>>(
        &mut self,
        names: &mut Names<I>,
        name: &str,
        path: &Path<'_>,
    ) -> Result<(I, bool), Error> {
        let (index, new) = names.intern(self.hasher, name).map_err(Error::from)?;
        if !new {
            let follows = self.is_below_duplicate;
            self.faults.report_unless(|| follows, ErrorCode::DuplicateId, path, format_args!("{} is defined twice", quoted(name)));
        }
        Ok((index, new))
    }

    pub(super) fn find<I: Copy + From<u32> + Into<u32>>(&self, names: &Names<I>, name: &str) -> Option<I> {
        names.find(self.hasher, name)
    }

    pub(super) fn resolve<I: Copy + From<u32> + Into<u32>>(
        &mut self,
        names: &Names<I>,
        name: &str,
        code: ErrorCode,
        path: &Path<'_>,
    ) -> Option<I> {
        let found = self.find(names, name);
        if found.is_none() {
            self.faults.report(code, path, format_args!("the policy does not define {}", quoted(name)));
        }
        found
    }

    pub(super) fn fault(&mut self, code: ErrorCode, path: &Path<'_>, message: &str) {
        self.faults.report(code, path, message);
    }

    pub(super) fn no_such_verb(&mut self, verb: &str, path: &Path<'_>) {
        self.faults.report(ErrorCode::UnknownReference, path, format_args!("no kind has the verb {}", quoted(verb)));
    }

    /// A project role for each organization role that the map names.
    pub(super) fn project_role_by_organization_role(
        &mut self,
        map: &[(String, String)],
        roles: (&Names<OrganizationRole>, &Names<ProjectRole>),
        path: &Path<'_>,
    ) -> Table<OrganizationRole, Option<ProjectRole>> {
        let (organization_roles, project_roles) = roles;
        let mut by_role = Table::of_same(None, organization_roles.len());
        for (from, to) in map {
            let at = &path.field(from);
            let from = self.resolve(organization_roles, from, ErrorCode::UnknownRole, at);
            let to = self.resolve(project_roles, to, ErrorCode::UnknownRole, at);
            if let Some(from) = from {
                by_role[from] = to;
            }
        }
        by_role
    }

    pub(super) fn bounded(&self, count: usize, most: usize, path: &Path<'_>) -> Result<(), Error> {
        if count <= most {
            return Ok(());
        }
        Err(Error::new(ErrorCode::LimitExceeded, path, format_args!("a policy has at most {most} of these")))
    }
}

/// The names that are defined before visibilities, scopes and suspension are compiled, which refer to them.
pub(super) struct Defined<'d> {
    pub(super) organization_roles: &'d Names<OrganizationRole>,
    pub(super) project_roles: &'d Names<ProjectRole>,
    pub(super) actions: &'d Names<Action>,
    pub(super) targets: &'d Table<Action, Target>,
    pub(super) kinds: &'d Names<Kind>,
    /// The empty set of actions.
    pub(super) no_actions: &'d ActionSet,
}
