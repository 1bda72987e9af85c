//! All faults of a document with their positions in the text: for editors, and for checks before documents are used.

use crate::catalogue::error_code::ErrorCode;
use crate::directory::{Directory, replacement_policy};
use crate::input::error::Error;
use crate::input::fault_log::{self, FaultLog};
use crate::input::json;
use crate::input::path::{Path, cut};
use crate::input::position::{MemberPart, Position, position_of_byte, positions};
use crate::input::shape::fields;
use crate::input::value::Value;
use crate::policy::{Policy, PolicyDocument};

/// The most faults that are reported of one document. With this many, there may be more.
pub const MOST_FAULTS: usize = fault_log::MOST_FAULTS;

/// A fault of a document, and where it begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The fault.
    pub error: Error,
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1, in characters.
    pub column: usize,
}

/// The same as [`find_faults`], with the options `{policy?}`.
///
/// # Errors
/// As [`find_faults`]; `wrong_type`, `unknown_field` for the options.
pub fn find_faults_with(text: Option<&[u8]>, options: &Value<'_>) -> Result<Vec<Fault>, Error> {
    let mut policy = None;
    fields!(options, &Path::Root, required [], |field, _at| {
        "policy" => policy = Some(field).filter(|policy| **policy != Value::Null),
    });
    find_faults(text, policy)
}

/// The faults of a directory document, or of a policy document (its `format` decides), in JSON. If there are none, it loads. `policy`, an
/// id or a document, replaces the directory's own. `text` is `None` if the host has passed another type.
///
/// Only the first of these steps that finds faults reports them: JSON, the format, shape, the meaning of the policy, the meaning of the
/// directory. They are in document order, and loading fails with the first. There are at most [`MOST_FAULTS`]. A fault that only follows
/// from another one is left out, unless it is the first.
///
/// # Errors
/// `wrong_type` without a text, and the first fault of `policy`.
pub fn find_faults(text: Option<&[u8]>, policy: Option<&Value<'_>>) -> Result<Vec<Fault>, Error> {
    let bytes = text.ok_or_else(|| Error::new(ErrorCode::WrongType, &Path::Root.field("text"), "expected a document as JSON text"))?;
    // Editors do not show a byte order mark, so it has no column.
    let bytes = json::without_bom(bytes);
    let policy = policy.map(replacement_policy).transpose()?;
    let text = match json::text(bytes) {
        Ok(text) => text,
        Err(error) => return Ok(vec![at(error, position_of_end(bytes))]),
    };
    let log = FaultLog::default();
    let root = Path::Logged(&log);
    let value = match json::read(text, &root) {
        (_, Some(repeated)) => return Ok(located(text, vec![repeated], |_| MemberPart::SecondKey)),
        (Err(fault), None) => return Ok(vec![no_json(text, &fault)]),
        (Ok(value), None) => value,
    };
    let is_policy = PolicyDocument::claims_to_be(&value);
    let end = if is_policy { Policy::find_faults(&value, &root) } else { Directory::find_faults(&value, policy, &root) };
    let mut faults = log.into_faults();
    faults.extend(end.err());
    if !is_policy {
        faults = faults.into_iter().map(|fault| fault.naming_its_entry(&value)).collect();
    }
    // Reading ended with one fault too many.
    faults.truncate(MOST_FAULTS);
    Ok(located(text, faults, |error| if error.code() == ErrorCode::UnknownField { MemberPart::Key } else { MemberPart::Value }))
}

/// Adds the positions of faults. Their pointers are uncut until then.
fn located(text: &str, faults: Vec<Error>, part: impl Fn(&Error) -> MemberPart) -> Vec<Fault> {
    let positions = positions(text, faults.iter().map(|error| (error.path(), part(error))));
    faults.into_iter().map(|error| error.map_path(cut)).zip(positions).map(|(error, position)| at(error, position)).collect()
}

fn at(error: Error, position: Position) -> Fault {
    Fault { error, line: position.line, column: position.column }
}

/// The position of the first byte that is not UTF-8.
fn position_of_end(bytes: &[u8]) -> Position {
    let text = bytes.utf8_chunks().next().map_or("", |chunk| chunk.valid());
    position_of_byte(text, text.len())
}

fn no_json(text: &str, fault: &serde_json::Error) -> Fault {
    let line = text.split_inclusive('\n').take(fault.line().saturating_sub(1)).map(str::len).fold(0, usize::saturating_add);
    // The library counts bytes, including the one at fault.
    let position = position_of_byte(text, line.saturating_add(fault.column()).saturating_sub(1));
    let message = fault.to_string();
    let message = message.strip_suffix(&format!(" at line {} column {}", fault.line(), fault.column())).unwrap_or(&message);
    at(Error::new(ErrorCode::InvalidJson, &Path::Root, format_args!("the document is not JSON: {message}")), position)
}
