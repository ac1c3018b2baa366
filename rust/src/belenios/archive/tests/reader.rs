//! What the reader accepts, and what it says of everything else.

use std::io::{self, Read};
use std::path::Path;

use super::super::event::{Event, EventKind, Owned, SetupData, SizedEncryptedTally};
use super::super::tar::{Header, Name, padding};
use super::super::{Hash, Reader, RecordKind};
use super::{Crafted, SETUP, TIME, ballot, complete, read, refusal};

#[test]
fn a_complete_archive_is_read_with_all_its_records() {
    let bytes = complete(3);
    let entries = read(&bytes).unwrap();
    let kinds: Vec<_> = entries.iter().map(|entry| entry.kind.name()).collect();
    let end = ["EndBallots", "EncryptedTally", "PartialDecryption", "PartialDecryption", "Result"];
    assert_eq!(kinds, [&["Setup", "Ballot", "Ballot", "Ballot"][..], &end].concat());
    assert!(entries.iter().map(|entry| entry.height).eq(0..9));
    let names: Vec<_> = entries[0].records.iter().map(|record| record.kind).collect();
    let expected =
        [RecordKind::Election, RecordKind::Trustees, RecordKind::Credentials, RecordKind::SetupData];
    assert_eq!(names, expected);
    assert_eq!(entries[0].records[0].body, SETUP.election);
    assert_eq!(entries[2].records[0].body, ballot(1));
    assert_eq!(entries[5].records[1].kind, RecordKind::SizedEncryptedTally);
    for entry in &entries {
        for record in &entry.records {
            let start = usize::try_from(record.offset).unwrap() + 512;
            assert_eq!(bytes[start..][..record.body.len()], record.body);
        }
    }
    assert!(entries[1].records[0].offset == entries[1].offset);
}

#[test]
fn an_archive_may_come_in_any_pieces() {
    struct Dripping<'a>(&'a [u8], usize);
    impl Read for Dripping<'_> {
        fn read(&mut self, target: &mut [u8]) -> io::Result<usize> {
            self.1 += 1;
            if self.1.is_multiple_of(5) {
                return Err(io::ErrorKind::Interrupted.into());
            }
            let count = target.len().min(self.0.len()).min(1 + self.1 * 7919 % 600);
            target[..count].copy_from_slice(&self.0[..count]);
            self.0 = &self.0[count..];
            Ok(count)
        }
    }
    let bytes = complete(9);
    let reader = Reader::new(Dripping(&bytes, 0), Path::new("x.bel")).unwrap();
    let entries: Vec<_> = reader.map(Result::unwrap).collect();
    assert_eq!(entries, read(&bytes).unwrap());
}

#[test]
fn every_cut_is_named_with_what_is_whole() {
    let bytes = complete(3);
    let entries = read(&bytes).unwrap();
    let mut ends: Vec<_> = entries.iter().skip(1).map(|entry| entry.offset).collect();
    ends.push(bytes.len() as u64);
    for length in (0..bytes.len()).step_by(61).chain([1, 511, 512, 1023, 1024, 1025, bytes.len() - 1]) {
        let piece = &bytes[..length];
        let Ok(mut reader) = Reader::new(piece, Path::new("x.bel")) else {
            assert!(length < 1024);
            assert!(refusal(piece).contains("within the header of the archive"));
            continue;
        };
        let outcome: Result<Vec<_>, _> = reader.by_ref().collect();
        let whole = ends.iter().rposition(|end| *end <= length as u64).map_or(1024, |place| ends[place]);
        assert_eq!(reader.whole(), whole, "cut to {length}");
        if ends.contains(&(length as u64)) {
            assert!(outcome.is_ok());
        } else if length == 1024 {
            assert!(outcome.unwrap_err().to_string().contains("holds no event"));
        } else {
            let message = outcome.unwrap_err().to_string();
            assert!(reader.is_truncated(), "{message}");
            assert!(message.contains(&format!("ends at byte {length}, within")), "{message}");
            assert!(message.contains(&format!("begins at byte {whole}")), "{message}");
            assert!(reader.next_entry().unwrap().is_none());
        }
    }
}

#[test]
fn the_error_names_the_field_of_a_header_that_differs() {
    let bytes = complete(1);
    let plant = |offset: usize, with: &[u8]| {
        let mut bytes = bytes.clone();
        bytes[1024 + offset..][..with.len()].copy_from_slice(with);
        refusal(&bytes)
    };
    for (offset, with, expected) in [
        (0, &b"/etc/passwd\0"[..], "the name `/etc/passwd`"),
        (0, b"../x\0", "the name `../x`"),
        (0, b"BELENIOS\0", "the padding of the name"),
        (80, b"x", "the padding of the name"),
        (100, b"0000755", "the mode `0000755`, expected `0000644`"),
        (108, b"0001000", "the owner `0001000`"),
        (116, b"0001000", "the group `0001000`"),
        (124, b"00000000 15", "the size `00000000 15`, expected eleven octal digits"),
        (135, b" ", "the end of the size `00000000015 `, expected `00000000015`"),
        (136, b"15300706035", "has the time 1795394589"),
        (147, b" ", "the end of the time `15300706034 `"),
        (148, b"000000", "the checksum `000000\\x00 `"),
        (156, b"2", "the type `2`, expected `0`"),
        (156, b"\0", "the type empty, expected `0`"),
        (157, b"target", "the link `target`, expected empty"),
        (257, b"ustar", "the extension of tar `ustar`, expected empty"),
        (500, b"\x01", "the extension of tar"),
        (124, b"77777777777", "a record of 8589934591 bytes, expected at most 16777216"),
    ] {
        let mut message = plant(offset, with);
        if expected.contains("record of") || expected.contains("has the time") {
            // These are looked at only in a header that is right in itself.
            let mut bytes = bytes.clone();
            let size = if offset == 124 { (1 << 33) - 1 } else { SETUP.election.len() as u64 };
            let timestamp = if offset == 136 { TIME + 1 } else { TIME };
            let header = Header { name: Name::Data([0; 32]), size, timestamp };
            bytes[1024..1536].copy_from_slice(&header.encode());
            message = refusal(&bytes);
        }
        assert!(message.contains(expected), "{message}");
        assert!(message.starts_with("x.bel: byte 1024, in the event of height 0: "), "{message}");
    }
    let mut padded = bytes.clone();
    padded[1024 + 512 + SETUP.election.len()] = 0x20;
    assert!(
        refusal(&padded).contains("byte 1549, in the event of height 0: the padding of a record has 0x20")
    );
    let ended = [&bytes[..], &[0; 1024]].concat();
    assert!(refusal(&ended).contains("zeros stand where the header of a record is expected"));
    let doubled = [&bytes[..], &bytes[..1024]].concat();
    assert!(refusal(&doubled).contains("a second record BELENIOS"));
}

fn event(crafted: &mut Crafted, parent: Option<Hash>, height: u64, kind: EventKind, payload: Option<Hash>) {
    crafted.event(&Event { parent, height, kind, payload });
}

#[test]
fn the_chain_is_held_to() {
    type Extend = dyn Fn(&mut Crafted, Hash);
    const PAYLOAD: Option<Hash> = Some([7; 32]);
    let cases: [(&Extend, &str); 15] = [
        (&|c, _| event(c, None, 1, EventKind::EndBallots, None), "says parent none, expected"),
        (&|c, _| event(c, Some([1; 32]), 1, EventKind::EndBallots, None), "says parent 0101"),
        (&|c, p| event(c, Some(p), 2, EventKind::EndBallots, None), "says height 2, expected 1"),
        (&|c, p| event(c, Some(p), 0, EventKind::EndBallots, None), "says height 0, expected 1"),
        (&|c, p| event(c, Some(p), 1, EventKind::EndBallots, PAYLOAD), "says payload 0707"),
        (
            &|c, p| event(c, Some(p), 1, EventKind::Ballot, PAYLOAD),
            "0 records of data belong to Ballot, expected 1",
        ),
        (
            &|c, p| event(c, Some(p), 1, EventKind::Setup, PAYLOAD),
            "Setup stands after Setup, where Ballot or EndBallots is",
        ),
        (&|c, p| event(c, Some(p), 1, EventKind::Result, PAYLOAD), "Result stands after Setup"),
        (
            &|c, p| event(c, Some(p), 1, EventKind::Shuffle, PAYLOAD),
            "Shuffle is not supported by this version",
        ),
        (
            &|c, p| event(c, Some(p), 1, EventKind::EndShuffles, None),
            "EndShuffles is not supported by this version",
        ),
        (
            &|c, p| {
                c.data(b"one");
                event(c, Some(p), 1, EventKind::Ballot, None);
            },
            "says payload none, expected",
        ),
        (
            &|c, p| {
                let first = c.data(b"one");
                c.data(b"two");
                event(c, Some(p), 1, EventKind::Ballot, Some(first));
            },
            "2 records of data belong to Ballot, expected 1",
        ),
        (
            &|c, _| {
                for number in 0..3 {
                    c.data(&ballot(number));
                }
            },
            "more than 2 records of data",
        ),
        (&|c, _| c.record(Name::Event([9; 32]), b"{}"), "the event has hash 4413"),
        (
            &|c, _| {
                let body = b"{\"height\":1}";
                c.record(Name::Event(crate::belenios::hash::sha256(body)), body);
            },
            "the event: byte 11: `}` stands where",
        ),
    ];
    for (extend, expected) in cases {
        let (mut crafted, parent) = Crafted::set_up();
        assert_eq!(read(&crafted.0).unwrap().len(), 1);
        extend(&mut crafted, parent);
        let message = refusal(&crafted.0);
        assert!(message.contains(expected), "{message}");
        assert!(message.contains("in the event of height 1: "), "{message}");
    }
}

#[test]
fn records_refer_to_the_ones_before() {
    let other = [5; 32];
    let mut crafted = Crafted::begun();
    let [election, trustees, credentials] =
        [SETUP.election, SETUP.trustees, SETUP.credentials].map(|body| crafted.data(body));
    let right = SetupData { election, trustees, credentials, credentials_certificate: None };
    for (wrong, expected) in [
        (SetupData { election: other, ..right.clone() }, "setup_data refers to election 0505"),
        (SetupData { trustees: election, ..right.clone() }, "setup_data refers to trustees"),
        (SetupData { credentials: other, ..right.clone() }, "setup_data refers to public_credentials 0505"),
        (
            SetupData { credentials_certificate: Some(other), ..right },
            "setup_data refers to 4 records, expected 3",
        ),
    ] {
        let mut crafted = Crafted(crafted.0.clone());
        let payload = Some(crafted.data(wrong.to_json().as_bytes()));
        crafted.event(&Event { parent: None, height: 0, kind: EventKind::Setup, payload });
        let message = refusal(&crafted.0);
        assert!(message.contains(expected), "{message}");
    }

    let (mut crafted, parent) = Crafted::set_up();
    let end = Event { parent: Some(parent), height: 1, kind: EventKind::EndBallots, payload: None };
    let parent = Some(crafted.event(&end));
    let tally = crafted.data(b"tally");
    let finish = |encrypted_tally, owned: Option<Hash>| {
        let mut crafted = Crafted(crafted.0.clone());
        let sized = SizedEncryptedTally { num_tallied: 0, total_weight: 0, encrypted_tally };
        let payload = Some(crafted.data(sized.to_json().as_bytes()));
        let event = Event { parent, height: 2, kind: EventKind::EncryptedTally, payload };
        let parent = Some(crafted.event(&event));
        if let Some(payload) = owned {
            crafted.data(b"factors");
            let payload = Some(crafted.data(Owned { owner: 1, payload }.to_json().as_bytes()));
            crafted.event(&Event { parent, height: 3, kind: EventKind::PartialDecryption, payload });
        }
        crafted.0
    };
    assert!(refusal(&finish(other, None)).contains("sized_encrypted_tally refers to encrypted_tally 0505"));
    assert!(
        refusal(&finish(tally, Some(other)))
            .contains("owned_partial_decryption refers to partial_decryption")
    );
    assert_eq!(read(&finish(tally, Some(crate::belenios::hash::sha256(b"factors")))).unwrap().len(), 4);
}

#[test]
fn a_claim_of_size_costs_no_memory_and_no_hash_is_taken_on_trust() {
    // The list of credentials may be large, and here ends at once.
    let mut crafted = Crafted::begun();
    crafted.data(SETUP.election);
    crafted.data(SETUP.trustees);
    let header =
        Header { name: Name::Data([0; 32]), size: super::super::LARGEST_CREDENTIALS, timestamp: TIME };
    crafted.0.extend_from_slice(&header.encode());
    assert!(refusal(&crafted.0).contains("the file ends at byte"));

    let (mut crafted, parent) = Crafted::set_up();
    crafted.record(Name::Data([3; 32]), b"{}");
    crafted.event(&Event {
        parent: Some(parent),
        height: 1,
        kind: EventKind::Ballot,
        payload: Some([3; 32]),
    });
    let reader = Reader::new(&crafted.0[..], Path::new("x.bel")).unwrap();
    assert!(reader.map(Result::unwrap).nth(1).unwrap().records[0].verify_hash().is_err());
    assert!(refusal(&crafted.0).contains("the ballot has hash 4413"));
    assert_eq!(padding(0).len() + padding(512).len(), 0);
}
