//! Changes: the fields of each type, read from untyped input and written into deltas.

use serde::{Serialize, Serializer};

use crate::catalogue::change_type::ChangeType;
use crate::catalogue::error_code::ErrorCode;
use crate::directory::{KeyDigest, digest as key_digest};
use crate::input::error::{Error, quoted};
use crate::input::id::Reference;
use crate::input::instant::Instant;
use crate::input::path::Path;
use crate::input::shape::{boolean, id, instant, member, missing_field, nullable, object, reference, string, text, unknown_field};
use crate::input::value::Value;

/// Defines the types of changes with their fields: the required ones, and after `or` those that may be absent or null.
macro_rules! changes {
    ($(
        $variant:ident { $( $field:ident: $type:ty = $read:ident ),* $( ; or $( $optional:ident: $optional_type:ty = $read_optional:ident ),+ )? }
    )+) => {
        /// A change of valid shape. Applying it validates it against the directory.
        #[derive(Clone, Copy, Debug)]
        pub(crate) enum Change<'c> { $(
            $variant { $( $field: $type, )* $( $( $optional: Option<$optional_type>, )+ )? },
        )+ }

        impl<'c> Change<'c> {
            pub(crate) fn type_of(&self) -> ChangeType {
                match self { $( Self::$variant { .. } => ChangeType::$variant, )+ }
            }

            /// The fields and their values.
            fn fields(&self) -> Vec<(&'static str, Option<FieldValue<'c>>)> {
                match *self { $(
                    Self::$variant { $( $field, )* $( $( $optional, )+ )? } => vec![
                        $( (stringify!($field), Some(FieldValue::from($field))), )*
                        $( $( (stringify!($optional), $optional.map(FieldValue::from)), )+ )?
                    ],
                )+ }
            }

            /// Reads a change: the type first, since the fields depend on it, then field by field in document order.
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
    AddMember { organization: &'c str = id, user: &'c str = id; or email: &'c str = text, role: &'c str = id }
    RemoveMember { organization: &'c str = id, user: &'c str = id }
    SetMemberRole { organization: &'c str = id, user: &'c str = id, role: &'c str = id }
    CreateProject { organization: &'c str = id, project: &'c str = id, name: &'c str = text }
    SetExternalCollaborators { project: &'c str = id, allowed: bool = boolean }
    AddCollaborator { project: &'c str = id, user: &'c str = id; or role: &'c str = id }
    RemoveCollaborator { project: &'c str = id, user: &'c str = id }
    SetCollaboratorRole { project: &'c str = id, user: &'c str = id, role: &'c str = id }
    CreateApiKey {
        project: &'c str = id, key: &'c str = id, digest: KeyDigest = key_digest; or name: &'c str = text, expires_at: Instant = instant, created_by: &'c str = id,
        created_at: Instant = instant
    }
    RevokeApiKey { key: &'c str = id }
    ExpireApiKey { key: &'c str = id, expires_at: Option<Instant> = instant_or_none }
    RegenerateDefaultKey { organization: &'c str = id, digest: KeyDigest = key_digest }
    AddResource { project: &'c str = id, resource: &'c str = id, kind: &'c str = id; or name: &'c str = text }
    RemoveResource { resource: Reference<'c> = reference }
}

/// Written by one loop over the fields, which is less code than a derived implementation.
impl Serialize for Change<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let fields = self.fields().into_iter().filter_map(|(name, value)| Some((name, value?)));
        serializer.collect_map(std::iter::once(("type", FieldValue::from(self.type_of().as_str()))).chain(fields))
    }
}

/// Defines the types of a field's value.
macro_rules! field_values {
    ($( $variant:ident($type:ty), )+) => {
        #[derive(Serialize)]
        #[serde(untagged)]
        enum FieldValue<'c> { $( $variant($type), )+ }

        $( impl<'c> From<$type> for FieldValue<'c> {
            fn from(value: $type) -> Self {
                Self::$variant(value)
            }
        } )+
    };
}

field_values! {
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

impl<'c> From<Reference<'c>> for FieldValue<'c> {
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
    let unknown = || Error::new(ErrorCode::UnknownChange, at, ChangeType::unknown_message(quoted(word)));
    ChangeType::ALL.iter().copied().find(|change| change.as_str() == word).ok_or_else(unknown)
}
