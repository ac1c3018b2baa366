//! An archive being written: made once, then only ever appended to, by one writer at a time.

use std::fs::File;
use std::path::{Path, PathBuf};

use hashbrown::HashSet;

use super::chain::{Chain, Head};
use super::disk;
use super::event::{ArchiveHeader, EventKind, Owned, SetupData, SizedEncryptedTally};
use super::recovery::{Recovered, recover};
use super::tar::{BLOCK, Header, LARGEST_NUMBER, Name, padding};
use super::{Hash, LARGEST_CREDENTIALS, LARGEST_RECORD, shown};
use crate::belenios::hash::sha256;
use crate::{Error, Result};

/// What stands in for the hash of a ballot in memory: its first half. To find two ballots that share it takes 2^64
/// attempts, and all it would do is that the second one is refused.
pub(super) type Short = [u8; 16];

pub(super) fn short(hash: &Hash) -> Short {
    let mut half = [0; 16];
    half.copy_from_slice(&hash[..16]);
    half
}

/// Where a ballot stands: what its elector takes home.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// The height of its event.
    pub height: u64,
    /// The hash of its event.
    pub event_hash: Hash,
}

/// What defines an election: the records of Setup, each as it will be hashed.
#[derive(Clone, Copy, Debug)]
pub struct Setup<'a> {
    /// The election.
    pub election: &'a [u8],
    /// Its trustees.
    pub trustees: &'a [u8],
    /// The public credentials.
    pub credentials: &'a [u8],
    /// The certificate of the credential authority, where there is one.
    pub credentials_certificate: Option<&'a [u8]>,
}

/// The one writer of an archive.
///
/// What a method has answered for is on the disk. After an error nothing of the call is in the file, unless the error
/// says otherwise; records themselves are not looked into.
#[derive(Debug)]
pub struct Writer {
    file: File,
    path: PathBuf,
    timestamp: u64,
    chain: Chain,
    length: u64,
    ballots: HashSet<Short>,
    cut: u64,
    /// Why nothing more can be written, if so.
    broken: Option<String>,
}

impl Writer {
    /// Makes an archive that begins at a time, in seconds since 1970. An existing file is not touched.
    ///
    /// The file appears under its name once it is whole, and on the disk.
    pub fn create(path: &Path, timestamp: u64, setup: Setup<'_>) -> Result<Self> {
        if timestamp > LARGEST_NUMBER {
            let message =
                format!("an archive cannot begin at {timestamp}, expected at most {LARGEST_NUMBER}");
            return Err(Error::Usage(message));
        }
        let mut image = Image::new(timestamp, Chain::default());
        image.bytes.reserve_exact(
            setup.election.len() + setup.trustees.len() + setup.credentials.len() + 32 * BLOCK,
        );
        image.push(Name::Archive, ArchiveHeader { timestamp }.to_json().as_bytes());
        let election = image.data("election", setup.election, LARGEST_RECORD)?;
        let trustees = image.data("list of trustees", setup.trustees, LARGEST_RECORD)?;
        let credentials = image.data("list of credentials", setup.credentials, LARGEST_CREDENTIALS)?;
        let certificate = setup.credentials_certificate;
        let credentials_certificate =
            certificate.map(|bytes| image.data("certificate", bytes, LARGEST_RECORD)).transpose()?;
        let data = SetupData { election, trustees, credentials, credentials_certificate };
        image.event(EventKind::Setup, Some(data.to_json().as_bytes()))?;

        let failed = |source| Error::Io { path: path.to_owned(), source };
        let file = disk::publish(path, &image.bytes).map_err(failed)?;
        let (chain, length) = (image.chain, image.bytes.len() as u64);
        let ballots = HashSet::new();
        Ok(Self { file, path: path.to_owned(), timestamp, chain, length, ballots, cut: 0, broken: None })
    }

    /// Opens an archive to append to it, and waits for nobody: while another writer has it, this is an error.
    ///
    /// What a crash has left of an event that was being written is cut off ([`Writer::cut`]). An archive that is
    /// damaged in any other way is left as it is, and the error says where.
    pub fn open(path: &Path) -> Result<Self> {
        let failed = |source| Error::Io { path: path.to_owned(), source };
        let file = disk::lock(path).map_err(failed)?;
        let Recovered { timestamp, chain, length, ballots } = recover(&file, path)?;
        let before = file.metadata().map_err(failed)?.len();
        disk::settle(&file, path, length).map_err(failed)?;
        let cut = before.saturating_sub(length);
        Ok(Self { file, path: path.to_owned(), timestamp, chain, length, ballots, cut, broken: None })
    }

    /// How many bytes of an incomplete event were cut off when the archive was opened.
    pub fn cut(&self) -> u64 {
        self.cut
    }

    /// When the election began, in seconds since 1970.
    pub fn timestamp(&self) -> u64 {
        self.timestamp
    }

    /// The last event.
    pub fn head(&self) -> Head {
        self.chain.head(self.length)
    }

    /// What happened last.
    pub fn last_kind(&self) -> EventKind {
        self.chain.last().map_or(EventKind::Setup, |last| last.kind)
    }

    /// Whether a ballot with this hash is in the archive.
    pub fn contains(&self, ballot: &Hash) -> bool {
        self.ballots.contains(&short(ballot))
    }

    /// How many ballots are in the archive.
    pub fn ballots(&self) -> usize {
        self.ballots.len()
    }

    /// Appends ballots, all or none, with one write: their positions, once they are on the disk.
    ///
    /// A ballot that is in the archive already, or twice in the group, is an error.
    pub fn append_ballots(&mut self, ballots: &[&[u8]]) -> Result<Vec<Position>> {
        let mut image = self.image()?;
        let mut positions = Vec::with_capacity(ballots.len());
        let mut added = HashSet::with_capacity(ballots.len());
        for ballot in ballots {
            let hash = sha256(ballot);
            if self.contains(&hash) || !added.insert(short(&hash)) {
                return Err(Error::Belenios(format!(
                    "the ballot {} is in the archive already",
                    shown(&hash)
                )));
            }
            positions.push(image.event(EventKind::Ballot, Some(ballot))?);
        }
        if !positions.is_empty() {
            self.commit(&image)?;
            self.ballots.extend(added);
        }
        Ok(positions)
    }

    /// Closes the ballot box.
    pub fn end_ballots(&mut self) -> Result<Position> {
        self.append(|image| image.event(EventKind::EndBallots, None))
    }

    /// Appends the sum of the ballots: of how many, and of which weight together.
    pub fn append_encrypted_tally(
        &mut self,
        tally: &[u8],
        num_tallied: u64,
        total_weight: u64,
    ) -> Result<Position> {
        check_number("the number of ballots", num_tallied)?;
        check_number("the weight of the ballots", total_weight)?;
        self.append(|image| {
            image.allows(EventKind::EncryptedTally)?;
            let encrypted_tally = image.data("encrypted tally", tally, LARGEST_RECORD)?;
            let sized = SizedEncryptedTally { num_tallied, total_weight, encrypted_tally };
            image.event(EventKind::EncryptedTally, Some(sized.to_json().as_bytes()))
        })
    }

    /// Appends the decryption factors of a trustee, whose number is counted from 1.
    pub fn append_partial_decryption(&mut self, owner: u64, factors: &[u8]) -> Result<Position> {
        check_number("the number of a trustee", owner)?;
        self.append(|image| {
            image.allows(EventKind::PartialDecryption)?;
            let payload = image.data("partial decryption", factors, LARGEST_RECORD)?;
            image.event(EventKind::PartialDecryption, Some(Owned { owner, payload }.to_json().as_bytes()))
        })
    }

    /// Appends the result, after which nothing can follow.
    pub fn append_result(&mut self, result: &[u8]) -> Result<Position> {
        self.append(|image| image.event(EventKind::Result, Some(result)))
    }

    fn append(&mut self, write: impl FnOnce(&mut Image) -> Result<Position>) -> Result<Position> {
        let mut image = self.image()?;
        let position = write(&mut image)?;
        self.commit(&image)?;
        Ok(position)
    }

    fn image(&self) -> Result<Image> {
        match &self.broken {
            Some(why) => Err(Error::Usage(format!("{}: {why}; open it anew", self.path.display()))),
            None => Ok(Image::new(self.timestamp, self.chain)),
        }
    }

    fn commit(&mut self, image: &Image) -> Result<()> {
        let length = self.length;
        let appended = disk::append(&mut self.file, length, &image.bytes);
        appended.map_err(|failure| {
            self.broken = failure.broken;
            Error::Io { path: self.path.clone(), source: failure.source }
        })?;
        self.length = length + image.bytes.len() as u64;
        self.chain = image.chain;
        Ok(())
    }
}

fn check_number(what: &str, number: u64) -> Result<()> {
    // What readers of JSON take for an integer.
    if number < 1 << 53 {
        return Ok(());
    }
    Err(Error::Usage(format!("{what} is {number}, expected less than 2^53")))
}

/// The bytes to append, and the chain as it will be once they are on the disk.
struct Image {
    bytes: Vec<u8>,
    timestamp: u64,
    chain: Chain,
}

impl Image {
    fn new(timestamp: u64, chain: Chain) -> Self {
        Self { bytes: Vec::new(), timestamp, chain }
    }

    fn push(&mut self, name: Name, body: &[u8]) {
        let size = body.len() as u64;
        let header = Header { name, size, timestamp: self.timestamp }.encode();
        let padding = padding(size);
        self.bytes.reserve(header.len() + body.len() + padding.len());
        for part in [&header[..], body, padding] {
            self.bytes.extend_from_slice(part);
        }
    }

    /// A record of data: its hash.
    fn data(&mut self, what: &str, body: &[u8], largest: u64) -> Result<Hash> {
        if body.len() as u64 > largest {
            let size = body.len();
            return Err(Error::Usage(format!("the {what} has {size} bytes, expected at most {largest}")));
        }
        let hash = sha256(body);
        self.push(Name::Data(hash), body);
        Ok(hash)
    }

    fn allows(&self, kind: EventKind) -> Result<()> {
        self.chain.allows(kind).map_err(Error::Usage)
    }

    /// The payload, and the event about it.
    fn event(&mut self, kind: EventKind, payload: Option<&[u8]>) -> Result<Position> {
        self.allows(kind)?;
        let payload = payload.map(|body| self.data("record", body, LARGEST_RECORD)).transpose()?;
        let event = self.chain.next(kind, payload);
        let json = event.to_json();
        let event_hash = sha256(json.as_bytes());
        self.chain.append(&event, event_hash).map_err(Error::Usage)?;
        self.push(Name::Event(event_hash), json.as_bytes());
        Ok(Position { height: event.height, event_hash })
    }
}
