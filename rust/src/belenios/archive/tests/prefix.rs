//! Whether an archive only grew.

use std::fs;

use super::super::{Prefix, Writer, is_prefix};
use super::{Crafted, Folder, SETUP, TIME, cast, complete};
use crate::Error;

#[test]
fn an_archive_that_grew_holds_its_beginning() {
    let folder = Folder::new();
    let path = folder.file("x.bel");
    let mut writer = Writer::create(&path, TIME, SETUP).unwrap();
    cast(&mut writer, 0..3);
    let old = writer.head();
    let copy = folder.with("copy.bel", &fs::read(&path).unwrap());
    assert_eq!(is_prefix(&copy, &path).unwrap(), Prefix::Holds { old, new: old });
    cast(&mut writer, 3..5);
    writer.end_ballots().unwrap();
    assert_eq!(is_prefix(&copy, &path).unwrap(), Prefix::Holds { old, new: writer.head() });
    let Prefix::Parts { height, why } = is_prefix(&path, &copy).unwrap() else { panic!("nothing vanished") };
    assert_eq!(height, 4);
    assert!(why.contains(&format!("ends before it, with {} bytes", old.length)), "{why}");
}

#[test]
fn the_height_is_named_at_which_archives_part() {
    let folder = Folder::new();
    let archive = |name: &str, time, numbers: &[usize]| {
        let path = folder.file(name);
        let mut writer = Writer::create(&path, time, SETUP).unwrap();
        for number in numbers {
            cast(&mut writer, *number..number + 1);
        }
        path
    };
    let old = archive("old.bel", TIME, &[1, 2, 3]);
    let swapped = archive("swapped.bel", TIME, &[1, 3, 2]);
    let Prefix::Parts { height: 2, why } = is_prefix(&old, &swapped).unwrap() else { panic!("no swap") };
    assert!(why.contains("the event is Ballot "), "{why}");
    let later = archive("later.bel", TIME + 1, &[1, 2, 3]);
    let Prefix::Parts { height: 0, why } = is_prefix(&old, &later).unwrap() else { panic!("same time") };
    assert!(why.contains("begins at the time 1795394589"), "{why}");

    let mut bytes = fs::read(&old).unwrap();
    let place = bytes.windows(11).rposition(|window| window == b"{\"number\":3").unwrap();
    bytes[place + 10] = b'4';
    let damaged = folder.with("damaged.bel", &bytes);
    let Prefix::Parts { height: 3, why } = is_prefix(&old, &damaged).unwrap() else { panic!("equal") };
    assert!(why.contains("the ballot at byte") && why.contains("differs"), "{why}");
}

#[test]
fn what_is_no_archive_is_an_error() {
    let folder = Folder::new();
    let whole = folder.with("whole.bel", &complete(2));
    let cut = folder.with("cut.bel", &complete(2)[..9000]);
    let (mut crafted, _) = Crafted::set_up();
    crafted.0.extend_from_slice(&[1; 512]);
    let strange = folder.with("strange.bel", &crafted.0);
    for (old, new) in [(&whole, &strange), (&strange, &whole), (&cut, &whole)] {
        assert!(matches!(is_prefix(old, new), Err(Error::Belenios(_))));
    }
    assert!(matches!(is_prefix(&whole, &folder.file("none.bel")), Err(Error::Io { .. })));
}
