//! The search for findings: each entry is looked at once.

use crate::catalogue::finding::FindingCode;
use crate::directory::{EntryIndex, Organization, Project, Tables};
use crate::input::instant::Instant;

use super::admins::Admins;
use super::found::Found;

const OF_KEYS: [FindingCode; 5] = [
    FindingCode::KeyCreatorGone,
    FindingCode::KeyCreatorWithoutAccess,
    FindingCode::KeyNeverExpires,
    FindingCode::KeyOfExternal,
    FindingCode::KeyUserGone,
];
const OF_COLLABORATORS: [FindingCode; 3] = [FindingCode::ExternalIsAdmin, FindingCode::RowWithoutEffect, FindingCode::RowExpired];

struct Search<'t> {
    tables: &'t Tables,
    at: Instant,
    found: Vec<Found>,
}

pub(super) fn found_in(tables: &Tables, at: Instant) -> Vec<Found> {
    let mut search = Search { tables, at, found: Vec::new() };
    for organization in tables.organizations_by_id() {
        search.organization(*organization);
    }
    search.found
}

impl Search<'_> {
    fn organization(&mut self, organization: Organization) {
        let tables = self.tables;
        let row = tables.organization_row(organization);
        self.look(&[FindingCode::OrganizationWithOneAdmin], EntryIndex::Organization(organization));
        for user in &row.members {
            self.look(&[FindingCode::RowExpired], EntryIndex::Member(organization, *user));
        }
        for group in tables.groups_of(organization) {
            self.look(&[FindingCode::GroupEmpty], EntryIndex::Group(group));
            for user in tables.members_of_group(group) {
                self.look(&[FindingCode::RowExpired], EntryIndex::GroupMember(group, *user));
            }
        }
        let mut admins = Admins::of(tables, organization, self.at);
        for project in &row.projects {
            if !admins.are_in(*project) {
                self.found.push(Found { code: FindingCode::ProjectWithoutAdmin, entry: EntryIndex::Project(*project) });
            }
            self.contents(*project);
        }
    }

    fn contents(&mut self, project: Project) {
        let tables = self.tables;
        for group in tables.groups_in(project) {
            self.look(&[FindingCode::RowExpired], EntryIndex::Grant(project, *group));
        }
        for user in &tables.project_contents(project).collaborators {
            self.look(&OF_COLLABORATORS, EntryIndex::Collaborator(project, *user));
        }
        for key in &tables.project_contents(project).api_keys {
            self.look(&OF_KEYS, EntryIndex::ApiKey(*key));
        }
    }

    fn look(&mut self, codes: &[FindingCode], entry: EntryIndex) {
        let found = codes.iter().map(|code| Found { code: *code, entry }).filter(|found| found.holds(self.tables, self.at));
        self.found.extend(found);
    }
}
