//! Casbin: role-based access with domains. Its policy is in memory, and its enforcer is made once. Measured plain and with its cache of
//! decisions.

use casbin::{CachedEnforcer, CoreApi, DefaultModel, Enforcer, FileAdapter};
use tokio::runtime::Builder;

use crate::data::{Data, Question};
use crate::engine::{Candidate, Engine, Ready};

const VERSION: &str = "2.20.0";

pub const CASBIN: Engine = Engine {
    name: "casbin",
    version: VERSION,
    notes: "rows with an effect are its policy, worked out beforehand; the caller has to know the scope of a resource; \
            no reasons, attribution, listings or staleness",
    load: |data| Box::new(Casbin(enforcer::<Enforcer>(data))),
};

pub const CACHED: Engine = Engine {
    name: "casbin cached",
    version: VERSION,
    notes: "the same with its cache of 200 decisions, which an answer that changes has to be driven out of",
    load: |data| Box::new(Casbin(enforcer::<CachedEnforcer>(data))),
};

struct Casbin<E>(E);

fn enforcer<E: CoreApi>(data: &Data) -> E {
    let policy = data.folder.join("casbin.csv");
    Builder::new_current_thread().build().unwrap().block_on(async {
        let model = DefaultModel::from_str(include_str!("../../rules/casbin.conf")).await.unwrap();
        E::new(model, FileAdapter::new(policy)).await.unwrap()
    })
}

impl<E: CoreApi> Ready for Casbin<E> {
    fn candidates<'r>(&'r self, questions: &'r [Question]) -> Vec<Candidate<'r>> {
        let prepared = questions.iter().map(|one| (&*one.principal, &*one.scope, &*one.action)).collect();
        vec![Candidate::one_by_one("enforce", questions, prepared, |question| self.0.enforce(*question).unwrap())]
    }
}
