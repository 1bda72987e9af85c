//! False lengths, and long inputs: both take memory in proportion to their true length.

use crate::columns::*;
use crate::memory::json_bound;
use crate::*;

/// Lengths that no input has.
pub(crate) const CLAIMS: [u64; 9] = [1 << 16, 1 << 20, 1 << 30, 1 << 31, (1 << 32) - 1, 1 << 32, 1 << 40, 1 << 63, u64::MAX];

#[test]
fn lengths_that_claim_gigabytes_take_no_memory() {
    let whole = example();
    let bytes = payload(&whole);
    for length in CLAIMS.into_iter().chain([0, 1, bytes.len() as u64 - 1, bytes.len() as u64 + 1]) {
        let envelope = Envelope { length: Some(length), ..Envelope::of_snapshot(7) };
        assert_eq!(refused(&envelope.seal(&bytes, None), None), ErrorCode::SnapshotCorrupt, "{length} in the header");
        assert_eq!(refused(&envelope.seal(&bytes, Some(&SEED)), Some(&public_key(&SEED))), ErrorCode::SnapshotCorrupt);
    }
    for number in 0..COLUMNS {
        let start = payload(&whole[..number]);
        let claims = CLAIMS.into_iter().map(length_prefix);
        // Tags of longer numbers, and invalid tags.
        for claim in claims.chain([vec![253; 9], vec![254; 17], vec![255; 17], vec![253]]) {
            let damaged = [&start, &claim, &payload(&whole[number..])[1..]].concat();
            let code = refused(&Envelope::of_snapshot(7).seal(&damaged, None), None);
            assert_eq!(code, ErrorCode::SnapshotCorrupt, "{claim:?} in column {number}");
            let cut = [start.as_slice(), &claim].concat();
            assert_eq!(refused(&Envelope::of_snapshot(7).seal(&cut, None), None), ErrorCode::SnapshotCorrupt);
        }
    }
    // Counts that are not lengths: the number of children of each entry.
    for at in [
        Column::MemberCounts,
        Column::GroupCounts,
        Column::GroupMemberCounts,
        Column::ProjectCounts,
        Column::CollaboratorCounts,
        Column::GrantCounts,
        Column::KeyCounts,
        Column::KeyScopeCounts,
        Column::KeyFurtherCounts,
        Column::ResourceCounts,
    ] {
        for count in [1 << 16, 1 << 30, u32::MAX - 1, u32::MAX] {
            let mut columns = whole.clone();
            set_u32(&mut columns, at, 0, count);
            assert_eq!(refused(&sealed(&columns), None), ErrorCode::SnapshotCorrupt, "{count} in {at:?}");
        }
    }
}

#[test]
fn a_long_column_takes_memory_by_its_length() {
    let whole = example();
    for number in 1..COLUMNS {
        // Just beyond the capacity of a table, which then doubles.
        for (fill, length) in [(0, (7 << 16) + 8), (1, (7 << 16) + 8), (b'a', 1 << 18)] {
            let mut columns = whole.clone();
            columns[number] = vec![fill; length];
            refused(&sealed(&columns), None);
            // The same with almost nothing else.
            let mut columns = vec![Vec::new(); COLUMNS];
            columns[0].clone_from(&whole[0]);
            columns[number] = vec![fill; length];
            refused(&sealed(&columns), None);
        }
    }
}

/// JSON that takes much memory for its length.
pub(crate) fn long_json() -> Vec<String> {
    let deep = format!("{}0{},", "[".repeat(29), "]".repeat(29));
    let pieces = ["0,", "[],", "{},", "\"\",", "null,", "[0],", "[[0]],", "{\"\":0},", "{\"\":[0]},", "\"\\n\",", &deep];
    // Just beyond a power of two, where lists grow.
    pieces.iter().map(|piece| format!("[{}0]", piece.repeat((1 << 19) / piece.len().next_power_of_two() + 1))).collect()
}

#[test]
fn a_long_policy_takes_memory_by_its_length() {
    for text in long_json() {
        let mut columns = example();
        columns[Column::Policy as usize] = text.into_bytes();
        let bytes = sealed(&columns);
        let (outcome, most) = memory::most_of(|| load(&bytes).map(|_| ()));
        assert_eq!(outcome.unwrap_err().code(), ErrorCode::SnapshotCorrupt);
        assert!(most <= json_bound(bytes.len()), "{} for each", most / bytes.len());
    }
}

/// AuthZEN requests that take much memory for their length, or are deeply nested.
pub(crate) fn long_requests() -> Vec<String> {
    const LENGTH: usize = 1 << 19;
    let one = r#""subject":{"type":"user","id":"u"},"action":{"name":"a"},"resource":{"type":"file","id":"f"}"#;
    let items = |item: &str, count: usize| format!(r#""evaluations":[{}]"#, vec![item; count].join(","));
    let unknown = (0..100_000).map(|number| format!(r#""u{number}":{number}"#)).collect::<Vec<_>>().join(",");
    let nested = |open: &str, inside: &str, close: &str| {
        let depth = LENGTH / (open.len() + close.len());
        format!("{}{inside}{}", open.repeat(depth), close.repeat(depth))
    };
    vec![
        format!("{{{}}}", items("{}", LENGTH / 3)),
        format!("{{{one},{}}}", items("{}", LENGTH / 3)),
        format!("{{{one},{}}}", items("5", LENGTH / 2)),
        format!(r#"{{{one},{},"options":{{"evaluations_semantic":"deny_on_first_deny"}}}}"#, items("[]", LENGTH / 3)),
        format!("{{{unknown},{one},{}}}", items("{}", 100_000)),
        format!(r#"{{{one},"context":{{{unknown}}},{}}}"#, items(r#"{"context":{}}"#, 100_000)),
        format!(r#"{{"subject":{{"type":"user",{unknown},"id":"u"}},{}}}"#, items(r#"{"action":{"name":""}}"#, 100_000)),
        format!(r#"{{{one},"x":{}}}"#, nested("[", "", "]")),
        format!(r#"{{{one},"context":{{"x":{}}}}}"#, nested(r#"{"a":"#, "1", "}")),
        format!(r#"{{{one},"evaluations":{}}}"#, nested("[", "", "]")),
        nested(r#"{"evaluations":["#, "{}", "]}"),
        format!(r#"{{{},"page":{{"token":"2.{}"}}}}"#, one, "41".repeat(LENGTH / 2)),
        format!("{{{},{}}}", one.replace("\"u\"", &format!("\"{}\"", "u".repeat(1 << 14))), items("{}", 1 << 12)),
    ]
}

#[test]
fn a_long_authzen_request_takes_memory_by_its_contents() {
    let directory = Directory::from_json(&read("tests/directories/acme.json")).unwrap();
    for (number, request) in long_requests().into_iter().enumerate() {
        for api in ["access_evaluation", "access_evaluations", "search_subject", "search_resource", "search_action"] {
            let (word, options) = (Value::Text(api.into()), Value::Object(vec![("reasons".into(), Value::Boolean(true))]));
            let ask = || boundary::authzen(&directory, &word, request.as_bytes(), &options, Instant::LATEST);
            let (answer, most) = memory::most_of(ask);
            // A growing answer takes its memory twice while it moves to twice the capacity.
            let bound = json_bound(request.len()) + 3 * answer.map_or(0, |answer| answer.len());
            assert!(most <= bound, "request {number} of {api}, {} bytes, took {most}, and {bound} is the most", request.len());
        }
    }
}
