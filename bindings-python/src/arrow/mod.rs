//! Whole tables: Arrow in, Arrow out. Columns become cells, and answers become columns; what they mean is in the core.
//!
//! This module knows nothing of Python: the fuzzer reads tables by the same code (`tests/fuzz`). A table comes in as C structures ([`import`], checked by
//! [`validation`]), batch by batch. Its columns are found by name ([`column_names`], [`input`]), and their values are looked up ([`text`],
//! [`string_view`], [`instant`] with [`zone`]). The core answers rows of cells ([`bailiwick::columns`]), and the answers are written as columns
//! ([`output`], with [`attribution`], [`timeline`] or [`access`]), slice by slice ([`reader`]). The tables of a directory are read as cells that
//! borrow their texts ([`directory`], [`directory_column`]). Rows that the core works out ([`impact`], [`review`]) are written as they are read
//! ([`rows`]).

pub(crate) mod access;
pub(crate) mod attribution;
mod attribution_answers;
pub(crate) mod column_names;
pub(crate) mod directory;
mod directory_column;
pub(crate) mod error;
pub(crate) mod focus;
mod focus_input;
mod focus_names;
mod impact;
pub(crate) mod import;
mod input;
pub(crate) mod instant;
mod memo;
pub(crate) mod moments;
pub(crate) mod output;
pub(crate) mod reader;
mod review;
pub(crate) mod rows;
mod string_view;
mod text;
pub(crate) mod timeline;
mod validation;
pub(crate) mod zone;
