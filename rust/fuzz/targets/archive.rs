//! Any bytes as an archive: never a panic, and every record that is read is written the same.
#![no_main]

use std::path::Path;

use libfuzzer_sys::fuzz_target;
use suffrage_core::belenios::archive::event::{Owned, SetupData, SizedEncryptedTally};
use suffrage_core::belenios::archive::{EventKind, Reader};
use suffrage_core::belenios::ballot::Ballot;
use suffrage_core::belenios::decryption::{EncryptedTally, PartialDecryption, parse_result, result_json};
use suffrage_core::belenios::roll::Roll;

fuzz_target!(|bytes: &[u8]| {
    let Ok(reader) = Reader::new(bytes, Path::new("fuzzed.bel")) else { return };
    for entry in reader {
        let Ok(entry) = entry else { return };
        let bodies: Vec<&[u8]> = entry.records.iter().map(|record| record.body.as_slice()).collect();
        for record in &entry.records {
            let _ = record.verify_hash();
        }
        let last = bodies.last().copied().unwrap_or_default();
        match entry.kind {
            EventKind::Setup => {
                if let Ok(data) = SetupData::parse(last) {
                    assert_eq!(data.to_json().as_bytes(), last);
                }
                let _ = Roll::parse(bodies[2]);
            }
            EventKind::Ballot => drop(Ballot::parse(last)),
            EventKind::EncryptedTally => {
                if let Ok(sized) = SizedEncryptedTally::parse(last) {
                    assert_eq!(sized.to_json().as_bytes(), last);
                }
                if let Ok(tally) = EncryptedTally::parse(bodies[0]) {
                    assert_eq!(tally.json().as_bytes(), bodies[0]);
                }
            }
            EventKind::PartialDecryption => {
                if let Ok(owned) = Owned::parse(last) {
                    assert_eq!(owned.to_json().as_bytes(), last);
                }
                drop(PartialDecryption::parse(bodies[0]));
            }
            EventKind::Result => {
                if let Ok(result) = parse_result(last) {
                    assert_eq!(result_json(&result).as_bytes(), last);
                }
            }
            _ => {}
        }
    }
});
