//! Envelopes with invalid fields, and payloads in another form than the engine writes.

use crate::columns::*;
use crate::*;

#[test]
fn the_fields_of_an_envelope_are_checked() {
    let bytes = payload(&example());
    let plain = Envelope::of_snapshot(7);
    let code = |envelope: &Envelope| refused(&envelope.seal(&bytes, None), None);
    for version in [3, 4, 256, 257, u16::MAX] {
        assert_eq!(code(&Envelope { version, ..plain.clone() }), ErrorCode::SnapshotVersion);
    }
    assert_eq!(code(&Envelope { version: 0, ..plain.clone() }), ErrorCode::SnapshotCorrupt);
    assert_eq!(
        code(&Envelope { version: 1, ..plain.clone() }),
        ErrorCode::SnapshotCorrupt,
        "a payload of the present format as one of the first"
    );
    for (kind, expected) in [(0, ErrorCode::SnapshotCorrupt), (format::DELTA, ErrorCode::SnapshotVersion), (3, ErrorCode::SnapshotCorrupt)]
    {
        assert_eq!(code(&Envelope { version: 1, kind, ..plain.clone() }), expected, "{kind} of format 1");
    }
    for kind in [0, 2, 3, 255] {
        assert_eq!(code(&Envelope { kind, ..plain.clone() }), ErrorCode::SnapshotCorrupt);
    }
    // The flag of a signature without a signature, and unknown flags.
    for flags in [4, 8, 16, 128, 255] {
        assert_eq!(code(&Envelope { flags, ..plain.clone() }), ErrorCode::SnapshotCorrupt);
    }
    let base = Some((7, hash(&bytes)));
    assert_eq!(code(&Envelope { base, ..plain.clone() }), ErrorCode::SnapshotCorrupt, "a base that no snapshot has");
    assert_eq!(code(&Envelope { kind: format::DELTA, base, ..plain.clone() }), ErrorCode::SnapshotCorrupt, "a delta");
    for issued_at in [253_402_300_800_000, -62_167_219_200_001, i64::MIN, i64::MAX] {
        assert_eq!(code(&Envelope { flags: 1, issued_at, ..plain.clone() }), ErrorCode::SnapshotCorrupt);
    }
    let whole = Envelope { flags: 3, issued_at: 253_402_300_799_999, max_age_seconds: (1 << 53) - 1, revision: (1 << 53) - 1, ..plain };
    let directory = load(&whole.seal(&bytes, None)).unwrap();
    let text = written(&directory).to_string();
    assert_eq!(written(&Directory::from_json(text.as_bytes()).unwrap()).to_string(), text);
}

#[test]
fn numbers_of_an_envelope_are_bounded_as_in_documents() {
    let bytes = payload(&example());
    for number in [1 << 53, 1 << 63, u64::MAX] {
        for envelope in [Envelope::of_snapshot(number), Envelope { flags: 2, max_age_seconds: number, ..Envelope::of_snapshot(7) }] {
            let code = load(&envelope.seal(&bytes, None)).map(|_| ()).map_err(|error| error.code());
            assert_eq!(code, Err(ErrorCode::SnapshotCorrupt), "{number}");
        }
    }
}

/// Payloads with the same contents in a form that this engine does not write.
pub(crate) fn other_forms() -> Vec<(&'static str, Vec<u8>)> {
    let whole = example();
    let with = |edit: fn(&mut Vec<Vec<u8>>)| {
        let mut columns = whole.clone();
        edit(&mut columns);
        payload(&columns)
    };
    let mut long_length = payload(&whole[..Column::UserIdLengths as usize]);
    long_length.extend([253]);
    long_length.extend((whole[Column::UserIdLengths as usize].len() as u64).to_le_bytes());
    long_length.extend(&payload(&whole[Column::UserIdLengths as usize..])[1..]);
    vec![
        ("a length in more bytes than it needs", long_length),
        ("a policy with white space", with(|c| push(c, Column::Policy, *b" "))),
        (
            "a user of no use",
            with(|c| {
                push(c, Column::UserIds, *b"zzz");
                push(c, Column::UserIdLengths, 3_u16.to_le_bytes());
            }),
        ),
        (
            "an entry of a user that says nothing",
            with(|c| {
                push(c, Column::ListedUsers, 1_u32.to_le_bytes());
                push(c, Column::EmailLengths, [255; 2]);
                push(c, Column::HomeLengths, [255; 2]);
                push(c, Column::UserSuspendedAt, i64::MIN.to_le_bytes());
            }),
        ),
        (
            "names where all are none",
            with(|c| {
                clear(c, Column::OrganizationNames);
                c[Column::OrganizationNameLengths as usize].fill(255);
            }),
        ),
        ("instants where all are none", with(|c| c[Column::MemberAddedAt as usize] = i64::MIN.to_le_bytes().repeat(9))),
        ("visibilities where all are the first", with(|c| c[Column::Visibilities as usize].fill(0))),
        ("users that keys act as where there are none", with(|c| c[Column::KeyActsAs as usize].fill(255))),
        ("scopes in another order", with(|c| c[Column::KeyScopes as usize][..8].rotate_left(4))),
        ("further projects in another order", with(|c| c[Column::KeyFurther as usize][4..].rotate_left(4))),
        (
            "members and collaborators in another order",
            with(|c| {
                set_u32(c, Column::MemberUsers, 2, 5);
                set_u32(c, Column::MemberUsers, 5, 2);
                set_u32(c, Column::CollaboratorUsers, 1, 9);
                set_u32(c, Column::CollaboratorUsers, 3, 3);
            }),
        ),
    ]
}

/// Another release may write bytes in another form. They have a hash of their own: a copy that is made from the loaded directory is in
/// another state, and a delta tells it to load a snapshot. It is never changed wrongly.
#[test]
fn a_copy_of_a_copy_in_another_form_is_brought_up_to_date_or_told_to_load_a_snapshot() {
    for (what, bytes) in other_forms() {
        // Refusing such bytes at once is right as well.
        let Ok(mut directory) = load(&Envelope::of_snapshot(42).seal(&bytes, None)) else { continue };
        let mut copy = load(&snapshot(&directory)).unwrap();
        let before = snapshot(&copy);
        apply(&mut directory, &json!({"type": "remove_resource", "resource": "instant_cluster:cl_1"})).unwrap();
        let delta = directory.to_delta(42, &Seal::default()).unwrap();
        match copy.apply_delta(&delta, Trust::default()) {
            Ok(revision) => assert_eq!((revision, snapshot(&copy)), (43, snapshot(&directory)), "{what}"),
            Err(error) => assert_eq!((error.code(), snapshot(&copy)), (ErrorCode::DeltaFork, before), "{what}"),
        }
    }
}

#[test]
fn a_policy_that_equals_a_built_in_one_is_the_same_in_a_snapshot() {
    let mut document = read_json("tests/directories/minimal.json");
    document["policy"] = read_json("core/policies/projects-2026-02.json");
    let directory = Directory::from_json(document.to_string().as_bytes()).unwrap();
    assert_eq!(written(&load(&snapshot(&directory)).unwrap())["policy"], written(&directory)["policy"]);
}
