//! Deltas with right checksums and random contents: they leave no trace.

use std::sync::LazyLock;

use proptest::collection::vec;
use proptest::prelude::*;

use crate::damaged_deltas::{DAMAGES, OTHER_STATES};
use crate::delta_stage::Stage;
use crate::specimens::every_change;
use crate::*;

/// A stage, and everything observable of where its delta begins.
struct Scene {
    stage: Stage,
    before: State,
}

/// One entry; a change of every type; another policy.
static SCENES: LazyLock<[Scene; 3]> = LazyLock::new(|| {
    let acme = read_json("tests/directories/acme.json");
    let resource = json!({"type": "add_resource", "project": "prj_b", "resource": "file_new", "kind": "file"});
    let first = json!({"type": "remove_resource", "resource": "gpu_cluster:cl_2"});
    let mut many = Stage::of(&acme, std::slice::from_ref(&resource), &first);
    for (change, terms) in every_change() {
        boundary::apply(&mut many.after, &value(&change), &value(&terms), Instant::LATEST).unwrap();
    }
    many.delta = many.after.to_delta(many.directory.revision(), &Seal::default()).unwrap();
    many.contents = delta_contents::Contents::of(&many.delta);
    let mut policy = read_json("core/policies/projects-2026-02.json");
    policy["id"] = json!("another");
    let policy = json!({"type": "set_policy", "policy": policy});
    [Stage::example(), many, Stage::of(&acme, &[resource], &policy)].map(|stage| Scene { before: state(&stage.directory), stage })
});

/// Applies a payload to a copy: it leads to where the delta does, or is refused without a trace.
fn leads_there_or_nowhere(Scene { stage, before }: &Scene, payload: &[u8]) -> Result<(), TestCaseError> {
    let mut copy = stage.directory.clone();
    match copy.apply_delta(&stage.sealed(payload), Trust::default()) {
        Ok(revision) => prop_assert_eq!(revision, stage.after.revision()),
        Err(error) => {
            prop_assert_eq!(error.code(), ErrorCode::SnapshotCorrupt);
            prop_assert!(state(&copy) == *before, "a delta that failed has changed something: {}", error);
            prop_assert_eq!(copy.apply_delta(&stage.delta, Trust::default()), Ok(stage.after.revision()));
        }
    }
    prop_assert!(snapshot(&copy) == snapshot(&stage.after), "the delta leads elsewhere");
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn flipped_bytes_of_a_delta_lead_nowhere(number in 0..3_usize, flips in vec((any::<prop::sample::Index>(), 1..=255_u8), 1..4)) {
        let scene = &SCENES[number];
        let mut payload = payload_of(&scene.stage.delta).to_vec();
        for (place, bits) in flips {
            let place = place.index(payload.len());
            payload[place] ^= bits;
        }
        leads_there_or_nowhere(scene, &payload)?;
    }

    /// The same in one column, so that its length stays what it says.
    #[test]
    fn flipped_values_of_a_delta_lead_nowhere(
        number in 0..3_usize,
        flips in vec((1..delta_contents::DELTA_COLUMNS, any::<prop::sample::Index>(), 1..=255_u8), 1..4),
    ) {
        let scene = &SCENES[number];
        let mut columns = scene.stage.contents.columns();
        for (number, place, bits) in flips {
            let column = &mut columns[number];
            if !column.is_empty() {
                let place = place.index(column.len());
                column[place] ^= bits;
            }
        }
        leads_there_or_nowhere(scene, &payload(&columns))?;
    }

    #[test]
    fn damaged_entries_together_lead_nowhere(mut damages in vec(0..DAMAGES.len() + 3 * OTHER_STATES.len(), 1..5)) {
        let scene = &SCENES[0];
        let mut contents = scene.stage.contents.clone();
        // The last of them removes the changes that others damage.
        damages.sort_unstable();
        for number in damages {
            match DAMAGES.get(number) {
                Some((_, damage)) => damage(&mut contents),
                None => OTHER_STATES[(number - DAMAGES.len()) % OTHER_STATES.len()].1(&mut contents),
            }
        }
        leads_there_or_nowhere(scene, &contents.payload())?;
    }
}
