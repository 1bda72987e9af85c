//! The walk of a publisher that begins: from the snapshot along the deltas to their end.

use crate::catalogue::error_code::ErrorCode;
use crate::directory::Directory;
use crate::feed::found::Found;
use crate::feed::key::Key;
use crate::input::error::Error;
use crate::input::instant::Instant;
use crate::wire::envelope::{Header, corrupt, signer_of};
use crate::wire::hash::hash_of;
use crate::wire::signature::{KeyId, PublicKeys};
use crate::wire::trust::Trust;

use super::held::{End, Held, Object};

/// A walk on its way.
#[derive(Debug)]
pub(super) struct Walk {
    seed: Option<u64>,
    reached: Option<(Directory, Held)>,
}

/// Where a walk leads.
pub(super) enum Step {
    /// To this key.
    Next(Key),
    /// There is no feed.
    Nothing,
    /// Nowhere: what was found is not told.
    Lost,
    /// To the newest published state.
    End(Box<(Directory, Held)>),
}

impl Walk {
    pub(super) fn new(seed: Option<u64>) -> Self {
        Self { seed, reached: None }
    }

    /// Takes what was found, and verifies it.
    ///
    /// # Errors
    /// As [`Directory::from_snapshot`] and [`Directory::apply_delta`].
    pub(super) fn take(&mut self, found: Found<'_>, keys: &PublicKeys, own: KeyId, now: Instant) -> Result<Step, Error> {
        let trust = Trust { public_keys: Some(keys), now: Some(now) };
        let bytes = match (found, self.reached.take()) {
            (Found::Bytes(bytes), Some((directory, held))) => return self.follow(directory, held, bytes, trust, own),
            (Found::Bytes(bytes), None) => bytes,
            (Found::Absent, Some(reached)) => return Ok(Step::End(Box::new(reached))),
            (Found::Absent, None) => return Ok(Step::Nothing),
            (Found::Unchanged, _) => return Ok(Step::Lost),
        };
        let directory = Directory::from_snapshot(bytes, trust, self.seed)?;
        let held = Held::of_snapshot(bytes, directory.state(), directory.issued_at(), signer_of(bytes) == Some(own));
        Ok(self.go_on(directory, held))
    }

    fn go_on(&mut self, directory: Directory, held: Held) -> Step {
        let next = Key::Delta(directory.revision());
        self.reached = Some((directory, held));
        Step::Next(next)
    }

    fn follow(&mut self, mut directory: Directory, mut held: Held, bytes: &[u8], trust: Trust<'_>, own: KeyId) -> Result<Step, Error> {
        let object = |issued_at| Object { hash: hash_of(bytes), issued_at, is_own: signer_of(bytes) == Some(own) };
        let end = match directory.apply_delta(bytes, trust) {
            Ok(reached) if reached > held.head.revision => {
                held.step(directory.state(), bytes.len());
                held.latest = held.latest.max(directory.issued_at());
                return Ok(self.go_on(directory, held));
            }
            Ok(_) => End::Renewal(object(directory.issued_at())),
            Err(error) if error.code() == ErrorCode::DeltaGap => {
                let (header, _) = Header::open(bytes, true, trust)?;
                if header.base != Some(header.state) || header.state.revision < held.head.revision {
                    return Err(corrupt("this delta belongs to another revision"));
                }
                held.latest = held.latest.max(header.issued_at);
                End::Signpost(object(header.issued_at))
            }
            Err(error) => return Err(error),
        };
        held.latest = held.latest.max(directory.issued_at());
        held.end = end;
        Ok(Step::End(Box::new((directory, held))))
    }
}
