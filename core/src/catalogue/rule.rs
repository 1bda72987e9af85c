//! The ids of the rules, as data: every decision and every booking says by which rule it was made.

use crate::catalogue::code::codes;

codes! {
    /// A rule of the contract: `A` for access, `B` for bookings.
    pub enum Rule {
        /// The directory is fresh enough.
        A1 = "A1",
        /// The policy has the action.
        A2 = "A2",
        /// The principal is known.
        A3 = "A3",
        /// The API key is not revoked.
        A4 = "A4",
        /// The API key is not expired.
        A5 = "A5",
        /// The resource is known.
        A6 = "A6",
        /// The action is for that type of resource.
        A7 = "A7",
        /// The kind exists on the surface.
        A8 = "A8",
        /// The owner's permissions.
        A10 = "A10",
        /// Permissions of the owner alone.
        A11 = "A11",
        /// Permissions of organization roles.
        A12 = "A12",
        /// What organization roles do not permit.
        A13 = "A13",
        /// External collaborators and the organization.
        A14 = "A14",
        /// External collaborators without effect, and the organization.
        A15 = "A15",
        /// Strangers and the organization.
        A16 = "A16",
        /// API keys and the organization.
        A17 = "A17",
        /// Users and themselves.
        A18 = "A18",
        /// The roles of members in a project.
        A19 = "A19",
        /// Strangers to a project.
        A20 = "A20",
        /// External collaborators of a project.
        A21 = "A21",
        /// The reach of API keys.
        A22 = "A22",
        /// The permissions of API keys.
        A23 = "A23",
        /// Organization default keys.
        A24 = "A24",
        /// Who is suspended.
        A25 = "A25",
        /// What is suspended.
        A26 = "A26",
        /// The visibility of projects.
        A28 = "A28",
        /// The scopes of API keys.
        A29 = "A29",
        /// API keys that act as a user.
        A30 = "A30",
        /// Usage from before projects.
        B1 = "B1",
        /// Usage of the playground.
        B2 = "B2",
        /// Usage of kinds that are scoped to projects.
        B3 = "B3",
        /// Usage of external collaborators.
        B4 = "B4",
        /// Usage of API keys that external collaborators have made.
        B5 = "B5",
        /// All other usage.
        B6 = "B6",
        /// Who joins a project by themselves, and leaves it.
        C20 = "C20",
    }
}
