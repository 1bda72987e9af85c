//! The side of a feed that writes: what to ask the store for next. `publish.js` does the input and output.

use std::cell::RefCell;

use bailiwick::{Condition, Found, Key, Next, Reply, Report, Writer, boundary};
use js_sys::Uint8Array;
use wasm_bindgen::prelude::*;

use crate::answer::plain;
use crate::bytes::{Argument, PublicKeys, seed};
use crate::engine::{Bailiwick, answer, now};
use crate::feed_reader::found_of;
use crate::options::Options;
use crate::value::Encoded;

const SIGNING_KEY: &str = "signingKey";
const TERMS: Options = Options { read: &["maxAgeSeconds"], apart: &[SIGNING_KEY, PublicKeys::NAMES[0], PublicKeys::NAMES[1]] };

/// Says what to write to a feed. For `bailiwick/publish`.
// Its types are for nobody else.
#[wasm_bindgen(skip_typescript)]
#[derive(Debug)]
pub struct FeedWriter {
    writer: RefCell<Writer>,
    next: RefCell<Next>,
}

/// What a publication has written.
#[derive(serde::Serialize)]
struct Published {
    revision: u64,
    steps: u64,
    jumps: u64,
    renewals: u64,
    snapshots: u64,
    bytes: u64,
    deleted: u64,
}

#[wasm_bindgen]
impl FeedWriter {
    /// @throws BailiwickError `missing_field` at `/signingKey` without a key, `wrong_type`, `limit_exceeded`
    #[wasm_bindgen(constructor)]
    pub fn new(#[wasm_bindgen(unchecked_param_type = "object", js_name = options)] choices: &JsValue) -> Result<Self, JsValue> {
        let (key, older, encoded) = (Argument::option(choices, SIGNING_KEY), PublicKeys::new(choices), Encoded::new(choices)?);
        let choices = TERMS.of(encoded.value())?;
        let writer = TERMS.answer(boundary::feed_writer(key.bytes(), &older.as_keys(), &choices))?;
        Ok(Self { writer: RefCell::new(writer), next: RefCell::new(Next::Failed) })
    }

    /// Reads the feed to its end, and completes what was left undone.
    pub fn resume(&self) {
        let next = self.writer.borrow_mut().resume(seed());
        self.next.replace(next);
    }

    /// Begins a publication of the engine as it is now.
    ///
    /// @throws BailiwickError `revision_conflict` before `resume`, `delta_fork`, `missing_field`, `issued_in_future`
    pub fn begin(&self, guard: &Bailiwick) -> Result<(), JsValue> {
        let next = TERMS.answer(self.writer.borrow_mut().begin(&guard.read(), now()?))?;
        self.next.replace(next);
        Ok(())
    }

    /// Tells what came of a request: `found` (with the bytes, or null if there is nothing), `unchanged`, `written`, `refused`, or `failed`.
    ///
    /// @throws BailiwickError for what was found, while the feed is read
    pub fn reply(&self, what: &str, found: &JsValue) -> Result<(), JsValue> {
        let found = Argument::new(found);
        let reply = match what {
            "found" => Reply::Found(found_of(&found, false)),
            "unchanged" => Reply::Found(Found::Unchanged),
            "written" => Reply::Written,
            "refused" => Reply::Refused,
            _ => Reply::Failed,
        };
        let next = answer(self.writer.borrow_mut().reply(reply, now()?))?;
        self.next.replace(next);
        Ok(())
    }

    /// What to do next: `get`, `put`, `delete`, `done`, `failed` or `conflict`.
    #[wasm_bindgen(getter)]
    pub fn todo(&self) -> String {
        let word = match &*self.next.borrow() {
            Next::Get(_) => "get",
            Next::Put(..) => "put",
            Next::Delete(_) => "delete",
            Next::Done(_) => "done",
            Next::Failed => "failed",
            Next::Conflict(_) => "conflict",
        };
        word.to_owned()
    }

    /// The object; undefined for `done` and `failed`.
    #[wasm_bindgen(getter)]
    pub fn key(&self) -> Option<String> {
        let key: Option<Key> = match &*self.next.borrow() {
            Next::Get(look) => Some(look.key),
            Next::Put(key, _) | Next::Delete(key) | Next::Conflict(key) => Some(*key),
            Next::Done(_) | Next::Failed => None,
        };
        key.map(|key| key.to_string())
    }

    /// For `put`: whether there must be no object. Otherwise it must be the one that was seen.
    #[wasm_bindgen(getter, js_name = ifAbsent)]
    pub fn if_absent(&self) -> bool {
        matches!(&*self.next.borrow(), Next::Put(_, Condition::IfAbsent))
    }

    /// For `get`: whether it need only be read if it has changed.
    #[wasm_bindgen(getter, js_name = ifChanged)]
    pub fn if_changed(&self) -> bool {
        matches!(&*self.next.borrow(), Next::Get(look) if look.if_changed)
    }

    /// For `done`: what was written.
    #[wasm_bindgen(getter, unchecked_return_type = "object")]
    pub fn report(&self) -> Result<JsValue, JsValue> {
        let Next::Done(Report { revision, steps, jumps, renewals, snapshots, bytes, deleted, .. }) = *self.next.borrow() else {
            return Ok(JsValue::UNDEFINED);
        };
        plain(&Published { revision, steps, jumps, renewals, snapshots, bytes, deleted })
    }

    /// The bytes to put.
    pub fn body(&self) -> Uint8Array {
        Uint8Array::from(self.writer.borrow().body())
    }

    /// The engine at the newest published state, once after `resume`; undefined if there is no feed.
    #[wasm_bindgen(js_name = takeEngine)]
    pub fn take_engine(&self) -> Option<Bailiwick> {
        self.writer.borrow_mut().take_engine().map(Bailiwick::new)
    }
}
