//! Payloads with valid checksums and contents that no document could have.

use crate::columns::*;
use crate::damages::*;
use crate::*;

fn refuses_all(whole: &[Vec<u8>], damages: &[Damage]) {
    let mut accepted = Vec::new();
    for (what, damage) in damages {
        let mut columns = whole.to_vec();
        damage(&mut columns);
        assert!(columns != whole, "{what}: nothing is damaged");
        if load(&sealed(&columns)).is_ok() {
            accepted.push(what);
        } else {
            assert_eq!(refused(&sealed(&columns), None), ErrorCode::SnapshotCorrupt, "{what}");
        }
    }
    assert!(accepted.is_empty(), "{accepted:#?}");
}

#[test]
fn a_snapshot_is_checked_as_strictly_as_a_document() {
    let whole = example();
    assert_eq!(written(&load(&sealed(&whole)).unwrap())["organizations"], written(&directory_of(&example_document()))["organizations"]);
    refuses_all(&whole, DAMAGES);
}

#[test]
fn a_snapshot_with_members_of_several_organizations_is_checked_as_strictly_as_a_document() {
    let whole = columns_of(&several_document());
    assert_eq!(written(&load(&sealed(&whole)).unwrap())["users"], written(&directory_of(&several_document()))["users"]);
    refuses_all(&whole, DAMAGES_OF_SEVERAL);
}

#[test]
fn a_snapshot_of_an_excerpt_is_checked_as_well() {
    let whole = excerpt_columns();
    assert!(snapshot(&load(&excerpt()).unwrap()) == excerpt(), "an excerpt is written as it was read");
    refuses_all(&whole, DAMAGES_OF_EXCERPTS);
}

#[test]
fn a_valid_value_is_no_damage() {
    let whole = example();
    let before = written(&load(&sealed(&whole)).unwrap());
    for (what, change) in CHANGES {
        let mut columns = whole.clone();
        change(&mut columns);
        let directory = load(&sealed(&columns)).unwrap_or_else(|error| panic!("{what}: {error:?}"));
        assert!(written(&directory) != before, "{what}: nothing is changed");
        // Those bytes are exactly what the engine writes.
        assert!(payload_of(&snapshot(&directory)) == payload(&columns), "{what}");
    }
}

#[test]
fn a_payload_has_its_columns_and_nothing_else() {
    let whole = example();
    for number in 0..COLUMNS {
        let mut columns = whole.clone();
        columns.remove(number);
        assert_eq!(refused(&sealed(&columns), None), ErrorCode::SnapshotCorrupt, "without column {number}");
        let mut columns = whole.clone();
        columns.insert(number, Vec::new());
        assert_eq!(refused(&sealed(&columns), None), ErrorCode::SnapshotCorrupt, "with another column before {number}");
        let mut columns = whole.clone();
        columns[number].clear();
        let bytes = sealed(&columns);
        if ELSEWHERE.contains(&number) {
            // A whole directory has nothing there.
        } else if OPTIONAL.iter().any(|at| *at as usize == number) {
            assert!(load(&bytes).is_ok(), "without anything in column {number}");
        } else if !whole[number].is_empty() {
            assert_eq!(refused(&bytes, None), ErrorCode::SnapshotCorrupt, "without anything in column {number}");
        }
        // One value more or less, and half a column.
        for size in [1, 2, 4, 8, 32] {
            let mut columns = whole.clone();
            columns[number].extend(vec![0; size]);
            assert_eq!(refused(&sealed(&columns), None), ErrorCode::SnapshotCorrupt, "{size} more in column {number}");
        }
        if whole[number].is_empty() {
            continue;
        }
        let mut columns = whole.clone();
        let half = columns[number].len() / 2;
        columns[number].truncate(half);
        assert_eq!(refused(&sealed(&columns), None), ErrorCode::SnapshotCorrupt, "half of column {number}");
    }
    let twice = [payload(&whole), payload(&whole)].concat();
    assert_eq!(refused(&Envelope::of_snapshot(7).seal(&twice, None), None), ErrorCode::SnapshotCorrupt);
    for junk in [&b""[..], b"\0", b"[]", b"{}", &[255; 64], &[251; 64], &[252; 64], &[253; 64], &[254; 64]] {
        assert_eq!(refused(&Envelope::of_snapshot(7).seal(junk, None), None), ErrorCode::SnapshotCorrupt);
    }
}
