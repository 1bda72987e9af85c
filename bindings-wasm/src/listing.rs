//! Listings: the methods that list projects, resources, principals and actions.

use bailiwick::boundary;
use wasm_bindgen::prelude::*;

use crate::answer::plain;
use crate::engine::{Bailiwick, answer, now};
use crate::request;
use crate::value::Encoded;

#[wasm_bindgen]
impl Bailiwick {
    /// The ids of the projects in which a principal has a role, or that an API key reaches, in byte order. With an `action` on projects: those in
    /// which `checkAccess` allows it.
    ///
    /// Without a `limit`, the page has all of them. With one, `next_cursor` is the cursor of the next page, or null on the last one.
    ///
    /// @throws BailiwickError for bad input as `checkAccess`, `cursor_invalid`, `cursor_mismatch` (another listing or other arguments)
    #[wasm_bindgen(js_name = listProjects, unchecked_return_type = "Page")]
    pub fn list_projects(&self, #[wasm_bindgen(unchecked_param_type = "ProjectsRequest")] request: &JsValue) -> Result<JsValue, JsValue> {
        let encoded = Encoded::new(request)?;
        plain(&answer(boundary::list_projects(&self.read(), &request::one(encoded.value()), now()?))?)
    }

    /// The resources on which `checkAccess` allows a principal an action, as references in byte order.
    ///
    /// @throws BailiwickError as `listProjects`
    #[wasm_bindgen(js_name = listResources, unchecked_return_type = "Page<ReferenceText>")]
    pub fn list_resources(&self, #[wasm_bindgen(unchecked_param_type = "ResourcesRequest")] request: &JsValue) -> Result<JsValue, JsValue> {
        let encoded = Encoded::new(request)?;
        plain(&answer(boundary::list_resources(&self.read(), &request::one(encoded.value()), now()?))?)
    }

    /// The principals whom `checkAccess` allows an action on a resource, as references in byte order.
    ///
    /// @throws BailiwickError as `listProjects`
    #[wasm_bindgen(js_name = listPrincipals, unchecked_return_type = "Page<ReferenceText>")]
    pub fn list_principals(
        &self,
        #[wasm_bindgen(unchecked_param_type = "PrincipalsRequest")] request: &JsValue,
    ) -> Result<JsValue, JsValue> {
        let encoded = Encoded::new(request)?;
        plain(&answer(boundary::list_principals(&self.read(), &request::one(encoded.value()), now()?))?)
    }

    /// Every action that `checkAccess` allows a principal on a resource, in byte order; always the whole list.
    ///
    /// @throws BailiwickError for bad input as `checkAccess`
    #[wasm_bindgen(js_name = listActions, unchecked_return_type = "Page")]
    pub fn list_actions(&self, #[wasm_bindgen(unchecked_param_type = "ActionsRequest")] request: &JsValue) -> Result<JsValue, JsValue> {
        let encoded = Encoded::new(request)?;
        plain(&answer(boundary::list_actions(&self.read(), &request::one(encoded.value()), now()?))?)
    }
}
