//! Snapshots: a directory and its policy as bytes, which load fast and without a parser. And deltas, which keep copies up to date.

mod delta;
mod full;
mod inspection;
mod seal;

#[cfg(feature = "timeline")]
pub(crate) use delta::ArrivedDelta;
pub use inspection::Inspection;
#[cfg(feature = "timeline")]
pub(crate) use inspection::is_delta;
pub use seal::Seal;
