//! Questions about entries all over a directory: users and keys, on resources, projects and organizations, every second one allowed.

use crate::random::Random;
use crate::shape::{PROJECTS, Shape, key, project, resource, user};

/// One question.
pub(crate) struct Question<'q> {
    pub(crate) principal: &'q str,
    pub(crate) action: &'q str,
    pub(crate) resource: &'q str,
    pub(crate) allowed: bool,
}

/// Many questions in one text, which is read sequentially at the same cost for a directory of any size.
pub(crate) struct Questions {
    text: String,
    ends: Vec<[u32; 3]>,
}

impl Questions {
    /// This many questions, in the proportions of `bench/generate.py`.
    pub(crate) fn draw(shape: Shape, kinds: &[String], count: usize) -> Self {
        let mut random = Random(2026);
        let mut questions = Self { text: String::new(), ends: Vec::with_capacity(count) };
        for number in 0..count {
            questions.push(&draw(shape, kinds, &mut random, is_allowed(number)));
        }
        questions
    }

    fn push(&mut self, parts: &[String; 3]) {
        let ends = parts.each_ref().map(|part| {
            self.text.push_str(part);
            u32::try_from(self.text.len()).unwrap()
        });
        self.ends.push(ends);
    }

    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    pub(crate) fn get(&self, number: usize) -> Question<'_> {
        let begin = if number == 0 { 0 } else { self.ends[number - 1][2] } as usize;
        let [principal, action, resource] = self.ends[number].map(|end| end as usize);
        let text = &self.text;
        Question {
            principal: &text[begin..principal],
            action: &text[principal..action],
            resource: &text[action..resource],
            allowed: is_allowed(number),
        }
    }
}

fn is_allowed(number: usize) -> bool {
    number.is_multiple_of(2)
}

/// Principal, action and resource.
fn draw(shape: Shape, kinds: &[String], random: &mut Random, allowed: bool) -> [String; 3] {
    let organization = random.below(shape.organizations);
    // Every member has the default project, so nobody can be denied there.
    let number = 1 + random.below(PROJECTS - 1);
    let place = random.below(shape.resources);
    let kind = &kinds[place % kinds.len()];
    let thing = format!("{kind}:{}", resource(organization, number, place));
    // The members after the rows have none in the project.
    let row = if allowed { random.below(shape.rows) } else { shape.rows + random.below(shape.members / 2) };
    let person = format!("user:{}", shape.collaborator(organization, number, row));
    match random.below(100) {
        0..70 => [person, format!("{kind}.read"), thing],
        70..85 => {
            let of_key = if allowed { number } else { (number + 1) % PROJECTS };
            [format!("api_key:{}", key(organization, of_key, random.below(shape.keys))), format!("{kind}.read"), thing]
        }
        85..95 => [person, "project_settings.read".to_owned(), format!("project:{}", project(organization, number))],
        _ => {
            let action = if allowed { "billing.read" } else { "billing.write" };
            let member = format!("user:{}", user(organization, shape.members / 2 + random.below(shape.members / 2)));
            [member, action.to_owned(), format!("organization:org_{organization:04}")]
        }
    }
}
