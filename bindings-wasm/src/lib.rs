//! Bailiwick for JavaScript hosts. Everything here converts: values in, answers and errors out; every rule is in the core.

#![forbid(unsafe_code)]

mod answer;
mod authzen;
mod bytes;
mod change;
mod engine;
mod error;
mod key;
mod listing;
mod number;
mod options;
mod request;
mod room;
mod scratch;
mod snapshot;
mod value;
