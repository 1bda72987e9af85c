//! The chunks of the state hash in a snapshot. A snapshot that names others than it has is loaded, but no delta changes it wrongly.

use crate::columns::*;
use crate::damages::Damage;
use crate::delta_stage::state_hash;
use crate::*;

/// Enough members for several chunks.
fn long_directory() -> Directory {
    let members: Vec<_> = (0..3_000).map(|number| json!({"user": format!("u{number:04}"), "role": "member"})).collect();
    let mut document = read_json("tests/directories/minimal.json");
    document["organizations"][0]["members"].as_array_mut().unwrap().extend(members);
    directory_of(&document)
}

fn texts_of(columns: &[Vec<u8>]) -> Vec<String> {
    let mut rest = std::str::from_utf8(&columns[Column::ChunkKeys as usize]).unwrap();
    let mut next = |length: &[u8]| {
        let (text, others) = rest.split_at(u16::from_le_bytes(length.try_into().unwrap()).into());
        rest = others;
        text.to_owned()
    };
    columns[Column::ChunkKeyLengths as usize].chunks(2).map(&mut next).collect()
}

/// Edits the keys and hashes of the chunks.
fn edit(columns: &mut [Vec<u8>], edit: impl FnOnce(&mut Vec<(String, [u8; 32])>)) {
    let hashes = columns[Column::ChunkHashes as usize].chunks(32).map(|hash| hash.try_into().unwrap());
    let mut chunks: Vec<(String, [u8; 32])> = texts_of(columns).into_iter().zip(hashes).collect();
    edit(&mut chunks);
    columns[Column::ChunkKeys as usize] = chunks.iter().flat_map(|(key, _)| key.bytes()).collect();
    columns[Column::ChunkKeyLengths as usize] =
        chunks.iter().flat_map(|(key, _)| u16::try_from(key.len()).unwrap().to_le_bytes()).collect();
    columns[Column::ChunkHashes as usize] = chunks.iter().flat_map(|(_, hash)| *hash).collect();
}

/// Columns that cannot be chunks.
#[rustfmt::skip]
const DAMAGES: &[Damage] = &[
    ("a hash too few", |c| c[Column::ChunkHashes as usize].truncate(32)),
    ("a hash too many", |c| push(c, Column::ChunkHashes, [0; 32])),
    ("half a hash", |c| { c[Column::ChunkHashes as usize].pop(); }),
    ("hashes without keys", |c| { clear(c, Column::ChunkKeys); clear(c, Column::ChunkKeyLengths); }),
    ("keys without hashes", |c| clear(c, Column::ChunkHashes)),
    ("a key too many", |c| push(c, Column::ChunkKeyLengths, [0; 2])),
    ("half a length of a key", |c| { c[Column::ChunkKeyLengths as usize].pop(); }),
    ("no lengths of keys", |c| clear(c, Column::ChunkKeyLengths)),
    ("a key that is longer than the column", |c| set(c, Column::ChunkKeyLengths, 0, [255; 2])),
    ("text that belongs to no key", |c| push(c, Column::ChunkKeys, *b"x")),
    ("a key that is not UTF-8", |c| c[Column::ChunkKeys as usize][0] = 0xff),
];

/// Chunks that are not those of the directory.
#[rustfmt::skip]
const FORGERIES: &[Damage] = &[
    ("no chunks", |c| edit(c, Vec::clear)),
    ("one chunk", |c| edit(c, |chunks| chunks.truncate(1))),
    ("another hash of the first chunk", |c| edit(c, |chunks| chunks[0].1[0] ^= 1)),
    ("another hash of a chunk", |c| edit(c, |chunks| chunks[3].1[31] ^= 1)),
    ("another hash of the last chunk", |c| edit(c, |chunks| chunks.last_mut().unwrap().1[0] ^= 1)),
    ("hashes in another order", |c| edit(c, |chunks| { let hash = chunks[0].1; chunks[0].1 = chunks[1].1; chunks[1].1 = hash; })),
    ("chunks in another order", |c| edit(c, |chunks| chunks.reverse())),
    ("a chunk twice", |c| edit(c, |chunks| chunks.insert(1, chunks[1].clone()))),
    ("a chunk too few", |c| edit(c, |chunks| drop(chunks.remove(2)))),
    ("without the first chunk", |c| edit(c, |chunks| drop(chunks.remove(0)))),
    ("without the last chunk", |c| edit(c, |chunks| drop(chunks.pop()))),
    ("an empty key", |c| edit(c, |chunks| chunks[0].0.clear())),
    ("a key of no table", |c| edit(c, |chunks| chunks.push(("x".to_owned(), [0; 32])))),
    ("a key of no list", |c| edit(c, |chunks| chunks.push(("b\0z\0z\0z".to_owned(), [0; 32])))),
    ("a key with nothing in it", |c| edit(c, |chunks| chunks.push(("b\0\0\0".to_owned(), [0; 32])))),
    ("a chunk of an entry that is not there", |c| edit(c, |chunks| chunks.push(("b\0z".to_owned(), [0; 32])))),
    ("a chunk before all", |c| edit(c, |chunks| chunks.insert(0, ("a\0a".to_owned(), [0; 32])))),
    ("a chunk that begins where none does", |c| edit(c, |chunks| chunks.insert(2, (format!("{}0", chunks[1].0), [0; 32])))),
    ("a chunk that begins a little later", |c| edit(c, |chunks| chunks[2].0.push('0'))),
    ("a chunk of every key there is", |c| edit(c, |chunks| {
        *chunks = (0..3_000).map(|number| (format!("b\0org_m\0a\0u{number:04}"), [7; 32])).collect();
    })),
    ("a very long key", |c| edit(c, |chunks| chunks.push((format!("b\0{}", "z".repeat(60_000)), [0; 32])))),
];

#[test]
fn columns_that_cannot_be_chunks_are_refused() {
    let whole = columns(payload_of(&snapshot(&long_directory()))).unwrap();
    for (what, damage) in DAMAGES {
        let mut columns = whole.clone();
        damage(&mut columns);
        assert_eq!(refused(&sealed(&columns), None), ErrorCode::SnapshotCorrupt, "{what}");
    }
}

#[test]
fn a_snapshot_that_names_other_chunks_than_it_has_is_never_changed_wrongly() {
    let directory = long_directory();
    let whole = columns(payload_of(&snapshot(&directory))).unwrap();
    assert!(texts_of(&whole).len() > 5, "there are several chunks");
    for user in ["u0000", "u1500", "u9"] {
        let mut after = directory.clone();
        let has_user = user.len() == 5;
        let word = if has_user { "remove_member" } else { "add_member" };
        apply(&mut after, &json!({"type": word, "organization": "org_m", "user": user})).unwrap();
        let delta = after.to_delta(0, &Seal::default()).unwrap();
        for (what, forge) in FORGERIES {
            let mut columns = whole.clone();
            forge(&mut columns);
            for hash in [state_hash(&directory), [0; 32]] {
                let envelope = Envelope { state: Some(hash), ..Envelope::of_snapshot(0) };
                let mut copy = load(&envelope.seal(&payload(&columns), None)).unwrap();
                assert_eq!(written(&copy), written(&directory), "{what}");
                match copy.apply_delta(&delta, Trust::default()) {
                    Ok(_) => assert!(state_hash(&copy) == state_hash(&after) && said(&copy) == said(&after), "{what}"),
                    Err(error) => {
                        let expected = if hash == [0; 32] { ErrorCode::DeltaFork } else { ErrorCode::SnapshotCorrupt };
                        assert_eq!((error.code(), copy.revision()), (expected, 0), "{what}");
                        assert_eq!(written(&copy), written(&directory), "{what}");
                        // Its own changes are made, and what it writes can be read.
                        apply(&mut copy, &json!({"type": "add_member", "organization": "org_m", "user": "u5"})).unwrap();
                        assert_eq!(written(&load(&snapshot(&copy)).unwrap()), written(&copy), "{what}");
                        copy.to_delta(0, &Seal::default()).unwrap();
                    }
                }
            }
        }
    }
}
