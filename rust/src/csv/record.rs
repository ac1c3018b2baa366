//! Where the fields of one record begin and end (RFC 4180).
//!
//! Two things are read more kindly than the RFC says, as spreadsheets do it: a quote inside a field that does not
//! begin with one is an ordinary character, and blanks may surround a quoted field.

use memchr::{memchr, memchr_iter, memchr2};

/// A field, as a range of the scanned bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// First byte, after an opening quote.
    pub start: usize,
    /// Byte after the last, before a closing quote.
    pub end: usize,
    /// A quoted field with doubled quotes in it: [`undouble`] before it is read.
    pub doubled: bool,
}

/// What a scan found.
#[derive(Debug, PartialEq, Eq)]
pub enum Scan {
    /// A whole record.
    Record {
        /// Its bytes, the end of the line included.
        length: usize,
        /// The line feeds in it.
        feeds: u64,
        /// The first field that goes on after its closing quote.
        stray: Option<usize>,
    },
    /// The bytes end before the record does.
    More,
    /// The file ends inside a quoted field.
    Unclosed,
}

/// Find the fields of the record at the start of `bytes`; `ended` says that no bytes follow.
pub fn scan(bytes: &[u8], delimiter: u8, ended: bool, spans: &mut Vec<Span>) -> Scan {
    spans.clear();
    let mut at = 0;
    let mut feeds = 0;
    let mut stray = None;
    loop {
        let Some(rest) = bytes.get(at..) else { return Scan::More };
        let mut doubled = false;
        let mut quoted = None;
        let mut search = 0;
        if let Some(inner) = opening_quote(rest, delimiter) {
            let Some((close, has_doubled)) = closing_quote(rest, inner, ended) else {
                return if ended { Scan::Unclosed } else { Scan::More };
            };
            let content = rest.get(inner..close).unwrap_or_default();
            feeds += memchr_iter(b'\n', content).count() as u64;
            doubled = has_doubled;
            quoted = Some((at + inner, at + close));
            search = close + 1;
        }
        let tail = rest.get(search..).unwrap_or_default();
        let Some(stop) = field_end(delimiter, tail).or_else(|| ended.then_some(tail.len())) else {
            return Scan::More;
        };
        let last = tail.get(stop) != Some(&delimiter);
        let (start, end) = if let Some(inside) = quoted {
            if stray.is_none() && !tail.get(..stop).unwrap_or_default().trim_ascii().is_empty() {
                stray = Some(spans.len());
            }
            inside
        } else {
            // The carriage return before a line feed belongs to the end of the line.
            let crlf = last && stop > 0 && stop < tail.len() && tail.get(stop - 1) == Some(&b'\r');
            (at, at + stop - usize::from(crlf))
        };
        spans.push(Span { start, end, doubled });
        at += search + stop + 1;
        if last {
            let feed = search + stop < rest.len();
            return Scan::Record { length: at.min(bytes.len()), feeds: feeds + u64::from(feed), stray };
        }
    }
}

/// Where a delimiter or a line feed stands first.
///
/// Most fields of a table of figures have less than eight bytes: looking at a whole word decides them without a call
/// and, what matters more, without a branch that depends on their length. `memchr2` takes over for the long ones.
fn field_end(delimiter: u8, bytes: &[u8]) -> Option<usize> {
    let Some(first) = bytes.first_chunk::<8>() else { return memchr2(delimiter, b'\n', bytes) };
    let word = u64::from_le_bytes(*first);
    let found = zero_bytes(word ^ repeated(delimiter)) | zero_bytes(word ^ repeated(b'\n'));
    if found != 0 {
        return Some((found.trailing_zeros() / 8) as usize);
    }
    memchr2(delimiter, b'\n', bytes.get(8..)?).map(|index| index + 8)
}

const fn repeated(byte: u8) -> u64 {
    u64::from_le_bytes([byte; 8])
}

/// The high bit of each byte that is zero; above the lowest of them also of some others, which nobody looks at.
const fn zero_bytes(word: u64) -> u64 {
    word.wrapping_sub(repeated(0x01)) & !word & repeated(0x80)
}

/// Where the content of a quoted field begins, if the field is one.
fn opening_quote(field: &[u8], delimiter: u8) -> Option<usize> {
    for (index, &byte) in field.iter().enumerate() {
        match byte {
            b'"' => return Some(index + 1),
            b' ' | b'\t' if byte != delimiter => {}
            _ => break,
        }
    }
    None
}

/// Where the closing quote stands, and whether doubled quotes stand before it.
fn closing_quote(field: &[u8], inner: usize, ended: bool) -> Option<(usize, bool)> {
    let mut at = inner;
    let mut doubled = false;
    loop {
        let quote = at + memchr(b'"', field.get(at..)?)?;
        match field.get(quote + 1) {
            Some(b'"') => {
                doubled = true;
                at = quote + 2;
            }
            // At the end of the window the next byte may be the second of two quotes.
            None if !ended => return None,
            _ => return Some((quote, doubled)),
        }
    }
}

/// Replace each doubled quote of a field by one, in place.
pub fn undouble(bytes: &mut [u8], span: &mut Span) {
    let mut write = span.start;
    let mut read = span.start;
    while read < span.end {
        let byte = bytes[read];
        bytes[write] = byte;
        write += 1;
        read += if byte == b'"' { 2 } else { 1 };
    }
    span.end = write;
    span.doubled = false;
}

/// The delimiter of a header: the one of comma, semicolon and tab that stands most often outside quotes.
pub fn sniff(header: &[u8]) -> u8 {
    const CANDIDATES: [u8; 3] = [b',', b';', b'\t'];
    let mut counts = [0_usize; 3];
    let mut in_quotes = false;
    let mut at_start = true;
    for &byte in header {
        let candidate = CANDIDATES.iter().position(|&candidate| candidate == byte);
        if in_quotes {
            // A doubled quote leaves the quotes and enters them again at once.
            in_quotes = byte != b'"';
        } else if byte == b'"' {
            // A quote inside plain text is ordinary.
            in_quotes = at_start;
        } else if byte == b'\n' {
            break;
        } else if let Some(index) = candidate {
            counts[index] += 1;
            at_start = true;
        } else if byte != b' ' {
            at_start = false;
        }
    }
    let most = counts.iter().copied().max().unwrap_or(0);
    let first = counts.iter().position(|&count| count == most).unwrap_or(0);
    CANDIDATES[first]
}

#[cfg(test)]
mod tests {
    #![allow(clippy::panic)]

    use super::*;

    /// The fields of one record, with `ended`, and the length and line feeds of it.
    fn fields(text: &str) -> (Vec<String>, usize, u64, Option<usize>) {
        let mut bytes = text.as_bytes().to_vec();
        let mut spans = Vec::new();
        let Scan::Record { length, feeds, stray } = scan(&bytes, b',', true, &mut spans) else {
            panic!("no record in {text:?}");
        };
        let mut out = Vec::new();
        for span in &mut spans {
            if span.doubled {
                undouble(&mut bytes, span);
            }
            out.push(String::from_utf8_lossy(&bytes[span.start..span.end]).into_owned());
        }
        (out, length, feeds, stray)
    }

    #[test]
    fn fields_end_at_delimiters_and_lines() {
        assert_eq!(fields("a,b,\nc"), (vec!["a".into(), "b".into(), String::new()], 5, 1, None));
        assert_eq!(fields("a,b\r\nc"), (vec!["a".into(), "b".into()], 5, 1, None));
        assert_eq!(fields("a,b"), (vec!["a".into(), "b".into()], 3, 0, None));
        assert_eq!(fields("a,"), (vec!["a".into(), String::new()], 2, 0, None));
    }

    #[test]
    fn quotes_hold_delimiters_lines_and_quotes() {
        assert_eq!(fields("\"a,\r\n\"\"b\"\"\",c\n"), (vec!["a,\r\n\"b\"".into(), "c".into()], 14, 2, None));
        assert_eq!(fields("\"\"\r\n"), (vec![String::new()], 4, 1, None));
        assert_eq!(fields(" \"a,b\" ,c"), (vec!["a,b".into(), "c".into()], 9, 0, None));
        assert_eq!(fields("5\" disk,b").0, ["5\" disk", "b"]);
        assert_eq!(fields("\"\"\"\"").0, ["\""]);
    }

    #[test]
    fn text_after_a_closing_quote_is_noticed() {
        assert_eq!(fields("a,\"b\"c,\"d\"e\n").3, Some(1));
    }

    #[test]
    fn an_open_end_asks_for_more() {
        let mut spans = Vec::new();
        for part in ["", "a", "a,", "\"a", "\"a\"", "\"a\"\"", "\"a\n", "\"a\" "] {
            assert_eq!(scan(part.as_bytes(), b',', false, &mut spans), Scan::More, "{part:?}");
        }
        assert_eq!(scan(b"a,\"b\n", b',', true, &mut spans), Scan::Unclosed);
        assert_eq!(scan(b"\"a\"\"", b',', true, &mut spans), Scan::Unclosed);
    }

    #[test]
    fn the_delimiter_is_the_most_frequent_outside_quotes() {
        assert_eq!(sniff(b"a,b;c,d\n;;;;"), b',');
        assert_eq!(sniff(b"a;b\n"), b';');
        assert_eq!(sniff(b"\"a,b,c\";\"d,\"\"e\"\n"), b';');
        assert_eq!(sniff(b"a\tb\n"), b'\t');
        assert_eq!(sniff(b"a\n"), b',');
        assert_eq!(sniff(b"5\" a,b;c;d"), b';');
    }
}
