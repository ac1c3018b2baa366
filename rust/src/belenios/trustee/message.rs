//! Messages between trustees (sections "Encrypting" and "Channels"): signed, then encrypted.

use aes_gcm::aead::consts::U32;
use aes_gcm::aead::{Aead, KeyInit};
use aes_gcm::aes::Aes256;
use aes_gcm::{AesGcm, Key, Nonce};
use curve25519_dalek::edwards::EdwardsPoint;
use curve25519_dalek::scalar::Scalar;
use zeroize::Zeroizing;

use crate::belenios::group::{Element, PREFIX, random_scalar, text};
use crate::belenios::hash::sha256;
use crate::belenios::json::Cursor;
use crate::belenios::proof::{Proof, sign, verify};
use crate::{Error, Result};

/// AES-256-GCM with an initialization vector of 32 bytes, as the official files have it.
type Cipher = AesGcm<Aes256, U32>;

/// An encrypted message. The specification gives it a field `algorithm`; in the files the group's context has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    alpha: Element,
    beta: Element,
    data: Vec<u8>,
}

/// The purpose of the signature of a message, and that of its encryption. The specification puts `-channel_msg_outer`
/// alone behind the latter; in the official files it stands behind the former.
fn purposes(purpose: &str) -> [String; 2] {
    let inner = format!("{purpose}-channel_msg_inner");
    let outer = format!("{inner}-channel_msg_outer");
    [inner, outer]
}

/// The key that a secret element gives, or the initialization vector that a public one gives.
fn derived(purpose: &str, what: &str, element: &Element) -> Zeroizing<[u8; 32]> {
    let digits = Zeroizing::new(element.hex());
    let mut message = Zeroizing::new(Vec::with_capacity(256));
    for part in [PREFIX, "-", purpose, "-", what, "|", text(&*digits)] {
        message.extend_from_slice(part.as_bytes());
    }
    Zeroizing::new(sha256(&message))
}

impl Message {
    /// Encrypts for an encryption key; the purpose is the tag without its prefix.
    fn encrypt(purpose: &str, recipient: &Element, plaintext: &[u8]) -> Result<Self> {
        let (randomness, secret) = (random_scalar()?, random_scalar()?);
        let alpha = Element::power(&randomness);
        let key = Zeroizing::new(EdwardsPoint::mul_base(&secret));
        let beta = Element::from_point(recipient.point() * *randomness + *key);
        let key = derived(purpose, "key", &Element::from_point(*key));
        let vector = derived(purpose, "iv", &alpha);
        let data = Cipher::new(Key::<Cipher>::from_slice(&*key))
            .encrypt(Nonce::<U32>::from_slice(&*vector), plaintext)
            .map_err(|_| Error::Belenios("the message to a trustee is too long to encrypt".to_owned()))?;
        Ok(Self { alpha, beta, data })
    }

    /// Decrypts; nothing where the message was not encrypted for this key and purpose, or was changed since.
    fn decrypt(&self, purpose: &str, decryption_key: &Scalar) -> Option<Zeroizing<Vec<u8>>> {
        let key = Zeroizing::new(self.beta.point() - self.alpha.point() * decryption_key);
        let key = derived(purpose, "key", &Element::from_point(*key));
        let vector = derived(purpose, "iv", &self.alpha);
        Cipher::new(Key::<Cipher>::from_slice(&*key))
            .decrypt(Nonce::<U32>::from_slice(&*vector), self.data.as_slice())
            .ok()
            .map(Zeroizing::new)
    }

    /// Signs a message, given as JSON, and encrypts it for a recipient.
    pub fn send(purpose: &str, signing_key: &Scalar, recipient: &Element, message: &str) -> Result<Self> {
        let [inner, outer] = purposes(purpose);
        let recipient_digits = recipient.hex();
        // Room for everything at once: no part of a secret stays behind in a buffer that was outgrown.
        let mut channel = Zeroizing::new(String::with_capacity(message.len() + 128));
        for part in ["{\"recipient\":\"", text(&recipient_digits), "\",\"message\":", message, "}"] {
            channel.push_str(part);
        }
        let signature = sign(&inner, signing_key, channel.as_bytes())?.json();
        let mut signed = Zeroizing::new(String::with_capacity(channel.len() + signature.len() + 64));
        for part in ["{\"message\":", &channel, ",\"signature\":", &signature, "}"] {
            signed.push_str(part);
        }
        Self::encrypt(&outer, recipient, signed.as_bytes())
    }

    /// Decrypts a message, checks that the sender signed it for this recipient, and reads it.
    ///
    /// Errors say nothing of what was decrypted.
    pub fn receive<T>(
        &self,
        purpose: &str,
        decryption_key: &Scalar,
        sender: &Element,
        read: impl FnOnce(&mut Cursor<'_>) -> Result<T>,
    ) -> Result<T> {
        let [inner, outer] = purposes(purpose);
        let Some(signed) = self.decrypt(&outer, decryption_key) else {
            return Err(Error::Belenios(
                "the message is not encrypted for this trustee, or was changed".to_owned(),
            ));
        };
        let opened = open(&signed, read);
        let (channel, recipient, value, signature) = opened.map_err(|_| {
            Error::Belenios("the encrypted message does not hold the record that is expected".to_owned())
        })?;
        if !verify(&inner, sender, channel, &signature) {
            return Err(Error::Belenios(
                "the signature of the encrypted message is not its sender's".to_owned(),
            ));
        }
        if recipient != Element::power(decryption_key) {
            return Err(Error::Belenios("the encrypted message was written to someone else".to_owned()));
        }
        Ok(value)
    }

    /// Reads `{"alpha":"…","beta":"…","data":"…"}`.
    pub fn read(cursor: &mut Cursor<'_>) -> Result<Self> {
        cursor.expect("{\"alpha\":")?;
        let alpha = cursor.element()?;
        cursor.expect(",\"beta\":")?;
        let beta = cursor.element()?;
        cursor.expect(",\"data\":")?;
        let here = cursor.clone();
        let data = from_hex(&cursor.string()?)
            .ok_or_else(|| here.wrong("a text in hexadecimal (lower-case digits, two for each byte)"))?;
        cursor.expect("}")?;
        Ok(Self { alpha, beta, data })
    }

    /// Reads a record that is a message and nothing else.
    pub fn parse(bytes: &[u8]) -> Result<Self> {
        let mut cursor = Cursor::new(bytes);
        let message = Self::read(&mut cursor)?;
        cursor.end()?;
        Ok(message)
    }

    /// The message as JSON.
    pub fn json(&self) -> String {
        let digits = |byte: &u8| [byte >> 4, byte & 0xf].map(|nibble| char::from_digit(nibble.into(), 16));
        let data: String = self.data.iter().flat_map(digits).flatten().collect();
        format!(
            "{{\"alpha\":\"{}\",\"beta\":\"{}\",\"data\":\"{data}\"}}",
            text(&self.alpha.hex()),
            text(&self.beta.hex())
        )
    }
}

/// Takes a decrypted message apart: what is signed, the recipient, the message itself, the signature.
fn open<T>(
    signed: &[u8],
    read: impl FnOnce(&mut Cursor<'_>) -> Result<T>,
) -> Result<(&[u8], Element, T, Proof)> {
    let mut cursor = Cursor::new(signed);
    cursor.expect("{\"message\":")?;
    let start = cursor.position();
    cursor.expect("{\"recipient\":")?;
    let recipient = cursor.element()?;
    cursor.expect(",\"message\":")?;
    let value = read(&mut cursor)?;
    cursor.expect("}")?;
    let channel = cursor.since(start);
    cursor.expect(",\"signature\":")?;
    let signature = Proof::read(&mut cursor)?;
    cursor.expect("}")?;
    cursor.end()?;
    Ok((channel, recipient, value, signature))
}

fn from_hex(digits: &str) -> Option<Vec<u8>> {
    let nibble = |digit: u8| match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    };
    if !digits.len().is_multiple_of(2) {
        return None;
    }
    digits.as_bytes().chunks_exact(2).map(|pair| Some(nibble(pair[0])? << 4 | nibble(pair[1])?)).collect()
}
