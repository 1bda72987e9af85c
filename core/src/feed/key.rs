//! Keys: the names of a feed's objects in a store.

use crate::input::shape::LARGEST_NUMBER;

const SNAPSHOT: &str = "snapshot";
const DELTAS: &str = "deltas/";

/// The name of an object of a feed, below the prefix that the host chooses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Key {
    /// `snapshot`: the newest snapshot that was written.
    Snapshot,
    /// `deltas/<revision>`: what follows that revision.
    Delta(u64),
}

impl Key {
    /// The key of a name. `None` for a name that is no key of this version: whoever lists a store passes it over.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        if name == SNAPSHOT {
            return Some(Self::Snapshot);
        }
        let digits = name.strip_prefix(DELTAS)?;
        let is_canonical = digits.bytes().all(|byte| byte.is_ascii_digit()) && (digits == "0" || !digits.starts_with('0'));
        let revision = digits.parse().ok().filter(|revision| is_canonical && *revision <= LARGEST_NUMBER)?;
        Some(Self::Delta(revision))
    }
}

impl std::fmt::Display for Key {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Snapshot => formatter.write_str(SNAPSHOT),
            Self::Delta(revision) => write!(formatter, "{DELTAS}{revision}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_read_back_from_its_name() {
        for key in [Key::Snapshot, Key::Delta(0), Key::Delta(7), Key::Delta(10), Key::Delta(LARGEST_NUMBER)] {
            assert_eq!(Key::parse(&key.to_string()), Some(key));
        }
        assert_eq!((Key::Snapshot.to_string(), Key::Delta(7).to_string()), ("snapshot".to_owned(), "deltas/7".to_owned()));
    }

    #[test]
    fn other_names_are_no_keys() {
        let too_large = format!("deltas/{}", LARGEST_NUMBER + 1);
        for name in [
            "",
            "Snapshot",
            "snapshot/",
            "deltas",
            "deltas/",
            "deltas/07",
            "deltas/00",
            "deltas/+7",
            "deltas/-7",
            "deltas/7/",
            "7",
            &too_large,
        ] {
            assert_eq!(Key::parse(name), None, "{name}");
        }
    }
}
