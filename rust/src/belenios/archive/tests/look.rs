//! Where events stand, and what is looked for in an archive.

use std::fs;

use super::super::{EventKind, Writer, find, places};
use super::{Folder, SETUP, TIME, cast, complete};
use crate::Error;

#[test]
fn every_position_of_the_writer_is_found_again() {
    let folder = Folder::new();
    let path = folder.file("x.bel");
    let mut writer = Writer::create(&path, TIME, SETUP).unwrap();
    let mut heads = vec![writer.head()];
    for number in 0..4 {
        cast(&mut writer, number..number + 1);
        heads.push(writer.head());
    }
    writer.end_ballots().unwrap();
    heads.push(writer.head());
    let heights = [5, 0, 3, 3, 6, u64::MAX];
    let (last, found) = places(&path, &heights).unwrap();
    assert_eq!((last.height, last.kind, last.ballots), (5, EventKind::EndBallots, 4));
    for (height, place) in heights.iter().zip(found) {
        let head = usize::try_from(*height).ok().and_then(|height| heads.get(height));
        assert_eq!(
            place.map(|place| (place.hash, place.length)),
            head.map(|head| (head.event_hash, head.length))
        );
        assert_eq!(place.map(|place| place.ballots), head.map(|head| head.height.min(4)));
    }
}

#[test]
fn an_event_that_is_still_being_written_is_left_out() {
    let folder = Folder::new();
    let whole = complete(3);
    let path = folder.with("x.bel", &whole);
    let (last, _) = places(&path, &[]).unwrap();
    for cut in 1..whole.len() {
        if cut % 37 != 0 {
            continue;
        }
        let path = folder.with("cut.bel", &whole[..whole.len() - cut]);
        match places(&path, &[0]) {
            Ok((place, found)) => {
                assert!(place.length <= (whole.len() - cut) as u64 && place.height < last.height);
                assert!(found[0].is_some());
            }
            Err(error) => assert!(matches!(error, Error::Belenios(_)), "not even the first event is whole"),
        }
    }
}

#[test]
fn a_record_that_is_not_what_its_name_says_is_refused() {
    let folder = Folder::new();
    let mut bytes = complete(3);
    let place = bytes.windows(11).rposition(|window| window == b"{\"number\":2").unwrap();
    bytes[place + 10] = b'4';
    let path = folder.with("x.bel", &bytes);
    assert!(matches!(places(&path, &[]), Err(Error::Belenios(_))));
    assert!(matches!(places(&folder.file("none.bel"), &[]), Err(Error::Io { .. })));
    assert!(matches!(find(&path, b"no ballot"), Err(Error::Belenios(_))));
    fs::remove_file(path).unwrap();
}
