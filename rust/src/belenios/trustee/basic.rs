//! Single trustees (section "Basic trustees"), without whom nothing is decrypted.

use super::certificate::Keys;
use super::seed::Seed;
use super::verification_key::VerificationKey;
use crate::Result;
use crate::belenios::group::text;
use crate::belenios::hash::sha256_hex;
use crate::belenios::json::Cursor;
use crate::belenios::proof::{Proof, sign};

/// What the signature of a single trustee's certificate is for: the tag without its prefix.
const PURPOSE: &str = "basic-cert";
/// The context of such a certificate.
const CONTEXT: &str = "null";

/// What a single trustee publishes: a certificate and a verification key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Basic {
    /// The keys of the certificate.
    pub keys: Keys,
    signature: Proof,
    /// The verification key.
    pub verification_key: VerificationKey,
}

impl Basic {
    /// What the trustee of a seed publishes.
    pub fn new(seed: &Seed, name: Option<&str>) -> Result<Self> {
        let keys = Keys::of(seed);
        let signing_key = seed.signing_key();
        let signature = sign(PURPOSE, &signing_key, keys.with_context(CONTEXT).as_bytes())?;
        let verification_key = VerificationKey::new(&seed.basic_key(), name, &signing_key)?;
        Ok(Self { keys, signature, verification_key })
    }

    /// Reads what [`Self::json`] writes.
    pub fn read(cursor: &mut Cursor<'_>) -> Result<Self> {
        cursor.expect("{\"cert\":{\"message\":{\"context\":null")?;
        let keys = Keys::read(cursor)?;
        cursor.expect(",\"signature\":")?;
        let signature = Proof::read(cursor)?;
        cursor.expect("},\"verification_key\":")?;
        let verification_key = VerificationKey::read(cursor)?;
        cursor.expect("}")?;
        Ok(Self { keys, signature, verification_key })
    }

    /// Reads a record that is what a single trustee publishes and nothing else.
    pub fn parse(bytes: &[u8]) -> Result<Self> {
        let mut cursor = Cursor::new(bytes);
        let basic = Self::read(&mut cursor)?;
        cursor.end()?;
        Ok(basic)
    }

    /// What is published, as JSON.
    pub fn json(&self) -> String {
        format!(
            "{{\"cert\":{{\"message\":{},\"signature\":{}}},\"verification_key\":{}}}",
            self.keys.with_context(CONTEXT),
            self.signature.json(),
            self.verification_key.json()
        )
    }

    /// Checks the certificate, and that the verification key belongs to it.
    pub fn check(&self) -> Result<()> {
        self.keys.check(PURPOSE, CONTEXT, &self.signature)?;
        self.verification_key.check(&self.keys.verification)
    }

    /// The identifier after which the official files are named: eight digits, in capitals, of the hash of the certificate's
    /// key.
    pub fn id(&self) -> String {
        let hash = sha256_hex(&self.keys.verification.hex());
        text(&hash)[..8].to_ascii_uppercase()
    }
}
