//! Insight: exact answers about a directory, for administrators. Why was that decided, and what would change it; what differs between two
//! states; who has what; and what is risky.

mod findings;
mod policy_analysis;
mod review;

pub use findings::Finding;
pub use policy_analysis::{BookingRules, PolicyAnalysis, SameRoles};
pub use review::{Review, ReviewRow};
