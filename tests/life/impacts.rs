//! Impacts are what asking every question of both states finds, in whatever pieces they are told.

use crate::policy_edits::{edits, under_edited_policy};
use crate::previews::ageless;
use crate::*;
use bailiwick::ImpactRow;

/// What differs, found by asking everything. Written as the answer is.
pub(crate) fn asked_of_everybody(before: &Directory, after: &Directory, when: &str) -> Json {
    let sides = [World::of(ageless(before)), World::of(ageless(after))];
    let principals: BTreeSet<_> = sides.iter().flat_map(|side| side.principals.iter().cloned()).collect();
    let objects: BTreeSet<_> = sides.iter().flat_map(objects_of).collect();
    let actions: BTreeSet<_> = sides.iter().flat_map(|side| others_actions(&side.policy)).collect();
    let at = Instant::parse(when).unwrap();
    let (mut access, mut bookings, mut with_rows) = (Vec::new(), Vec::new(), BTreeSet::new());
    let (mut gains, mut losses, mut moves) = (0, 0, 0);
    for principal in &principals {
        for on in &objects {
            let ask = |side: &World, action: &str| {
                let [principal, on] = [principal, on].map(|text| Reference::parse(text).unwrap());
                side.directory.check_access(&AccessRequest::new(principal, action, on, at)).allowed
            };
            let differing = |had: bool| -> Vec<_> {
                actions.iter().filter(|action| ask(&sides[0], action) == had && ask(&sides[1], action) != had).collect()
            };
            let (gained, lost) = (differing(false), differing(true));
            gains += gained.len();
            losses += lost.len();
            if !gained.is_empty() || !lost.is_empty() {
                with_rows.insert(principal);
                access.push(json!({"principal": principal, "on": on, "gained": gained, "lost": lost}));
            }
        }
    }
    for principal in &principals {
        let [had, has] = sides.each_ref().map(|side| items(&side.directory, "list_projects", &json!({"principal": principal, "at": when})));
        for project in had.iter().filter(|project| has.contains(project)) {
            let mut rows: BTreeMap<_, Vec<_>> = BTreeMap::new();
            for usage in common_usages(&sides) {
                let (kind, surface) = usage.split_once('@').unwrap();
                let [before, after] = sides.each_ref().map(|side| booked(&side.directory, principal, kind, surface, project, at));
                if before != after {
                    rows.entry((before, after)).or_default().push(usage.clone());
                }
            }
            for ((before, after), usage) in rows {
                with_rows.insert(principal);
                moves += usage.len();
                let place = |[organization, project]: [Option<String>; 2]| json!({"organization": organization, "project": project});
                bookings.push(json!({
                    "principal": principal, "project": project, "before": place(before), "after": place(after), "usage": usage,
                }));
            }
        }
    }
    let counts = json!({"principals": with_rows.len(), "gained": gains, "lost": losses, "bookings": moves});
    json!({"access": access, "bookings": bookings, "counts": counts, "widens": gains > 0, "next_cursor": null})
}

/// Organizations, projects and organization default keys.
fn objects_of(side: &World) -> Vec<String> {
    let mut objects = Vec::new();
    for organization in list(&side.document, "organizations") {
        objects.push(format!("organization:{}", text(organization, "id")));
        for project in list(organization, "projects") {
            objects.push(format!("project:{}", text(project, "id")));
            let keys = list(project, "api_keys").filter(|key| key["kind"] == "organization_default");
            let kind = side.policy["api_key_kind"].as_str();
            objects.extend(keys.filter_map(|key| Some(format!("{}:{}", kind?, text(key, "id")))));
        }
    }
    objects
}

/// The actions of a policy, without those on oneself.
fn others_actions(policy: &Json) -> BTreeSet<String> {
    let of_oneself: BTreeSet<_> = list(policy, "self_actions").filter_map(Json::as_str).collect();
    worlds::actions_of(policy).into_iter().filter(|action| !of_oneself.contains(action.as_str())).collect()
}

/// `kind@surface` of both policies, in byte order.
fn common_usages(sides: &[World; 2]) -> BTreeSet<String> {
    let [one, two] = sides.each_ref().map(|side| {
        let kinds = list(&side.policy, "kinds").map(|kind| text(kind, "kind"));
        let surfaces = || list(&side.policy, "surfaces").map(|surface| surface.as_str().unwrap_or_else(|| text(surface, "surface")));
        kinds.flat_map(|kind| surfaces().map(move |surface| format!("{kind}@{surface}"))).collect::<BTreeSet<_>>()
    });
    one.intersection(&two).cloned().collect()
}

fn booked(directory: &Directory, principal: &str, kind: &str, surface: &str, project: &str, at: Instant) -> [Option<String>; 2] {
    let principal = Reference::parse(principal).unwrap();
    let usage = Usage { principal, kind, surface: Some(surface), project: Some(project), resource: None, at };
    directory.attribute(&usage).map_or([None, None], |found| [found.organization, found.project].map(|id| id.map(str::to_owned)))
}

fn impact(before: &Directory, after: &Directory, request: &Json) -> Json {
    serde_json::to_value(boundary::impact(before, after, &value(request), at()).unwrap()).unwrap()
}

/// The rows of a comparison, one after the other.
fn rows(impact: &Json) -> Vec<Json> {
    list(impact, "access").chain(list(impact, "bookings")).cloned().collect()
}

/// The same with before and after exchanged.
fn mirrored(mut impact: Json) -> Json {
    let exchange = |row: &mut Json, one: &str, other: &str| {
        let (first, second) = (row[one].take(), row[other].take());
        (row[one], row[other]) = (second, first);
    };
    impact["access"].as_array_mut().unwrap().iter_mut().for_each(|row| exchange(row, "gained", "lost"));
    let bookings = impact["bookings"].as_array_mut().unwrap();
    bookings.iter_mut().for_each(|row| exchange(row, "before", "after"));
    let place = |place: &Json| ["organization", "project"].map(|field| place[field].as_str().map(str::to_owned));
    let own = |row: &Json| ["principal", "project"].map(|field| text(row, field).to_owned());
    bookings.sort_by_key(|row| (own(row), place(&row["before"]), place(&row["after"])));
    exchange(&mut impact["counts"], "gained", "lost");
    impact["widens"] = json!(impact["counts"]["gained"].as_u64().unwrap() > 0);
    impact
}

/// The place of a row in the order of all: access first.
fn place(row: &Json) -> (bool, Vec<Option<String>>) {
    let is_of_bookings = row["on"].is_null();
    let text = |value: &Json| value.as_str().map(str::to_owned);
    let mut parts = vec![text(&row["principal"]), text(&row[if is_of_bookings { "project" } else { "on" }])];
    parts.extend(["before", "after"].iter().flat_map(|side| ["organization", "project"].map(|field| text(&row[side][field]))));
    (is_of_bookings, parts)
}

fn check(before: &Directory, after: &Directory, when: &str, limit: usize) {
    let request = json!({"at": when});
    let whole = impact(before, after, &request);
    let expected = asked_of_everybody(before, after, when);
    assert_eq!(whole, expected, "from {} to {}", document(before), document(after));
    assert_eq!(impact(after, before, &request), mirrored(whole.clone()));
    let nothing = impact(before, before, &request);
    assert_eq!((rows(&nothing), &nothing["widens"]), (Vec::new(), &json!(false)));
    assert_eq!(nothing["counts"], json!({"principals": 0, "gained": 0, "lost": 0, "bookings": 0}));
    let stream = boundary::impact_rows(before, after, &value(&request), at()).unwrap();
    assert_eq!(stream.total(), rows(&whole).len() as u64);
    assert_eq!(stream.map(|row: ImpactRow| serde_json::to_value(row).unwrap()).collect::<Vec<_>>(), rows(&whole));
    check_pages(before, after, &whole, when, limit);
}

fn check_pages(before: &Directory, after: &Directory, whole: &Json, when: &str, limit: usize) {
    let counts = impact(before, after, &json!({"at": when, "limit": 0}));
    assert_eq!((rows(&counts), &counts["next_cursor"]), (Vec::new(), &Json::Null));
    let (mut paged, mut cursor) = (Vec::new(), Json::Null);
    loop {
        let page = impact(before, after, &json!({"at": when, "limit": limit, "cursor": cursor}));
        assert_eq!((&page["counts"], &page["widens"]), (&whole["counts"], &whole["widens"]));
        paged.extend(rows(&page));
        cursor = page["next_cursor"].clone();
        if cursor.is_null() {
            break;
        }
        assert_eq!(rows(&page).len(), limit);
    }
    assert_eq!(paged, rows(whole));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    /// Of any two directories, which share some ids.
    #[test]
    fn an_impact_is_what_differs_between_any_two_directories(before in worlds(), after in worlds(), time in 0..3_usize, limit in 1..9_usize) {
        check(&before.directory, &after.directory, TIMES[time], limit);
    }

    /// Of a directory before and after changes.
    #[test]
    fn an_impact_is_what_changes_do(before in worlds(), drafts in drafts(24), time in 0..3_usize, limit in 1..9_usize) {
        let after = changed(World::of(before.directory.clone()), &drafts);
        check(&before.directory, &after.directory, TIMES[time], limit);
    }

    /// Of a directory under its policy and under another one.
    #[test]
    fn an_impact_is_what_a_policy_changes(before in worlds(), edits in edits(8), time in 0..3_usize, limit in 1..9_usize) {
        let after = under_edited_policy(&before, &edits);
        check(&before.directory, &after, TIMES[time], limit);
    }

    /// A cursor goes on behind its row, whatever has become of the states. Nothing else is a cursor.
    #[test]
    fn a_cursor_goes_on_behind_its_row(before in worlds(), after in worlds(), drafts in drafts(8), limit in 1..9_usize) {
        let page = impact(&before.directory, &after.directory, &json!({"limit": limit}));
        let Some(cursor) = page["next_cursor"].as_str() else { return Ok(()) };
        let last = place(rows(&page).last().unwrap());
        let later = changed(after, &drafts).directory;
        let told = rows(&impact(&before.directory, &later, &json!({"cursor": cursor})));
        let mut expected = rows(&impact(&before.directory, &later, &json!({})));
        expected.retain(|row| place(row) > last);
        prop_assert_eq!(told, expected);
        let refused = |field: &str, given: Json| {
            let request = json!({ field: given });
            let error = boundary::impact(&before.directory, &later, &value(&request), at()).unwrap_err();
            (error.code(), error.path().to_owned())
        };
        for text in ["", "zz", "00", &cursor[2..], &cursor[..cursor.len() - 2], &cursor.to_uppercase()] {
            prop_assert_eq!(refused("cursor", json!(text)), (ErrorCode::CursorInvalid, "/cursor".to_owned()), "{}", text);
        }
        for limit in [json!(-1), json!(0.5), json!("1")] {
            prop_assert_eq!(refused("limit", limit), (ErrorCode::WrongType, "/limit".to_owned()));
        }
    }

    /// What a preview says is gained, lost and booked elsewhere is what the impact of the changes says.
    #[test]
    fn a_preview_tells_what_the_impact_tells(mut world in worlds(), drafts in drafts(16)) {
        for draft in &drafts {
            let (change, mut terms) = draft.for_world(&world);
            terms.as_object_mut().unwrap().remove("actor");
            let before = world.directory.clone();
            let Ok(preview) = boundary::preview(&mut world.directory, &value(&change), &value(&terms), at()) else { continue };
            prop_assert!(apply(&mut world.directory, &(change.clone(), terms.clone())).is_ok());
            let preview = serde_json::to_value(preview).unwrap();
            let whole = impact(&before, &world.directory, &json!({"at": terms["at"]}));
            for direction in ["gained", "lost"] {
                let told = list(&whole, "access").filter(|row| row[direction] != json!([]));
                let told: Vec<_> = told.map(|row| json!({"principal": row["principal"], "on": row["on"], "actions": row[direction]})).collect();
                prop_assert_eq!(&preview[direction], &json!(told), "{} by {}", direction, change);
            }
            let moved: BTreeSet<_> = list(&whole, "bookings").map(|row| &row["principal"]).map(Json::to_string).collect();
            let told: BTreeSet<_> = list(&preview, "booked_elsewhere").map(Json::to_string).collect();
            prop_assert_eq!(told, moved, "{}", change);
            world = World::of(world.directory);
        }
    }
}
