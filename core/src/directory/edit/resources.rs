//! Resources.

use crate::collections::names::Space;
use crate::collections::texts::Full;
use crate::directory::entry::EntryIndex;
use crate::directory::indices::{Project, Resource};
use crate::directory::lists::remove_sorted;
use crate::directory::rows::ResourceRow;
use crate::directory::tables::Tables;
use crate::policy::Kind;

use super::NewResource;

impl Tables {
    pub(crate) fn intern_resource(&mut self, kind: Kind, id: &str) -> Result<Resource, Full> {
        self.resources.intern_in(&self.hasher, Space::of(kind.into()), id).map(|(resource, _)| resource)
    }

    pub(crate) fn push_resource(&mut self, resource: Resource, new: &NewResource<'_>) -> Result<(), Full> {
        self.touch(EntryIndex::Resource(resource));
        self.resource_rows.push(ResourceRow { project: new.project, kind: new.kind });
        self.resource_creators.put(resource, new.created_by.into());
        self.resource_times.put(resource, new.created_at.into());
        self.name_resource(resource, new.name)
    }

    /// Sets the name of a new resource.
    pub(crate) fn name_resource(&mut self, resource: Resource, name: Option<&str>) -> Result<(), Full> {
        let name = self.add_text(name)?;
        self.resource_names.put(resource, name);
        Ok(())
    }

    pub(crate) fn rename_resource(&mut self, resource: Resource, name: Option<&str>) -> Result<(), Full> {
        self.touch(EntryIndex::Resource(resource));
        self.drop_row(self.resource_names.get(resource));
        self.name_resource(resource, name)
    }

    /// Appends a resource to the list of its project.
    pub(crate) fn append_resource(&mut self, resource: Resource) {
        self.project_contents[self.resource_rows[resource].project].resources.push(resource);
    }

    pub(crate) fn move_resource(&mut self, resource: Resource, project: Project) {
        self.touch(EntryIndex::Resource(resource));
        self.unlist_resource(resource);
        self.resource_rows[resource].project = project;
        self.insert_resource(resource);
    }

    pub(crate) fn remove_resource(&mut self, resource: Resource) {
        self.take_resource(resource);
        self.unlist_resource(resource);
    }

    /// Removes a resource, but leaves the project's list as it is.
    pub(super) fn take_resource(&mut self, resource: Resource) {
        self.touch(EntryIndex::Resource(resource));
        let Self { hasher, resources, resource_rows, .. } = self;
        resources.forget_in(hasher, Space::of(resource_rows[resource].kind.into()), resource);
        self.note_garbage();
    }

    fn unlist_resource(&mut self, resource: Resource) {
        let Self { policy, resources, resource_rows, project_contents, .. } = self;
        let ResourceRow { project, kind } = resource_rows[resource];
        remove_sorted(&mut project_contents[project].resources, (policy.kind_rank(kind), resources.name(resource)), |other| {
            (policy.kind_rank(resource_rows[*other].kind), resources.name(*other))
        });
    }
}
