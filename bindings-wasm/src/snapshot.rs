//! Snapshots and deltas: the methods that write and read them.

use bailiwick::boundary;
use js_sys::Uint8Array;
use wasm_bindgen::prelude::*;

use crate::bytes::{Argument, PublicKeys, seed};
use crate::engine::{Bailiwick, now};
use crate::options::Options;
use crate::value::Encoded;

const SIGNING_KEY: &str = "signingKey";
const SEAL: Options = Options { read: &["issuedAt", "maxAgeSeconds"], apart: &[SIGNING_KEY] };
const TRUST: Options = Options { read: &[], apart: &PublicKeys::NAMES };

#[wasm_bindgen]
impl Bailiwick {
    /// Loads a snapshot, which is far faster than loading a document. With `publicKey`, that key must have signed the snapshot, and every
    /// delta that is applied later; with `publicKeys`, any one of them. A snapshot with an `issued_at` more than 300 seconds in the future
    /// is refused.
    ///
    /// @throws BailiwickError `snapshot_corrupt`, `snapshot_version`, `signature_missing`, `signature_invalid`, `issued_in_future`, `wrong_type`
    #[wasm_bindgen(js_name = fromSnapshot)]
    pub fn from_snapshot(
        #[wasm_bindgen(unchecked_param_type = "Uint8Array | ArrayBuffer")] bytes: &JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "FromSnapshotOptions", js_name = options)] choices: &JsValue,
    ) -> Result<Self, JsValue> {
        let (bytes, keys, encoded) = (Argument::new(bytes), PublicKeys::new(choices), Encoded::new(choices)?);
        let choices = TRUST.of(encoded.value())?;
        TRUST.answer(boundary::directory_from_snapshot(bytes.bytes(), &choices, &keys.as_keys(), seed(), now()?)).map(Self::new)
    }

    /// The directory and its policy as bytes. Equal directories give equal bytes everywhere.
    ///
    /// Without an instant of issue and a greatest age, from the options or the directory, a snapshot never becomes stale: if no newer one
    /// arrives, removed users keep their access.
    ///
    /// With `organizations`, the snapshot contains only these, and the users that they need. It answers every question about them as the whole
    /// does. Such a copy takes no deltas (`delta_fork`): send it a new snapshot.
    ///
    /// @example guard.toSnapshot({ organizations: ["org_acme"], digests: false, maxAgeSeconds: 300 })
    /// @throws BailiwickError for bad options, and `not_found` for an organization that does not exist
    #[wasm_bindgen(js_name = toSnapshot)]
    pub fn to_snapshot(
        &self,
        #[wasm_bindgen(unchecked_optional_param_type = "SnapshotOptions", js_name = options)] choices: &JsValue,
    ) -> Result<Uint8Array, JsValue> {
        let (key, encoded) = (Argument::option(choices, SIGNING_KEY), Encoded::new(choices)?);
        let choices = SEAL.of(encoded.value())?;
        let bytes = SEAL.answer(boundary::to_snapshot(&self.read(), &choices, key.bytes()))?;
        Ok(Uint8Array::from(bytes.as_slice()))
    }

    /// The changes since a revision at which a snapshot or delta was made or loaded here, for copies at that revision. Since the present
    /// revision there are none: such a delta renews the age of the copies.
    ///
    /// @throws BailiwickError `delta_gap` if the history does not reach back to that revision: make a snapshot instead
    #[wasm_bindgen(js_name = toDelta)]
    pub fn to_delta(
        &self,
        #[wasm_bindgen(unchecked_param_type = "number")] since: &JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "DeltaOptions", js_name = options)] choices: &JsValue,
    ) -> Result<Uint8Array, JsValue> {
        let (key, since, encoded) = (Argument::option(choices, SIGNING_KEY), Encoded::new(since)?, Encoded::new(choices)?);
        let choices = SEAL.of(encoded.value())?;
        let bytes = SEAL.answer(boundary::to_delta(&self.read(), &since.value(), &choices, key.bytes()))?;
        Ok(Uint8Array::from(bytes.as_slice()))
    }

    /// Applies a delta completely or not at all, takes over its age, and returns the new revision.
    ///
    /// @throws BailiwickError `delta_gap`, `delta_fork`, `snapshot_corrupt`, `snapshot_version`, `signature_missing`, `signature_invalid`,
    /// `issued_in_future`, `wrong_type`
    #[wasm_bindgen(js_name = applyDelta)]
    #[expect(clippy::cast_precision_loss, reason = "the core admits no revision beyond 2^53 - 1")]
    pub fn apply_delta(
        &self,
        #[wasm_bindgen(unchecked_param_type = "Uint8Array | ArrayBuffer")] bytes: &JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "ApplyDeltaOptions", js_name = options)] choices: &JsValue,
    ) -> Result<f64, JsValue> {
        let (bytes, keys, encoded) = (Argument::new(bytes), PublicKeys::new(choices), Encoded::new(choices)?);
        let (choices, keys, now) = (TRUST.of(encoded.value())?, keys.as_keys(), now()?);
        let revision = self.write(TRUST, |directory| boundary::apply_delta(directory, bytes.bytes(), &choices, &keys, now))?;
        Ok(revision as f64)
    }
}

/// The public key of a signing key, which verifies its signatures.
///
/// @throws BailiwickError `wrong_type` if it is not 32 bytes
#[wasm_bindgen(js_name = publicKeyOf)]
#[expect(unreachable_pub, reason = "JavaScript reaches it")]
pub fn public_key_of(
    #[wasm_bindgen(unchecked_param_type = "Uint8Array | ArrayBuffer", js_name = signingKey)] signing_key: &JsValue,
) -> Result<Uint8Array, JsValue> {
    let key = SEAL.answer(boundary::public_key_of(Argument::new(signing_key).bytes()))?;
    Ok(Uint8Array::from(key.as_slice()))
}
