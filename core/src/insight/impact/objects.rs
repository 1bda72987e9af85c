//! Objects of either side: organizations, projects and organization default keys; and which of them decisions tell apart.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::access::{InProject, Object, ResourceIndex};
use crate::collections::table::Table;
use crate::directory::{KeyKind, Organization, Project, Tables};
use crate::input::id::Reference;
use crate::input::instant::Instant;
use crate::policy::{Kind, Visibility};

use super::both::{Both, BothTables, Side};
use super::indices::{ObjectClass, ObjectIndex, Region, Sort};
use super::interner::Interner;

/// An object on one side.
#[derive(Clone, Copy, Debug)]
pub(super) struct Placed {
    pub(super) object: Object,
    pub(super) class: ObjectClass,
    pub(super) organization: Organization,
    pub(super) project: Option<Project>,
}

#[derive(Debug)]
pub(super) struct ObjectRow {
    pub(super) reference: Arc<str>,
    /// The id, if it is a project.
    pub(super) project: Option<Arc<str>>,
    pub(super) placed: Both<Option<Placed>>,
    pub(super) region: Region,
    pub(super) sort: Sort,
}

#[derive(Debug)]
pub(super) struct SortRow {
    pub(super) classes: Both<Option<ObjectClass>>,
    /// In order.
    pub(super) objects: Vec<ObjectIndex>,
}

/// What decisions read of an object, besides the rows of people and groups in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Facts {
    shape: Shape,
    /// It, or what it lies in.
    is_suspended: bool,
    project: Option<ProjectFacts>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Shape {
    Organization,
    Project,
    InProject { kind: Kind, is_default_key: bool },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct ProjectFacts {
    visibility: Visibility,
    implies_roles: bool,
    allows_externals: bool,
    is_default: bool,
}

pub(super) struct Objects {
    pub(super) rows: Table<ObjectIndex, ObjectRow>,
    pub(super) regions: Table<Region, Both<Option<Organization>>>,
    sorts_of: Table<Region, Vec<Sort>>,
    pub(super) sorts: Table<Sort, SortRow>,
    regions_of: Both<BTreeMap<Organization, Vec<Region>>>,
    /// Each project, and what lies in it.
    in_projects: Both<Table<Project, Vec<ObjectIndex>>>,
}

impl ObjectRow {
    /// The project on both sides, if it is one that both have.
    pub(super) fn projects(&self) -> Option<Both<Project>> {
        self.project.as_ref()?;
        self.placed.map(|placed| placed?.project).all()
    }
}

impl Objects {
    pub(super) fn of(tables: BothTables<'_>, at: Instant) -> Self {
        let mut references = BTreeSet::new();
        for tables in [tables.before, tables.after] {
            references.extend(tables.all_organizations().flat_map(|organization| tables.objects_of(organization)));
        }
        let mut objects = Self {
            rows: Table::new(),
            regions: Table::new(),
            sorts_of: Table::new(),
            sorts: Table::new(),
            regions_of: Both::default(),
            in_projects: tables.map(|tables| Table::of_same(Vec::new(), tables.project_count())),
        };
        let mut known = Known { classes: Interner::new(), regions: BTreeMap::new(), sorts: BTreeMap::new() };
        for (number, reference) in (0_u32..).zip(references) {
            objects.add(ObjectIndex::from(number), reference, tables, at, &mut known);
        }
        objects
    }

    fn add(&mut self, index: ObjectIndex, reference: String, tables: BothTables<'_>, at: Instant, known: &mut Known) {
        let placed = tables.map(|tables| {
            let object = tables.find_object(Reference::split(&reference)?, None)?;
            let (organization, project) = tables.scope(object);
            let class = known.classes.number(tables.facts_of(object, at));
            Some(Placed { object, class, organization: organization?, project })
        });
        let organizations = placed.map(|placed| placed.map(|placed| placed.organization));
        let region = *known.regions.entry(organizations).or_insert_with(|| {
            let region = Region::from(u32::try_from(self.regions.len()).unwrap_or(u32::MAX));
            self.regions.push(organizations);
            self.sorts_of.push(Vec::new());
            for side in Side::ALL {
                if let Some(organization) = *organizations.get(side) {
                    self.regions_of.get_mut(side).entry(organization).or_default().push(region);
                }
            }
            region
        });
        let classes = placed.map(|placed| placed.map(|placed| placed.class));
        let sort = *known.sorts.entry((region, classes)).or_insert_with(|| {
            let sort = Sort::from(u32::try_from(self.sorts.len()).unwrap_or(u32::MAX));
            self.sorts.push(SortRow { classes, objects: Vec::new() });
            self.sorts_of[region].push(sort);
            sort
        });
        self.sorts[sort].objects.push(index);
        for side in Side::ALL {
            if let Some(project) = placed.get(side).as_ref().and_then(|placed| placed.project) {
                self.in_projects.get_mut(side)[project].push(index);
            }
        }
        let project = reference.strip_prefix("project:").map(Arc::from);
        self.rows.push(ObjectRow { reference: reference.into(), project, placed, region, sort });
    }

    /// The objects that rows in a project are about.
    pub(super) fn in_project(&self, side: Side, project: Project) -> &[ObjectIndex] {
        &self.in_projects.get(side)[project]
    }

    /// The regions that an organization is a part of on a side.
    pub(super) fn regions_of(&self, side: Side, organization: Organization) -> &[Region] {
        self.regions_of.get(side).get(&organization).map(Vec::as_slice).unwrap_or_default()
    }

    pub(super) fn sorts_of(&self, region: Region) -> &[Sort] {
        &self.sorts_of[region]
    }
}

/// What has a number already.
struct Known {
    classes: Interner<ObjectClass, Facts>,
    regions: BTreeMap<Both<Option<Organization>>, Region>,
    sorts: BTreeMap<(Region, Both<Option<ObjectClass>>), Sort>,
}

impl Tables {
    fn facts_of(&self, object: Object, at: Instant) -> Facts {
        let (organization, project) = self.scope(object);
        let shape = match object {
            Object::Organization(_) | Object::User(_) => Shape::Organization,
            Object::Project(_) => Shape::Project,
            Object::InProject(InProject { kind, index, .. }) => {
                let is_default = |key| self.api_key_row(key).kind == KeyKind::OrganizationDefault;
                Shape::InProject { kind, is_default_key: matches!(index, ResourceIndex::ApiKey(key) if is_default(key)) }
            }
        };
        let project_facts = project.map(|project| {
            let row = self.project_row(project);
            ProjectFacts {
                visibility: row.visibility,
                implies_roles: row.implies_roles,
                allows_externals: row.allows_externals,
                is_default: row.is_default,
            }
        });
        Facts { shape, is_suspended: self.is_scope_suspended(organization, project, at), project: project_facts }
    }
}
