//! An event with the records that belong to it, and what these must say of each other.

use super::event::{EventKind, Owned, SetupData, SizedEncryptedTally};
use super::records::{Checked, Flaw};
use super::{Hash, shown};
use crate::belenios::hash::sha256;
use crate::{Error, Result};

/// What a record is, which its place tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecordKind {
    /// The election.
    Election,
    /// Its trustees.
    Trustees,
    /// The public credentials.
    Credentials,
    /// The certificate of the credential authority.
    CredentialsCertificate,
    /// What refers to the ones before.
    SetupData,
    /// A ballot.
    Ballot,
    /// The ballots added up.
    EncryptedTally,
    /// What refers to it.
    SizedEncryptedTally,
    /// The decryption factors of a trustee.
    PartialDecryption,
    /// What refers to them.
    OwnedPartialDecryption,
    /// The result.
    Result,
}

impl RecordKind {
    /// The name in the specification.
    pub fn name(self) -> &'static str {
        match self {
            Self::Election => "election",
            Self::Trustees => "trustees",
            Self::Credentials => "public_credentials",
            Self::CredentialsCertificate => "credentials_certificate",
            Self::SetupData => "setup_data",
            Self::Ballot => "ballot",
            Self::EncryptedTally => "encrypted_tally",
            Self::SizedEncryptedTally => "sized_encrypted_tally",
            Self::PartialDecryption => "partial_decryption",
            Self::OwnedPartialDecryption => "owned_partial_decryption",
            Self::Result => "result",
        }
    }

    /// The records that belong to an event, in their order.
    pub(super) fn of(event: EventKind, count: usize) -> &'static [Self] {
        match event {
            EventKind::Setup if count == 5 => &[
                Self::Election,
                Self::Trustees,
                Self::Credentials,
                Self::CredentialsCertificate,
                Self::SetupData,
            ],
            EventKind::Setup => &[Self::Election, Self::Trustees, Self::Credentials, Self::SetupData],
            EventKind::Ballot => &[Self::Ballot],
            EventKind::EncryptedTally => &[Self::EncryptedTally, Self::SizedEncryptedTally],
            EventKind::PartialDecryption => &[Self::PartialDecryption, Self::OwnedPartialDecryption],
            EventKind::Result => &[Self::Result],
            EventKind::EndBallots | EventKind::Shuffle | EventKind::EndShuffles => &[],
        }
    }
}

/// A record that is no event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// What it is.
    pub kind: RecordKind,
    /// The hash in its name and in what refers to it; whether it is that of the content, [`Record::verify_hash`] says.
    pub claimed_hash: Hash,
    /// Where its header begins in the file.
    pub offset: u64,
    /// Its content.
    pub body: Vec<u8>,
}

impl Record {
    /// Checks that the content has the hash by which it is named.
    pub fn verify_hash(&self) -> Result<()> {
        let seen = sha256(&self.body);
        if seen == self.claimed_hash {
            return Ok(());
        }
        let (kind, offset, seen, claimed) =
            (self.kind.name(), self.offset, shown(&seen), shown(&self.claimed_hash));
        Err(Error::Belenios(format!("byte {offset}: the {kind} has hash {seen}, its name says {claimed}")))
    }
}

/// An event, with the records that belong to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The place in the chain, from 0.
    pub height: u64,
    /// What happened.
    pub kind: EventKind,
    /// The hash of the event.
    pub hash: Hash,
    /// Where the first record begins in the file.
    pub offset: u64,
    /// The records before the event, in the order of [`RecordKind`].
    pub records: Vec<Record>,
}

/// Checks that the last record of an event refers to the ones before it.
pub(super) fn check_references(records: &[Record]) -> Checked<()> {
    let Some((last, before)) = records.split_last() else {
        return Ok(());
    };
    let wrong = |message| Flaw::Wrong(last.offset, message);
    let unreadable = |error: Error| wrong(format!("{}: {error}", last.kind.name()));
    let references = match last.kind {
        RecordKind::SetupData => {
            let setup = SetupData::parse(&last.body).map_err(unreadable)?;
            let mut references = vec![setup.election, setup.trustees, setup.credentials];
            references.extend(setup.credentials_certificate);
            references
        }
        RecordKind::SizedEncryptedTally => {
            vec![SizedEncryptedTally::parse(&last.body).map_err(unreadable)?.encrypted_tally]
        }
        RecordKind::OwnedPartialDecryption => vec![Owned::parse(&last.body).map_err(unreadable)?.payload],
        _ => return Ok(()),
    };
    if references.len() != before.len() {
        let (name, seen, expected) = (last.kind.name(), references.len(), before.len());
        return Err(wrong(format!("{name} refers to {seen} records, expected {expected}")));
    }
    for (record, reference) in before.iter().zip(references) {
        if record.claimed_hash != reference {
            let (name, kind) = (last.kind.name(), record.kind.name());
            let (seen, expected) = (shown(&reference), shown(&record.claimed_hash));
            return Err(wrong(format!("{name} refers to {kind} {seen}, expected {expected}")));
        }
    }
    Ok(())
}
