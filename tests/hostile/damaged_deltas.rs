//! Deltas with right checksums and contents that lead to no valid directory. Whatever is in them is found before their hash is compared: whoever
//! forges a delta can compute that hash too.

use crate::columns::{example_document, several_document};
use crate::delta_contents::Field::{At, Bytes, Flag, Never, Number, Some as Given, Text};
use crate::delta_contents::*;
use crate::delta_stage::*;
use crate::*;

pub(crate) type DeltaDamage = (&'static str, fn(&mut Contents));

const NONE: Field<'static> = Field::None;
const OFF: Field<'static> = Flag(false);
const ON: Field<'static> = Flag(true);
const ORGANIZATION: [Field<'static>; 6] = [NONE, Text("usr_ada"), OFF, ON, Never, Never];
const MEMBER: [Field<'static>; 4] = [Text("member"), Never, Never, Never];
const OWNER: [Field<'static>; 4] = [Text("admin"), Never, Never, Never];
const PROJECT: [Field<'static>; 5] = [NONE, OFF, OFF, NONE, Never];
const DEFAULT: [Field<'static>; 5] = [NONE, ON, OFF, NONE, Never];
const ROW: [Field<'static>; 3] = [Text("member"), Never, Never];
/// Name, creator, three instants, digest, kind, scopes, whom it acts as, and further projects.
const KEY: [Field<'static>; 11] = [NONE, NONE, Never, Never, Never, NONE, OFF, NONE, NONE, OFF, Number(0)];

fn with<const LENGTH: usize>(fields: [Field<'static>; LENGTH], place: usize, field: Field<'static>) -> [Field<'static>; LENGTH] {
    let mut fields = fields;
    fields[place] = field;
    fields
}

/// The digest of the key `b`, which is live.
fn digest_of_b() -> Vec<u8> {
    let digits = "a799cd06555f4638d12258202ef30614efb7808b6e35ee814a880591ef057841";
    (0..32).map(|place| u8::from_str_radix(&digits[place * 2..place * 2 + 2], 16).unwrap()).collect()
}

fn user(c: &mut Contents, id: &str, fields: &[Field<'_>]) {
    c.put(&["a", id], fields);
}

fn in_acme(c: &mut Contents, list: &str, id: &str, fields: &[Field<'_>]) {
    c.put(&["b", "org_acme", list, id], fields);
}

fn in_project(c: &mut Contents, project: &str, list: &str, id: &str, fields: &[Field<'_>]) {
    c.put(&["b", "org_acme", "c", project, list, id], fields);
}

fn policy(c: &mut Contents, edit: fn(&mut Json)) {
    let mut policy = example_document()["policy"].clone();
    edit(&mut policy);
    c.policy = policy.to_string();
}

/// A new organization with its owner and project.
fn organization(c: &mut Contents, id: &str, owner: &str, project: &str) {
    c.put(&["b", id], &[NONE, Text(owner), OFF, OFF, Never, Never]);
    c.put(&["b", id, "a", owner], &OWNER);
    c.put(&["b", id, "c", project], &DEFAULT);
}

#[rustfmt::skip]
pub(crate) const DAMAGES: &[DeltaDamage] = &[
    // Keys.
    ("a key of no table", |c| c.remove(&["c", "x"])),
    ("an empty key", |c| c.remove(&[""])),
    ("half a key", |c| c.remove(&["b", "org_acme", "a"])),
    ("a key with a part too many", |c| c.remove(&["a", "usr_ada", "x"])),
    ("a key of a list that is none", |c| c.remove(&["b", "org_acme", "e", "x"])),
    ("a resource without a kind", |c| c.remove(&["b", "org_acme", "c", "prj_a", "d", "cl_2"])),
    ("a user with an empty id", |c| user(c, "", &[NONE, NONE, At(0)])),
    ("a user's id with a control character", |c| user(c, "usr\n", &[NONE, NONE, At(0)])),
    ("a user's id that is too long", |c| user(c, &"u".repeat(257), &[NONE, NONE, At(0)])),
    ("a member's id with a control character", |c| in_acme(c, "a", "usr\u{7f}", &MEMBER)),
    ("a member without an id", |c| in_acme(c, "a", "", &MEMBER)),
    ("a collaborator's id with a control character", |c| in_project(c, "prj_a", "b", "\u{85}", &ROW)),
    ("a group's id with a control character", |c| in_acme(c, "b", "grp\t", &[NONE])),
    ("a project's id that is too long", |c| in_acme(c, "c", &"p".repeat(257), &PROJECT)),
    ("an API key's id with a control character", |c| in_project(c, "prj_a", "c", "key\u{1}", &KEY)),
    ("a resource without an id", |c| in_project(c, "prj_a", "d", "file:", &[NONE, NONE, Never])),
    ("an organization with an empty id", |c| organization(c, "", "usr_new", "prj_new")),
    ("an organization's id with a control character", |c| organization(c, "org\r", "usr_new", "prj_new")),
    // Fields.
    ("an entry without its fields", |c| user(c, "usr_kai", &[])),
    ("an entry with a field too many", |c| user(c, "usr_kai", &[NONE, NONE, At(0), OFF])),
    ("an entry that is cut short", |c| user(c, "usr_kai", &[NONE, NONE, Bytes(&[0; 7])])),
    ("a flag that is neither", |c| user(c, "usr_kai", &[Bytes(&[2]), NONE, At(0)])),
    ("a text that is longer than the entry", |c| user(c, "usr_kai", &[Bytes(&[1, 255, 255]), NONE, At(0)])),
    ("an e-mail address that is too long", |c| user(c, "usr_kai", &[Given(&"a".repeat(4097)), NONE, At(0)])),
    ("an e-mail address that is not UTF-8", |c| user(c, "usr_kai", &[Bytes(&[1, 1, 0, 0xff]), NONE, At(0)])),
    ("an instant after the year 9999", |c| user(c, "usr_kai", &[NONE, NONE, At(253_402_300_800_000)])),
    ("an instant before the year 0", |c| user(c, "usr_kai", &[NONE, NONE, At(-62_167_219_200_001)])),
    ("an organization's name that is too long", |c| c.put(&["b", "org_acme"], &with(ORGANIZATION, 0, Given(LONG)))),
    ("a group's name that is too long", |c| in_acme(c, "b", "grp_readers", &[Given(LONG)])),
    ("a project's name that is too long", |c| in_acme(c, "c", "prj_a", &with(PROJECT, 0, Given(LONG)))),
    ("an API key's name that is too long", |c| in_project(c, "prj_a", "c", "key_ci", &with(KEY, 0, Given(LONG)))),
    ("a resource's name that is too long", |c| in_project(c, "prj_a", "d", "gpu_cluster:cl_2", &[Given(LONG), NONE, Never])),
    ("a creator without an id", |c| in_project(c, "prj_a", "d", "gpu_cluster:cl_2", &[NONE, Given(""), Never])),
    ("a digest that is cut short", |c| in_project(c, "prj_a", "c", "key_ci", &with(KEY, 5, Bytes(&[1; 32])))),
    ("as many scopes as numbers", |c| in_project(c, "prj_a", "c", "key_ci", &[&KEY[..7], &[ON, Number(u64::MAX)], &KEY[8..]].concat())),
    ("as many further projects as numbers", |c| in_project(c, "prj_a", "c", "key_ci", &with(KEY, 10, Number(u64::MAX)))),
    ("all projects, and a list beside them", |c| in_project(c, "prj_a", "c", "key_ci", &with(KEY, 9, ON))),
    // Parents.
    ("a member of no organization", |c| c.put(&["b", "org_none", "a", "usr_new"], &MEMBER)),
    ("a group of no organization", |c| c.put(&["b", "org_none", "b", "grp_new"], &[NONE])),
    ("a project of no organization", |c| c.put(&["b", "org_none", "c", "prj_new"], &PROJECT)),
    ("a member of no group", |c| c.put(&["b", "org_acme", "b", "grp_none", "a", "usr_ben"], &[Never, Never])),
    ("a collaborator in no project", |c| in_project(c, "prj_none", "b", "usr_ben", &ROW)),
    ("an API key in no project", |c| in_project(c, "prj_none", "c", "key_new", &KEY)),
    ("a resource in no project", |c| in_project(c, "prj_none", "d", "file:new", &[NONE, NONE, Never])),
    ("a collaborator in another organization's project", |c| in_project(c, "prj_partner_default", "b", "usr_ben", &ROW)),
    ("a row of a group that is not there", |c| in_project(c, "prj_a", "a", "grp_none", &ROW)),
    ("a row of another organization's group", |c| in_project(c, "prj_a", "a", "grp_partner", &ROW)),
    ("a member of another organization's group", |c| c.put(&["b", "org_acme", "b", "grp_partner", "a", "usr_ben"], &[Never, Never])),
    ("a member of a group who is no member", |c| c.put(&["b", "org_acme", "b", "grp_readers", "a", "usr_kai"], &[Never, Never])),
    ("a member of a group who is a member elsewhere", |c| c.put(&["b", "org_acme", "b", "grp_readers", "a", "usr_zoe"], &[Never, Never])),
    // In two places.
    ("a member of two organizations", |c| in_acme(c, "a", "usr_zoe", &MEMBER)),
    ("a group in two organizations", |c| in_acme(c, "b", "grp_partner", &[NONE])),
    ("a project in two organizations", |c| in_acme(c, "c", "prj_partner_default", &PROJECT)),
    ("an API key in two projects", |c| in_project(c, "prj_b", "c", "key_ci", &KEY)),
    ("a resource in two projects", |c| in_project(c, "prj_b", "d", "gpu_cluster:cl_2", &[NONE, NONE, Never])),
    ("two live keys of one digest", |c| in_project(c, "prj_a", "c", "key_new", &[&KEY[..5], &[ON, Bytes(&digest_of_b())], &KEY[6..]].concat())),
    // What is removed has nothing below it.
    ("an organization is removed that has everything", |c| c.remove(&["b", "org_partner"])),
    ("a group is removed that has members", |c| c.remove(&["b", "org_acme", "b", "grp_makers"])),
    ("a project is removed that has everything", |c| c.remove(&["b", "org_acme", "c", "prj_b"])),
    ("an owner's row is removed", |c| c.remove(&["b", "org_acme", "a", "usr_ada"])),
    ("the default project is removed", |c| c.remove(&["b", "org_acme", "c", "prj_default"])),
    // Owners.
    ("an owner without a row", |c| c.put(&["b", "org_acme"], &with(ORGANIZATION, 1, Text("usr_new")))),
    ("an owner who is a member elsewhere", |c| c.put(&["b", "org_acme"], &with(ORGANIZATION, 1, Text("usr_pia")))),
    ("an owner with a weaker role", |c| c.put(&["b", "org_acme"], &with(ORGANIZATION, 1, Text("usr_cleo")))),
    ("an owner whose id is none", |c| c.put(&["b", "org_acme"], &with(ORGANIZATION, 1, Text("")))),
    ("an owner who becomes weaker", |c| in_acme(c, "a", "usr_ada", &MEMBER)),
    ("an owner whose row ends", |c| in_acme(c, "a", "usr_ada", &with(OWNER, 2, At(253_402_300_799_999)))),
    ("an owner whose row is suspended", |c| in_acme(c, "a", "usr_ada", &with(OWNER, 3, At(0)))),
    ("an organization without members", |c| { c.put(&["b", "org_new"], &ORGANIZATION); c.put(&["b", "org_new", "c", "prj_new"], &DEFAULT); }),
    // Projects.
    ("two default projects", |c| in_acme(c, "c", "prj_b", &DEFAULT)),
    ("a second default project that is new", |c| in_acme(c, "c", "prj_new", &DEFAULT)),
    ("no default project", |c| in_acme(c, "c", "prj_default", &PROJECT)),
    ("an organization without a project", |c| { c.put(&["b", "org_new"], &with(ORGANIZATION, 1, Text("usr_new"))); c.put(&["b", "org_new", "a", "usr_new"], &OWNER); }),
    ("projects beside the default one where there may be none", |c| c.put(&["b", "org_acme"], &with(ORGANIZATION, 3, OFF))),
    ("a project in an organization that may have one", |c| c.put(&["b", "org_partner", "c", "prj_new"], &PROJECT)),
    ("a visibility that is unknown", |c| in_acme(c, "c", "prj_a", &with(PROJECT, 3, Given("hidden")))),
    // Roles, scopes and kinds.
    ("an organization role that is unknown", |c| in_acme(c, "a", "usr_new", &with(MEMBER, 0, Text("boss")))),
    ("a project role that is unknown", |c| in_project(c, "prj_a", "b", "usr_ben", &with(ROW, 0, Text("boss")))),
    ("a group's role that is unknown", |c| in_project(c, "prj_a", "a", "grp_makers", &with(ROW, 0, Text("boss")))),
    ("a row without a role", |c| in_project(c, "prj_a", "b", "usr_ben", &with(ROW, 0, Text("")))),
    ("a kind that is unknown", |c| in_project(c, "prj_a", "d", "nothing:new", &[NONE, NONE, Never])),
    ("a resource of the kind of API keys", |c| in_project(c, "prj_a", "d", "api_key:new", &[NONE, NONE, Never])),
    ("a scope that is unknown", |c| in_project(c, "prj_a", "c", "key_ci", &[&KEY[..7], &[ON, Number(1), Text("writing")], &KEY[8..]].concat())),
    ("a scope twice", |c| in_project(c, "prj_a", "c", "key_ci", &[&KEY[..7], &[ON, Number(2), Text("files"), Text("files")], &KEY[8..]].concat())),
    // API keys.
    ("a key that reaches a project of another organization", |c| in_project(c, "prj_a", "c", "key_ci", &reaching("prj_partner_default"))),
    ("a key that reaches a project that is not there", |c| in_project(c, "prj_a", "c", "key_ci", &reaching("prj_none"))),
    ("a key that reaches its own project further", |c| in_project(c, "prj_a", "c", "key_ci", &reaching("prj_a"))),
    ("a key that reaches a project twice", |c| in_project(c, "prj_a", "c", "key_ci", &[&KEY[..10], &[Number(2), Text("prj_b"), Text("prj_b")]].concat())),
    ("a second organization default key", |c| in_project(c, "prj_default", "c", "key_chat", &with(KEY, 6, ON))),
    ("an organization default key outside the default project", |c| {
        c.remove(&["b", "org_acme", "c", "prj_default", "c", "key_default"]);
        in_project(c, "prj_a", "c", "key_ci", &with(KEY, 6, ON));
    }),
    ("an organization default key that is revoked", |c| in_project(c, "prj_default", "c", "key_default", &with(with(KEY, 6, ON), 4, At(0)))),
    // Users and homes.
    ("a home that is in the directory", |c| user(c, "usr_kai", &[NONE, Given("org_acme"), Never])),
    ("a home outside for a member", |c| user(c, "usr_ben", &[NONE, Given("org_x"), Never])),
    ("a home with an empty id", |c| user(c, "usr_kai", &[NONE, Given(""), Never])),
    ("a home with a control character", |c| user(c, "usr_kai", &[NONE, Given("org\0x"), Never])),
    ("a member whose home is outside", |c| in_acme(c, "a", "usr_kai", &MEMBER)),
    ("a new organization that is the home of a user who is no member", |c| organization(c, "org_faraway", "usr_new", "prj_new")),
    // Policies.
    ("a policy that is not JSON", |c| c.policy = "{".to_owned()),
    ("a policy that is none", |c| c.policy = "{}".to_owned()),
    ("the id of a policy", |c| c.policy = "\"projects-2026-02\"".to_owned()),
    ("a policy without a role that is used", |c| policy(c, |policy| drop(policy["organization_roles"].as_array_mut().unwrap().pop()))),
    ("a policy without a visibility that is used", |c| policy(c, |policy| drop(policy["visibilities"].as_array_mut().unwrap().pop()))),
    ("a policy without visibilities", |c| policy(c, |policy| policy["visibilities"] = json!([]))),
    ("a policy without scopes that are used", |c| policy(c, |policy| policy["api_key_scopes"] = json!([]))),
    ("a policy with a kind of API keys that resources have", |c| policy(c, |policy| policy["api_key_kind"] = json!("file"))),
    ("a policy whose strongest role no owner has", |c| policy(c, |policy| policy["organization_roles"].as_array_mut().unwrap().reverse())),
    ("a policy, and an entry that does not fit it", |c| { policy(c, |policy| policy["id"] = json!("other")); in_acme(c, "a", "usr_new", &with(MEMBER, 0, Text("boss"))); }),
    // Changes.
    ("a change without a type", |c| c.changes[0].0.clear()),
    ("a type with a control character", |c| c.changes[0].0.push('\n')),
    ("a type that is too long", |c| c.changes[0].0 = "x".repeat(257)),
    ("an actor that is no reference", |c| c.changes[0].1 = Some("usr_ada".to_owned())),
    ("an actor without an id", |c| c.changes[0].1 = Some("user:".to_owned())),
    ("a change at no instant", |c| c.changes[0].2 = i64::MIN),
    ("a change after the year 9999", |c| c.changes[0].2 = 253_402_300_800_000),
    ("a change too many", |c| c.changes.push(c.changes[0].clone())),
    ("a change too few", |c| c.changes.clear()),
];

const LONG: &str = {
    const BYTES: [u8; 4097] = [b'a'; 4097];
    match std::str::from_utf8(&BYTES) {
        Ok(text) => text,
        Err(_) => "",
    }
};

/// An API key that reaches one further project.
fn reaching(project: &'static str) -> Vec<Field<'static>> {
    [&KEY[..10], &[Number(1), Text(project)]].concat()
}

/// What is valid for itself, but is not the state that the header names.
#[rustfmt::skip]
pub(crate) const OTHER_STATES: &[DeltaDamage] = &[
    ("nothing", |c| c.entries.clear()),
    ("a user more", |c| user(c, "usr_new", &[Given("new@acme.test"), NONE, Never])),
    ("a user less", |c| c.remove(&["a", "usr_kai"])),
    ("a member more", |c| in_acme(c, "a", "usr_new", &MEMBER)),
    ("a member less", |c| c.remove(&["b", "org_acme", "a", "usr_cleo"])),
    ("another owner", |c| c.put(&["b", "org_acme"], &with(ORGANIZATION, 1, Text("usr_ben")))),
    ("a group more", |c| in_acme(c, "b", "grp_new", &[NONE])),
    ("another default project", |c| {
        in_acme(c, "c", "prj_default", &PROJECT);
        in_acme(c, "c", "prj_b", &DEFAULT);
        c.remove(&["b", "org_acme", "c", "prj_default", "c", "key_default"]);
    }),
    ("another default key", |c| {
        in_project(c, "prj_default", "c", "key_default", &KEY);
        in_project(c, "prj_default", "c", "key_later", &with(KEY, 6, ON));
    }),
    ("a project more", |c| in_acme(c, "c", "prj_0", &PROJECT)),
    ("a collaborator's role", |c| in_project(c, "prj_a", "b", "usr_cleo", &ROW)),
    ("a key without limits", |c| in_project(c, "prj_b", "c", "key_b", &KEY)),
    ("an organization more", |c| organization(c, "org_0", "usr_new", "prj_new")),
    ("another policy", |c| policy(c, |policy| policy["id"] = json!("other"))),
    ("members of several organizations", |c| {
        policy(c, |policy| policy["multiple_organizations"] = json!(true));
        in_acme(c, "a", "usr_zoe", &MEMBER);
    }),
];

/// The same where users may be members of several organizations.
#[rustfmt::skip]
const DAMAGES_OF_SEVERAL: &[DeltaDamage] = &[
    ("a policy that lets nobody be a member of several organizations", |c| {
        let mut policy = several_document()["policy"].clone();
        policy["multiple_organizations"] = json!(false);
        c.policy = policy.to_string();
    }),
    ("a home in an organization of which the user is no member", |c| user(c, "usr_away", &[NONE, Given("org_b"), Never])),
    ("a home in a new organization of which the user is no member", |c| {
        organization(c, "org_new", "usr_new", "prj_new");
        user(c, "usr_away", &[NONE, Given("org_new"), Never]);
    }),
    ("a new organization that is the home of a user who is no member", |c| organization(c, "org_far", "usr_new", "prj_new")),
    ("an owner who is the owner of another organization", |c| c.put(&["b", "org_a"], &[NONE, Text("usr_b"), OFF, ON, Never, Never])),
    ("a role that is unknown", |c| c.put(&["b", "org_a", "a", "usr_b"], &with(MEMBER, 0, Text("boss")))),
];

fn finds_all(stage: &mut Stage, damages: &[DeltaDamage]) {
    let mut found_by_hash_alone = Vec::new();
    for (what, damage) in damages {
        let mut contents = stage.contents.clone();
        damage(&mut contents);
        assert!(contents != stage.contents, "{what}: nothing is damaged");
        if stage.refuses(&stage.sealed(&contents.payload()), what) == LEADS_ELSEWHERE {
            found_by_hash_alone.push(what);
        }
    }
    assert!(found_by_hash_alone.is_empty(), "{found_by_hash_alone:#?}");
}

#[test]
fn contents_that_give_no_directory_are_refused_whatever_hash_they_name() {
    finds_all(&mut Stage::example(), DAMAGES);
}

#[test]
fn contents_that_give_no_directory_of_several_organizations_are_refused() {
    let history = json!({"type": "add_resource", "project": "prj_ax", "resource": "new", "kind": "doc"});
    let change = json!({"type": "remove_member", "organization": "org_a", "user": "usr_half"});
    finds_all(&mut Stage::of(&several_document(), &[history], &change), DAMAGES_OF_SEVERAL);
}

#[test]
fn contents_that_lead_to_another_state_are_undone() {
    let mut stage = Stage::example();
    for (what, change) in OTHER_STATES {
        let mut contents = stage.contents.clone();
        change(&mut contents);
        let message = stage.refuses(&stage.sealed(&contents.payload()), what);
        assert_eq!(message, LEADS_ELSEWHERE, "{what}");
        // The same, and something wrong in the end.
        user(&mut contents, "usr_zoe", &[NONE, Given("org_acme"), Never]);
        stage.refuses(&stage.sealed(&contents.payload()), what);
    }
}
