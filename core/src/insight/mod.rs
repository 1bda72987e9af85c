//! Insight: exact answers about a directory, for administrators. Why was that decided, and what would change it; what differs between two
//! states; who has what; and what is risky.

mod explanation;
mod findings;
mod impact;
mod policy_analysis;
mod review;

pub use explanation::{Explanation, Fact, RemedyOutcome, Suggestion, UsageExplanation};
pub use findings::Finding;
pub(crate) use impact::impact;
pub use impact::{AccessImpact, BookedAt, BookingImpact, Impact, ImpactCounts, ImpactRow, ImpactRows};
pub use policy_analysis::{BookingRules, PolicyAnalysis, SameRoles};
pub use review::{Review, ReviewRow};
