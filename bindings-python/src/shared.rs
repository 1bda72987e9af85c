//! What threads share: the directory of an engine, or a timeline. Every question and every change goes through here, and no panic gets past it.

use std::sync::{Arc, RwLock, RwLockReadGuard, TryLockError};

use pyo3::prelude::*;

use crate::error::{internal, interrupted};
use crate::fork::{Pass, READERS_NEED_A_PASS};
use crate::panics::catch_panic;

// Arguments are read before it is locked: the time zone of an instant is code of the caller, which could ask the engine something, or fork.
// A table is answered by the directory as it was when it began: a change that comes meanwhile is made to a copy, so nobody waits for a table.
#[derive(Debug)]
pub(crate) struct Shared<T>(RwLock<Arc<T>>);

impl<T: Clone + Send + Sync> Shared<T> {
    pub(crate) fn new(directory: T) -> Self {
        Self(RwLock::new(Arc::new(directory)))
    }

    /// The directory's answer. The lock is released before the answer becomes a Python object: creating one can run finalizers, whose code could ask or
    /// change the engine.
    #[inline]
    pub(crate) fn ask<A>(&self, py: Python<'_>, question: impl FnOnce(&Arc<T>) -> A) -> PyResult<A> {
        let (_pass, directory) = self.read(py)?;
        catch_panic(|| question(&directory)).map_err(|place| internal(py, &place))
    }

    /// Waits for a change to end. Other threads run meanwhile.
    #[inline]
    fn read(&self, py: Python<'_>) -> PyResult<(Option<Pass>, RwLockReadGuard<'_, Arc<T>>)> {
        loop {
            let pass = READERS_NEED_A_PASS.then(|| Pass::attached(py));
            match self.0.try_read() {
                Ok(directory) => return Ok((pass, directory)),
                Err(TryLockError::Poisoned(_)) => return Err(interrupted(py)),
                Err(TryLockError::WouldBlock) => {
                    drop(pass);
                    py.detach(|| {
                        let _pass = Pass::wait();
                        drop(self.0.read());
                    });
                }
            }
        }
    }

    /// Replaces the directory. Nobody waits but for the exchange.
    pub(crate) fn replace(&self, py: Python<'_>, other: T) -> PyResult<()> {
        let mut other = Arc::new(other);
        let exchanged = py.detach(|| {
            let _pass = Pass::wait();
            self.0.write().ok().map(|mut directory| std::mem::swap(&mut *directory, &mut other))
        });
        exchanged.ok_or_else(|| interrupted(py))
    }

    /// Changes the directory while other threads run. A change that panics leaves the directory broken: from then on every call raises.
    pub(crate) fn change<A: Send>(&self, py: Python<'_>, change: impl FnOnce(&mut T) -> A + Send) -> PyResult<A> {
        let changed = py.detach(|| {
            let _pass = Pass::wait();
            catch_panic(|| self.0.write().ok().map(|mut directory| change(Arc::make_mut(&mut directory))))
        });
        changed.map_err(|place| internal(py, &place))?.ok_or_else(|| interrupted(py))
    }
}
