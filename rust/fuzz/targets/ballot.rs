//! Any bytes as a ballot: never a panic, and the fast check says what the plain one says.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use suffrage_core::belenios::ballot::{Ballot, check::check};
use suffrage_core::belenios::bulk::Bulk;
use suffrage_core::belenios::election::Election;

/// The elections whose ballots are among the seeds, in the order of their file.
static ELECTIONS: LazyLock<Vec<(Election, Bulk)>> = LazyLock::new(|| {
    let texts = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/corpus/elections")).unwrap_or_default();
    let elections = texts.lines().filter_map(|text| Election::parse(text.as_bytes()).ok());
    elections.map(|election| { let bulk = Bulk::new(&election, 64); (election, bulk) }).collect()
});

fuzz_target!(|bytes: &[u8]| {
    let Ok(ballot) = Ballot::parse(bytes) else { return };
    for (election, bulk) in ELECTIONS.iter() {
        let plain = check(election, &ballot).is_ok();
        assert_eq!(bulk.check(std::slice::from_ref(&ballot), &[1]).valid, [plain]);
    }
});
