//! Remedies of usage that is not booked where it was intended: what each would lead to, found by trying it.

use serde::Serialize;

use crate::access::Principal;
use crate::attribution::{Booked, Usage};
use crate::catalogue::attribution::Remedy;
use crate::directory::{Directory, Organization, Tables, User};
use crate::input::id::Reference;
use crate::input::json_text::JsonText;

/// Where the usage would be booked after a remedy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RemedyOutcome {
    /// The remedy.
    pub remedy: Remedy,
    /// The organization that the usage would be booked to; none if the remedy cannot be applied.
    pub organization: Option<String>,
    /// The project that the usage would be booked to.
    pub project: Option<String>,
    /// Whether that is where it was intended.
    pub matches_intended: bool,
}

/// A digest for a key that exists during a trial. No secret is known for it.
const DIGEST: &str = "sha256:0000000000000000000000000000000000000000000000000000000000000000";

impl Directory {
    /// What each remedy of a usage would lead to. The directory is the same afterwards. None if the usage needs none, or cannot be attributed.
    pub(crate) fn remedies_of(&mut self, usage: &Usage<'_>) -> Vec<RemedyOutcome> {
        self.free_leftovers();
        let booked = self.tables().find_and_book(usage);
        booked.map_or_else(|_| Vec::new(), |booked| self.try_remedies(usage, &booked))
    }

    /// The remedies of a booking, in their order.
    pub(super) fn try_remedies(&mut self, usage: &Usage<'_>, booked: &Booked) -> Vec<RemedyOutcome> {
        let remedies: Vec<_> = booked.remedies.iter().collect();
        let outcome = |directory: &mut Self, remedy| {
            let tried = match remedy {
                Remedy::UseProjectApiKey => directory.with_project_key(usage, booked),
                Remedy::ProvisionWithSso | Remedy::InviteToOrganization => directory.with_membership(usage, booked),
                Remedy::AwaitProjectSupport => directory.tables().with_project_support(usage),
            };
            let (organization, project, matches_intended) = tried.unwrap_or_default();
            RemedyOutcome { remedy, organization, project, matches_intended }
        };
        remedies.into_iter().map(|remedy| outcome(self, remedy)).collect()
    }

    /// The same usage through the API, with a key of the intended project.
    fn with_project_key(&mut self, usage: &Usage<'_>, booked: &Booked) -> Option<Outcome> {
        let tables = self.tables();
        let project = tables.project_id(booked.intended).to_owned();
        let key = tables.unused_key_id();
        let surface = tables.policy().surface_name(tables.policy().api_key_surface()).to_owned();
        let fields = [("type", "create_api_key"), ("project", &project), ("key", &key), ("digest", DIGEST)];
        let change = JsonText::object(fields.map(|(name, value)| (name, JsonText::of(&value))));
        let by_key = Usage { principal: Reference::of_parts("api_key", &key), surface: Some(&surface), project: None, ..*usage };
        self.after(&[change], None, usage.at, |after| after.tables().outcome(&by_key))
    }

    /// The same usage once the external collaborator is a member of the intended organization, and of no other if they may have only one.
    fn with_membership(&mut self, usage: &Usage<'_>, booked: &Booked) -> Option<Outcome> {
        let tables = self.tables();
        let user = match tables.find_principal(usage.principal)? {
            Principal::User(user) => user,
            Principal::ApiKey(key) => tables.maker(key)?,
        };
        let intended = tables.project_row(booked.intended).organization;
        let mut changes = Vec::new();
        if !tables.policy().has_multiple_organizations() {
            let others = tables.member_rows(user).filter(|row| row.organization != intended);
            changes.extend(others.map(|row| tables.membership_change("remove_member", row.organization, user)));
        }
        changes.push(tables.membership_change("add_member", intended, user));
        self.after(&changes, None, usage.at, |after| after.tables().outcome(usage))
    }
}

/// Organization, project, and whether they are the intended ones.
type Outcome = (Option<String>, Option<String>, bool);

impl Tables {
    fn outcome(&self, usage: &Usage<'_>) -> Option<Outcome> {
        self.find_and_book(usage).ok().map(|booked| self.outcome_of(&booked))
    }

    fn outcome_of(&self, booked: &Booked) -> Outcome {
        let (organization, project) = self.place_ids(booked.place);
        (organization.map(str::to_owned), project.map(str::to_owned), booked.matches_intended)
    }

    /// The same usage once the platform scopes the kind to projects on its surface.
    fn with_project_support(&self, usage: &Usage<'_>) -> Option<Outcome> {
        self.find_and_book_as(usage, |traits| traits.supported()).ok().map(|booked| self.outcome_of(&booked))
    }

    fn membership_change(&self, change: &str, organization: Organization, user: User) -> JsonText {
        let fields = [("type", change), ("organization", self.organization_id(organization)), ("user", self.user_id(user))];
        JsonText::object(fields.map(|(name, value)| (name, JsonText::of(&value))))
    }

    /// An id that no API key has.
    fn unused_key_id(&self) -> String {
        let mut id = "project_key".to_owned();
        while self.api_key(&id).is_some() {
            id.push('_');
        }
        id
    }
}
