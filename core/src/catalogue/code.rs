//! Codes: closed lists of words that every language and document shares, each defined once.

/// Defines an enum whose variants are written as `snake_case` words in every language.
///
/// Each such enum lists its variants (`ALL`), gives their words (`as_str`) and their meanings (`MEANINGS`), so neither the published types
/// nor the tests can fall behind the list.
macro_rules! codes {
    (
        $(#[$meta:meta])*
        pub enum $name:ident { $( $(#[doc = $meaning:literal])+ $variant:ident = $word:literal, )+ }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum $name { $( $(#[doc = $meaning])+ $variant, )+ }

        impl $name {
            /// Every code of this list, in the order of definition.
            pub const ALL: &'static [Self] = &[ $( Self::$variant, )+ ];

            /// Each word with its meaning, in the order of definition: the documentation of the published types.
            pub const MEANINGS: &'static [(&'static str, &'static str)] = &[ $( ($word, concat!( $( $meaning ),+ )), )+ ];

            /// The word for this code in every document and language.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $( Self::$variant => $word, )+ }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str(self.as_str())
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }
    };
}

pub(crate) use codes;
