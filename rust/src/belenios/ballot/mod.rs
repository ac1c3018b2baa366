//! Sealed ballots (sections "Ballots" and "Encrypted answers"): how they are written and read. [`seal`] makes them,
//! [`check`] says plainly what each must satisfy, [`opened`] what is in one that its elector opens.

pub mod check;
pub mod opened;
pub mod seal;
#[cfg(test)]
pub(crate) mod tests;

use super::json::Cursor;
use super::proof::Proof;
use crate::Result;

/// What the signature of a ballot is for: the tag without its prefix.
pub const PURPOSE: &str = "ballot";

/// A ciphertext as it stands in a ballot: two compressed points, of which only the digits have been checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ciphertext {
    /// g^r.
    pub alpha: [u8; 32],
    /// y^r g^m.
    pub beta: [u8; 32],
}

impl Ciphertext {
    /// Reads `{"alpha":"…","beta":"…"}`.
    pub fn read(cursor: &mut Cursor<'_>) -> Result<Self> {
        cursor.expect("{\"alpha\":")?;
        let alpha = cursor.compressed()?;
        cursor.expect(",\"beta\":")?;
        let beta = cursor.compressed()?;
        cursor.expect("}")?;
        Ok(Self { alpha, beta })
    }
}

/// The answer to a homomorphic question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// A ciphertext for each answer, and a leading one where blank is allowed.
    pub choices: Vec<Ciphertext>,
    /// For each choice, that it is 0 or 1.
    pub individual_proofs: Vec<[Proof; 2]>,
    /// That the sum is between min and max, or that the vote is blank.
    pub overall_proof: Vec<Proof>,
    /// That the vote is not blank, or that the sum is 0; where blank is allowed.
    pub blank_proof: Option<[Proof; 2]>,
}

impl Answer {
    fn read(cursor: &mut Cursor<'_>) -> Result<Self> {
        cursor.expect("{\"choices\":")?;
        let choices = cursor.list(Ciphertext::read)?;
        cursor.expect(",\"individual_proofs\":")?;
        let individual_proofs = cursor.list(pair)?;
        cursor.expect(",\"overall_proof\":")?;
        let overall_proof = cursor.list(Proof::read)?;
        let blank_proof = if cursor.accept(",\"blank_proof\":") { Some(pair(cursor)?) } else { None };
        cursor.expect("}")?;
        Ok(Self { choices, individual_proofs, overall_proof, blank_proof })
    }
}

fn pair(cursor: &mut Cursor<'_>) -> Result<[Proof; 2]> {
    cursor.expect("[")?;
    let first = Proof::read(cursor)?;
    cursor.expect(",")?;
    let second = Proof::read(cursor)?;
    cursor.expect("]")?;
    Ok([first, second])
}

/// A sealed ballot, read but not yet checked.
#[derive(Clone, Debug)]
pub struct Ballot<'a> {
    /// The identifier of the election, as the ballot has it.
    pub uuid: &'a [u8],
    /// The fingerprint of the election, as the ballot has it.
    pub fingerprint: [u8; 32],
    /// The public credential, compressed.
    pub credential: [u8; 32],
    /// An answer for each question.
    pub answers: Vec<Answer>,
    /// The signature.
    pub signature: Proof,
    /// The bytes that are signed: the field `message` as it stands.
    pub message: &'a [u8],
}

impl<'a> Ballot<'a> {
    /// Reads a ballot from the bytes that are hashed.
    ///
    /// Fails where they are not exactly one ballot, compact, with its fields in order: there is one way to write a
    /// ballot, and every other one is refused.
    pub fn parse(bytes: &'a [u8]) -> Result<Self> {
        let mut cursor = Cursor::new(bytes);
        cursor.expect("{\"message\":")?;
        let start = cursor.position();
        cursor.expect("{\"election_uuid\":\"")?;
        let uuid = cursor.base58()?;
        cursor.expect("\",\"election_hash\":")?;
        let fingerprint = cursor.hash()?;
        cursor.expect(",\"credential\":")?;
        let credential = cursor.compressed()?;
        cursor.expect(",\"answers\":")?;
        let answers = cursor.list(Answer::read)?;
        cursor.expect("}")?;
        let message = cursor.since(start);
        cursor.expect(",\"signature\":")?;
        let signature = Proof::read(&mut cursor)?;
        cursor.expect("}")?;
        cursor.end()?;
        Ok(Self { uuid, fingerprint, credential, answers, signature, message })
    }
}
