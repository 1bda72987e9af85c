//! Timelines: every moment is the state that was in force then, and usage is booked as by loading each revision.

use bailiwick::columns::{
    AttributionColumns, Dictionary, InstantCell, KindCell, NONE, PrincipalCell, ProjectCell, ResourceCell, SurfaceCell,
};
use bailiwick::columns::{KnownNames, UsageColumns, UsageNames};
use bailiwick::{Timeline, TimelineAttribution, TimelineNames};

use crate::policy_edits::{edits, under_edited_policy};
use crate::*;

/// How a state is brought into a timeline.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Source {
    Change,
    Delta,
    Snapshot,
    /// A snapshot under another policy.
    Policy,
}

fn sources() -> impl Strategy<Value = Source> {
    prop_oneof![6 => Just(Source::Change), 3 => Just(Source::Delta), 1 => Just(Source::Snapshot), 1 => Just(Source::Policy)]
}

pub(super) fn after(seconds: u64) -> Instant {
    Instant::from_unix_milliseconds(at().unix_milliseconds() as f64 + seconds as f64 * 1000.0).unwrap()
}

/// The states of a life: the instant from which each is in force, its revision and its snapshot.
pub(super) struct Life {
    pub(super) timeline: Timeline,
    pub(super) states: Vec<(Instant, u64, Vec<u8>)>,
    worlds: Vec<World>,
}

pub(super) type Plan = Vec<(Source, Vec<Draft>, u64, Vec<policy_edits::Edit>)>;

pub(super) fn plans() -> impl Strategy<Value = Plan> {
    vec((sources(), drafts(4), 0..40_u64, edits(3)), 1..14)
}

pub(super) fn seal(at: Instant) -> Seal<'static> {
    Seal { issued_at: Some(at), ..Seal::default() }
}

/// A life in which each step is in force from its own instant. The world itself is changed by the same changes.
pub(super) fn lived(world: World, plan: &Plan) -> Life {
    let first = unpacked(&snapshot(&world.directory));
    let mut life = Life {
        timeline: Timeline::of(first, Some(after(0))),
        states: vec![(after(0), world.directory.revision(), snapshot(&world.directory))],
        worlds: Vec::new(),
    };
    let (mut world, mut seconds) = (world, 0);
    for (source, drafts, pause, edits) in plan {
        seconds += pause;
        let (at, since) = (after(seconds), world.directory.revision());
        if pause % 3 == 0 {
            // Issued sometime, whatever the instants of the changes.
            let (issued_at, max_age_seconds) =
                (Some(after((seconds + pause % 9).saturating_sub(3))), (pause % 2 == 0).then_some(1_000_000 + pause));
            let present = life.timeline.present();
            let renewal = present.to_delta(present.revision(), &Seal { issued_at, max_age_seconds, ..Seal::default() }).unwrap();
            life.timeline.append(&renewal, Trust::default(), None).unwrap();
        }
        // A delta needs a state that others have.
        snapshot(&world.directory);
        for draft in drafts {
            let (change, mut terms) = draft.for_world(&world);
            terms["at"] = json!(at.to_string());
            if apply(&mut world.directory, &(change.clone(), terms.clone())).is_ok() {
                if *source == Source::Change {
                    let revision = boundary::apply_to_timeline(&mut life.timeline, &value(&change), &value(&terms), at).unwrap();
                    life.states.push((at, revision, snapshot(&world.directory)));
                }
                world = World::of(world.directory);
            }
        }
        match source {
            Source::Change => {}
            Source::Delta => {
                let delta = world.directory.to_delta(since, &Seal::default()).unwrap();
                let revision = life.timeline.append(&delta, Trust::default(), None).unwrap();
                assert_eq!(revision, world.directory.revision());
            }
            Source::Snapshot | Source::Policy => {
                if *source == Source::Policy {
                    world = World::of(under_edited_policy(&world, edits));
                }
                let bytes = world.directory.to_snapshot(&seal(at));
                life.timeline.append(&bytes, Trust::default(), None).unwrap();
                // The two go on from one revision.
                world = World::of(Directory::clone(life.timeline.present()));
            }
        }
        life.states.push((at, world.directory.revision(), snapshot(&world.directory)));
        life.worlds.push(World::of(unpacked(&snapshot(&world.directory))));
    }
    life
}

impl Life {
    /// The state in force at an instant: of several that begin then, the last.
    fn state(&self, at: Instant) -> Option<&(Instant, u64, Vec<u8>)> {
        self.states.iter().rev().find(|(from, ..)| *from <= at)
    }
}

/// A row of usage.
#[derive(Clone, Debug)]
pub(super) struct Row {
    principal: String,
    kind: String,
    surface: Option<&'static str>,
    project: Option<String>,
    resource: Option<String>,
    pub(super) at: Option<Instant>,
}

/// Rows that name what there is at any time, and what there never is.
pub(super) fn rows(life: &Life, choices: &[[usize; 7]]) -> Vec<Row> {
    let (mut principals, mut projects, mut resources) =
        (vec!["user:nobody".to_owned(), "malformed".to_owned()], vec!["none".to_owned()], Vec::new());
    for world in &life.worlds {
        principals.extend(world.principals.iter().cloned());
        projects.extend(world.projects.iter().cloned());
        resources.extend(world.projects.iter().flat_map(|project| {
            let resources = list(world.entry(project).1, "resources");
            let keys = list(world.entry(project).1, "api_keys").map(|entry| format!("api_key:{}", text(entry, "id")));
            resources.map(|entry| format!("{}:{}", text(entry, "kind"), text(entry, "id"))).chain(keys).collect::<Vec<_>>()
        }));
    }
    resources.push("file:none".to_owned());
    let last = life.states.last().unwrap().0.unix_milliseconds() - after(0).unix_milliseconds();
    let row = |[principal, kind, surface, project, resource, moment, sort]: &[usize; 7]| {
        let resource = (resource % 2 == 0).then(|| resources[resource / 2 % resources.len()].clone());
        let kinds = kinds();
        // Most rows have the kind of their resource.
        let of_resource =
            resource.as_deref().filter(|_| kind % 8 != 0).and_then(|resource| resource.split_once(':')).map(|(kind, _)| kind.to_owned());
        Row {
            principal: principals[principal % principals.len()].clone(),
            kind: of_resource.unwrap_or_else(|| kinds[kind / 8 % kinds.len()].clone()),
            surface: (surface % 4 > 0).then(|| SURFACES[surface / 4 % 3]),
            project: (project % 3 == 0).then(|| projects[project / 3 % projects.len()].clone()),
            resource,
            at: match sort % 16 {
                0 => None,
                1 => Some(Instant::from_unix_milliseconds(after(0).unix_milliseconds() as f64 - 1.0).unwrap()),
                _ => Instant::from_unix_milliseconds(
                    after(0).unix_milliseconds() as f64 + (*moment as f64 / 65_536.0 * (last as f64 + 20_000.0)).floor(),
                ),
            },
        }
    };
    choices.iter().map(row).collect()
}

#[derive(Default)]
struct Cells {
    principal: Vec<PrincipalCell>,
    kind: Vec<KindCell>,
    surface: Vec<SurfaceCell>,
    project: Vec<ProjectCell>,
    resource: Vec<ResourceCell>,
    at: Vec<InstantCell>,
}

impl Cells {
    fn of(rows: &[Row], names: &impl UsageNames) -> Self {
        let mut cells = Self { at: instants(rows), ..Self::default() };
        for row in rows {
            cells.principal.push(names.principal_cell(Some(&row.principal)));
            cells.kind.push(names.kind_cell(Some(&row.kind)));
            cells.surface.push(names.surface_cell(row.surface));
            cells.project.push(names.project_cell(row.project.as_deref()));
            cells.resource.push(names.resource_cell(row.resource.as_deref()));
        }
        cells
    }

    fn columns(&self) -> UsageColumns<'_> {
        let Self { principal, kind, surface, project, resource, at } = self;
        UsageColumns { principal, kind, surface, project, resource, at }
    }
}

fn instants(rows: &[Row]) -> Vec<InstantCell> {
    rows.iter().map(|row| row.at.map_or(InstantCell::FAULT, InstantCell::from)).collect()
}

fn word(dictionary: &Dictionary, number: u32) -> Json {
    if number == NONE { Json::Null } else { json!(dictionary.iter().nth(number as usize).unwrap()) }
}

fn answer(answers: &AttributionColumns, row: usize) -> Json {
    let reason = AttributionColumns::reasons().nth(answers.reason[row].into()).unwrap();
    json!([
        word(&answers.organizations, answers.organization[row]),
        word(&answers.projects, answers.project[row]),
        word(&answers.organizations, answers.intended_organization[row]),
        word(&answers.projects, answers.intended_project[row]),
        answers.matches_intended[row],
        reason,
        word(&answers.api_keys, answers.api_key[row]),
        answers.remedies[row],
        answers.caveats[row],
    ])
}

/// Books rows in chunks and batches of these sizes.
pub(super) fn by_time(timeline: &Timeline, rows: &[Row], chunk: usize, batch: usize) -> Vec<(Json, Option<u64>)> {
    let mut attribution = TimelineAttribution::new(timeline.clone()).unwrap();
    let mut answers = AttributionColumns::new(timeline.present());
    let mut booked = Vec::new();
    for batch in rows.chunks(batch) {
        answers.bound_dictionaries();
        answers.clear();
        attribution.begin(&answers, batch.len());
        for chunk in batch.chunks(chunk) {
            for era in attribution.place(&instants(chunk)).to_vec() {
                let cells = Cells::of(chunk, attribution.names(era).unwrap());
                attribution.push(era, &cells.columns());
            }
        }
        attribution.finish(&mut answers).unwrap();
        let revisions: Vec<_> = attribution.revisions().collect();
        booked.extend((0..batch.len()).map(|row| (answer(&answers, row), revisions[row])));
    }
    booked
}

/// Books a row by the state that was in force.
pub(super) fn slowly(life: &Life, row: &Row) -> (Json, Option<u64>) {
    let last = life.states.last().unwrap();
    match row.at.map_or(Some(last), |at| life.state(at)) {
        Some((_, revision, snapshot)) => {
            let directory = unpacked(snapshot);
            let mut answers = AttributionColumns::new(&directory);
            answers.attribute(&directory, &Cells::of(std::slice::from_ref(row), &directory).columns());
            (answer(&answers, 0), Some(*revision))
        }
        None => {
            let is_malformed = !row.principal.contains(':');
            let reason = if is_malformed { "invalid_reference" } else { "before_history" };
            (json!([null, null, null, null, false, reason, null, 0, 0]), None)
        }
    }
}

/// What a state has a column for, by what it is, with its display name.
fn named(world: &World, add: &mut impl FnMut(&'static str, &str, &Json)) {
    let of_users = |entry: &Json, rows: &str, add: &mut dyn FnMut(&'static str, &str, &Json)| {
        list(entry, rows).filter_map(|row| row["user"].as_str()).for_each(|user| add("user", user, &Json::Null));
    };
    list(&world.document, "users").for_each(|user| add("user", text(user, "id"), &Json::Null));
    let key_kind = world.policy["api_key_kind"].as_str();
    for organization in list(&world.document, "organizations") {
        add("organization", text(organization, "id"), &organization["name"]);
        of_users(organization, "members", add);
        for project in list(organization, "projects") {
            add("project", text(project, "id"), &project["name"]);
            of_users(project, "collaborators", add);
            for key in list(project, "api_keys") {
                add("api_key", text(key, "id"), &key["name"]);
                if let Some(kind) = key_kind {
                    add("resource", &format!("{kind}:{}", text(key, "id")), &key["name"]);
                }
            }
            for resource in list(project, "resources") {
                add("resource", &format!("{}:{}", text(resource, "kind"), text(resource, "id")), &resource["name"]);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, failure_persistence: None, ..ProptestConfig::default() })]

    /// The directory at any instant is the one that was in force, byte for byte.
    #[test]
    fn every_moment_is_the_state_of_that_moment(world in worlds(), plan in plans()) {
        let life = lived(world, &plan);
        let (first, last) = (&life.states[0], life.states.last().unwrap());
        prop_assert_eq!(life.timeline.beginning(), Some(first.0));
        prop_assert_eq!(life.timeline.present().revision(), last.1);
        for (at, ..) in &life.states {
            for milliseconds in [-1.0, 0.0, 1.0] {
                let at = Instant::from_unix_milliseconds(at.unix_milliseconds() as f64 + milliseconds).unwrap();
                match (life.timeline.at(at), life.state(at)) {
                    (Ok(directory), Some((_, revision, bytes))) => {
                        prop_assert_eq!(directory.revision(), *revision);
                        // The age is not state.
                        let (then, now) = (unpacked(bytes), unpacked(&snapshot(&directory)));
                        prop_assert_eq!(boundary::state(&now), boundary::state(&then));
                        prop_assert_eq!(boundary::state(&directory), boundary::state(&then));
                    }
                    (Err(error), None) => prop_assert_eq!((error.code(), error.path()), (ErrorCode::BeforeHistory, "/at")),
                    (found, wanted) => prop_assert!(false, "{:?} instead of {:?}", found.map(|found| found.revision()), wanted.map(|state| state.1)),
                }
            }
        }
    }

    /// What was in any state is known, with the display name that it had last.
    #[test]
    fn names_are_those_of_all_moments(world in worlds(), plan in plans()) {
        let life = lived(world, &plan);
        let names = TimelineNames::new(&life.timeline);
        let mut wanted = BTreeMap::new();
        for (.., bytes) in &life.states {
            named(&World::of(unpacked(bytes)), &mut |sort, id, name| {
                wanted.insert((sort, id.to_owned()), name.as_str().map(str::to_owned));
            });
        }
        let known = |sort: &str, id: &str| match sort {
            "user" => names.known_user(id),
            "organization" => names.known_organization(id),
            "project" => names.known_project(id),
            "api_key" => names.known_api_key(id),
            _ => names.known_resource(Reference::split(id)?),
        };
        for ((sort, id), name) in &wanted {
            prop_assert_eq!(known(sort, id).map(|known| known.name), Some(name.as_deref()), "{} {}", sort, id);
        }
        for sort in ["user", "organization", "project", "api_key", "resource"] {
            prop_assert_eq!(known(sort, "file:none"), None);
        }
    }

    /// In any order and in batches of any size, rows are booked as by loading each revision.
    #[test]
    fn usage_is_booked_by_the_revision_of_its_instant(
        world in worlds(), plan in plans(), choices in vec(proptest::array::uniform7(0..65_536_usize), 1..80), chunk in 1..50_usize, batch in 1..90_usize,
    ) {
        let life = lived(world, &plan);
        let rows = rows(&life, &choices);
        let wanted: Vec<_> = rows.iter().map(|row| slowly(&life, row)).collect();
        for (booked, (wanted, row)) in by_time(&life.timeline, &rows, chunk, batch).iter().zip(wanted.iter().zip(&rows)) {
            prop_assert_eq!(booked, wanted, "{:?}", row);
        }
    }
}

/// The journal of a life, with where it ends after each record.
fn journal(world: World, plan: &Plan) -> (Vec<u8>, Vec<(usize, Timeline)>) {
    let key = SecretKey::from_bytes(&[7; 32]);
    let signing_key = || Bytes::Given(&[7; 32]);
    let trust = Trust { public_keys: Some(&key.public_key().into()), now: None };
    let sealed = Seal { signing_key: Some(&key), issued_at: Some(after(0)), ..Seal::default() };
    let first = Directory::from_snapshot(&world.directory.to_snapshot(&sealed), trust, None).unwrap();
    let mut timeline = Timeline::of(first, None);
    let (mut bytes, mut end) = boundary::new_journal(&timeline, signing_key()).unwrap();
    let mut ends = vec![(bytes.len(), timeline.clone())];
    let (mut world, mut seconds) = (World::of(Directory::clone(timeline.present())), 0);
    for (_, drafts, pause, _) in plan {
        seconds += pause;
        for draft in drafts {
            let (change, mut terms) = draft.for_world(&world);
            terms["at"] = json!(after(seconds).to_string());
            let applied = boundary::apply_to_journal(&mut timeline, &value(&change), &value(&terms), signing_key(), after(seconds), end);
            let Ok((record, next)) = applied else { continue };
            bytes.extend(record);
            end = next;
            ends.push((bytes.len(), timeline.clone()));
            world = World::of(Directory::clone(timeline.present()));
        }
    }
    (bytes, ends)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2, failure_persistence: None, ..ProptestConfig::default() })]

    /// A journal that is cut anywhere gives the timeline up to the last whole record; one with a flipped byte that too, or an error.
    #[test]
    fn a_journal_survives_a_crash_at_any_byte(world in worlds(), plan in vec((Just(Source::Change), drafts(2), 0..40_u64, edits(1)), 1..3), bit in 0..8_u8) {
        let (bytes, ends) = journal(world, &plan);
        let trust = Trust::default();
        let assert_is = |found: &Timeline, bytes: usize, wanted: usize| {
            let (end, timeline) = ends.iter().rev().find(|(end, _)| *end <= wanted).unwrap();
            assert_eq!(bytes, *end);
            assert_eq!(found.len(), timeline.len());
            assert_eq!(boundary::state(found.present()), boundary::state(timeline.present()));
            assert_eq!(serde_json::to_string(&found.log().collect::<Vec<_>>()).unwrap(), serde_json::to_string(&timeline.log().collect::<Vec<_>>()).unwrap());
        };
        for length in 0..=bytes.len() {
            match Timeline::from_journal(&bytes[..length], trust, None) {
                Ok((timeline, end)) => assert_is(&timeline, end.bytes, length),
                Err(error) => prop_assert!(length < ends[0].0 && error.code() == ErrorCode::SnapshotCorrupt, "{length}: {error:?}"),
            }
        }
        for place in 0..bytes.len() {
            let mut flipped = bytes.clone();
            flipped[place] ^= 1 << bit;
            match Timeline::from_journal(&flipped, trust, None) {
                // Only what may not have been written completely is left out.
                Ok((timeline, end)) => {
                    prop_assert!(ends.len() > 1 && place >= ends[ends.len() - 2].0);
                    assert_is(&timeline, end.bytes, ends[ends.len() - 2].0);
                }
                Err(error) => prop_assert!(matches!(error.code(), ErrorCode::SnapshotCorrupt | ErrorCode::SnapshotVersion), "{place}: {error:?}"),
            }
        }
        // What a crash may leave of a record: zeros.
        let padded = [&bytes[..], &[0; 100]].concat();
        let (timeline, end) = Timeline::from_journal(&padded, trust, None).unwrap();
        assert_is(&timeline, end.bytes, bytes.len());
        // Everything is signed, and by the right key.
        let key = SecretKey::from_bytes(&[7; 32]).public_key().into();
        let read = Timeline::from_journal(&bytes, Trust { public_keys: Some(&key), now: None }, None);
        prop_assert!(read.is_ok());
        let other = SecretKey::from_bytes(&[8; 32]).public_key().into();
        let error = Timeline::from_journal(&bytes, Trust { public_keys: Some(&other), now: None }, None).unwrap_err();
        prop_assert_eq!(error.code(), ErrorCode::SignatureInvalid);
    }
}

pub(super) fn acme() -> Directory {
    let document = json!({"format": "bailiwick/1", "organizations": [{
        "id": "acme", "owner": "ada", "members": [{"user": "ada", "role": "admin"}], "projects": [{"id": "home", "default": true}],
    }]});
    loaded(&document.to_string())
}

pub(super) fn joining(user: &str) -> Json {
    json!({"type": "add_member", "organization": "acme", "user": user})
}

/// Time does not go back, but for what clocks differ by; the actor rides along.
#[test]
fn changes_come_in_the_order_of_their_instants() {
    let mut timeline = Timeline::of(acme(), Some(after(100)));
    let apply = |timeline: &mut Timeline, user: &str, terms: &Json| {
        boundary::apply_to_timeline(timeline, &value(&joining(user)), &value(terms), after(0))
    };
    let at = |milliseconds: f64| json!({"at": Instant::from_unix_milliseconds(after(0).unix_milliseconds() as f64 + milliseconds).unwrap().to_string()});
    for (user, milliseconds, is_in_order) in
        [("a", 95_000.0, false), ("b", 95_001.0, true), ("c", 110_000.0, true), ("d", 105_001.0, true), ("e", 105_000.0, false)]
    {
        let before = timeline.present().revision();
        match apply(&mut timeline, user, &at(milliseconds)) {
            Ok(revision) => assert!(is_in_order && revision == before + 1),
            Err(error) => {
                assert_eq!((error.code(), error.path(), is_in_order), (ErrorCode::InvalidOrder, "/at", false));
                assert_eq!(timeline.present().revision(), before);
            }
        }
    }
    let mut by_ada = at(110_000.0);
    by_ada["actor"] = json!("user:ada");
    apply(&mut timeline, "f", &by_ada).unwrap();
    let log = serde_json::to_value(timeline.log().collect::<Vec<_>>()).unwrap();
    let instants: Vec<_> = log.as_array().unwrap().iter().map(|entry| entry["at"].as_str().unwrap()).collect();
    assert_eq!(instants, [100, 110, 110, 110].map(|seconds| after(seconds).to_string()));
    assert_eq!(log[3]["changes"], json!([{"type": "add_member", "actor": "user:ada", "at": after(110).to_string()}]));
    assert_eq!(log[3]["entries"], json!([{"table": "members", "organization": "acme", "user": "f"}]));
    // Of states that begin at one instant, the last is in force.
    assert_eq!(timeline.at(after(110)).unwrap().revision(), 4);
    assert_eq!(timeline.at(after(109)).unwrap().revision(), 1);
    // A delta whose changes are too old is refused, and so is a snapshot; both change nothing.
    let mut copy = Directory::clone(timeline.present());
    let _ = boundary::state(&copy);
    boundary::apply(&mut copy, &value(&joining("g")), &value(&at(100_000.0)), after(0)).unwrap();
    for bytes in [copy.to_delta(4, &Seal::default()).unwrap(), copy.to_snapshot(&seal(after(100)))] {
        assert_eq!(timeline.append(&bytes, Trust::default(), None).unwrap_err().code(), ErrorCode::InvalidOrder);
    }
    assert_eq!(timeline.append(&copy.to_snapshot(&Seal::default()), Trust::default(), None).unwrap_err().code(), ErrorCode::MissingField);
    assert_eq!((timeline.len(), timeline.end()), (4, Some(after(110))));
    // A snapshot of the same state says how fresh it is.
    timeline.append(&Directory::clone(timeline.present()).to_snapshot(&seal(after(500))), Trust::default(), None).unwrap();
    assert_eq!((timeline.len(), timeline.end()), (4, Some(after(500))));
}

/// A journal of another directory does not continue one.
#[test]
fn a_delta_of_another_directory_is_refused() {
    let mut timeline = Timeline::of(acme(), Some(after(0)));
    let mut other = acme();
    let _ = boundary::state(&other);
    made(&mut other, json!({"type": "update_organization", "organization": "acme", "name": "other"}));
    let _ = boundary::state(&other);
    made(&mut other, joining("b"));
    boundary::apply_to_timeline(&mut timeline, &value(&joining("a")), &value(&json!({})), after(1)).unwrap();
    let error = timeline.append(&other.to_delta(1, &Seal::default()).unwrap(), Trust::default(), None).unwrap_err();
    assert_eq!(error.code(), ErrorCode::DeltaFork);
    let error = timeline.append(&other.to_delta(0, &Seal::default()).unwrap(), Trust::default(), None).unwrap_err();
    assert_eq!(error.code(), ErrorCode::DeltaGap);
    assert_eq!(timeline.len(), 1);
}

/// What is read once for all rows of a principal is read again when a step alters it: the user, the maker of a key, the default project of an
/// organization, and whether anything ends.
#[test]
fn what_was_read_of_a_principal_is_forgotten_in_time() {
    [Ending::Never, Ending::Stays, Ending::Goes].into_iter().for_each(assert_booked_in_time);
}

/// Whether a row ends that is in the last state, or only in an earlier one: as long as none does, more is read once for all rows.
#[derive(Clone, Copy, PartialEq)]
enum Ending {
    Never,
    Stays,
    Goes,
}

fn assert_booked_in_time(end: Ending) {
    let document = json!({"format": "bailiwick/1", "users": [{"id": "zoe", "organization": "elsewhere"}], "organizations": [{
        "id": "acme", "owner": "ada", "members": [{"user": "ada", "role": "admin"}, {"user": "bob", "role": "member"}], "projects": [
            {"id": "home", "default": true, "collaborators": [{"user": "bob", "role": "member"}]},
            {"id": "open", "allow_external_collaborators": true, "collaborators": [{"user": "zoe", "role": "member"}],
             "api_keys": [{"id": "of_zoe", "created_by": "zoe"}, {"id": "of_bob", "created_by": "bob"}]},
        ],
    }]});
    let row = |word: &str| json!({"type": word, "project": "open", "user": "zoe"});
    let mut ending = row("add_collaborator");
    if end != Ending::Never {
        ending["expires_at"] = json!(after(85).to_string());
    }
    let mut changes = vec![
        row("remove_collaborator"),
        row("add_collaborator"),
        json!({"type": "put_user", "user": {"id": "zoe", "organization": "faraway"}}),
        json!({"type": "set_default_project", "project": "open"}),
        json!({"type": "remove_member", "organization": "acme", "user": "bob"}),
        json!({"type": "set_default_project", "project": "home"}),
        row("remove_collaborator"),
        ending,
        json!({"type": "add_member", "organization": "acme", "user": "bob"}),
        json!({"type": "set_member_role", "organization": "acme", "user": "bob", "role": "admin"}),
    ];
    if end == Ending::Goes {
        changes.push(json!({"type": "put_collaborator", "project": "open", "collaborator": {"user": "zoe", "role": "member"}}));
    }
    let mut directory = loaded(&document.to_string());
    let mut life = Life {
        timeline: Timeline::of(unpacked(&snapshot(&directory)), Some(after(0))),
        states: vec![(after(0), 0, snapshot(&directory))],
        worlds: Vec::new(),
    };
    for (number, change) in changes.iter().enumerate() {
        let at = after(10 * (number as u64 + 1));
        let terms = json!({"at": at.to_string()});
        boundary::apply(&mut directory, &value(change), &value(&terms), at).unwrap();
        let revision = boundary::apply_to_timeline(&mut life.timeline, &value(change), &value(&terms), at).unwrap();
        life.states.push((at, revision, snapshot(&directory)));
    }
    if end == Ending::Goes {
        // A state that is loaded does not know that a row has ever ended.
        made(&mut directory, json!({"type": "update_project", "project": "open", "name": "again"}));
        let bytes = directory.to_snapshot(&seal(after(115)));
        let revision = life.timeline.append(&bytes, Trust::default(), None).unwrap();
        life.states.push((after(115), revision, bytes));
    }
    let mut rows = Vec::new();
    for seconds in (0..=120).step_by(5) {
        for principal in ["user:ada", "user:bob", "user:zoe", "api_key:of_zoe", "api_key:of_bob"] {
            for (kind, project) in [("file", None), ("file", Some("open")), ("fine_tuning", Some("home"))] {
                let (principal, kind, project) = (principal.to_owned(), kind.to_owned(), project.map(str::to_owned));
                rows.push(Row { principal, kind, surface: Some("ui"), project, resource: None, at: Some(after(seconds)) });
            }
        }
    }
    let forwards: Vec<_> = rows.iter().map(|row| slowly(&life, row)).collect();
    // There and back: the directory moves backwards for the second batch.
    let backwards = rows.iter().rev().cloned();
    let both: Vec<_> = rows.iter().cloned().chain(backwards).collect();
    let wanted = forwards.iter().chain(forwards.iter().rev());
    for ((booked, wanted), row) in by_time(&life.timeline, &both, 50, rows.len()).iter().zip(wanted).zip(&both) {
        assert_eq!(booked, wanted, "{row:?}");
    }
    // Each row in a batch of its own.
    let alone = by_time(&life.timeline, &rows, 1, 1);
    assert_eq!(alone, forwards);
}
