//! What the writer makes, refuses, and finds again after a crash.

use std::fs;

use super::super::{EventKind, Setup, Writer};
use super::{Folder, SETUP, TIME, ballot, cast, complete, read};
use crate::Error;
use crate::belenios::hash::sha256;

#[test]
fn what_is_written_is_read() {
    let folder = Folder::new();
    let path = folder.file("x.bel");
    let setup = Setup { credentials_certificate: Some(b"{\"certificate\":1}"), ..SETUP };
    let mut writer = Writer::create(&path, TIME, setup).unwrap();
    assert_eq!(writer.head().height, 0);
    let ballots: Vec<_> = (0..5).map(ballot).collect();
    let ballots: Vec<&[u8]> = ballots.iter().map(Vec::as_slice).collect();
    let positions = writer.append_ballots(&ballots).unwrap();
    assert!(positions.iter().map(|position| position.height).eq(1..6));
    assert_eq!(writer.append_ballots(&[]).unwrap(), []);
    assert_eq!(writer.head().length, fs::metadata(&path).unwrap().len());
    assert_eq!(writer.ballots(), 5);
    assert!(writer.contains(&sha256(ballots[3])) && !writer.contains(&sha256(b"other")));

    let entries = read(&fs::read(&path).unwrap()).unwrap();
    assert_eq!(entries[0].records.len(), 5);
    for (position, entry) in positions.iter().zip(&entries[1..]) {
        assert_eq!((position.height, position.event_hash), (entry.height, entry.hash));
    }
    assert_eq!(writer.head().event_hash, entries[5].hash);
    assert!(!folder.file(".x.bel.new").exists());
}

#[test]
fn events_out_of_order_are_refused_and_nothing_is_written() {
    let folder = Folder::new();
    let path = folder.file("x.bel");
    let mut writer = Writer::create(&path, TIME, SETUP).unwrap();
    cast(&mut writer, 0..1);
    let length = writer.head().length;
    let usage = |error: Error| matches!(error, Error::Usage(_));
    assert!(usage(writer.append_result(b"{}").unwrap_err()));
    assert!(usage(writer.append_encrypted_tally(b"[]", 1, 1).unwrap_err()));
    assert!(usage(writer.append_partial_decryption(1, b"[]").unwrap_err()));
    let again = writer.append_ballots(&[&ballot(1), &ballot(0)]).unwrap_err();
    assert!(again.to_string().contains("is in the archive already"), "{again}");
    assert!(writer.append_ballots(&[&ballot(1), &ballot(1)]).is_err());
    assert!(usage(writer.append_ballots(&[&vec![b'x'; (16 << 20) + 1]]).unwrap_err()));
    assert_eq!(fs::metadata(&path).unwrap().len(), length);
    assert_eq!((writer.ballots(), writer.last_kind()), (1, EventKind::Ballot));
    writer.end_ballots().unwrap();
    assert!(usage(writer.append_ballots(&[&ballot(1)]).unwrap_err()));
    assert!(usage(writer.end_ballots().unwrap_err()));
    assert!(usage(writer.append_encrypted_tally(b"[]", 1, 1 << 53).unwrap_err()));
    writer.append_encrypted_tally(b"[]", 1, 1).unwrap();
    writer.append_partial_decryption(1, b"[]").unwrap();
    writer.append_result(b"{}").unwrap();
    assert!(usage(writer.append_partial_decryption(1, b"[]").unwrap_err()));
    assert_eq!(read(&fs::read(&path).unwrap()).unwrap().len(), 6);
}

#[test]
fn there_is_one_writer_and_no_file_is_overwritten() {
    let folder = Folder::new();
    let path = folder.file("x.bel");
    let writer = Writer::create(&path, TIME, SETUP).unwrap();
    let busy = Writer::open(&path).unwrap_err();
    assert!(busy.to_string().contains("another writer"), "{busy}");
    assert!(Writer::create(&path, TIME, SETUP).unwrap_err().to_string().contains("exists"));
    drop(writer);
    let before = fs::read(&path).unwrap();
    assert!(Writer::create(&path, TIME, SETUP).is_err());
    assert_eq!(fs::read(&path).unwrap(), before);
    drop(Writer::open(&path).unwrap());
    assert!(matches!(Writer::open(&folder.file("none.bel")), Err(Error::Io { .. })));
    // What an interrupted attempt has left is written anew.
    let other = folder.file("y.bel");
    folder.with(".y.bel.new", &[b'x'; 5000]);
    drop(Writer::create(&other, TIME, SETUP).unwrap());
    assert_eq!(fs::read(&other).unwrap(), before);
    assert!(Writer::create(&folder.file("z.bel"), 1 << 33, SETUP).is_err());
    assert!(!folder.file("z.bel").exists() && !folder.file(".z.bel.new").exists());
}

#[test]
fn an_incomplete_end_is_cut_off() {
    let folder = Folder::new();
    let bytes = complete(4);
    let entries = read(&bytes).unwrap();
    let ends: Vec<_> = entries.iter().skip(1).map(|entry| entry.offset).collect();
    let check = |length: u64, zeros: usize| {
        let kept = &bytes[..usize::try_from(length).unwrap()];
        let path = folder.with("x.bel", &[kept, &vec![0; zeros]].concat());
        let whole = *ends.iter().rfind(|end| **end <= length).unwrap();
        let writer = Writer::open(&path).unwrap();
        assert_eq!((writer.head().length, writer.cut()), (whole, length + zeros as u64 - whole), "{length}");
        drop(writer);
        assert_eq!(fs::read(&path).unwrap(), bytes[..usize::try_from(whole).unwrap()]);
    };
    for length in (ends[0]..bytes.len() as u64).step_by(61) {
        check(length, 0);
    }
    // A disk writes whole blocks; the ones that it did not get to may read as zeros.
    for length in (ends[0]..bytes.len() as u64).step_by(512) {
        for zeros in [1, 512, 70_000] {
            check(length, zeros);
        }
    }
}

#[test]
fn writing_goes_on_where_it_stopped() {
    let folder = Folder::new();
    let bytes = complete(4);
    let fourth = usize::try_from(read(&bytes).unwrap()[4].offset).unwrap();
    let path = folder.with("x.bel", &bytes[..fourth + 700]);
    let mut writer = Writer::open(&path).unwrap();
    assert_eq!((writer.cut(), writer.ballots(), writer.timestamp()), (700, 3, TIME));
    assert!(writer.contains(&sha256(&ballot(2))) && !writer.contains(&sha256(&ballot(3))));
    cast(&mut writer, 3..4);
    writer.end_ballots().unwrap();
    let length = usize::try_from(writer.head().length).unwrap();
    assert_eq!(fs::read(&path).unwrap(), bytes[..length]);
}

#[test]
fn damage_is_not_repaired_by_removing_it() {
    let folder = Folder::new();
    let bytes = complete(4);
    let entries = read(&bytes).unwrap();
    let third = usize::try_from(entries[3].offset).unwrap();
    let ballot_body = usize::try_from(entries[2].records[0].offset).unwrap() + 600;
    for (place, length) in
        [(third, 512), (third, 1024), (ballot_body, 1), (1100, 1), (0, 512), (bytes.len() - 1, 1)]
    {
        let mut damaged = bytes.clone();
        damaged[place..place + length].iter_mut().for_each(|byte| *byte ^= 0xff);
        let path = folder.with("x.bel", &damaged);
        let error = Writer::open(&path).unwrap_err();
        assert!(matches!(error, Error::Belenios(_)), "{error}");
        assert_eq!(fs::read(&path).unwrap(), damaged);
    }
    // A file without Setup is no archive that a crash could have left.
    for length in [0, 100, 1024, 2000] {
        let path = folder.with("x.bel", &bytes[..length]);
        assert!(Writer::open(&path).is_err());
        assert_eq!(fs::metadata(&path).unwrap().len(), length as u64);
    }
}

#[test]
fn what_a_loss_of_power_leaves_is_cut_off_or_refused() {
    const PAGE: u64 = 4096;
    let folder = Folder::new();
    let bytes = complete(30);
    let answered = read(&bytes).unwrap()[10].offset;
    let pages = bytes.len() as u64 / PAGE + 1;
    let first = answered / PAGE + 1;
    // Of the pages that were being written, each subset of a few neighbours is lost, and the file ends anywhere.
    let mut opened = 0;
    for end in first..=pages {
        for lost in 0..8 {
            let mut left = bytes[..bytes.len().min(usize::try_from(end * PAGE).unwrap())].to_vec();
            for (page, place) in (end.saturating_sub(4)..end).enumerate() {
                let start = usize::try_from((place * PAGE).max(answered)).unwrap().min(left.len());
                if (lost * 2) >> page & 1 == 1 {
                    let stop = left.len().min(start + 4096);
                    left[start..stop].fill(0);
                }
            }
            let path = folder.with("x.bel", &left);
            let outcome = Writer::open(&path).map(|writer| writer.head().length);
            let kept = fs::read(&path).unwrap();
            if let Ok(length) = outcome {
                opened += 1;
                assert!(length >= answered && length == kept.len() as u64 && bytes.starts_with(&kept));
            } else {
                assert_eq!(kept, left);
            }
        }
    }
    assert!(opened > pages - first);
}

#[test]
fn a_file_that_something_else_writes_to_is_left_alone() {
    let folder = Folder::new();
    let path = folder.file("x.bel");
    let mut writer = Writer::create(&path, TIME, SETUP).unwrap();
    let mut bytes = fs::read(&path).unwrap();
    bytes.extend_from_slice(b"more");
    fs::write(&path, &bytes).unwrap();
    let error = writer.append_ballots(&[&ballot(0)]).unwrap_err();
    assert!(error.to_string().contains("something else writes to it"), "{error}");
    assert!(writer.end_ballots().unwrap_err().to_string().contains("open it anew"));
    assert_eq!(fs::read(&path).unwrap(), bytes);
}
