//! The archive of an election (section "Public data"): an old-style tar file of events, each chained to the one before by
//! its hash, that only ever grows.
//!
//! An archive has one spelling: a [`Reader`] accepts exactly the bytes that a [`Writer`] makes of the same content.

mod chain;
mod disk;
mod entry;
pub mod event;
mod look;
mod prefix;
mod reader;
mod records;
mod recovery;
pub mod tar;
#[cfg(test)]
mod tests;
mod writer;

pub use chain::Head;
pub use entry::{Entry, Record, RecordKind};
pub use event::{Event, EventKind};
pub use look::{Place, find, places};
pub use prefix::{Prefix, is_prefix};
pub use reader::Reader;
pub use writer::{Position, Setup, Writer};

/// A SHA-256, by which records are named and refer to each other.
pub type Hash = [u8; 32];

/// No record but the list of credentials is larger, in bytes.
pub const LARGEST_RECORD: u64 = 16 << 20;

/// No list of credentials is larger, in bytes: three million of them.
pub const LARGEST_CREDENTIALS: u64 = 256 << 20;

/// A hash as people read it.
fn shown(hash: &Hash) -> String {
    super::group::text(&super::group::hex(hash)).to_owned()
}

/// A reference as people read it.
fn shown_or_none(hash: Option<Hash>) -> String {
    hash.map_or_else(|| "none".to_owned(), |hash| shown(&hash))
}
