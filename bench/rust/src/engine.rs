//! What is measured: engines, and the ways to ask each.

use std::ops::Range;

use crate::data::{Data, Question};

/// An engine. To add one, write it a file and name it in `main.rs`.
pub struct Engine {
    pub name: &'static str,
    pub version: &'static str,
    /// What it does not do, or what was done for it beforehand.
    pub notes: &'static str,
    pub load: fn(&Data) -> Box<dyn Ready>,
}

/// An engine that has its data.
pub trait Ready {
    /// The ways to ask it, with the questions in the form that it takes them in.
    fn candidates<'r>(&'r self, questions: &'r [Question]) -> Vec<Candidate<'r>>;
}

/// A way to ask an engine.
pub struct Candidate<'r> {
    pub operation: &'static str,
    /// How many questions it has.
    pub len: usize,
    /// How many it takes at a time: the ranges that it is asked for are multiples.
    pub batch: usize,
    /// What is expected, where the generator says so.
    pub expected: Option<Vec<bool>>,
    pub run: Run<'r>,
}

/// Answers a range of the questions into a slice of the same length.
pub type Run<'r> = Box<dyn FnMut(Range<usize>, &mut [bool]) + 'r>;

impl<'r> Candidate<'r> {
    /// One that answers questions one by one, each from what was prepared for it.
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
