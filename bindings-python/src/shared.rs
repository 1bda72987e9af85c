//! The directory of an engine, which threads share. Whoever asks it something or changes it comes by here, and a panic does not get past.

use std::sync::{Arc, RwLock, RwLockReadGuard, TryLockError};

use bailiwick::Directory;
use pyo3::prelude::*;

use crate::error::{internal, interrupted};
use crate::fork::{Pass, READERS_NEED_A_PASS};
use crate::panics::catch_panic;

// Arguments are read before it is locked: the time zone of an instant is code, and could ask the engine something, or fork.
// A table is answered by the directory as it was: a change that comes meanwhile is made to a copy, and nobody waits for a table.
#[derive(Debug)]
pub(crate) struct Shared(RwLock<Arc<Directory>>);

impl Shared {
    pub(crate) fn new(directory: Directory) -> Self {
        Self(RwLock::new(Arc::new(directory)))
    }

    /// What the directory answers. It is locked no longer than that: making a Python object can run finalizers, and those can be code that asks the
    /// engine something, or changes it.
    #[inline]
    pub(crate) fn ask<T>(&self, py: Python<'_>, question: impl FnOnce(&Arc<Directory>) -> T) -> PyResult<T> {
        let (_pass, directory) = self.read(py)?;
        catch_panic(|| question(&directory)).map_err(|place| internal(py, &place))
    }

    /// Whoever waits for a change lets other threads run.
    #[inline]
    fn read(&self, py: Python<'_>) -> PyResult<(Option<Pass>, RwLockReadGuard<'_, Arc<Directory>>)> {
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

    /// Changes the directory, with other threads running meanwhile. One that panics leaves it in pieces: from then on nobody gets an answer.
    pub(crate) fn change<T: Send>(&self, py: Python<'_>, change: impl FnOnce(&mut Directory) -> T + Send) -> PyResult<T> {
        let changed = py.detach(|| {
            let _pass = Pass::wait();
            catch_panic(|| self.0.write().ok().map(|mut directory| change(Arc::make_mut(&mut directory))))
        });
        changed.map_err(|place| internal(py, &place))?.ok_or_else(|| interrupted(py))
    }
}
