//! The numbers that the module and the package's JavaScript share. The build step puts them into the JavaScript that imports them.

use bailiwick::{Value, boundary};

/// Defines constants, and the list of them for the build step.
macro_rules! constants {
    ($($(#[$doc:meta])* $name:ident: $type:ty = $value:expr;)*) => {
        $($(#[$doc])* pub(crate) const $name: $type = $value;)*

        /// Every constant, as an expression of JavaScript.
        pub(crate) fn all() -> Vec<(&'static str, String)> {
            vec![$((stringify!($name), $name.to_string())),*]
        }
    };
}

constants! {
    // The field of a question: `boundary::Field`.
    PRINCIPAL: u32 = 0;
    ACTION: u32 = 1;
    RESOURCE: u32 = 2;
    SURFACE: u32 = 3;

    /// The number of an unknown name. As a surface, it is the principal's default.
    UNKNOWN: i32 = boundary::UNKNOWN.cast_signed();
    /// The number of a text that cannot be a name; the general path says what is wrong with it.
    NO_NAME: i32 = -2;
    /// The bit of a principal's number that says that their answers depend on the time.
    TIMED: u32 = boundary::TIMED;
    /// The bit of an outcome that says that organization and project are those of the resource.
    SCOPED: u32 = boundary::SCOPED;
    /// Instead of an outcome: the numbers are from before a change, or the instant is not valid. No outcome has this bit.
    ASK_AGAIN: u32 = 1 << 31;

    // The tags of encoded values.
    NULL: u8 = 0;
    FALSE: u8 = 1;
    TRUE: u8 = 2;
    NUMBER: u8 = 3;
    INSTANT: u8 = 4;
    TEXT: u8 = 5;
    UNUSABLE_TEXT: u8 = 6;
    LIST: u8 = 7;
    OBJECT: u8 = 8;
    TOO_DEEP: u8 = 9;
    FOREIGN: u8 = 10;

    // The types of foreign values.
    NOT_FINITE: u8 = 0;
    UNDEFINED: u8 = 1;
    FUNCTION: u8 = 2;
    SYMBOL: u8 = 3;
    BIGINT: u8 = 4;
    NOT_PLAIN: u8 = 5;
    ILL_FORMED_KEY: u8 = 6;
    THROWS: u8 = 7;

    /// The greatest depth of values.
    MAX_DEPTH: usize = Value::MAX_DEPTH;
}
