//! Compaction: a shorter journal that begins later.

use crate::input::error::Error;
use crate::input::instant::Instant;
use crate::timeline::states::Timeline;
use crate::wire::signature::SecretKey;
use crate::wire::trust::Trust;

use super::checkpoint::is_signed;
use super::end::ensure_signer;
use super::frame::Frames;
use super::writing::missing_instant;

/// A journal whose oldest records are merged.
#[derive(Clone, Debug)]
pub struct CompactedJournal {
    /// The journal. It begins with the state that was in force at the instant; what follows is as it was.
    pub bytes: Vec<u8>,
    /// From when to before when the moments were that can no longer be told apart: they are before the beginning now. `None` if nothing was merged.
    pub merged: Option<(Instant, Instant)>,
}

impl Timeline {
    /// Merges the records of a journal up to an instant into one checkpoint.
    ///
    /// # Errors
    /// As [`Timeline::from_journal`]; `missing_field` if the first state has always been in force; `signature_missing` and `signature_invalid` at `/signing_key`
    /// if readers of the journal would not take what this key signs.
    pub fn compact_journal(
        bytes: &[u8],
        until: Instant,
        trust: Trust<'_>,
        seed: Option<u64>,
        signing_key: Option<&SecretKey>,
    ) -> Result<CompactedJournal, Error> {
        let mut frames = Frames::open(bytes)?;
        let is_signed = Frames::next(&mut { frames })?.as_ref().map_or(Ok(false), is_signed)?;
        ensure_signer(trust.public_keys, is_signed, signing_key)?;
        let mut timeline = Self::begun(&mut frames, trust, seed)?;
        let beginning = timeline.last().ok_or_else(missing_instant)?;
        let mut rest = None;
        while let Some(record) = frames.next()? {
            if record.at > Some(until) {
                rest = Some(record);
                break;
            }
            timeline.follow_record(record, trust, seed)?;
        }
        let first = timeline.last().unwrap_or(beginning);
        timeline.forget_past();
        let (mut compacted, _) = timeline.chained(signing_key)?;
        while let Some(record) = rest {
            compacted.push(record);
            rest = frames.next()?;
        }
        Ok(CompactedJournal { bytes: compacted.bytes, merged: (beginning < first).then_some((beginning, first)) })
    }
}
