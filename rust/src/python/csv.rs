//! `CsvReader` and `Batch` as Python sees them.

use std::path::PathBuf;

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyList, PyString};

use crate::csv::{self, Kind, Texts};

/// Streams a delimited text file in batches of typed columns.
#[pyclass(module = "suffrage._core", frozen)]
pub struct CsvReader {
    // A lock of our own instead of pyo3's borrow check: a second thread waits instead of failing.
    reader: std::sync::Mutex<csv::CsvReader>,
}

impl CsvReader {
    /// Work on the reader without holding up other Python threads.
    fn with<T: Send>(
        &self,
        py: Python<'_>,
        work: impl Send + FnOnce(&mut csv::CsvReader) -> crate::Result<T>,
    ) -> PyResult<T> {
        let answer = py.detach(|| {
            // The state behind a poisoned lock is still memory-safe; the panic itself was already raised.
            let mut reader = self.reader.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            work(&mut reader)
        });
        Ok(answer?)
    }
}

#[pymethods]
impl CsvReader {
    #[new]
    fn new(py: Python<'_>, path: PathBuf) -> PyResult<Self> {
        let reader = py.detach(|| csv::CsvReader::open(&path))?;
        Ok(Self { reader: std::sync::Mutex::new(reader) })
    }

    #[getter]
    fn header(&self, py: Python<'_>) -> PyResult<Vec<String>> {
        self.with(py, |reader| Ok(reader.header().to_vec()))
    }

    #[getter]
    fn delimiter(&self, py: Python<'_>) -> PyResult<char> {
        self.with(py, |reader| Ok(reader.delimiter()))
    }

    fn declare(&self, py: Python<'_>, kinds: Vec<String>) -> PyResult<()> {
        let named = |name: &String| {
            Kind::named(name).ok_or_else(|| {
                let expected = "text, code, figure, mark or skip";
                PyValueError::new_err(format!("a column is declared as {name:?}, expected {expected}"))
            })
        };
        let kinds = kinds.iter().map(named).collect::<PyResult<Vec<_>>>()?;
        self.with(py, |reader| reader.declare(&kinds))
    }

    fn seed(&self, py: Python<'_>, column: usize, values: Vec<String>) -> PyResult<()> {
        self.with(py, |reader| reader.seed(column, values.iter().map(String::as_str)))
    }

    fn dictionary<'py>(&self, py: Python<'py>, column: usize) -> PyResult<Bound<'py, PyList>> {
        let values = self.with(py, |reader| reader.dictionary(column).cloned())?;
        list(py, &values)
    }

    fn next_batch(&self, py: Python<'_>, max_rows: usize) -> PyResult<Option<Batch>> {
        let batch = self.with(py, |reader| reader.next_batch(max_rows))?;
        Ok(batch.map(|batch| Batch { batch }))
    }
}

/// Some rows of a table, column by column.
#[pyclass(module = "suffrage._core", frozen)]
pub struct Batch {
    batch: csv::Batch,
}

#[pymethods]
impl Batch {
    #[getter]
    fn rows(&self) -> usize {
        self.batch.rows
    }

    #[getter]
    fn lines<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, &self.batch.lines)
    }

    fn text<'py>(&self, py: Python<'py>, column: usize) -> PyResult<Bound<'py, PyList>> {
        list(py, self.batch.text(column)?)
    }

    fn codes<'py>(&self, py: Python<'py>, column: usize) -> PyResult<Bound<'py, PyBytes>> {
        Ok(PyBytes::new(py, self.batch.codes(column)?))
    }

    fn figures<'py>(&self, py: Python<'py>, column: usize) -> PyResult<Bound<'py, PyBytes>> {
        Ok(PyBytes::new(py, self.batch.figures(column)?))
    }

    fn marks<'py>(&self, py: Python<'py>, column: usize) -> PyResult<Bound<'py, PyBytes>> {
        Ok(PyBytes::new(py, self.batch.marks(column)?))
    }
}

/// Neighbouring rows often hold the same text (their unit): it becomes one Python object, which is quicker and smaller.
fn list<'py>(py: Python<'py>, texts: &Texts) -> PyResult<Bound<'py, PyList>> {
    let mut last = ("", PyString::new(py, ""));
    let objects = texts.iter().map(|text| {
        if text != last.0 {
            last = (text, PyString::new(py, text));
        }
        last.1.clone()
    });
    PyList::new(py, objects)
}
