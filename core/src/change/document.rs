//! Changes: the fields of each type, read from untyped input.

use crate::catalogue::change_type::ChangeType;
use crate::catalogue::error_code::ErrorCode;
use crate::directory::{KeyDigest, KeyProjects, Membership, NewPolicy, Put, digest as key_digest};
use crate::input::error::{Error, quoted};
use crate::input::id::Reference;
use crate::input::instant::Instant;
use crate::input::path::Path;
use crate::input::shape::{
    boolean, id, instant, list, member, missing_field, nullable, object, reference, string, text, unknown_field, word,
};
use crate::input::value::Value;

/// Alternative sets of fields. The first field of each is required, and tells which set a change has.
type Forms = &'static [&'static [&'static str]];

/// A user or a group.
const GRANTEE: Forms = &[&["user"], &["group"]];
/// An organization, a member of it, a project, or a user everywhere.
const SUSPENDED: Forms = &[&["organization", "user"], &["project"], &["user", "organization"]];

/// Defines the types of changes with their fields. First the required ones; then, after `one`, those of which each change has one of several
/// sets; after `or`, those that may be absent or null; after `may`, those that may be absent and are never null; and after `set`, those
/// that null clears: such a field is `None` if it is absent, and `Some(None)` if it is null.
macro_rules! changes {
    ($(
        $variant:ident {
            $( $field:ident: $type:ty = $read:path ),*
            $( ; one $( $choice:ident )|+ of $forms:ident )?
            $( ; or $( $optional:ident: $optional_type:ty = $read_optional:path ),+ )?
            $( ; may $( $possible:ident: $possible_type:ty = $read_possible:path ),+ )?
            $( ; set $( $fact:ident: $fact_type:ty = $read_fact:path ),+ )?
        }
    )+) => {
        /// A change of valid shape. Applying it validates it against the directory.
        #[derive(Debug)]
        pub(crate) enum Change<'c> { $(
            $variant {
                $( $field: $type, )*
                $( $( $choice: Option<&'c str>, )+ )?
                $( $( $optional: Option<$optional_type>, )+ )?
                $( $( $possible: Option<$possible_type>, )+ )?
                $( $( $fact: Option<Option<$fact_type>>, )+ )?
            },
        )+
            /// An entry is set as a whole. Its faults are found in the value.
            Put(Put<'c>, &'c Value<'c>),
            SetPolicy(NewPolicy<'c>),
        }

        impl<'c> Change<'c> {
            pub(crate) fn type_of(&self) -> ChangeType {
                match self {
                    $( Self::$variant { .. } => ChangeType::$variant, )+
                    Self::Put(put, _) => put.type_of(),
                    Self::SetPolicy(_) => ChangeType::SetPolicy,
                }
            }

            /// Reads a change: the type first, since the fields depend on it, then field by field in document order.
            pub(crate) fn read(value: &'c Value<'c>, path: &Path<'_>) -> Result<Self, Error> {
                match read_type(value, path)? { $(
                    ChangeType::$variant => {
                        $( let mut $field: Option<$type> = None; )*
                        $( $( let mut $choice: Option<&'c str> = None; )+ )?
                        $( $( let mut $optional: Option<$optional_type> = None; )+ )?
                        $( $( let mut $possible: Option<$possible_type> = None; )+ )?
                        $( $( let mut $fact: Option<Option<$fact_type>> = None; )+ )?
                        let required: &[&str] = &[$( stringify!($field) ),*];
                        $(
                            let form = form_of(value, $forms);
                            let required = &[required, form.get(..1).unwrap_or_default()].concat();
                        )?
                        for (name, field) in object(value, path, required)? {
                            let at = &path.field(name);
                            match name.as_ref() {
                                "type" => {}
                                $( name if name == stringify!($field) => $field = Some($read(field, at)?), )*
                                $( $( name if name == stringify!($choice) && form.contains(&name) => $choice = Some(id(field, at)?), )+ )?
                                $( $( name if name == stringify!($optional) => $optional = nullable(field, at, $read_optional)?, )+ )?
                                $( $( name if name == stringify!($possible) => $possible = Some($read_possible(field, at)?), )+ )?
                                $( $( name if name == stringify!($fact) => $fact = Some(nullable(field, at, $read_fact)?), )+ )?
                                other => return Err(unknown_field(other, at)),
                            }
                        }
                        $( let $field = $field.ok_or_else(|| missing_field(stringify!($field), path))?; )*
                        Ok(Self::$variant {
                            $( $field, )* $( $( $choice, )+ )? $( $( $optional, )+ )? $( $( $possible, )+ )? $( $( $fact, )+ )?
                        })
                    }
                )+
                    ChangeType::SetPolicy => NewPolicy::read(value, path).map(Self::SetPolicy),
                    change => Put::read(change, value, path)
                        .map_or_else(|| Err(unknown_change("", path)), |put| put.map(|put| Self::Put(put, value))),
                }
            }
        }
    };
}

changes! {
    AddMember { organization: &'c str = id, user: &'c str = id; or email: &'c str = text, role: &'c str = id, expires_at: Instant = instant }
    RemoveMember { organization: &'c str = id, user: &'c str = id }
    SetMemberRole { organization: &'c str = id, user: &'c str = id, role: &'c str = id; set expires_at: Instant = instant }
    CreateProject { organization: &'c str = id, project: &'c str = id, name: &'c str = text }
    SetExternalCollaborators { project: &'c str = id, allowed: bool = boolean }
    AddCollaborator { project: &'c str = id; one user | group of GRANTEE; or role: &'c str = id, expires_at: Instant = instant }
    RemoveCollaborator { project: &'c str = id; one user | group of GRANTEE }
    SetCollaboratorRole { project: &'c str = id, role: &'c str = id; one user | group of GRANTEE; set expires_at: Instant = instant }
    CreateApiKey {
        project: &'c str = id, key: &'c str = id, digest: KeyDigest = key_digest; or name: &'c str = text, expires_at: Instant = instant, created_by: &'c str = id,
        created_at: Instant = instant, scopes: Vec<&'c str> = names, acts_as: &'c str = id, projects: KeyProjects<'c> = KeyProjects::read
    }
    RevokeApiKey { key: &'c str = id }
    ExpireApiKey { key: &'c str = id, expires_at: Option<Instant> = instant_or_none }
    RegenerateDefaultKey { organization: &'c str = id, digest: KeyDigest = key_digest }
    AddResource { project: &'c str = id, resource: &'c str = id, kind: &'c str = id; or name: &'c str = text }
    RemoveResource { resource: Reference<'c> = reference }
    DropMember { organization: &'c str = id, user: &'c str = id }
    RemoveUser { user: &'c str = id }
    SetDefaultProject { project: &'c str = id }
    MoveProject { project: &'c str = id, organization: &'c str = id }
    RemoveOrganization { organization: &'c str = id }
    UpdateOrganization {
        organization: &'c str = id; may membership: Membership = read_membership, multi_project: bool = boolean;
        set name: &'c str = text, projects_since: Instant = instant, suspended_at: Instant = instant
    }
    TransferOwnership { organization: &'c str = id, user: &'c str = id }
    RemoveProject { project: &'c str = id }
    UpdateProject {
        project: &'c str = id; may allow_external_collaborators: bool = boolean, visibility: &'c str = id;
        set name: &'c str = text, suspended_at: Instant = instant
    }
    SetVisibility { project: &'c str = id, visibility: &'c str = id }
    MoveResource { resource: Reference<'c> = reference, project: &'c str = id }
    Suspend { ; one organization | project | user of SUSPENDED }
    Resume { ; one organization | project | user of SUSPENDED }
    JoinProject { project: &'c str = id }
    LeaveProject { project: &'c str = id }
    AddGroup { organization: &'c str = id, group: &'c str = id; or name: &'c str = text }
    RemoveGroup { group: &'c str = id }
    AddGroupMember { group: &'c str = id, user: &'c str = id; or expires_at: Instant = instant }
    RemoveGroupMember { group: &'c str = id, user: &'c str = id }
    UpdateApiKey {
        key: &'c str = id;
        set name: &'c str = text, scopes: Vec<&'c str> = names, acts_as: &'c str = id, projects: KeyProjects<'c> = KeyProjects::read
    }
    RemoveApiKey { key: &'c str = id }
    UpdateResource { resource: Reference<'c> = reference; set name: &'c str = text }
}

impl<'c> Change<'c> {
    /// Whether a user makes the change for themselves (C20).
    #[cfg(feature = "insight")]
    pub(crate) fn is_by_oneself(&self) -> bool {
        self.by_oneself().is_some()
    }

    /// The project that a user joins or leaves by themselves, and whether it is joined (C20).
    pub(super) fn by_oneself(&self) -> Option<(&'c str, bool)> {
        match *self {
            Self::JoinProject { project } => Some((project, true)),
            Self::LeaveProject { project } => Some((project, false)),
            _ => None,
        }
    }
}

fn instant_or_none(value: &Value<'_>, path: &Path<'_>) -> Result<Option<Instant>, Error> {
    nullable(value, path, instant)
}

fn names<'v>(value: &'v Value<'v>, path: &Path<'_>) -> Result<Vec<&'v str>, Error> {
    list(value, path, id)
}

fn read_membership(value: &Value<'_>, path: &Path<'_>) -> Result<Membership, Error> {
    word(value, path, Membership::ALL, Membership::as_str)
}

/// The set of fields that a change has: that of the first of their first fields in document order.
fn form_of(value: &Value<'_>, forms: Forms) -> &'static [&'static str] {
    let members: &[_] = if let Value::Object(members) = value { members } else { &[] };
    let form = |name: &str| forms.iter().find(|form| form.first().is_some_and(|first| *first == name));
    members.iter().find_map(|(name, _)| form(name)).or(forms.first()).copied().unwrap_or_default()
}

fn read_type(value: &Value<'_>, path: &Path<'_>) -> Result<ChangeType, Error> {
    let members = object(value, path, &["type"])?;
    let field = member(members, "type").ok_or_else(|| missing_field("type", path))?;
    let at = &path.field("type");
    let word = string(field, at)?;
    ChangeType::ALL.iter().copied().find(|change| change.as_str() == word).ok_or_else(|| unknown_change(word, at))
}

fn unknown_change(word: &str, path: &Path<'_>) -> Error {
    Error::new(ErrorCode::UnknownChange, path, ChangeType::unknown_message(quoted(word)))
}
