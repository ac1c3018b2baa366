//! The records of an archive one after another, as tar has them: names and contents, without their meaning.

use std::io::{self, BufRead, BufReader, ErrorKind, Read};

use super::tar::{BLOCK, Header, Name, padding};

/// What is asked of the system at a time.
const BUFFER: usize = 256 * 1024;

/// Memory is given to a record as it arrives, beginning with this: a header may claim what does not follow.
const FIRST_PIECE: u64 = 1 << 20;

/// Why reading stops. It becomes an error once the file and the event are known.
#[derive(Debug)]
pub enum Flaw {
    /// The system refuses.
    Io(io::Error),
    /// The file ends within a record.
    Cut,
    /// What stands at a byte is not what the specification asks.
    Wrong(u64, String),
}

impl From<io::Error> for Flaw {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// What reading a part of an archive answers.
pub type Checked<T> = Result<T, Flaw>;

/// A record.
pub struct Raw {
    /// What it is called.
    pub name: Name,
    /// Where its header begins.
    pub offset: u64,
    /// Its content.
    pub body: Vec<u8>,
}

/// A source of records.
#[derive(Debug)]
pub struct Records<R> {
    source: BufReader<R>,
    offset: u64,
    timestamp: Option<u64>,
}

impl<R: Read> Records<R> {
    /// From the beginning of an archive.
    pub fn new(source: R) -> Self {
        Self { source: BufReader::with_capacity(BUFFER, source), offset: 0, timestamp: None }
    }

    /// How many bytes have been read.
    pub fn offset(&self) -> u64 {
        self.offset
    }

    /// The time in the header of the first record, which is that of all others.
    pub fn timestamp(&self) -> u64 {
        self.timestamp.unwrap_or_default()
    }

    /// Whether no byte follows.
    pub fn at_end(&mut self) -> Checked<bool> {
        loop {
            match self.source.fill_buf() {
                Ok(bytes) => return Ok(bytes.is_empty()),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// The next record, whose content may have so many bytes.
    pub fn next(&mut self, limit: u64) -> Checked<Raw> {
        let offset = self.offset;
        let wrong = |message| Err(Flaw::Wrong(offset, message));
        let mut block = [0; BLOCK];
        self.fill(&mut block)?;
        let Header { name, size, timestamp } =
            Header::decode(&block).map_err(|error| Flaw::Wrong(offset, error.to_string()))?;
        let expected = *self.timestamp.get_or_insert(timestamp);
        if timestamp != expected {
            return wrong(format!(
                "the header of a record has the time {timestamp}, expected that of the archive, {expected}"
            ));
        }
        if size > limit {
            return wrong(format!("a record of {size} bytes, expected at most {limit}"));
        }
        let body = self.body(size)?;
        let zeros = padding(size);
        let (behind, seen) = (self.offset, &mut block[..zeros.len()]);
        self.fill(seen)?;
        if let Some(place) = seen.iter().position(|byte| *byte != 0) {
            let message = format!("the padding of a record has 0x{:02x}, expected zeros", seen[place]);
            return Err(Flaw::Wrong(behind + place as u64, message));
        }
        Ok(Raw { name, offset, body })
    }

    fn body(&mut self, size: u64) -> Checked<Vec<u8>> {
        // At most a million: it fits.
        let mut body = Vec::with_capacity(size.min(FIRST_PIECE) as usize);
        let read = self.source.by_ref().take(size).read_to_end(&mut body)? as u64;
        self.offset += read;
        if read < size { Err(Flaw::Cut) } else { Ok(body) }
    }

    fn fill(&mut self, mut target: &mut [u8]) -> Checked<()> {
        while !target.is_empty() {
            match self.source.read(target) {
                Ok(0) => return Err(Flaw::Cut),
                Ok(count) => {
                    self.offset += count as u64;
                    target = &mut target[count..];
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }
}
