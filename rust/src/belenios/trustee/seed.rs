//! The seed of a trustee, and everything that is derived from it (sections "Public key infrastructure" and "Basic
//! trustees").

use curve25519_dalek::scalar::Scalar;
use zeroize::Zeroizing;

use super::polynomial::Polynomial;
use crate::belenios::credential::{SEED_LENGTH, is_base58, random_base58};
use crate::belenios::hash::{hash_group, hash_to_field};
use crate::{Error, Result};

/// The shortest seed: the 22 characters of the specification, 128 bits strong.
const SHORTEST: usize = 22;
/// The longest that is read; the official files have 44.
const LONGEST: usize = 1024;

/// The seed of a trustee: whoever has it has all keys of the trustee. It is wiped, and is never shown in `Debug`.
pub struct Seed(Zeroizing<String>);

impl Seed {
    /// A new seed, from the operating system.
    pub fn random() -> Result<Self> {
        random_base58(SEED_LENGTH).map(Self)
    }

    /// Reads a seed.
    ///
    /// Fails where the text is none; the text is not repeated.
    pub fn parse(text: &str) -> Result<Self> {
        if (SHORTEST..=LONGEST).contains(&text.len()) && is_base58(text) {
            Ok(Self(Zeroizing::new(text.to_owned())))
        } else {
            Err(Error::Belenios(format!(
                "this is no trustee's seed (expected: at least {SHORTEST} characters of Base58, as a rule {SEED_LENGTH})"
            )))
        }
    }

    /// The characters, for the file that the trustee keeps.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// sk: signs what the trustee publishes and sends.
    pub fn signing_key(&self) -> Zeroizing<Scalar> {
        Zeroizing::new(hash_to_field("derive_sk", &[self.0.as_bytes()]))
    }

    /// dk: opens what is sent to the trustee.
    pub fn decryption_key(&self) -> Zeroizing<Scalar> {
        Zeroizing::new(hash_to_field("derive_dk", &[self.0.as_bytes()]))
    }

    /// The private key of a single trustee.
    pub fn basic_key(&self) -> Zeroizing<Scalar> {
        Zeroizing::new(hash_group("basic_key", &[self.0.as_bytes()], &[]))
    }

    /// The secret polynomial of a trustee of a group with a threshold.
    ///
    /// Fails where the threshold is larger than 170.
    pub fn polynomial(&self, threshold: usize) -> Result<Polynomial> {
        Polynomial::derive(self.0.as_bytes(), threshold)
    }
}
