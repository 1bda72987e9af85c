//! Indices of what a comparison numbers.

use crate::collections::table::indices;

indices! {
    /// An object of either side, in the byte order of references.
    ObjectIndex;
    /// A pair of organizations: one for each side, or none on one side.
    Region;
    /// Objects of a region that decisions tell apart by rows alone.
    Sort;
    /// What decisions read of an object on one side.
    ObjectClass;
    /// What decisions read of a principal in an organization on one side, besides rows in projects.
    PrincipalClass;
    /// A set of groups.
    GroupSet;
    /// A set of actions.
    ActionSet;
    /// What is gained and what is lost.
    Delta;
}
