//! Error codes: the closed list of what can be wrong with input.

use super::code::codes;

codes! {
    /// An error code: what is wrong with the input. A denial is a [`Decision`](crate::Decision), never an error.
    pub enum ErrorCode {
        /// The text is not JSON, or an object in it has a key twice.
        InvalidJson = "invalid_json",
        /// `format` names a version that this release does not read.
        UnsupportedFormat = "unsupported_format",
        /// A required field is absent; the path is its parent's.
        MissingField = "missing_field",
        /// A field that the format does not have; never ignored, since a typo in an access list must not pass.
        UnknownField = "unknown_field",
        /// A value of the wrong type, or not one of the allowed words.
        WrongType = "wrong_type",
        /// An id that is empty, longer than 256 bytes, not Unicode, or has control characters.
        InvalidId = "invalid_id",
        /// Not an RFC 3339 instant with an offset, in the years 0 to 9999.
        InvalidTimestamp = "invalid_timestamp",
        /// Not `sha256:` and 64 hexadecimal digits.
        InvalidDigest = "invalid_digest",
        /// The same id a second time in one id space.
        DuplicateId = "duplicate_id",
        /// The digest of another API key that is not revoked.
        DuplicateDigest = "duplicate_digest",
        /// A name that refers to nothing.
        UnknownReference = "unknown_reference",
        /// A role that the policy does not define.
        UnknownRole = "unknown_role",
        /// A kind that the policy does not define, or that does not belong here.
        UnknownKind = "unknown_kind",
        /// A project visibility that the policy does not define.
        UnknownVisibility = "unknown_visibility",
        /// An API key scope that the policy does not define.
        UnknownScope = "unknown_scope",
        /// A group that the organization does not have.
        UnknownGroup = "unknown_group",
        /// No built-in policy has this id.
        UnknownPolicy = "unknown_policy",
        /// An action that the policy does not define.
        UnknownAction = "unknown_action",
        /// A surface that the policy does not define.
        UnknownSurface = "unknown_surface",
        /// An organization without a default project.
        MissingDefaultProject = "missing_default_project",
        /// A second default project in one organization.
        MultipleDefaultProjects = "multiple_default_projects",
        /// A second project in an organization whose `multi_project` is false.
        MultiProjectDisabled = "multi_project_disabled",
        /// The owner is not a member with the strongest organization role.
        OwnerNotAdmin = "owner_not_admin",
        /// A user who is a member of one organization and belongs to another.
        UserInTwoOrganizations = "user_in_two_organizations",
        /// A user's organization is in the directory and does not list that user.
        UserNotMember = "user_not_member",
        /// An organization default key outside the default project, or a second one.
        DefaultKeyMisplaced = "default_key_misplaced",
        /// An organization default key that has `revoked_at`.
        DefaultKeyNotRevocable = "default_key_not_revocable",
        /// A value that is nested too deep, too long or too large, or a list with too many items.
        LimitExceeded = "limit_exceeded",
        /// Not `type:id`.
        InvalidReference = "invalid_reference",
        /// Attribution: the principal is not in the directory.
        UnknownPrincipal = "unknown_principal",
        /// Attribution: the project is not in the directory.
        UnknownProject = "unknown_project",
        /// Attribution: the resource is not in the directory.
        UnknownResource = "unknown_resource",
        /// Attribution: the resource has another kind than the usage.
        KindMismatch = "kind_mismatch",
        /// Attribution: the resource is not in the project, or a key is used outside its project.
        ProjectMismatch = "project_mismatch",
        /// Attribution: no project can be found for a user.
        ProjectRequired = "project_required",
        /// A change of an unknown type.
        UnknownChange = "unknown_change",
        /// A change that its actor may not make; the error contains the decision.
        Forbidden = "forbidden",
        /// A change to a directory that is no longer at the revision the caller expected.
        RevisionConflict = "revision_conflict",
        /// A change to something that is not in the directory, or that resumes what is not suspended.
        NotFound = "not_found",
        /// A change that would create something that already exists, or suspend what is suspended.
        AlreadyExists = "already_exists",
        /// A change to the owner's own membership, or a transfer of the ownership by anybody but the owner.
        OwnerProtected = "owner_protected",
        /// A change that would remove a member from the default project, or that would remove or move the default project.
        DefaultProjectProtected = "default_project_protected",
        /// A change that would add a non-member to a project that does not allow external collaborators.
        ExternalCollaboratorsDisabled = "external_collaborators_disabled",
        /// A change to the membership of a user who is not a member.
        NotAMember = "not_a_member",
        /// A change that would add a member to an organization whose members come only through single sign-on.
        MembershipManagedBySso = "membership_managed_by_sso",
        /// A change that would grant a stronger role than the actor's own, change a user whose role is stronger, or set a field that only
        /// the platform sets.
        ExceedsOwnRole = "exceeds_own_role",
        /// A change that would make an expired API key live again.
        KeyExpired = "key_expired",
        /// A change that revokes an API key that is already revoked (C10).
        AlreadyRevoked = "already_revoked",
        /// Bytes that are not a snapshot or delta, or are damaged.
        SnapshotCorrupt = "snapshot_corrupt",
        /// A snapshot or delta of a format that this release does not read.
        SnapshotVersion = "snapshot_version",
        /// A snapshot or delta without a signature, although one is required.
        SignatureMissing = "signature_missing",
        /// A snapshot or delta that was not signed by the holder of the key.
        SignatureInvalid = "signature_invalid",
        /// A snapshot or delta with an `issued_at` more than 300 seconds in the future.
        IssuedInFuture = "issued_in_future",
        /// A delta that begins at another revision than the directory's.
        DeltaGap = "delta_gap",
        /// A delta that begins at the directory's revision, but at another state.
        DeltaFork = "delta_fork",
        /// An instant before the beginning of a timeline.
        BeforeHistory = "before_history",
        /// A change, delta or snapshot that is older than the last one of a timeline by five seconds or more.
        InvalidOrder = "invalid_order",
        /// A text that is not a cursor.
        CursorInvalid = "cursor_invalid",
        /// A cursor of another listing, or of the same listing with other arguments.
        CursorMismatch = "cursor_mismatch",
    }
}

impl ErrorCode {
    /// Whether this is a fault of shape: the input is malformed, whatever the directory contains.
    pub(crate) const fn is_of_shape(self) -> bool {
        matches!(
            self,
            Self::MissingField | Self::WrongType | Self::InvalidReference | Self::InvalidId | Self::InvalidTimestamp | Self::LimitExceeded
        )
    }
}
