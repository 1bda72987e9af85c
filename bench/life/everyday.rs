//! Everyday operations on a large directory: changes of each type, pages of listings, and a copy that follows by deltas.

use std::borrow::Cow;
use std::hint::black_box;
use std::time::Duration;

use bailiwick::boundary::{self, Bytes, VerifyingKeys};
use bailiwick::{Directory, Instant, Value};

use crate::measure::{SIGNING_KEY, median, now, object, timed};

const CHANGES: usize = 20_000;
const DELTAS: usize = 9;

pub(crate) fn changes(mut directory: Directory, what: &str) {
    let at = now();
    let apply = |directory: &mut Directory, change: &Value<'_>, actor: Option<&str>| {
        let terms = object(&actor.map_or_else(Vec::new, |actor| vec![("actor", actor)]));
        timed(|| assert!(boundary::apply(directory, change, &terms, at).is_ok()))
    };
    let mut times: Vec<(&str, Vec<Duration>)> = Vec::new();
    let mut measure = |name: &'static str, actor: Option<&str>, change: &dyn Fn(usize) -> Vec<(&'static str, String)>| {
        let mut all = Vec::with_capacity(CHANGES);
        for number in 0..CHANGES {
            let fields = change(number);
            let fields: Vec<_> = fields.iter().map(|(name, text)| (*name, text.as_str())).collect();
            all.push(apply(&mut directory, &object(&fields), actor));
        }
        times.push((name, all));
    };
    let text = str::to_owned;
    measure("add_resource", Some("user:usr_0_00000"), &|n| {
        vec![("type", text("add_resource")), ("project", text("prj_0_0001")), ("resource", format!("new_{n:06}")), ("kind", text("file"))]
    });
    measure("add_collaborator", None, &|n| {
        vec![("type", text("add_collaborator")), ("project", format!("prj_1_{:04}", n / 1000)), ("user", format!("ext_{n:06}"))]
    });
    measure("create_api_key", None, &|n| {
        vec![
            ("type", text("create_api_key")),
            ("project", text("prj_2_0001")),
            ("key", format!("new_{n:06}")),
            ("digest", format!("sha256:{n:064x}")),
        ]
    });
    measure("remove_collaborator", None, &|n| {
        vec![("type", text("remove_collaborator")), ("project", format!("prj_1_{:04}", n / 1000)), ("user", format!("ext_{n:06}"))]
    });
    measure("remove_resource", None, &|n| {
        vec![("type", text("remove_resource")), ("resource", format!("file:new_{:06}", (n * 7919) % CHANGES))]
    });
    for (name, mut all) in times {
        all.sort_unstable();
        println!(
            "life   {name:20} {what}: median {:.1?}, 99 % {:.1?}, worst {:.1?}",
            all[CHANGES / 2],
            all[CHANGES * 99 / 100],
            all[CHANGES - 1]
        );
    }
}

/// Pages of 100 from projects of 1,000 and of 100,000 resources.
pub(crate) fn listings(mut directory: Directory) {
    let at = now();
    for (project, count) in [("prj_3_0001", 1_000), ("prj_3_0002", 100_000)] {
        for number in 0..count {
            let resource = format!("{project}_{:06}", (number * 7919) % count);
            let fields = [("type", "add_resource"), ("project", project), ("resource", resource.as_str()), ("kind", "batch")];
            boundary::apply(&mut directory, &object(&fields), &object(&[]), at).unwrap();
        }
    }
    for project in ["prj_3_0001", "prj_3_0002"] {
        let fields = [("principal", "user:usr_3_00000"), ("action", "batch.read"), ("project", project), ("kind", "batch")];
        let mut request = object(&fields);
        let Value::Object(members) = &mut request else { return };
        members.push((Cow::Borrowed("limit"), Value::Number(100.0)));
        let mut pages: Vec<_> =
            (0..1_000).map(|_| timed(|| drop(black_box(boundary::list_resources(&directory, &request, at).unwrap())))).collect();
        let rows = if project == "prj_3_0001" { "1,000" } else { "100,000" };
        println!("life   list_resources: a page of 100 from a project with {rows:>7} more resources {:.1?}", median(&mut pages));
    }
    let mut pages: Vec<_> = (0..1_000)
        .map(|_| timed(|| drop(black_box(boundary::list_projects(&directory, &object(&[("principal", "user:usr_3_00000")]), at).unwrap()))))
        .collect();
    println!("life   list_projects: all 100 of an administrator {:.1?}", median(&mut pages));
}

/// A copy follows by deltas of ten changes.
pub(crate) fn deltas(mut directory: Directory, mut copy: Directory) {
    let at = now();
    let key = Bytes::Given(&SIGNING_KEY);
    let (mut made, mut applied, mut previews, mut size) = (Vec::new(), Vec::new(), Vec::new(), 0);
    for round in 0..DELTAS {
        let since = directory.revision();
        for number in 0..10 {
            let resource = format!("delta_{round}_{number}");
            let fields = [("type", "add_resource"), ("project", "prj_4_0001"), ("resource", resource.as_str()), ("kind", "file")];
            boundary::apply(&mut directory, &object(&fields), &object(&[]), at).unwrap();
        }
        let mut delta = Vec::new();
        made.push(timed(|| delta = boundary::to_delta(&directory, &Value::Number(since as f64), &object(&[]), key).unwrap()));
        size = delta.len();
        applied.push(timed(|| {
            assert!(
                boundary::apply_delta(&mut copy, Bytes::Given(&delta), &object(&[]), &VerifyingKeys::default(), Instant::LATEST).is_ok()
            )
        }));
        let change = object(&[("type", "remove_member"), ("organization", "org_4"), ("user", "usr_4_00007")]);
        previews.push(timed(|| drop(black_box(boundary::preview(&mut directory, &change, &object(&[]), at).unwrap()))));
    }
    println!(
        "life   a signed delta of 10 changes ({size} bytes): made in {:.1?}, applied and verified in {:.1?}; a preview {:.1?}",
        median(&mut made),
        median(&mut applied),
        median(&mut previews)
    );
}
