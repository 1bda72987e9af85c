//! The fast path of `check_many`, for requests that are dicts of three strings, as nearly all are: their text is not copied. Any other request takes the
//! general path.

use bailiwick::{Directory, Instant, boundary};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyString};

use crate::decision::Decision;

/// Principal, action and resource.
type Question<'py> = [Bound<'py, PyString>; 3];

/// How many are decided before they become Python objects: few enough that both lists stay in the processor's cache.
const AT_A_TIME: usize = 256;

/// The decisions on a list of requests, by one revision. `None` if a request is not plain or not valid, or if a change came between: the general path
/// answers then.
pub(crate) fn decide_all<'py>(
    requests: &Bound<'py, PyAny>,
    decide: impl Fn(&[Question<'py>], &mut Vec<Decision>) -> PyResult<Option<()>>,
) -> PyResult<Option<Bound<'py, PyList>>> {
    let Ok(requests) = requests.cast::<PyList>() else { return Ok(None) };
    let decisions = PyList::empty(requests.py());
    let (mut questions, mut decided) = (Vec::with_capacity(AT_A_TIME), Vec::with_capacity(AT_A_TIME));
    let mut revision = None;
    let mut requests = requests.iter();
    // The length is not fixed: while this thread waits for a change, other threads can make the list longer or shorter.
    loop {
        for request in requests.by_ref().take(AT_A_TIME) {
            let Some(question) = request.cast::<PyDict>().ok().and_then(question) else { return Ok(None) };
            questions.push(question);
        }
        if questions.is_empty() {
            return Ok(Some(decisions));
        }
        if decide(&questions, &mut decided)?.is_none() {
            return Ok(None);
        }
        questions.clear();
        for decision in decided.drain(..) {
            if *revision.get_or_insert(decision.revision()) != decision.revision() {
                return Ok(None);
            }
            decisions.append(decision)?;
        }
    }
}

/// Appends the decisions on some plain requests. `None` if one is not valid.
pub(crate) fn decide(directory: &Directory, questions: &[Question<'_>], now: Instant, decided: &mut Vec<Decision>) -> Option<()> {
    for [principal, action, resource] in questions {
        let (principal, action, resource) = (principal.to_str().ok()?, action.to_str().ok()?, resource.to_str().ok()?);
        decided.push(boundary::check_access(directory, [principal, action, resource], now).ok()?.into());
    }
    Some(())
}

/// `None` if the request is not plain. It runs no code of the caller.
fn question<'py>(request: &Bound<'py, PyDict>) -> Option<Question<'py>> {
    let py = request.py();
    let names = [intern!(py, "principal"), intern!(py, "action"), intern!(py, "resource")];
    if request.len() != names.len() {
        return None;
    }
    let mut question = [None, None, None];
    for (key, value) in request {
        // Literal keys are interned, so comparing pointers mostly suffices. Otherwise the text is compared, and not by methods of the key.
        let place = names.iter().position(|name| name.is(&key)).or_else(|| {
            let key = key.cast::<PyString>().ok()?.to_str().ok()?;
            names.iter().position(|name| name.to_str().is_ok_and(|name| name == key))
        })?;
        *question.get_mut(place)? = Some(value.cast_into::<PyString>().ok()?);
    }
    let [principal, action, resource] = question;
    Some([principal?, action?, resource?])
}
