//! Panics, which are faults of this engine. They are caught before they leave it, and say where they were and nothing else: their messages can hold what
//! was asked.

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook};

thread_local! {
    /// Where the last panic of this thread was.
    static PLACE: RefCell<String> = const { RefCell::new(String::new()) };
}

/// From now on a panic prints nothing. (This extension has a standard library of its own: what others print, they go on printing.)
pub(crate) fn silence_panics() {
    set_hook(Box::new(|panic| {
        let place = panic.location().map(|place| format!("{}:{}", place.file(), place.line()));
        PLACE.set(place.unwrap_or_default());
    }));
}

/// What this gives, or where it panicked. What it was about to alter must not be used after that.
pub(crate) fn catch_panic<T>(run: impl FnOnce() -> T) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(run)).map_err(|_| PLACE.take())
}
