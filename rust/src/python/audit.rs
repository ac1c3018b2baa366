//! The audit of an archive for Python.

use std::path::PathBuf;

use pyo3::prelude::*;
use pyo3::types::PyBytes;

use super::sealed::{PlainQuestion, plain};
use crate::belenios::audit::{Phase, Report, audit};

/// What an audit found.
#[pyclass(frozen, module = "suffrage._core")]
pub struct ArchiveReport(Report);

#[pymethods]
impl ArchiveReport {
    #[getter]
    fn uuid(&self) -> &str {
        &self.0.uuid
    }

    #[getter]
    fn name(&self) -> &str {
        &self.0.name
    }

    #[getter]
    fn fingerprint(&self) -> &str {
        &self.0.fingerprint
    }

    #[getter]
    fn questions(&self) -> Vec<PlainQuestion> {
        self.0.questions.iter().map(plain).collect()
    }

    #[getter]
    fn phase(&self) -> &'static str {
        match self.0.phase {
            Phase::Empty => "empty",
            Phase::Open => "open",
            Phase::Closed => "closed",
            Phase::Tallied => "tallied",
            Phase::Decrypted => "decrypted",
        }
    }

    #[getter]
    fn credentials(&self) -> u64 {
        self.0.credentials
    }

    #[getter]
    fn weighted(&self) -> bool {
        self.0.weighted
    }

    #[getter]
    fn ballots(&self) -> u64 {
        self.0.ballots
    }

    #[getter]
    fn voters(&self) -> u64 {
        self.0.counted
    }

    #[getter]
    fn revotes(&self) -> u64 {
        self.0.revotes
    }

    #[getter]
    fn total_weight(&self) -> u64 {
        self.0.total_weight
    }

    #[getter]
    fn tally<'py>(&self, py: Python<'py>) -> Option<Bound<'py, PyBytes>> {
        self.0.tally.as_ref().map(|tally| PyBytes::new(py, tally.as_bytes()))
    }

    #[getter]
    fn result(&self) -> Option<Vec<Vec<u64>>> {
        self.0.result.clone()
    }

    #[getter]
    fn height(&self) -> u64 {
        self.0.height
    }

    #[getter]
    fn head(&self) -> &str {
        &self.0.head
    }

    #[getter]
    fn length(&self) -> u64 {
        self.0.length
    }

    #[getter]
    fn checks(&self) -> Vec<(&'static str, u64)> {
        self.0.checks.clone()
    }

    #[getter]
    fn failures(&self) -> Vec<(Option<u64>, String)> {
        let listed = self.0.failures.iter().map(|failure| (failure.height, failure.reason.clone()));
        let unlisted = (self.0.unlisted > 0).then(|| (None, format!("and {} more", self.0.unlisted)));
        listed.chain(unlisted).collect()
    }
}

/// Audits an archive on all cores. The callback is told the ballots and the bytes done; Ctrl-C is heard between batches.
#[pyfunction]
#[pyo3(signature = (path, progress=None))]
pub fn audit_archive(py: Python<'_>, path: PathBuf, progress: Option<Py<PyAny>>) -> PyResult<ArchiveReport> {
    let mut raised = None;
    let found = py.detach(|| {
        audit(&path, &mut |ballots, bytes| {
            let told = Python::attach(|py| {
                py.check_signals()?;
                if let Some(progress) = &progress {
                    progress.call1(py, (ballots, bytes))?;
                }
                PyResult::Ok(())
            });
            match told {
                Ok(()) => true,
                Err(error) => {
                    raised = Some(error);
                    false
                }
            }
        })
    });
    match raised {
        Some(error) => Err(error),
        None => Ok(ArchiveReport(found?)),
    }
}
