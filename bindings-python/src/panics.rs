//! Panics, which are bugs of this engine. They are caught before they leave it. Only their location is reported: their messages can hold parts of a
//! request.

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook};

thread_local! {
    /// The location of the last panic of this thread.
    static PLACE: RefCell<String> = const { RefCell::new(String::new()) };
}

/// From now on a panic prints nothing. (This extension has its own standard library, so panics of other extensions are still printed.)
pub(crate) fn silence_panics() {
    set_hook(Box::new(|panic| {
        let place = panic.location().map(|place| format!("{}:{}", place.file(), place.line()));
        PLACE.set(place.unwrap_or_default());
    }));
}

/// The result of a call, or the location of its panic. After a panic, whatever the call was changing must not be used.
pub(crate) fn catch_panic<T>(run: impl FnOnce() -> T) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(run)).map_err(|_| PLACE.take())
}
