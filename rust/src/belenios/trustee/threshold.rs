//! Groups of trustees with a threshold, as they are published (section "Threshold parameters").

use super::certificate::{PedersenCertificate, check_certificates};
use super::context::Context;
use super::polynomial::Coefficients;
use super::verification_key::VerificationKey;
use crate::belenios::group::Element;
use crate::belenios::json::{Cursor, shown};
use crate::belenios::proof::{Proof, sign, verify};
use crate::{Error, Result};
use curve25519_dalek::scalar::Scalar;

/// What the signature on all certificates is for: the tag without its prefix.
const PURPOSE: &str = "pedersen-certs";

/// What a group publishes. Any `context.threshold` of its trustees decrypt, fewer do not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Threshold {
    /// Names and threshold.
    pub context: Context,
    /// The certificates, in order.
    pub certificates: Vec<PedersenCertificate>,
    /// The exponentiated coefficients of each.
    pub coefexps: Vec<Coefficients>,
    /// The signature of each on all certificates.
    pub signatures: Vec<Proof>,
    /// The verification key of each.
    pub verification_keys: Vec<VerificationKey>,
}

/// The context with all certificates: what each trustee signs.
fn certificates_message(context: &Context, certificates: &[PedersenCertificate]) -> String {
    format!(
        "{{\"context\":{},\"certs\":[{}]}}",
        context.json(),
        join(certificates, PedersenCertificate::json)
    )
}

/// Signs all certificates.
pub(super) fn sign_certificates(
    context: &Context,
    certificates: &[PedersenCertificate],
    signing_key: &Scalar,
) -> Result<Proof> {
    sign(PURPOSE, signing_key, certificates_message(context, certificates).as_bytes())
}

/// Checks what each trustee published: the coefficients to which the certificate commits, as many as the threshold, and
/// the signature on all certificates. The certificates have been checked.
pub(super) fn check_polynomials(
    context: &Context,
    certificates: &[PedersenCertificate],
    coefexps: &[Coefficients],
    signatures: &[Proof],
) -> Result<()> {
    let expected = certificates.len();
    for (what, seen) in [("coefexps", coefexps.len()), ("signatures", signatures.len())] {
        if seen != expected {
            return Err(Error::Belenios(format!(
                "{seen} {what} (expected: {expected}, one for each trustee)"
            )));
        }
    }
    let fail = |at: usize, what: &str| {
        Err(Error::Belenios(format!("trustee {} ({}): {what}", at + 1, shown(&context.names[at]))))
    };
    for (at, (certificate, coefexps)) in certificates.iter().zip(coefexps).enumerate() {
        if coefexps.hash() != certificate.coefexps {
            return fail(at, "the coefexps are not those to which the certificate commits");
        }
        let (seen, expected) = (coefexps.0.len(), context.size());
        if seen != expected {
            return fail(at, &format!("{seen} coefexps (expected: {expected}, the threshold)"));
        }
    }
    let message = certificates_message(context, certificates);
    for (at, (certificate, signature)) in certificates.iter().zip(signatures).enumerate() {
        if !verify(PURPOSE, &certificate.keys.verification, message.as_bytes(), signature) {
            return fail(at, "the signature on the certificates is not that of the trustee");
        }
    }
    Ok(())
}

/// The items as JSON with commas between them.
pub(super) fn join<T>(items: &[T], json: impl Fn(&T) -> String) -> String {
    items.iter().map(json).collect::<Vec<_>>().join(",")
}

impl Threshold {
    /// Reads what [`Self::json`] writes.
    pub fn read(cursor: &mut Cursor<'_>) -> Result<Self> {
        // The specification has `threshold` in place of `context`.
        cursor.expect("{\"context\":")?;
        let context = Context::read(cursor)?;
        cursor.expect(",\"certs\":")?;
        let certificates = cursor.list(PedersenCertificate::read)?;
        cursor.expect(",\"coefexps\":")?;
        let coefexps = cursor.list(Coefficients::read)?;
        cursor.expect(",\"signatures\":")?;
        let signatures = cursor.list(Proof::read)?;
        cursor.expect(",\"verification_keys\":")?;
        let verification_keys = cursor.list(VerificationKey::read)?;
        cursor.expect("}")?;
        Ok(Self { context, certificates, coefexps, signatures, verification_keys })
    }

    /// Reads a record that is what a group publishes and nothing else.
    pub fn parse(bytes: &[u8]) -> Result<Self> {
        let mut cursor = Cursor::new(bytes);
        let threshold = Self::read(&mut cursor)?;
        cursor.end()?;
        Ok(threshold)
    }

    /// What is published, as JSON.
    pub fn json(&self) -> String {
        format!(
            "{{\"context\":{},\"certs\":[{}],\"coefexps\":[{}],\"signatures\":[{}],\"verification_keys\":[{}]}}",
            self.context.json(),
            join(&self.certificates, PedersenCertificate::json),
            join(&self.coefexps, Coefficients::json),
            join(&self.signatures, Proof::json),
            join(&self.verification_keys, VerificationKey::json)
        )
    }

    /// Checks everything that the group publishes; an error names the trustee whose part does not hold.
    pub fn check(&self) -> Result<()> {
        self.context.check()?;
        check_certificates(&self.context, &self.certificates)?;
        check_polynomials(&self.context, &self.certificates, &self.coefexps, &self.signatures)?;
        self.check_verification_keys()
    }

    /// Checks that each verification key is the one that the coefficients give, bears its owner's name, and has both of
    /// its signatures. Everything before it has been checked.
    pub(super) fn check_verification_keys(&self) -> Result<()> {
        let expected = self.certificates.len();
        if self.verification_keys.len() != expected {
            return Err(Error::Belenios(format!(
                "{} verification keys (expected: {expected}, one for each trustee)",
                self.verification_keys.len()
            )));
        }
        let sum = Coefficients::product(&self.coefexps);
        for ((index, key), certificate) in (1..).zip(&self.verification_keys).zip(&self.certificates) {
            let name = &self.context.names[usize::try_from(index - 1).unwrap_or(usize::MAX)];
            let fail = |what: String| Error::Belenios(format!("trustee {index} ({}): {what}", shown(name)));
            if key.name.as_ref() != Some(name) {
                let seen = key
                    .name
                    .as_deref()
                    .map_or("no name".to_owned(), |name| format!("the name {}", shown(name)));
                return Err(fail(format!("the verification key bears {seen}")));
            }
            if key.public_key != sum.evaluate(index) {
                return Err(fail("the public key is not the one that the coefexps give".to_owned()));
            }
            key.check(&certificate.keys.verification).map_err(|error| fail(error.to_string()))?;
        }
        Ok(())
    }

    /// The sub-key of the group: the product of the constant coefficients.
    pub fn key(&self) -> Element {
        let constants = self.coefexps.iter().filter_map(|coefficients| coefficients.0.first());
        Element::from_point(constants.map(Element::point).sum())
    }
}
