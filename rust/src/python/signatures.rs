//! `verify_signatures` as Python sees it.

use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;

use crate::signatures::{Entry, failures};

/// The positions of the signatures that do not hold; nothing is copied, and other threads go on meanwhile.
#[pyfunction]
pub fn verify_signatures(
    py: Python<'_>,
    entries: Vec<(PyBackedBytes, PyBackedBytes, PyBackedBytes)>,
) -> Vec<usize> {
    py.detach(|| {
        let entries: Vec<Entry<'_>> =
            entries.iter().map(|(key, signature, message)| (&**key, &**signature, &**message)).collect();
        failures(&entries)
    })
}
