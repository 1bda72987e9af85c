//! Regorus: the policy is compiled once for its virtual machine, the data is set once, and each question is one input.

use std::cell::RefCell;

use regorus::languages::rego::compiler::Compiler;
use regorus::rvm::vm::RegoVM;
use regorus::{Engine as Interpreter, Value};
use serde_json::json;

use crate::data::{Data, Question};
use crate::engine::{Candidate, Engine, Ready};

const ALLOW: &str = "data.bench.allow";

pub const REGORUS: Engine = Engine {
    name: "regorus",
    version: "0.14.1",
    notes: "rows with an effect are its data, worked out beforehand; inputs are made beforehand too; no reasons, attribution, listings or staleness",
    load: |data| Box::new(Regorus(RefCell::new(machine(data)))),
};

struct Regorus(RefCell<RegoVM>);

fn machine(data: &Data) -> RegoVM {
    let mut interpreter = Interpreter::new();
    interpreter.add_policy("bench.rego".to_owned(), include_str!("../../rules/rego.rego").to_owned()).unwrap();
    let policy = interpreter.compile_with_entrypoint(&ALLOW.into()).unwrap();
    let mut machine = RegoVM::new();
    machine.load_program(Compiler::compile_from_policy(&policy, &[ALLOW]).unwrap());
    machine.set_data(Value::from_json_str(&data.text("rego.json")).unwrap()).unwrap();
    machine
}

impl Ready for Regorus {
    fn candidates<'r>(&'r self, questions: &'r [Question]) -> Vec<Candidate<'r>> {
        let input = |one: &Question| Value::from(json!({"principal": one.principal, "action": one.action, "resource": one.resource}));
        let ask = |input: &Value| {
            let mut machine = self.0.borrow_mut();
            machine.set_input(input.clone());
            machine.execute().unwrap() == Value::Bool(true)
        };
        vec![Candidate::one_by_one("execute", questions, questions.iter().map(input).collect(), ask)]
    }
}
