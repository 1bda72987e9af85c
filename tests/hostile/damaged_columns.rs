//! Payloads with valid checksums and contents that no document could have.

use crate::columns::*;
use crate::*;

pub(crate) type Damage = (&'static str, fn(&mut Vec<Vec<u8>>));

// The example's users in byte order: ada, ben, cleo, dan, eve, finn, kai, pia, yan, zoe. Its first organization has the members 0 to 5 and three
// projects, the first of them the default one, with the API keys default and chat; its second organization has the members 7, 9, 8.
#[rustfmt::skip]
pub(crate) const DAMAGES: &[Damage] = &[
    ("users out of order", |c| { set_text(c, Column::UserIds, 0, b"usr_ben"); set_text(c, Column::UserIds, 1, b"usr_ada"); }),
    ("a user twice", |c| set_text(c, Column::UserIds, 1, b"usr_ada")),
    ("an empty id", |c| set_text(c, Column::UserIds, 0, b"")),
    ("a control character in an id", |c| set_text(c, Column::UserIds, 0, b"usr\n")),
    ("a control character beyond ASCII in an id", |c| set_text(c, Column::UserIds, 0, "usr\u{85}".as_bytes())),
    ("a delete character in an id", |c| set_text(c, Column::UserIds, 0, b"usr\x7f")),
    ("an id that is too long", |c| set_text(c, Column::UserIds, 0, &[b'a'; 257])),
    ("an id that is not UTF-8", |c| set_text(c, Column::UserIds, 0, b"usr\xff")),
    ("an id of a lone surrogate", |c| set_text(c, Column::UserIds, 0, b"\xed\xa0\x80")),
    ("an id that ends within a character", |c| {
        set_text(c, Column::UserIds, 0, "aé".as_bytes());
        set(c, Column::UserIdLengths, 0, 2_u16.to_le_bytes());
        set(c, Column::UserIdLengths, 1, 8_u16.to_le_bytes());
    }),
    ("no id", |c| set(c, Column::UserIdLengths, 0, u16::MAX.to_le_bytes())),
    ("an id that is longer than the column", |c| set(c, Column::UserIdLengths, 9, 60_000_u16.to_le_bytes())),
    ("text that belongs to no id", |c| c[Column::UserIds as usize].push(b'x')),
    ("half a length", |c| c[Column::UserIdLengths as usize].push(0)),
    ("no users", |c| { c[Column::UserIds as usize].clear(); c[Column::UserIdLengths as usize].clear(); }),
    ("a listed user who is not there", |c| set_u32(c, Column::ListedUsers, 0, 10)),
    ("a listed user of the largest number", |c| set_u32(c, Column::ListedUsers, 0, u32::MAX)),
    ("a user listed twice", |c| set_u32(c, Column::ListedUsers, 1, 0)),
    ("half a listed user", |c| { c[Column::ListedUsers as usize].pop(); }),
    ("an e-mail address too many", |c| c[Column::EmailLengths as usize].extend([0, 0])),
    ("an e-mail address that is too long", |c| set_text(c, Column::Emails, 0, &[b'a'; 4097])),
    ("an e-mail address that is not UTF-8", |c| set_text(c, Column::Emails, 0, b"\x80")),
    ("a home that is in the directory", |c| set_text(c, Column::Homes, 2, b"org_acme")),
    ("a home outside for a member", |c| set_text(c, Column::Homes, 0, b"org_x")),
    ("a home with a control character", |c| set_text(c, Column::Homes, 2, b"org\0")),
    ("an empty home", |c| set_text(c, Column::Homes, 2, b"")),
    ("an organization twice", |c| set_text(c, Column::OrganizationIds, 1, b"org_acme")),
    ("an organization's id with a control character", |c| set_text(c, Column::OrganizationIds, 1, b"\t")),
    ("an organization's name that is too long", |c| set_text(c, Column::OrganizationNames, 0, &[b'a'; 4097])),
    ("an owner who is not there", |c| set_u32(c, Column::Owners, 0, 10)),
    ("an owner who has not the strongest role", |c| set_u32(c, Column::Owners, 0, 2)),
    ("an owner who is a member elsewhere", |c| set_u32(c, Column::Owners, 0, 7)),
    ("an owner who is no member", |c| set_u32(c, Column::Owners, 0, 6)),
    ("an owner too few", |c| c[Column::Owners as usize].truncate(4)),
    ("an organization's flag that is unknown", |c| set(c, Column::OrganizationFlags, 0, [4])),
    ("projects beside the default one where there may be none", |c| set(c, Column::OrganizationFlags, 0, [0])),
    ("an instant after the year 9999", |c| set(c, Column::ProjectsSince, 0, 253_402_300_800_000_i64.to_le_bytes())),
    ("an instant before the year 0", |c| set(c, Column::ProjectsSince, 0, (-62_167_219_200_001_i64).to_le_bytes())),
    ("the largest instant", |c| set(c, Column::ProjectsSince, 0, i64::MAX.to_le_bytes())),
    ("the smallest instant but for none", |c| set(c, Column::ProjectsSince, 0, (i64::MIN + 1).to_le_bytes())),
    ("a member too many", |c| set_u32(c, Column::MemberCounts, 1, 4)),
    ("a member too few", |c| set_u32(c, Column::MemberCounts, 1, 2)),
    ("so many members that their sum would overflow", |c| { set_u32(c, Column::MemberCounts, 0, u32::MAX); set_u32(c, Column::MemberCounts, 1, 10); }),
    ("members of one organization in another", |c| { set_u32(c, Column::MemberCounts, 0, 9); set_u32(c, Column::MemberCounts, 1, 0); }),
    ("a project too many", |c| set_u32(c, Column::ProjectCounts, 1, 2)),
    ("an organization without a project", |c| { set_u32(c, Column::ProjectCounts, 0, 4); set_u32(c, Column::ProjectCounts, 1, 0); }),
    ("a project of one organization in another", |c| { set_u32(c, Column::ProjectCounts, 0, 2); set_u32(c, Column::ProjectCounts, 1, 2); }),
    ("a project twice", |c| set_text(c, Column::ProjectIds, 1, b"prj_default")),
    ("a project with an empty id", |c| set_text(c, Column::ProjectIds, 1, b"")),
    ("a project's name that is too long", |c| set_text(c, Column::ProjectNames, 0, &[b'a'; 4097])),
    ("two default projects", |c| set(c, Column::ProjectFlags, 1, [1])),
    ("no default project", |c| set(c, Column::ProjectFlags, 0, [0])),
    ("a project's flag that is unknown", |c| set(c, Column::ProjectFlags, 1, [255])),
    ("a collaborator too many", |c| set_u32(c, Column::CollaboratorCounts, 0, 1)),
    ("an API key too many", |c| set_u32(c, Column::KeyCounts, 0, 3)),
    ("a resource too many", |c| set_u32(c, Column::ResourceCounts, 0, 2)),
    ("a member who is not there", |c| set_u32(c, Column::MemberUsers, 2, 10)),
    ("a member twice", |c| set_u32(c, Column::MemberUsers, 2, 1)),
    ("a member of two organizations", |c| set_u32(c, Column::MemberUsers, 2, 8)),
    ("an organization role that is not there", |c| set(c, Column::MemberRoles, 2, [2])),
    ("the largest organization role", |c| set(c, Column::MemberRoles, 2, [255])),
    ("an owner with a weaker role", |c| set(c, Column::MemberRoles, 0, [1])),
    ("a member's role too few", |c| { c[Column::MemberRoles as usize].pop(); }),
    ("a member's user too few", |c| c[Column::MemberUsers as usize].truncate(32)),
    ("a collaborator who is not there", |c| set_u32(c, Column::CollaboratorUsers, 0, u32::MAX)),
    ("a collaborator twice", |c| set_u32(c, Column::CollaboratorUsers, 1, 2)),
    ("a project role that is not there", |c| set(c, Column::CollaboratorRoles, 0, [2])),
    ("a collaborator's role too many", |c| c[Column::CollaboratorRoles as usize].push(0)),
    ("an API key twice", |c| set_text(c, Column::KeyIds, 1, b"key_default")),
    ("an API key in two projects", |c| set_text(c, Column::KeyIds, 2, b"key_default")),
    ("an API key's id with a control character", |c| set_text(c, Column::KeyIds, 1, b"key\x1f")),
    ("an API key's name that is too long", |c| set_text(c, Column::KeyNames, 0, &[b'a'; 4097])),
    ("a second organization default key", |c| set(c, Column::KeyFlags, 1, [3])),
    ("an organization default key outside the default project", |c| { set(c, Column::KeyFlags, 0, [2]); set(c, Column::KeyFlags, 2, [3]); }),
    ("an organization default key that is revoked", |c| set(c, Column::KeyRevokedAt, 0, 0_i64.to_le_bytes())),
    ("an API key's flag that is unknown", |c| set(c, Column::KeyFlags, 1, [6])),
    ("a digest that belongs to no key", |c| set(c, Column::KeyFlags, 1, [0])),
    ("a digest that is missing", |c| c[Column::KeyDigests as usize].truncate(6 * 32)),
    ("a digest that is cut short", |c| { c[Column::KeyDigests as usize].pop(); }),
    ("a digest too many", |c| c[Column::KeyDigests as usize].extend([0; 32])),
    ("half a digest too many", |c| c[Column::KeyDigests as usize].extend([0; 16])),
    ("a creator who is not there", |c| set_u32(c, Column::KeyCreatedBy, 0, 10)),
    ("a creator of the largest number but one", |c| set_u32(c, Column::KeyCreatedBy, 0, u32::MAX - 1)),
    ("a creation at no instant", |c| set(c, Column::KeyCreatedAt, 0, i64::MAX.to_le_bytes())),
    ("an expiry at no instant", |c| set(c, Column::KeyExpiresAt, 0, i64::MAX.to_le_bytes())),
    ("a revocation at no instant", |c| set(c, Column::KeyRevokedAt, 1, (i64::MIN + 1).to_le_bytes())),
    ("an instant cut short", |c| { c[Column::KeyExpiresAt as usize].pop(); }),
    ("a resource twice", |c| set_text(c, Column::ResourceIds, 1, b"file_faq")),
    ("a resource's id that is too long", |c| set_text(c, Column::ResourceIds, 1, &[b'a'; 257])),
    ("a resource's name that is too long", |c| set_text(c, Column::ResourceNames, 0, &[b'a'; 4097])),
    ("a kind that is not there", |c| set(c, Column::ResourceKinds, 0, 4000_u16.to_le_bytes())),
    ("the largest kind", |c| set(c, Column::ResourceKinds, 0, u16::MAX.to_le_bytes())),
    ("a resource of the kind of API keys", |c| {
        let policy: Json = serde_json::from_slice(&c[Column::Policy as usize]).unwrap();
        let kinds = policy["kinds"].as_array().unwrap();
        let number = kinds.iter().position(|kind| kind["kind"] == policy["api_key_kind"]).unwrap();
        set(c, Column::ResourceKinds, 0, u16::try_from(number).unwrap().to_le_bytes());
    }),
    ("a kind cut short", |c| { c[Column::ResourceKinds as usize].pop(); }),
    ("a resource's creator who is not there", |c| set_u32(c, Column::ResourceCreatedBy, 0, 10)),
    ("a resource's creator too few", |c| c[Column::ResourceCreatedBy as usize].truncate(4)),
    ("a resource's instant that is none", |c| set(c, Column::ResourceCreatedAt, 0, i64::MAX.to_le_bytes())),
    ("an order of what is not there", |c| set_u32(c, Column::ResourcesSorted, 1, 4)),
    ("an order of the largest number", |c| set_u32(c, Column::ResourcesSorted, 1, u32::MAX)),
    ("an order in which one comes twice", |c| { let first: [u8; 4] = c[Column::ResourcesSorted as usize][4..8].try_into().unwrap(); set(c, Column::ResourcesSorted, 2, first); }),
    ("an order that is none", |c| c[Column::ResourcesSorted as usize][4..20].as_chunks_mut::<4>().0.reverse()),
    ("an order of too few", |c| c[Column::ResourcesSorted as usize].truncate(4)),
    ("an order of too many", |c| c[Column::ResourcesSorted as usize].extend([0; 4])),
    ("no policy", |c| c[Column::Policy as usize].clear()),
    ("a policy that is not JSON", |c| c[Column::Policy as usize].truncate(100)),
    ("a policy that is none", |c| c[Column::Policy as usize] = b"{}".to_vec()),
    ("the id of a policy", |c| c[Column::Policy as usize] = b"\"projects-2026-02\"".to_vec()),
    ("a policy of another format", |c| edit_policy(c, |policy| policy["format"] = json!("bailiwick-policy/2"))),
    ("a policy with a field that is unknown", |c| edit_policy(c, |policy| policy["more"] = json!(true))),
    ("a policy without a role that is used", |c| edit_policy(c, |policy| drop(policy["organization_roles"].as_array_mut().unwrap().pop()))),
    ("a policy with a surface that is unknown", |c| edit_policy(c, |policy| policy["default_surfaces"]["user"] = json!("nowhere"))),
    ("a policy with 65 roles", |c| edit_policy(c, |policy| policy["project_roles"] = (0..65).map(|n| json!(n.to_string())).collect())),
    ("a policy that is nested without end", |c| c[Column::Policy as usize] = vec![b'['; 1 << 20]),
    ("a policy with a control character in a name", |c| edit_policy(c, |policy| policy["id"] = json!("\u{0}"))),
    ("a policy with the same key twice", |c| { c[Column::Policy as usize].pop(); c[Column::Policy as usize].extend(b",\"id\":\"x\"}"); }),
];

pub(crate) fn edit_policy(columns: &mut [Vec<u8>], edit: impl FnOnce(&mut Json)) {
    let mut policy = serde_json::from_slice(&columns[Column::Policy as usize]).unwrap();
    edit(&mut policy);
    columns[Column::Policy as usize] = policy.to_string().into_bytes();
}

#[test]
fn a_snapshot_is_checked_as_strictly_as_a_document() {
    let whole = example();
    assert_eq!(written(&load(&sealed(&whole)).unwrap())["users"], read_json("tests/snapshots/v1-acme-signed.json")["users"]);
    for (what, damage) in DAMAGES {
        let mut columns = whole.clone();
        damage(&mut columns);
        assert!(columns != whole, "{what}: nothing is damaged");
        assert_eq!(refused(&sealed(&columns), None), ErrorCode::SnapshotCorrupt, "{what}");
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
        // Optional columns may be empty.
        let sparse = [Column::ResourceCreatedBy, Column::ResourceCreatedAt].map(|at| at as usize);
        if !sparse.contains(&number) {
            assert_eq!(refused(&bytes, None), ErrorCode::SnapshotCorrupt, "without anything in column {number}");
        }
        // One value more or less, and half a column.
        for size in [1, 2, 4, 8, 32] {
            let mut columns = whole.clone();
            columns[number].extend(vec![0; size]);
            assert_eq!(refused(&sealed(&columns), None), ErrorCode::SnapshotCorrupt, "{size} more in column {number}");
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
