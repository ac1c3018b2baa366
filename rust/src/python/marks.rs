//! `MarkTally` as Python sees it.

use pyo3::buffer::PyBuffer;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::marks::{self, Misfit};

/// Adds up marked ballots by place.
#[pyclass(module = "suffrage._core", frozen)]
pub struct MarkTally {
    tally: std::sync::Mutex<marks::MarkTally>,
}

fn refused(misfit: &Misfit) -> PyErr {
    match misfit {
        Misfit::Shape => PyValueError::new_err("columns of other number or length than declared"),
        Misfit::Place(row) => PyValueError::new_err((*row, None::<usize>)),
        Misfit::Name(row, column) => PyValueError::new_err((*row, Some(*column))),
    }
}

fn bytes<'py>(py: Python<'py>, figures: &[i64]) -> PyResult<Bound<'py, PyBytes>> {
    PyBytes::new_with(py, figures.len() * 8, |target| {
        for (place, figure) in target.chunks_exact_mut(8).zip(figures) {
            place.copy_from_slice(&figure.to_ne_bytes());
        }
        Ok(())
    })
}

#[pymethods]
impl MarkTally {
    #[new]
    fn new(contests: Vec<u32>, stands: Vec<bool>, most: Vec<u32>) -> PyResult<Self> {
        let tally = marks::MarkTally::new(contests, stands, most).map_err(|misfit| refused(&misfit))?;
        Ok(Self { tally: std::sync::Mutex::new(tally) })
    }

    fn add(&self, py: Python<'_>, places: PyBuffer<i32>, marks: Vec<PyBuffer<i8>>) -> PyResult<()> {
        // Copied, so that other threads may go on; this is little beside the counting.
        let places = places.to_vec(py)?;
        let marks = marks.iter().map(|column| column.to_vec(py)).collect::<PyResult<Vec<_>>>()?;
        py.detach(|| {
            let mut tally = self.tally.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            tally.add(&places, &marks)
        })
        .map_err(|misfit| refused(&misfit))
    }

    fn counts<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        let tally = self.tally.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        bytes(py, tally.counts())
    }

    fn votes<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        let tally = self.tally.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        bytes(py, tally.votes())
    }
}
