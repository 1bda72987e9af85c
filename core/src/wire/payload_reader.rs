//! Bytes → payload, of every version that is read.

use bincode::BorrowDecode;

use super::payload::{ENCODING, Payload};
use super::payload_1;

/// The payload of a snapshot of that version. `None` if the bytes are not exactly one payload.
pub(crate) fn payload_of(bytes: &[u8], version: u16) -> Option<Payload<'_>> {
    if version == 1 { decode(bytes).map(payload_1::Payload::into) } else { decode(bytes) }
}

fn decode<'p, T: BorrowDecode<'p, ()>>(bytes: &'p [u8]) -> Option<T> {
    let (payload, length) = bincode::borrow_decode_from_slice(bytes, ENCODING).ok()?;
    (length == bytes.len()).then_some(payload)
}
