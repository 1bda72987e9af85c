//! The columns of a payload, and functions that change their values.

use crate::*;

/// The positions of the columns in a payload, in order.
#[derive(Clone, Copy, Debug, PartialEq)]
#[expect(dead_code, reason = "some columns are reached by the one before them")]
pub(crate) enum Column {
    Policy,
    UserIds,
    UserIdLengths,
    ListedUsers,
    Emails,
    EmailLengths,
    Homes,
    HomeLengths,
    UserSuspendedAt,
    OrganizationIds,
    OrganizationIdLengths,
    OrganizationNames,
    OrganizationNameLengths,
    Owners,
    OrganizationFlags,
    ProjectsSince,
    OrganizationSuspendedAt,
    MemberCounts,
    GroupCounts,
    ProjectCounts,
    MemberUsers,
    MemberRoles,
    MemberAddedAt,
    MemberExpiresAt,
    MemberSuspendedAt,
    GroupIds,
    GroupIdLengths,
    GroupNames,
    GroupNameLengths,
    GroupMemberCounts,
    GroupMemberUsers,
    GroupMemberRoles,
    GroupMemberAddedAt,
    GroupMemberExpiresAt,
    GroupMemberSuspendedAt,
    ProjectIds,
    ProjectIdLengths,
    ProjectNames,
    ProjectNameLengths,
    ProjectFlags,
    Visibilities,
    ProjectSuspendedAt,
    CollaboratorCounts,
    GrantCounts,
    KeyCounts,
    ResourceCounts,
    CollaboratorUsers,
    CollaboratorRoles,
    CollaboratorAddedAt,
    CollaboratorExpiresAt,
    CollaboratorSuspendedAt,
    GrantGroups,
    GrantRoles,
    GrantAddedAt,
    GrantExpiresAt,
    GrantSuspendedAt,
    KeyIds,
    KeyIdLengths,
    KeyNames,
    KeyNameLengths,
    KeyFlags,
    KeyCreatedBy,
    KeyCreatedAt,
    KeyExpiresAt,
    KeyRevokedAt,
    KeyDigests,
    KeyActsAs,
    KeyScopeCounts,
    KeyScopes,
    KeyFurtherCounts,
    KeyFurther,
    ResourceIds,
    ResourceIdLengths,
    ResourceNames,
    ResourceNameLengths,
    ResourceKinds,
    ResourceCreatedBy,
    ResourceCreatedAt,
    ElsewhereUsers,
    ElsewhereRoles,
    ElsewhereAddedAt,
    ElsewhereExpiresAt,
    ElsewhereSuspendedAt,
    ElsewhereOrganizations,
    ElsewhereOrganizationLengths,
    ElsewhereProjects,
    ElsewhereProjectLengths,
    ChunkKeys,
    ChunkKeyLengths,
    ChunkHashes,
}

pub(crate) const COLUMNS: usize = Column::ChunkHashes as usize + 1;

/// The columns that the types of rows have in common, in those rows that never have a value there.
pub(crate) const NEVER_USED: [Column; 5] = [
    Column::GroupMemberRoles,
    Column::GroupMemberSuspendedAt,
    Column::CollaboratorSuspendedAt,
    Column::GrantSuspendedAt,
    Column::ElsewhereSuspendedAt,
];

/// The columns of memberships of organizations that are left out. A whole directory leaves none out.
pub(crate) const ELSEWHERE: std::ops::RangeInclusive<usize> = Column::ElsewhereUsers as usize..=Column::ElsewhereProjectLengths as usize;

/// The columns of the chunks of the state hash. What is in them is looked at when the first delta needs it.
pub(crate) const CHUNKS: std::ops::RangeInclusive<usize> = Column::ChunkKeys as usize..=Column::ChunkHashes as usize;

/// The columns that are empty if every value is the default, and do without any other column.
pub(crate) const OPTIONAL: [Column; 16] = [
    Column::UserSuspendedAt,
    Column::OrganizationSuspendedAt,
    Column::MemberAddedAt,
    Column::MemberExpiresAt,
    Column::MemberSuspendedAt,
    Column::GroupMemberAddedAt,
    Column::GroupMemberExpiresAt,
    Column::Visibilities,
    Column::ProjectSuspendedAt,
    Column::CollaboratorAddedAt,
    Column::CollaboratorExpiresAt,
    Column::GrantAddedAt,
    Column::GrantExpiresAt,
    Column::KeyActsAs,
    Column::ResourceCreatedBy,
    Column::ResourceCreatedAt,
];

/// The example organization with every field that a document can have.
pub(crate) fn example_document() -> Json {
    let mut document = read_json("tests/directories/acme.json");
    let mut policy = read_json("core/policies/projects-2026-02.json");
    policy["id"] = json!("whole");
    policy["visibilities"] = json!([{"visibility": "open", "implied_roles": false}, {"visibility": "closed"}]);
    policy["api_key_scopes"] =
        json!([{"scope": "reading", "verbs": ["read"]}, {"scope": "files", "kinds": ["file"]}, {"scope": "nothing"}]);
    document["policy"] = policy;
    let (early, late) = ("2026-01-01T00:00:00Z", "2027-01-01T00:00:00.001Z");
    let acme = "/organizations/0";
    let partner = "/organizations/1";
    for (of, field, value) in [
        ("/users/1", "suspended_at", json!(early)),
        (
            acme,
            "groups",
            json!([
                {"id": "grp_readers", "members": [{"user": "usr_dan"}]},
                {"id": "grp_makers", "name": "Makers", "members": [
                    {"user": "usr_cleo", "added_at": early, "expires_at": late}, {"user": "usr_ben"}]},
            ]),
        ),
        (partner, "groups", json!([{"id": "grp_partner", "name": "P", "members": [{"user": "usr_zoe"}]}])),
        (partner, "suspended_at", json!(late)),
        ("/organizations/0/members/3", "added_at", json!(early)),
        ("/organizations/0/members/3", "expires_at", json!(late)),
        ("/organizations/0/members/4", "suspended_at", json!(early)),
        ("/organizations/0/projects/1", "visibility", json!("closed")),
        ("/organizations/0/projects/2", "suspended_at", json!(late)),
        ("/organizations/0/projects/1/collaborators/3", "added_at", json!(early)),
        ("/organizations/0/projects/1/collaborators/3", "expires_at", json!(late)),
        ("/organizations/0/projects/0/api_keys/1", "projects", json!("all")),
        ("/organizations/0/projects/1/api_keys/0", "scopes", json!(["reading", "files"])),
        ("/organizations/0/projects/1/api_keys/0", "acts_as", json!("usr_dan")),
        ("/organizations/0/projects/1/api_keys/0", "projects", json!(["prj_b"])),
        ("/organizations/0/projects/1/api_keys/1", "projects", json!(["prj_default", "prj_b"])),
        ("/organizations/0/projects/1/api_keys/2", "scopes", json!([])),
        ("/organizations/0/projects/2/api_keys/0", "scopes", json!(["files"])),
    ] {
        document.pointer_mut(of).unwrap()[field] = value;
    }
    let mut grant = |project: &str, row: Json| {
        document.pointer_mut(project).unwrap()["collaborators"].as_array_mut().unwrap().insert(0, row);
    };
    grant("/organizations/0/projects/1", json!({"group": "grp_readers", "role": "member"}));
    grant("/organizations/0/projects/1", json!({"group": "grp_makers", "role": "admin", "added_at": early, "expires_at": late}));
    grant("/organizations/0/projects/2", json!({"group": "grp_readers", "role": "admin"}));
    grant("/organizations/1/projects/0", json!({"group": "grp_partner", "role": "member"}));
    document
}

/// Two organizations with members in common.
pub(crate) fn several_document() -> Json {
    let mut document = read_json("tests/directories/several.json");
    document["policy"] = read_json("tests/policies/modern.json");
    document["policy"]["multiple_organizations"] = json!(true);
    document
}

pub(crate) fn directory_of(document: &Json) -> Directory {
    Directory::from_json(document.to_string().as_bytes()).unwrap()
}

/// The columns of a document.
pub(crate) fn columns_of(document: &Json) -> Vec<Vec<u8>> {
    let columns = columns(payload_of(&snapshot(&directory_of(document)))).unwrap();
    assert_eq!(columns.len(), COLUMNS);
    columns
}

fn is_never_used(number: usize) -> bool {
    NEVER_USED.iter().any(|never| *never as usize == number)
}

/// The columns of the example organization. None of them is empty, but for those that are never used, and those of an excerpt.
pub(crate) fn example() -> Vec<Vec<u8>> {
    let columns = columns_of(&example_document());
    for (number, column) in columns.iter().enumerate() {
        assert_eq!(column.is_empty(), is_never_used(number) || ELSEWHERE.contains(&number), "column {number}");
    }
    columns
}

/// An excerpt of several organizations: the first one alone.
pub(crate) fn excerpt() -> Vec<u8> {
    let mut document = several_document();
    document["organizations"][1]["members"][3]["added_at"] = json!("2026-01-01T00:00:00Z");
    let part = json!({"organizations": ["org_a"]});
    boundary::to_snapshot(&directory_of(&document), &value(&part), boundary::Bytes::Absent).unwrap()
}

pub(crate) fn excerpt_columns() -> Vec<Vec<u8>> {
    let columns = columns(payload_of(&excerpt())).unwrap();
    for number in ELSEWHERE {
        assert_eq!(columns[number].is_empty(), is_never_used(number), "column {number}");
    }
    columns
}

/// The columns of a directory's snapshot without the chunks of its state hash.
pub(crate) fn said(directory: &Directory) -> Vec<Vec<u8>> {
    let mut columns = columns(payload_of(&snapshot(directory))).unwrap();
    columns.truncate(*CHUNKS.start());
    columns
}

pub(crate) fn sealed(columns: &[Vec<u8>]) -> Vec<u8> {
    Envelope::of_snapshot(7).seal(&payload(columns), None)
}

/// Replaces one value in a column of values of that size.
pub(crate) fn set<const SIZE: usize>(columns: &mut [Vec<u8>], at: Column, place: usize, value: [u8; SIZE]) {
    columns[at as usize][place * SIZE..(place + 1) * SIZE].copy_from_slice(&value);
}

pub(crate) fn set_u32(columns: &mut [Vec<u8>], at: Column, place: usize, value: u32) {
    set(columns, at, place, value.to_le_bytes());
}

pub(crate) fn set_i64(columns: &mut [Vec<u8>], at: Column, place: usize, value: i64) {
    set(columns, at, place, value.to_le_bytes());
}

/// Appends a value to a column.
pub(crate) fn push<const SIZE: usize>(columns: &mut [Vec<u8>], at: Column, value: [u8; SIZE]) {
    columns[at as usize].extend(value);
}

pub(crate) fn clear(columns: &mut [Vec<u8>], at: Column) {
    columns[at as usize].clear();
}

/// Replaces a text with another.
pub(crate) fn set_text(columns: &mut [Vec<u8>], text: Column, place: usize, new: &[u8]) {
    let lengths = text as usize + 1;
    let length_at = |columns: &[Vec<u8>], place: usize| {
        let length = u16::from_le_bytes(columns[lengths][place * 2..place * 2 + 2].try_into().unwrap());
        if length == u16::MAX { 0 } else { usize::from(length) }
    };
    let start: usize = (0..place).map(|place| length_at(columns, place)).sum();
    let end = start + length_at(columns, place);
    columns[text as usize].splice(start..end, new.iter().copied());
    let length = u16::try_from(new.len()).unwrap();
    columns[lengths][place * 2..place * 2 + 2].copy_from_slice(&length.to_le_bytes());
}
