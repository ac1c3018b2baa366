//! Certificates (sections "Certificates" and "Pedersen certificates"): the keys with which trustees sign, and with which
//! they are written to.

use std::collections::HashMap;

use crate::belenios::group::{Element, Hex, hex, text};
use crate::belenios::hash::sha256_hex;
use crate::belenios::json::{Cursor, shown};
use crate::belenios::proof::{Proof, sign, verify};
use crate::{Error, Result};

use super::context::Context;
use super::seed::Seed;

/// The two public keys of a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Keys {
    /// vk: verifies the trustee's signatures.
    pub verification: Element,
    /// ek: encrypts what is sent to the trustee.
    pub encryption: Element,
}

impl Keys {
    /// The keys that a seed makes.
    pub fn of(seed: &Seed) -> Self {
        Self {
            verification: Element::power(&seed.signing_key()),
            encryption: Element::power(&seed.decryption_key()),
        }
    }

    /// Reads the two last fields of a `cert_keys`.
    pub(super) fn read(cursor: &mut Cursor<'_>) -> Result<Self> {
        cursor.expect(",\"verification\":")?;
        let verification = cursor.element()?;
        cursor.expect(",\"encryption\":")?;
        let encryption = cursor.element()?;
        cursor.expect("}")?;
        Ok(Self { verification, encryption })
    }

    /// A `cert_keys` with a context.
    pub(super) fn with_context(&self, context: &str) -> String {
        format!(
            "{{\"context\":{context},\"verification\":\"{}\",\"encryption\":\"{}\"}}",
            text(&self.verification.hex()),
            text(&self.encryption.hex())
        )
    }

    /// Checks a certificate's signature on its keys in their context, for a purpose (the tag without its prefix).
    pub(super) fn check(&self, purpose: &str, context: &str, signature: &Proof) -> Result<()> {
        if self.verification.is_identity() || self.encryption.is_identity() {
            return Err(Error::Belenios(
                "a key of the certificate is the identity, which is no key".to_owned(),
            ));
        }
        if verify(purpose, &self.verification, self.with_context(context).as_bytes(), signature) {
            Ok(())
        } else {
            Err(Error::Belenios("the signature of the certificate is not that of its key".to_owned()))
        }
    }
}

/// What the signature of a Pedersen certificate is for: the tag without its prefix.
const PURPOSE: &str = "pedersen-cert";

/// The certificate of a trustee of a group with a threshold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PedersenCertificate {
    /// The place of its owner in the group, from 1.
    pub index: u64,
    /// The hash of the exponentiated coefficients to which the owner is committed.
    pub coefexps: [u8; 32],
    /// The keys.
    pub keys: Keys,
    signature: Proof,
}

impl PedersenCertificate {
    /// The certificate that a seed makes for the trustee of a place, from 1.
    pub fn new(context: &Context, index: u64, seed: &Seed) -> Result<Self> {
        let coefexps = seed.polynomial(context.size())?.coefficients().hash();
        let mut certificate = Self { index, coefexps, keys: Keys::of(seed), signature: Proof::default() };
        let message = certificate.keys.with_context(&certificate.full_context(context));
        certificate.signature = sign(PURPOSE, &seed.signing_key(), message.as_bytes())?;
        Ok(certificate)
    }

    /// The context that is signed, with that of the group.
    fn full_context(&self, context: &Context) -> String {
        format!(
            "{{\"context\":{{\"context\":{},\"index\":{}}},\"coefexps\":\"{}\"}}",
            context.json(),
            self.index,
            text(&hex(&self.coefexps))
        )
    }

    /// The compressed message, in which the index alone stands for the context.
    fn message(&self) -> String {
        let context =
            format!("{{\"context\":{},\"coefexps\":\"{}\"}}", self.index, text(&hex(&self.coefexps)));
        self.keys.with_context(&context)
    }

    /// The certificate as JSON.
    pub fn json(&self) -> String {
        format!("{{\"message\":{},\"signature\":{}}}", self.message(), self.signature.json())
    }

    /// The identifier after which the official files are named: the hash of the message.
    pub fn id(&self) -> Hex {
        sha256_hex(self.message().as_bytes())
    }

    /// Reads what [`Self::json`] writes.
    pub fn read(cursor: &mut Cursor<'_>) -> Result<Self> {
        cursor.expect("{\"message\":{\"context\":{\"context\":")?;
        let index = cursor.number()?;
        cursor.expect(",\"coefexps\":")?;
        let coefexps = cursor.hash()?;
        cursor.expect("}")?;
        let keys = Keys::read(cursor)?;
        cursor.expect(",\"signature\":")?;
        let signature = Proof::read(cursor)?;
        cursor.expect("}")?;
        Ok(Self { index, coefexps, keys, signature })
    }

    /// Reads a record that is a certificate and nothing else.
    pub fn parse(bytes: &[u8]) -> Result<Self> {
        let mut cursor = Cursor::new(bytes);
        let certificate = Self::read(&mut cursor)?;
        cursor.end()?;
        Ok(certificate)
    }

    /// Checks that the certificate is that of a place, from 1, and signed with its own key in this context.
    pub fn check(&self, context: &Context, index: u64) -> Result<()> {
        if self.index != index {
            return Err(Error::Belenios(format!(
                "the certificate says index {} (expected: {index})",
                self.index
            )));
        }
        self.keys.check(PURPOSE, &self.full_context(context), &self.signature)
    }
}

/// Checks the certificates of a whole group: one for each name, each for its place, no key in two of them.
///
/// The specification does not forbid two equal keys, but one person would then hold two shares.
pub fn check_certificates(context: &Context, certificates: &[PedersenCertificate]) -> Result<()> {
    if certificates.len() != context.names.len() {
        return Err(Error::Belenios(format!(
            "{} certificates (expected: {}, one for each name)",
            certificates.len(),
            context.names.len()
        )));
    }
    for ((index, certificate), name) in (1..).zip(certificates).zip(&context.names) {
        certificate
            .check(context, index)
            .map_err(|error| Error::Belenios(format!("certificate {index} ({}): {error}", shown(name))))?;
    }
    let mut owners = HashMap::new();
    for (index, certificate) in (1u64..).zip(certificates) {
        let Keys { verification, encryption } = certificate.keys;
        for key in [("verification", verification), ("encryption", encryption)] {
            if let Some(other) = owners.insert((key.0, key.1.compressed()), index) {
                return Err(Error::Belenios(format!(
                    "certificates {other} and {index} have the same {} key (expected: a key of its own for each trustee)",
                    key.0
                )));
            }
        }
    }
    Ok(())
}
