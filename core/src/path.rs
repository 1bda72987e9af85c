//! Paths: where in a document or request something stands.

/// A place in a document, as a chain of borrowed steps: free to make on the way down, written out only when there is a fault.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Path<'a> {
    Root,
    Field(&'a Path<'a>, &'a str),
    Item(&'a Path<'a>, usize),
}

/// One step of a path.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Step<'a> {
    Field(&'a str),
    Item(usize),
}

/// Field names in pointers are cut at this many characters, since an unknown field's name can be as long as the input.
const SHOWN_CHARACTERS: usize = 256;

impl<'a> Path<'a> {
    pub(crate) fn field(&'a self, name: &'a str) -> Path<'a> {
        Path::Field(self, name)
    }

    pub(crate) fn item(&'a self, index: usize) -> Path<'a> {
        Path::Item(self, index)
    }

    /// The steps from the root to here.
    pub(crate) fn steps(&self) -> Vec<Step<'a>> {
        let mut steps = Vec::new();
        let mut path = *self;
        loop {
            path = match path {
                Path::Root => break,
                Path::Field(parent, name) => {
                    steps.push(Step::Field(name));
                    *parent
                }
                Path::Item(parent, index) => {
                    steps.push(Step::Item(index));
                    *parent
                }
            };
        }
        steps.reverse();
        steps
    }

    /// The JSON pointer (RFC 6901) of this place.
    pub(crate) fn to_pointer(self) -> String {
        let mut pointer = String::new();
        for step in self.steps() {
            pointer.push('/');
            match step {
                Step::Field(name) => {
                    for character in name.chars().take(SHOWN_CHARACTERS) {
                        match character {
                            '~' => pointer.push_str("~0"),
                            '/' => pointer.push_str("~1"),
                            other => pointer.push(other),
                        }
                    }
                }
                Step::Item(index) => pointer.push_str(&index.to_string()),
            }
        }
        pointer
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pointer_escapes_what_rfc_6901_says() {
        let list = Path::Root.field("a/b");
        let item = list.item(3);
        assert_eq!(item.field("c~d").to_pointer(), "/a~1b/3/c~0d");
        assert_eq!(Path::Root.to_pointer(), "");
    }
}
