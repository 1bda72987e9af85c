//! The feed: how snapshots and deltas lie in a store, so that edges follow a publisher whatever happens to either.
//!
//! Two state machines say what is read and written next, and judge what came of it: [`Reader`] and [`Writer`]. They do no input and output: a host
//! carries out one request after the other. `docs/feed.md` is the written format.

mod found;
mod key;
mod pause;
mod reader;
#[cfg(test)]
mod tests;
mod writer;

pub use found::{Found, Look};
pub use key::Key;
pub use pause::pause;
pub use reader::{Reader, Seen, Taken};
pub use writer::{Condition, Next, Reply, Report, Writer};
