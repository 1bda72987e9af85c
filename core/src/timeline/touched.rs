//! Names that stand for something else at another time: those of the entries that steps alter. All other names have one index throughout.

use crate::collections::hasher::Hasher;
use crate::collections::names::Names;
use crate::collections::table::indices;
use crate::collections::texts::Full;
use crate::columns::MOST_VERSIONED;
use crate::directory::Key;

use super::step::Step;

indices! {
    /// A name, numbered in the order of first use.
    NameNumber;
}

/// A name that a step gives another meaning.
#[derive(Clone, Copy, Debug)]
pub(super) enum Touched {
    User(NameNumber),
    ApiKey(NameNumber),
    Project(NameNumber),
    Resource(NameNumber),
    /// An organization whose default project may be another one.
    Organization(NameNumber),
}

/// The names that some steps touch, each once.
#[derive(Debug)]
pub(super) struct TouchedNames {
    hasher: Hasher,
    pub(super) users: Names<NameNumber>,
    pub(super) api_keys: Names<NameNumber>,
    pub(super) projects: Names<NameNumber>,
    /// As references.
    pub(super) resources: Names<NameNumber>,
    pub(super) organizations: Names<NameNumber>,
    /// What each step touches.
    steps: Vec<Box<[Touched]>>,
}

impl TouchedNames {
    /// The names under a policy that has this kind for API keys as resources. `None` if there are too many names.
    pub(super) fn of<'s>(steps: impl Iterator<Item = &'s Step>, hasher: Hasher, key_kind: Option<&str>) -> Option<Self> {
        let (users, api_keys, projects, resources, organizations) = (Names::new(), Names::new(), Names::new(), Names::new(), Names::new());
        let mut names = Self { hasher, users, api_keys, projects, resources, organizations, steps: Vec::new() };
        for step in steps {
            let mut touched = Vec::new();
            for key in step.before.keys().filter_map(|key| Key::parse(key)) {
                names.add(key, key_kind, &mut touched).ok()?;
            }
            names.steps.push(touched.into());
        }
        let most = [&names.users, &names.api_keys, &names.projects, &names.resources].into_iter().map(Names::len).max();
        most.is_none_or(|most| most <= MOST_VERSIONED as usize).then_some(names)
    }

    fn add(&mut self, key: Key<'_>, key_kind: Option<&str>, touched: &mut Vec<Touched>) -> Result<(), Full> {
        let hasher = &self.hasher;
        match key {
            Key::User(user) | Key::Member(_, user) | Key::GroupMember(.., user) | Key::Collaborator(.., user) => {
                touched.push(Touched::User(self.users.intern(hasher, user)?.0));
            }
            Key::ApiKey(.., id) => {
                touched.push(Touched::ApiKey(self.api_keys.intern(hasher, id)?.0));
                if let Some(kind) = key_kind {
                    touched.push(Touched::Resource(self.resources.intern(hasher, &format!("{kind}:{id}"))?.0));
                }
            }
            Key::Project(organization, id) => {
                touched.push(Touched::Project(self.projects.intern(hasher, id)?.0));
                touched.push(Touched::Organization(self.organizations.intern(hasher, organization)?.0));
            }
            Key::Organization(id) => touched.push(Touched::Organization(self.organizations.intern(hasher, id)?.0)),
            Key::Resource(.., kind, id) => {
                touched.push(Touched::Resource(self.resources.intern(hasher, &format!("{kind}:{id}"))?.0));
            }
            // Who is in a group, and where a group has a row, is read anew for each row.
            Key::Group(..) | Key::Grant(..) => {}
        }
        Ok(())
    }

    /// What a step touches.
    pub(super) fn of_step(&self, number: usize) -> &[Touched] {
        self.steps.get(number).map_or(&[], |touched| touched)
    }

    /// The number of a name among the users, the API keys, the projects or the resources.
    pub(super) fn find(&self, names: &Names<NameNumber>, name: &str) -> Option<u32> {
        names.find(&self.hasher, name).map(u32::from)
    }
}
