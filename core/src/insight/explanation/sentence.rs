//! Sentences: each outcome of a rule in words, about the question at hand. What is unknown is not repeated: it may be a secret that was pasted in
//! the wrong place.

use crate::catalogue::attribution::Booking;
use crate::catalogue::decision::{Decision, Reason};
use crate::catalogue::rule::Rule;

/// What the sentence of a decision names.
pub(super) struct Asked<'a> {
    pub(super) principal: &'a str,
    pub(super) action: &'a str,
    pub(super) resource: &'a str,
    pub(super) surface: &'a str,
}

/// The rule that decided, as a sentence.
pub(super) fn of_decision(rule: Rule, decision: &Decision<'_>, asked: &Asked<'_>) -> String {
    let Asked { principal, action, resource, surface } = asked;
    let role = decision.role.unwrap_or_default();
    let organization = decision.organization.unwrap_or_default();
    let project = decision.project.unwrap_or_default();
    match (rule, decision.reason) {
        (Rule::A1, _) => "The directory is too old for this question, or of too early a revision. Then everything is denied.".to_owned(),
        (Rule::A2, _) => format!("The policy has no action `{action}`."),
        (Rule::A3, _) => "The directory does not know the principal.".to_owned(),
        (Rule::A4, _) => "The API key is revoked.".to_owned(),
        (Rule::A5, _) => "The API key has expired.".to_owned(),
        (Rule::A6, _) => "The directory does not know a resource of that type and id.".to_owned(),
        (Rule::A7, _) => format!("`{action}` cannot be asked of `{resource}`: the action is for another type of resource."),
        (Rule::A8, _) => format!("What `{action}` is about does not exist on the surface `{surface}`."),
        (Rule::A25, _) => format!(
            "`{principal}` is suspended: everywhere, in the organization that this is about, or, of an API key, the user that it acts as, \
             its project or its organization. The policy does not allow `{action}` in spite of that."
        ),
        (Rule::A26, _) => format!(
            "What this is about is in an organization or a project that is suspended, and the policy does not allow `{action}` in spite of \
             that."
        ),
        (Rule::A10, _) => format!("The policy keeps `{action}` for the owner of `{organization}`, and that is `{principal}`."),
        (Rule::A11, _) => format!("The policy keeps `{action}` for the owner of `{organization}`, and that is somebody else."),
        (Rule::A12, _) => format!("`{principal}` is a member of `{organization}` as `{role}`, and that role has `{action}`."),
        (Rule::A13, _) => format!("`{principal}` is a member of `{organization}` as `{role}`, and that role does not have `{action}`."),
        (Rule::A14, reason) => format!(
            "`{principal}` is no member of `{organization}`, but works in a project of it that allows external collaborators. The policy \
             {} `{action}` to those.",
            if reason.allows() { "gives" } else { "does not give" }
        ),
        (Rule::A15, _) => format!(
            "`{principal}` is no member of `{organization}`, and each of its projects that lists them allows no external collaborators."
        ),
        (Rule::A16, _) => format!("`{principal}` is no member of `{organization}`, and no project of it lists them."),
        (Rule::A17, Reason::ApiKeyScope) => format!(
            "The API key reaches all projects of `{organization}`, the policy gives `{action}` to such keys, and nothing limits this key \
             further."
        ),
        (Rule::A17, Reason::KeyLacksPermission) => {
            format!("The API key reaches all projects of `{organization}`, but the policy does not give `{action}` to such keys.")
        }
        (Rule::A17, _) => format!(
            "The API key does not reach `{organization}` itself: only a key of the organization that reaches all of its projects does."
        ),
        (Rule::A18, Reason::Myself) => format!("`{principal}` asks about themselves, and `{action}` is for that."),
        (Rule::A18, _) => format!("`{action}` is for a user who asks about themselves, and this is another user."),
        (Rule::A19, Reason::NotACollaborator) => {
            format!("`{principal}` is a member of `{organization}`, and nothing gives them a role in `{project}`.")
        }
        (Rule::A19, Reason::RoleLacksPermission) => {
            format!("The role that counts for `{principal}` in `{project}` is `{role}`, and it does not have `{action}`.")
        }
        (Rule::A19, reason) => {
            let source = match reason {
                Reason::ProjectRole => format!("`{principal}` is a collaborator of `{project}` as `{role}`."),
                Reason::GroupRole => format!("A group of `{principal}` is a collaborator of `{project}` as `{role}`."),
                Reason::OrganizationRole => format!("The organization role of `{principal}` implies the role `{role}` in `{project}`."),
                _ => format!("`{project}` is the default project of `{organization}`, and `{principal}` is `{role}` there as a member."),
            };
            format!("{source} It is the role that counts for them there, and it has `{action}`.")
        }
        (Rule::A20, _) => format!(
            "`{principal}` is no member of `{organization}`, and `{project}` does not list them. A row that has ended counts as not there."
        ),
        (Rule::A21, Reason::ExternalCollaboratorsDisabled) => format!(
            "`{principal}` is no member of `{organization}`. Their row in `{project}` has no effect while the project allows no external \
             collaborators."
        ),
        (Rule::A21, reason) => {
            let verdict = match reason {
                Reason::ExternalCollaborator => format!("and that role has `{action}`"),
                Reason::NotForExternals => format!("which has `{action}`, but the policy gives it to no external collaborator"),
                _ => format!("and that role does not have `{action}`"),
            };
            format!("`{principal}` is an external collaborator of `{project}` as `{role}`, {verdict}.")
        }
        (Rule::A22, _) => format!("The API key does not reach `{project}`."),
        (Rule::A23, Reason::ApiKeyScope) => {
            format!("The API key reaches `{project}`, the policy gives `{action}` to API keys, and nothing limits this key further.")
        }
        (Rule::A23, _) => format!("The API key reaches `{project}`, but the policy does not give `{action}` to API keys."),
        (Rule::A24, _) => format!("This API key is the default key of `{organization}`, which is for the owner of the organization alone."),
        (Rule::A28, _) => format!(
            "No project role gives `{action}` to `{principal}`, but the visibility of `{project}` gives it to members of `{organization}` \
             who are `{role}`."
        ),
        (Rule::A29, _) => {
            format!("The policy gives `{action}` to API keys, but this key is limited to its own scopes, and none of them has it.")
        }
        (Rule::A30, Reason::ApiKeyScope) => format!(
            "The API key reaches `{project}`, the policy gives `{action}` to API keys, and the user that the key acts as has it as well."
        ),
        (Rule::A30, _) => format!(
            "The API key acts as a user and may do no more than that user: `{action}` is not allowed to them here, or the directory does \
             not know them."
        ),
        // Usage, and who joins, are no decisions that are asked for.
        (Rule::B1 | Rule::B2 | Rule::B3 | Rule::B4 | Rule::B5 | Rule::B6 | Rule::C20, _) => String::new(),
    }
}

/// What the sentence of a booking names.
pub(super) struct Used<'a> {
    pub(super) principal: &'a str,
    pub(super) kind: &'a str,
    pub(super) surface: &'a str,
    pub(super) organization: &'a str,
}

/// The rule that booked, as a sentence.
pub(super) fn of_booking(booking: Booking, rule: Rule, used: &Used<'_>) -> String {
    let Used { principal, kind, surface, organization } = used;
    match booking {
        Booking::PredatesProjects => {
            format!("`{organization}` had no projects yet when this was used, so its default project gets the usage.")
        }
        Booking::Playground => format!("What members use on the surface `{surface}` is booked to the default project."),
        Booking::ProjectScoped => {
            format!("The platform scopes `{kind}` to projects on the surface `{surface}`, so the usage stays in the intended project.")
        }
        Booking::ExternalHomeOrganization if rule == Rule::B4 => format!(
            "`{principal}` is no member of `{organization}`, and the platform does not scope `{kind}` to projects on the surface \
             `{surface}`. The usage may be booked to the organization that they are a member of."
        ),
        Booking::ExternalHomeOrganization => format!(
            "An external collaborator has made the API key, or it acts as one, and the platform does not scope `{kind}` to projects on the \
             surface `{surface}`. The usage may be booked to the organization that they are a member of."
        ),
        Booking::DefaultProjectFallback => {
            format!("The platform does not scope `{kind}` to projects on the surface `{surface}`, so the default project gets the usage.")
        }
    }
}
