//! Lone surrogates in the keys of a JSON text. A JSON parser fails at them even in keys that are ignored. So each such key is renamed to
//! one that no request has, and the text is parsed again. This runs only after parsing has failed.

/// Replaces each lone surrogate in a key with `\u0000`; `None` if there is none.
pub(crate) fn without_lone_surrogates_in_keys(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    let (mut written, mut copied) = (String::new(), 0);
    let mut position = 0;
    while let Some(start) = find(bytes, position, |byte| byte == b'"') {
        let (end, halves) = string(bytes, start.saturating_add(1));
        position = end;
        let is_key = find(bytes, end, |byte| !byte.is_ascii_whitespace()).is_some_and(|next| bytes.get(next) == Some(&b':'));
        for half in halves.into_iter().filter(|_| is_key) {
            written.push_str(text.get(copied..half)?);
            written.push_str("\\u0000");
            copied = half.saturating_add(ESCAPE);
        }
    }
    (copied > 0).then(|| written + text.get(copied..).unwrap_or_default())
}

/// The length of `\ud800`.
const ESCAPE: usize = 6;

fn find(bytes: &[u8], from: usize, is_it: impl Fn(u8) -> bool) -> Option<usize> {
    bytes.iter().skip(from).position(|byte| is_it(*byte)).map(|offset| from.saturating_add(offset))
}

/// The end of the string that begins here, and the offsets of its lone surrogates.
fn string(bytes: &[u8], mut position: usize) -> (usize, Vec<usize>) {
    let mut halves = Vec::new();
    loop {
        match bytes.get(position) {
            None => return (position, halves),
            Some(b'"') => return (position.saturating_add(1), halves),
            Some(b'\\') => match (unit(bytes, position), unit(bytes, position.saturating_add(ESCAPE))) {
                (Some(0xD800..=0xDBFF), Some(0xDC00..=0xDFFF)) => position = position.saturating_add(2 * ESCAPE),
                (Some(0xD800..=0xDFFF), _) => {
                    halves.push(position);
                    position = position.saturating_add(ESCAPE);
                }
                _ => position = position.saturating_add(2),
            },
            Some(_) => position = position.saturating_add(1),
        }
    }
}

/// The UTF-16 code unit that is escaped here.
fn unit(bytes: &[u8], position: usize) -> Option<u16> {
    let digits = bytes.get(position..)?.strip_prefix(b"\\u")?.get(..4)?;
    digits.iter().try_fold(0_u16, |unit, digit| Some(unit << 4 | u16::try_from(char::from(*digit).to_digit(16)?).ok()?))
}

#[cfg(test)]
mod tests {
    use super::without_lone_surrogates_in_keys;

    #[test]
    fn halves_in_keys_alone_are_replaced() {
        for (text, expected) in [
            (r#"{"\ud800":1,"a":"\ud800"}"#, Some(r#"{"\u0000":1,"a":"\ud800"}"#)),
            (r#"{"x\uDC00y" : {"b\ud800\ud801":2}}"#, Some(r#"{"x\u0000y" : {"b\u0000\u0000":2}}"#)),
            (r#"{"\ud83d\ude42":1}"#, None),
            (r#"{"\\ud800":1,"\"\\":"\ud800"}"#, None),
            (r#"["\ud800", "\ud800"]"#, None),
            (r#"{"\ud800"#, None),
            (r#"{"\ud80":1}"#, None),
            ("\"\\", None),
            ("", None),
        ] {
            assert_eq!(without_lone_surrogates_in_keys(text).as_deref(), expected, "{text}");
        }
    }
}
