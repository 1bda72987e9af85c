//! By which rule a policy books usage: found by booking every sort of usage in a small directory.

use serde::Serialize;

use crate::attribution::Usage;
use crate::catalogue::attribution::Booking;
use crate::directory::{FaultyOrganizations, Loaded, Tables};
use crate::input::error::Error;
use crate::input::id::Reference;
use crate::input::instant::Instant;
use crate::input::json;
use crate::input::json_text::JsonText;
use crate::input::value::Value;
use crate::policy::{OrganizationRole, Policy, ProjectRole};

/// The rules by which usage of one kind on one surface is booked, by who uses it. None if there is no rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BookingRules {
    /// The kind.
    pub kind: String,
    /// The surface.
    pub surface: String,
    /// `before_projects` while the organization has none, then `with_projects`.
    pub state: &'static str,
    /// For a member of the organization.
    pub member: Option<&'static str>,
    /// For an external collaborator.
    pub external: Option<&'static str>,
    /// For an API key that a member stands behind.
    pub key: Option<&'static str>,
    /// For an API key that an external collaborator stands behind.
    pub key_of_external: Option<&'static str>,
}

/// Since when the organization has projects, and instants before and after it.
const SINCE: &str = "2020-01-01T00:00:00Z";
const STATES: [(&str, &str); 2] = [("before_projects", "2019-12-31T23:59:59Z"), ("with_projects", SINCE)];

impl BookingRules {
    pub(super) fn of(policy: &Policy, value: &Value<'_>) -> Result<Vec<Self>, Error> {
        let text = smallest_directory(policy);
        let tables = Loaded::read(&json::parse(text.as_str().as_bytes())?, Some(value), None, FaultyOrganizations::Refuse)?.tables;
        let mut rows = Vec::new();
        for (_, kind) in policy.kinds() {
            for surface in policy.surfaces().map(|surface| policy.surface_name(surface)) {
                for (state, at) in STATES {
                    let rule = |type_name, id| rule_of(&tables, Reference::of_parts(type_name, id), kind, surface, at);
                    rows.push(Self {
                        kind: kind.to_owned(),
                        surface: surface.to_owned(),
                        state,
                        member: rule("user", "member"),
                        external: rule("user", "external"),
                        key: rule("api_key", "key"),
                        key_of_external: rule("api_key", "key_of_external"),
                    });
                }
            }
        }
        Ok(rows)
    }

    /// Whether there is a rule for everybody.
    pub(super) fn are_complete(&self) -> bool {
        [self.member, self.external, self.key, self.key_of_external].iter().all(Option::is_some)
    }
}

/// The rule that books a usage in the project that is not the default one.
fn rule_of(tables: &Tables, principal: Reference<'_>, kind: &str, surface: &str, at: &str) -> Option<&'static str> {
    let at = Instant::parse(at)?;
    let usage = Usage { principal, kind, surface: Some(surface), project: Some("project"), resource: None, at };
    Some(match tables.find_and_book(&usage).ok()?.booking {
        Booking::PredatesProjects => "B1",
        Booking::Playground => "B2",
        Booking::ProjectScoped => "B3",
        Booking::ExternalHomeOrganization if principal.type_name == "user" => "B4",
        Booking::ExternalHomeOrganization => "B5",
        Booking::DefaultProjectFallback => "B6",
    })
}

/// A directory with everybody who uses anything: a member, an external collaborator, and a key of each.
fn smallest_directory(policy: &Policy) -> JsonText {
    let row = |user: &str, role: &str| JsonText::list([JsonText::object([("user", JsonText::of(&user)), ("role", JsonText::of(&role))])]);
    let key = |id: &str, maker: &str| JsonText::object([("id", JsonText::of(&id)), ("created_by", JsonText::of(&maker))]);
    let default = JsonText::object([("id", JsonText::of(&"default")), ("default", JsonText::of(&true))]);
    let project = JsonText::object([
        ("id", JsonText::of(&"project")),
        ("allow_external_collaborators", JsonText::of(&true)),
        ("collaborators", row("external", policy.project_role_name(ProjectRole::STRONGEST))),
        ("api_keys", JsonText::list([key("key", "member"), key("key_of_external", "external")])),
    ]);
    let organization = JsonText::object([
        ("id", JsonText::of(&"organization")),
        ("owner", JsonText::of(&"member")),
        ("projects_since", JsonText::of(&SINCE)),
        ("members", row("member", policy.organization_role_name(OrganizationRole::STRONGEST))),
        ("projects", JsonText::list([default, project])),
    ]);
    JsonText::object([("format", JsonText::of(&"bailiwick/1")), ("organizations", JsonText::list([organization]))])
}
