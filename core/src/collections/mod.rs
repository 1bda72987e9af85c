//! Collections: names held once, keyed slots, typed tables, and their order. Nothing here knows what the product is.

pub(crate) mod hasher;
pub(crate) mod names;
pub(crate) mod order;
pub(crate) mod renumbering;
pub(crate) mod slots;
pub(crate) mod table;
pub(crate) mod texts;
