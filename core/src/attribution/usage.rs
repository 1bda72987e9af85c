//! Usage: the question of attribution, and its answer.

use crate::access::Principal;
use crate::catalogue::attribution::{Attribution, AttributionReason, Remedies, UsageCaveats};
use crate::catalogue::error_code::ErrorCode;
use crate::collections::table::Maybe;
use crate::directory::{Directory, Project, Tables, Text};
use crate::input::error::Error;
use crate::input::id::Reference;
use crate::input::instant::Instant;
use crate::input::path::Path;

use super::booking::{Booked, BookingError, FoundUsage, Traits, UsageField};
use super::place::Place;

/// Usage that has happened, whether it was allowed or not.
#[derive(Clone, Copy, Debug)]
pub struct Usage<'u> {
    /// `user:<id>` or `api_key:<id>`.
    pub principal: Reference<'u>,
    /// A kind of the policy.
    pub kind: &'u str,
    /// A surface of the policy; by default that of the principal.
    pub surface: Option<&'u str>,
    /// The id of the project that the principal worked in.
    pub project: Option<&'u str>,
    /// `<kind>:<id>`: what was used.
    pub resource: Option<Reference<'u>>,
    /// When it was used.
    pub at: Instant,
}

impl Directory {
    /// Attributes usage to an organization and a project.
    ///
    /// # Errors
    /// The first that applies of `unknown_principal`, `unknown_kind`, `unknown_surface`, `unknown_project`, `unknown_resource`,
    /// `kind_mismatch`, `project_mismatch` and `project_required`.
    pub fn attribute(&self, usage: &Usage<'_>) -> Result<Attribution<'_>, Error> {
        self.attribute_at(usage, &Path::Root)
    }

    pub(crate) fn attribute_at(&self, usage: &Usage<'_>, path: &Path<'_>) -> Result<Attribution<'_>, Error> {
        let tables = self.tables();
        let booked = tables.find_and_book(usage).map_err(|fault| fault.into_error(path))?;
        let (organization, project) = tables.place_ids(booked.place);
        Ok(Attribution {
            organization,
            project,
            intended_organization: Some(tables.organization_id_of(booked.intended)),
            intended_project: Some(tables.project_id(booked.intended)),
            matches_intended: booked.matches_intended,
            certainty: Some(booked.booking.certainty()),
            reason: AttributionReason::Booked(booked.booking),
            api_key: booked.api_key.get().map(|key| tables.api_key_id(key)),
            remedies: booked.remedies,
            caveats: booked.caveats,
            policy: self.policy_id(),
            revision: self.revision(),
        })
    }

    /// The answer to a row of a batch that cannot be attributed. The intended project may still be known.
    pub(crate) fn unattributed(&self, code: ErrorCode, intended: Option<Project>) -> Attribution<'_> {
        let tables = self.tables();
        Attribution {
            organization: None,
            project: None,
            intended_organization: intended.map(|project| tables.organization_id_of(project)),
            intended_project: intended.map(|project| tables.project_id(project)),
            matches_intended: false,
            certainty: None,
            reason: AttributionReason::Unattributed(code),
            api_key: None,
            remedies: Remedies::default(),
            caveats: UsageCaveats::default(),
            policy: self.policy_id(),
            revision: self.revision(),
        }
    }
}

impl Tables {
    /// The ids of the organization and project of a place.
    pub(crate) fn place_ids(&self, place: Place) -> (Option<&str>, Option<&str>) {
        match place.project.get() {
            Some(project) => (Some(self.organization_id_of(project)), Some(self.project_id(project))),
            None => self.outside_ids(place.outside),
        }
    }

    /// The ids of an organization that is not in the directory, and of its default project if an excerpt has left it out.
    pub(crate) fn outside_ids(&self, outside: Maybe<Text>) -> (Option<&str>, Option<&str>) {
        let Some(home) = outside.get().map(|home| self.text(home)) else { return (None, None) };
        match home.split_once('\0') {
            Some((organization, project)) => (Some(organization), Some(project)),
            None => (Some(home), None),
        }
    }

    fn organization_id_of(&self, project: Project) -> &str {
        self.organization_id(self.project_row(project).organization)
    }

    /// Looks up the names of a usage, and books it.
    pub(crate) fn find_and_book(&self, usage: &Usage<'_>) -> Result<Booked, BookingError> {
        self.find_and_book_as(usage, |traits| traits)
    }

    /// The same with other traits of the kind: what would be.
    pub(crate) fn find_and_book_as(&self, usage: &Usage<'_>, with: impl Fn(Traits) -> Traits) -> Result<Booked, BookingError> {
        let policy = self.policy();
        let unknown = |code, field| BookingError { code, field };
        let principal = self.find_principal(usage.principal).ok_or(unknown(ErrorCode::UnknownPrincipal, UsageField::Principal))?;
        let kind = policy.kind(usage.kind).ok_or(unknown(ErrorCode::UnknownKind, UsageField::Kind))?;
        let party = &self.party(principal);
        let surface = match usage.surface {
            Some(name) => policy.surface(name).ok_or(unknown(ErrorCode::UnknownSurface, UsageField::Surface))?,
            None => party.surface,
        };
        let named = match usage.project {
            Some(id) => Some(self.project(id).ok_or(unknown(ErrorCode::UnknownProject, UsageField::Project))?),
            None => None,
        };
        let found = usage.resource.and_then(|Reference { type_name, id }| self.find_in_project(type_name, id));
        let resource_is_unknown = usage.resource.is_some() && found.is_none();
        if resource_is_unknown && named.is_none() && matches!(principal, Principal::User(_)) {
            return Err(unknown(ErrorCode::UnknownResource, UsageField::Resource));
        }
        let resource = found.map_or((kind, None), |found| (found.kind, Some(found.project)));
        let resource = (resource.0, resource.1.into());
        let traits = with(policy.traits(kind, surface));
        self.book(&FoundUsage { party, kind, traits, named: named.into(), resource, resource_is_unknown, at: usage.at })
    }
}
