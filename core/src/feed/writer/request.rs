//! Requests: what a host does for the writer, and what came of it.

use crate::feed::found::{Found, Look};
use crate::feed::key::Key;

use super::report::Report;

/// What a write requires of the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Condition {
    /// That the object is the one that this publisher saw or wrote last (HTTP: `If-Match` with its `ETag`).
    IfSeen,
    /// That there is none (HTTP: `If-None-Match: *`).
    IfAbsent,
}

/// What the host does next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// Read an object from the store itself, not from a cache, and remember its `ETag`.
    Get(Look),
    /// Write [`Writer::body`] there, and remember its `ETag`.
    Put(Key, Condition),
    /// Delete an object.
    Delete(Key),
    /// The publication is complete.
    Done(Report),
    /// A request failed. Wait, and begin again: the same bytes are written, and nothing twice.
    Failed,
    /// Somebody else has written there, or an earlier process whose writes arrived late. Resume; if it happens again, two publishers are running.
    Conflict(Key),
}

/// What came of a request.
#[derive(Clone, Copy, Debug)]
pub enum Reply<'b> {
    /// What a read has found.
    Found(Found<'b>),
    /// It was written or deleted.
    Written,
    /// The condition did not hold (HTTP: 412).
    Refused,
    /// It is not known.
    Failed,
}
