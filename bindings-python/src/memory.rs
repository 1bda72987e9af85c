//! Memory: what reading a large document took is given back.
//!
//! A document is many times as large while it is read, in small pieces that the directory's own lie between. The C library keeps such memory for later,
//! and a process that only answers from then on would hold several times what it needs.

/// Less than this is soon used again.
const WORTHWHILE: usize = 1 << 20;

/// Gives back what is free, after so many bytes of JSON have been read. It takes a few milliseconds for a hundred megabytes.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
pub(crate) fn give_back(length: usize) {
    if length >= WORTHWHILE {
        #[expect(unsafe_code, reason = "a function of the C library, which takes a number and may be called at any time by any thread")]
        // SAFETY: see the reason; what is in use is not touched.
        unsafe {
            libc::malloc_trim(0);
        }
    }
}

/// Other allocators have no such call, or do it by themselves.
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub(crate) fn give_back(_: usize) {
    let _ = WORTHWHILE;
}
