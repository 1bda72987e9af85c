//! Indices: the things of a directory, each a small typed number into its table.

use crate::collections::table::indices;

indices! {
    User;
    Organization;
    Project;
    ApiKey;
    Resource;
    /// A name, an e-mail address, or the id of an organization elsewhere.
    Text;
}
