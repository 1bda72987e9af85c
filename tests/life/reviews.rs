//! Reviews and findings.

use bailiwick::{Finding, FindingCode, ReviewRow};

use crate::listings::ended_keys;
use crate::previews::ageless;
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

/// Makes the changes of a finding.
fn mended(directory: &Directory, finding: &Finding, time: &str) -> Directory {
    let mut mended = directory.clone();
    let changes = serde_json::to_value(&finding.fix).unwrap();
    boundary::apply_many(&mut mended, &value(&changes), &value(&json!({"at": time})), at())
        .unwrap_or_else(|error| panic!("{error}: {finding:?}"));
    mended
}

fn has(directory: &Directory, finding: &Finding, time: &str) -> bool {
    let same = |other: &Finding| (other.finding, &other.subject, &other.on) == (finding.finding, &finding.subject, &finding.on);
    findings(directory, time).iter().any(same)
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

    /// Every fix can be made, mends its finding and takes nothing away but what the finding is about; one after the other, they mend all that has
    /// a fix.
    #[test]
    fn fixes_mend_findings(world in worlds(), drafts in drafts(4), time in 0..TIMES.len()) {
        let (time, mut directory) = (TIMES[time], changed(world, &drafts).directory);
        let all = findings(&directory, time);
        let place = |finding: &Finding| (finding.finding.as_str(), finding.subject.clone(), finding.on.clone());
        prop_assert!(all.is_sorted_by(|one, next| place(one) < place(next)), "{:?}", all);
        for finding in all.iter().filter(|finding| !finding.fix.is_empty()) {
            prop_assert!(!has(&mended(&directory, finding, time), finding, time), "{:?}", finding);
            let changes = serde_json::to_value(&finding.fix).unwrap();
            let preview = boundary::preview(&mut directory.clone(), &value(&changes), &value(&json!({"at": time})), at()).unwrap();
            let is_about = |principal: &String| *principal == finding.subject && finding.finding != FindingCode::KeyNeverExpires;
            let lost: Vec<_> = preview.lost.iter().filter(|row| !is_about(&row.principal)).collect();
            prop_assert!(lost.is_empty(), "{:?}: {:?}", finding, lost);
        }
        for round in 0.. {
            prop_assert!(round < 300, "the fixes do not come to an end");
            let Some(finding) = findings(&directory, time).into_iter().find(|finding| !finding.fix.is_empty()) else { break };
            directory = mended(&directory, &finding, time);
        }
        let default_keys: Vec<_> = World::of(directory.clone()).document.to_string().split("{\"id\":").filter(|entry| entry.contains("organization_default")).map(str::to_owned).collect();
        for finding in findings(&directory, time) {
            let is_of_default_key = finding.subject.strip_prefix("api_key:").is_some_and(|key| default_keys.iter().any(|entry| entry.starts_with(&json!(key).to_string())));
            let stays = [FindingCode::OrganizationWithOneAdmin, FindingCode::ProjectWithoutAdmin, FindingCode::RowExpired];
            prop_assert!(is_of_default_key || stays.contains(&finding.finding), "{:?}", finding);
        }
    }
}
