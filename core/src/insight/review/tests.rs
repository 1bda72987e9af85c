//! Sources of access, as a review tells them.

use serde_json::{Value as Json, json};

use crate::directory::Directory;
use crate::input::instant::Instant;

const AT: &str = "2026-06-01T00:00:00Z";

/// The rows of an organization as text: project, principal, role, source, via, and whether it counts.
fn rows(document: &Json, organization: &str, at: &str) -> Vec<String> {
    let directory = Directory::from_json(document.to_string().as_bytes()).unwrap();
    let rows = directory.review(Some(organization), Instant::parse(at).unwrap()).unwrap();
    let told = rows.iter().map(|row| {
        let [project, role, via] = [row.project, row.role, row.via.as_deref()].map(|text| text.unwrap_or("-"));
        let counts = if row.effective { "counts" } else { "does not count" };
        format!("{project} {} {role} {} {via} {counts}", row.principal, row.source)
    });
    told.collect()
}

fn acme() -> Json {
    json!({
        "format": "bailiwick/1",
        "policy": "projects-2026-09",
        "users": [{"id": "ada", "email": "ada@acme.test"}],
        "organizations": [{
            "id": "acme",
            "owner": "ada",
            "members": [{"user": "ada", "role": "admin", "added_at": "2026-01-01T00:00:00Z"}, {"user": "bob", "role": "member"}],
            "groups": [{"id": "team", "members": [{"user": "bob", "added_at": "2026-02-01T00:00:00Z", "expires_at": "2026-12-01T00:00:00Z"}]}],
            "projects": [
                {"id": "default", "default": true, "visibility": "open"},
                {
                    "id": "lab",
                    "visibility": "closed",
                    "allow_external_collaborators": true,
                    "collaborators": [
                        {"user": "eve", "role": "editor"},
                        {"user": "bob", "role": "editor"},
                        {"group": "team", "role": "admin", "added_at": "2026-03-01T00:00:00Z", "expires_at": "2026-11-01T00:00:00Z"},
                    ],
                    "api_keys": [{"id": "key", "acts_as": "bob", "created_at": "2026-04-01T00:00:00Z", "projects": "all"}],
                },
            ],
        }],
    })
}

#[test]
fn one_row_for_each_source() {
    let expected = [
        "- api_key:key - api_key_scope user:bob does not count",
        "- user:ada admin member - counts",
        "- user:ada admin owner - counts",
        "- user:bob member member - counts",
        "- user:eve - external_collaborator - counts",
        "default api_key:key - api_key_scope user:bob counts",
        "default user:ada admin default_project - counts",
        "default user:ada admin organization_role - counts",
        "default user:ada admin project_visibility - does not count",
        "default user:bob editor default_project - counts",
        "default user:bob member project_visibility - does not count",
        "lab api_key:key - api_key_scope user:bob counts",
        "lab user:ada admin project_visibility - counts",
        "lab user:bob admin group_role group:team counts",
        "lab user:bob editor project_role - does not count",
        "lab user:bob member project_visibility - does not count",
        "lab user:eve editor external_collaborator - counts",
    ];
    assert_eq!(rows(&acme(), "acme", AT), expected);
}

#[test]
fn the_most_specific_source_counts_alone() {
    let mut document = acme();
    let policy = include_str!("../../../policies/projects-2026-09.json");
    document["policy"] = serde_json::from_str(policy).unwrap();
    document["policy"]["id"] = json!("specific");
    document["policy"]["role_combination"] = json!("most_specific");
    let told = rows(&document, "acme", AT);
    assert!(told.contains(&"lab user:bob admin group_role group:team does not count".to_owned()), "{told:?}");
    assert!(told.contains(&"lab user:bob editor project_role - counts".to_owned()), "{told:?}");
    // With `union`, all do.
    document["policy"]["role_combination"] = json!("union");
    let told = rows(&document, "acme", AT);
    assert!(told.contains(&"lab user:bob admin group_role group:team counts".to_owned()), "{told:?}");
    assert!(told.contains(&"lab user:bob editor project_role - counts".to_owned()), "{told:?}");
}

#[test]
fn what_has_ended_does_not_count() {
    // The group's row has ended.
    let told = rows(&acme(), "acme", "2026-11-01T00:00:00Z");
    assert!(told.contains(&"lab user:bob admin group_role group:team does not count".to_owned()), "{told:?}");
    assert!(told.contains(&"lab user:bob editor project_role - counts".to_owned()), "{told:?}");
    // The membership has ended: the rows are still told, but nothing that follows from it.
    let mut document = acme();
    document["organizations"][0]["members"][1]["expires_at"] = json!("2026-05-01T00:00:00Z");
    let told = rows(&document, "acme", AT);
    let of_bob: Vec<_> = told.iter().filter(|row| row.contains(" user:bob ") && !row.contains("api_key:")).collect();
    assert_eq!(
        of_bob,
        [
            "- user:bob member member - does not count",
            "lab user:bob admin group_role group:team does not count",
            "lab user:bob editor project_role - does not count",
        ]
    );
    assert!(told.contains(&"lab api_key:key - api_key_scope user:bob does not count".to_owned()), "{told:?}");
}

#[test]
fn external_collaborators_of_a_closed_project_do_not_count() {
    let mut document = acme();
    document["organizations"][0]["projects"][1]["allow_external_collaborators"] = json!(false);
    let told = rows(&document, "acme", AT);
    assert!(told.contains(&"- user:eve - external_collaborator - does not count".to_owned()), "{told:?}");
    assert!(told.contains(&"lab user:eve editor external_collaborator - does not count".to_owned()), "{told:?}");
}

#[test]
fn rows_have_dates_and_scopes() {
    let directory = Directory::from_json(acme().to_string().as_bytes()).unwrap();
    let rows = directory.review(None, Instant::parse(AT).unwrap()).unwrap();
    let find = |source: &str, project: Option<&str>| {
        let row = rows.iter().find(|row| row.source.as_str() == source && row.project == project).unwrap();
        serde_json::to_value(row).unwrap()
    };
    // A group's row: since both rows are there, and until one of them ends.
    let expected = json!({
        "principal": "user:bob", "organization": "acme", "project": "lab", "role": "admin", "source": "group_role", "via": "group:team",
        "added_at": "2026-03-01T00:00:00Z", "expires_at": "2026-11-01T00:00:00Z", "effective": true, "scopes": null,
    });
    assert_eq!(find("group_role", Some("lab")), expected);
    assert_eq!(find("organization_role", Some("default"))["added_at"], "2026-01-01T00:00:00Z");
    assert_eq!(find("api_key_scope", Some("lab"))["added_at"], "2026-04-01T00:00:00Z");
}

#[test]
fn an_unknown_organization_is_not_found() {
    let directory = Directory::from_json(acme().to_string().as_bytes()).unwrap();
    let error = directory.review(Some("other"), Instant::parse(AT).unwrap()).unwrap_err();
    assert_eq!((error.code().as_str(), error.path()), ("not_found", "/organization"));
}

#[test]
fn a_review_that_is_too_long_is_refused() {
    let (directory, at) = (Directory::from_json(acme().to_string().as_bytes()).unwrap(), Instant::parse(AT).unwrap());
    let rows = directory.review(None, at).unwrap();
    assert_eq!(directory.review_up_to(rows.len(), None, at).unwrap(), rows);
    let error = directory.review_up_to(rows.len() - 1, None, at).unwrap_err();
    assert_eq!((error.code().as_str(), error.path()), ("limit_exceeded", "/organization"));
}
