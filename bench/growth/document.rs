//! The document of a directory of some shape, written piece by piece, so that it takes no more memory than its text.

use std::fmt::Write;

use crate::shape::{ADMINISTRATORS, PROJECTS, Shape, key, project, resource, user};

/// The JSON text.
pub(crate) fn write(shape: Shape, kinds: &[String]) -> String {
    let mut text = String::with_capacity(shape.all_resources() * 110);
    text.push_str(r#"{"format":"bailiwick/1","revision":1,"organizations":["#);
    for organization in 0..shape.organizations {
        separate(&mut text, organization);
        write!(text, r#"{{"id":"org_{organization:04}","owner":"{}","members":["#, user(organization, 0)).unwrap();
        for member in 0..shape.members {
            separate(&mut text, member);
            let role = if member < ADMINISTRATORS { "admin" } else { "member" };
            write!(text, r#"{{"user":"{}","role":"{role}"}}"#, user(organization, member)).unwrap();
        }
        text.push_str(r#"],"projects":["#);
        for number in 0..PROJECTS {
            separate(&mut text, number);
            write_project(&mut text, shape, kinds, organization, number);
        }
        text.push_str("]}");
    }
    text.push_str("]}");
    text
}

fn write_project(text: &mut String, shape: Shape, kinds: &[String], organization: usize, number: usize) {
    let (id, is_default) = (project(organization, number), number == 0);
    write!(text, r#"{{"id":"{id}","name":"Project {number}","default":{is_default},"allow_external_collaborators":true"#).unwrap();
    text.push_str(r#","collaborators":["#);
    for row in 0..shape.rows {
        separate(text, row);
        let role = if row % 3 == 0 { "admin" } else { "member" };
        write!(text, r#"{{"user":"{}","role":"{role}"}}"#, shape.collaborator(organization, number, row)).unwrap();
    }
    text.push_str(r#"],"api_keys":["#);
    for place in 0..shape.keys {
        separate(text, place);
        let (id, creator) = (key(organization, number, place), shape.collaborator(organization, number, place));
        write!(text, r#"{{"id":"{id}","created_by":"{creator}"}}"#).unwrap();
    }
    text.push_str(r#"],"resources":["#);
    for place in 0..shape.resources {
        separate(text, place);
        let (id, kind) = (resource(organization, number, place), &kinds[place % kinds.len()]);
        let creator = shape.collaborator(organization, number, place % shape.rows);
        write!(text, r#"{{"id":"{id}","kind":"{kind}","created_by":"{creator}"}}"#).unwrap();
    }
    text.push_str("]}");
}

fn separate(text: &mut String, number: usize) {
    if number > 0 {
        text.push(',');
    }
}
