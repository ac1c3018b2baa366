//! Typed columns: how a field becomes a value, and where the values of a batch are kept.
//!
//! Numbers are kept as the bytes that numpy reads, so that they cross to Python in one copy and without `unsafe`.

use hashbrown::{DefaultHashBuilder, HashTable};
use std::hash::BuildHasher;

/// The figure of a blank field.
pub const ABSENT: i64 = i64::MIN;
/// No figure is larger: the sum of nine million of them still fits 64 bits.
pub const LARGEST_FIGURE: i64 = 1_000_000_000_000;

/// Digits that always fit: the fast path reads no more than these.
const SAFE_DIGITS: usize = 12;

/// What the fields of a column are read as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Text, kept as it is.
    Text,
    /// Text with few different values, kept as a number into a dictionary.
    Code,
    /// A whole number, or blank.
    Figure,
    /// 1, 0, or blank.
    Mark,
    /// Not read at all.
    Skip,
}

impl Kind {
    /// The kind of a name.
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "text" => Self::Text,
            "code" => Self::Code,
            "figure" => Self::Figure,
            "mark" => Self::Mark,
            "skip" => Self::Skip,
            _ => return None,
        })
    }
}

/// Why a field is not what its column is declared to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Not a whole number.
    Figure,
    /// A whole number outside the bounds.
    Size,
    /// Neither 0 nor 1 nor blank.
    Mark,
    /// Not UTF-8.
    Encoding,
    /// A NUL byte.
    Nul,
    /// More different values than a dictionary holds.
    Dictionary,
}

impl Fault {
    /// What should stand there.
    pub fn expected(self) -> String {
        match self {
            Self::Figure => "a whole number".into(),
            Self::Size => format!("a whole number from -{LARGEST_FIGURE} to {LARGEST_FIGURE}"),
            Self::Mark => "0, 1 or blank".into(),
            Self::Encoding => "UTF-8 text".into(),
            Self::Nul => "text without NUL bytes".into(),
            Self::Dictionary => "fewer than 2147483648 different values".into(),
        }
    }
}

/// Many texts, one after the other in one allocation.
#[derive(Debug, Default, Clone)]
pub struct Texts {
    text: String,
    ends: Vec<usize>,
}

impl Texts {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The texts in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &str> {
        (0..self.len()).map(|index| self.get(index))
    }

    fn get(&self, index: usize) -> &str {
        let start = if index == 0 { 0 } else { self.ends[index - 1] };
        &self.text[start..self.ends[index]]
    }

    fn push(&mut self, text: &str) {
        self.text.push_str(text);
        self.ends.push(self.text.len());
    }
}

/// The different values of a column, numbered as they come.
#[derive(Debug, Default)]
pub struct Dictionary {
    values: Texts,
    codes: HashTable<i32>,
    /// Seeded at random, so that nobody can prepare a file whose values all collide.
    hasher: DefaultHashBuilder,
    last: Option<i32>,
}

impl Dictionary {
    /// The values so far; a code is an index into them.
    pub fn values(&self) -> &Texts {
        &self.values
    }

    /// The code of a value; a new one where it was not seen before.
    pub fn code(&mut self, value: &[u8]) -> Result<i32, Fault> {
        // Tables are sorted by their units: the value of the row before is the likeliest.
        if let Some(last) = self.last.filter(|&last| lookup(&self.values, last) == value) {
            return Ok(last);
        }
        let Self { values, codes, hasher, last } = self;
        let hash = hasher.hash_one(value);
        let code = if let Some(&known) = codes.find(hash, |&code| lookup(values, code) == value) {
            known
        } else {
            let text = text(value)?;
            let new = i32::try_from(values.len()).map_err(|_| Fault::Dictionary)?;
            values.push(text);
            codes.insert_unique(hash, new, |&code| hasher.hash_one(lookup(values, code)));
            new
        };
        *last = Some(code);
        Ok(code)
    }
}

fn lookup(values: &Texts, code: i32) -> &[u8] {
    usize::try_from(code).map_or(&[], |index| values.get(index).as_bytes())
}

/// One column: its kind, what it remembers, and its values of the batch.
#[derive(Debug)]
pub enum Column {
    /// Texts of the batch.
    Text(Texts),
    /// Codes of the batch (i32) and the dictionary of the whole file.
    Code(Vec<u8>, Dictionary),
    /// Figures of the batch (i64).
    Figure(Vec<u8>),
    /// Marks of the batch (i8).
    Mark(Vec<u8>),
    /// Nothing.
    Skip,
}

/// The values of one column in one batch.
#[derive(Debug)]
pub enum Values {
    /// Texts.
    Text(Texts),
    /// Codes, i32 in the byte order of the machine.
    Codes(Vec<u8>),
    /// Figures, i64 in the byte order of the machine.
    Figures(Vec<u8>),
    /// Marks, i8.
    Marks(Vec<u8>),
    /// The column was skipped.
    None,
}

impl Column {
    /// An empty column.
    pub fn new(kind: Kind) -> Self {
        match kind {
            Kind::Text => Self::Text(Texts::default()),
            Kind::Code => Self::Code(Vec::new(), Dictionary::default()),
            Kind::Figure => Self::Figure(Vec::new()),
            Kind::Mark => Self::Mark(Vec::new()),
            Kind::Skip => Self::Skip,
        }
    }

    /// Read one field into the column.
    pub fn push(&mut self, field: &[u8]) -> Result<(), Fault> {
        match self {
            Self::Figure(figures) => figures.extend_from_slice(&figure(field)?.to_ne_bytes()),
            Self::Code(codes, dictionary) => {
                codes.extend_from_slice(&dictionary.code(field.trim_ascii())?.to_ne_bytes());
            }
            Self::Text(texts) => texts.push(text(field.trim_ascii())?),
            Self::Mark(marks) => marks.extend_from_slice(&mark(field)?.to_ne_bytes()),
            Self::Skip => {}
        }
        Ok(())
    }

    /// Take the values of the batch out; the dictionary stays.
    pub fn take(&mut self) -> Values {
        // The next batch is likely to be as large as this one.
        let next = |full: &mut Vec<u8>| {
            let empty = Vec::with_capacity(full.len());
            std::mem::replace(full, empty)
        };
        match self {
            Self::Text(texts) => Values::Text(std::mem::take(texts)),
            Self::Code(codes, _) => Values::Codes(next(codes)),
            Self::Figure(figures) => Values::Figures(next(figures)),
            Self::Mark(marks) => Values::Marks(next(marks)),
            Self::Skip => Values::None,
        }
    }
}

fn text(field: &[u8]) -> Result<&str, Fault> {
    if memchr::memchr(0, field).is_some() {
        return Err(Fault::Nul);
    }
    std::str::from_utf8(field).map_err(|_| Fault::Encoding)
}

/// A whole number: the plain case at once, all others after trimming.
fn figure(field: &[u8]) -> Result<i64, Fault> {
    match digits(field) {
        Some(value) => Ok(value),
        None => careful_figure(field.trim_ascii()),
    }
}

/// A short run of digits and nothing else.
fn digits(field: &[u8]) -> Option<i64> {
    if field.is_empty() || field.len() > SAFE_DIGITS {
        return None;
    }
    field.iter().try_fold(0_i64, |value, byte| {
        let digit = byte.wrapping_sub(b'0');
        (digit < 10).then(|| value * 10 + i64::from(digit))
    })
}

fn careful_figure(field: &[u8]) -> Result<i64, Fault> {
    if field.is_empty() {
        return Ok(ABSENT);
    }
    let (sign, unsigned) = match field.strip_prefix(b"-") {
        Some(rest) => (-1, rest),
        None => (1, field),
    };
    if unsigned.is_empty() || !unsigned.iter().all(u8::is_ascii_digit) {
        return Err(if field.contains(&0) { Fault::Nul } else { Fault::Figure });
    }
    let zeros = unsigned.iter().take_while(|&&byte| byte == b'0').count();
    let significant = unsigned.get(zeros..).unwrap_or_default();
    if significant.is_empty() {
        return Ok(0);
    }
    // The bound itself has one digit more than the fast path takes.
    match digits(significant) {
        Some(value) => Ok(sign * value),
        None if significant == LARGEST_FIGURE.to_string().as_bytes() => Ok(sign * LARGEST_FIGURE),
        None => Err(Fault::Size),
    }
}

fn mark(field: &[u8]) -> Result<i8, Fault> {
    match field.trim_ascii() {
        b"1" => Ok(1),
        b"0" => Ok(0),
        b"" | b"?" => Ok(-1),
        other => Err(if other.contains(&0) { Fault::Nul } else { Fault::Mark }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_is_a_whole_number_or_blank() {
        for (field, value) in [
            ("0", 0),
            ("007", 7),
            (" 12\t", 12),
            ("-5", -5),
            ("-0", 0),
            ("", ABSENT),
            ("  ", ABSENT),
            ("999999999999", 999_999_999_999),
            ("1000000000000", LARGEST_FIGURE),
            ("-1000000000000", -LARGEST_FIGURE),
            ("00000000000000000000000000001", 1),
        ] {
            assert_eq!(figure(field.as_bytes()), Ok(value), "{field:?}");
        }
        for field in ["-", "+5", "1.0", "1e3", "1 000", "--1", "n/a", "\u{0661}", "1_000", "\u{a0}1"] {
            assert_eq!(figure(field.as_bytes()), Err(Fault::Figure), "{field:?}");
        }
        for field in ["1000000000001", "-1000000000001", "9223372036854775808", "99999999999999999999999"] {
            assert_eq!(figure(field.as_bytes()), Err(Fault::Size), "{field:?}");
        }
        assert_eq!(figure(b"1\x002"), Err(Fault::Nul));
    }

    #[test]
    fn a_mark_is_one_zero_or_blank() {
        for (field, value) in [("1", 1), (" 0 ", 0), ("", -1), ("?", -1)] {
            assert_eq!(mark(field.as_bytes()), Ok(value));
        }
        for field in ["2", "01", "-1", "x", "??"] {
            assert_eq!(mark(field.as_bytes()), Err(Fault::Mark));
        }
    }

    #[test]
    fn codes_are_numbered_as_they_come() {
        let mut dictionary = Dictionary::default();
        let codes: Vec<_> =
            ["b", "a", "a", "b", "", "a"].iter().map(|v| dictionary.code(v.as_bytes())).collect();
        assert_eq!(codes, [Ok(0), Ok(1), Ok(1), Ok(0), Ok(2), Ok(1)]);
        assert_eq!(dictionary.values().iter().collect::<Vec<_>>(), ["b", "a", ""]);
        assert_eq!(dictionary.code(b"\xff"), Err(Fault::Encoding));
        assert_eq!(dictionary.code(b"a\0"), Err(Fault::Nul));
    }

    #[test]
    fn many_codes_survive_growth() {
        let mut dictionary = Dictionary::default();
        for round in 0..2 {
            for n in 0..5000 {
                assert_eq!(dictionary.code(n.to_string().as_bytes()), Ok(n), "round {round}");
            }
        }
    }
}
