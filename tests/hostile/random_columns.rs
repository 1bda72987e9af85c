//! Payloads with valid checksums and random values.

use std::sync::LazyLock;

use proptest::collection::vec;
use proptest::prelude::*;

use crate::columns::*;
use crate::*;

/// Replaces a value of that size in a column, if it has any. A column that is never used gets its first value.
fn set_at_random(columns: &mut [Vec<u8>], number: usize, size: usize, place: usize, value: u64) {
    let column = &mut columns[number];
    if column.is_empty() {
        column.extend(vec![0; size]);
    }
    let count = column.len() / size;
    if count > 0 {
        let start = place % count * size;
        column[start..start + size].copy_from_slice(&value.to_le_bytes()[..size]);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

    /// With random values in its columns, a payload is refused, or gives a directory that survives snapshots and documents.
    #[test]
    fn a_random_value_is_refused_or_gives_a_valid_directory(
        has_several in any::<bool>(),
        values in vec((1..COLUMNS, 0..4_u32, 0..64_usize, prop_oneof![0..12_u64, Just(u64::MAX), Just(1 << 63), any::<u64>()]), 1..3),
    ) {
        static WHOLE: LazyLock<[Vec<Vec<u8>>; 2]> = LazyLock::new(|| [example(), columns_of(&several_document())]);
        let mut columns = WHOLE[usize::from(has_several)].clone();
        for (number, size, place, value) in values {
            set_at_random(&mut columns, number, 1 << size, place, value);
        }
        match load(&sealed(&columns)) {
            Err(error) => prop_assert_eq!(error.code(), ErrorCode::SnapshotCorrupt),
            Ok(directory) => {
                let (bytes, text) = (snapshot(&directory), written(&directory).to_string());
                let again = load(&bytes).unwrap();
                prop_assert_eq!(written(&again).to_string(), text.clone());
                prop_assert!(snapshot(&again) == bytes);
                let of_text = Directory::from_json(text.as_bytes()).unwrap();
                // Its chunks are those of the document: those that the bytes name are of the values before.
                prop_assert!(said(&of_text) == said(&again), "the document gives another snapshot: {}", text);
            }
        }
    }
}
