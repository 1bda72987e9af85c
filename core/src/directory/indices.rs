//! Indices: a small typed number for each entry of a directory's tables.

use crate::collections::table::indices;

indices! {
    User;
    Organization;
    Project;
    ApiKey;
    Resource;
    Group;
    /// When a row was added, and when it ends.
    Period;
    /// The limits of an API key.
    Limits;
    /// A name, an e-mail address, or the id of an organization outside the directory.
    Text;
}
