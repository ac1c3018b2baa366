//! Strict reading of compact JSON with a known order of fields, and the writing of its strings.
//!
//! The specification hashes what is written, so there is one way to write each record: compact, fields in order. A
//! [`Cursor`] walks over the bytes as they stand and takes nothing else; nothing is recursive but [`Cursor::skip_value`],
//! whose depth is bounded.

use super::credential::ALPHABET;
use super::group::{self, Element};
use crate::{Error, Result};
use curve25519_dalek::scalar::Scalar;

/// How deep a value that is passed over may be nested.
const DEPTH: usize = 32;

/// A place in the bytes of a record.
#[derive(Clone, Debug)]
pub struct Cursor<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Cursor<'a> {
    /// At the beginning of a record.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// How many bytes have been read.
    pub fn position(&self) -> usize {
        self.at
    }

    /// The bytes read since a position.
    pub fn since(&self, position: usize) -> &'a [u8] {
        &self.bytes[position..self.at]
    }

    fn rest(&self) -> &'a [u8] {
        &self.bytes[self.at..]
    }

    /// Whether the next byte is this one.
    pub fn peek(&self, byte: u8) -> bool {
        self.bytes.get(self.at) == Some(&byte)
    }

    /// Whether the next bytes are these.
    pub fn peek_all(&self, expected: &str) -> bool {
        self.rest().starts_with(expected.as_bytes())
    }

    /// Passes over bytes that must stand here.
    pub fn expect(&mut self, expected: &str) -> Result<()> {
        if self.peek_all(expected) {
            self.at += expected.len();
            Ok(())
        } else {
            Err(self.wrong(&format!("`{expected}`")))
        }
    }

    /// Passes over bytes if they stand here, and says whether they did.
    pub fn accept(&mut self, expected: &str) -> bool {
        let here = self.peek_all(expected);
        if here {
            self.at += expected.len();
        }
        here
    }

    /// Nothing may follow.
    pub fn end(&self) -> Result<()> {
        if self.at == self.bytes.len() { Ok(()) } else { Err(self.wrong("the end of the record")) }
    }

    /// The error that something else stands here; what stands here is shown, at most 24 characters of it.
    pub fn wrong(&self, expected: &str) -> Error {
        let seen: String = String::from_utf8_lossy(self.rest()).chars().take(24).collect();
        let seen = if seen.is_empty() { "the end".to_owned() } else { format!("`{}`", seen.escape_debug()) };
        Error::Belenios(format!("byte {}: {seen} stands where {expected} is expected", self.at))
    }

    /// A list: `[`, items with commas between them, `]`.
    pub fn list<T>(&mut self, mut item: impl FnMut(&mut Self) -> Result<T>) -> Result<Vec<T>> {
        self.expect("[")?;
        let mut items = Vec::new();
        if self.accept("]") {
            return Ok(items);
        }
        loop {
            items.push(item(self)?);
            if self.accept("]") {
                return Ok(items);
            }
            self.expect(",")?;
        }
    }

    /// The characters of a string that has no escapes, quotes taken off.
    fn plain(&mut self, expected: &str) -> Result<&'a [u8]> {
        if !self.peek(b'"') {
            return Err(self.wrong(expected));
        }
        let inside = &self.bytes[self.at + 1..];
        match memchr::memchr2(b'"', b'\\', inside) {
            Some(length) if inside[length] == b'"' => {
                self.at += length + 2;
                Ok(&inside[..length])
            }
            _ => Err(self.wrong(expected)),
        }
    }

    /// A string of a given meaning, without escapes.
    fn read<T>(&mut self, expected: &str, parse: impl FnOnce(&[u8]) -> Option<T>) -> Result<T> {
        let start = self.at;
        let parsed = self.plain(expected).ok().and_then(parse);
        parsed.ok_or_else(|| {
            self.at = start;
            self.wrong(expected)
        })
    }

    /// An element of the group, fully checked.
    pub fn element(&mut self) -> Result<Element> {
        self.read("a group element (64 hexadecimal digits of a point of prime order)", Element::parse)
    }

    /// The compressed form of an element, whose digits alone are checked.
    pub fn compressed(&mut self) -> Result<[u8; 32]> {
        self.read("a group element (64 lower-case hexadecimal digits)", group::parse_compressed)
    }

    /// A scalar.
    pub fn scalar(&mut self) -> Result<Scalar> {
        self.read("a decimal number below the order of the group", group::parse_scalar)
    }

    /// A hash.
    pub fn hash(&mut self) -> Result<[u8; 32]> {
        self.read("a hash (64 lower-case hexadecimal digits)", group::parse_hash)
    }

    /// A small number: decimal, not negative, below 2^53, without sign, fraction, exponent or leading zeros.
    pub fn number(&mut self) -> Result<u64> {
        let digits = self.rest().iter().take_while(|byte| byte.is_ascii_digit()).count();
        let written = &self.rest()[..digits];
        if digits == 0 || digits > 16 || (digits > 1 && written[0] == b'0') {
            return Err(self.wrong("a number"));
        }
        let value = written.iter().fold(0, |sum, digit| sum * 10 + u64::from(digit - b'0'));
        if value >= 1 << 53 {
            return Err(self.wrong("a number below 2^53"));
        }
        self.at += digits;
        Ok(value)
    }

    /// Base58 characters, as many as there are.
    pub fn base58(&mut self) -> Result<&'a [u8]> {
        let length = self.rest().iter().take_while(|byte| ALPHABET.contains(byte)).count();
        if length == 0 {
            return Err(self.wrong("an identifier in Base58"));
        }
        let start = self.at;
        self.at += length;
        Ok(self.since(start))
    }

    /// `true` or `false`.
    pub fn boolean(&mut self) -> Result<bool> {
        if self.accept("true") {
            Ok(true)
        } else if self.accept("false") {
            Ok(false)
        } else {
            Err(self.wrong("true or false"))
        }
    }

    /// A string with whatever escapes.
    pub fn string(&mut self) -> Result<String> {
        self.expect("\"")?;
        let start = self.at;
        let mut value = Vec::new();
        loop {
            let rest = self.rest();
            let Some(length) = rest.iter().position(|byte| matches!(byte, b'"' | b'\\' | 0..=0x1f)) else {
                return Err(self.wrong("the end of a string"));
            };
            value.extend_from_slice(&rest[..length]);
            self.at += length;
            match rest[length] {
                b'"' => {
                    self.at += 1;
                    break;
                }
                b'\\' => {
                    let character = self.escape()?;
                    value.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
                }
                _ => return Err(self.wrong("a printable character in a string")),
            }
        }
        String::from_utf8(value).map_err(|_| Error::Belenios(format!("byte {start}: a string is not UTF-8")))
    }

    fn escape(&mut self) -> Result<char> {
        let here = self.at;
        let wrong = |cursor: &mut Self| {
            cursor.at = here;
            cursor.wrong("an escape of JSON")
        };
        self.at += 2;
        let plain = match self.bytes.get(here + 1) {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => {
                let first = self.unit().ok_or_else(|| wrong(self))?;
                if !(0xd800..0xdc00).contains(&first) {
                    return char::from_u32(first).ok_or_else(|| wrong(self));
                }
                if !self.accept("\\u") {
                    return Err(wrong(self));
                }
                let second =
                    self.unit().filter(|unit| (0xdc00..0xe000).contains(unit)).ok_or_else(|| wrong(self))?;
                return char::from_u32(0x10000 + ((first - 0xd800) << 10 | (second - 0xdc00)))
                    .ok_or_else(|| wrong(self));
            }
            _ => return Err(wrong(self)),
        };
        Ok(plain)
    }

    /// The four digits behind `\u`.
    fn unit(&mut self) -> Option<u32> {
        let digits = self.bytes.get(self.at..self.at + 4)?;
        self.at += 4;
        digits.iter().try_fold(0, |sum, digit| Some(sum * 16 + (*digit as char).to_digit(16)?))
    }

    /// Passes over any value, compact, not too deep.
    pub fn skip_value(&mut self) -> Result<()> {
        self.skip_nested(DEPTH)
    }

    fn skip_nested(&mut self, depth: usize) -> Result<()> {
        if depth == 0 {
            return Err(self.wrong("no deeper nesting"));
        }
        match self.bytes.get(self.at) {
            Some(b'"') => self.string().map(drop),
            Some(b'[') => self.list(|cursor| cursor.skip_nested(depth - 1)).map(drop),
            Some(b'{') => {
                self.at += 1;
                if self.accept("}") {
                    return Ok(());
                }
                loop {
                    self.string()?;
                    self.expect(":")?;
                    self.skip_nested(depth - 1)?;
                    if self.accept("}") {
                        return Ok(());
                    }
                    self.expect(",")?;
                }
            }
            Some(b't' | b'f') => self.boolean().map(drop),
            Some(b'n') => self.expect("null"),
            _ => {
                let length = self
                    .rest()
                    .iter()
                    .take_while(|byte| matches!(byte, b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E'))
                    .count();
                if length == 0 {
                    return Err(self.wrong("a value"));
                }
                self.at += length;
                Ok(())
            }
        }
    }
}

/// Writes a string as the official files do: UTF-8 as it is; quotes, backslashes and control characters escaped.
pub fn push_string(text: &str, to: &mut String) {
    to.push('"');
    for character in text.chars() {
        match character {
            '"' => to.push_str("\\\""),
            '\\' => to.push_str("\\\\"),
            '\n' => to.push_str("\\n"),
            '\r' => to.push_str("\\r"),
            '\t' => to.push_str("\\t"),
            '\u{8}' => to.push_str("\\b"),
            '\u{c}' => to.push_str("\\f"),
            '\0'..='\u{1f}' | '\u{7f}' => to.push_str(&format!("\\u{:04x}", character as u32)),
            _ => to.push(character),
        }
    }
    to.push('"');
}

/// A text from a record as an error shows it: quoted, and cut where it is long.
pub fn shown(text: &str) -> String {
    let mut characters = text.chars();
    let mut start: String = characters.by_ref().take(60).collect();
    if characters.next().is_some() {
        start.push('…');
    }
    format!("{start:?}")
}

/// A string as JSON.
pub fn string(text: &str) -> String {
    let mut written = String::with_capacity(text.len() + 2);
    push_string(text, &mut written);
    written
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_read_as_they_were_written() {
        for text in ["", "Ada", "\"quoted\" \\ back", "line\nfeed\ttab\u{1}\u{7f}", "Ё ქ 😀"] {
            let written = string(text);
            let mut cursor = Cursor::new(written.as_bytes());
            assert_eq!(cursor.string().unwrap(), text);
            cursor.end().unwrap();
        }
        assert_eq!(string("\u{7f}\u{1f}\n"), "\"\\u007f\\u001f\\n\"");
        let read = |text: &str| Cursor::new(text.as_bytes()).string();
        assert_eq!(read("\"\\ud83d\\ude00\\u0041\\/\"").unwrap(), "😀A/");
        for wrong in [
            "\"",
            "\"\\",
            "\"\\x\"",
            "\"\\u12\"",
            "\"\\ud83d\"",
            "\"\\ude00\"",
            "\"\n\"",
            "\"\\ud83d\\u0041\"",
        ] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn numbers_have_one_spelling() {
        let read = |text: &str| Cursor::new(text.as_bytes()).number();
        assert_eq!(read("0").unwrap(), 0);
        assert_eq!(read("9007199254740991").unwrap(), (1 << 53) - 1);
        for wrong in ["", "-1", "00", "01", "9007199254740992", "99999999999999999999999"] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_value_is_passed_over_unless_it_is_too_deep() {
        let passes = |text: &str| {
            let mut cursor = Cursor::new(text.as_bytes());
            cursor.skip_value().is_ok() && cursor.end().is_ok()
        };
        assert!(passes("{\"a\":[1,-2.5e3,null,true,\"x\"],\"b\":{}}"));
        assert!(passes(&format!("{}{}", "[".repeat(31), "]".repeat(31))));
        assert!(!passes(&"[".repeat(1_000_000)));
        assert!(!passes("[1, 2]") && !passes("") && !passes("{\"a\" :1}"));
    }
}
