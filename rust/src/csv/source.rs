//! The bytes of a file, plain or compressed, as a window that moves forward: memory stays flat.

use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, BufReader, ErrorKind, Read};
use std::path::Path;

use flate2::read::MultiGzDecoder;

/// A refill reads at least this much, so that scanning a long record again stays cheap however small the reads are.
const CHUNK: usize = 256 * 1024;

/// A reader and the part of it that is in memory.
pub struct Source {
    reader: Box<dyn Read + Send + Sync>,
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    ended: bool,
}

impl Source {
    /// Open a file; one whose name ends in `.gz` is decompressed on the way.
    pub fn open(path: &Path) -> io::Result<Self> {
        let file = File::open(path)?;
        if is_gzip(path) {
            Ok(Self::new(MultiGzDecoder::new(BufReader::with_capacity(CHUNK, file))))
        } else {
            Ok(Self::new(file))
        }
    }

    /// Read from anything.
    pub fn new(reader: impl Read + Send + Sync + 'static) -> Self {
        Self { reader: Box::new(reader), buffer: vec![0; 2 * CHUNK], start: 0, end: 0, ended: false }
    }

    /// What is in memory and not yet consumed.
    pub fn window(&mut self) -> &mut [u8] {
        self.buffer.get_mut(self.start..self.end).unwrap_or_default()
    }

    /// Whether the window reaches to the end of the file.
    pub fn ended(&self) -> bool {
        self.ended
    }

    /// Move the window forward.
    pub fn consume(&mut self, length: usize) {
        self.start = (self.start + length).min(self.end);
    }

    /// Enlarge the window by at least a chunk, or up to the end of the file.
    pub fn refill(&mut self) -> io::Result<()> {
        self.buffer.copy_within(self.start..self.end, 0);
        self.end -= self.start;
        self.start = 0;
        let wanted = self.end + CHUNK;
        if self.buffer.len() < wanted {
            self.buffer.resize(wanted.next_power_of_two(), 0);
        }
        while !self.ended && self.end < wanted {
            match self.reader.read(self.buffer.get_mut(self.end..).unwrap_or_default()) {
                Ok(0) => self.ended = true,
                Ok(length) => self.end += length,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

/// Whether a file is taken to be compressed, by its name alone.
pub fn is_gzip(path: &Path) -> bool {
    path.extension().and_then(OsStr::to_str).is_some_and(|suffix| suffix.eq_ignore_ascii_case("gz"))
}
