//! What watchers look up in an archive that may still grow: where events stand, and whether a ballot is in it.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use super::event::EventKind;
use super::reader::Reader;
use super::{Hash, entry::Entry};
use crate::belenios::ballot::Ballot;
use crate::belenios::hash::sha256;
use crate::{Error, Result};

/// Where an archive stood after an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The height of the event.
    pub height: u64,
    /// Its hash.
    pub hash: Hash,
    /// What happened.
    pub kind: EventKind,
    /// The length of the file up to its end, in bytes.
    pub length: u64,
    /// The ballots up to it.
    pub ballots: u64,
}

/// The last whole event of an archive, and the events of some heights: nothing where there is none of that height.
///
/// An event that is incomplete at the end of the file is left out, since a copy may have been taken while it was
/// written. Everything that holds the archive together is checked, the hashes of all records included.
pub fn places(path: &Path, heights: &[u64]) -> Result<(Place, Vec<Option<Place>>)> {
    let mut reader = Reader::open(path)?;
    let wanted: HashSet<u64> = heights.iter().copied().collect();
    let mut found = HashMap::with_capacity(wanted.len());
    let mut last: Option<Place> = None;
    let mut ballots = 0;
    loop {
        let entry = match reader.next_entry() {
            Ok(Some(entry)) => entry,
            Ok(None) => break,
            Err(_) if reader.is_truncated() && last.is_some() => break,
            Err(error) => return Err(error),
        };
        verify(path, &entry)?;
        ballots += u64::from(entry.kind == EventKind::Ballot);
        let place = Place {
            height: entry.height,
            hash: entry.hash,
            kind: entry.kind,
            length: reader.whole(),
            ballots,
        };
        if wanted.contains(&place.height) {
            found.insert(place.height, place);
        }
        last = Some(place);
    }
    let last =
        last.ok_or_else(|| Error::Belenios(format!("{}: the archive holds no event", path.display())))?;
    Ok((last, heights.iter().map(|height| found.get(height).copied()).collect()))
}

/// The height of the first event with a ballot, or with another one that has a ciphertext of it; nothing if there is none.
///
/// The archive must hold together, the hashes of its ballots included.
pub fn find(path: &Path, ballot: &[u8]) -> Result<Option<u64>> {
    let hash = sha256(ballot);
    let ciphertexts: HashSet<[u8; 32]> = alphas(ballot)?.collect();
    let mut reader = Reader::open(path)?;
    let mut answer = None;
    while let Some(entry) = reader.next_entry()? {
        verify(path, &entry)?;
        if answer.is_some() || entry.kind != EventKind::Ballot {
            continue;
        }
        for record in &entry.records {
            let same = record.claimed_hash == hash;
            // What is no ballot has no ciphertexts; that it does not belong there is for the audit to say.
            if same
                || alphas(&record.body).is_ok_and(|mut found| found.any(|alpha| ciphertexts.contains(&alpha)))
            {
                answer = Some(entry.height);
            }
        }
    }
    Ok(answer)
}

fn alphas(ballot: &[u8]) -> Result<impl Iterator<Item = [u8; 32]>> {
    let answers = Ballot::parse(ballot)?.answers;
    Ok(answers.into_iter().flat_map(|answer| answer.choices).map(|choice| choice.alpha))
}

fn verify(path: &Path, entry: &Entry) -> Result<()> {
    for record in &entry.records {
        record.verify_hash().map_err(|error| Error::Belenios(format!("{}: {error}", path.display())))?;
    }
    Ok(())
}
