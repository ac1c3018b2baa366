//! Which event may follow which, and how it refers to the one before.

use super::event::{Event, EventKind};
use super::{Hash, shown_or_none};

/// The last event of an archive, as far as the next one depends on it.
#[derive(Clone, Copy, Debug)]
pub struct Link {
    /// Its height.
    pub height: u64,
    /// Its hash.
    pub hash: Hash,
    /// What happened.
    pub kind: EventKind,
}

/// The end of an archive: what a reader must know to tell whether anything was added or vanished.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// The height of the last event.
    pub height: u64,
    /// The hash of the last event.
    pub event_hash: Hash,
    /// The length of the file in bytes.
    pub length: u64,
}

/// A chain of events, seen from its end.
#[derive(Clone, Copy, Debug, Default)]
pub struct Chain {
    last: Option<Link>,
}

impl Chain {
    /// The last event; none before the first.
    pub fn last(&self) -> Option<Link> {
        self.last
    }

    /// The end of a file of a given length. An archive has at least Setup; before it, everything is zero.
    pub fn head(&self, length: u64) -> Head {
        let (height, event_hash) = self.last.map_or((0, [0; 32]), |last| (last.height, last.hash));
        Head { height, event_hash, length }
    }

    /// The height of the event that comes next.
    pub fn next_height(&self) -> u64 {
        self.last.map_or(0, |last| last.height + 1)
    }

    /// The event that would come next.
    pub fn next(&self, kind: EventKind, payload: Option<Hash>) -> Event {
        Event { parent: self.last.map(|last| last.hash), height: self.next_height(), kind, payload }
    }

    /// Appends an event, whose hash is given, or says why it cannot stand here.
    pub fn append(&mut self, event: &Event, hash: Hash) -> Result<(), String> {
        let (height, parent) = (self.next_height(), self.last.map(|last| last.hash));
        if event.height != height {
            return Err(format!("the event says height {}, expected {height}", event.height));
        }
        if event.parent != parent {
            let (seen, expected) = (shown_or_none(event.parent), shown_or_none(parent));
            return Err(format!("the event says parent {seen}, expected {expected}"));
        }
        self.allows(event.kind)?;
        self.last = Some(Link { height, hash, kind: event.kind });
        Ok(())
    }

    /// Whether an event of this kind may come next; if not, why.
    pub fn allows(&self, kind: EventKind) -> Result<(), String> {
        use EventKind as Kind;
        if matches!(kind, Kind::Shuffle | Kind::EndShuffles) {
            return Err(format!(
                "{} is not supported by this version: it takes homomorphic questions only",
                kind.name()
            ));
        }
        let allowed: &[Kind] = match self.last.map(|last| last.kind) {
            None => &[Kind::Setup],
            Some(Kind::Setup | Kind::Ballot) => &[Kind::Ballot, Kind::EndBallots],
            Some(Kind::EndBallots) => &[Kind::EncryptedTally],
            Some(Kind::EncryptedTally | Kind::PartialDecryption) => &[Kind::PartialDecryption, Kind::Result],
            Some(Kind::Result | Kind::Shuffle | Kind::EndShuffles) => &[],
        };
        if allowed.contains(&kind) {
            return Ok(());
        }
        let names: Vec<_> = allowed.iter().map(|kind| kind.name()).collect();
        let expected = if names.is_empty() { "nothing".to_owned() } else { names.join(" or ") };
        let place =
            self.last.map_or("at the beginning".to_owned(), |last| format!("after {}", last.kind.name()));
        Err(format!("{} stands {place}, where {expected} is expected", kind.name()))
    }
}
