//! `ArchiveWriter`, and what watchers ask of an archive, as Python sees them.

use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;

use crate::belenios::archive::{self, Position, Prefix, Setup, Writer};
use crate::belenios::group::{hex, parse_hash, text};
use crate::{Error, Result};

/// The height of an event and its hash.
type Placed = (u64, String);

fn shown(hash: &archive::Hash) -> String {
    text(&hex(hash)).to_owned()
}

fn placed(position: &Position) -> Placed {
    (position.height, shown(&position.event_hash))
}

/// The one writer of an archive.
#[pyclass(module = "suffrage._core", frozen)]
pub struct ArchiveWriter {
    // A lock of our own instead of pyo3's borrow check: a second thread waits instead of failing. Empty once closed.
    writer: Mutex<Option<Writer>>,
}

impl ArchiveWriter {
    fn new(writer: Writer) -> Self {
        Self { writer: Mutex::new(Some(writer)) }
    }

    /// Work on the writer without holding up other Python threads.
    fn with<T: Send>(
        &self,
        py: Python<'_>,
        work: impl Send + FnOnce(&mut Writer) -> Result<T>,
    ) -> PyResult<T> {
        let answer = py.detach(|| {
            // After a panic the file is as the last answer left it, or longer: the next call notices that.
            let mut writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
            match writer.as_mut() {
                Some(writer) => work(writer),
                None => Err(Error::Usage("the archive is closed".to_owned())),
            }
        });
        Ok(answer?)
    }
}

#[pymethods]
impl ArchiveWriter {
    #[staticmethod]
    #[pyo3(signature = (path, timestamp, election, trustees, credentials, credentials_certificate=None))]
    fn create(
        py: Python<'_>,
        path: PathBuf,
        timestamp: u64,
        election: PyBackedBytes,
        trustees: PyBackedBytes,
        credentials: PyBackedBytes,
        credentials_certificate: Option<PyBackedBytes>,
    ) -> PyResult<Self> {
        let writer = py.detach(|| {
            let setup = Setup {
                election: &election,
                trustees: &trustees,
                credentials: &credentials,
                credentials_certificate: credentials_certificate.as_deref(),
            };
            Writer::create(&path, timestamp, setup)
        })?;
        Ok(Self::new(writer))
    }

    #[staticmethod]
    fn open(py: Python<'_>, path: PathBuf) -> PyResult<Self> {
        Ok(Self::new(py.detach(|| Writer::open(&path))?))
    }

    fn append_ballots(&self, py: Python<'_>, ballots: Vec<PyBackedBytes>) -> PyResult<Vec<Placed>> {
        self.with(py, |writer| {
            let ballots: Vec<&[u8]> = ballots.iter().map(|ballot| &ballot[..]).collect();
            Ok(writer.append_ballots(&ballots)?.iter().map(placed).collect())
        })
    }

    fn end_ballots(&self, py: Python<'_>) -> PyResult<Placed> {
        self.with(py, |writer| Ok(placed(&writer.end_ballots()?)))
    }

    fn append_encrypted_tally(
        &self,
        py: Python<'_>,
        tally: PyBackedBytes,
        num_tallied: u64,
        total_weight: u64,
    ) -> PyResult<Placed> {
        self.with(py, |writer| {
            Ok(placed(&writer.append_encrypted_tally(&tally, num_tallied, total_weight)?))
        })
    }

    fn append_partial_decryption(
        &self,
        py: Python<'_>,
        owner: u64,
        decryption: PyBackedBytes,
    ) -> PyResult<Placed> {
        self.with(py, |writer| Ok(placed(&writer.append_partial_decryption(owner, &decryption)?)))
    }

    fn append_result(&self, py: Python<'_>, result: PyBackedBytes) -> PyResult<Placed> {
        self.with(py, |writer| Ok(placed(&writer.append_result(&result)?)))
    }

    fn contains(&self, py: Python<'_>, ballot_hash: &str) -> PyResult<bool> {
        let hash = parse_hash(ballot_hash.as_bytes()).ok_or_else(|| {
            Error::Usage(format!("{ballot_hash:?} is no hash, expected 64 lower-case hexadecimal digits"))
        })?;
        self.with(py, |writer| Ok(writer.contains(&hash)))
    }

    #[getter]
    fn head(&self, py: Python<'_>) -> PyResult<(u64, String, u64)> {
        let head = self.with(py, |writer| Ok(writer.head()))?;
        Ok((head.height, shown(&head.event_hash), head.length))
    }

    #[getter]
    fn last(&self, py: Python<'_>) -> PyResult<&'static str> {
        self.with(py, |writer| Ok(writer.last_kind().name()))
    }

    #[getter]
    fn timestamp(&self, py: Python<'_>) -> PyResult<u64> {
        self.with(py, |writer| Ok(writer.timestamp()))
    }

    #[getter]
    fn ballots(&self, py: Python<'_>) -> PyResult<usize> {
        self.with(py, |writer| Ok(writer.ballots()))
    }

    #[getter]
    fn cut(&self, py: Python<'_>) -> PyResult<u64> {
        self.with(py, |writer| Ok(writer.cut()))
    }

    fn close(&self, py: Python<'_>) {
        py.detach(|| self.writer.lock().unwrap_or_else(PoisonError::into_inner).take());
    }

    fn __enter__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    #[pyo3(signature = (*_raised))]
    fn __exit__(&self, py: Python<'_>, _raised: &Bound<'_, pyo3::types::PyTuple>) {
        self.close(py);
    }
}

/// Whether an archive only grew since a copy of it was taken.
#[pyfunction]
pub fn archive_prefix(py: Python<'_>, old: PathBuf, new: PathBuf) -> PyResult<(u64, Option<String>)> {
    Ok(match py.detach(|| archive::is_prefix(&old, &new))? {
        Prefix::Holds { old, .. } => (old.height, None),
        Prefix::Parts { height, why } => (height, Some(why)),
    })
}

/// Where an archive stood: the height of an event, its hash and its type, the length in bytes and the ballots up to it.
type PlainPlace = (u64, String, &'static str, u64, u64);

/// Where an archive stands, and where it stood at some heights.
#[pyfunction]
pub fn archive_places(
    py: Python<'_>,
    path: PathBuf,
    heights: Vec<u64>,
) -> PyResult<(PlainPlace, Vec<Option<PlainPlace>>)> {
    let plain = |place: archive::Place| {
        (place.height, shown(&place.hash), place.kind.name(), place.length, place.ballots)
    };
    let (last, found) = py.detach(|| archive::places(&path, &heights))?;
    Ok((plain(last), found.into_iter().map(|place| place.map(plain)).collect()))
}

/// The height at which a ballot stands in an archive.
#[pyfunction]
pub fn archive_find(py: Python<'_>, path: PathBuf, ballot: PyBackedBytes) -> PyResult<Option<u64>> {
    Ok(py.detach(|| archive::find(&path, &ballot))?)
}
