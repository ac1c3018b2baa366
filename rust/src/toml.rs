//! TOML with the line of every value, so that an error in a statute can name its place.
//!
//! The grammar is `toml_edit`'s: TOML 1.0 with the additions of 1.1. It bounds nesting at 80 levels, so a hostile
//! document cannot exhaust the stack here or in whatever walks the result.

use std::ops::Range;

use toml_edit::{Array, ArrayOfTables, Datetime, Document, InlineTable, Item, Offset, Table, Value as Edit};

use crate::{Error, Result};

/// A value and the line, from 1, on which its key, header or element stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// Line, from 1. A table that has no header of its own has the line of its first child.
    pub line: usize,
    /// What stands there.
    pub value: Value,
}

/// A value of TOML.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// A string.
    String(String),
    /// An integer of 64 bits.
    Integer(i64),
    /// A float, infinities and NaN included.
    Float(f64),
    /// true or false.
    Boolean(bool),
    /// A date, a time or both, checked to be one that Python can hold.
    Datetime(Datetime),
    /// An array, also one of tables.
    Array(Vec<Node>),
    /// A table of any notation, in the order of the document.
    Table(Entries),
}

/// The keys of a table, in the order of the document.
pub type Entries = Vec<(String, Node)>;

/// Parse a whole document.
pub fn parse(text: &str) -> Result<Entries> {
    // A statute means the same whichever editor saved it: its line ends become line feeds, as in `tomllib`.
    let text = &text.replace("\r\n", "\n");
    let lines = Lines::new(text);
    let document = Document::parse(text).map_err(|error| {
        // Without a span the document ended too early.
        let at = error.span().map_or(text.len(), |span| span.start);
        lines.error(at, error.message())
    })?;
    Walk { lines: &lines }.table(document.as_table())
}

/// Where the lines of a text begin.
struct Lines<'a> {
    text: &'a str,
    starts: Vec<usize>,
}

impl<'a> Lines<'a> {
    fn new(text: &'a str) -> Self {
        let after = |newline: usize| newline + 1;
        let starts = std::iter::once(0).chain(memchr::memchr_iter(b'\n', text.as_bytes()).map(after));
        Self { text, starts: starts.collect() }
    }

    /// The line, from 1, of a byte offset.
    fn line(&self, offset: usize) -> usize {
        self.starts.partition_point(|&start| start <= offset)
    }

    fn error(&self, offset: usize, message: &str) -> Error {
        let line = self.line(offset);
        let start = self.starts.get(line - 1).copied().unwrap_or(0);
        let before = self.text.get(start..offset).unwrap_or("");
        let message = message.split_whitespace().collect::<Vec<_>>().join(" ");
        Error::Toml { line, column: before.chars().count() + 1, message }
    }
}

/// Turns the editable document into plain values.
struct Walk<'a> {
    lines: &'a Lines<'a>,
}

impl Walk<'_> {
    fn line(&self, span: Option<Range<usize>>) -> usize {
        span.map_or(1, |span| self.lines.line(span.start))
    }

    fn table(&self, table: &Table) -> Result<Entries> {
        let entry = |(key, item): (&str, &Item)| {
            let line = self.line(table.key(key).and_then(toml_edit::Key::span));
            Ok((key.to_owned(), self.item(item, line)?))
        };
        table.iter().map(entry).collect()
    }

    fn inline_table(&self, table: &InlineTable) -> Result<Entries> {
        let entry = |(key, value): (&str, &Edit)| {
            let line = self.line(table.key(key).and_then(toml_edit::Key::span));
            Ok((key.to_owned(), Node { line, value: self.value(value)? }))
        };
        table.iter().map(entry).collect()
    }

    fn item(&self, item: &Item, key_line: usize) -> Result<Node> {
        match item {
            Item::Value(value) => Ok(Node { line: key_line, value: self.value(value)? }),
            Item::Table(table) => self.header(table),
            Item::ArrayOfTables(tables) => self.array_of_tables(tables, key_line),
            Item::None => Ok(Node { line: key_line, value: Value::Table(Vec::new()) }),
        }
    }

    fn header(&self, table: &Table) -> Result<Node> {
        let entries = self.table(table)?;
        let own = || self.line(table.span());
        let line = if table.is_implicit() || table.is_dotted() {
            entries.iter().map(|(_, node)| node.line).min().unwrap_or_else(own)
        } else {
            own()
        };
        Ok(Node { line, value: Value::Table(entries) })
    }

    fn array_of_tables(&self, tables: &ArrayOfTables, key_line: usize) -> Result<Node> {
        let elements = tables.iter().map(|table| self.header(table)).collect::<Result<Vec<_>>>()?;
        let line = elements.first().map_or(key_line, |node| node.line);
        Ok(Node { line, value: Value::Array(elements) })
    }

    fn array(&self, array: &Array) -> Result<Vec<Node>> {
        let element = |value: &Edit| Ok(Node { line: self.line(value.span()), value: self.value(value)? });
        array.iter().map(element).collect()
    }

    fn value(&self, value: &Edit) -> Result<Value> {
        Ok(match value {
            Edit::String(text) => Value::String(text.value().clone()),
            Edit::Integer(number) => Value::Integer(*number.value()),
            Edit::Float(number) => Value::Float(*number.value()),
            Edit::Boolean(truth) => Value::Boolean(*truth.value()),
            Edit::Datetime(moment) => {
                let offset = moment.span().map_or(0, |span| span.start);
                Value::Datetime(self.datetime(*moment.value(), offset)?)
            }
            Edit::Array(array) => Value::Array(self.array(array)?),
            Edit::InlineTable(table) => Value::Table(self.inline_table(table)?),
        })
    }

    /// Python has neither a year 0 nor a second 60; a statute has use for neither.
    fn datetime(&self, moment: Datetime, offset: usize) -> Result<Datetime> {
        let year_zero = moment.date.is_some_and(|date| date.year == 0);
        let leap_second = moment.time.is_some_and(|time| time.second.is_some_and(|second| second > 59));
        let far = matches!(moment.offset, Some(Offset::Custom { minutes }) if minutes.abs() >= 24 * 60);
        if year_zero || leap_second || far {
            return Err(self.lines.error(offset, "a date or time that no calendar has"));
        }
        Ok(moment)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]

    use super::*;

    /// Every path with its line, as `a.0.b 7`.
    fn places(text: &str) -> Vec<String> {
        fn visit(path: &str, node: &Node, out: &mut Vec<String>) {
            out.push(format!("{path} {}", node.line));
            match &node.value {
                Value::Table(entries) => {
                    for (key, child) in entries {
                        visit(&format!("{path}.{key}"), child, out);
                    }
                }
                Value::Array(nodes) => {
                    for (index, child) in nodes.iter().enumerate() {
                        visit(&format!("{path}.{index}"), child, out);
                    }
                }
                _ => {}
            }
        }
        let mut out = Vec::new();
        for (key, node) in parse(text).unwrap() {
            visit(&key, &node, &mut out);
        }
        out
    }

    fn error(text: &str) -> (usize, usize, String) {
        match parse(text) {
            Err(Error::Toml { line, column, message }) => (line, column, message),
            other => panic!("no syntax error: {other:?}"),
        }
    }

    #[test]
    fn a_key_and_an_element_have_their_own_lines() {
        let text = "a = 1\n\nb = [\n  2,\n  { c = 3 },\n]\n";
        assert_eq!(places(text), ["a 1", "b 3", "b.0 4", "b.1 5", "b.1.c 5"]);
    }

    #[test]
    fn a_table_has_the_line_of_its_header() {
        assert_eq!(places("[a]\nx = 1\n\n[a.b]\ny = 2\n"), ["a 1", "a.x 2", "a.b 4", "a.b.y 5"]);
        assert_eq!(places("[a.b]\ny = 2\n[a]\nx = 1\n"), ["a 3", "a.b 1", "a.b.y 2", "a.x 4"]);
    }

    #[test]
    fn an_implicit_table_has_the_line_of_its_first_child() {
        assert_eq!(places("\n[a.b]\ny = 2\n"), ["a 2", "a.b 2", "a.b.y 3"]);
        assert_eq!(places("\na.b.c = 2\na.d = 1\n"), ["a 2", "a.b 2", "a.b.c 2", "a.d 3"]);
    }

    #[test]
    fn an_array_of_tables_counts_its_elements() {
        assert_eq!(places("[[a]]\n[[a]]\nx = 1\n"), ["a 1", "a.0 1", "a.1 2", "a.1.x 3"]);
    }

    #[test]
    fn an_error_names_line_and_column() {
        let (line, column, message) = error("a = 1\né = 2\n");
        assert_eq!((line, column), (2, 1), "{message}");
        let (line, column, message) = error("a = \"é\" x\n");
        assert_eq!((line, column), (1, 9), "{message}");
        assert!(!message.contains('\n'));
        assert_eq!(error("a = 1\nb = [1,\n").0, 2);
        assert_eq!(error("a = 1\na = 2\n").0, 2);
    }

    #[test]
    fn what_python_cannot_hold_is_an_error() {
        for text in ["a = 0000-01-01", "a = 23:59:60", "a = 9223372036854775808"] {
            assert_eq!(error(text).0, 1);
        }
    }

    #[test]
    fn deep_nesting_is_refused_and_not_followed() {
        for text in [
            format!("a = {}{}", "[".repeat(100_000), "]".repeat(100_000)),
            format!("a{} = 1", ".a".repeat(100_000)),
            format!("[a{}]", ".a".repeat(100_000)),
            format!("a = {}", "{a=".repeat(100_000)),
            format!("a = {}", "[".repeat(100_000)),
        ] {
            assert_eq!(error(&text).0, 1);
        }
        let chained = format!("[{0}]\n{0} = 1\n", ["a"; 79].join("."));
        assert_eq!(places(&chained).len(), 158);
    }
}
