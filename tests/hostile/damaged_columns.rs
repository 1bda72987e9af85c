//! Payloads with valid checksums and contents that no document could have.

use crate::columns::*;
use crate::*;

pub(crate) type Damage = (&'static str, fn(&mut Vec<Vec<u8>>));

// The example's users in byte order: ada, ben, cleo, dan, eve, finn, kai, pia, yan, zoe; its projects: a, b and default, in the first organization,
// and partner_default in the second. The first organization has the members 0 to 5, the second 7, 8 and 9. The API keys: ci, old, train and zoe in
// project a, b in b, chat and default in the default project. The resources: four in a, three in b, one in the default project.
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
    ("text that belongs to no id", |c| push(c, Column::UserIds, *b"x")),
    ("half a length", |c| push(c, Column::UserIdLengths, [0])),
    ("no users", |c| { clear(c, Column::UserIds); clear(c, Column::UserIdLengths); }),
    ("a listed user who is not there", |c| set_u32(c, Column::ListedUsers, 0, 10)),
    ("a listed user of the largest number", |c| set_u32(c, Column::ListedUsers, 0, u32::MAX)),
    ("a user listed twice", |c| set_u32(c, Column::ListedUsers, 1, 0)),
    ("half a listed user", |c| { c[Column::ListedUsers as usize].pop(); }),
    ("an e-mail address too many", |c| push(c, Column::EmailLengths, [0, 0])),
    ("an e-mail address that is too long", |c| set_text(c, Column::Emails, 0, &[b'a'; 4097])),
    ("an e-mail address that is not UTF-8", |c| set_text(c, Column::Emails, 0, b"\x80")),
    ("a home that is in the directory", |c| set_text(c, Column::Homes, 1, b"org_acme")),
    ("a home in the directory of its member, where nobody is a member of several organizations", |c| set_text(c, Column::Homes, 0, b"org_acme")),
    ("a home outside for a member", |c| set_text(c, Column::Homes, 0, b"org_x")),
    ("a home with a control character", |c| set_text(c, Column::Homes, 1, b"org\0")),
    ("an empty home", |c| set_text(c, Column::Homes, 1, b"")),
    ("a user suspended at no instant", |c| set_i64(c, Column::UserSuspendedAt, 1, i64::MAX)),
    ("a user's suspension too many", |c| push(c, Column::UserSuspendedAt, i64::MIN.to_le_bytes())),
    ("an organization twice", |c| set_text(c, Column::OrganizationIds, 1, b"org_acme")),
    ("an organization's id with a control character", |c| set_text(c, Column::OrganizationIds, 1, b"\t")),
    ("an organization's name that is too long", |c| set_text(c, Column::OrganizationNames, 0, &[b'a'; 4097])),
    ("an owner who is not there", |c| set_u32(c, Column::Owners, 0, 10)),
    ("an owner who has not the strongest role", |c| set_u32(c, Column::Owners, 0, 2)),
    ("an owner who is a member elsewhere", |c| set_u32(c, Column::Owners, 0, 7)),
    ("an owner who is no member", |c| set_u32(c, Column::Owners, 0, 6)),
    ("an owner too few", |c| c[Column::Owners as usize].truncate(4)),
    ("an owner whose row ends", |c| set_i64(c, Column::MemberExpiresAt, 0, 253_402_300_799_999)),
    ("an owner whose row has ended", |c| set_i64(c, Column::MemberExpiresAt, 6, 0)),
    ("an owner whose row is suspended", |c| set_i64(c, Column::MemberSuspendedAt, 0, 0)),
    ("an owner whose row will be suspended", |c| set_i64(c, Column::MemberSuspendedAt, 6, 253_402_300_799_999)),
    ("an organization's flag that is unknown", |c| set(c, Column::OrganizationFlags, 0, [4])),
    ("projects beside the default one where there may be none", |c| set(c, Column::OrganizationFlags, 0, [0])),
    ("an instant after the year 9999", |c| set_i64(c, Column::ProjectsSince, 0, 253_402_300_800_000)),
    ("an instant before the year 0", |c| set_i64(c, Column::ProjectsSince, 0, -62_167_219_200_001)),
    ("the largest instant", |c| set_i64(c, Column::ProjectsSince, 0, i64::MAX)),
    ("the smallest instant but for none", |c| set_i64(c, Column::ProjectsSince, 0, i64::MIN + 1)),
    ("an organization suspended at no instant", |c| set_i64(c, Column::OrganizationSuspendedAt, 1, i64::MAX)),
    ("an organization's suspension cut short", |c| { c[Column::OrganizationSuspendedAt as usize].pop(); }),
    ("a member too many", |c| set_u32(c, Column::MemberCounts, 1, 4)),
    ("a member too few", |c| set_u32(c, Column::MemberCounts, 1, 2)),
    ("so many members that their sum would overflow", |c| { set_u32(c, Column::MemberCounts, 0, u32::MAX); set_u32(c, Column::MemberCounts, 1, 10); }),
    ("members of one organization in another", |c| { set_u32(c, Column::MemberCounts, 0, 9); set_u32(c, Column::MemberCounts, 1, 0); }),
    ("a group too many", |c| set_u32(c, Column::GroupCounts, 1, 2)),
    ("a group too few", |c| set_u32(c, Column::GroupCounts, 1, 0)),
    ("as many groups as numbers", |c| set_u32(c, Column::GroupCounts, 1, u32::MAX)),
    ("so many groups that their sum would overflow", |c| { set_u32(c, Column::GroupCounts, 0, u32::MAX); set_u32(c, Column::GroupCounts, 1, 4); }),
    ("groups of one organization in another", |c| { set_u32(c, Column::GroupCounts, 0, 3); set_u32(c, Column::GroupCounts, 1, 0); }),
    ("groups of no organization", |c| clear(c, Column::GroupCounts)),
    ("a count of groups too few", |c| c[Column::GroupCounts as usize].truncate(4)),
    ("a project too many", |c| set_u32(c, Column::ProjectCounts, 1, 2)),
    ("an organization without a project", |c| { set_u32(c, Column::ProjectCounts, 0, 4); set_u32(c, Column::ProjectCounts, 1, 0); }),
    ("a project of one organization in another", |c| { set_u32(c, Column::ProjectCounts, 0, 2); set_u32(c, Column::ProjectCounts, 1, 2); }),
    ("a member who is not there", |c| set_u32(c, Column::MemberUsers, 2, 10)),
    ("a member of the largest number", |c| set_u32(c, Column::MemberUsers, 2, u32::MAX)),
    ("a member twice", |c| set_u32(c, Column::MemberUsers, 2, 1)),
    ("a member of two organizations", |c| set_u32(c, Column::MemberUsers, 5, 8)),
    ("an organization role that is not there", |c| set(c, Column::MemberRoles, 2, [2])),
    ("the largest organization role", |c| set(c, Column::MemberRoles, 2, [255])),
    ("an owner with a weaker role", |c| set(c, Column::MemberRoles, 0, [1])),
    ("a member's role too few", |c| { c[Column::MemberRoles as usize].pop(); }),
    ("members without roles", |c| clear(c, Column::MemberRoles)),
    ("a member's user too few", |c| c[Column::MemberUsers as usize].truncate(32)),
    ("a member added at no instant", |c| set_i64(c, Column::MemberAddedAt, 3, i64::MAX)),
    ("a member's end at no instant", |c| set_i64(c, Column::MemberExpiresAt, 3, i64::MIN + 1)),
    ("a member suspended at no instant", |c| set_i64(c, Column::MemberSuspendedAt, 4, 253_402_300_800_000)),
    ("a member's end too few", |c| c[Column::MemberExpiresAt as usize].truncate(64)),
    ("a member's end too many", |c| push(c, Column::MemberExpiresAt, i64::MIN.to_le_bytes())),
    ("a group twice", |c| set_text(c, Column::GroupIds, 1, b"grp_makers")),
    ("a group in two organizations", |c| set_text(c, Column::GroupIds, 2, b"grp_makers")),
    ("a group with an empty id", |c| set_text(c, Column::GroupIds, 1, b"")),
    ("a group's id with a control character", |c| set_text(c, Column::GroupIds, 1, b"grp\x1f")),
    ("a group's id that is too long", |c| set_text(c, Column::GroupIds, 1, &[b'a'; 257])),
    ("a group without an id", |c| set(c, Column::GroupIdLengths, 2, u16::MAX.to_le_bytes())),
    ("a group's name that is too long", |c| set_text(c, Column::GroupNames, 0, &[b'a'; 4097])),
    ("a group's name too many", |c| push(c, Column::GroupNameLengths, [0, 0])),
    ("no groups, but their members", |c| { clear(c, Column::GroupIds); clear(c, Column::GroupIdLengths); clear(c, Column::GroupMemberCounts); }),
    ("a member of a group too many", |c| set_u32(c, Column::GroupMemberCounts, 2, 2)),
    ("a member of a group too few", |c| set_u32(c, Column::GroupMemberCounts, 2, 0)),
    ("so many members of groups that their sum would overflow", |c| { set_u32(c, Column::GroupMemberCounts, 0, u32::MAX); set_u32(c, Column::GroupMemberCounts, 1, 4); }),
    ("members of one group in another", |c| { set_u32(c, Column::GroupMemberCounts, 1, 2); set_u32(c, Column::GroupMemberCounts, 2, 0); }),
    ("a count of a group's members too many", |c| push(c, Column::GroupMemberCounts, [0; 4])),
    ("a member of a group who is not there", |c| set_u32(c, Column::GroupMemberUsers, 0, 10)),
    ("a member of a group of the largest number", |c| set_u32(c, Column::GroupMemberUsers, 0, u32::MAX)),
    ("a member of a group who is no member", |c| set_u32(c, Column::GroupMemberUsers, 0, 6)),
    ("a member of a group who is a member elsewhere", |c| set_u32(c, Column::GroupMemberUsers, 0, 9)),
    ("a member of a group twice", |c| set_u32(c, Column::GroupMemberUsers, 1, 1)),
    ("half a member of a group", |c| push(c, Column::GroupMemberUsers, [0; 2])),
    ("roles of groups' members", |c| push(c, Column::GroupMemberRoles, [0; 4])),
    ("a role of a group's member", |c| push(c, Column::GroupMemberRoles, [0])),
    ("suspensions of groups' members", |c| push(c, Column::GroupMemberSuspendedAt, [0; 32])),
    ("a member of a group added at no instant", |c| set_i64(c, Column::GroupMemberAddedAt, 1, i64::MAX)),
    ("an end of a group's member at no instant", |c| set_i64(c, Column::GroupMemberExpiresAt, 1, i64::MAX)),
    ("an end of a group's member too few", |c| c[Column::GroupMemberExpiresAt as usize].truncate(24)),
    ("a project twice", |c| set_text(c, Column::ProjectIds, 1, b"prj_a")),
    ("a project with an empty id", |c| set_text(c, Column::ProjectIds, 1, b"")),
    ("a project's name that is too long", |c| set_text(c, Column::ProjectNames, 0, &[b'a'; 4097])),
    ("two default projects", |c| set(c, Column::ProjectFlags, 1, [1])),
    ("no default project", |c| set(c, Column::ProjectFlags, 2, [0])),
    ("a project's flag that is unknown", |c| set(c, Column::ProjectFlags, 1, [255])),
    ("a visibility that is not there", |c| set(c, Column::Visibilities, 0, [2])),
    ("the largest visibility", |c| set(c, Column::Visibilities, 0, [255])),
    ("a visibility too many", |c| push(c, Column::Visibilities, [0])),
    ("a visibility too few", |c| { c[Column::Visibilities as usize].pop(); }),
    ("a visibility where the policy has none", |c| edit_policy(c, |policy| policy["visibilities"] = json!([]))),
    ("a project suspended at no instant", |c| set_i64(c, Column::ProjectSuspendedAt, 1, i64::MAX)),
    ("a project's suspension too few", |c| c[Column::ProjectSuspendedAt as usize].truncate(24)),
    ("a collaborator too many", |c| set_u32(c, Column::CollaboratorCounts, 0, 5)),
    ("a group's row too many", |c| set_u32(c, Column::GrantCounts, 3, 2)),
    ("a group's row too few", |c| set_u32(c, Column::GrantCounts, 3, 0)),
    ("as many rows of groups as numbers", |c| set_u32(c, Column::GrantCounts, 3, u32::MAX)),
    ("rows of groups of one organization in another", |c| { set_u32(c, Column::GrantCounts, 1, 0); set_u32(c, Column::GrantCounts, 3, 2); }),
    ("rows of groups in no project", |c| clear(c, Column::GrantCounts)),
    ("a count of groups' rows too few", |c| c[Column::GrantCounts as usize].truncate(12)),
    ("an API key too many", |c| set_u32(c, Column::KeyCounts, 0, 5)),
    ("a resource too many", |c| set_u32(c, Column::ResourceCounts, 0, 5)),
    ("a collaborator who is not there", |c| set_u32(c, Column::CollaboratorUsers, 0, u32::MAX)),
    ("a collaborator twice", |c| set_u32(c, Column::CollaboratorUsers, 1, 2)),
    ("a project role that is not there", |c| set(c, Column::CollaboratorRoles, 0, [2])),
    ("a collaborator's role too many", |c| push(c, Column::CollaboratorRoles, [0])),
    ("collaborators without roles", |c| clear(c, Column::CollaboratorRoles)),
    ("a collaborator added at no instant", |c| set_i64(c, Column::CollaboratorAddedAt, 3, i64::MAX)),
    ("a collaborator's end at no instant", |c| set_i64(c, Column::CollaboratorExpiresAt, 3, i64::MAX)),
    ("a collaborator's end too many", |c| push(c, Column::CollaboratorExpiresAt, [0; 8])),
    ("suspensions of collaborators", |c| push(c, Column::CollaboratorSuspendedAt, [0; 56])),
    ("suspensions of collaborators that are none", |c| c[Column::CollaboratorSuspendedAt as usize] = i64::MIN.to_le_bytes().repeat(7)),
    ("a row of a group that is not there", |c| set_u32(c, Column::GrantGroups, 0, 3)),
    ("a row of a group of the largest number", |c| set_u32(c, Column::GrantGroups, 0, u32::MAX)),
    ("a row of another organization's group", |c| set_u32(c, Column::GrantGroups, 0, 2)),
    ("a row of a group of the first organization in the second", |c| set_u32(c, Column::GrantGroups, 3, 0)),
    ("a row of a group twice", |c| set_u32(c, Column::GrantGroups, 1, 0)),
    ("a group with a role that is not there", |c| set(c, Column::GrantRoles, 0, [2])),
    ("a group with the largest role", |c| set(c, Column::GrantRoles, 0, [255])),
    ("a group's role too few", |c| { c[Column::GrantRoles as usize].pop(); }),
    ("groups without roles", |c| clear(c, Column::GrantRoles)),
    ("a group added at no instant", |c| set_i64(c, Column::GrantAddedAt, 0, i64::MAX)),
    ("a group's end at no instant", |c| set_i64(c, Column::GrantExpiresAt, 0, i64::MAX)),
    ("a group's end too few", |c| c[Column::GrantExpiresAt as usize].truncate(24)),
    ("suspensions of groups", |c| push(c, Column::GrantSuspendedAt, [0; 32])),
    ("an API key twice", |c| set_text(c, Column::KeyIds, 1, b"key_ci")),
    ("an API key in two projects", |c| set_text(c, Column::KeyIds, 4, b"key_ci")),
    ("an API key's id with a control character", |c| set_text(c, Column::KeyIds, 1, b"key\x1f")),
    ("an API key's name that is too long", |c| set_text(c, Column::KeyNames, 0, &[b'a'; 4097])),
    ("a second organization default key", |c| set(c, Column::KeyFlags, 5, [3])),
    ("an organization default key outside the default project", |c| { set(c, Column::KeyFlags, 6, [2]); set(c, Column::KeyFlags, 0, [3]); }),
    ("an organization default key that is revoked", |c| set_i64(c, Column::KeyRevokedAt, 6, 0)),
    ("an API key's flag that is unknown", |c| set(c, Column::KeyFlags, 1, [6])),
    ("a digest that belongs to no key", |c| set(c, Column::KeyFlags, 1, [0])),
    ("a digest that is missing", |c| c[Column::KeyDigests as usize].truncate(6 * 32)),
    ("a digest that is cut short", |c| { c[Column::KeyDigests as usize].pop(); }),
    ("a digest too many", |c| push(c, Column::KeyDigests, [0; 32])),
    ("half a digest too many", |c| push(c, Column::KeyDigests, [0; 16])),
    ("a creator who is not there", |c| set_u32(c, Column::KeyCreatedBy, 0, 10)),
    ("a creator of the largest number but one", |c| set_u32(c, Column::KeyCreatedBy, 0, u32::MAX - 1)),
    ("a creation at no instant", |c| set_i64(c, Column::KeyCreatedAt, 0, i64::MAX)),
    ("an expiry at no instant", |c| set_i64(c, Column::KeyExpiresAt, 0, i64::MAX)),
    ("a revocation at no instant", |c| set_i64(c, Column::KeyRevokedAt, 1, i64::MIN + 1)),
    ("an instant cut short", |c| { c[Column::KeyExpiresAt as usize].pop(); }),
    ("a key that acts as somebody who is not there", |c| set_u32(c, Column::KeyActsAs, 0, 10)),
    ("a key that acts as the largest number but one", |c| set_u32(c, Column::KeyActsAs, 0, u32::MAX - 1)),
    ("a key that acts as somebody too many", |c| push(c, Column::KeyActsAs, [255; 4])),
    ("a key that acts as somebody too few", |c| c[Column::KeyActsAs as usize].truncate(24)),
    ("a scope that is not there", |c| set_u32(c, Column::KeyScopes, 0, 3)),
    ("the largest scope", |c| set_u32(c, Column::KeyScopes, 0, u32::MAX)),
    ("scopes where the policy has none", |c| edit_policy(c, |policy| policy["api_key_scopes"] = json!([]))),
    ("a scope twice", |c| set_u32(c, Column::KeyScopes, 1, 1)),
    ("a scope too many", |c| push(c, Column::KeyScopes, [0; 4])),
    ("half a scope too many", |c| push(c, Column::KeyScopes, [0; 2])),
    ("a scope too few", |c| c[Column::KeyScopes as usize].truncate(8)),
    ("a count of scopes that is too large", |c| set_u32(c, Column::KeyScopeCounts, 4, 2)),
    ("a count of scopes that is too small", |c| set_u32(c, Column::KeyScopeCounts, 4, 0)),
    ("the largest count of scopes but one", |c| set_u32(c, Column::KeyScopeCounts, 4, u32::MAX - 1)),
    ("no list for scopes that are there", |c| set_u32(c, Column::KeyScopeCounts, 4, u32::MAX)),
    ("a list for scopes that are not there", |c| set_u32(c, Column::KeyScopeCounts, 5, 1)),
    ("scopes of no key", |c| clear(c, Column::KeyScopeCounts)),
    ("a count of scopes too few", |c| c[Column::KeyScopeCounts as usize].truncate(24)),
    ("a count of scopes too many", |c| push(c, Column::KeyScopeCounts, [0; 4])),
    ("a key that reaches a project of another organization", |c| set_u32(c, Column::KeyFurther, 0, 3)),
    ("a key that reaches a project that is not there", |c| set_u32(c, Column::KeyFurther, 0, 4)),
    ("a key that reaches the largest project", |c| set_u32(c, Column::KeyFurther, 0, u32::MAX)),
    ("a key that reaches a project twice", |c| set_u32(c, Column::KeyFurther, 2, 1)),
    ("a key that reaches its own project further", |c| set_u32(c, Column::KeyFurther, 0, 0)),
    ("a further project too many", |c| push(c, Column::KeyFurther, [0; 4])),
    ("half a further project too many", |c| push(c, Column::KeyFurther, [0; 2])),
    ("a further project too few", |c| c[Column::KeyFurther as usize].truncate(8)),
    ("a count of further projects that is too large", |c| set_u32(c, Column::KeyFurtherCounts, 2, 3)),
    ("a count of further projects that is too small", |c| set_u32(c, Column::KeyFurtherCounts, 2, 1)),
    ("the largest count of further projects but one", |c| set_u32(c, Column::KeyFurtherCounts, 2, u32::MAX - 1)),
    ("all projects, and a list beside them", |c| set_u32(c, Column::KeyFurtherCounts, 2, u32::MAX)),
    ("a list of projects instead of all", |c| set_u32(c, Column::KeyFurtherCounts, 5, 1)),
    ("further projects of no key", |c| clear(c, Column::KeyFurtherCounts)),
    ("a count of further projects too few", |c| c[Column::KeyFurtherCounts as usize].truncate(24)),
    ("a resource twice", |c| set_text(c, Column::ResourceIds, 6, b"cl_1")),
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
    ("a resource's instant that is none", |c| set_i64(c, Column::ResourceCreatedAt, 0, i64::MAX)),
    ("no policy", |c| clear(c, Column::Policy)),
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
    ("a policy with the same key twice", |c| { c[Column::Policy as usize].pop(); push(c, Column::Policy, *b",\"id\":\"x\"}"); }),
];

// The users in byte order: a, away, b, both, half, home, idle, lapsed. The first organization has the members 0, 1, 3 to 7, the second 0 and 2 to 7.
// The listed users are away, home and lapsed.
#[rustfmt::skip]
const DAMAGES_OF_SEVERAL: &[Damage] = &[
    ("a policy that lets nobody be a member of several organizations", |c| edit_policy(c, |policy| policy["multiple_organizations"] = json!(false))),
    ("a member of one of several organizations twice", |c| set_u32(c, Column::MemberUsers, 11, 4)),
    ("a home in an organization of which the user is no member", |c| set_u32(c, Column::MemberUsers, 11, 1)),
    ("a home with a control character", |c| set_text(c, Column::Homes, 0, b"org\0")),
    ("an empty home", |c| set_text(c, Column::Homes, 1, b"")),
    ("a home too many", |c| push(c, Column::HomeLengths, [255; 2])),
    ("an owner who is not the strongest of several organizations", |c| set(c, Column::MemberRoles, 8, [1])),
    ("an owner whose second row ends", |c| { clear(c, Column::Owners); push(c, Column::Owners, [0, 0, 0, 0, 7, 0, 0, 0]); set(c, Column::MemberRoles, 13, [0]); }),
    ("an owner whose first row is suspended", |c| set_u32(c, Column::Owners, 0, 6)),
];

pub(crate) fn edit_policy(columns: &mut [Vec<u8>], edit: impl FnOnce(&mut Json)) {
    let mut policy = serde_json::from_slice(&columns[Column::Policy as usize]).unwrap();
    edit(&mut policy);
    columns[Column::Policy as usize] = policy.to_string().into_bytes();
}

fn refuses_all(whole: &[Vec<u8>], damages: &[Damage]) {
    for (what, damage) in damages {
        let mut columns = whole.to_vec();
        damage(&mut columns);
        assert!(columns != whole, "{what}: nothing is damaged");
        assert_eq!(refused(&sealed(&columns), None), ErrorCode::SnapshotCorrupt, "{what}");
    }
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

/// Values that look like damage and are none: each gives another valid directory.
#[rustfmt::skip]
const CHANGES: &[Damage] = &[
    ("ids of two kinds that are equal", |c| set_text(c, Column::ResourceIds, 1, b"cl_1")),
    ("an empty list of scopes instead of none", |c| set_u32(c, Column::KeyScopeCounts, 5, 0)),
    ("no list of scopes instead of an empty one", |c| set_u32(c, Column::KeyScopeCounts, 1, u32::MAX)),
    ("all projects instead of none", |c| set_u32(c, Column::KeyFurtherCounts, 1, u32::MAX)),
    ("none instead of all projects", |c| set_u32(c, Column::KeyFurtherCounts, 5, 0)),
    ("a key that acts as its own owner", |c| set_u32(c, Column::KeyActsAs, 6, 0)),
    ("an owner who is suspended everywhere", |c| set_i64(c, Column::UserSuspendedAt, 0, 0)),
    ("an owner's row with the instant at which it was added", |c| set_i64(c, Column::MemberAddedAt, 0, 0)),
    ("a row that ended before it was added", |c| set_i64(c, Column::MemberExpiresAt, 3, 0)),
    ("the first instant", |c| set_i64(c, Column::GrantExpiresAt, 0, -62_167_219_200_000)),
    ("the last instant", |c| set_i64(c, Column::GrantExpiresAt, 0, 253_402_300_799_999)),
    ("the last visibility and role", |c| { set(c, Column::Visibilities, 0, [1]); set(c, Column::GrantRoles, 3, [0]); }),
];

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
        if OPTIONAL.iter().any(|at| *at as usize == number) {
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
