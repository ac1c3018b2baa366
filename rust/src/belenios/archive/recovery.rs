//! What of an archive is whole after its writer has died.
//!
//! Records are appended in one piece, so a process that is killed leaves a file that ends early; a machine that loses
//! power may leave zeros behind that. Both are cut off, for nothing of it was answered for. Anything else may be damage
//! to what was answered for, and is never repaired by removing it.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

use hashbrown::HashSet;

use super::chain::Chain;
use super::reader::Reader;
use super::tar::BLOCK;
use super::writer::{Short, short};
use super::{EventKind, shown};
use crate::{Error, Result};

/// So many bytes at the end are hashed when an archive is opened: what was written last is what a crash may have hurt.
const HASHED: u64 = 64 << 20;

/// What is known of an archive that will be appended to.
pub struct Recovered {
    /// Its time.
    pub timestamp: u64,
    /// Its events.
    pub chain: Chain,
    /// How many bytes of the file are whole events.
    pub length: u64,
    /// Its ballots.
    pub ballots: HashSet<Short>,
}

/// Reads an archive to the end of its last whole event.
pub fn recover(file: &File, path: &Path) -> Result<Recovered> {
    let failed = |source| Error::Io { path: path.to_owned(), source };
    let total = file.metadata().map_err(failed)?.len();
    let written = length_without_zeros(file, total).map_err(failed)?;
    let mut start = file;
    start.rewind().map_err(failed)?;
    let mut reader = Reader::new(file.take(written), path)?;
    let mut ballots = HashSet::new();
    loop {
        let entry = match reader.next_entry() {
            Ok(Some(entry)) => entry,
            Ok(None) => break,
            // Setup is published whole, so where even that is missing the file is something else.
            Err(error) if reader.chain_so_far().last().is_none() => return Err(error),
            Err(_) if reader.is_truncated() => break,
            Err(error) => return Err(error),
        };
        for record in &entry.records {
            let told = |error| Error::Belenios(format!("{}: {error}", path.display()));
            if record.offset + HASHED >= written {
                record.verify_hash().map_err(told)?;
            }
            if entry.kind == EventKind::Ballot && !ballots.insert(short(&record.claimed_hash)) {
                let (offset, hash) = (record.offset, shown(&record.claimed_hash));
                let message = format!("byte {offset}: the ballot {hash} is in the archive twice");
                return Err(told(Error::Belenios(message)));
            }
        }
    }
    Ok(Recovered {
        timestamp: reader.timestamp(),
        chain: *reader.chain_so_far(),
        length: reader.whole(),
        ballots,
    })
}

/// How many bytes a file has before the blocks of zeros at its end. No archive ends in one.
fn length_without_zeros(mut file: &File, total: u64) -> io::Result<u64> {
    const PIECE: usize = 128 * BLOCK;
    let mut buffer = vec![0; PIECE];
    let mut end = total;
    while end > 0 {
        // The first piece from the end may be shorter, so that the others are aligned.
        let over = end % PIECE as u64;
        let start = end - if over == 0 { PIECE as u64 } else { over };
        let piece = &mut buffer[..usize::try_from(end - start).unwrap_or(PIECE)];
        file.seek(SeekFrom::Start(start))?;
        file.read_exact(piece)?;
        if let Some(last) = piece.iter().rposition(|byte| *byte != 0) {
            let block_end = start + (last / BLOCK + 1) as u64 * BLOCK as u64;
            return Ok(block_end.min(end));
        }
        end = start;
    }
    Ok(0)
}
