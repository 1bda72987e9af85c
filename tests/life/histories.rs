//! Changes are made completely or not at all, and equal directories give equal answers whatever their history.

use crate::*;

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    /// A change that fails changes nothing; one that succeeds adds one revision.
    #[test]
    fn a_change_is_made_whole_or_not_at_all(mut world in plain_worlds(), drafts in drafts(16)) {
        for draft in &drafts {
            let change = draft.for_world(&world);
            let (text, bytes, revision) = (document(&world.directory), snapshot(&world.directory), world.directory.revision());
            match apply(&mut world.directory, &change) {
                Ok(next) => {
                    prop_assert_eq!(next, revision + 1);
                    prop_assert_eq!(world.directory.revision(), next);
                    world = World::of(world.directory);
                }
                Err(error) => {
                    prop_assert_eq!(error.decision().is_some(), error.code() == ErrorCode::Forbidden);
                    prop_assert_eq!(document(&world.directory), text, "{:?}", change);
                    prop_assert_eq!(snapshot(&world.directory), bytes, "{:?}", change);
                }
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    /// A directory after changes is equal to the one that is loaded from its document or from its snapshot.
    #[test]
    fn equal_directories_answer_alike_whatever_their_history(mut world in worlds(), drafts in drafts(24)) {
        for draft in &drafts {
            world = changed(world, std::slice::from_ref(draft));
            let (text, bytes) = (document(&world.directory), snapshot(&world.directory));
            for again in [loaded(&text), unpacked(&bytes)] {
                prop_assert_eq!(document(&again), &*text);
                prop_assert!(snapshot(&again) == bytes, "another snapshot of {}", text);
            }
        }
        let again = loaded(&document(&world.directory));
        assert_same_answers(&world, &again);
        assert_same_answers(&world, &unpacked(&snapshot(&world.directory)));
        let key = SecretKey::from_bytes(&[7; 32]);
        let seal = Seal { signing_key: Some(&key), ..Seal::default() };
        prop_assert!(again.to_snapshot(&seal) == world.directory.to_snapshot(&seal), "another signature");
        // Without digests it gives the same answers, but finds no key by its secret.
        let bare = unpacked(&without_digests(&world.directory));
        for number in 0..24 {
            prop_assert_eq!(bare.authenticate(&format!("secret_{number}")), None);
        }
        world.each_question(at(), |_, _, _, request| assert_eq!(bare.check_access(&request), world.directory.check_access(&request)));
    }
}

/// In whatever order rows are added and removed, a user is what the remaining rows say: a member, an external collaborator with or without
/// effect, or a stranger.
#[test]
fn a_user_is_what_their_remaining_rows_say() {
    let start = loaded(
        &json!({
            "format": "bailiwick/1",
            "users": [{"id": "zoe", "organization": "elsewhere"}],
            "organizations": [{"id": "acme", "owner": "ada", "members": [{"user": "ada", "role": "admin"}], "projects": [
                {"id": "home", "default": true},
                {"id": "open", "allow_external_collaborators": true, "collaborators": [{"user": "zoe", "role": "member"}]},
                {"id": "shut"},
            ]}],
        })
        .to_string(),
    );
    let of_member = |word: &str| json!({"type": word, "organization": "acme", "user": "zoe"});
    let of_row = |word: &str, project: &str| json!({"type": word, "project": project, "user": "zoe"});
    let switch = |project: &str, allowed: bool| json!({"type": "set_external_collaborators", "project": project, "allowed": allowed});
    let mut changes = vec![of_member("add_member"), of_member("remove_member")];
    for project in ["open", "shut"] {
        changes.extend([
            of_row("add_collaborator", project),
            of_row("remove_collaborator", project),
            switch(project, true),
            switch(project, false),
        ]);
    }
    let mut left = vec![(start, 0)];
    while let Some((directory, depth)) = left.pop() {
        let world = World::of(directory);
        let (organization, _) = world.entry("home");
        let rows: Vec<_> =
            list(organization, "projects").filter(|project| list(project, "collaborators").any(|row| row["user"] == "zoe")).collect();
        let expected = match rows.iter().any(|project| project["allow_external_collaborators"] == true) {
            _ if list(organization, "members").any(|row| row["user"] == "zoe") => Reason::OrganizationRole,
            true => Reason::ExternalCollaborator,
            // The user's entry goes with the home that it names, once the user becomes a member.
            false if rows.is_empty() && list(&world.document, "users").any(|user| user["id"] == "zoe") => Reason::NotAMember,
            false if rows.is_empty() => Reason::UnknownPrincipal,
            false => Reason::ExternalCollaboratorsDisabled,
        };
        let (zoe, acme) = (Reference::parse("user:zoe").unwrap(), Reference::parse("organization:acme").unwrap());
        let decision = world.directory.check_access(&AccessRequest::new(zoe, "organization.read_name", acme, at()));
        assert_eq!(decision.reason, expected, "{world:?}");
        let has_role = |project: &&String| !world.roles("user:zoe", project).is_empty();
        let reached: Vec<_> = world.projects.iter().filter(has_role).cloned().collect();
        assert_eq!(items(&world.directory, "list_projects", &json!({"principal": "user:zoe"})), reached, "{world:?}");
        for change in changes.iter().filter(|_| depth < 4) {
            let mut next = world.directory.clone();
            if apply(&mut next, &(change.clone(), json!({}))).is_ok() {
                left.push((next, depth + 1));
            }
        }
    }
}
