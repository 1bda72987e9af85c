//! Reviews and findings.

use bailiwick::{Finding, FindingCode, ReviewRow};

use crate::listings::ended_keys;
use crate::previews::ageless;
use crate::worlds::facts::is_past;
use crate::*;

fn review<'d>(directory: &'d Directory, organization: Option<&str>, time: &str) -> Vec<ReviewRow<'d>> {
    boundary::review(directory, &value(&json!({"organization": organization, "at": time})), at()).unwrap()
}

fn findings(directory: &Directory, time: &str) -> Vec<Finding> {
    boundary::findings(directory, &value(&json!({"at": time})), at()).unwrap()
}

fn place<'r>(row: &'r ReviewRow<'_>) -> (&'r str, Option<&'r str>, &'r str, &'r str, Option<&'r str>) {
    (row.organization, row.project, &row.principal, row.source.as_str(), row.via.as_deref())
}

/// A finding: what, about what, where.
type Told = (String, String, Option<String>);

fn told(finding: &Finding) -> Told {
    (finding.finding.to_string(), finding.subject.clone(), finding.on.clone())
}

/// The findings of a world by its document alone, at the instant of most questions.
fn findings_by_document(world: &World) -> BTreeSet<Told> {
    let mut found = BTreeSet::new();
    for organization in list(&world.document, "organizations") {
        let of = format!("organization:{}", text(organization, "id"));
        let mut add = |finding: &str, subject: String, on: &str| found.insert((finding.to_owned(), subject, Some(on.to_owned())));
        let members = || list(organization, "members").filter(|row| !is_past(&row["expires_at"]));
        let is_member = |user: &Json| members().any(|row| row["user"] == *user);
        let is_suspended = |user: &Json| {
            list(&world.document, "users").any(|entry| entry["id"] == *user && is_past(&entry["suspended_at"]))
                || members().any(|row| row["user"] == *user && is_past(&row["suspended_at"]))
        };
        // Whoever has left is no external collaborator.
        let is_outside = |user: &Json| list(organization, "members").all(|row| row["user"] != *user);

        for row in list(organization, "members").filter(|row| is_past(&row["expires_at"])) {
            add("row_expired", format!("user:{}", text(row, "user")), &of);
        }
        let strongest = &world.policy["organization_roles"][0]["role"];
        let admins: Vec<_> = members().filter(|row| row["role"] == *strongest && !is_suspended(&row["user"])).collect();
        if admins.len() < 2 {
            let admin = admins.first().map(|row| format!("user:{}", text(row, "user")));
            found.insert(("organization_with_one_admin".to_owned(), of.clone(), admin));
        }
        let mut add = |finding: &str, subject: String, on: &str| found.insert((finding.to_owned(), subject, Some(on.to_owned())));
        for group in list(organization, "groups") {
            let name = format!("group:{}", text(group, "id"));
            for row in list(group, "members").filter(|row| is_past(&row["expires_at"])) {
                add("row_expired", format!("user:{}", text(row, "user")), &name);
            }
            if !list(group, "members").any(|row| !is_past(&row["expires_at"]) && is_member(&row["user"])) {
                add("group_empty", name, &of);
            }
        }
        for project in list(organization, "projects") {
            let (id, place) = (text(project, "id"), format!("project:{}", text(project, "id")));
            let strongest = &world.policy["project_roles"][0];
            let has_strongest = |user: &str| {
                let sources = world.sources(user, id);
                let counting = match world.policy["role_combination"].as_str() {
                    Some("most_specific") => sources.iter().find(|roles| !roles.is_empty()).cloned().unwrap_or_default(),
                    _ => sources.concat(),
                };
                counting.iter().any(|role| *strongest == **role)
            };
            let users = || world.principals.iter().filter_map(|principal| principal.strip_prefix("user:"));
            if !users().any(|user| has_strongest(user) && !is_suspended(&json!(user))) {
                add("project_without_admin", place.clone(), &of);
            }
            for row in list(project, "collaborators") {
                let (sort, who) = if row["group"].is_string() { ("group", &row["group"]) } else { ("user", &row["user"]) };
                let subject = || format!("{sort}:{}", who.as_str().unwrap());
                if is_past(&row["expires_at"]) {
                    add("row_expired", subject(), &place);
                } else if sort == "user" && is_outside(who) {
                    match (project["allow_external_collaborators"] == true, row["role"] == *strongest) {
                        (false, _) => _ = add("row_without_effect", subject(), &place),
                        (true, true) => _ = add("external_is_admin", subject(), &place),
                        (true, false) => {}
                    }
                }
            }
            for key in list(project, "api_keys").filter(|key| !is_past(&key["revoked_at"]) && !is_past(&key["expires_at"])) {
                let subject = format!("api_key:{}", text(key, "id"));
                let is_known = |user: &str| world.principals.contains(&format!("user:{user}"));
                match (key["acts_as"].as_str(), key["created_by"].as_str()) {
                    (Some(user), _) if !is_known(user) => _ = add("key_user_gone", subject.clone(), &place),
                    (None, Some(creator)) if !is_known(creator) => _ = add("key_creator_gone", subject.clone(), &place),
                    (None, Some(creator)) if world.sources(creator, id).concat().is_empty() => {
                        add("key_creator_without_access", subject.clone(), &place);
                    }
                    _ => {}
                }
                let maker = if key["acts_as"].is_null() { &key["created_by"] } else { &key["acts_as"] };
                let mut rows = list(project, "collaborators").filter(|row| row["user"].is_string() && row["user"] == *maker);
                if is_outside(maker) && rows.any(|row| !is_past(&row["expires_at"])) {
                    add("key_of_external", subject.clone(), &place);
                }
                if key["kind"] != "organization_default" && key["expires_at"].is_null() {
                    add("key_never_expires", subject, &place);
                }
            }
        }
    }
    found
}

fn keys(world: &World) -> impl Iterator<Item = &Json> {
    world.projects.iter().flat_map(|project| list(world.entry(project).1, "api_keys"))
}

/// Makes the changes of a finding.
fn mended(directory: &Directory, finding: &Finding, time: &str) -> Directory {
    let mut mended = directory.clone();
    let changes = serde_json::to_value(&finding.fix).unwrap();
    boundary::apply_many(&mut mended, &value(&changes), &value(&json!({"at": time})), at())
        .unwrap_or_else(|error| panic!("{error}: {finding:?}"));
    mended
}

fn has(directory: &Directory, finding: &Finding, time: &str) -> bool {
    findings(directory, time).iter().any(|other| told(other) == told(finding))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    /// A principal is allowed something in a project, or on an organization, if and only if the review has an effective row for it.
    #[test]
    fn reviews_are_complete(world in worlds(), drafts in drafts(6), time in 0..TIMES.len()) {
        let world = changed(world, &drafts);
        let world = World::of(ageless(&world.directory));
        let when = Instant::parse(TIMES[time]).unwrap();
        let mut allowed = BTreeSet::new();
        world.each_question(when, |principal, _, (_, project), request| {
            if world.directory.is_allowed(&request) {
                allowed.insert((principal.to_owned(), text(world.entry(project).0, "id").to_owned(), Some(project.clone())));
            }
        });
        for (principal, organization) in world.principals.iter().flat_map(|one| organizations(&world).into_iter().map(move |of| (one, of))) {
            let reference = Reference::parse(&organization).unwrap();
            let is_allowed = |action: &String| {
                world.directory.is_allowed(&AccessRequest::new(Reference::parse(principal).unwrap(), action, reference, when))
            };
            if actions().iter().any(is_allowed) {
                allowed.insert((principal.clone(), reference.parts().1.to_owned(), None));
            }
        }
        let rows = review(&world.directory, None, TIMES[time]);
        let told = |row: &ReviewRow<'_>| (row.principal.clone(), row.organization.to_owned(), row.project.map(str::to_owned));
        let effective: BTreeSet<_> = rows.iter().filter(|row| row.effective).map(told).collect();
        prop_assert_eq!(effective, allowed);
    }

    /// Each row of a document is told, in byte order; the parts of a review, and the reviews of organizations, make up the whole.
    #[test]
    fn reviews_tell_every_row_once(world in worlds(), drafts in drafts(6), time in 0..TIMES.len(), most in 1..9_usize) {
        let world = changed(world, &drafts);
        let rows = review(&world.directory, None, TIMES[time]);
        prop_assert!(rows.is_sorted_by(|one, next| place(one) < place(next)), "{:?}", rows);
        let ids = organizations(&world).into_iter().map(|of| of.split_once(':').unwrap().1.to_owned()).collect::<BTreeSet<_>>();
        let by_organization: Vec<_> = ids.iter().flat_map(|id| review(&world.directory, Some(id), TIMES[time])).collect();
        prop_assert_eq!(&by_organization, &rows);
        let mut parts = boundary::review_in_parts(&world.directory, &value(&json!({"at": TIMES[time]})), at()).unwrap();
        let mut told = 0;
        loop {
            let part = parts.next_rows(most);
            prop_assert_eq!(&part, &rows[told..(told + most).min(rows.len())]);
            told += part.len();
            if part.is_empty() {
                break;
            }
        }
        prop_assert_eq!(told, rows.len());

        let places: BTreeSet<_> = rows.iter().map(place).collect();
        let ended = ended_keys(&world, Instant::parse(TIMES[time]).unwrap());
        for organization in list(&world.document, "organizations") {
            let id = text(organization, "id");
            let users = |entry: &Json, rows: &str| {
                list(entry, rows).filter_map(|row| row["user"].as_str()).map(|user| format!("user:{user}")).collect::<BTreeSet<_>>()
            };
            let members = users(organization, "members");
            for member in &members {
                prop_assert!(places.contains(&(id, None, member.as_str(), "member", None)));
            }
            for project in list(organization, "projects") {
                let of = Some(text(project, "id"));
                for user in users(project, "collaborators") {
                    let source = if members.contains(&user) { "project_role" } else { "external_collaborator" };
                    prop_assert!(places.contains(&(id, of, user.as_str(), source, None)));
                }
                for group in list(project, "collaborators").filter_map(|row| row["group"].as_str()) {
                    let entry = list(organization, "groups").find(|entry| entry["id"] == group).unwrap();
                    let via = format!("group:{group}");
                    for user in users(entry, "members") {
                        prop_assert!(places.contains(&(id, of, user.as_str(), "group_role", Some(via.as_str()))));
                    }
                }
                for key in list(project, "api_keys") {
                    let (principal, via) = (format!("api_key:{}", text(key, "id")), key["acts_as"].as_str().map(|user| format!("user:{user}")));
                    let row = rows.iter().find(|row| row.principal == principal && row.project == of).unwrap();
                    prop_assert_eq!(&row.via, &via);
                    prop_assert_eq!(json!(row.scopes), key["scopes"].clone());
                    prop_assert!(!(row.effective && ended.contains(&principal)));
                }
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() })]

    /// The findings are those that the document has, each once, in byte order of finding, subject and place.
    #[test]
    fn findings_are_those_of_the_document(world in worlds(), drafts in drafts(6)) {
        let world = changed(world, &drafts);
        let all: Vec<_> = findings(&world.directory, TIMES[1]).iter().map(told).collect();
        prop_assert_eq!(all, findings_by_document(&world).into_iter().collect::<Vec<_>>());
    }

    /// Every fix can be made, mends its finding and takes nothing away but what the finding is about; one after the other, they mend all that has
    /// a fix.
    #[test]
    fn fixes_mend_findings(world in worlds(), drafts in drafts(4), time in 0..TIMES.len()) {
        let (time, world) = (TIMES[time], changed(world, &drafts));
        let mut directory = world.directory.clone();
        let all = findings(&directory, time);
        prop_assert!(all.is_sorted_by(|one, next| told(one) < told(next)), "{:?}", all);
        for finding in all.iter().filter(|finding| !finding.fix.is_empty()) {
            prop_assert!(!has(&mended(&directory, finding, time), finding, time), "{:?}", finding);
            let changes = serde_json::to_value(&finding.fix).unwrap();
            let preview = boundary::preview(&mut directory.clone(), &value(&changes), &value(&json!({"at": time})), at()).unwrap();
            // What a user loses, the keys lose that act as them.
            let acts_as = |key: &Json| key["acts_as"].as_str().is_some_and(|user| format!("user:{user}") == finding.subject);
            let acting: BTreeSet<_> = keys(&world).filter(|key| acts_as(key)).map(|key| format!("api_key:{}", text(key, "id"))).collect();
            let is_about = |principal: &String| *principal == finding.subject || acting.contains(principal);
            let may_lose = finding.finding != FindingCode::KeyNeverExpires;
            let lost: Vec<_> = preview.lost.iter().filter(|row| !(may_lose && is_about(&row.principal))).collect();
            prop_assert!(lost.is_empty(), "{:?}: {:?}", finding, lost);
            // A weaker role need not have less. The owner becomes an admin, of the organization default key as well.
            let gives = match finding.finding {
                FindingCode::ExternalIsAdmin => preview.gained.iter().all(|row| is_about(&row.principal)),
                FindingCode::ProjectWithoutAdmin => preview.gained.iter().all(|row| row.on == finding.subject || row.on.starts_with("api_key:")),
                _ => preview.gained.is_empty(),
            };
            prop_assert!(gives, "{:?}: {:?}", finding, preview.gained);
        }
        for round in 0.. {
            prop_assert!(round < 300, "the fixes do not come to an end");
            let Some(finding) = findings(&directory, time).into_iter().find(|finding| !finding.fix.is_empty()) else { break };
            directory = mended(&directory, &finding, time);
        }
        let world = World::of(directory.clone());
        let default_keys = keys(&world).filter(|key| key["kind"] == "organization_default");
        let default_keys: BTreeSet<_> = default_keys.map(|key| format!("api_key:{}", text(key, "id"))).collect();
        for finding in findings(&directory, time) {
            let stays = [FindingCode::OrganizationWithOneAdmin, FindingCode::ProjectWithoutAdmin, FindingCode::RowExpired];
            prop_assert!(default_keys.contains(&finding.subject) || stays.contains(&finding.finding), "{:?}", finding);
        }
    }
}
