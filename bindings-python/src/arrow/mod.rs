//! Whole tables: Arrow in, Arrow out. Columns become cells, numbers and words become columns; what they mean is the core's.
//!
//! What is here knows nothing of Python: the fuzzer reads tables by the same code (`tests/fuzz`). A table comes in by C structures ([`import`], looked at by
//! [`survey`]), batch by batch. Its columns are found by name ([`named`], [`input`]), their values are looked up ([`text`], [`view`], [`instant`] with [`zone`]), the core
//! answers rows of cells ([`bailiwick::columns`]), and the answers are written as columns ([`output`], and [`attribution`] or [`access`] for which they
//! are), slice by slice ([`reader`]).

pub(crate) mod access;
pub(crate) mod attribution;
pub(crate) mod fault;
pub(crate) mod focus;
pub(crate) mod import;
mod input;
pub(crate) mod instant;
mod memo;
pub(crate) mod named;
pub(crate) mod output;
pub(crate) mod reader;
mod survey;
mod text;
mod view;
pub(crate) mod zone;
