//! One life of a feed: so many steps with faults, and then none.

use bailiwick::Directory;
use bailiwick::boundary;

use crate::database::Database;
use crate::edge::Edge;
use crate::publisher::Publisher;
use crate::random::Random;
use crate::store::Store;
use crate::{MAX_AGE, Tally};

const STEPS: usize = 400;
const EDGES: usize = 3;
/// So many rounds after the last publication, every edge has it.
const ROUNDS: usize = 3;

pub(crate) fn run(seed: u64) -> Tally {
    let mut random = Random(seed);
    let (mut store, mut database) = (Store::new(random.happens(500)), Database::new());
    let mut publishers = [(); 2].map(|()| Publisher::new(0, &mut random));
    let mut edges = [(); EDGES].map(|()| Edge::new(&mut random));
    // Some feeds have one publisher for the most time, and some have two all the time.
    let second = [10, 150, 500][usize::try_from(random.below(3)).unwrap()];
    let mut now = 0;
    for _ in 0..STEPS {
        let most = match random.below(100) {
            0..90 => 2_000,
            90..98 => 60_000,
            _ => 4 * MAX_AGE,
        };
        now += random.up_to(most);
        store.deliver(now);
        match random.below(1_000) {
            0..60 => {
                store.count("a change of the database");
                database.change(&mut random, now);
            }
            60..600 => {
                let publisher = &mut publishers[usize::from(random.happens(second))];
                if now >= publisher.held_up_until {
                    publisher.step(&mut store, &database, &mut random, now, true);
                }
            }
            600..620 => publishers[usize::from(random.happens(500))].restart(&mut store, &mut random),
            620..640 => {
                let most = if random.happens(500) { 10 * MAX_AGE } else { 30_000 };
                publishers[usize::from(random.happens(500))].held_up_until = now + random.up_to(most);
            }
            number => {
                let edge = &mut edges[usize::try_from(random.below(EDGES as u64)).unwrap()];
                match number {
                    640..650 => *edge = Edge::new(&mut random),
                    650..660 => edge.set_clock(&mut random),
                    660..670 => edge.cut_off_until = now + random.up_to(3 * MAX_AGE),
                    _ => {
                        edge.step(&mut store, &mut random, now, true);
                    }
                }
            }
        }
        edges.iter_mut().for_each(|edge| edge.check(&mut store, &database, now));
    }
    settle(store, database, publishers, edges, random, now)
}

/// The faults stop, and what is on its way arrives.
fn settle(
    mut store: Store,
    mut database: Database,
    [mut first, mut second]: [Publisher; 2],
    mut edges: [Edge; EDGES],
    mut random: Random,
    mut now: i64,
) -> Tally {
    now += 20 * MAX_AGE;
    store.deliver(now);
    database.change(&mut random, now);
    first.restart(&mut store, &mut random);
    let head = store.chain.head();
    publish(&mut first, &mut store, &database, &mut random, now);
    if !second.is_new() && store.chain.head() > head {
        // It believes that it is the only one.
        let told = second.told;
        for _ in 0..60 {
            if second.told == told {
                second.step(&mut store, &database, &mut random, now, false);
            }
        }
        assert!(second.told > told, "the second publisher was not told");
        store.count("a second publisher was told");
    }
    database.change(&mut random, now);
    first.restart(&mut store, &mut random);
    publish(&mut first, &mut store, &database, &mut random, now);
    let expected = boundary::state(&Directory::from_json(database.document(0).as_bytes()).unwrap());
    for edge in &mut edges {
        edge.cut_off_until = 0;
        for _ in 0..ROUNDS {
            while edge.step(&mut store, &mut random, now, false) {
                edge.check(&mut store, &database, now);
            }
            edge.check(&mut store, &database, now);
        }
        assert!(edge.is_current(&store, now), "an edge is not current");
        assert_eq!(edge.state(), Some(expected.clone()), "an edge is not what the database says");
    }
    store.tally
}

/// Lets a publisher work until it has completed a publication.
fn publish(publisher: &mut Publisher, store: &mut Store, database: &Database, random: &mut Random, now: i64) {
    let before = publisher.published;
    for _ in 0..200 {
        if publisher.published == before {
            publisher.step(store, database, random, now, false);
        }
    }
    assert!(publisher.published > before, "a publisher without faults does not publish");
}
