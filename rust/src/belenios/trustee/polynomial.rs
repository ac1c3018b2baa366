//! Secret polynomials, what is published of them, and interpolation (sections "Derived polynomials", "Vinputs" and
//! "Election result").

use curve25519_dalek::edwards::EdwardsPoint;
use curve25519_dalek::scalar::Scalar;
use curve25519_dalek::traits::Identity;
use zeroize::Zeroizing;

use crate::belenios::group::{Element, text};
use crate::belenios::hash::{hash_to_fields, sha256};
use crate::belenios::json::Cursor;
use crate::{Error, Result};

/// The tag under which coefficients are derived. It alone has no `-SHA256` behind it in the official files.
const TAG: &[u8] = b"BELENIOS-V2-pedersen-polynomial";

/// f, the secret polynomial of a trustee: its coefficients, the constant one first. It is wiped.
pub struct Polynomial(Zeroizing<Vec<Scalar>>);

impl Polynomial {
    /// The polynomial that a seed gives, of as many coefficients as the threshold.
    ///
    /// Fails where the threshold is larger than 170: no hash gives more coefficients (RFC 9380, section 5.3.1).
    pub(super) fn derive(seed: &[u8], threshold: usize) -> Result<Self> {
        let coefficients = hash_to_fields(TAG, &[seed], threshold);
        let coefficients = coefficients
            .map_err(|_| Error::Belenios(format!("a threshold of {threshold} (expected: at most 170)")))?;
        Ok(Self(Zeroizing::new(coefficients)))
    }

    /// f(index), in a time that depends on nothing but the number of coefficients.
    pub fn evaluate(&self, index: u64) -> Zeroizing<Scalar> {
        let at = Scalar::from(index);
        let mut value = Zeroizing::new(Scalar::ZERO);
        for coefficient in self.0.iter().rev() {
            *value = *value * at + coefficient;
        }
        value
    }

    /// What is published of it.
    pub fn coefficients(&self) -> Coefficients {
        Coefficients(self.0.iter().map(Element::power).collect())
    }
}

/// The exponentiated coefficients A = g^a of a polynomial.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coefficients(pub Vec<Element>);

impl Coefficients {
    /// Reads `{"coefexps":[…]}`.
    pub fn read(cursor: &mut Cursor<'_>) -> Result<Self> {
        cursor.expect("{\"coefexps\":")?;
        let coefficients = cursor.list(Cursor::element)?;
        cursor.expect("}")?;
        Ok(Self(coefficients))
    }

    /// The coefficients as JSON.
    pub fn json(&self) -> String {
        let written: Vec<String> =
            self.0.iter().map(|element| format!("\"{}\"", text(&element.hex()))).collect();
        format!("{{\"coefexps\":[{}]}}", written.join(","))
    }

    /// The hash that a certificate holds.
    pub fn hash(&self) -> [u8; 32] {
        sha256(self.json().as_bytes())
    }

    /// g^f(index), from what is published.
    pub fn evaluate(&self, index: u64) -> Element {
        // Horner's rule: an index is a small number, so each step costs a few doublings.
        let value = self.0.iter().rev().fold(EdwardsPoint::identity(), |value, coefficient| {
            small_multiple(&value, index) + coefficient.point()
        });
        Element::from_point(value)
    }

    /// The coefficients of the sum of polynomials, which all have the same number.
    pub fn product(of: &[Self]) -> Self {
        let length = of.first().map_or(0, |first| first.0.len());
        let sums = (0..length).map(|place| {
            let sum =
                of.iter().filter_map(|coefficients| coefficients.0.get(place)).map(Element::point).sum();
            Element::from_point(sum)
        });
        Self(sums.collect())
    }
}

/// A multiple of a public point by a public number.
fn small_multiple(point: &EdwardsPoint, number: u64) -> EdwardsPoint {
    let mut value = EdwardsPoint::identity();
    for bit in (0..u64::BITS - number.leading_zeros()).rev() {
        value += value;
        if number >> bit & 1 == 1 {
            value += point;
        }
    }
    value
}

/// The Lagrange coefficient of a place among distinct places from 1, all of them public.
pub fn lagrange(places: &[u64], of: u64) -> Scalar {
    let (mut above, mut below) = (Scalar::ONE, Scalar::ONE);
    for place in places.iter().filter(|place| **place != of) {
        above *= Scalar::from(*place);
        below *= Scalar::from(*place) - Scalar::from(of);
    }
    above * below.invert()
}
