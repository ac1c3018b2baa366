//! An archive read from its beginning, event by event; one event is in memory at a time.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use super::chain::{Chain, Head};
use super::entry::{Entry, Record, RecordKind, check_references};
use super::event::{ArchiveHeader, Event, EventKind};
use super::records::{Checked, Flaw, Raw, Records};
use super::tar::Name;
use super::{Hash, LARGEST_CREDENTIALS, LARGEST_RECORD, shown, shown_or_none};
use crate::belenios::hash::sha256;
use crate::{Error, Result};

/// Reads an archive and checks what holds it together: every byte of the headers and the padding, the chain of the
/// events, which event may follow which, and that each refers to the records before it.
///
/// The hashes of the other records, and what those say, are left to the caller, who can check them in parallel.
#[derive(Debug)]
pub struct Reader<R> {
    records: Records<R>,
    path: PathBuf,
    whole: u64,
    chain: Chain,
    truncated: bool,
    ended: bool,
}

impl Reader<File> {
    /// Opens a file and reads its header.
    pub fn open(path: &Path) -> Result<Self> {
        let file = File::open(path).map_err(|source| Error::Io { path: path.to_owned(), source })?;
        Self::new(file, path)
    }
}

impl<R: Read> Reader<R> {
    /// Reads the header of an archive. The path is what errors name.
    pub fn new(source: R, path: &Path) -> Result<Self> {
        let mut reader = Self {
            records: Records::new(source),
            path: path.to_owned(),
            whole: 0,
            chain: Chain::default(),
            truncated: false,
            ended: false,
        };
        match reader.header() {
            Ok(()) => Ok(reader),
            Err(flaw) => Err(reader.stop(flaw)),
        }
    }

    /// When the election began, in seconds since 1970, as every header says.
    pub fn timestamp(&self) -> u64 {
        self.records.timestamp()
    }

    /// How many bytes the header and the events read so far have.
    pub fn whole(&self) -> u64 {
        self.whole
    }

    /// Whether the last error was that the file ends too early, after [`Reader::whole`] bytes that are right.
    pub fn is_truncated(&self) -> bool {
        self.truncated
    }

    /// The last event read so far.
    pub fn head(&self) -> Head {
        self.chain.head(self.whole)
    }

    /// The events read so far.
    pub(super) fn chain_so_far(&self) -> &Chain {
        &self.chain
    }

    /// The next event with its records, or nothing after the last one. An archive without any event is an error.
    pub fn next_entry(&mut self) -> Result<Option<Entry>> {
        if self.ended {
            return Ok(None);
        }
        let answer = self.entry().map_err(|flaw| self.stop(flaw))?;
        self.ended = answer.is_none();
        self.whole = self.records.offset();
        Ok(answer)
    }

    /// The error of a flaw; nothing is read afterwards.
    fn stop(&mut self, flaw: Flaw) -> Error {
        self.ended = true;
        let (path, whole, height) = (self.path.display(), self.whole, self.chain.next_height());
        Error::Belenios(match flaw {
            Flaw::Io(source) => return Error::Io { path: self.path.clone(), source },
            Flaw::Cut => {
                self.truncated = true;
                let end = self.records.offset();
                if whole == 0 {
                    format!("{path}: the file ends at byte {end}, within the header of the archive")
                } else {
                    format!(
                        "{path}: the file ends at byte {end}, within the event of height {height} that begins at \
                         byte {whole}; the events before it, {height} of them, are whole"
                    )
                }
            }
            Flaw::Wrong(offset, message) if whole == 0 => format!("{path}: byte {offset}: {message}"),
            Flaw::Wrong(offset, message) => {
                format!("{path}: byte {offset}, in the event of height {height}: {message}")
            }
        })
    }

    fn header(&mut self) -> Checked<()> {
        let wrong = |message| Err(Flaw::Wrong(0, message));
        let Raw { name, body, .. } = self.records.next(LARGEST_RECORD)?;
        if name != Name::Archive {
            return wrong("the first record has another name, expected BELENIOS".to_owned());
        }
        let header = ArchiveHeader::parse(&body)
            .map_err(|error| Flaw::Wrong(0, format!("the header of the archive: {error}")))?;
        let (seen, expected) = (self.timestamp(), header.timestamp);
        if seen != expected {
            return wrong(format!("the header of the record has the time {seen}, expected {expected}"));
        }
        self.whole = self.records.offset();
        Ok(())
    }

    fn entry(&mut self) -> Checked<Option<Entry>> {
        let start = self.records.offset();
        let first = self.chain.last().is_none();
        if self.records.at_end()? {
            let missing = Flaw::Wrong(start, "the archive holds no event, expected Setup".to_owned());
            return if first { Err(missing) } else { Ok(None) };
        }
        let most = if first { 5 } else { 2 };
        let mut records = Vec::with_capacity(1);
        loop {
            // The third record of Setup is the list of credentials.
            let limit = if first && records.len() == 2 { LARGEST_CREDENTIALS } else { LARGEST_RECORD };
            let Raw { name, offset, body } = self.records.next(limit)?;
            let wrong = |message| Err(Flaw::Wrong(offset, message));
            match name {
                Name::Data(claimed_hash) if records.len() < most => {
                    // Which kind it is will be known when its event is.
                    records.push(Record { kind: RecordKind::Ballot, claimed_hash, offset, body });
                }
                Name::Data(_) => {
                    return wrong(format!("more than {most} records of data, expected an event after them"));
                }
                Name::Event(hash) => {
                    let kind = self.event(&mut records, hash, &body, offset)?;
                    let height = self.chain.last().map_or(0, |last| last.height);
                    return Ok(Some(Entry { height, kind, hash, offset: start, records }));
                }
                Name::Archive => {
                    return wrong("a second record BELENIOS, expected data or an event".to_owned());
                }
            }
        }
    }

    /// Checks an event against the chain and its records, and tells the records what they are.
    fn event(&mut self, records: &mut [Record], hash: Hash, body: &[u8], offset: u64) -> Checked<EventKind> {
        let wrong = |message| Flaw::Wrong(offset, message);
        let seen = sha256(body);
        if seen != hash {
            return Err(wrong(format!(
                "the event has hash {}, its name says {}",
                shown(&seen),
                shown(&hash)
            )));
        }
        let event = Event::parse(body).map_err(|error| wrong(format!("the event: {error}")))?;
        let mut chain = self.chain;
        chain.append(&event, hash).map_err(wrong)?;
        let kinds = RecordKind::of(event.kind, records.len());
        if kinds.len() != records.len() {
            let (name, count, expected) = (event.kind.name(), records.len(), kinds.len());
            return Err(wrong(format!("{count} records of data belong to {name}, expected {expected}")));
        }
        for (record, kind) in records.iter_mut().zip(kinds) {
            record.kind = *kind;
        }
        let payload = records.last().map(|record| record.claimed_hash);
        if event.payload != payload {
            let (seen, expected) = (shown_or_none(event.payload), shown_or_none(payload));
            return Err(wrong(format!("the event says payload {seen}, expected {expected}")));
        }
        check_references(records)?;
        self.chain = chain;
        Ok(event.kind)
    }
}

impl<R: Read> Iterator for Reader<R> {
    type Item = Result<Entry>;

    fn next(&mut self) -> Option<Self::Item> {
        self.next_entry().transpose()
    }
}
