//! The small records that hold an archive together: its header, events, and what their payloads refer to.
//!
//! Each has one spelling (section "Conventions"): compact, fields in order, nothing more.

use super::{Hash, shown};
use crate::Result;
use crate::belenios::json::Cursor;

/// The content of the first record: `{"version":1,"timestamp":N}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ArchiveHeader {
    /// When the election began, in seconds since 1970; every header of the archive repeats it.
    pub timestamp: u64,
}

impl ArchiveHeader {
    /// Reads the record; only version 1 is known.
    pub fn parse(bytes: &[u8]) -> Result<Self> {
        let mut cursor = Cursor::new(bytes);
        cursor.expect("{\"version\":1,\"timestamp\":")?;
        let timestamp = cursor.number()?;
        cursor.expect("}")?;
        cursor.end()?;
        Ok(Self { timestamp })
    }

    /// The bytes of the record.
    pub fn to_json(&self) -> String {
        format!("{{\"version\":1,\"timestamp\":{}}}", self.timestamp)
    }
}

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventKind {
    /// The election is defined.
    Setup,
    /// A ballot was cast.
    Ballot,
    /// No more ballots.
    EndBallots,
    /// The ballots were added up.
    EncryptedTally,
    /// Ciphertexts were shuffled.
    Shuffle,
    /// No more shuffles.
    EndShuffles,
    /// A trustee decrypted.
    PartialDecryption,
    /// The result is known.
    Result,
}

impl EventKind {
    const ALL: [Self; 8] = [
        Self::Setup,
        Self::Ballot,
        Self::EndBallots,
        Self::EncryptedTally,
        Self::Shuffle,
        Self::EndShuffles,
        Self::PartialDecryption,
        Self::Result,
    ];

    /// The name in the files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Setup => "Setup",
            Self::Ballot => "Ballot",
            Self::EndBallots => "EndBallots",
            Self::EncryptedTally => "EncryptedTally",
            Self::Shuffle => "Shuffle",
            Self::EndShuffles => "EndShuffles",
            Self::PartialDecryption => "PartialDecryption",
            Self::Result => "Result",
        }
    }
}

/// A link of the chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// The hash of the event before; none for the first.
    pub parent: Option<Hash>,
    /// 0 for the first event, then one more each time.
    pub height: u64,
    /// What happened.
    pub kind: EventKind,
    /// The hash of the record that the event is about.
    pub payload: Option<Hash>,
}

impl Event {
    /// Reads the record.
    pub fn parse(bytes: &[u8]) -> Result<Self> {
        let mut cursor = Cursor::new(bytes);
        cursor.expect("{")?;
        let mut parent = None;
        if cursor.accept("\"parent\":") {
            parent = Some(cursor.hash()?);
            cursor.expect(",")?;
        }
        cursor.expect("\"height\":")?;
        let height = cursor.number()?;
        cursor.expect(",\"type\":[\"")?;
        let kind = EventKind::ALL
            .into_iter()
            .find(|kind| cursor.accept(kind.name()) && cursor.peek(b'"'))
            .ok_or_else(|| cursor.wrong("a type of event"))?;
        cursor.expect("\"]")?;
        let payload = if cursor.accept(",\"payload\":") { Some(cursor.hash()?) } else { None };
        cursor.expect("}")?;
        cursor.end()?;
        Ok(Self { parent, height, kind, payload })
    }

    /// The bytes of the record, by whose hash it is named.
    pub fn to_json(&self) -> String {
        let parent = self.parent.map_or_else(String::new, |hash| format!("\"parent\":\"{}\",", shown(&hash)));
        let payload =
            self.payload.map_or_else(String::new, |hash| format!(",\"payload\":\"{}\"", shown(&hash)));
        format!("{{{parent}\"height\":{},\"type\":[\"{}\"]{payload}}}", self.height, self.kind.name())
    }
}

/// The payload of `Setup` (section "Elections"): the hashes of what defines an election.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetupData {
    /// Of the election.
    pub election: Hash,
    /// Of the trustees.
    pub trustees: Hash,
    /// Of the public credentials.
    pub credentials: Hash,
    /// Of the certificate of the credential authority. The official archives do without.
    pub credentials_certificate: Option<Hash>,
}

impl SetupData {
    /// Reads the record.
    pub fn parse(bytes: &[u8]) -> Result<Self> {
        let mut cursor = Cursor::new(bytes);
        cursor.expect("{\"election\":")?;
        let election = cursor.hash()?;
        cursor.expect(",\"trustees\":")?;
        let trustees = cursor.hash()?;
        cursor.expect(",\"credentials\":")?;
        let credentials = cursor.hash()?;
        let credentials_certificate =
            if cursor.accept(",\"credentials_certificate\":") { Some(cursor.hash()?) } else { None };
        cursor.expect("}")?;
        cursor.end()?;
        Ok(Self { election, trustees, credentials, credentials_certificate })
    }

    /// The bytes of the record.
    pub fn to_json(&self) -> String {
        let certificate = self
            .credentials_certificate
            .map_or_else(String::new, |hash| format!(",\"credentials_certificate\":\"{}\"", shown(&hash)));
        format!(
            "{{\"election\":\"{}\",\"trustees\":\"{}\",\"credentials\":\"{}\"{certificate}}}",
            shown(&self.election),
            shown(&self.trustees),
            shown(&self.credentials)
        )
    }
}

/// The payload of `EncryptedTally` (section "Encrypted tally").
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SizedEncryptedTally {
    /// How many ballots were added up: the last one of each credential.
    pub num_tallied: u64,
    /// The sum of their weights.
    pub total_weight: u64,
    /// The hash of the encrypted tally.
    pub encrypted_tally: Hash,
}

impl SizedEncryptedTally {
    /// Reads the record.
    pub fn parse(bytes: &[u8]) -> Result<Self> {
        let mut cursor = Cursor::new(bytes);
        cursor.expect("{\"num_tallied\":")?;
        let num_tallied = cursor.number()?;
        cursor.expect(",\"total_weight\":")?;
        let total_weight = cursor.number()?;
        cursor.expect(",\"encrypted_tally\":")?;
        let encrypted_tally = cursor.hash()?;
        cursor.expect("}")?;
        cursor.end()?;
        Ok(Self { num_tallied, total_weight, encrypted_tally })
    }

    /// The bytes of the record.
    pub fn to_json(&self) -> String {
        format!(
            "{{\"num_tallied\":{},\"total_weight\":{},\"encrypted_tally\":\"{}\"}}",
            self.num_tallied,
            self.total_weight,
            shown(&self.encrypted_tally)
        )
    }
}

/// The payload of `PartialDecryption` (section "Partial decryptions"): which trustee made which record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owned {
    /// The number of the trustee, from 1.
    pub owner: u64,
    /// The hash of what the trustee made.
    pub payload: Hash,
}

impl Owned {
    /// Reads the record.
    pub fn parse(bytes: &[u8]) -> Result<Self> {
        let mut cursor = Cursor::new(bytes);
        cursor.expect("{\"owner\":")?;
        let owner = cursor.number()?;
        cursor.expect(",\"payload\":")?;
        let payload = cursor.hash()?;
        cursor.expect("}")?;
        cursor.end()?;
        Ok(Self { owner, payload })
    }

    /// The bytes of the record.
    pub fn to_json(&self) -> String {
        format!("{{\"owner\":{},\"payload\":\"{}\"}}", self.owner, shown(&self.payload))
    }
}
