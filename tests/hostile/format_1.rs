//! What holds for the first format alone: its deltas are refused, and its columns have other positions.

use crate::columns::directory_of;
use crate::cuts_and_flips::SMALL;
use crate::goldens::{first, in_order};
use crate::*;

#[test]
fn a_delta_of_format_1_is_refused_whatever_is_in_it() {
    let deltas = first().deltas;
    assert!(deltas.len() >= 3);
    for golden in deltas {
        let after = golden.after.as_ref().unwrap();
        for mut base in [after.load(), directory_of(&after.document)] {
            let before = state(&base);
            let mut code = |bytes: &[u8]| golden.try_bytes(bytes, Some(&mut base), golden.key().as_ref());
            assert_eq!(code(&golden.bytes), Some(ErrorCode::SnapshotVersion), "{}", golden.name);
            for length in 0..golden.bytes.len() {
                // Its type follows the version.
                let expected = if length < 12 { ErrorCode::SnapshotCorrupt } else { ErrorCode::SnapshotVersion };
                assert_eq!(code(&golden.bytes[..length]), Some(expected), "{} at {length}", golden.name);
            }
            assert!(state(&base) == before, "{}: a delta that failed has changed something", golden.name);
        }
        // Nor is it a snapshot.
        assert_eq!(golden.try_bytes(&golden.bytes, None, None), Some(ErrorCode::SnapshotVersion), "{}", golden.name);
    }
}

#[test]
fn no_bit_of_a_delta_of_format_1_can_be_flipped_so_that_it_is_read() {
    for golden in first().deltas.iter().filter(|golden| golden.bytes.len() <= SMALL) {
        let mut base = golden.open_base().unwrap();
        let before = state(&base);
        let mut bytes = golden.bytes.clone();
        for offset in 0..bytes.len() {
            for bit in 0..8 {
                bytes[offset] ^= 1 << bit;
                let code = golden.try_bytes(&bytes, Some(&mut base), None);
                let is_told = matches!(code, Some(ErrorCode::SnapshotVersion | ErrorCode::SnapshotCorrupt));
                assert!(is_told, "{}: bit {bit} of byte {offset}: {code:?}", golden.name);
                bytes[offset] ^= 1 << bit;
            }
        }
        assert!(state(&base) == before);
    }
}

/// The order of a project's resources, which format 1 had in its last column. It is not read.
const UNREAD: usize = 46;

/// Damage to the columns of format 1, which have other positions than those of the present one.
#[test]
fn the_columns_of_format_1_are_checked_as_they_always_were() {
    let golden = first().snapshots.into_iter().find(|golden| golden.name == "v1-acme-signed").unwrap();
    let whole = columns(payload_of(&golden.bytes)).unwrap();
    assert_eq!(whole.len(), UNREAD + 1);
    let sealed = |columns: &[Vec<u8>]| Envelope { version: 1, ..Envelope::of_snapshot(7) }.seal(&payload(columns), None);
    assert_eq!(written(&load(&sealed(&whole)).unwrap())["users"], in_order(&golden.document)["users"]);
    // The hash of the state was that of the payload.
    let other_state = Envelope { version: 1, state: Some([0; 32]), ..Envelope::of_snapshot(7) };
    assert_eq!(refused(&other_state.seal(&payload(&whole), None), None), ErrorCode::SnapshotCorrupt);
    for number in 0..whole.len() {
        let with = |edit: &dyn Fn(&mut Vec<Vec<u8>>)| {
            let mut columns = whole.clone();
            edit(&mut columns);
            sealed(&columns)
        };
        let is_refused = |bytes: &[u8], what: &str| {
            assert_eq!(refused(bytes, None), ErrorCode::SnapshotCorrupt, "{what} in column {number}");
        };
        is_refused(&with(&|columns| drop(columns.remove(number))), "nothing");
        is_refused(&with(&|columns| columns.insert(number, Vec::new())), "another column");
        if number == UNREAD {
            for order in [vec![], vec![255; 64], vec![0; 3]] {
                let bytes = with(&|columns| columns[number].clone_from(&order));
                assert!(payload_of(&snapshot(&load(&bytes).unwrap())) == payload_of(&snapshot(&golden.load())));
            }
            continue;
        }
        // A creator and an instant of creation that no resource has.
        if !(44..46).contains(&number) {
            is_refused(&with(&|columns| columns[number].clear()), "no value");
        }
        for size in [1, 2, 4, 8, 32] {
            is_refused(&with(&|columns| columns[number].extend(vec![0; size])), "more");
        }
        is_refused(
            &with(&|columns| {
                let half = columns[number].len() / 2;
                columns[number].truncate(half);
            }),
            "half",
        );
        // Digests may be any bytes. As a creator, the largest number is none, and as an instant it is a millisecond before 1970.
        let may_be_anything = number == 0 || number == 38;
        let may_be_largest = may_be_anything || matches!(number, 14 | 34..=37 | 44 | 45);
        for (byte, is_valid) in [(0x80, may_be_anything), (0xff, may_be_largest)] {
            if !is_valid {
                is_refused(&with(&|columns| columns[number].fill(byte)), "a number that nothing has");
            }
        }
    }
}
