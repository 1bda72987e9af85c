//! Tells the extension for which interpreter it is built: `Py_GIL_DISABLED` where threads run at once.

fn main() {
    pyo3_build_config::use_pyo3_cfgs();
}
