//! The side of a feed that reads: what to ask the store for next. `follow.js` does the input and output.

use std::cell::{Cell, RefCell};

use bailiwick::{Directory, Error, Found, Look, Reader, Seen, Taken, boundary};
use wasm_bindgen::prelude::*;

use crate::bytes::{Argument, PublicKeys, seed};
use crate::engine::{Bailiwick, now};
use crate::error::thrown;
use crate::options::Options;

const TRUST: Options = Options { read: &[], apart: &PublicKeys::NAMES };

/// Says what to read of a feed, and takes what was found. For `bailiwick/follow`.
// Its types are for nobody else.
#[wasm_bindgen(skip_typescript)]
#[derive(Debug)]
pub struct FeedReader {
    reader: RefCell<Reader>,
    next: Cell<Option<Look>>,
}

#[wasm_bindgen]
impl FeedReader {
    /// @throws BailiwickError `missing_field` at `/publicKey` without a key, `wrong_type`
    #[wasm_bindgen(constructor)]
    pub fn new(#[wasm_bindgen(unchecked_param_type = "object", js_name = options)] choices: &JsValue) -> Result<Self, JsValue> {
        let keys = PublicKeys::new(choices);
        let reader = TRUST.answer(boundary::feed_reader(&keys.as_keys()))?;
        Ok(Self { reader: RefCell::new(reader), next: Cell::new(None) })
    }

    /// The key to read; undefined if the round is over.
    #[wasm_bindgen(getter)]
    pub fn next(&self) -> Option<String> {
        self.next.get().map(|look| look.key.to_string())
    }

    /// Whether it need only be read if it has changed.
    #[wasm_bindgen(getter, js_name = ifChanged)]
    pub fn if_changed(&self) -> bool {
        self.next.get().is_some_and(|look| look.if_changed)
    }

    /// Begins a round without an engine.
    #[wasm_bindgen(js_name = beginFirst)]
    pub fn begin_first(&self) {
        self.next.set(Some(self.reader.borrow_mut().begin(None)));
    }

    /// Begins a round with an engine.
    pub fn begin(&self, guard: &Bailiwick) {
        self.next.set(Some(self.reader.borrow_mut().begin(Some(&guard.read()))));
    }

    /// Takes the first snapshot: bytes, or null if there is none. Returns the engine, if it was taken.
    ///
    /// @throws BailiwickError if it was refused
    #[wasm_bindgen(js_name = takeFirst)]
    pub fn take_first(&self, found: &JsValue) -> Result<Option<Bailiwick>, JsValue> {
        let (found, now) = (Argument::new(found), now()?);
        let (taken, fresh) = self.reader.borrow_mut().take_snapshot(None, found_of(&found, false), now, seed());
        self.told(taken)?;
        Ok(fresh.map(Bailiwick::new))
    }

    /// Takes what was found: bytes, or null if there is nothing. The engine changes in its place. Returns `loaded`, `advanced`, `renewed`, `current`,
    /// `missing`, `older` or `endless`.
    ///
    /// @throws BailiwickError if it was refused
    pub fn take(&self, guard: &Bailiwick, found: &JsValue, #[wasm_bindgen(js_name = isUnchanged)] is_unchanged: bool) -> Result<String, JsValue> {
        let (found, now) = (Argument::new(found), now()?);
        let found = found_of(&found, is_unchanged);
        let mut reader = self.reader.borrow_mut();
        let taken = if matches!(reader.wanted(), Some(bailiwick::Key::Delta(_))) {
            guard.write(TRUST, |directory: &mut Directory| Ok::<_, Error>(reader.take_delta(directory, found, now)))?
        } else {
            let (taken, fresh) = reader.take_snapshot(Some(&guard.read()), found, now, seed());
            if let Some(fresh) = fresh {
                guard.replace(fresh);
            }
            taken
        };
        drop(reader);
        self.told(taken)
    }
}

impl FeedReader {
    fn told(&self, taken: Taken) -> Result<String, JsValue> {
        self.next.set(taken.next);
        match taken.seen {
            Seen::Refused(error) => Err(thrown(&error)),
            seen => Ok(seen.as_str().to_owned()),
        }
    }
}

pub(crate) fn found_of(found: &Argument, is_unchanged: bool) -> Found<'_> {
    match found {
        _ if is_unchanged => Found::Unchanged,
        Argument::Given(bytes) => Found::Bytes(bytes),
        Argument::Absent | Argument::Foreign => Found::Absent,
    }
}

/// How many milliseconds to wait before the next round, after so many failures in a row. `random`, from 0 to 1, takes away up to a quarter.
#[wasm_bindgen(js_name = feedPause, skip_typescript)]
#[expect(unreachable_pub, reason = "JavaScript reaches it")]
#[expect(clippy::cast_precision_loss, reason = "pauses are far shorter")]
pub fn feed_pause(failures: u32, #[wasm_bindgen(js_name = intervalMilliseconds)] interval_milliseconds: u32, random: f64) -> f64 {
    bailiwick::pause(failures, u64::from(interval_milliseconds), None, random) as f64
}
