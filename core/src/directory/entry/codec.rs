//! The values that entries are made of: read and written by one description of the fields.

use crate::directory::digest::KeyDigest;
use crate::directory::document::{KeyKind, KeyProjects, Membership};
use crate::input::instant::{Instant, MaybeInstant};

/// Reads or writes the values of fields, one after the other.
pub(super) trait Codec<'e> {
    fn text(&mut self, value: &mut &'e str);
    fn id(&mut self, value: &mut &'e str);
    fn count(&mut self, value: &mut u64);
    fn flag(&mut self, value: &mut bool);
    fn bytes(&mut self, value: &mut [u8; 32]);
    /// The value is not one that entries have.
    fn refuse(&mut self);

    fn boolean(&mut self, value: &mut bool) {
        self.flag(value);
    }

    fn optional_text(&mut self, value: &mut Option<&'e str>) {
        let mut is_some = value.is_some();
        self.flag(&mut is_some);
        if is_some {
            self.text(value.get_or_insert_default());
        }
    }

    fn optional_id(&mut self, value: &mut Option<&'e str>) {
        let mut is_some = value.is_some();
        self.flag(&mut is_some);
        if is_some {
            self.id(value.get_or_insert_default());
        }
    }

    fn instant(&mut self, value: &mut Option<Instant>) {
        let mut bits = MaybeInstant::from(*value).to_bits().cast_unsigned();
        self.count(&mut bits);
        match MaybeInstant::from_bits(bits.cast_signed()) {
            Some(instant) => *value = instant.get(),
            None => self.refuse(),
        }
    }

    fn membership(&mut self, value: &mut Membership) {
        let mut is_sso = *value == Membership::Sso;
        self.flag(&mut is_sso);
        *value = if is_sso { Membership::Sso } else { Membership::Invitation };
    }

    fn key_kind(&mut self, value: &mut KeyKind) {
        let mut is_default = *value == KeyKind::OrganizationDefault;
        self.flag(&mut is_default);
        *value = if is_default { KeyKind::OrganizationDefault } else { KeyKind::Project };
    }

    fn digest(&mut self, value: &mut Option<KeyDigest>) {
        let mut is_some = value.is_some();
        self.flag(&mut is_some);
        if is_some {
            let mut bytes = value.map_or([0; 32], |digest| *digest.as_bytes());
            self.bytes(&mut bytes);
            *value = Some(KeyDigest::from_bytes(bytes));
        }
    }

    fn ids(&mut self, value: &mut Vec<&'e str>) {
        let mut count = value.len() as u64;
        self.count(&mut count);
        for number in 0..count {
            let mut id = usize::try_from(number).ok().and_then(|number| value.get(number)).copied().unwrap_or_default();
            self.id(&mut id);
            if self.has_failed() {
                return;
            }
            if value.len() as u64 == number {
                value.push(id);
            }
        }
    }

    fn optional_ids(&mut self, value: &mut Option<Vec<&'e str>>) {
        let mut is_some = value.is_some();
        self.flag(&mut is_some);
        if is_some {
            self.ids(value.get_or_insert_default());
        }
    }

    fn key_projects(&mut self, value: &mut KeyProjects<'e>) {
        let mut is_all = matches!(value, KeyProjects::All);
        self.flag(&mut is_all);
        if is_all {
            *value = KeyProjects::All;
        } else if let KeyProjects::Listed(projects) = value {
            self.ids(projects);
        }
    }

    /// Whether anything was refused.
    fn has_failed(&self) -> bool;
}
