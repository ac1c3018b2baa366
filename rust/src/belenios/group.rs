//! The group Ed25519 of the specification (section "Ed25519"): its elements, its scalars, and how both are written.
//!
//! What is read is held to one spelling: 64 lower-case digits, the coordinate below the prime, a point of the curve, and
//! of the subgroup of prime order. Scalars are decimal, reduced, without leading zeros.

// Numbers are cut into words on purpose.
#![allow(clippy::cast_possible_truncation)]

use curve25519_dalek::constants::ED25519_BASEPOINT_POINT;
use curve25519_dalek::edwards::{CompressedEdwardsY, EdwardsPoint};
use curve25519_dalek::scalar::Scalar;
use curve25519_dalek::traits::IsIdentity;
use zeroize::{Zeroize, Zeroizing};

use crate::{Error, Result};

/// What every domain separation tag begins with (data version 2).
pub const PREFIX: &str = "BELENIOS-V2";
/// The name of the group, as elections write it.
pub const NAME: &str = "Ed25519";

/// An element written as it stands in every file: the compressed number in hexadecimal, the highest digit first.
pub type Hex = [u8; 64];

/// An element of the group: a point of prime order, or the identity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Element(EdwardsPoint);

impl Element {
    /// The generator g.
    pub const GENERATOR: Self = Self(ED25519_BASEPOINT_POINT);

    /// The element g^x.
    pub fn power(exponent: &Scalar) -> Self {
        Self(EdwardsPoint::mul_base(exponent))
    }

    /// An element that arithmetic made of elements.
    pub fn from_point(point: EdwardsPoint) -> Self {
        Self(point)
    }

    /// The point itself.
    pub fn point(&self) -> &EdwardsPoint {
        &self.0
    }

    /// Reads an element from its compressed form of 32 bytes (RFC 8032, section 5.1.2).
    ///
    /// Nothing where the encoding is not the canonical one, or is no point of the subgroup of prime order.
    pub fn from_compressed(compressed: &[u8; 32]) -> Option<Self> {
        if !is_canonical(compressed) {
            return None;
        }
        let point = CompressedEdwardsY(*compressed).decompress()?;
        point.is_torsion_free().then_some(Self(point))
    }

    /// Reads an element from its 64 digits.
    pub fn parse(digits: &[u8]) -> Option<Self> {
        Self::from_compressed(&parse_compressed(digits)?)
    }

    /// The compressed form of 32 bytes.
    pub fn compressed(&self) -> [u8; 32] {
        self.0.compress().to_bytes()
    }

    /// The 64 digits.
    pub fn hex(&self) -> Hex {
        hex_of_compressed(&self.compressed())
    }

    /// Whether it is the identity, which is no key.
    pub fn is_identity(&self) -> bool {
        self.0.is_identity()
    }
}

/// Whether a compressed form is the only one of its point: y below the prime, and no sign on x = 0.
pub fn is_canonical(compressed: &[u8; 32]) -> bool {
    let [lowest, middle @ .., highest] = compressed;
    let top = highest & 0x7f;
    let near_the_prime = middle.iter().all(|byte| *byte == 0xff) && top == 0x7f;
    if near_the_prime && *lowest >= 0xed {
        return false;
    }
    let y_is_one = *lowest == 1 && middle.iter().all(|byte| *byte == 0) && top == 0;
    let y_is_minus_one = near_the_prime && *lowest == 0xec;
    highest & 0x80 == 0 || !(y_is_one || y_is_minus_one)
}

/// The compressed form that 64 lower-case digits stand for; whether it is an element is not looked at.
pub fn parse_compressed(digits: &[u8]) -> Option<[u8; 32]> {
    let mut bytes = parse_hash(digits)?;
    bytes.reverse();
    Some(bytes)
}

/// The digits of a compressed form.
pub fn hex_of_compressed(compressed: &[u8; 32]) -> Hex {
    let mut bytes = *compressed;
    bytes.reverse();
    hex(&bytes)
}

/// The 32 bytes that 64 lower-case hexadecimal digits stand for, in the order in which they stand.
pub fn parse_hash(digits: &[u8]) -> Option<[u8; 32]> {
    let digits: &[u8; 64] = digits.try_into().ok()?;
    let mut bytes = [0; 32];
    let mut wrong = 0;
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        let (high, low) = (NIBBLES[pair[0] as usize], NIBBLES[pair[1] as usize]);
        wrong |= high | low;
        *byte = high << 4 | low & 0xf;
    }
    (wrong & 0x80 == 0).then_some(bytes)
}

/// 32 bytes as 64 lower-case digits.
pub fn hex(bytes: &[u8; 32]) -> Hex {
    let mut digits = [0; 64];
    for (pair, byte) in digits.chunks_exact_mut(2).zip(bytes) {
        pair[0] = DIGITS[(byte >> 4) as usize];
        pair[1] = DIGITS[(byte & 0xf) as usize];
    }
    digits
}

const DIGITS: &[u8; 16] = b"0123456789abcdef";

/// The value of each lower-case hexadecimal digit; 0x80 for every other byte.
const NIBBLES: [u8; 256] = {
    let mut table = [0x80; 256];
    let mut value = 0;
    while value < 16 {
        table[DIGITS[value] as usize] = value as u8;
        value += 1;
    }
    table
};

/// Digits, all ASCII, as text.
pub fn text(digits: &[u8]) -> &str {
    std::str::from_utf8(digits).unwrap_or_default()
}

/// Reads a scalar: decimal, reduced modulo the order of the group, without sign or leading zeros.
pub fn parse_scalar(digits: &[u8]) -> Option<Scalar> {
    if digits.is_empty() || digits.len() > 76 || (digits[0] == b'0' && digits.len() > 1) {
        return None;
    }
    // Groups of 18 digits, the highest first: number = number * 10^18 + group, in four words.
    let mut words = [0u64; 4];
    let mut rest = digits;
    let mut length = match digits.len() % 18 {
        0 => 18,
        odd => odd,
    };
    while !rest.is_empty() {
        let (group, after) = rest.split_at(length);
        let mut carry = 0u64;
        for digit in group {
            let value = digit.wrapping_sub(b'0');
            if value > 9 {
                return None;
            }
            carry = carry * 10 + u64::from(value);
        }
        for word in &mut words {
            let product = u128::from(*word) * 1_000_000_000_000_000_000 + u128::from(carry);
            *word = product as u64;
            carry = (product >> 64) as u64;
        }
        if carry != 0 {
            return None;
        }
        rest = after;
        length = 18;
    }
    let mut bytes = [0; 32];
    for (chunk, word) in bytes.chunks_exact_mut(8).zip(words) {
        chunk.copy_from_slice(&word.to_le_bytes());
    }
    Option::from(Scalar::from_canonical_bytes(bytes))
}

/// A scalar in decimal.
pub fn decimal(scalar: &Scalar) -> String {
    const GROUP: u64 = 1_000_000_000_000_000_000;
    let bytes = scalar.as_bytes();
    let mut words = [0u64; 4];
    for (word, chunk) in words.iter_mut().zip(bytes.chunks_exact(8)) {
        *word = chunk.iter().rev().fold(0, |sum, byte| sum << 8 | u64::from(*byte));
    }
    let mut groups = [0u64; 5];
    for group in groups.iter_mut().rev() {
        let mut remainder = 0u128;
        for word in words.iter_mut().rev() {
            let value = remainder << 64 | u128::from(*word);
            *word = (value / u128::from(GROUP)) as u64;
            remainder = value % u128::from(GROUP);
        }
        *group = remainder as u64;
    }
    let mut written = String::with_capacity(90);
    for group in groups {
        written.push_str(&format!("{group:018}"));
    }
    let first = written.bytes().position(|digit| digit != b'0').unwrap_or(written.len() - 1);
    let answer = written[first..].to_owned();
    written.zeroize();
    answer
}

/// A random scalar, from the operating system, wiped when it is dropped.
///
/// Fails only where the system has no randomness to give.
pub fn random_scalar() -> Result<Zeroizing<Scalar>> {
    let mut wide = [0; 64];
    fill_random(&mut wide)?;
    let scalar = Scalar::from_bytes_mod_order_wide(&wide);
    wide.zeroize();
    Ok(Zeroizing::new(scalar))
}

/// Fills bytes from the operating system.
pub fn fill_random(bytes: &mut [u8]) -> Result<()> {
    getrandom::fill(bytes)
        .map_err(|error| Error::Belenios(format!("the system gives no random bytes: {error}")))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use curve25519_dalek::constants::EIGHT_TORSION;
    use curve25519_dalek::traits::Identity;

    #[test]
    fn elements_have_one_spelling() {
        let element = Element::power(&random_scalar().unwrap());
        let digits = element.hex();
        assert_eq!(Element::parse(&digits), Some(element));
        let upper = digits.to_ascii_uppercase();
        assert!(upper == digits || Element::parse(&upper).is_none());
        assert_eq!(Element::parse(&digits[1..]), None);
        let identity = Element::from_point(EdwardsPoint::identity());
        assert!(Element::parse(&identity.hex()).unwrap().is_identity());
        // The generator: y = 4/5, as the specification has it.
        assert_eq!(text(&Element::GENERATOR.hex()), format!("{}58", "6".repeat(62)));
    }

    #[test]
    fn no_point_of_another_order_is_an_element() {
        let element = Element::power(&random_scalar().unwrap());
        for torsion in &EIGHT_TORSION[1..] {
            assert_eq!(Element::from_compressed(&torsion.compress().to_bytes()), None);
            let mixed = element.point() + torsion;
            assert_eq!(Element::from_compressed(&mixed.compress().to_bytes()), None);
        }
    }

    #[test]
    fn no_encoding_but_the_canonical_one_is_read() {
        // p + 1 is 1 again, the identity; -0 is 0; p itself is 0.
        for (lowest, highest) in [(0xee, 0x7f), (0xed, 0x7f), (0xee, 0xff), (0xed, 0xff), (0xec, 0xff)] {
            let mut compressed = [0xff; 32];
            (compressed[0], compressed[31]) = (lowest, highest);
            assert!(!is_canonical(&compressed));
        }
        let mut negative_zero = [0; 32];
        (negative_zero[0], negative_zero[31]) = (1, 0x80);
        assert!(!is_canonical(&negative_zero));
        for torsion in EIGHT_TORSION {
            assert!(is_canonical(&torsion.compress().to_bytes()));
        }
    }

    #[test]
    fn scalars_have_one_spelling() {
        let order = "7237005577332262213973186563042994240857116359379907606001950938285454250989";
        let largest = "7237005577332262213973186563042994240857116359379907606001950938285454250988";
        assert_eq!(parse_scalar(largest.as_bytes()), Some(-Scalar::ONE));
        assert_eq!(decimal(&-Scalar::ONE), largest);
        for wrong in [order, "", "00", "01", "-1", "+1", " 1", "1 ", "1e3", "0x1", &format!("{largest}0")] {
            assert_eq!(parse_scalar(wrong.as_bytes()), None, "{wrong}");
        }
        for number in [0u64, 1, 9, 10, 999_999_999_999_999_999, 1_000_000_000_000_000_000, u64::MAX] {
            assert_eq!(decimal(&Scalar::from(number)), number.to_string());
            assert_eq!(parse_scalar(number.to_string().as_bytes()), Some(Scalar::from(number)));
        }
        for _ in 0..200 {
            let scalar = *random_scalar().unwrap();
            assert_eq!(parse_scalar(decimal(&scalar).as_bytes()), Some(scalar));
        }
    }
}
