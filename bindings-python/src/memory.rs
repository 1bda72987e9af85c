//! Returns memory to the system after a large document was read.
//!
//! Reading takes many times the size of a document, in small allocations between those of the directory. The C library keeps freed memory for later,
//! so a process that only answers from then on would hold several times what it needs.

/// Less than this is soon used again, so it is not returned.
const WORTHWHILE: usize = 1 << 20;

/// Returns free memory after so many bytes of JSON were read. It takes a few milliseconds for a hundred megabytes.
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

/// Other allocators have no such call, or return memory by themselves.
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub(crate) fn give_back(_: usize) {
    let _ = WORTHWHILE;
}
