//! The key of an entry: where it belongs and its id, in bytes whose order is that of the state.

use std::cmp::Ordering;

/// A name that a key contains, by where the entry belongs. Every id is free of the zero character, which separates the parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::enum_variant_names, reason = "an API key has no other name")]
pub(crate) enum Key<'k> {
    /// The entry in `users`.
    User(&'k str),
    /// The fields of an organization.
    Organization(&'k str),
    /// The row of a member: organization, user.
    Member(&'k str, &'k str),
    /// The fields of a group: organization, group.
    Group(&'k str, &'k str),
    /// Organization, group, user.
    GroupMember(&'k str, &'k str, &'k str),
    /// The fields of a project: organization, project.
    Project(&'k str, &'k str),
    /// The row of a group in a project: organization, project, group.
    Grant(&'k str, &'k str, &'k str),
    /// The row of a user in a project: organization, project, user.
    Collaborator(&'k str, &'k str, &'k str),
    /// Organization, project, key.
    ApiKey(&'k str, &'k str, &'k str),
    /// Organization, project, kind, id.
    Resource(&'k str, &'k str, &'k str, &'k str),
}

pub(super) const USER: &str = "a";
pub(super) const ORGANIZATION: &str = "b";
pub(super) const MEMBER: &str = "a";
pub(super) const GROUP: &str = "b";
pub(super) const PROJECT: &str = "c";
pub(super) const GRANT: &str = "a";
pub(super) const COLLABORATOR: &str = "b";
pub(super) const API_KEY: &str = "c";
pub(super) const RESOURCE: &str = "d";

impl<'k> Key<'k> {
    /// The key as text: the parts, separated by zero characters. Its byte order is the order of the state: an organization comes before what is in
    /// it.
    pub(crate) fn to_text(self) -> String {
        let parts: &[&str] = match self {
            Self::User(id) => &[USER, id],
            Self::Organization(id) => &[ORGANIZATION, id],
            Self::Member(organization, user) => &[ORGANIZATION, organization, MEMBER, user],
            Self::Group(organization, group) => &[ORGANIZATION, organization, GROUP, group],
            Self::GroupMember(organization, group, user) => &[ORGANIZATION, organization, GROUP, group, MEMBER, user],
            Self::Project(organization, project) => &[ORGANIZATION, organization, PROJECT, project],
            Self::Grant(organization, project, group) => &[ORGANIZATION, organization, PROJECT, project, GRANT, group],
            Self::Collaborator(organization, project, user) => &[ORGANIZATION, organization, PROJECT, project, COLLABORATOR, user],
            Self::ApiKey(organization, project, key) => &[ORGANIZATION, organization, PROJECT, project, API_KEY, key],
            Self::Resource(organization, project, kind, id) => {
                return [[ORGANIZATION, organization, PROJECT, project, RESOURCE, kind].join("\0").as_str(), id].join(":");
            }
        };
        parts.join("\0")
    }

    /// Compares keys as their texts compare.
    pub(crate) fn order(self, other: Self) -> Ordering {
        let ((one, one_last), (two, two_last)) = (self.path(), other.path());
        one.cmp(&two).then_with(|| {
            let text = |(kind, id): (&'k str, &'k str)| kind.bytes().chain(*b":").chain(id.bytes());
            if one_last.0 == two_last.0 { one_last.1.cmp(two_last.1) } else { text(one_last).cmp(text(two_last)) }
        })
    }

    /// The parts of the key: all but the last, and the last; a resource's in two.
    fn path(self) -> ([&'k str; 5], (&'k str, &'k str)) {
        match self {
            Self::User(id) => ([USER, "", "", "", ""], ("", id)),
            Self::Organization(organization) => ([ORGANIZATION, organization, "", "", ""], ("", "")),
            Self::Member(organization, user) => ([ORGANIZATION, organization, MEMBER, "", ""], ("", user)),
            Self::Group(organization, group) => ([ORGANIZATION, organization, GROUP, group, ""], ("", "")),
            Self::GroupMember(organization, group, user) => ([ORGANIZATION, organization, GROUP, group, MEMBER], ("", user)),
            Self::Project(organization, project) => ([ORGANIZATION, organization, PROJECT, project, ""], ("", "")),
            Self::Grant(organization, project, group) => ([ORGANIZATION, organization, PROJECT, project, GRANT], ("", group)),
            Self::Collaborator(organization, project, user) => ([ORGANIZATION, organization, PROJECT, project, COLLABORATOR], ("", user)),
            Self::ApiKey(organization, project, key) => ([ORGANIZATION, organization, PROJECT, project, API_KEY], ("", key)),
            Self::Resource(organization, project, kind, id) => ([ORGANIZATION, organization, PROJECT, project, RESOURCE], (kind, id)),
        }
    }

    /// Reads a key's text. `None` for another text.
    pub(crate) fn parse(text: &'k str) -> Option<Self> {
        let mut parts = text.split('\0');
        let (table, id) = (parts.next()?, parts.next()?);
        let (list, name) = (parts.next(), parts.next());
        let (sort, own) = (parts.next(), parts.next());
        let within = list.zip(name).zip(sort.zip(own));
        let key = match (table, list.zip(name), within) {
            (USER, None, None) => Self::User(id),
            (ORGANIZATION, None, None) => Self::Organization(id),
            (ORGANIZATION, Some((MEMBER, user)), None) => Self::Member(id, user),
            (ORGANIZATION, Some((GROUP, group)), None) => Self::Group(id, group),
            (ORGANIZATION, Some((PROJECT, project)), None) => Self::Project(id, project),
            (ORGANIZATION, _, Some(((GROUP, group), (MEMBER, user)))) => Self::GroupMember(id, group, user),
            (ORGANIZATION, _, Some(((PROJECT, project), (GRANT, group)))) => Self::Grant(id, project, group),
            (ORGANIZATION, _, Some(((PROJECT, project), (COLLABORATOR, user)))) => Self::Collaborator(id, project, user),
            (ORGANIZATION, _, Some(((PROJECT, project), (API_KEY, key)))) => Self::ApiKey(id, project, key),
            (ORGANIZATION, _, Some(((PROJECT, project), (RESOURCE, reference)))) => {
                let (kind, own) = reference.split_once(':')?;
                Self::Resource(id, project, kind, own)
            }
            _ => return None,
        };
        // Nothing is left over, and no pair is cut in half.
        let is_whole = parts.next().is_none() && list.is_some() == name.is_some() && sort.is_some() == own.is_some();
        is_whole.then_some(key)
    }

    /// All ids in the key.
    pub(crate) fn ids(self) -> Vec<&'k str> {
        match self {
            Self::User(id) | Self::Organization(id) => vec![id],
            Self::Member(organization, id) | Self::Group(organization, id) | Self::Project(organization, id) => vec![organization, id],
            Self::GroupMember(organization, parent, id)
            | Self::Grant(organization, parent, id)
            | Self::Collaborator(organization, parent, id)
            | Self::ApiKey(organization, parent, id) => vec![organization, parent, id],
            Self::Resource(organization, project, kind, id) => vec![organization, project, kind, id],
        }
    }

    /// The id of the entry itself.
    pub(crate) const fn own_id(self) -> &'k str {
        match self {
            Self::User(id)
            | Self::Organization(id)
            | Self::Member(_, id)
            | Self::Group(_, id)
            | Self::GroupMember(.., id)
            | Self::Project(_, id)
            | Self::Grant(.., id)
            | Self::Collaborator(.., id)
            | Self::ApiKey(.., id)
            | Self::Resource(.., id) => id,
        }
    }

    /// The organization that the entry belongs to; `None` for an entry in `users`.
    pub(crate) const fn organization(self) -> Option<&'k str> {
        match self {
            Self::User(_) => None,
            Self::Organization(organization)
            | Self::Member(organization, _)
            | Self::Group(organization, _)
            | Self::GroupMember(organization, ..)
            | Self::Project(organization, _)
            | Self::Grant(organization, ..)
            | Self::Collaborator(organization, ..)
            | Self::ApiKey(organization, ..)
            | Self::Resource(organization, ..) => Some(organization),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_read_as_it_was_written() {
        let keys = [
            Key::User("u"),
            Key::Organization("o"),
            Key::Member("o", "u"),
            Key::Group("o", "g"),
            Key::GroupMember("o", "g", "u"),
            Key::Project("o", "p"),
            Key::Grant("o", "p", "g"),
            Key::Collaborator("o", "p", "u"),
            Key::ApiKey("o", "p", "k"),
            Key::Resource("o", "p", "file2", "a"),
            Key::Resource("o", "p", "file", "r"),
            Key::Organization("o2"),
        ];
        let texts: Vec<_> = keys.iter().map(|key| key.to_text()).collect();
        assert!(texts.is_sorted());
        for (one, text) in keys.iter().zip(&texts) {
            for (two, other) in keys.iter().zip(&texts) {
                assert_eq!(one.order(*two), text.cmp(other));
            }
        }
        for (key, text) in keys.iter().zip(&texts) {
            assert_eq!(Key::parse(text), Some(*key));
            for cut in 0..text.len() {
                assert_ne!(Key::parse(&text[..cut]), Some(*key));
            }
            assert_eq!(Key::parse(&format!("{text}\0")), None);
            assert_eq!(Key::parse(&format!("{text}\0a\0b\0c\0d")), None);
        }
        assert_eq!(Key::parse(""), None);
        assert_eq!(Key::parse("c\0o"), None);
    }
}
