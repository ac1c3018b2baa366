//! The 512 bytes before each record of an archive, and the zeros behind it.
//!
//! The specification says "old-style tar"; the official archives fix every byte: mode 0000644, owner and group 0000000,
//! one time for all records, type `0`, and zeros from there on. Whatever else tar knows (links, folders, long names,
//! other owners, end-of-archive blocks) has no place here.

use std::ops::Range;

use super::Hash;
use crate::belenios::group::{hex, parse_hash};
use crate::{Error, Result};

/// Headers and contents are padded to a multiple of this.
pub const BLOCK: usize = 512;

/// Sizes and times have eleven octal digits.
pub const LARGEST_NUMBER: u64 = (1 << 33) - 1;

const ZEROS: [u8; BLOCK] = [0; BLOCK];

const NAME: Range<usize> = 0..100;
const MODE: Range<usize> = 100..108;
const OWNER: Range<usize> = 108..116;
const GROUP: Range<usize> = 116..124;
const SIZE: Range<usize> = 124..136;
const TIME: Range<usize> = 136..148;
const CHECKSUM: Range<usize> = 148..156;
const TYPE: Range<usize> = 156..157;
const LINK: Range<usize> = 157..257;
/// Later kinds of tar keep a magic word, names of owners and the beginning of long paths here.
const EXTENSION: Range<usize> = 257..512;

/// What a record is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Name {
    /// `BELENIOS`, the first record.
    Archive,
    /// `HASH.data.json`.
    Data(Hash),
    /// `HASH.event.json`.
    Event(Hash),
}

impl Name {
    fn write(self, field: &mut [u8]) {
        let (hash, ending) = match self {
            Self::Archive => return field[..8].copy_from_slice(b"BELENIOS"),
            Self::Data(hash) => (hash, &b".data.json"[..]),
            Self::Event(hash) => (hash, &b".event.json"[..]),
        };
        let (digits, rest) = field.split_at_mut(64);
        digits.copy_from_slice(&hex(&hash));
        rest[..ending.len()].copy_from_slice(ending);
    }

    fn parse(text: &[u8]) -> Option<Self> {
        if text == b"BELENIOS" {
            return Some(Self::Archive);
        }
        let (hash, ending) = text.split_at_checked(64)?;
        let hash = parse_hash(hash)?;
        match ending {
            b".data.json" => Some(Self::Data(hash)),
            b".event.json" => Some(Self::Event(hash)),
            _ => None,
        }
    }
}

/// The header of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// What the record is called.
    pub name: Name,
    /// The length of its content in bytes.
    pub size: u64,
    /// The time of the whole archive, in seconds since 1970.
    pub timestamp: u64,
}

impl Header {
    /// The bytes of this header. Digits of a size or time above [`LARGEST_NUMBER`] would be lost: callers keep below.
    pub fn encode(&self) -> [u8; BLOCK] {
        let mut block = ZEROS;
        self.name.write(&mut block[NAME]);
        block[MODE].copy_from_slice(b"0000644\0");
        block[OWNER].copy_from_slice(b"0000000\0");
        block[GROUP].copy_from_slice(b"0000000\0");
        write_octal(&mut block[SIZE.start..SIZE.end - 1], self.size);
        write_octal(&mut block[TIME.start..TIME.end - 1], self.timestamp);
        block[TYPE].copy_from_slice(b"0");
        let sum = checksum(&block);
        write_octal(&mut block[CHECKSUM.start..CHECKSUM.end - 2], sum);
        block[CHECKSUM.end - 1] = b' ';
        block
    }

    /// Reads a header.
    ///
    /// `Error::Belenios` names the first field that is not as [`Header::encode`] would write it.
    pub fn decode(block: &[u8; BLOCK]) -> Result<Self> {
        if *block == ZEROS {
            let message =
                "zeros stand where the header of a record is expected; other tar files end so, not this";
            return Err(Error::Belenios(message.to_owned()));
        }
        let length = block[NAME].iter().position(|byte| *byte == 0).unwrap_or(NAME.end);
        let name = Name::parse(&block[..length]).ok_or_else(|| {
            let expected = "BELENIOS, HASH.data.json or HASH.event.json";
            wrong(&format!("the name `{}`", block[..length].escape_ascii()), expected)
        })?;
        let number = |field: &str, place: Range<usize>| {
            let digits = &block[place.start..place.end - 1];
            read_octal(digits).ok_or_else(|| {
                wrong(&format!("the {field} `{}`", digits.escape_ascii()), "eleven octal digits")
            })
        };
        let header = Self { name, size: number("size", SIZE)?, timestamp: number("time", TIME)? };
        let expected = header.encode();
        if *block == expected {
            return Ok(header);
        }
        let fields = [
            ("padding of the name", NAME),
            ("mode", MODE),
            ("owner", OWNER),
            ("group", GROUP),
            ("end of the size", SIZE),
            ("end of the time", TIME),
            ("type", TYPE),
            ("link", LINK),
            ("extension of tar", EXTENSION),
            // Last, because it differs whenever something else does.
            ("checksum", CHECKSUM),
        ];
        let differs = fields.into_iter().find(|(_, place)| block[place.clone()] != expected[place.clone()]);
        let (field, place) = differs.unwrap_or(("block", 0..BLOCK));
        Err(wrong(&format!("the {field} {}", brief(&block[place.clone()])), &brief(&expected[place])))
    }
}

fn wrong(seen: &str, expected: &str) -> Error {
    Error::Belenios(format!("the header of a record has {seen}, expected {expected}"))
}

/// Bytes without the zeros behind them, and not many of them.
fn brief(bytes: &[u8]) -> String {
    let length = bytes.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
    if length == 0 { "empty".to_owned() } else { format!("`{}`", bytes[..length.min(40)].escape_ascii()) }
}

/// The sum of all bytes, those of the checksum itself taken as spaces. Behind the type there are zeros.
fn checksum(block: &[u8; BLOCK]) -> u64 {
    let sum = |bytes: &[u8]| bytes.iter().map(|byte| u32::from(*byte)).sum::<u32>();
    u64::from(sum(&block[..CHECKSUM.start]) + 8 * u32::from(b' ') + sum(&block[TYPE]))
}

fn write_octal(digits: &mut [u8], mut number: u64) {
    for digit in digits.iter_mut().rev() {
        *digit = b'0' + (number & 7) as u8;
        number >>= 3;
    }
}

fn read_octal(digits: &[u8]) -> Option<u64> {
    digits
        .iter()
        .try_fold(0, |sum, digit| matches!(digit, b'0'..=b'7').then(|| sum << 3 | u64::from(digit - b'0')))
}

/// The zeros behind a content of this length.
pub fn padding(size: u64) -> &'static [u8] {
    let missing = size.wrapping_neg() % BLOCK as u64;
    // Below the length of a block, so it fits.
    &ZEROS[..usize::try_from(missing).unwrap_or(0)]
}
