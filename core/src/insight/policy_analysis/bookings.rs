//! By which rule a policy books usage, found by booking every sort of usage in a small directory; and the proof that it is exactly one.

use serde::Serialize;

use crate::attribution::Usage;
use crate::catalogue::error_code::ErrorCode;
use crate::directory::{FaultyOrganizations, Loaded, Tables};
use crate::input::error::Error;
use crate::input::id::Reference;
use crate::input::instant::Instant;
use crate::input::json;
use crate::input::json_text::JsonText;
use crate::input::path::Path;
use crate::input::value::Value;
use crate::policy::{OrganizationRole, Policy, ProjectRole, Support};

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

/// Since when the organization has projects.
const SINCE: &str = "2020-01-01T00:00:00Z";
const BEFORE_PROJECTS: &str = "before_projects";
/// The states of an organization, and an instant of each.
const STATES: [(&str, &str); 2] = [(BEFORE_PROJECTS, "2019-12-31T23:59:59Z"), ("with_projects", SINCE)];

/// The most pairs of a kind and a surface, so that an answer has a bound.
const MOST_PAIRS: usize = 1 << 16;

/// Who uses something.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Party {
    Member,
    External,
    Key,
    KeyOfExternal,
}

/// A sort of usage, by what the rules ask about it.
#[derive(Clone, Copy)]
pub(super) struct Sort {
    pub(super) party: Party,
    pub(super) predates_projects: bool,
    /// Whether the surface is a playground.
    pub(super) is_playground: bool,
    pub(super) is_supported: bool,
}

/// A rule, and whether it applies to a sort of usage.
pub(super) type Rule = (&'static str, fn(Sort) -> bool);

/// B1 to B6, each complete by itself: none relies on those before it. They are not those that usage is booked by, because a proof by the code that
/// it is about would prove nothing.
pub(super) const RULES: [Rule; 6] = [
    ("B1", |sort| sort.predates_projects),
    ("B2", |sort| !sort.predates_projects && sort.is_playground && sort.party != Party::External),
    ("B3", |sort| !sort.predates_projects && sort.is_supported && (!sort.is_playground || sort.party == Party::External)),
    ("B4", |sort| !sort.predates_projects && !sort.is_supported && sort.party == Party::External),
    ("B5", |sort| !sort.predates_projects && !sort.is_playground && !sort.is_supported && sort.party == Party::KeyOfExternal),
    ("B6", |sort| {
        let is_of_insiders = matches!(sort.party, Party::Member | Party::Key);
        !sort.predates_projects && !sort.is_playground && !sort.is_supported && is_of_insiders
    }),
];

impl BookingRules {
    /// In the order of the policy. None for a policy without organization roles, under which there are no organizations.
    ///
    /// # Errors
    /// `limit_exceeded` for a policy with more pairs of a kind and a surface than an analysis covers.
    pub(super) fn of(policy: &Policy, value: &Value<'_>) -> Result<Vec<Self>, Error> {
        if policy.kinds().count().saturating_mul(policy.surfaces().count()) > MOST_PAIRS {
            let message = format!("an analysis covers at most {MOST_PAIRS} pairs of a kind and a surface");
            return Err(Error::new(ErrorCode::LimitExceeded, &Path::Root.field("policy").field("kinds"), message));
        }
        if policy.organization_roles().next().is_none() {
            return Ok(Vec::new());
        }
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

    /// Whether exactly one of these rules applies to the usage of everybody, and is the one that books it.
    pub(super) fn are_proved(&self, policy: &Policy, rules: &[Rule]) -> bool {
        let Some((kind, surface)) = policy.kind(&self.kind).zip(policy.surface(&self.surface)) else { return false };
        let booked = [
            (Party::Member, self.member),
            (Party::External, self.external),
            (Party::Key, self.key),
            (Party::KeyOfExternal, self.key_of_external),
        ];
        booked.into_iter().all(|(party, booked)| {
            let sort = Sort {
                party,
                predates_projects: self.state == BEFORE_PROJECTS,
                is_playground: policy.books_to_default_project(surface),
                is_supported: policy.support(kind, surface) == Support::Supported,
            };
            let mut applying = rules.iter().filter(|(_, applies)| applies(sort)).map(|(rule, _)| *rule);
            booked.is_some() && applying.next() == booked && applying.next().is_none()
        })
    }
}

/// The rule that books a usage in the project that is not the default one.
fn rule_of(tables: &Tables, principal: Reference<'_>, kind: &str, surface: &str, at: &str) -> Option<&'static str> {
    let at = Instant::parse(at)?;
    let usage = Usage { principal, kind, surface: Some(surface), project: Some("project"), resource: None, at };
    let booked = tables.find_and_book(&usage).ok()?;
    Some(booked.booking.rule(principal.type_name == "api_key").as_str())
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
