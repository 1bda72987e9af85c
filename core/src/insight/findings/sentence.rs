//! What a finding is about, and its sentence.

use crate::catalogue::finding::FindingCode;
use crate::directory::{ApiKey, EntryIndex, Tables};
use crate::input::instant::Instant;
use crate::policy::{OrganizationRole, ProjectRole};

use super::found::Found;

impl Tables {
    /// The subject of a finding and its place, as references.
    pub(super) fn subject_of(&self, found: Found, at: Instant) -> (String, Option<String>) {
        let user = |user| format!("user:{}", self.user_id(user));
        let group = |group| format!("group:{}", self.group_id(group));
        let project = |project| format!("project:{}", self.project_id(project));
        let organization = |organization| format!("organization:{}", self.organization_id(organization));
        match found.entry {
            EntryIndex::Organization(of) => {
                let members = self.members_by_role(of, at).into_iter().filter(|(role, _)| *role == OrganizationRole::STRONGEST);
                let mut admins = members.flat_map(|(_, users)| users).filter(|user| !self.is_user_suspended(*user, Some(of), at));
                (organization(of), admins.next().map(user))
            }
            EntryIndex::Member(of, member) => (user(member), Some(organization(of))),
            EntryIndex::Group(of) => (group(of), Some(organization(self.organization_of_group(of)))),
            EntryIndex::GroupMember(of, member) => (user(member), Some(group(of))),
            EntryIndex::Project(of) => (project(of), Some(organization(self.project_row(of).organization))),
            EntryIndex::Grant(of, with) => (group(with), Some(project(of))),
            EntryIndex::Collaborator(of, with) => (user(with), Some(project(of))),
            EntryIndex::ApiKey(key) => (format!("api_key:{}", self.api_key_id(key)), Some(project(self.api_key_row(key).project))),
            // INVARIANT: nothing is found about these.
            EntryIndex::User(of) => (user(of), None),
            EntryIndex::Resource(resource) => (self.resource_id(resource).to_owned(), None),
        }
    }

    /// The finding in words.
    pub(super) fn sentence_of(&self, found: Found, subject: &str, on: Option<&str>) -> String {
        let place = on.unwrap_or_default();
        let admin = self.policy().project_role_name(ProjectRole::STRONGEST);
        let (maker, user) = match found.entry {
            EntryIndex::ApiKey(key) => self.people_of(key),
            _ => (String::new(), String::new()),
        };
        match found.code {
            FindingCode::ExternalIsAdmin => {
                format!("`{subject}` is no member of the organization, and has its strongest project role, `{admin}`, in `{place}`.")
            }
            FindingCode::GroupEmpty => format!("Nobody is in `{subject}` of `{place}`."),
            FindingCode::KeyCreatorGone => format!(
                "`{subject}` of `{place}` is still valid, and `user:{maker}`, who created it, is no longer in the directory. They may still know \
                 its secret."
            ),
            FindingCode::KeyCreatorWithoutAccess => format!(
                "`{subject}` is still valid in `{place}`, and `user:{maker}`, who created it, has no role there. They may still know its secret."
            ),
            FindingCode::KeyNeverExpires => format!("`{subject}` of `{place}` has no end: whoever finds its secret can use it for ever."),
            FindingCode::KeyOfExternal => format!(
                "`user:{maker}`, who stands behind `{subject}`, is an external collaborator of `{place}`. Usage of kinds that are not scoped to \
                 projects may be booked to their own organization."
            ),
            FindingCode::KeyUserGone => format!(
                "`{subject}` of `{place}` acts as `user:{user}`, who is not in the directory. It is denied everything, until somebody gets that \
                 id."
            ),
            FindingCode::OrganizationWithOneAdmin => {
                let role = self.policy().organization_role_name(OrganizationRole::STRONGEST);
                match on {
                    Some(admin) => {
                        format!("`{admin}` alone has the strongest role in `{subject}`, `{role}`: nobody can stand in for them.")
                    }
                    None => format!("Everybody with the strongest role in `{subject}`, `{role}`, is suspended."),
                }
            }
            FindingCode::ProjectWithoutAdmin => {
                format!("Nobody has the strongest role in `{subject}` of `{place}`, `{admin}`, without being suspended.")
            }
            FindingCode::RowExpired => format!("The row of `{subject}` in `{place}` has ended, and counts as not there."),
            FindingCode::RowWithoutEffect => format!(
                "`{subject}` is no member of the organization, and `{place}` allows no external collaborators. Their row there gets its effect \
                 when it does."
            ),
        }
    }

    /// The ids of who stands behind a key (B5), and of the user that it acts as.
    fn people_of(&self, key: ApiKey) -> (String, String) {
        let id = |user| self.user_id(user).to_owned();
        (self.maker(key).map(id).unwrap_or_default(), self.acted_user(key).map(id).unwrap_or_default())
    }
}
