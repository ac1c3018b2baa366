//! Archives made by the writer, read by the reader, and everything that may happen to them in between.
#![allow(clippy::unwrap_used, clippy::panic)]

mod look;
mod mutation;
mod official;
mod prefix;
mod reader;
mod writer;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use super::event::{Event, EventKind};
use super::tar::{Header, Name, padding};
use super::{Entry, Reader, Setup, Writer};
use crate::Result;
use crate::belenios::hash::sha256;

const TIME: u64 = 1_795_394_588;

const SETUP: Setup<'_> = Setup {
    election: b"{\"version\":2}",
    trustees: b"[[\"Single\"]]",
    credentials: b"[{\"credential\":\"00\"}]",
    credentials_certificate: None,
};

/// A folder that goes away with the test.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("suffrage-archive-{}-{number}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// A file with this content.
    fn with(&self, name: &str, content: &[u8]) -> PathBuf {
        let path = self.file(name);
        fs::write(&path, content).unwrap();
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn ballot(number: usize) -> Vec<u8> {
    // Lengths around a block, and some beyond.
    format!("{{\"number\":{number},\"padding\":\"{}\"}}", "x".repeat(400 + number * 37 % 700)).into_bytes()
}

fn cast(writer: &mut Writer, numbers: std::ops::Range<usize>) {
    let ballots: Vec<_> = numbers.map(ballot).collect();
    let ballots: Vec<&[u8]> = ballots.iter().map(Vec::as_slice).collect();
    writer.append_ballots(&ballots).unwrap();
}

/// An archive with all kinds of events: its bytes.
fn complete(ballots: usize) -> Vec<u8> {
    let folder = Folder::new();
    let path = folder.file("complete.bel");
    let mut writer = Writer::create(&path, TIME, SETUP).unwrap();
    cast(&mut writer, 0..ballots);
    writer.end_ballots().unwrap();
    writer.append_encrypted_tally(b"[[\"tally\"]]", ballots as u64, 2 * ballots as u64).unwrap();
    writer.append_partial_decryption(1, b"[\"first\"]").unwrap();
    writer.append_partial_decryption(3, b"[\"third\"]").unwrap();
    writer.append_result(b"{\"result\":[[1,2]]}").unwrap();
    fs::read(&path).unwrap()
}

/// Everything that a reader gives, hashes verified.
fn read(bytes: &[u8]) -> Result<Vec<Entry>> {
    let mut reader = Reader::new(bytes, Path::new("x.bel"))?;
    let mut entries = Vec::new();
    while let Some(entry) = reader.next_entry()? {
        for record in &entry.records {
            record.verify_hash()?;
        }
        entries.push(entry);
    }
    Ok(entries)
}

fn refusal(bytes: &[u8]) -> String {
    read(bytes).map(|entries| entries.len()).unwrap_err().to_string()
}

/// An archive put together by hand, right or wrong.
#[derive(Default)]
struct Crafted(Vec<u8>);

impl Crafted {
    fn begun() -> Self {
        let mut crafted = Self::default();
        crafted.record(Name::Archive, format!("{{\"version\":1,\"timestamp\":{TIME}}}").as_bytes());
        crafted
    }

    fn record(&mut self, name: Name, body: &[u8]) {
        let size = body.len() as u64;
        self.0.extend_from_slice(&Header { name, size, timestamp: TIME }.encode());
        self.0.extend_from_slice(body);
        self.0.extend_from_slice(padding(size));
    }

    fn data(&mut self, body: &[u8]) -> super::Hash {
        let hash = sha256(body);
        self.record(Name::Data(hash), body);
        hash
    }

    fn event(&mut self, event: &Event) -> super::Hash {
        let body = event.to_json();
        let hash = sha256(body.as_bytes());
        self.record(Name::Event(hash), body.as_bytes());
        hash
    }

    /// The archive up to Setup, and the hash of that.
    fn set_up() -> (Self, super::Hash) {
        let mut crafted = Self::begun();
        let election = crafted.data(SETUP.election);
        let trustees = crafted.data(SETUP.trustees);
        let credentials = crafted.data(SETUP.credentials);
        let data = super::event::SetupData { election, trustees, credentials, credentials_certificate: None };
        let payload = Some(crafted.data(data.to_json().as_bytes()));
        let hash = crafted.event(&Event { parent: None, height: 0, kind: EventKind::Setup, payload });
        (crafted, hash)
    }
}
