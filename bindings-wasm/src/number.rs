//! The fast path, for `fast_path.js`: questions in numbers instead of names.

use bailiwick::Instant;
use bailiwick::boundary::{self, Field, OrdinalRequest, UNKNOWN};
use wasm_bindgen::prelude::*;

use crate::answer::plain;
use crate::constants::{ACTION, ASK_AGAIN, NO_NAME, PRINCIPAL, RESOURCE};
use crate::engine::{Bailiwick, answer};
use crate::name_buffer;

#[wasm_bindgen]
impl Bailiwick {
    /// The generation of the directory for which numbers are valid. Each change increments it.
    #[wasm_bindgen(getter, skip_typescript)]
    pub fn generation(&self) -> u32 {
        self.generation.get()
    }

    /// The number of the name of that length in the name buffer.
    #[wasm_bindgen(js_name = numberOf, skip_typescript)]
    pub fn number_of(&self, field: u32, length: usize) -> i32 {
        let field = match field {
            PRINCIPAL => Field::Principal,
            ACTION => Field::Action,
            RESOURCE => Field::Resource,
            _ => Field::Surface,
        };
        let number = name_buffer::read(length, |name| boundary::ordinal_of(&self.read(), field, name).ok());
        number.flatten().map_or(NO_NAME, u32::cast_signed)
    }

    /// Whether the request in numbers that are valid for `generation` is allowed: 1, or 0.
    #[wasm_bindgen(skip_typescript)]
    pub fn allows(&self, generation: u32, principal: u32, action: u32, resource: u32, at: f64) -> u32 {
        match (Instant::from_number(at), self.directory.try_borrow()) {
            (Some(at), Ok(directory)) if generation == self.generation.get() => {
                let request = OrdinalRequest { principal, action, resource, surface: UNKNOWN };
                boundary::is_allowed(&directory, request, at).map_or(ASK_AGAIN, u32::from)
            }
            _ => ASK_AGAIN,
        }
    }

    /// The outcome of the request in numbers that are valid for `generation`.
    #[wasm_bindgen(skip_typescript)]
    pub fn outcome(&self, generation: u32, principal: u32, action: u32, resource: u32, surface: u32, at: f64) -> u32 {
        let request = OrdinalRequest { principal, action, resource, surface };
        match (Instant::from_number(at), self.directory.try_borrow()) {
            (Some(at), Ok(directory)) if generation == self.generation.get() => boundary::outcome(&directory, request, at),
            _ => ASK_AGAIN,
        }
    }

    /// The decision that this outcome stands for; undefined if there is no outcome.
    #[wasm_bindgen(skip_typescript)]
    pub fn decision(&self, generation: u32, principal: u32, action: u32, resource: u32, surface: u32, at: f64) -> Result<JsValue, JsValue> {
        let request = OrdinalRequest { principal, action, resource, surface };
        match Instant::from_number(at) {
            Some(at) if generation == self.generation.get() => plain(&answer(boundary::check_access(&self.read(), request, at))?),
            _ => Ok(JsValue::UNDEFINED),
        }
    }
}
