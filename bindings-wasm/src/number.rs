//! Numbers instead of names, for `known.js`: what a host keeps of what it has asked about.

use bailiwick::Instant;
use bailiwick::boundary::{self, Field, OrdinalRequest, UNKNOWN};
use wasm_bindgen::prelude::*;

use crate::answer::plain;
use crate::engine::{Bailiwick, answer};
use crate::scratch;

/// What can be no name; the general way says what is wrong with it. (Names have numbers that are not negative, and -1 where they are unknown.)
const NO_NAME: i32 = -2;

/// The numbers were given before a change, or the instant is none: to be asked the general way. No outcome has this bit.
const ASK_AGAIN: u32 = 1 << 31;

#[wasm_bindgen]
impl Bailiwick {
    /// What numbers hold for. Each change makes it another one.
    #[wasm_bindgen(getter, skip_typescript)]
    pub fn state(&self) -> u32 {
        self.state.get()
    }

    /// The number of the name of so many bytes in the scratch.
    #[wasm_bindgen(js_name = numberOf, skip_typescript)]
    pub fn number_of(&self, field: u32, length: usize) -> i32 {
        let field = match field {
            0 => Field::Principal,
            1 => Field::Action,
            2 => Field::Resource,
            _ => Field::Surface,
        };
        let number = scratch::read(length, |name| boundary::ordinal_of(&self.read(), field, name).ok());
        number.flatten().map_or(NO_NAME, u32::cast_signed)
    }

    /// Whether numbers that hold for `state` are allowed: 1, or 0.
    #[wasm_bindgen(skip_typescript)]
    pub fn allows(&self, state: u32, principal: u32, action: u32, resource: u32, at: f64) -> u32 {
        match (Instant::from_number(at), self.directory.try_borrow()) {
            (Some(at), Ok(directory)) if state == self.state.get() => {
                let request = OrdinalRequest { principal, action, resource, surface: UNKNOWN };
                boundary::is_allowed(&directory, request, at).map_or(ASK_AGAIN, u32::from)
            }
            _ => ASK_AGAIN,
        }
    }

    /// What is decided on numbers that hold for `state`.
    #[wasm_bindgen(skip_typescript)]
    pub fn outcome(&self, state: u32, principal: u32, action: u32, resource: u32, surface: u32, at: f64) -> u32 {
        let request = OrdinalRequest { principal, action, resource, surface };
        match (Instant::from_number(at), self.directory.try_borrow()) {
            (Some(at), Ok(directory)) if state == self.state.get() => boundary::outcome(&directory, request, at),
            _ => ASK_AGAIN,
        }
    }

    /// The decision that this outcome stands for. Undefined where there is no outcome.
    #[wasm_bindgen(skip_typescript)]
    pub fn decision(&self, state: u32, principal: u32, action: u32, resource: u32, surface: u32, at: f64) -> Result<JsValue, JsValue> {
        let request = OrdinalRequest { principal, action, resource, surface };
        match Instant::from_number(at) {
            Some(at) if state == self.state.get() => plain(&answer(boundary::check_access(&self.read(), request, at))?),
            _ => Ok(JsValue::UNDEFINED),
        }
    }
}
