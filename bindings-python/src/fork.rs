//! Forks. A child process has only the thread that forked. If another thread held or awaited the lock of an engine at that moment, the engine would stay
//! locked in the child for ever, or its directory would be half changed.
//!
//! So whoever locks an engine while other threads run holds a pass. A fork waits until all passes are returned, and new ones are given out after it.

use std::cell::RefCell;
use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use pyo3::prelude::*;
use pyo3::types::{IntoPyDict, PyCFunction};

/// Whether other threads run while an engine answers. Where the interpreter has a global lock they do not, and answering needs no pass.
pub(crate) const READERS_NEED_A_PASS: bool = cfg!(Py_GIL_DISABLED);

static PASSES: RwLock<()> = RwLock::new(());

/// Permission to lock an engine. It is taken before the lock and returned after it.
pub(crate) struct Pass {
    _held: Option<RwLockReadGuard<'static, ()>>,
}

type Closed = RwLockWriteGuard<'static, ()>;

thread_local! {
    /// The nested forks that this thread is in. The outermost one has stopped the passes; the inner ones find them stopped.
    static FORKS: RefCell<Vec<Option<Closed>>> = const { RefCell::new(Vec::new()) };
}

impl Pass {
    /// Waits for a fork of another thread, which must be able to run meanwhile. A fork of this thread needs no waiting: nobody else has a pass.
    pub(crate) fn wait() -> Self {
        let is_forking = FORKS.with_borrow(|forks| !forks.is_empty());
        Self { _held: (!is_forking).then(|| PASSES.read().unwrap_or_else(PoisonError::into_inner)) }
    }

    /// The same for a thread that is attached to the interpreter. It detaches while it waits.
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

/// Runs in the parent and in the child: the thread that forked continues in both.
fn after() {
    drop(FORKS.with_borrow_mut(Vec::pop));
}

/// Registers the hooks with Python, on systems that have forks.
pub(crate) fn register(py: Python<'_>) -> PyResult<()> {
    let Ok(register) = py.import("os")?.getattr("register_at_fork") else { return Ok(()) };
    let before = PyCFunction::new_closure(py, None, None, |arguments, _| before(arguments.py()))?;
    let after = PyCFunction::new_closure(py, None, None, |_, _| after())?;
    let hooks = [("before", &before), ("after_in_parent", &after), ("after_in_child", &after)].into_py_dict(py)?;
    register.call((), Some(&hooks)).map(drop)
}
