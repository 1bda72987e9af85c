//! Forks: a child has only the thread that forked. So no other thread may hold or await the lock of an engine at that moment, since it would be locked in the
//! child for ever, or its directory half changed.
//!
//! Whoever locks an engine while other threads run has a pass. A fork waits until all passes are back, and gives new ones out when it is over.

use std::cell::RefCell;
use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use pyo3::prelude::*;
use pyo3::types::{IntoPyDict, PyCFunction};

/// Whether other threads run while an engine answers. Elsewhere the interpreter's lock keeps them, and answering needs no pass.
pub(crate) const READERS_NEED_A_PASS: bool = cfg!(Py_GIL_DISABLED);

static PASSES: RwLock<()> = RwLock::new(());

/// Leave to lock an engine. It is had before the lock, once, and given back after it.
pub(crate) struct Pass {
    _held: Option<RwLockReadGuard<'static, ()>>,
}

type Closed = RwLockWriteGuard<'static, ()>;

thread_local! {
    /// The forks that this thread is in, one within the other. All but the first find the passes stopped.
    static FORKS: RefCell<Vec<Option<Closed>>> = const { RefCell::new(Vec::new()) };
}

impl Pass {
    /// Waits for a fork that another thread is in; so others must be able to run meanwhile. One's own needs no waiting: nobody else has a pass.
    pub(crate) fn wait() -> Self {
        let is_forking = FORKS.with_borrow(|forks| !forks.is_empty());
        Self { _held: (!is_forking).then(|| PASSES.read().unwrap_or_else(PoisonError::into_inner)) }
    }

    /// The same for who holds the interpreter, which is let go of while it waits.
    pub(crate) fn attached(py: Python<'_>) -> Self {
        loop {
            if FORKS.with_borrow(|forks| !forks.is_empty()) {
                return Self { _held: None };
            }
            if let Ok(held) = PASSES.try_read() {
                return Self { _held: Some(held) };
            }
            py.detach(|| drop(PASSES.read()));
        }
    }
}

fn before(py: Python<'_>) {
    py.detach(|| {
        FORKS.with_borrow_mut(|forks| {
            let closed = forks.is_empty().then(|| PASSES.write().unwrap_or_else(PoisonError::into_inner));
            forks.push(closed);
        });
    });
}

/// In the parent and in the child alike: the thread that forked goes on in both.
fn after() {
    drop(FORKS.with_borrow_mut(Vec::pop));
}

/// Has Python call this module at every fork, where there are forks.
pub(crate) fn register(py: Python<'_>) -> PyResult<()> {
    let Ok(register) = py.import("os")?.getattr("register_at_fork") else { return Ok(()) };
    let before = PyCFunction::new_closure(py, None, None, |arguments, _| before(arguments.py()))?;
    let after = PyCFunction::new_closure(py, None, None, |_, _| after())?;
    let hooks = [("before", &before), ("after_in_parent", &after), ("after_in_child", &after)].into_py_dict(py)?;
    register.call((), Some(&hooks)).map(drop)
}
