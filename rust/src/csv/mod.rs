//! Delimited text files, read in batches of typed columns with flat memory.

mod column;
mod problem;
mod record;
mod source;

use std::collections::HashSet;
use std::io;
use std::path::{Path, PathBuf};

pub use column::{ABSENT, Kind, LARGEST_FIGURE, Texts, Values};
pub use problem::Problem;

use crate::{Error, Result};
use column::{Column, Fault};
use problem::excerpt;
use record::{Scan, Span, scan, sniff, undouble};
use source::{Source, is_gzip};

/// A record may be this long: a quote that nobody closed must not take the whole file into memory.
pub const LONGEST_RECORD: usize = 1024 * 1024;
/// So many problems are told at once.
pub const PROBLEMS_AT_ONCE: usize = 20;

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Reads one file from its header to its end.
pub struct CsvReader {
    path: PathBuf,
    source: Source,
    delimiter: u8,
    header: Vec<String>,
    columns: Vec<Column>,
    spans: Vec<Span>,
    /// Line of the next record, from 1.
    line: u64,
    started: bool,
    /// A file that was found wrong stays wrong: going on would silently leave records out.
    failed: Option<Vec<Problem>>,
}

/// Some rows, column by column.
#[derive(Debug)]
pub struct Batch {
    /// How many rows.
    pub rows: usize,
    /// The line where each record starts, u64 in the byte order of the machine.
    pub lines: Vec<u8>,
    /// One a column of the header.
    pub columns: Vec<Values>,
}

/// The next record of the window, before it is consumed.
enum Next {
    Record { length: usize, feeds: u64, stray: Option<usize> },
    End,
}

impl CsvReader {
    /// Open a file and read its header.
    pub fn open(path: &Path) -> Result<Self> {
        let failed = |source| Error::Io { path: path.to_owned(), source };
        let source = Source::open(path).map_err(failed)?;
        Self::new(path, source)
    }

    fn new(path: &Path, source: Source) -> Result<Self> {
        let mut reader = Self {
            path: path.to_owned(),
            source,
            delimiter: b',',
            header: Vec::new(),
            columns: Vec::new(),
            spans: Vec::new(),
            line: 1,
            started: false,
            failed: None,
        };
        reader.read_header()?;
        Ok(reader)
    }

    /// The names of the columns, as they stand in the file.
    pub fn header(&self) -> &[String] {
        &self.header
    }

    /// What separates the fields.
    pub fn delimiter(&self) -> char {
        char::from(self.delimiter)
    }

    /// Say what each column is; before the first batch.
    pub fn declare(&mut self, kinds: &[Kind]) -> Result<()> {
        if self.started {
            return Err(Error::Usage("columns are declared before the first batch".into()));
        }
        if kinds.len() != self.header.len() {
            let (have, want) = (kinds.len(), self.header.len());
            return Err(Error::Usage(format!("{have} kinds are declared for {want} columns")));
        }
        self.columns = kinds.iter().copied().map(Column::new).collect();
        Ok(())
    }

    /// Give values their codes beforehand; before the first batch.
    pub fn seed<'a>(&mut self, column: usize, values: impl IntoIterator<Item = &'a str>) -> Result<()> {
        if self.started {
            return Err(Error::Usage("columns are seeded before the first batch".into()));
        }
        let Some(Column::Code(_, dictionary)) = self.columns.get_mut(column) else {
            return Err(Error::Usage(format!("column {column} is not declared as code")));
        };
        for value in values {
            let new = dictionary.values().len();
            let code = dictionary.code(value.as_bytes()).map_err(|fault| {
                let expected = fault.expected();
                Error::Usage(format!("column {column} is seeded with {value:?}, expected {expected}"))
            })?;
            if usize::try_from(code) != Ok(new) {
                return Err(Error::Usage(format!("column {column} is seeded twice with {value:?}")));
            }
        }
        Ok(())
    }

    /// The values of a code column so far.
    pub fn dictionary(&self, column: usize) -> Result<&Texts> {
        match self.columns.get(column) {
            Some(Column::Code(_, dictionary)) => Ok(dictionary.values()),
            _ => Err(Error::Usage(format!("column {column} is not declared as code"))),
        }
    }

    /// The next rows, at most so many; `None` at the end of the file.
    pub fn next_batch(&mut self, max_rows: usize) -> Result<Option<Batch>> {
        if self.columns.is_empty() {
            return Err(Error::Usage("declare the columns before the first batch".into()));
        }
        if max_rows == 0 {
            return Err(Error::Usage("a batch has at least one row".into()));
        }
        if let Some(problems) = &self.failed {
            return Err(Error::Csv(problems.clone()));
        }
        self.started = true;
        let mut problems = Vec::new();
        let mut lines = Vec::new();
        let mut rows = 0;
        while rows < max_rows && problems.len() < PROBLEMS_AT_ONCE {
            match self.next_record() {
                Ok(Next::Record { length, feeds, stray }) => {
                    self.read_fields(stray, &mut problems);
                    lines.extend_from_slice(&self.line.to_ne_bytes());
                    rows += 1;
                    self.line += feeds;
                    self.source.consume(length);
                }
                Ok(Next::End) => break,
                // Where a record has no end, nothing after it can be told apart.
                Err(Error::Csv(fatal)) => {
                    problems.extend(fatal);
                    break;
                }
                Err(other) => return Err(other),
            }
        }
        if !problems.is_empty() {
            problems.truncate(PROBLEMS_AT_ONCE);
            self.failed = Some(problems.clone());
            return Err(Error::Csv(problems));
        }
        if rows == 0 {
            return Ok(None);
        }
        let columns = self.columns.iter_mut().map(Column::take).collect();
        Ok(Some(Batch { rows, lines, columns }))
    }

    /// Find the next record and its fields; blank lines are passed over.
    fn next_record(&mut self) -> Result<Next> {
        loop {
            let ended = self.source.ended();
            let window = self.source.window();
            match window {
                [b'\n', ..] => {
                    self.line += 1;
                    self.source.consume(1);
                    continue;
                }
                [b'\r', b'\n', ..] => {
                    self.line += 1;
                    self.source.consume(2);
                    continue;
                }
                [] | [b'\r'] if ended => return Ok(Next::End),
                [] | [b'\r'] => {}
                _ => match scan(window, self.delimiter, ended, &mut self.spans) {
                    Scan::Record { length, .. } if length > LONGEST_RECORD => return Err(self.endless()),
                    Scan::Record { length, feeds, stray } => {
                        for span in self.spans.iter_mut().filter(|span| span.doubled) {
                            undouble(window, span);
                        }
                        return Ok(Next::Record { length, feeds, stray });
                    }
                    Scan::Unclosed => return Err(self.unclosed()),
                    Scan::More if window.len() > LONGEST_RECORD => return Err(self.endless()),
                    Scan::More => {}
                },
            }
            self.source.refill().map_err(|source| self.io(source))?;
        }
    }

    /// Read the fields of the record just found into the columns.
    fn read_fields(&mut self, stray: Option<usize>, problems: &mut Vec<Problem>) {
        let line = self.line;
        let window = self.source.window();
        if self.spans.len() != self.columns.len() {
            let seen = count_of_fields(self.spans.len());
            problems.push(Problem::of_line(line, seen, count_of_fields(self.columns.len())));
            return;
        }
        let mut report = |index: usize, field: &[u8], expected: String| {
            let column = self.header.get(index).cloned();
            problems.push(Problem { line, column, seen: excerpt(field), expected });
        };
        if let Some(index) = stray {
            let field = self.spans.get(index).and_then(|span| window.get(span.start..span.end));
            report(index, field.unwrap_or_default(), "nothing after the closing quote".into());
        }
        for (index, (column, span)) in self.columns.iter_mut().zip(&self.spans).enumerate() {
            let field = window.get(span.start..span.end).unwrap_or_default();
            if let Err(fault) = column.push(field) {
                report(index, field.trim_ascii(), fault.expected());
            }
        }
    }

    fn read_header(&mut self) -> Result<()> {
        self.source.refill().map_err(|source| self.io(source))?;
        if self.source.window().starts_with(BYTE_ORDER_MARK) {
            self.source.consume(BYTE_ORDER_MARK.len());
        }
        // Blank lines may stand above the header; the delimiter is sniffed from the first that is none.
        let window = self.source.window();
        let text = window.iter().position(|byte| !matches!(byte, b'\r' | b'\n')).unwrap_or(0);
        self.delimiter = sniff(window.get(text..).unwrap_or_default());

        let Next::Record { length, feeds, stray } = self.next_record()? else {
            return Err(Error::Csv(vec![Problem::of_line(
                1,
                "an empty file",
                "a header with the names of the columns",
            )]));
        };
        let line = self.line;
        let window = self.source.window();
        let mut problems = Vec::new();
        if stray.is_some() {
            problems.push(Problem::of_line(
                line,
                "text after a closing quote",
                "names separated by delimiters",
            ));
        }
        let mut known = HashSet::new();
        for (index, span) in self.spans.iter().enumerate() {
            let field = window.get(span.start..span.end).unwrap_or_default();
            let Ok(name) = std::str::from_utf8(field) else {
                problems.push(Problem::of_line(line, excerpt(field), Fault::Encoding.expected()));
                continue;
            };
            if name.contains('\0') {
                problems.push(Problem::of_line(line, excerpt(field), Fault::Nul.expected()));
            } else if name.contains('\r') && !name.contains('\n') {
                problems.push(Problem::of_line(line, excerpt(field), "lines that end in LF or CRLF"));
            } else if name.trim_ascii().is_empty() {
                problems.push(Problem::of_line(line, "", format!("a name for column {}", index + 1)));
            } else if !known.insert(name.trim_ascii().to_owned()) {
                problems.push(Problem::of_line(line, excerpt(field), "a name that no other column has"));
            }
            self.header.push(name.to_owned());
        }
        if !problems.is_empty() {
            problems.truncate(PROBLEMS_AT_ONCE);
            return Err(Error::Csv(problems));
        }
        self.line += feeds;
        self.source.consume(length);
        Ok(())
    }

    fn unclosed(&self) -> Error {
        Error::Csv(vec![Problem::of_line(self.line, "the end of the file inside quotes", "a closing quote")])
    }

    fn endless(&self) -> Error {
        let expected = "a record of at most 1 MiB (is a closing quote missing?)";
        Error::Csv(vec![Problem::of_line(self.line, "a longer record", expected)])
    }

    fn io(&self, source: io::Error) -> Error {
        let path = self.path.clone();
        if source.raw_os_error().is_none() && is_gzip(&self.path) {
            let message = format!("the gzip data are cut short or damaged ({source})");
            return Error::Io { path, source: io::Error::new(source.kind(), message) };
        }
        Error::Io { path, source }
    }
}

impl Batch {
    fn wrong<T>(&self, column: usize, kind: &str) -> Result<T> {
        Err(Error::Usage(match self.columns.get(column) {
            Some(_) => format!("column {column} is not declared as {kind}"),
            None => {
                format!("there is no column {column}, only 0 to {}", self.columns.len().saturating_sub(1))
            }
        }))
    }

    /// The texts of a text column.
    pub fn text(&self, column: usize) -> Result<&Texts> {
        match self.columns.get(column) {
            Some(Values::Text(texts)) => Ok(texts),
            _ => self.wrong(column, "text"),
        }
    }

    /// The codes of a code column: i32 in the byte order of the machine.
    pub fn codes(&self, column: usize) -> Result<&[u8]> {
        match self.columns.get(column) {
            Some(Values::Codes(codes)) => Ok(codes),
            _ => self.wrong(column, "code"),
        }
    }

    /// The figures of a figure column: i64 in the byte order of the machine, [`ABSENT`] where blank.
    pub fn figures(&self, column: usize) -> Result<&[u8]> {
        match self.columns.get(column) {
            Some(Values::Figures(figures)) => Ok(figures),
            _ => self.wrong(column, "figure"),
        }
    }

    /// The marks of a mark column: i8, -1 where blank.
    pub fn marks(&self, column: usize) -> Result<&[u8]> {
        match self.columns.get(column) {
            Some(Values::Marks(marks)) => Ok(marks),
            _ => self.wrong(column, "mark"),
        }
    }
}

fn count_of_fields(count: usize) -> String {
    if count == 1 { "1 field".into() } else { format!("{count} fields") }
}

#[cfg(test)]
mod tests;
