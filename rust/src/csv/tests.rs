//! The reader over bytes in memory; what needs a file is tested from Python.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::io::{Cursor, Read};

use super::*;

fn reader(bytes: impl AsRef<[u8]>) -> Result<CsvReader> {
    CsvReader::new(Path::new("test.csv"), Source::new(Cursor::new(bytes.as_ref().to_vec())))
}

fn problems<T>(result: Result<T>) -> Vec<Problem> {
    match result {
        Err(Error::Csv(problems)) => problems,
        Err(other) => panic!("another error: {other}"),
        Ok(_) => panic!("no error"),
    }
}

fn figures(bytes: &[u8]) -> Vec<i64> {
    bytes.chunks_exact(8).map(|chunk| i64::from_ne_bytes(chunk.try_into().unwrap())).collect()
}

#[test]
fn columns_are_read_as_declared() {
    let mut csv = reader("\u{feff}unit;name;votes;left\r\nb;Ada;12;1\r\n\r\na;\"B;b\";;?\r\n").unwrap();
    assert_eq!(csv.header(), ["unit", "name", "votes", "left"]);
    assert_eq!(csv.delimiter(), ';');
    csv.declare(&[Kind::Code, Kind::Text, Kind::Figure, Kind::Mark]).unwrap();
    csv.seed(0, ["a"]).unwrap();
    let batch = csv.next_batch(10).unwrap().unwrap();
    assert_eq!(batch.rows, 2);
    assert_eq!(figures(&batch.lines), [2, 4]);
    assert_eq!(batch.codes(0).unwrap(), [1_i32.to_ne_bytes(), 0_i32.to_ne_bytes()].concat());
    assert_eq!(csv.dictionary(0).unwrap().iter().collect::<Vec<_>>(), ["a", "b"]);
    assert_eq!(batch.text(1).unwrap().iter().collect::<Vec<_>>(), ["Ada", "B;b"]);
    assert_eq!(figures(batch.figures(2).unwrap()), [12, ABSENT]);
    assert_eq!(batch.marks(3).unwrap(), [1, 255]);
    assert!(csv.next_batch(10).unwrap().is_none());
    assert!(csv.next_batch(10).unwrap().is_none());
}

#[test]
fn batches_end_where_they_are_told_to() {
    let mut csv = reader("a\n1\n2\n3\n").unwrap();
    csv.declare(&[Kind::Figure]).unwrap();
    let mut sizes = Vec::new();
    while let Some(batch) = csv.next_batch(2).unwrap() {
        sizes.push(figures(batch.figures(0).unwrap()));
    }
    assert_eq!(sizes, [vec![1, 2], vec![3]]);
}

#[test]
fn problems_are_gathered_with_their_lines() {
    let mut csv = reader(b"a,b\n1,x\n\"2\n\",1,1\n3.0,?\n\xff,9\n").unwrap();
    csv.declare(&[Kind::Figure, Kind::Mark]).unwrap();
    let found = problems(csv.next_batch(100));
    let told: Vec<_> = found.iter().map(ToString::to_string).collect();
    assert_eq!(
        told,
        [
            "line 2, column \"b\": \"x\", expected 0, 1 or blank",
            "line 3: \"3 fields\", expected 2 fields",
            "line 5, column \"a\": \"3.0\", expected a whole number",
            "line 6, column \"a\": \"bytes ff\", expected a whole number",
            "line 6, column \"b\": \"9\", expected 0, 1 or blank",
        ]
    );
    assert_eq!(problems(csv.next_batch(100)), found, "a wrong file stays wrong");
}

#[test]
fn no_more_than_twenty_problems_are_told() {
    let mut csv = reader(format!("a\n{}", "x\n".repeat(100))).unwrap();
    csv.declare(&[Kind::Figure]).unwrap();
    assert_eq!(problems(csv.next_batch(1000)).len(), PROBLEMS_AT_ONCE);
}

#[test]
fn a_header_is_complete_and_its_names_differ() {
    for (text, line, expected) in [
        ("", 1, "a header with the names of the columns"),
        ("\n\r\n", 1, "a header with the names of the columns"),
        ("a,b, a \n", 1, "a name that no other column has"),
        ("\na,,b\n", 2, "a name for column 2"),
        ("a\rb\r1\r2\r", 1, "lines that end in LF or CRLF"),
        ("a,\"b\n1,2\n", 1, "a closing quote"),
        ("a\0b\n", 1, "text without NUL bytes"),
    ] {
        let found = problems(reader(text));
        assert_eq!((found[0].line, found[0].expected.as_str()), (line, expected), "{text:?}");
    }
    assert_eq!(problems(reader(b"\xff\xfea\0\n\0"))[0].expected, "UTF-8 text");
    assert_eq!(reader("a, b ,\"c\r\nd\"\n").unwrap().header(), ["a", " b ", "c\r\nd"]);
}

#[test]
fn an_open_quote_does_not_take_the_file_into_memory() {
    let mut csv = CsvReader::new(
        Path::new("test.csv"),
        Source::new(Cursor::new(b"a\n\"".to_vec()).chain(std::io::repeat(b'x'))),
    )
    .unwrap();
    csv.declare(&[Kind::Text]).unwrap();
    let found = problems(csv.next_batch(10));
    assert_eq!((found[0].line, found[0].seen.as_str()), (2, "a longer record"));

    let long = "x".repeat(LONGEST_RECORD - 1);
    let mut csv = reader(format!("a\n{long}\n{long}x\n")).unwrap();
    csv.declare(&[Kind::Text]).unwrap();
    assert_eq!(csv.next_batch(1).unwrap().unwrap().rows, 1);
    assert_eq!(problems(csv.next_batch(1))[0].line, 3);
}

#[test]
fn calls_in_the_wrong_order_are_refused() {
    let mut csv = reader("a,b\n1,2\n").unwrap();
    let usage = |result: Result<()>| assert!(matches!(result, Err(Error::Usage(_))));
    usage(csv.next_batch(1).map(drop));
    usage(csv.declare(&[Kind::Text]));
    csv.declare(&[Kind::Text, Kind::Code]).unwrap();
    usage(csv.seed(0, ["a"]));
    usage(csv.seed(1, ["a", "a"]));
    usage(csv.seed(2, ["a"]));
    usage(csv.dictionary(0).map(drop));
    usage(csv.next_batch(0).map(drop));
    let batch = csv.next_batch(1).unwrap().unwrap();
    usage(batch.figures(0).map(drop));
    usage(batch.text(2).map(drop));
    usage(csv.declare(&[Kind::Text, Kind::Text]));
    usage(csv.seed(1, ["b"]));
}

/// Every way of cutting a file into reads gives the same rows.
#[test]
fn reads_of_any_size_give_the_same_rows() {
    struct Dribble(Vec<u8>, usize);
    impl Read for Dribble {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let size = self.1.min(self.0.len()).min(buffer.len());
            buffer[..size].copy_from_slice(&self.0[..size]);
            self.0.drain(..size);
            Ok(size)
        }
    }
    let text = "a,b\r\n\"x\"\"y\",\"1\n2\"\r\n\r\nplain, \"q\" \r\n";
    let rows = |size| {
        let source = Source::new(Dribble(text.as_bytes().to_vec(), size));
        let mut csv = CsvReader::new(Path::new("test.csv"), source).unwrap();
        csv.declare(&[Kind::Text, Kind::Text]).unwrap();
        let batch = csv.next_batch(10).unwrap().unwrap();
        let columns = [0, 1].map(|i| batch.text(i).unwrap().iter().map(str::to_owned).collect::<Vec<_>>());
        (columns, batch.lines)
    };
    assert_eq!(rows(1).0, [["x\"y", "plain"], ["1\n2", "q"]]);
    assert!((2..40).all(|size| rows(size) == rows(1)));
}

/// A small generator (xorshift) writes bytes that love quotes; nothing may panic, whatever they are.
#[test]
fn no_bytes_make_it_panic() {
    const ALPHABET: &[u8] = b"\"\"\",,;\t\n\n\r 01a\0\xff\xc3\xa9-?";
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    for _ in 0..20_000 {
        let mut next = || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            usize::try_from(state >> 33).unwrap()
        };
        let length = next() % 40;
        let mut bytes = b"a,b\n".repeat(next() % 2);
        bytes.extend((0..length).map(|_| ALPHABET[next() % ALPHABET.len()]));
        let Ok(mut csv) = reader(&bytes) else { continue };
        let kinds = [Kind::Text, Kind::Code, Kind::Figure, Kind::Mark, Kind::Skip];
        let kinds: Vec<_> = csv.header().iter().map(|_| kinds[next() % kinds.len()]).collect();
        csv.declare(&kinds).unwrap();
        while let Ok(Some(batch)) = csv.next_batch(2) {
            assert!(batch.rows > 0);
        }
    }
}
