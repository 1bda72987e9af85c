//! Collections: interned names, hash slots, typed tables, and sorting. Nothing here depends on the product.

pub(crate) mod hasher;
pub(crate) mod names;
pub(crate) mod order;
pub(crate) mod renumbering;
pub(crate) mod slots;
pub(crate) mod table;
pub(crate) mod texts;
