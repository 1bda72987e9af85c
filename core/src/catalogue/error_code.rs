//! Error codes: the closed list of everything that can be wrong with input.

use super::code::codes;

codes! {
    /// What is wrong. The catalogue of every error that the engine raises; a denial is a [`Decision`](crate::Decision), never an error.
    pub enum ErrorCode {
        /// The text is not JSON, or an object in it has a key twice.
        InvalidJson = "invalid_json",
        /// `format` names a version that this release does not read.
        UnsupportedFormat = "unsupported_format",
        /// A required field is absent; the path is its parent's.
        MissingField = "missing_field",
        /// A field that the format does not have; never ignored, since a typo in an access list must not pass.
        UnknownField = "unknown_field",
        /// A value of the wrong type, or none of the words that are allowed there.
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
        /// A project beside the default one while `multi_project` is false.
        MultiProjectDisabled = "multi_project_disabled",
        /// The owner is not a member with the strongest organization role.
        OwnerNotAdmin = "owner_not_admin",
        /// A user who is a member of one organization and belongs to another.
        UserInTwoOrganizations = "user_in_two_organizations",
        /// A user's organization is in the directory and does not list that user.
        UserNotMember = "user_not_member",
        /// An organization default key outside the default project, or a second one.
        DefaultKeyMisplaced = "default_key_misplaced",
        /// An organization default key that carries `revoked_at`.
        DefaultKeyNotRevocable = "default_key_not_revocable",
        /// Nested too deep, too long, too large or too many.
        LimitExceeded = "limit_exceeded",
        /// Not `type:id`.
        InvalidReference = "invalid_reference",
        /// Attribution: the principal is not in the directory.
        UnknownPrincipal = "unknown_principal",
        /// Attribution: the project is not in the directory.
        UnknownProject = "unknown_project",
        /// Attribution: the resource is not in the directory.
        UnknownResource = "unknown_resource",
        /// Attribution: the resource is of another kind.
        KindMismatch = "kind_mismatch",
        /// Attribution: resource and project disagree, or a key is used outside its project.
        ProjectMismatch = "project_mismatch",
        /// Attribution: no project can be found for a user.
        ProjectRequired = "project_required",
        /// A change of a type that there is not.
        UnknownChange = "unknown_change",
        /// A change whose actor may not make it; the decision is inside.
        Forbidden = "forbidden",
        /// A change to a directory that is no longer at the revision the caller expected.
        RevisionConflict = "revision_conflict",
        /// A change to something that is not in the directory.
        NotFound = "not_found",
        /// A change that would make something a second time.
        AlreadyExists = "already_exists",
        /// A change to the owner's own membership.
        OwnerProtected = "owner_protected",
        /// A change that would take a member out of the default project.
        DefaultProjectProtected = "default_project_protected",
        /// A change that would bring a non-member into a project that does not allow externals.
        ExternalCollaboratorsDisabled = "external_collaborators_disabled",
        /// A change to the membership of somebody who is no member.
        NotAMember = "not_a_member",
        /// A change that would add a member where single sign-on alone does.
        MembershipManagedBySso = "membership_managed_by_sso",
        /// A change by which an actor would give more than they hold, or take from somebody who holds more.
        ExceedsOwnRole = "exceeds_own_role",
        /// A change that would revive an API key that has expired.
        KeyExpired = "key_expired",
        /// A change: the API key is revoked already (C10).
        AlreadyRevoked = "already_revoked",
        /// Bytes that are no snapshot or delta, or a damaged one.
        SnapshotCorrupt = "snapshot_corrupt",
        /// A snapshot or delta of a format that this release does not read.
        SnapshotVersion = "snapshot_version",
        /// A snapshot or delta without a signature, where one is demanded.
        SignatureMissing = "signature_missing",
        /// A snapshot or delta that was not signed by the holder of the key.
        SignatureInvalid = "signature_invalid",
        /// A snapshot or delta that says it was issued more than 300 seconds after the present.
        IssuedInFuture = "issued_in_future",
        /// A delta that begins at another revision than the directory's.
        DeltaGap = "delta_gap",
        /// A delta that begins at the same revision of another history.
        DeltaFork = "delta_fork",
        /// A text that is no cursor of a listing.
        CursorInvalid = "cursor_invalid",
        /// A cursor of another listing, or of one with other arguments.
        CursorMismatch = "cursor_mismatch",
    }
}

impl ErrorCode {
    /// Whether something is not even written as it should be, whatever the directory holds.
    pub(crate) const fn is_of_shape(self) -> bool {
        matches!(
            self,
            Self::MissingField | Self::WrongType | Self::InvalidReference | Self::InvalidId | Self::InvalidTimestamp | Self::LimitExceeded
        )
    }
}
