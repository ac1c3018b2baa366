//! Whether an archive only grew: what watchers ask of a copy that they took earlier.

use std::path::Path;

use super::chain::Head;
use super::entry::Entry;
use super::reader::Reader;
use super::shown;
use crate::Result;

/// How an earlier copy of an archive and a later one agree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Prefix {
    /// The later one begins with every byte of the earlier one.
    Holds {
        /// The end of the earlier one.
        old: Head,
        /// The end of the later one.
        new: Head,
    },
    /// Something vanished or was changed.
    Parts {
        /// The height of the first event at which they part.
        height: u64,
        /// What is there in the later one instead.
        why: String,
    },
}

/// Compares an earlier copy of an archive with a later one, event by event.
///
/// Both must hold together as a [`Reader`] asks; what their records say, and the hashes of these, are not looked at.
pub fn is_prefix(old: &Path, new: &Path) -> Result<Prefix> {
    let mut earlier = Reader::open(old)?;
    let mut later = Reader::open(new)?;
    if earlier.timestamp() != later.timestamp() {
        let (before, now) = (earlier.timestamp(), later.timestamp());
        let why = format!("the archive begins at the time {now}, the earlier copy at {before}");
        return Ok(Prefix::Parts { height: 0, why });
    }
    while let Some(expected) = earlier.next_entry()? {
        let why = match later.next_entry()? {
            None => format!("the archive ends before it, with {} bytes", later.whole()),
            Some(entry) => match difference(&expected, &entry) {
                None => continue,
                Some(why) => why,
            },
        };
        return Ok(Prefix::Parts { height: expected.height, why });
    }
    let old = earlier.head();
    while later.next_entry()?.is_some() {}
    Ok(Prefix::Holds { old, new: later.head() })
}

fn difference(expected: &Entry, seen: &Entry) -> Option<String> {
    if expected.hash != seen.hash {
        let (before, now) = (shown(&expected.hash), shown(&seen.hash));
        let (kind, now_kind) = (expected.kind.name(), seen.kind.name());
        return Some(format!("the event is {now_kind} {now}, in the earlier copy {kind} {before}"));
    }
    // Of equal hash, both say the same of as many records; these may still differ from what their names say.
    let mut pairs = expected.records.iter().zip(&seen.records);
    let (before, now) = pairs.find(|(before, now)| before != now)?;
    let (kind, offset) = (now.kind.name(), before.offset);
    Some(format!("the {kind} at byte {offset} differs from that of the earlier copy"))
}
