//! Random changes: drafts that become changes of a given directory.

use crate::*;

/// A draft of a change: small numbers that become a change of a given directory.
#[derive(Clone, Debug)]
pub(crate) struct Draft {
    change: usize,
    choices: [usize; 4],
    actor: usize,
    terms: usize,
    flaw: usize,
}

pub(crate) fn drafts(most: usize) -> impl Strategy<Value = Vec<Draft>> {
    drafts_of(ChangeType::ALL.len(), most)
}

/// Changes that use none of the fields of the model of 2026-09.
pub(crate) fn plain_drafts(most: usize) -> impl Strategy<Value = Vec<Draft>> {
    let plain = ChangeType::ALL.iter().position(|change| *change == ChangeType::RemoveResource).unwrap() + 1;
    drafts_of(plain, most)
}

/// Changes of the first so many types.
fn drafts_of(types: usize, most: usize) -> impl Strategy<Value = Vec<Draft>> {
    // Adding and removing users is tested more often than the rest.
    let change = prop_oneof![2 => 0..types, 1 => prop::sample::select(vec![0_usize, 1, 5, 6])];
    let draft = (change, [0..1024_usize, 0..1024_usize, 0..1024_usize, 0..1024_usize], 0..8_usize, 0..32_usize, 0..64_usize);
    vec(draft, 1..=most).prop_map(|drafts| {
        let draft = |(change, choices, actor, terms, flaw)| Draft { change, choices, actor, terms, flaw };
        drafts.into_iter().map(draft).collect()
    })
}

/// Usually one of these, and sometimes another.
pub(crate) fn choose<T>(candidates: impl IntoIterator<Item = T>, choice: usize, other: T) -> T {
    let mut candidates: Vec<T> = candidates.into_iter().collect();
    if choice % 8 == 7 || candidates.is_empty() {
        return other;
    }
    candidates.swap_remove(choice / 8 % candidates.len())
}

/// The fields of both objects.
fn with(mut change: Json, further: Json) -> Json {
    change.as_object_mut().unwrap().extend(further.as_object().unwrap().clone());
    change
}

impl Draft {
    /// The change and its options, usually valid ones for the directory.
    pub(crate) fn for_world(&self, world: &World) -> (Json, Json) {
        let none = &json!({"id": "none", "owner": "nobody"});
        let [first, second, third, fourth] = self.choices;
        let organization = choose(list(&world.document, "organizations"), first, none);
        let (of, project) = choose(world.projects.iter().map(|project| world.entry(project)), first, (none, none));
        let ids = |entries: &str| -> Vec<String> {
            let lists = world.projects.iter().flat_map(|project| list(world.entry(project).1, entries));
            lists.map(|entry| text(entry, "id").to_owned()).collect()
        };
        let users_of = |entry: &Json, rows: &str| {
            choose(list(entry, rows).filter_map(|row| row["user"].as_str().map(str::to_owned)), second, NEW[0].to_owned())
        };
        let new_or = |known: Vec<String>| choose(NEW.map(str::to_owned), second, choose(known, third, "none".to_owned()));
        let users = || world.principals.iter().filter_map(|principal| principal.strip_prefix("user:")).filter(|user| *user != "nobody");
        let anybody = || choose(users(), second, choose(NEW, third, "none"));
        let role = choose(["admin", "member"], third, "visitor");
        let sometimes = |value: Json| if fourth % 2 == 0 { value } else { Json::Null };
        let (organization_id, project_id) = (text(organization, "id"), text(project, "id"));
        let names = |table: &str, field: &str| list(&world.policy, table).map(|row| text(row, field).to_owned()).collect::<Vec<_>>();
        let groups = |organization: &Json| list(organization, "groups").map(|group| text(group, "id").to_owned()).collect::<Vec<_>>();
        let group = choose(groups(of), second, "none".to_owned());
        let resource = || {
            let of_kind = |(object, _): &&(String, String)| !object.starts_with("project:") && !object.starts_with("api_key:");
            let reference = choose(world.objects.iter().filter(of_kind).map(|(object, _)| object.as_str()), second, "file:none");
            let (kind, id) = reference.split_once(':').unwrap();
            if fourth % 2 == 0 { json!(reference) } else { json!({"type": kind, "id": id}) }
        };
        // Of a collaborator row, a user or a group.
        let grantee = |user: String| if fourth % 4 == 3 { json!({"group": group}) } else { json!({"user": user}) };
        let word = ChangeType::ALL[self.change].as_str();
        let mut change = match word {
            "add_member" => {
                let email = sometimes(json!(format!("{fourth}@b.test")));
                json!({"organization": organization_id, "user": anybody(), "email": email, "role": sometimes(json!(role))})
            }
            "remove_member" => json!({"organization": organization_id, "user": users_of(organization, "members")}),
            "set_member_role" => json!({"organization": organization_id, "user": users_of(organization, "members"), "role": role}),
            "create_project" => json!({"organization": organization_id, "project": new_or(world.projects.clone()), "name": "A new one"}),
            "set_external_collaborators" => json!({"project": project_id, "allowed": second % 2 == 0}),
            "add_collaborator" => with(grantee(anybody().to_owned()), json!({"project": project_id, "role": sometimes(json!(role))})),
            "remove_collaborator" => with(grantee(users_of(project, "collaborators")), json!({"project": project_id})),
            "set_collaborator_role" => with(grantee(users_of(project, "collaborators")), json!({"project": project_id, "role": role})),
            "create_api_key" => json!({
                "project": project_id, "key": new_or(ids("api_keys")), "digest": digest(fourth % 24), "name": sometimes(json!("A \"key\"\n")),
                "expires_at": sometimes(json!(TIMES[third % 3])),
            }),
            "revoke_api_key" => json!({"key": choose(ids("api_keys"), second, "none".to_owned())}),
            "expire_api_key" => json!({"key": choose(ids("api_keys"), second, "none".to_owned()), "expires_at": TIMES[third % 3]}),
            "regenerate_default_key" => json!({"organization": organization_id, "digest": digest(fourth % 24)}),
            "add_resource" => json!({
                "project": project_id, "resource": new_or(ids("resources")), "kind": choose(kinds(), fourth, "api_key".to_owned()),
                "name": sometimes(json!("\u{0}\\ a name")),
            }),
            "suspend" | "resume" => match third % 4 {
                0 => json!({"organization": organization_id}),
                1 => json!({"project": project_id}),
                2 => json!({"organization": organization_id, "user": users_of(organization, "members")}),
                _ => json!({"user": anybody()}),
            },
            "drop_member" | "transfer_ownership" => json!({"organization": organization_id, "user": users_of(organization, "members")}),
            "remove_user" => json!({"user": anybody()}),
            // One is left, so that there is something to ask about.
            "remove_organization" if list(&world.document, "organizations").count() > 1 => json!({"organization": organization_id}),
            "remove_organization" => json!({"organization": "none"}),
            "update_organization" => {
                let facts = json!({"name": sometimes(json!("Another")), "projects_since": sometimes(json!(TIMES[1])), "multi_project": third % 4 > 0});
                with(facts, json!({"organization": organization_id, "membership": choose(["invitation", "sso"], second, "email")}))
            }
            "remove_project" | "set_default_project" | "join_project" | "leave_project" => json!({"project": project_id}),
            "update_project" => json!({
                "project": project_id, "name": sometimes(json!("Another")), "suspended_at": sometimes(json!(TIMES[third % 3])),
                "allow_external_collaborators": second % 2 == 0,
            }),
            "set_visibility" => {
                json!({"project": project_id, "visibility": choose(names("visibilities", "visibility"), second, "none".to_owned())})
            }
            "move_project" => {
                let organizations = list(&world.document, "organizations").map(|organization| text(organization, "id"));
                json!({"project": project_id, "organization": choose(organizations, third, "none")})
            }
            "add_group" => json!({"organization": organization_id, "group": new_or(groups(of)), "name": sometimes(json!("A group"))}),
            "remove_group" => json!({"group": group}),
            "add_group_member" => {
                json!({"group": group, "user": users_of(of, "members"), "expires_at": sometimes(json!(TIMES[third % 3]))})
            }
            "remove_group_member" => json!({"group": group, "user": users_of(of, "members")}),
            "update_api_key" => {
                let scopes = names("api_key_scopes", "scope");
                let further = [json!("all"), json!([choose(world.projects.clone(), third, "none".to_owned())]), Json::Null];
                json!({
                    "key": choose(ids("api_keys"), second, "none".to_owned()), "name": sometimes(json!("A key")),
                    "scopes": sometimes(json!(scopes.get(..third % 3).unwrap_or_default())), "projects": further[fourth % 3],
                    "acts_as": sometimes(json!(anybody())),
                })
            }
            "remove_api_key" => json!({"key": choose(ids("api_keys"), second, "none".to_owned())}),
            "move_resource" => json!({"resource": resource(), "project": choose(world.projects.clone(), third, "none".to_owned())}),
            "update_resource" => json!({"resource": resource(), "name": sometimes(json!("Another"))}),
            "remove_resource" => json!({"resource": resource()}),
            "put_organization" => {
                let id = choose([organization_id], second, NEW[1]);
                json!({"organization": with(organization.clone(), json!({"id": id, "name": format!("put {fourth}"), "multi_project": true}))})
            }
            "put_project" => {
                let put = json!({"name": format!("put {fourth}"), "allow_external_collaborators": third % 2 == 0, "api_keys": [], "resources": []});
                let id = if third % 4 == 0 { json!({"id": new_or(world.projects.clone()), "default": false}) } else { json!({}) };
                json!({"organization": text(of, "id"), "project": with(with(project.clone(), put), id)})
            }
            "put_user" => json!({"user": {
                "id": anybody(), "email": sometimes(json!(format!("{fourth}@put.test"))), "organization": choose([Json::Null], third, json!("outside")),
                "suspended_at": sometimes(json!(TIMES[third % 3])),
            }}),
            "put_member" => {
                json!({"organization": organization_id, "member": {"user": anybody(), "role": role, "expires_at": sometimes(json!(TIMES[2]))}})
            }
            "put_group" => {
                let members = vec![json!({"user": users_of(organization, "members"), "added_at": TIMES[third % 3]}); third % 2];
                json!({"organization": organization_id, "group": {"id": new_or(groups(organization)), "members": members}})
            }
            "put_collaborator" => {
                let row = json!({"role": role, "added_at": TIMES[third % 3], "expires_at": sometimes(json!(TIMES[fourth % 3]))});
                json!({"project": project_id, "collaborator": with(grantee(anybody().to_owned()), row)})
            }
            "put_api_key" => json!({"project": project_id, "api_key": {
                "id": new_or(ids("api_keys")), "digest": digest(fourth % 24), "created_by": sometimes(json!(anybody())),
                "kind": choose(["project"], third, "organization_default"), "revoked_at": sometimes(json!(TIMES[third % 3])),
            }}),
            "put_resource" => json!({"project": project_id, "resource": {
                "id": new_or(ids("resources")), "kind": choose(kinds(), fourth, "api_key".to_owned()), "created_at": TIMES[third % 3],
                "created_by": sometimes(json!(anybody())),
            }}),
            "set_policy" => json!({"policy": choose([json!("projects-2026-02"), world.policy.clone()], second, json!("projects-2026-09"))}),
            other => panic!("no draft makes `{other}`"),
        };
        change["type"] = json!(word);
        self.spoil(&mut change);
        let owner = if change.get("organization").is_some() { organization } else { of };
        (change, self.terms(world, text(owner, "owner")))
    }

    /// The actor is nobody, the owner, or any principal; the instant is arbitrary; the expected revision is usually right or absent.
    fn terms(&self, world: &World, owner: &str) -> Json {
        let actor = match self.actor {
            0..=3 => None,
            4..=5 => Some(json!(format!("user:{owner}"))),
            6 => Some(json!({"type": "user", "id": owner})),
            _ => Some(json!(choose(world.principals.iter().map(String::as_str), self.choices[3], "malformed"))),
        };
        let expected = match self.terms % 16 {
            0..=7 => Json::Null,
            8..=14 => json!(world.directory.revision()),
            _ => json!(3),
        };
        let mut terms = json!({"at": TIMES[self.terms % 3], "expected_revision": expected});
        if let Some(actor) = actor {
            terms["actor"] = actor;
        }
        terms
    }

    /// Sometimes the change is not a valid one.
    fn spoil(&self, change: &mut Json) {
        let members = change.as_object_mut().unwrap();
        let name = members.keys().nth(self.choices[0] % members.len()).unwrap().clone();
        match self.flaw {
            0 => drop(members.remove(&name)),
            1 => drop(members.insert("colour".to_owned(), json!("blue"))),
            2 => drop(members.insert(name, Json::Null)),
            3 => drop(members.insert(name, json!(5))),
            4 => drop(members.insert(name, json!("\u{7}"))),
            5 => drop(members.insert("type".to_owned(), json!("paint"))),
            _ => {}
        }
    }
}
