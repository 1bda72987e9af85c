//! Fixes: the changes that should mend a finding. Whether they do is tried.

use crate::catalogue::change_type::ChangeType;
use crate::catalogue::finding::FindingCode;
use crate::directory::{EntryIndex, Organization, Project, Tables, User};
use crate::input::instant::Instant;
use crate::input::json_text::JsonText;
use crate::policy::ProjectRole;

use super::found::Found;

/// What a key without an end gets: 90 days from the instant of the question.
const DAYS_OF_A_KEY: u64 = 90;
const SECONDS_PER_DAY: u64 = 86_400;

fn change<'f>(change: ChangeType, fields: impl IntoIterator<Item = (&'f str, &'f str)>) -> JsonText {
    JsonText::object(fields.into_iter().map(|(name, value)| (name, JsonText::of(&value)))).with_first("type", change.as_str())
}

impl Tables {
    /// The changes that should mend a finding; none if there are none.
    pub(super) fn fix_of(&self, found: Found, at: Instant) -> Vec<JsonText> {
        match (found.code, found.entry) {
            (FindingCode::KeyNeverExpires, EntryIndex::ApiKey(key)) => {
                let Some(end) = at.plus_seconds(DAYS_OF_A_KEY.saturating_mul(SECONDS_PER_DAY)) else { return Vec::new() };
                vec![change(ChangeType::ExpireApiKey, [("key", self.api_key_id(key)), ("expires_at", &end.to_string())])]
            }
            (_, EntryIndex::ApiKey(key)) => vec![change(ChangeType::RevokeApiKey, [("key", self.api_key_id(key))])],
            (FindingCode::ExternalIsAdmin, EntryIndex::Collaborator(project, user)) => self.weaker_role(project, user),
            (FindingCode::RowWithoutEffect, EntryIndex::Collaborator(project, user)) => {
                vec![change(ChangeType::RemoveCollaborator, [("project", self.project_id(project)), ("user", self.user_id(user))])]
            }
            (FindingCode::RowExpired, row) => self.without_row(row),
            (FindingCode::GroupEmpty, EntryIndex::Group(group)) => vec![change(ChangeType::RemoveGroup, [("group", self.group_id(group))])],
            (FindingCode::ProjectWithoutAdmin, EntryIndex::Project(project)) => self.owner_as_admin(project, at),
            // Whom to trust is nothing to suggest.
            _ => Vec::new(),
        }
    }

    /// An external collaborator gets the role of new collaborators, or the weakest one if that is the strongest.
    fn weaker_role(&self, project: Project, user: User) -> Vec<JsonText> {
        let policy = self.policy();
        let role =
            if policy.collaborator_role() == ProjectRole::STRONGEST { policy.weakest_project_role() } else { policy.collaborator_role() };
        self.collaborator_change(ChangeType::SetCollaboratorRole, project, user, role)
    }

    fn owner_as_admin(&self, project: Project, at: Instant) -> Vec<JsonText> {
        let owner = self.owner_of(project);
        let has_row = self.collaborator_role(project, owner, at).is_some();
        let change = if has_row { ChangeType::SetCollaboratorRole } else { ChangeType::AddCollaborator };
        self.collaborator_change(change, project, owner, ProjectRole::STRONGEST)
    }

    fn collaborator_change(&self, word: ChangeType, project: Project, user: User, role: ProjectRole) -> Vec<JsonText> {
        let role = self.policy().project_role_name(role);
        vec![change(word, [("project", self.project_id(project)), ("user", self.user_id(user)), ("role", role)])]
    }

    /// A row that has ended is replaced by one that has not, which is removed: changes see no others. All of it is one transaction.
    fn without_row(&self, row: EntryIndex) -> Vec<JsonText> {
        match row {
            EntryIndex::Member(organization, user) => self.without_member(organization, user),
            EntryIndex::GroupMember(group, user) => {
                let fields = [("group", self.group_id(group)), ("user", self.user_id(user))];
                vec![change(ChangeType::AddGroupMember, fields), change(ChangeType::RemoveGroupMember, fields)]
            }
            EntryIndex::Grant(project, group) => {
                let fields = [("project", self.project_id(project)), ("group", self.group_id(group))];
                vec![change(ChangeType::AddCollaborator, fields), change(ChangeType::RemoveCollaborator, fields)]
            }
            EntryIndex::Collaborator(project, user) => self.without_collaborator(project, user),
            _ => Vec::new(),
        }
    }

    fn without_member(&self, organization: Organization, user: User) -> Vec<JsonText> {
        let fields = [("organization", self.organization_id(organization)), ("user", self.user_id(user))];
        vec![change(ChangeType::AddMember, fields), change(ChangeType::RemoveMember, fields)]
    }

    /// In a project that allows no external collaborators, only the platform puts one.
    fn without_collaborator(&self, project: Project, user: User) -> Vec<JsonText> {
        let row = self.project_row(project);
        let fields = [("project", self.project_id(project)), ("user", self.user_id(user))];
        let added = if row.allows_externals || self.member_row(user, row.organization).is_some() {
            change(ChangeType::AddCollaborator, fields)
        } else {
            let role = self.policy().project_role_name(self.policy().weakest_project_role());
            let row = JsonText::object([("user", JsonText::of(&self.user_id(user))), ("role", JsonText::of(&role))]);
            let fields = [("project", JsonText::of(&self.project_id(project))), ("collaborator", row)];
            JsonText::object(fields).with_first("type", ChangeType::PutCollaborator.as_str())
        };
        vec![added, change(ChangeType::RemoveCollaborator, fields)]
    }
}
