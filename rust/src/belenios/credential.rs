//! Credentials (section "Credentials"): the private code of an elector, and the public key that it makes in an election.

use curve25519_dalek::scalar::Scalar;
use zeroize::Zeroizing;

use super::group::{self, Element};
use super::hash::hash_to_field;
use crate::{Error, Result};

/// The Base58 alphabet of codes, seeds and identifiers.
pub const ALPHABET: &[u8; 58] = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
/// The lengths of the groups of a private code.
const GROUPS: [usize; 4] = [5, 6, 5, 6];
/// The shortest identifier of an election.
pub const UUID_LENGTH: usize = 14;
/// The length of a trustee's seed. The specification says 22; the official files have 44.
pub const SEED_LENGTH: usize = 44;

/// Whether a text is made of Base58 characters alone.
pub fn is_base58(text: &str) -> bool {
    text.bytes().all(|byte| ALPHABET.contains(&byte))
}

/// Whether a text can be the identifier of an election.
pub fn is_uuid(text: &str) -> bool {
    text.len() >= UUID_LENGTH && is_base58(text)
}

/// Random Base58 characters, each equally likely.
pub fn random_base58(length: usize) -> Result<Zeroizing<String>> {
    let mut text = Zeroizing::new(String::with_capacity(length));
    let mut bytes = Zeroizing::new([0u8; 64]);
    while text.len() < length {
        group::fill_random(&mut *bytes)?;
        for byte in bytes.iter() {
            // 232 is the largest multiple of 58 in a byte.
            if *byte < 232 && text.len() < length {
                text.push(ALPHABET[usize::from(byte % 58)] as char);
            }
        }
    }
    Ok(text)
}

/// A new private code, `XXXXX-XXXXXX-XXXXX-XXXXXX`, 128 bits strong.
pub fn new_code() -> Result<Zeroizing<String>> {
    let characters = random_base58(GROUPS.iter().sum())?;
    let mut code = Zeroizing::new(String::with_capacity(25));
    let mut rest = characters.as_str();
    for (number, length) in GROUPS.into_iter().enumerate() {
        if number > 0 {
            code.push('-');
        }
        let (group, after) = rest.split_at(length);
        code.push_str(group);
        rest = after;
    }
    Ok(code)
}

/// Whether a text has the form of a private code.
pub fn is_code(text: &str) -> bool {
    let mut groups = text.split('-');
    let right = GROUPS
        .iter()
        .all(|length| groups.next().is_some_and(|group| group.len() == *length && is_base58(group)));
    right && groups.next().is_none()
}

/// The secret exponent that a private code gives in the election of an identifier.
///
/// Fails where the text is no private code; the text itself is not repeated.
pub fn secret(uuid: &str, code: &str) -> Result<Zeroizing<Scalar>> {
    if !is_code(code) {
        return Err(Error::Belenios(
            "this is no private code (expected: XXXXX-XXXXXX-XXXXX-XXXXXX, of the characters 1-9, A-Z without I and O, \
             a-z without l)"
                .to_owned(),
        ));
    }
    Ok(Zeroizing::new(hash_to_field("derive_credential", &[uuid.as_bytes(), b"|", code.as_bytes()])))
}

/// The public credential of a private code in an election.
pub fn public(uuid: &str, code: &str) -> Result<Element> {
    Ok(Element::power(&*secret(uuid, code)?))
}
