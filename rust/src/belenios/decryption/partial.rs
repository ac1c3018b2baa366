//! Partial decryptions: what each trustee makes of the encrypted tally, with a proof for every factor.

use curve25519_dalek::edwards::EdwardsPoint;
use curve25519_dalek::scalar::Scalar;
use curve25519_dalek::traits::VartimeMultiscalarMul;
use rayon::prelude::*;
use zeroize::Zeroizing;

use super::tally::{EncryptedTally, lists, same_shape};
use crate::belenios::election::Election;
use crate::belenios::group::{Element, Hex, random_scalar, text};
use crate::belenios::hash::hash_group;
use crate::belenios::json::Cursor;
use crate::belenios::proof::{Proof, sign, verify};
use crate::belenios::trustee::certificate::Keys;
use crate::belenios::trustee::pedersen::private_key;
use crate::belenios::trustee::seed::Seed;
use crate::belenios::trustee::{Member, Trustees};
use crate::{Error, Result};

/// What the signature of a partial decryption is for: the tag without its prefix.
const PURPOSE: &str = "partial_decryption";

/// alpha^x, with the proof that the x is that of the trustee's public key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Factor {
    /// alpha^x.
    pub factor: Element,
    /// That log of `factor` to the base alpha is log of X to the base g.
    pub proof: Proof,
}

impl Factor {
    fn new(context: &Context<'_>, alpha: &Element, private_key: &Scalar) -> Result<Self> {
        let nonce = random_scalar()?;
        let commitments = [Element::power(&nonce), Element::from_point(alpha.point() * *nonce)];
        let challenge = context.challenge(&commitments);
        let proof = Proof { challenge, response: *nonce - private_key * challenge };
        Ok(Self { factor: Element::from_point(alpha.point() * private_key), proof })
    }

    fn holds(&self, context: &Context<'_>, alpha: &Element) -> bool {
        let Proof { challenge, response } = self.proof;
        let first = EdwardsPoint::vartime_double_scalar_mul_basepoint(
            &challenge,
            context.public_key.point(),
            &response,
        );
        let second = EdwardsPoint::vartime_multiscalar_mul(
            [response, challenge],
            [alpha.point(), self.factor.point()],
        );
        context.challenge(&[Element::from_point(first), Element::from_point(second)]) == challenge
    }

    fn read(cursor: &mut Cursor<'_>) -> Result<Self> {
        cursor.expect("{\"factor\":")?;
        let factor = cursor.element()?;
        cursor.expect(",\"proof\":")?;
        let proof = Proof::read(cursor)?;
        cursor.expect("}")?;
        Ok(Self { factor, proof })
    }

    fn json(&self) -> String {
        format!("{{\"factor\":\"{}\",\"proof\":{}}}", text(&self.factor.hex()), self.proof.json())
    }
}

/// What every challenge of a partial decryption is about.
struct Context<'a> {
    fingerprint: &'a Hex,
    public_key: &'a Element,
    digits: Hex,
}

impl<'a> Context<'a> {
    fn new(election: &'a Election, public_key: &'a Element) -> Self {
        Self { fingerprint: &election.fingerprint, public_key, digits: public_key.hex() }
    }

    fn challenge(&self, commitments: &[Element; 2]) -> Scalar {
        let message: [&[u8]; 4] = [self.fingerprint, b"|", &self.digits, b"|"];
        hash_group("decrypt", &message, &commitments.map(|element| element.hex()))
    }
}

/// The partial decryption of one trustee, read but not yet checked.
#[derive(Clone, Debug)]
pub struct PartialDecryption<'a> {
    /// For each question and each of its answers, a factor.
    pub factors: Vec<Vec<Factor>>,
    /// The signature.
    pub signature: Proof,
    /// The bytes that are signed: the field `message` as it stands.
    message: &'a [u8],
}

impl<'a> PartialDecryption<'a> {
    /// Reads a partial decryption from the bytes that are hashed.
    pub fn parse(bytes: &'a [u8]) -> Result<Self> {
        let mut cursor = Cursor::new(bytes);
        cursor.expect("{\"message\":")?;
        let start = cursor.position();
        let factors = cursor.list(|cursor| cursor.list(Factor::read))?;
        let message = cursor.since(start);
        cursor.expect(",\"signature\":")?;
        let signature = Proof::read(&mut cursor)?;
        cursor.expect("}")?;
        cursor.end()?;
        Ok(Self { factors, signature, message })
    }

    /// Checks that this is the partial decryption of an encrypted tally by the trustee of a number, from 1: its shape,
    /// its signature, and the proof of each factor. The trustees themselves have been checked.
    pub fn check(
        &self,
        election: &Election,
        trustees: &Trustees,
        tally: &EncryptedTally,
        owner: u64,
    ) -> Result<()> {
        let members = trustees.members();
        let Some(member) = members.iter().find(|member| member.owner == owner) else {
            return Err(Error::Belenios(format!(
                "a partial decryption of trustee {owner} (expected: from 1 to {})",
                members.len()
            )));
        };
        self.check_member(election, tally, member).map_err(|error| {
            Error::Belenios(format!("the partial decryption of {}: {error}", member.described()))
        })
    }

    fn check_member(&self, election: &Election, tally: &EncryptedTally, member: &Member<'_>) -> Result<()> {
        same_shape("it", &self.factors, &tally.shape())?;
        if !verify(PURPOSE, member.verification, self.message, &self.signature) {
            return Err(Error::Belenios("the signature is not that of the trustee".to_owned()));
        }
        let context = Context::new(election, member.public_key);
        let pairs: Vec<_> = (1..)
            .zip(tally.0.iter().zip(&self.factors))
            .flat_map(|(question, (ciphertexts, factors))| {
                (1..)
                    .zip(ciphertexts.iter().zip(factors))
                    .map(move |(answer, ([alpha, _], factor))| (question, answer, alpha, factor))
            })
            .collect();
        let wrong = pairs.par_iter().find_first(|(_, _, alpha, factor)| !factor.holds(&context, alpha));
        match wrong {
            None => Ok(()),
            Some((question, answer, ..)) => Err(Error::Belenios(format!(
                "question {question}, answer {answer}: the proof of the factor does not hold"
            ))),
        }
    }
}

/// Decrypts an encrypted tally in part, with the seed of a trustee and, in a group, the trustee's share (the message
/// that the founding of the group ended with). Answers the trustee's number, from 1, and the record.
///
/// Fails where the seed belongs to none of the trustees, or the share is missing or not the seed's. The trustees and the
/// shape of the tally have been checked.
pub fn partial_decryption(
    election: &Election,
    trustees: &Trustees,
    tally: &EncryptedTally,
    seed: &Seed,
    share: Option<&[u8]>,
) -> Result<(u64, String)> {
    let keys = Keys::of(seed);
    let members = trustees.members();
    let Some(member) = members.iter().find(|member| *member.verification == keys.verification) else {
        return Err(Error::Belenios(format!(
            "this seed is that of none of the {} trustees of the election",
            members.len()
        )));
    };
    let key = secret_of(member, seed, share)
        .map_err(|error| Error::Belenios(format!("{}: {error}", member.described())))?;
    let context = Context::new(election, member.public_key);
    let factors = tally
        .0
        .iter()
        .map(|ciphertexts| {
            ciphertexts.par_iter().map(|[alpha, _]| Factor::new(&context, alpha, &key)).collect()
        })
        .collect::<Result<Vec<Vec<Factor>>>>()?;
    let message = lists(&factors, Factor::json);
    let signature = sign(PURPOSE, &seed.signing_key(), message.as_bytes())?;
    Ok((member.owner, format!("{{\"message\":{message},\"signature\":{}}}", signature.json())))
}

/// The private key of a trustee, held against the public one.
fn secret_of(member: &Member<'_>, seed: &Seed, share: Option<&[u8]>) -> Result<Zeroizing<Scalar>> {
    let key = match (member.place, share) {
        (None, None) => seed.basic_key(),
        (None, Some(_)) => {
            return Err(Error::Belenios(
                "a single trustee has no share (expected: the seed alone)".to_owned(),
            ));
        }
        (Some(_), None) => {
            return Err(Error::Belenios("the share of the trustee in the group's key is missing".to_owned()));
        }
        (Some(_), Some(share)) => private_key(seed, share)?,
    };
    if Element::power(&key) == *member.public_key {
        Ok(key)
    } else {
        Err(Error::Belenios("the private key is not that of the published public key".to_owned()))
    }
}
