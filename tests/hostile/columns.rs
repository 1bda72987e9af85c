//! The columns of a payload, and functions that change their values.

use crate::*;

/// The positions of the columns in a payload, in order.
#[derive(Clone, Copy)]
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
    OrganizationIds,
    OrganizationIdLengths,
    OrganizationNames,
    OrganizationNameLengths,
    Owners,
    OrganizationFlags,
    ProjectsSince,
    MemberCounts,
    ProjectCounts,
    ProjectIds,
    ProjectIdLengths,
    ProjectNames,
    ProjectNameLengths,
    ProjectFlags,
    CollaboratorCounts,
    KeyCounts,
    ResourceCounts,
    MemberUsers,
    MemberRoles,
    CollaboratorUsers,
    CollaboratorRoles,
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
    ResourceIds,
    ResourceIdLengths,
    ResourceNames,
    ResourceNameLengths,
    ResourceKinds,
    ResourceCreatedBy,
    ResourceCreatedAt,
    ResourcesSorted,
}

pub(crate) const COLUMNS: usize = Column::ResourcesSorted as usize + 1;

/// The columns of the example organization. None of them is empty.
pub(crate) fn example() -> Vec<Vec<u8>> {
    let directory = Directory::from_json(&read("tests/directories/acme.json")).unwrap();
    let columns = columns(payload_of(&snapshot(&directory))).unwrap();
    assert_eq!(columns.len(), COLUMNS);
    assert!(columns.iter().all(|column| !column.is_empty()));
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
