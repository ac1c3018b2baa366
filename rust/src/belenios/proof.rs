//! Zero-knowledge proofs: signatures (section "Signing"), and disjunctions over ciphertexts (sections "Proofs of interval
//! membership" and "Proofs of possibly-blank votes").

use curve25519_dalek::constants::ED25519_BASEPOINT_POINT;
use curve25519_dalek::edwards::{EdwardsBasepointTable, EdwardsPoint, VartimeEdwardsPrecomputation};
use curve25519_dalek::scalar::Scalar;
use curve25519_dalek::traits::{BasepointTable, VartimePrecomputedMultiscalarMul};
use subtle::{ConditionallySelectable, ConstantTimeEq};
use zeroize::Zeroizing;

use super::group::{self, Element, Hex};
use super::hash::hash_group;
use super::json::Cursor;
use crate::Result;

/// A challenge and the response to it, both reduced.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Proof {
    /// What the hash gave.
    pub challenge: Scalar,
    /// What the prover answered.
    pub response: Scalar,
}

impl Proof {
    /// Reads `{"challenge":"…","response":"…"}`.
    pub fn read(cursor: &mut Cursor<'_>) -> Result<Self> {
        cursor.expect("{\"challenge\":")?;
        let challenge = cursor.scalar()?;
        cursor.expect(",\"response\":")?;
        let response = cursor.scalar()?;
        cursor.expect("}")?;
        Ok(Self { challenge, response })
    }

    /// Writes what `read` reads.
    pub fn write(&self, to: &mut String) {
        to.push_str("{\"challenge\":\"");
        to.push_str(&group::decimal(&self.challenge));
        to.push_str("\",\"response\":\"");
        to.push_str(&group::decimal(&self.response));
        to.push_str("\"}");
    }

    /// The proof as JSON.
    pub fn json(&self) -> String {
        let mut written = String::with_capacity(190);
        self.write(&mut written);
        written
    }
}

/// Signs a message with a secret exponent (section "Signing"); `purpose` is the tag without its prefix.
///
/// Fails only where the system has no randomness.
pub fn sign(purpose: &str, secret: &Scalar, message: &[u8]) -> Result<Proof> {
    let verification = Element::power(secret).hex();
    let nonce = group::random_scalar()?;
    let commitment = Element::power(&nonce).hex();
    let challenge = hash_group(purpose, &[&verification, b"|", message], &[commitment]);
    Ok(Proof { challenge, response: *nonce - secret * challenge })
}

/// Whether a signature on a message is that of a verification key.
pub fn verify(purpose: &str, key: &Element, message: &[u8], signature: &Proof) -> bool {
    let commitment = EdwardsPoint::vartime_double_scalar_mul_basepoint(
        &signature.challenge,
        key.point(),
        &signature.response,
    );
    let commitment = Element::from_point(commitment).hex();
    signature.challenge == hash_group(purpose, &[&key.hex(), b"|", message], &[commitment])
}

/// The election's public key y with tables for its powers.
pub struct Key {
    /// The key itself.
    pub element: Element,
    secretly: Box<EdwardsBasepointTable>,
    publicly: VartimeEdwardsPrecomputation,
}

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Key").field(&group::text(&self.element.hex())).finish()
    }
}

impl Key {
    /// Builds the tables.
    pub fn new(element: Element) -> Self {
        let secretly = Box::new(EdwardsBasepointTable::create(element.point()));
        let publicly = VartimeEdwardsPrecomputation::new([ED25519_BASEPOINT_POINT, *element.point()]);
        Self { element, secretly, publicly }
    }

    /// y^x, in constant time.
    pub fn power(&self, exponent: &Scalar) -> EdwardsPoint {
        &*self.secretly * exponent
    }

    /// The commitments of one branch of a disjunction: g^response alpha^challenge and y^response (beta/g^value)^challenge.
    fn commitments(&self, branch: &Branch, proof: &Proof) -> [Hex; 2] {
        let first = EdwardsPoint::vartime_double_scalar_mul_basepoint(
            &proof.challenge,
            &branch.alpha,
            &proof.response,
        );
        let second = self.publicly.vartime_mixed_multiscalar_mul(
            [-(Scalar::from(branch.value) * proof.challenge), proof.response],
            [proof.challenge],
            [branch.beta],
        );
        [Element::from_point(first).hex(), Element::from_point(second).hex()]
    }

    /// Whether one of the branches is true: the check of every disjunction.
    pub fn check(&self, statement: &Statement<'_>, branches: &[Branch], proofs: &[Proof]) -> bool {
        if branches.len() != proofs.len() {
            return false;
        }
        let commitments: Vec<Hex> =
            branches.iter().zip(proofs).flat_map(|(branch, proof)| self.commitments(branch, proof)).collect();
        let sum: Scalar = proofs.iter().map(|proof| proof.challenge).sum();
        hash_group(statement.purpose, statement.message, &commitments) == sum
    }

    /// Proves that the branch of number `place` is true, in a time that depends on no secret.
    ///
    /// Every branch has its nonce w, commitments g^w and y^w g^(difference challenge), and response w - r challenge. In
    /// the true one the difference is nothing, and its challenge can wait for the hash; in the others it was drawn.
    pub fn prove(&self, statement: &Statement<'_>, secrets: &[Secret], place: u32) -> Result<Vec<Proof>> {
        let mut nonces = Zeroizing::new(Vec::with_capacity(secrets.len()));
        let mut challenges = Zeroizing::new(Vec::with_capacity(secrets.len()));
        let mut commitments = Vec::with_capacity(2 * secrets.len());
        let mut drawn = Zeroizing::new(Scalar::ZERO);
        for (number, secret) in (0u32..).zip(secrets) {
            let nonce = group::random_scalar()?;
            let challenge = group::random_scalar()?;
            *drawn += Scalar::conditional_select(&challenge, &Scalar::ZERO, number.ct_eq(&place));
            let shift = Zeroizing::new(*secret.difference * *challenge);
            commitments.push(Element::power(&nonce).hex());
            commitments.push(Element::from_point(self.power(&nonce) + EdwardsPoint::mul_base(&shift)).hex());
            nonces.push(*nonce);
            challenges.push(*challenge);
        }
        let due = Zeroizing::new(hash_group(statement.purpose, statement.message, &commitments) - *drawn);
        let proofs = (0u32..).zip(secrets).enumerate().map(|(at, (number, secret))| {
            let challenge = Scalar::conditional_select(&challenges[at], &due, number.ct_eq(&place));
            Proof { challenge, response: nonces[at] - *secret.randomness * challenge }
        });
        Ok(proofs.collect())
    }
}

/// What a disjunction is about, as it is hashed before the commitments.
#[derive(Clone, Copy)]
pub struct Statement<'a> {
    /// The tag without its prefix: `prove`, `bproof0` or `bproof1`.
    pub purpose: &'a str,
    /// The message, in parts.
    pub message: &'a [&'a [u8]],
}

/// One branch of a disjunction as everybody sees it: that (alpha, beta) encrypts `value`.
#[derive(Clone, Copy)]
pub struct Branch {
    /// g^r.
    pub alpha: EdwardsPoint,
    /// y^r g^m.
    pub beta: EdwardsPoint,
    /// The value that m is said to have.
    pub value: u64,
}

/// One branch as the prover sees it.
pub struct Secret {
    /// The r of the ciphertext.
    pub randomness: Zeroizing<Scalar>,
    /// m less the value of the branch: nothing in a true one.
    pub difference: Zeroizing<Scalar>,
}
