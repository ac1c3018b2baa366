//! Verification keys (section "Verification keys") with the outer signature that ties them to a certificate.

use curve25519_dalek::scalar::Scalar;

use crate::belenios::group::{Element, text};
use crate::belenios::json::{Cursor, push_string};
use crate::belenios::proof::{Proof, sign, verify};
use crate::{Error, Result};

/// What the inner signature is for: the tag without its prefix.
const INNER: &str = "verification_key";
/// What the outer one is for.
const OUTER: &str = "outer-verification_key";

/// The public half of a decryption key. The inner signature proves that its private half is known; the outer one, made
/// with the key of a certificate, says whose it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerificationKey {
    /// X = g^x.
    pub public_key: Element,
    /// The name of its owner.
    pub name: Option<String>,
    inner: Proof,
    outer: Proof,
}

impl VerificationKey {
    /// Publishes the key of a private one.
    pub fn new(private_key: &Scalar, name: Option<&str>, signing_key: &Scalar) -> Result<Self> {
        let zero = Proof::default();
        let name = name.map(str::to_owned);
        let mut key = Self { public_key: Element::power(private_key), name, inner: zero, outer: zero };
        key.inner = sign(INNER, private_key, key.message().as_bytes())?;
        key.outer = sign(OUTER, signing_key, key.signed_message().as_bytes())?;
        Ok(key)
    }

    /// The raw key with its name, which the inner signature signs.
    fn message(&self) -> String {
        let mut message = format!("{{\"public_key\":\"{}\"", text(&self.public_key.hex()));
        if let Some(name) = &self.name {
            message.push_str(",\"name\":");
            push_string(name, &mut message);
        }
        message.push('}');
        message
    }

    /// What the outer signature signs.
    fn signed_message(&self) -> String {
        format!("{{\"message\":{},\"signature\":{}}}", self.message(), self.inner.json())
    }

    /// The key as JSON.
    pub fn json(&self) -> String {
        format!("{{\"message\":{},\"signature\":{}}}", self.signed_message(), self.outer.json())
    }

    /// Reads what [`Self::json`] writes.
    pub fn read(cursor: &mut Cursor<'_>) -> Result<Self> {
        cursor.expect("{\"message\":{\"message\":{\"public_key\":")?;
        let public_key = cursor.element()?;
        let name = if cursor.accept(",\"name\":") { Some(cursor.string()?) } else { None };
        cursor.expect("},\"signature\":")?;
        let inner = Proof::read(cursor)?;
        cursor.expect("},\"signature\":")?;
        let outer = Proof::read(cursor)?;
        cursor.expect("}")?;
        Ok(Self { public_key, name, inner, outer })
    }

    /// Checks that the private half is known, and that the owner of a certificate's key vouches for it.
    pub fn check(&self, verification: &Element) -> Result<()> {
        if self.public_key.is_identity() {
            return Err(Error::Belenios("the public key is the identity, which is no key".to_owned()));
        }
        if !verify(INNER, &self.public_key, self.message().as_bytes(), &self.inner) {
            return Err(Error::Belenios(
                "the inner signature of the verification key is not that of its private key".to_owned(),
            ));
        }
        if !verify(OUTER, verification, self.signed_message().as_bytes(), &self.outer) {
            return Err(Error::Belenios(
                "the outer signature of the verification key is not that of the certificate".to_owned(),
            ));
        }
        Ok(())
    }
}
