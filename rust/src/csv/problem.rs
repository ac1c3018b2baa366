//! One line of a table that cannot be read, told so that its author can correct it.

use std::fmt;

/// The longest excerpt of a file that a problem repeats, in characters.
const SEEN_AT_MOST: usize = 60;
/// How many bytes are shown where the file is no text.
const BYTES_AT_MOST: usize = 8;

/// What stands where, and what should.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Line of the file, from 1, where the record starts.
    pub line: u64,
    /// Name of the column; `None` where the whole line is meant.
    pub column: Option<String>,
    /// What stands there, cut to 60 characters, control characters escaped.
    pub seen: String,
    /// What should stand there.
    pub expected: String,
}

impl Problem {
    /// A problem with a whole line.
    pub fn of_line(line: u64, seen: impl Into<String>, expected: impl Into<String>) -> Self {
        Self { line, column: None, seen: seen.into(), expected: expected.into() }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}", self.line)?;
        if let Some(column) = &self.column {
            write!(f, ", column \"{column}\"")?;
        }
        write!(f, ": \"{}\", expected {}", self.seen, self.expected)
    }
}

/// A short, printable excerpt: text where it is text, hexadecimal from the first byte that is not.
pub fn excerpt(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => excerpt_of_text(text),
        Err(error) => {
            let bad = bytes.get(error.valid_up_to()..).unwrap_or(bytes);
            let hex = bad.iter().take(BYTES_AT_MOST).map(|byte| format!("{byte:02x}"));
            let more = if bad.len() > BYTES_AT_MOST { " ..." } else { "" };
            format!("bytes {}{more}", hex.collect::<Vec<_>>().join(" "))
        }
    }
}

fn excerpt_of_text(text: &str) -> String {
    // What is escaped grows; it is cut by what a person sees.
    let mut shown = text.chars().flat_map(|c| {
        let escaped = c.is_control().then(|| c.escape_default());
        let plain = escaped.is_none().then_some(c);
        escaped.into_iter().flatten().chain(plain)
    });
    let cut: String = shown.by_ref().take(SEEN_AT_MOST).collect();
    if shown.next().is_none() {
        return cut;
    }
    cut.chars().take(SEEN_AT_MOST - 3).chain("...".chars()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_excerpt_is_short_and_printable() {
        assert_eq!(excerpt("Kraków".as_bytes()), "Kraków");
        assert_eq!(excerpt(b"a\nb\0"), "a\\nb\\u{0}");
        assert_eq!(excerpt("é".repeat(60).as_bytes()), "é".repeat(60));
        assert_eq!(excerpt("é".repeat(61).as_bytes()), format!("{}...", "é".repeat(57)));
        assert_eq!(excerpt(b"Krak\xf3w"), "bytes f3 77");
        assert_eq!(excerpt(&[0xff; 20]), "bytes ff ff ff ff ff ff ff ff ...");
    }
}
