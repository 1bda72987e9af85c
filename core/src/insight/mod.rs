//! Insight: exact answers about a directory, for administrators. Why was that decided, and what would change it; what differs between two
//! states; who has what; and what is risky.

mod explanation;

pub use explanation::{Explanation, Fact, RemedyOutcome, Suggestion, UsageExplanation};
