//! The founding of a group with a threshold (section "Threshold trustees"), in the steps of the official tool: each
//! trustee makes a certificate, then a polynomial, then a share; whoever sits between them routes and combines.
//!
//! Every step checks everything that it is given, and names the trustee whose part does not hold.

use curve25519_dalek::scalar::Scalar;
use zeroize::Zeroizing;

use super::certificate::{Keys, PedersenCertificate, check_certificates};
use super::context::Context;
use super::message::Message;
use super::polynomial::Coefficients;
use super::seed::Seed;
use super::threshold::{Threshold, check_polynomials, join, sign_certificates};
use super::verification_key::VerificationKey;
use crate::belenios::group::{Element, decimal};
use crate::belenios::json::Cursor;
use crate::belenios::proof::Proof;
use crate::{Error, Result};

/// What the messages with the values of polynomials are for: the tag without its prefix.
const SECRET: &str = "secret";
/// What the message with a trustee's decryption key is for.
const DECRYPTION_KEY: &str = "pedersen-decryption_key";

/// Step 1: the certificate of the trustee of a place, from 1, with a new seed.
pub fn new_certificate(context: &Context, index: u64) -> Result<(Seed, PedersenCertificate)> {
    context.check_new()?;
    if index == 0 || index > context.names.len() as u64 {
        return Err(Error::Belenios(format!(
            "a certificate for place {index} (expected: from 1 to {})",
            context.names.len()
        )));
    }
    let seed = Seed::random()?;
    let certificate = PedersenCertificate::new(context, index, &seed)?;
    Ok((seed, certificate))
}

/// What a trustee publishes in step 3, and sends to every other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublishedPolynomial {
    secrets: Vec<Message>,
    coefexps: Coefficients,
    signature: Proof,
}

impl PublishedPolynomial {
    /// Reads a record that is a polynomial and nothing else.
    pub fn parse(bytes: &[u8]) -> Result<Self> {
        let mut cursor = Cursor::new(bytes);
        cursor.expect("{\"secrets\":")?;
        let secrets = cursor.list(Message::read)?;
        cursor.expect(",\"coefexps\":")?;
        let coefexps = Coefficients::read(&mut cursor)?;
        cursor.expect(",\"signature\":")?;
        let signature = Proof::read(&mut cursor)?;
        cursor.expect("}")?;
        cursor.end()?;
        Ok(Self { secrets, coefexps, signature })
    }

    /// The polynomial as JSON.
    pub fn json(&self) -> String {
        format!(
            "{{\"secrets\":[{}],\"coefexps\":{},\"signature\":{}}}",
            join(&self.secrets, Message::json),
            self.coefexps.json(),
            self.signature.json()
        )
    }
}

/// What a trustee is given in step 5: what the others wrote to this one, and what all published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Routed {
    secrets: Vec<Message>,
    coefexps: Vec<Coefficients>,
    signatures: Vec<Proof>,
}

impl Routed {
    /// Reads a record that is a `vinput` and nothing else.
    pub fn parse(bytes: &[u8]) -> Result<Self> {
        let mut cursor = Cursor::new(bytes);
        cursor.expect("{\"secrets\":")?;
        let secrets = cursor.list(Message::read)?;
        cursor.expect(",\"coefexps\":")?;
        let coefexps = cursor.list(Coefficients::read)?;
        cursor.expect(",\"signatures\":")?;
        let signatures = cursor.list(Proof::read)?;
        cursor.expect("}")?;
        cursor.end()?;
        Ok(Self { secrets, coefexps, signatures })
    }

    /// The `vinput` as JSON.
    pub fn json(&self) -> String {
        format!(
            "{{\"secrets\":[{}],\"coefexps\":[{}],\"signatures\":[{}]}}",
            join(&self.secrets, Message::json),
            join(&self.coefexps, Coefficients::json),
            join(&self.signatures, Proof::json)
        )
    }
}

/// What a trustee answers in step 5: the private key, encrypted for the trustee alone, and the public one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Share {
    private_key: Message,
    public_key: VerificationKey,
}

impl Share {
    /// Reads a record that is a `voutput` and nothing else.
    pub fn parse(bytes: &[u8]) -> Result<Self> {
        let mut cursor = Cursor::new(bytes);
        cursor.expect("{\"private_key\":")?;
        let private_key = Message::read(&mut cursor)?;
        cursor.expect(",\"public_key\":")?;
        let public_key = VerificationKey::read(&mut cursor)?;
        cursor.expect("}")?;
        cursor.end()?;
        Ok(Self { private_key, public_key })
    }

    /// The `voutput` as JSON.
    pub fn json(&self) -> String {
        format!("{{\"private_key\":{},\"public_key\":{}}}", self.private_key.json(), self.public_key.json())
    }
}

/// A record with one scalar in it, a secret.
fn secret_record(field: &str, scalar: &Scalar) -> Zeroizing<String> {
    let digits = Zeroizing::new(decimal(scalar));
    let mut record = Zeroizing::new(String::with_capacity(128));
    for part in ["{\"", field, "\":\"", &digits, "\"}"] {
        record.push_str(part);
    }
    record
}

/// Reads such a record.
fn read_secret(cursor: &mut Cursor<'_>, field: &str) -> Result<Zeroizing<Scalar>> {
    cursor.expect("{\"")?;
    cursor.expect(field)?;
    cursor.expect("\":")?;
    let scalar = Zeroizing::new(cursor.scalar()?);
    cursor.expect("}")?;
    Ok(scalar)
}

/// The place, from 1, of the trustee of a seed.
fn place(certificates: &[PedersenCertificate], seed: &Seed) -> Result<u64> {
    let keys = Keys::of(seed);
    (1..)
        .zip(certificates)
        .find_map(|(index, certificate)| (certificate.keys == keys).then_some(index))
        .ok_or_else(|| Error::Belenios("none of the certificates is that of this seed".to_owned()))
}

fn expect_one_for_each(what: &str, seen: usize, certificates: &[PedersenCertificate]) -> Result<()> {
    if seen == certificates.len() {
        Ok(())
    } else {
        Err(Error::Belenios(format!(
            "{seen} {what} (expected: {}, one for each trustee)",
            certificates.len()
        )))
    }
}

/// Checks what all trustees published in step 3.
fn check_published(
    context: &Context,
    certificates: &[PedersenCertificate],
    polynomials: &[PublishedPolynomial],
) -> Result<(Vec<Coefficients>, Vec<Proof>)> {
    context.check_new()?;
    check_certificates(context, certificates)?;
    expect_one_for_each("polynomials", polynomials.len(), certificates)?;
    for (index, polynomial) in (1..).zip(polynomials) {
        expect_one_for_each("secrets", polynomial.secrets.len(), certificates)
            .map_err(|error| Error::Belenios(format!("polynomial {index}: {error}")))?;
    }
    let coefexps: Vec<Coefficients> = polynomials.iter().map(|item| item.coefexps.clone()).collect();
    let signatures: Vec<Proof> = polynomials.iter().map(|item| item.signature).collect();
    check_polynomials(context, certificates, &coefexps, &signatures)?;
    Ok((coefexps, signatures))
}

/// Step 3: what the trustee of a seed publishes, and writes to every other.
pub fn polynomial(
    context: &Context,
    certificates: &[PedersenCertificate],
    seed: &Seed,
) -> Result<PublishedPolynomial> {
    context.check_new()?;
    check_certificates(context, certificates)?;
    place(certificates, seed)?;
    let signing_key = seed.signing_key();
    let polynomial = seed.polynomial(context.size())?;
    let secrets = (1..)
        .zip(certificates)
        .map(|(index, certificate)| {
            let record = secret_record("secret", &polynomial.evaluate(index));
            Message::send(SECRET, &signing_key, &certificate.keys.encryption, &record)
        })
        .collect::<Result<_>>()?;
    let signature = sign_certificates(context, certificates, &signing_key)?;
    Ok(PublishedPolynomial { secrets, coefexps: polynomial.coefficients(), signature })
}

/// Step 4: what each trustee is to be given.
pub fn route(
    context: &Context,
    certificates: &[PedersenCertificate],
    polynomials: &[PublishedPolynomial],
) -> Result<Vec<Routed>> {
    let (coefexps, signatures) = check_published(context, certificates, polynomials)?;
    let routed = (0..certificates.len()).map(|place| Routed {
        secrets: polynomials.iter().map(|polynomial| polynomial.secrets[place].clone()).collect(),
        coefexps: coefexps.clone(),
        signatures: signatures.clone(),
    });
    Ok(routed.collect())
}

/// Step 5: the share of the trustee of a seed in the key of the group.
pub fn share(
    context: &Context,
    certificates: &[PedersenCertificate],
    seed: &Seed,
    routed: &Routed,
) -> Result<Share> {
    context.check_new()?;
    check_certificates(context, certificates)?;
    expect_one_for_each("secrets", routed.secrets.len(), certificates)?;
    check_polynomials(context, certificates, &routed.coefexps, &routed.signatures)?;
    let index = place(certificates, seed)?;
    let (signing_key, decryption_key) = (seed.signing_key(), seed.decryption_key());
    let mut private_key = Zeroizing::new(Scalar::ZERO);
    for ((sender, message), (certificate, coefexps)) in
        (1..).zip(&routed.secrets).zip(certificates.iter().zip(&routed.coefexps))
    {
        let fail = |what: String| Error::Belenios(format!("the secret that trustee {sender} sent: {what}"));
        let secret = message
            .receive(SECRET, &decryption_key, &certificate.keys.verification, |cursor| {
                read_secret(cursor, "secret")
            })
            .map_err(|error| fail(error.to_string()))?;
        if Element::power(&secret) != coefexps.evaluate(index) {
            return Err(fail("it is not the value of the polynomial that was published".to_owned()));
        }
        *private_key += *secret;
    }
    let name = context.names.get(usize::try_from(index - 1).unwrap_or(usize::MAX)).map(String::as_str);
    let record = secret_record("decryption_key", &private_key);
    let own = Element::power(&decryption_key);
    Ok(Share {
        private_key: Message::send(DECRYPTION_KEY, &signing_key, &own, &record)?,
        public_key: VerificationKey::new(&private_key, name, &signing_key)?,
    })
}

/// Step 6: what the group publishes, and for each trustee the message with the private key, to be kept.
pub fn combine(
    context: &Context,
    certificates: &[PedersenCertificate],
    polynomials: &[PublishedPolynomial],
    shares: &[Share],
) -> Result<(Threshold, Vec<Message>)> {
    let (coefexps, signatures) = check_published(context, certificates, polynomials)?;
    expect_one_for_each("shares", shares.len(), certificates)?;
    let threshold = Threshold {
        context: context.clone(),
        certificates: certificates.to_vec(),
        coefexps,
        signatures,
        verification_keys: shares.iter().map(|share| share.public_key.clone()).collect(),
    };
    threshold.check_verification_keys()?;
    Ok((threshold, shares.iter().map(|share| share.private_key.clone()).collect()))
}

/// Opens the message with a trustee's private key, as step 6 left it.
///
/// Fails where the bytes are no such message, or not the seed's; nothing decrypted is shown.
pub fn private_key(seed: &Seed, message: &[u8]) -> Result<Zeroizing<Scalar>> {
    let signer = Keys::of(seed).verification;
    // What stands here may be a seed, given by mistake: none of it is shown.
    let message = Message::parse(message).map_err(|_| {
        Error::Belenios(
            "this is no share (expected: an encrypted message of alpha, beta and data)".to_owned(),
        )
    })?;
    message.receive(DECRYPTION_KEY, &seed.decryption_key(), &signer, |cursor| {
        read_secret(cursor, "decryption_key")
    })
}
