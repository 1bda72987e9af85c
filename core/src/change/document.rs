//! Changes: what each type of them says, read from untyped input and written into deltas.

use serde::{Serialize, Serializer};

use crate::code::codes;
use crate::directory::{KeyDigest, digest as key_digest};
use crate::error::{Error, ErrorCode, shown};
use crate::id::Reference;
use crate::instant::Instant;
use crate::path::Path;
use crate::shape::{boolean, id, instant, member, missing_field, nullable, object, reference, string, text, unknown_field};
use crate::value::Value;

/// Defines the types of changes, each with its fields: the required ones, and behind `or` those that may be absent or null.
macro_rules! changes {
    ($(
        $(#[doc = $meaning:literal])+
        $variant:ident = $word:literal { $( $field:ident: $type:ty = $read:ident ),* $( ; or $( $optional:ident: $optional_type:ty = $read_optional:ident ),+ )? }
    )+) => {
        codes! {
            /// What a change does.
            pub enum ChangeType { $( $(#[doc = $meaning])+ $variant = $word, )+ }
        }

        /// A change of the right shape; whether it fits the directory is seen when it is carried out.
        #[derive(Clone, Copy, Debug)]
        pub(crate) enum Change<'c> { $(
            $variant { $( $field: $type, )* $( $( $optional: Option<$optional_type>, )+ )? },
        )+ }

        impl<'c> Change<'c> {
            pub(crate) fn type_of(&self) -> ChangeType {
                match self { $( Self::$variant { .. } => ChangeType::$variant, )+ }
            }

            /// The fields with what stands in them.
            fn fields(&self) -> Vec<(&'static str, Option<Content<'c>>)> {
                match *self { $(
                    Self::$variant { $( $field, )* $( $( $optional, )+ )? } => vec![
                        $( (stringify!($field), Some(Content::from($field))), )*
                        $( $( (stringify!($optional), $optional.map(Content::from)), )+ )?
                    ],
                )+ }
            }

            /// Reads a change: its type first, since the rest depends on it, and then field by field in document order.
            pub(crate) fn read(value: &'c Value<'c>, path: &Path<'_>) -> Result<Self, Error> {
                match read_type(value, path)? { $(
                    ChangeType::$variant => {
                        $( let mut $field: Option<$type> = None; )*
                        $( $( let mut $optional: Option<$optional_type> = None; )+ )?
                        for (name, field) in object(value, path, &[$( stringify!($field) ),*])? {
                            let at = &path.field(name);
                            match name.as_ref() {
                                "type" => {}
                                $( name if name == stringify!($field) => $field = Some($read(field, at)?), )*
                                $( $( name if name == stringify!($optional) => $optional = nullable(field, at, $read_optional)?, )+ )?
                                other => return Err(unknown_field(other, at)),
                            }
                        }
                        $( let $field = $field.ok_or_else(|| missing_field(stringify!($field), path))?; )*
                        Ok(Self::$variant { $( $field, )* $( $( $optional, )+ )? })
                    }
                )+ }
            }
        }
    };
}

changes! {
    /// C1: a user becomes a member.
    AddMember = "add_member" { organization: &'c str = id, user: &'c str = id; or email: &'c str = text, role: &'c str = id }
    /// C2: a member leaves, with every collaborator row in the organization.
    RemoveMember = "remove_member" { organization: &'c str = id, user: &'c str = id }
    /// C3: a member gets another organization role.
    SetMemberRole = "set_member_role" { organization: &'c str = id, user: &'c str = id, role: &'c str = id }
    /// C4: an organization gets another project.
    CreateProject = "create_project" { organization: &'c str = id, project: &'c str = id, name: &'c str = text }
    /// C5: a project opens to external collaborators, or closes.
    SetExternalCollaborators = "set_external_collaborators" { project: &'c str = id, allowed: bool = boolean }
    /// C6: a user becomes a collaborator.
    AddCollaborator = "add_collaborator" { project: &'c str = id, user: &'c str = id; or role: &'c str = id }
    /// C7: a collaborator leaves a project.
    RemoveCollaborator = "remove_collaborator" { project: &'c str = id, user: &'c str = id }
    /// C8: a collaborator gets another project role.
    SetCollaboratorRole = "set_collaborator_role" { project: &'c str = id, user: &'c str = id, role: &'c str = id }
    /// C9: a project gets another API key.
    CreateApiKey = "create_api_key" {
        project: &'c str = id, key: &'c str = id, digest: KeyDigest = key_digest; or name: &'c str = text, expires_at: Instant = instant, created_by: &'c str = id,
        created_at: Instant = instant
    }
    /// C10: an API key stops for ever.
    RevokeApiKey = "revoke_api_key" { key: &'c str = id }
    /// C11: an API key gets an end, another one, or none.
    ExpireApiKey = "expire_api_key" { key: &'c str = id, expires_at: Option<Instant> = instant_or_none }
    /// C12: the organization default key gets another secret.
    RegenerateDefaultKey = "regenerate_default_key" { organization: &'c str = id, digest: KeyDigest = key_digest }
    /// A project gets another resource.
    AddResource = "add_resource" { project: &'c str = id, resource: &'c str = id, kind: &'c str = id; or name: &'c str = text }
    /// A resource goes.
    RemoveResource = "remove_resource" { resource: Reference<'c> = reference }
}

impl ChangeType {
    /// What to say where a word is no type of change.
    pub(crate) fn none_is(word: &str) -> String {
        let types: Vec<_> = Self::ALL.iter().map(|change| change.as_str()).collect();
        format!("there is no change {}; there are {}", shown(word), types.join(", "))
    }

    /// Whether the action that it needs depends on the kind of a resource.
    pub(crate) const fn is_done_to_a_kind(self) -> bool {
        matches!(self, Self::AddResource | Self::RemoveResource)
    }
}

/// Written by one loop over the fields, since code for each field of each type would be much code.
impl Serialize for Change<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let fields = self.fields().into_iter().filter_map(|(name, content)| Some((name, content?)));
        serializer.collect_map(std::iter::once(("type", Content::from(self.type_of().as_str()))).chain(fields))
    }
}

/// Defines what can stand in a field of a change.
macro_rules! contents {
    ($( $variant:ident($type:ty), )+) => {
        #[derive(Serialize)]
        #[serde(untagged)]
        enum Content<'c> { $( $variant($type), )+ }

        $( impl<'c> From<$type> for Content<'c> {
            fn from(content: $type) -> Self {
                Self::$variant(content)
            }
        } )+
    };
}

contents! {
    Text(&'c str),
    Truth(bool),
    Instant(Instant),
    End(Option<Instant>),
    Digest(KeyDigest),
    Resource(ReferenceText<'c>),
}

/// A reference, written as text.
struct ReferenceText<'c>(Reference<'c>);

impl Serialize for ReferenceText<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'c> From<Reference<'c>> for Content<'c> {
    fn from(reference: Reference<'c>) -> Self {
        Self::Resource(ReferenceText(reference))
    }
}

fn instant_or_none(value: &Value<'_>, path: &Path<'_>) -> Result<Option<Instant>, Error> {
    nullable(value, path, instant)
}

fn read_type(value: &Value<'_>, path: &Path<'_>) -> Result<ChangeType, Error> {
    let members = object(value, path, &["type"])?;
    let field = member(members, "type").ok_or_else(|| missing_field("type", path))?;
    let at = &path.field("type");
    let word = string(field, at)?;
    let unknown = || Error::new(ErrorCode::UnknownChange, at, ChangeType::none_is(word));
    ChangeType::ALL.iter().copied().find(|change| change.as_str() == word).ok_or_else(unknown)
}
