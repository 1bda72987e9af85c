//! The class `Bailiwick`: loading, access and attribution. Other files add its other methods.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use bailiwick::{Directory, Error, ErrorCode, Instant, boundary};
use js_sys::Date;
use wasm_bindgen::prelude::*;
use wasm_bindgen::throw_str;

use crate::answer::{document, plain, plain_rows};
use crate::bytes::seed;
use crate::error::{raised, thrown};
use crate::options::Options;
use crate::request;
use crate::reservation::{OF_A_DOCUMENT, reserve};
use crate::value::{Encoded, json_of};

// The types of the class's signatures, and the method that `engine.js` adds, whose two forms a Rust signature cannot express.
#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
import type { AuthzenApi } from "./codes.js";
import type {
  AccessRequest, ActionsRequest, ApiKeySecret, ApplyDeltaOptions, Attribution, AttributionRows, AuthenticatedKey, AuthzenOptions, Change,
  ChangeOptions, Decision, DeltaOptions, DirectoryDocument, Explanation, Fault, FindFaultsOptions, Finding, FindingsOptions, FromJson,
  FromSnapshotOptions, Impact, ImpactOptions, Imported, InstantInput, NewApiKeyOptions, Options, Page, PolicyAnalysis, PolicyDocument, Preview,
  PrincipalsRequest, ProjectsRequest, QuarantinedOrganization, ReconcileOptions, Reconciliation, Reference, ReferenceText, ResourcesRequest,
  ReviewOptions, ReviewRow, SnapshotOptions, Usage, UsageExplanation, WithPolicyOptions,
} from "./types.js";

// As in TypeScript's `esnext.disposable`, which not every project includes.
declare global {
  interface SymbolConstructor {
    /** The name of the method that frees an object. */
    readonly dispose: unique symbol;
  }
}

export interface Bailiwick {
  /**
   * Whether a principal may do an action on a resource: `checkAccess(…).allowed`, and the fastest way to ask. It is fastest with strings, since
   * recent strings are cached as numbers.
   *
   * @param at the instant; now by default
   * @throws BailiwickError as `checkAccess`
   */
  isAllowed(principal: Reference, action: string, resource: Reference, at?: InstantInput): boolean;
  /** The same for a whole request. */
  isAllowed(request: AccessRequest): boolean;
  /** Throws a TypeError: an engine is not its data. `JSON.stringify(guard.toDirectory())` writes the directory, and `toSnapshot()` makes bytes of it. */
  toJSON(): never;
}
"#;

/// The engine: one directory at one revision, with one policy. It answers from memory.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Bailiwick {
    // A JavaScript exception skips Rust's destructors. So nothing is borrowed while JavaScript is called: arguments and the clock are read
    // before, and answers are written from an `Rc` of their own.
    pub(crate) directory: RefCell<Rc<Directory>>,
    /// The number of changes: numbers of names are valid for one value of it.
    pub(crate) generation: Cell<u32>,
}

/// The options of `fromDirectory`.
const LOADING: Options = Options { read: &["maxBytes", "maxValues"], apart: &[] };

/// The error if code of the host calls the engine during a change.
const BUSY: &str = "the engine is in the middle of a change";

impl Bailiwick {
    pub(crate) fn new(directory: Directory) -> Self {
        Self { directory: RefCell::new(Rc::new(directory)), generation: Cell::new(0) }
    }

    /// The directory to answer from.
    pub(crate) fn read(&self) -> Rc<Directory> {
        match self.directory.try_borrow() {
            Ok(directory) => Rc::clone(&directory),
            Err(_) => throw_str(BUSY),
        }
    }

    /// Replaces the directory.
    pub(crate) fn replace(&self, directory: Directory) {
        self.generation.set(self.generation.get().wrapping_add(1));
        self.directory.replace(Rc::new(directory));
    }

    /// Changes the directory. Meanwhile, only the host's SHA-256 is called, which catches its own exceptions.
    pub(crate) fn write<T>(&self, options: Options, change: impl FnOnce(&mut Directory) -> Result<T, Error>) -> Result<T, JsValue> {
        let Ok(mut directory) = self.directory.try_borrow_mut() else { throw_str(BUSY) };
        self.generation.set(self.generation.get().wrapping_add(1));
        // If writing an answer has thrown, an `Rc` is left over; then the directory is copied once.
        let changed = change(Rc::make_mut(&mut directory));
        drop(directory);
        options.answer(changed)
    }
}

#[wasm_bindgen]
impl Bailiwick {
    /// Loads a directory document: an object, or its JSON as text or UTF-8 bytes. A document with a fault is not loaded. With `quarantine`, an
    /// organization with a fault is left out and listed in `quarantined`, and only a fault outside organizations refuses the document.
    ///
    /// @throws BailiwickError with the first fault: `invalid_json`, `unsupported_format`, `missing_field`, `unknown_field`, `wrong_type`,
    /// `invalid_id`, `invalid_timestamp`, `invalid_digest`, `limit_exceeded`, and then contradictions (`duplicate_id`, `unknown_role`, …)
    #[wasm_bindgen(js_name = fromDirectory)]
    pub fn from_directory(
        #[wasm_bindgen(unchecked_param_type = "DirectoryDocument | string | Uint8Array")] document: &JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "Options")] options: &JsValue,
    ) -> Result<Self, JsValue> {
        let encoded = Encoded::new(options)?;
        let options = LOADING.of(encoded.value())?;
        let directory = match json_of(document)? {
            Some(json) => {
                reserve(json.len(), OF_A_DOCUMENT);
                boundary::load_directory_with(&*json, &options, seed())
            }
            None => {
                let encoded = Encoded::new(document)?;
                reserve(encoded.len(), OF_A_DOCUMENT);
                boundary::load_directory_with(&encoded.value(), &options, seed())
            }
        };
        LOADING.answer(directory).map(Self::new)
    }

    /// Whether a principal may do an action on a resource, and why (rules A1 to A30). A denial is an answer, never an error.
    ///
    /// @throws BailiwickError `missing_field`, `unknown_field`, `wrong_type`, `invalid_reference`, `invalid_id`, `invalid_timestamp`,
    /// `unknown_surface`, `limit_exceeded`
    #[wasm_bindgen(js_name = checkAccess, unchecked_return_type = "Decision")]
    pub fn check_access(&self, #[wasm_bindgen(unchecked_param_type = "AccessRequest")] request: &JsValue) -> Result<JsValue, JsValue> {
        let encoded = Encoded::new(request)?;
        plain(&answer(boundary::check_access(&self.read(), &request::one(encoded.value()), now()?))?)
    }

    /// Decides on a list of requests, one after the other.
    ///
    /// @throws BailiwickError as `checkAccess`, for the first bad request; the path begins with its index in the list
    #[wasm_bindgen(js_name = checkMany, unchecked_return_type = "Decision[]")]
    pub fn check_many(
        &self,
        #[wasm_bindgen(unchecked_param_type = "readonly AccessRequest[]")] requests: &JsValue,
    ) -> Result<JsValue, JsValue> {
        let encoded = Encoded::new(requests)?;
        plain(&answer(boundary::check_many(&self.read(), &request::list(encoded.value()), now()?))?)
    }

    /// Attributes usage to an organization and a project, and says where the platform books it (rules B1 to B6).
    ///
    /// @throws BailiwickError as `checkAccess`, and `unknown_principal`, `unknown_kind`, `unknown_project`, `unknown_resource`, `kind_mismatch`,
    /// `project_mismatch`, `project_required`
    #[wasm_bindgen(unchecked_return_type = "Attribution")]
    pub fn attribute(&self, #[wasm_bindgen(unchecked_param_type = "Usage")] usage: &JsValue) -> Result<JsValue, JsValue> {
        let encoded = Encoded::new(usage)?;
        plain(&answer(boundary::attribute(&self.read(), &request::one(encoded.value()), now()?))?)
    }

    /// Attributes a list of usages, one answer per row. A row that cannot be attributed gets its error code as reason; `unattributed`
    /// counts them.
    ///
    /// @throws BailiwickError `wrong_type` if it is not a list
    #[wasm_bindgen(js_name = attributeMany, unchecked_return_type = "AttributionRows")]
    pub fn attribute_many(&self, #[wasm_bindgen(unchecked_param_type = "readonly Usage[]")] usages: &JsValue) -> Result<JsValue, JsValue> {
        let encoded = Encoded::new(usages)?;
        let directory = self.read();
        let answers = answer(boundary::attribute_many(&directory, &request::list(encoded.value()), now()?))?;
        plain_rows(&answers.rows, answers.unattributed)
    }

    /// The directory as a document. Loading it gives the same answers.
    #[wasm_bindgen(js_name = toDirectory, unchecked_return_type = "DirectoryDocument")]
    pub fn to_directory(&self) -> Result<JsValue, JsValue> {
        document(&self.read().to_document())
    }

    /// The revision of the directory: each change adds one.
    #[wasm_bindgen(getter)]
    #[expect(clippy::cast_precision_loss, reason = "the core admits no revision beyond 2^53 - 1")]
    pub fn revision(&self) -> f64 {
        self.read().revision() as f64
    }

    /// The hash of the directory and its policy: 64 hexadecimal digits, equal for equal directories, whatever changes led there. Revision and age are
    /// not part of it. Two copies at one revision with different hashes have drifted apart.
    #[wasm_bindgen(getter)]
    pub fn state(&self) -> String {
        boundary::state(&self.read())
    }

    /// The id of the policy.
    #[wasm_bindgen(getter)]
    pub fn policy(&self) -> String {
        self.read().policy_id().to_owned()
    }

    /// The organizations that were left out because they have a fault, with `quarantine`, in document order. Empty if nothing was left out.
    #[wasm_bindgen(getter, unchecked_return_type = "QuarantinedOrganization[]")]
    pub fn quarantined(&self) -> Result<JsValue, JsValue> {
        let directory = self.read();
        plain(&directory.quarantined().unwrap_or_default())
    }

    /// When the directory was issued (RFC 3339, UTC); null if it does not say.
    #[wasm_bindgen(getter, js_name = issuedAt, unchecked_return_type = "string | null")]
    pub fn issued_at(&self) -> JsValue {
        self.read().issued_at().map_or(JsValue::NULL, |instant| instant.to_string().into())
    }

    /// The last instant at which the directory answers (RFC 3339, UTC): after it every question is denied, as `snapshot_stale`. Null if it
    /// never becomes stale, since it has no `issued_at` or no `max_age_seconds`.
    #[wasm_bindgen(getter, js_name = freshUntil, unchecked_return_type = "string | null")]
    pub fn fresh_until(&self) -> JsValue {
        self.read().fresh_until().map_or(JsValue::NULL, |instant| instant.to_string().into())
    }

    /// Whether the directory is stale: then every question is denied, as `snapshot_stale` (A1).
    ///
    /// @param at the instant; now by default
    /// @throws BailiwickError `wrong_type`, `invalid_timestamp`
    #[wasm_bindgen(js_name = isStale)]
    pub fn is_stale(
        &self,
        #[wasm_bindgen(unchecked_optional_param_type = "InstantInput | null", js_name = at)] at: &JsValue,
    ) -> Result<bool, JsValue> {
        let encoded = Encoded::new(at)?;
        answer(boundary::is_stale(&self.read(), &request::optional_instant(encoded.value()), now()?))
    }
}

pub(crate) fn answer<T>(result: Result<T, Error>) -> Result<T, JsValue> {
    result.map_err(|error| thrown(&error))
}

/// The default of `at`.
pub(crate) fn now() -> Result<Instant, JsValue> {
    let unusable = || raised(ErrorCode::InvalidTimestamp, "/at", "the clock of this host gives no usable time");
    Instant::from_unix_milliseconds(Date::now()).ok_or_else(unusable)
}
