//! Documents with long lists of groups, organizations, projects and scopes: loading, writing and answering take time in proportion to their
//! length, and memory too.

use std::time::Duration;

use cpu_time::ThreadTime;

use crate::memory::{bound, json_bound, most_of};
use crate::*;

/// A document, and what is asked of its directory.
struct Big {
    document: Json,
    /// Each with the listing or check that it is for.
    questions: Vec<(&'static str, Json)>,
    /// Changes to try.
    changes: Vec<Json>,
}

const AT: &str = "2026-02-01T12:00:00Z";

fn document(organizations: Vec<Json>, edit: impl FnOnce(&mut Json)) -> Json {
    let mut policy = read_json("tests/policies/modern.json");
    policy["multiple_organizations"] = json!(true);
    edit(&mut policy);
    json!({"format": "bailiwick/1", "policy": policy, "organizations": organizations})
}

fn organization(id: &str, more: Json) -> Json {
    let mut organization = json!({
        "id": id, "owner": "own", "members": [{"user": "own", "role": "lead"}, {"user": "u", "role": "guest"}],
        "projects": [{"id": format!("{id}_d"), "default": true}],
    });
    let Json::Object(more) = more else { panic!("an object") };
    for (name, value) in more {
        match (&mut organization[&name], value) {
            (Json::Array(list), Json::Array(items)) => list.extend(items),
            (field, value) => *field = value,
        }
    }
    organization
}

fn questions(principal: &str, resource: &str) -> Vec<(&'static str, Json)> {
    let of = |fields: Json| {
        let mut fields = fields;
        fields["at"] = json!(AT);
        fields
    };
    vec![
        ("check_access", of(json!({"principal": principal, "action": "room.see", "resource": resource}))),
        ("list_projects", of(json!({"principal": principal, "limit": 1000}))),
        ("list_projects", of(json!({"principal": principal, "action": "room.see", "limit": 1000}))),
        ("list_resources", of(json!({"principal": principal, "action": "doc.read", "limit": 1000}))),
        ("list_principals", of(json!({"resource": resource, "action": "room.see", "limit": 1000}))),
        ("attribute", of(json!({"principal": principal, "kind": "doc"}))),
    ]
}

fn removal() -> Vec<Json> {
    vec![json!({"type": "remove_member", "organization": "o", "user": "u"})]
}

/// A user in many groups, all of which have a row in one project.
fn groups_in_one_project(count: usize) -> Big {
    let groups: Vec<_> = (0..count).map(|number| json!({"id": format!("g{number}"), "members": [{"user": "u", "added_at": AT}]})).collect();
    let rows: Vec<_> =
        (0..count).map(|number| json!({"group": format!("g{number}"), "role": "reader", "expires_at": "2027-01-01T00:00:00Z"})).collect();
    let project = json!({"id": "p", "collaborators": rows});
    let document = document(vec![organization("o", json!({"groups": groups, "projects": [project]}))], |_| ());
    Big { document, questions: questions("user:u", "project:p"), changes: removal() }
}

/// A user in many groups, each of which has a row in a project of its own.
fn groups_in_many_projects(count: usize) -> Big {
    let groups: Vec<_> = (0..count).map(|number| json!({"id": format!("g{number}"), "members": [{"user": "u"}]})).collect();
    let project = |number| json!({"id": format!("p{number}"), "collaborators": [{"group": format!("g{number}"), "role": "reader"}]});
    let projects: Vec<_> = (0..count).map(project).collect();
    let document = document(vec![organization("o", json!({"groups": groups, "projects": projects}))], |_| ());
    Big { document, questions: questions("user:u", "project:p7"), changes: removal() }
}

/// A group of many members with a row in a project.
fn members_of_a_group(count: usize) -> Big {
    let users = || (0..count).map(|number| format!("m{number}"));
    let members: Vec<_> = users().map(|user| json!({"user": user, "role": "guest", "added_at": AT})).collect();
    let rows: Vec<_> = users().map(|user| json!({"user": user, "expires_at": "2027-01-01T00:00:00Z"})).collect();
    let more = json!({"members": members, "groups": [{"id": "g", "members": rows}],
        "projects": [{"id": "p", "collaborators": [{"group": "g", "role": "reader"}]}]});
    let document = document(vec![organization("o", more)], |_| ());
    Big { document, questions: questions("user:m7", "project:p"), changes: removal() }
}

/// A user who is a member of many organizations.
fn organizations_of_a_user(count: usize) -> Big {
    let of = |number: usize| organization(&if number == 0 { "o".to_owned() } else { format!("o{number}") }, json!({}));
    let document = document((0..count).map(of).collect(), |_| ());
    Big { document, questions: questions("user:u", "organization:o"), changes: removal() }
}

/// An API key that reaches many projects.
fn projects_of_a_key(count: usize) -> Big {
    let ids: Vec<_> = (0..count).map(|number| format!("p{number}")).collect();
    let mut projects: Vec<_> = ids.iter().map(|id| json!({"id": id, "visibility": "wide"})).collect();
    projects.push(json!({"id": "q", "api_keys": [{"id": "k", "projects": ids, "acts_as": "own"}, {"id": "w", "projects": "all"}]}));
    let document = document(vec![organization("o", json!({"projects": projects}))], |_| ());
    let questions = [questions("api_key:k", "project:p7"), questions("api_key:w", "organization:o")].concat();
    Big { document, questions, changes: vec![json!({"type": "revoke_api_key", "key": "k"})] }
}

/// Many API keys, each with as many scopes as a policy may have.
fn scopes_of_keys(count: usize) -> Big {
    let names: Vec<_> = (0..1_000).map(|number| format!("s{number}")).collect();
    let keys: Vec<_> = (0..count).map(|number| json!({"id": format!("k{number}"), "scopes": names})).collect();
    let projects = json!({"projects": [{"id": "p", "api_keys": keys}]});
    let document = document(vec![organization("o", projects)], |policy| {
        policy["api_key_scopes"] = names.iter().map(|name| json!({"scope": name})).collect();
    });
    Big { document, questions: questions("api_key:k7", "project:p"), changes: vec![json!({"type": "revoke_api_key", "key": "k7"})] }
}

/// The answer of a call, and the processor time that it took.
fn timed<T>(call: impl FnOnce() -> T) -> (T, Duration) {
    let start = ThreadTime::now();
    let answer = call();
    (answer, start.elapsed())
}

/// What everything takes that is done with a document: the time of each.
fn costs(big: &Big) -> Vec<(String, Duration)> {
    let text = big.document.to_string();
    let mut costs = Vec::new();
    let ((directory, most), time) = timed(|| most_of(|| Directory::from_json(text.as_bytes()).unwrap()));
    assert!(most <= json_bound(text.len()), "loading {} bytes took {most}", text.len());
    costs.push(("loading the document".to_owned(), time));
    let (bytes, time) = timed(|| snapshot(&directory));
    costs.push(("writing a snapshot".to_owned(), time));
    let ((mut again, most), time) = timed(|| most_of(|| load(&bytes).unwrap()));
    assert!(most <= bound(bytes.len()), "loading a snapshot of {} bytes took {most}", bytes.len());
    costs.push(("loading the snapshot".to_owned(), time));
    let (document, time) = timed(|| serde_json::to_string(&again.to_document()).unwrap());
    costs.push(("writing the document".to_owned(), time));
    assert!(snapshot(&again) == bytes && snapshot(&Directory::from_json(document.as_bytes()).unwrap()) == bytes);
    for (word, question) in &big.questions {
        let question = value(question);
        let ask = || match *word {
            "check_access" => drop(boundary::check_access(&again, &question, Instant::LATEST).unwrap()),
            "list_projects" => drop(boundary::list_projects(&again, &question, Instant::LATEST).unwrap()),
            "list_resources" => drop(boundary::list_resources(&again, &question, Instant::LATEST).unwrap()),
            "list_principals" => drop(boundary::list_principals(&again, &question, Instant::LATEST).unwrap()),
            _ => drop(boundary::attribute(&again, &question, Instant::LATEST)),
        };
        let ((), time) = timed(ask);
        costs.push((format!("{word} {question:?}"), time));
    }
    for change in &big.changes {
        let (change, terms) = (value(change), Value::Object(Vec::new()));
        let at = Instant::parse(AT).unwrap();
        let (_, time) = timed(|| boundary::preview(&mut again, &change, &terms, at).unwrap());
        costs.push((format!("preview {change:?}"), time));
        let mut changed = again.clone();
        let (_, time) = timed(|| boundary::apply(&mut changed, &change, &terms, at).unwrap());
        costs.push((format!("apply {change:?}"), time));
        let of_document = Directory::from_json(written(&changed).to_string().as_bytes()).unwrap();
        assert!(snapshot(&changed) == snapshot(&of_document));
    }
    costs
}

/// Fails if anything takes ten times as long for four times as much: what compares each with each takes sixteen times as long. Of several tries
/// the least time counts, since others use the processor too.
fn grows_with_its_length(big: fn(usize) -> Big, count: usize) {
    let sizes = [big(count), big(4 * count)];
    let mut least = sizes.each_ref().map(costs);
    let is_slower = |((_, one), (_, four)): &(&(String, Duration), &(String, Duration))| *four > 10 * *one + Duration::from_millis(20);
    for _ in 0..4 {
        if !least[0].iter().zip(&least[1]).any(|pair| is_slower(&pair)) {
            return;
        }
        for (least, size) in least.iter_mut().zip(&sizes) {
            least.iter_mut().zip(costs(size)).for_each(|(least, (_, time))| least.1 = least.1.min(time));
        }
    }
    let slower: Vec<_> = least[0].iter().zip(&least[1]).filter(is_slower).collect();
    panic!("{slower:#?}");
}

#[test]
fn many_groups_of_a_user_in_one_project() {
    grows_with_its_length(groups_in_one_project, 3_000);
}

#[test]
fn many_groups_of_a_user_in_many_projects() {
    grows_with_its_length(groups_in_many_projects, 3_000);
}

#[test]
fn many_members_of_a_group() {
    grows_with_its_length(members_of_a_group, 3_000);
}

#[test]
fn many_organizations_of_a_user() {
    grows_with_its_length(organizations_of_a_user, 3_000);
}

#[test]
fn many_projects_of_a_key() {
    grows_with_its_length(projects_of_a_key, 3_000);
}

#[test]
fn many_scopes_of_many_keys() {
    grows_with_its_length(scopes_of_keys, 40);
}
