//! Cedar: its policies are parsed once, all entities are in memory with their ancestors computed, and requests are made in advance.

use cedar_policy::{Authorizer, Context, Decision, Entities, EntityId, EntityTypeName, EntityUid, PolicySet, Request};

use crate::data::Question;
use crate::engine::{Candidate, Engine, Ready};

pub const CEDAR: Engine = Engine {
    name: "cedar-policy",
    version: "4.14.1",
    notes: "rows with an effect are its entities, worked out beforehand; requests are made of ids beforehand too; names the policy that decided, \
            no attribution, listings or staleness",
    load: |data| {
        let entities = Entities::from_json_str(&data.text("cedar.json"), None).unwrap();
        Box::new(Cedar { authorizer: Authorizer::new(), policies: include_str!("../../rules/cedar.cedar").parse().unwrap(), entities })
    },
};

struct Cedar {
    authorizer: Authorizer,
    policies: PolicySet,
    entities: Entities,
}

impl Ready for Cedar {
    fn candidates<'r>(&'r self, questions: &'r [Question]) -> Vec<Candidate<'r>> {
        let Self { authorizer, policies, entities } = self;
        let ask = |request: &Request| authorizer.is_authorized(request, policies, entities).decision() == Decision::Allow;
        vec![Candidate::one_by_one("is_authorized", questions, questions.iter().map(request).collect(), ask)]
    }
}

fn request(question: &Question) -> Request {
    let principal = uid(question.principal.split_once(':').unwrap());
    let resource = uid(question.resource.split_once(':').unwrap());
    Request::new(principal, uid(("Action", &question.action)), resource, Context::empty(), None).unwrap()
}

fn uid((kind, id): (&str, &str)) -> EntityUid {
    EntityUid::from_type_name_and_id(kind.parse::<EntityTypeName>().unwrap(), EntityId::new(id))
}
