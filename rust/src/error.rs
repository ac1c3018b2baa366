//! The one error of this crate. `python` converts it into an exception, once, at the edge.

use std::fmt;
use std::io;
use std::path::PathBuf;

use crate::csv::Problem;

/// What any function of this crate answers.
pub type Result<T> = std::result::Result<T, Error>;

/// Why something could not be read.
#[derive(Debug)]
pub enum Error {
    /// A statute that is no TOML: the place, counted from 1, and what is wrong there.
    Toml {
        /// Line, from 1.
        line: usize,
        /// Column in characters, from 1.
        column: usize,
        /// What is wrong, in one line.
        message: String,
    },
    /// A table with lines that cannot be read as declared. Never empty.
    Csv(Vec<Problem>),
    /// A file that the system does not give us, or a compressed one that is damaged.
    Io {
        /// The file.
        path: PathBuf,
        /// What the system, or the decompression, says.
        source: io::Error,
    },
    /// A record, key or archive of Belenios that is not what the specification asks: one line with what was seen and
    /// what was expected, and never a secret.
    Belenios(String),
    /// A call that makes no sense: the caller's mistake, not the file's.
    Usage(String),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Toml { line, column, message } => {
                write!(f, "line {line}, column {column}: {message}")
            }
            Self::Csv(problems) => {
                if let Some(first) = problems.first() {
                    write!(f, "{first}")?;
                }
                match problems.len() {
                    0 | 1 => Ok(()),
                    more => write!(f, " (and {} more)", more - 1),
                }
            }
            Self::Io { path, source } => write!(f, "{}: {source}", path.display()),
            Self::Belenios(message) | Self::Usage(message) => f.write_str(message),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Io { source, .. } => Some(source),
            _ => None,
        }
    }
}
