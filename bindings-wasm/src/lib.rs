//! Bailiwick for JavaScript hosts. This crate only converts values, answers and errors; every rule is in the core.

#![forbid(unsafe_code)]

mod answer;
mod authzen;
mod bytes;
mod change;
#[expect(dead_code, reason = "some are for JavaScript alone, and the build step lists them")]
mod constants;
mod engine;
mod error;
mod faults;
mod feed_reader;
mod feed_writer;
mod insight;
mod key;
mod listing;
mod name_buffer;
mod number;
mod options;
mod request;
mod reservation;
mod snapshot;
mod value;
