//! Whole tables: Arrow in, Arrow out. Columns become cells, numbers and words become columns; what they mean is the core's.
//!
//! What is here knows nothing of Python: the fuzzer reads tables by the same code (`tests/fuzz`). A table comes in by C structures ([`import`], looked at by
//! [`validation`]), batch by batch. Its columns are found by name ([`column_names`], [`input`]), their values are looked up ([`text`], [`string_view`], [`instant`] with [`zone`]), the core
//! answers rows of cells ([`bailiwick::columns`]), and the answers are written as columns ([`output`], and [`attribution`] or [`access`] for which they
//! are), slice by slice ([`reader`]).

pub(crate) mod access;
pub(crate) mod attribution;
mod attribution_answers;
pub(crate) mod column_names;
pub(crate) mod error;
pub(crate) mod focus;
pub(crate) mod import;
mod input;
pub(crate) mod instant;
mod memo;
pub(crate) mod output;
pub(crate) mod reader;
mod string_view;
mod text;
mod validation;
pub(crate) mod zone;
