//! The interface of what is measured: engines, and the ways to ask each.

use std::ops::Range;

use crate::data::{Data, Question};

/// An engine. To add one, write a file for it and name it in `main.rs`.
pub struct Engine {
    pub name: &'static str,
    pub version: &'static str,
    /// What it does not do, or what was prepared for it.
    pub notes: &'static str,
    pub load: fn(&Data) -> Box<dyn Ready>,
}

/// An engine with its data loaded.
pub trait Ready {
    /// The ways to ask it, with the questions in its own form.
    fn candidates<'r>(&'r self, questions: &'r [Question]) -> Vec<Candidate<'r>>;
}

/// A way to ask an engine.
pub struct Candidate<'r> {
    pub operation: &'static str,
    /// The number of questions.
    pub len: usize,
    /// The batch size: ranges are multiples of it.
    pub batch: usize,
    /// The expected answers, if the generator gives them.
    pub expected: Option<Vec<bool>>,
    pub run: Run<'r>,
}

/// Answers a range of the questions into a slice of the same length.
pub type Run<'r> = Box<dyn FnMut(Range<usize>, &mut [bool]) + 'r>;

impl<'r> Candidate<'r> {
    /// A way that answers questions one by one, from a prepared form of each.
    pub fn one_by_one<P>(operation: &'static str, questions: &[Question], prepared: Vec<P>, mut ask: impl FnMut(&P) -> bool + 'r) -> Self
    where
        P: 'r,
    {
        let run = move |range: Range<usize>, answers: &mut [bool]| {
            for (one, answer) in prepared[range].iter().zip(answers) {
                *answer = ask(one);
            }
        };
        let expected = Some(questions.iter().map(|question| question.allowed).collect());
        Self { operation, len: questions.len(), batch: 1, expected, run: Box::new(run) }
    }
}
