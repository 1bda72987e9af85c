//! Snapshots: a directory and its policy as bytes, for copies that start fast and need no parser. And deltas, which keep the copies current.

mod delta;
mod full;
mod inspection;
mod seal;

pub use inspection::Inspection;
pub use seal::Seal;
