//! Positions: the line and column of values in a JSON text, found by their pointers in one pass.
//!
//! The JSON reader records no positions, and loading needs none. So the text is scanned again, only if it has faults. Values on no path to
//! a fault are skipped.

use std::borrow::Cow;
use std::collections::BTreeMap;

/// A line and a column, both counted from 1. Columns count characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Position {
    pub(crate) line: usize,
    pub(crate) column: usize,
}

const BEGINNING: Position = Position { line: 1, column: 1 };

/// The part of a member whose position is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MemberPart {
    Value,
    Key,
    /// The second key of that name.
    SecondKey,
}

/// The position of every pointer, in the order of the pointers. A pointer that leads nowhere is at the beginning. The text up to each of
/// them must be valid JSON.
pub(crate) fn positions<'w>(text: &str, wanted: impl IntoIterator<Item = (&'w str, MemberPart)>) -> Vec<Position> {
    let mut root = WantedNode::default();
    let mut positions = Vec::new();
    for (number, (pointer, part)) in wanted.into_iter().enumerate() {
        let names = pointer.split('/').skip(1).map(|name| Cow::Owned(name.replace("~1", "/").replace("~0", "~")));
        let node = names.fold(&mut root, |node, name| node.below.entry(name).or_default());
        node.wanted.push((number, part));
        positions.push(BEGINNING);
    }
    let mut walk = Scanner { text, at: 0, left: positions.len(), lines: LineCounter::new(text), positions };
    walk.value(Some(&mut root));
    walk.positions
}

/// The position of the character that contains the byte at `offset`.
pub(crate) fn position_of_byte(text: &str, offset: usize) -> Position {
    let start = (0..=offset.min(text.len())).rev().find(|start| text.is_char_boundary(*start));
    LineCounter::new(text).advance(start.unwrap_or(0))
}

/// A value whose position is wanted, or that contains one.
#[derive(Default)]
struct WantedNode<'w> {
    /// The indices of the pointers that lead here, and the wanted part.
    wanted: Vec<(usize, MemberPart)>,
    below: BTreeMap<Cow<'w, str>, WantedNode<'w>>,
    is_passed: bool,
}

/// Counts lines and characters, forward only.
struct LineCounter<'t> {
    rest: &'t str,
    offset: usize,
    position: Position,
}

impl<'t> LineCounter<'t> {
    const fn new(text: &'t str) -> Self {
        Self { rest: text, offset: 0, position: BEGINNING }
    }

    fn advance(&mut self, offset: usize) -> Position {
        if let Some((passed, rest)) = self.rest.split_at_checked(offset.saturating_sub(self.offset)) {
            let Position { line, column } = &mut self.position;
            for character in passed.chars() {
                (*line, *column) = if character == '\n' { (line.saturating_add(1), 1) } else { (*line, column.saturating_add(1)) };
            }
            (self.rest, self.offset) = (rest, offset);
        }
        self.position
    }
}

/// Scans a text from its beginning. It validates nothing, since the text has been parsed before.
struct Scanner<'t> {
    text: &'t str,
    at: usize,
    /// How many positions are still wanted.
    left: usize,
    lines: LineCounter<'t>,
    positions: Vec<Position>,
}

impl<'t> Scanner<'t> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn step(&mut self) {
        self.at = self.at.saturating_add(1);
    }

    /// Advances to the first byte that is not skipped.
    fn skip(&mut self, is_skipped: impl Fn(u8) -> bool) {
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        self.at = self.at.saturating_add(rest.iter().position(|byte| !is_skipped(*byte)).unwrap_or(rest.len()));
    }

    fn skip_space(&mut self) {
        self.skip(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n'));
    }

    /// Consumes a byte if it is the next one.
    fn takes(&mut self, byte: u8) -> bool {
        let takes = self.peek() == Some(byte);
        if takes {
            self.step();
        }
        takes
    }

    /// Records the position of the wanted pointers that begin here.
    fn note(&mut self, wanted: &[(usize, MemberPart)], part: MemberPart) {
        for (number, _) in wanted.iter().filter(|(_, other)| *other == part) {
            if let Some(position) = self.positions.get_mut(*number) {
                *position = self.lines.advance(self.at);
                self.left = self.left.saturating_sub(1);
            }
        }
        if self.left == 0 {
            self.at = self.text.len();
        }
    }

    /// Scans a value. Skips it unless it contains something wanted.
    fn value(&mut self, node: Option<&mut WantedNode<'_>>) {
        self.skip_space();
        let Some(node) = node else { return self.skip_value() };
        self.note(&node.wanted, MemberPart::Value);
        match self.peek() {
            Some(b'{') => self.object(node),
            Some(b'[') => self.list(node),
            _ => self.skip_value(),
        }
    }

    fn object(&mut self, node: &mut WantedNode<'_>) {
        self.step();
        self.skip_space();
        while self.peek() == Some(b'"') {
            let start = self.at;
            let name = self.string();
            let end = std::mem::replace(&mut self.at, start);
            let mut found = node.below.get_mut(name.as_ref());
            if let Some(child) = &mut found {
                let is_second = std::mem::replace(&mut child.is_passed, true);
                self.note(&child.wanted, if is_second { MemberPart::SecondKey } else { MemberPart::Key });
            }
            self.at = self.at.max(end);
            self.skip_space();
            self.takes(b':');
            self.value(found);
            self.skip_space();
            self.takes(b',');
            self.skip_space();
        }
        self.takes(b'}');
    }

    fn list(&mut self, node: &mut WantedNode<'_>) {
        self.step();
        let mut wanted: Vec<_> = node.below.iter_mut().filter_map(|(name, node)| Some((name.parse::<usize>().ok()?, node))).collect();
        wanted.sort_by_key(|(index, _)| *index);
        let mut wanted = wanted.into_iter().peekable();
        for index in 0_usize.. {
            self.skip_space();
            if self.peek().is_none_or(|byte| byte == b']') {
                break;
            }
            self.value(wanted.next_if(|(number, _)| *number == index).map(|(_, node)| node));
            self.skip_space();
            if !self.takes(b',') {
                break;
            }
        }
        self.takes(b']');
    }

    fn skip_value(&mut self) {
        let mut depth = 0_usize;
        loop {
            match self.peek() {
                None => return,
                Some(b'"') => self.skip_string(),
                Some(b'{' | b'[') => {
                    depth = depth.saturating_add(1);
                    self.step();
                }
                Some(b'}' | b']') if depth > 0 => {
                    depth = depth.saturating_sub(1);
                    self.step();
                }
                Some(_) if depth > 0 => self.step(),
                Some(_) => self.skip(|byte| !matches!(byte, b',' | b'}' | b']' | b' ' | b'\t' | b'\r' | b'\n')),
            }
            if depth == 0 {
                return;
            }
        }
    }

    fn skip_string(&mut self) {
        self.step();
        loop {
            self.skip(|byte| !matches!(byte, b'"' | b'\\'));
            if self.takes(b'\\') {
                self.step();
            } else {
                return self.step();
            }
        }
    }

    /// A string, unescaped.
    fn string(&mut self) -> Cow<'t, str> {
        let start = self.at;
        self.skip_string();
        let quoted = self.text.get(start..self.at).unwrap_or_default();
        let plain = quoted.get(1..quoted.len().saturating_sub(1)).unwrap_or_default();
        if plain.contains('\\') { Cow::Owned(serde_json::from_str(quoted).unwrap_or_default()) } else { Cow::Borrowed(plain) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(text: &str, pointer: &str, part: MemberPart) -> (usize, usize) {
        let found = positions(text, [(pointer, part)]);
        assert_eq!(found.len(), 1);
        (found[0].line, found[0].column)
    }

    #[test]
    fn a_position_is_where_the_value_begins() {
        let text = "{\n  \"a\" : [1, {\"b\":\ttrue}\r\n , [ ] ,\"\\\"]\"],\n\"\\u0061/b~\": -1.5e3,\"é\":\"ü\" , \"z\":null}";
        for (pointer, position) in [
            ("", (1, 1)),
            ("/a", (2, 9)),
            ("/a/0", (2, 10)),
            ("/a/1", (2, 13)),
            ("/a/1/b", (2, 19)),
            ("/a/2", (3, 4)),
            ("/a/3", (3, 9)),
            ("/a~1b~0", (4, 14)),
            ("/é", (4, 25)),
            ("/z", (4, 35)),
            ("/nowhere", (1, 1)),
        ] {
            assert_eq!(find(text, pointer, MemberPart::Value), position, "{pointer}");
        }
        assert_eq!(find(text, "/z", MemberPart::Key), (4, 31));
        assert_eq!(find(text, "/a~1b~0", MemberPart::Key), (4, 1));
    }

    #[test]
    fn many_are_found_in_one_pass_in_any_order() {
        let text = "[{\"x\":0},\n{\"x\":1},\n{\"x\":2}]";
        let found = positions(
            text,
            [
                ("/2/x", MemberPart::Value),
                ("", MemberPart::Value),
                ("/0/x", MemberPart::Key),
                ("/0/x", MemberPart::Value),
                ("/2", MemberPart::Value),
            ],
        );
        let found: Vec<_> = found.iter().map(|position| (position.line, position.column)).collect();
        assert_eq!(found, [(3, 6), (1, 1), (1, 3), (1, 7), (3, 1)]);
    }

    #[test]
    fn the_second_of_two_keys_is_found_in_a_truncated_text() {
        assert_eq!(find("{\"a\": {\"b\": 1, \"c\": [], \"b\"", "/a/b", MemberPart::SecondKey), (1, 25));
        assert_eq!(find("{\"a\": 1,\n \"\\u0061\": {\"a\"", "/a", MemberPart::SecondKey), (2, 2));
    }

    #[test]
    fn any_text_is_scanned_to_its_end() {
        for text in [
            "",
            "{",
            "[",
            "[,",
            "{,",
            "{\"a",
            "{\"a\"",
            "{\"a\":",
            "[}",
            "{]",
            "\"\\",
            "[[",
            "{\"a\":}",
            "[1 2",
            "{\"a\" 1}",
            "]",
            "{\"\\",
            "{\"\\é\":1",
        ] {
            positions(text, [("/a/0", MemberPart::Value), ("/0", MemberPart::Value), ("/0/0/b", MemberPart::Key)]);
        }
    }

    #[test]
    fn the_position_of_a_byte_is_that_of_its_character() {
        let position = |offset| (position_of_byte("é\nüx", offset).line, position_of_byte("é\nüx", offset).column);
        assert_eq!(
            [position(0), position(1), position(2), position(3), position(4), position(5), position(99)],
            [(1, 1), (1, 1), (1, 2), (2, 1), (2, 1), (2, 2), (2, 3)]
        );
    }
}
