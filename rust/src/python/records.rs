//! Single records of an archive for Python, each held against its name.

use std::path::{Path, PathBuf};

use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::belenios::archive::event::{Owned, SizedEncryptedTally};
use crate::belenios::archive::{Entry, EventKind, Reader};
use crate::{Error, Result};

/// The events of a kind, with their records.
fn entries(path: &Path, kind: EventKind) -> Result<Vec<Entry>> {
    let mut found = Vec::new();
    let mut reader = Reader::open(path)?;
    while let Some(entry) = reader.next_entry()? {
        if entry.kind == kind {
            for record in &entry.records {
                record.verify_hash()?;
            }
            found.push(entry);
            if kind == EventKind::Setup {
                break;
            }
        }
    }
    Ok(found)
}

fn body(entry: &Entry, number: usize) -> Result<&[u8]> {
    let record = entry.records.get(number);
    record
        .map(|record| &record.body[..])
        .ok_or_else(|| Error::Belenios("an event has too few records".to_owned()))
}

/// The election, the trustees and the public credentials.
#[pyfunction]
pub fn archive_setup(py: Python<'_>, path: PathBuf) -> PyResult<[Bound<'_, PyBytes>; 3]> {
    let found = py.detach(|| entries(&path, EventKind::Setup))?;
    let entry = found.first().ok_or_else(|| Error::Belenios("the archive holds no election".to_owned()))?;
    Ok([
        PyBytes::new(py, body(entry, 0)?),
        PyBytes::new(py, body(entry, 1)?),
        PyBytes::new(py, body(entry, 2)?),
    ])
}

/// The encrypted tally, the number of ballots in it, and their weight.
#[pyfunction]
pub fn archive_tally(py: Python<'_>, path: PathBuf) -> PyResult<Option<(Bound<'_, PyBytes>, u64, u64)>> {
    let found = py.detach(|| entries(&path, EventKind::EncryptedTally))?;
    let Some(entry) = found.first() else { return Ok(None) };
    let sized = SizedEncryptedTally::parse(body(entry, 1)?)?;
    Ok(Some((PyBytes::new(py, body(entry, 0)?), sized.num_tallied, sized.total_weight)))
}

/// The partial decryptions with the numbers of their trustees.
#[pyfunction]
pub fn archive_partials(py: Python<'_>, path: PathBuf) -> PyResult<Vec<(u64, Bound<'_, PyBytes>)>> {
    let found = py.detach(|| entries(&path, EventKind::PartialDecryption))?;
    found
        .iter()
        .map(|entry| Ok((Owned::parse(body(entry, 1)?)?.owner, PyBytes::new(py, body(entry, 0)?))))
        .collect()
}
