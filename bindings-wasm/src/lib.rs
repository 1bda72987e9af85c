//! Bailiwick for JavaScript hosts. Everything here converts: values in, answers and errors out; every rule is in the core.

mod answer;
mod engine;
mod error;
mod request;
mod scratch;
mod value;
