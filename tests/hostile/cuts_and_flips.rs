//! Snapshots of every format, and deltas of the present one, that were cut short, continued or flipped.

use crate::goldens::{Golden, readable};
use crate::*;

#[test]
fn bytes_that_are_cut_short_are_refused() {
    for golden in readable() {
        let mut base = golden.open_base();
        let before = base.as_ref().map(state);
        for length in 0..golden.bytes.len() {
            let code = golden.try_bytes(&golden.bytes[..length], base.as_mut(), None);
            assert_eq!(code, Some(ErrorCode::SnapshotCorrupt), "{} at {length}", golden.name);
        }
        assert!(base.as_ref().map(state) == before, "{}: a delta that failed has changed something", golden.name);
    }
}

#[test]
fn trailing_bytes_are_refused() {
    for golden in readable() {
        for more in [&b"\0"[..], b"\n", &golden.bytes, &[0; 4096]] {
            let code = golden.try_bytes(&[&golden.bytes, more].concat(), golden.base().as_mut(), golden.key().as_ref());
            assert_eq!(code, Some(ErrorCode::SnapshotCorrupt), "{}", golden.name);
        }
    }
}

/// Flips every bit of the bytes, one at a time.
fn flip_every_bit(golden: &Golden, key: Option<&PublicKeys>) {
    let mut base = golden.open_base();
    let before = base.as_ref().map(state);
    let mut bytes = golden.bytes.clone();
    for offset in 0..bytes.len() {
        for bit in 0..8 {
            bytes[offset] ^= 1 << bit;
            let code = golden.try_bytes(&bytes, base.as_mut(), key);
            let is_version = (8..10).contains(&offset);
            let is_told = code == Some(ErrorCode::SnapshotCorrupt) || is_version && code == Some(ErrorCode::SnapshotVersion);
            assert!(is_told, "{}: bit {bit} of byte {offset}: {code:?}", golden.name);
            bytes[offset] ^= 1 << bit;
        }
    }
    assert!(base.as_ref().map(state) == before, "{}: a delta that failed has changed something", golden.name);
}

/// Bytes up to this size have every bit flipped.
pub(crate) const SMALL: usize = 4096;

#[test]
fn no_bit_of_a_snapshot_can_be_flipped() {
    let small: Vec<_> = readable().into_iter().filter(|golden| golden.bytes.len() <= SMALL && golden.after.is_none()).collect();
    let of_version = |version: u8| small.iter().filter(|golden| golden.bytes[8] == version).count();
    assert!(of_version(1) >= 3 && of_version(2) >= 3);
    small.iter().for_each(|golden| flip_every_bit(golden, None));
}

#[test]
fn no_bit_of_a_delta_can_be_flipped() {
    let small: Vec<_> = readable().into_iter().filter(|golden| golden.bytes.len() <= SMALL && golden.after.is_some()).collect();
    assert!(small.len() >= 2);
    small.iter().for_each(|golden| flip_every_bit(golden, None));
}

#[test]
fn no_bit_of_signed_bytes_can_be_flipped_where_the_key_is_known() {
    let signed: Vec<_> = readable().into_iter().filter(|golden| golden.name.contains("-empty-signed")).collect();
    assert_eq!(signed.len(), 3, "the snapshots of both formats, and a delta");
    signed.iter().for_each(|golden| flip_every_bit(golden, golden.key().as_ref()));
}
