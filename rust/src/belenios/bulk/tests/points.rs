//! Points, powers and elements against `curve25519-dalek`.

use curve25519_dalek::constants::{ED25519_BASEPOINT_POINT, EIGHT_TORSION};
use curve25519_dalek::edwards::{CompressedEdwardsY, EdwardsPoint};
use curve25519_dalek::scalar::Scalar;

use super::super::super::group::{Element, is_canonical};
use super::super::comb;
use super::super::elements::{affine, check, compress, decode};
use super::super::fixed::{self, Windows};
use super::super::lanes::Lanes;
use super::super::point::Point;
use super::{Numbers, on_every_vector, within};

/// Encodings of every kind: elements, points of other orders, no points, and spellings that are not canonical.
fn encodings() -> Vec<[u8; 32]> {
    let mut numbers = Numbers(2);
    let mut encodings = Vec::new();
    for round in 0..40 {
        let element = EdwardsPoint::mul_base(&numbers.scalar());
        for torsion in EIGHT_TORSION {
            encodings.push((element + torsion).compress().to_bytes());
        }
        encodings.push(EIGHT_TORSION[round % 8].compress().to_bytes());
        encodings.push(numbers.bytes());
    }
    for low in 0..=255 {
        for high in [0x7f, 0xff, 0, 0x80] {
            let mut bytes = [if high == 0 || high == 0x80 { 0 } else { 0xff }; 32];
            (bytes[0], bytes[31]) = (low, high);
            encodings.push(bytes);
        }
    }
    encodings
}

fn elements_agree<F: Lanes>() {
    let encodings = encodings();
    let checked = check::<F>(&encodings);
    assert_eq!(checked.len(), encodings.len());
    let mut elements = 0;
    for (encoding, valid) in encodings.iter().zip(checked) {
        let expected = Element::from_compressed(encoding).is_some();
        assert_eq!(valid, expected, "{encoding:?}");
        elements += usize::from(expected);
    }
    assert!(elements > 40 && elements < encodings.len() / 4);
    assert!(check::<F>(&[]).is_empty());
}

#[test]
fn elements_are_told_from_other_points() {
    on_every_vector!(elements_agree);
    assert!(!is_canonical(&[0xff; 32]));
}

fn decoded_again<F: Lanes>() {
    let encodings: Vec<_> =
        encodings().into_iter().filter(|encoding| Element::from_compressed(encoding).is_some()).collect();
    for start in 0..encodings.len() {
        let of = |vector: usize, lane: usize| encodings[(start + vector * F::COUNT + lane) % encodings.len()];
        let decoded = within::<F, _>(|| decode::<F, 2>(of));
        for (vector, decoded) in decoded.iter().enumerate() {
            for lane in 0..F::COUNT {
                assert_eq!(compress(&decoded.x.store(), &decoded.y.store(), lane), of(vector, lane));
            }
        }
    }
}

#[test]
fn what_is_decoded_compresses_to_the_same() {
    on_every_vector!(decoded_again);
}

/// Exponents at every edge, and others.
fn exponents() -> Vec<Scalar> {
    let mut exponents: Vec<Scalar> = (0u64..20).map(Scalar::from).collect();
    exponents.extend((1u64..20).map(|number| -Scalar::from(number)));
    let mut power = Scalar::ONE;
    for _ in 0..252 {
        power += power;
        exponents.extend([power, power - Scalar::ONE]);
    }
    let mut numbers = Numbers(3);
    exponents.extend((0..40).map(|_| numbers.scalar()));
    exponents
}

fn written<F: Lanes>(point: &Point<F>, lane: usize) -> CompressedEdwardsY {
    let (x, y) = within::<F, _>(|| {
        let (x, y) = point.coordinates();
        (x.store(), y.store())
    });
    CompressedEdwardsY(compress(&x, &y, lane))
}

fn powers_agree<F: Lanes>() {
    let mut numbers = Numbers(4);
    let exponents = exponents();
    let constants = comb::Constants::new();
    let bases: Vec<EdwardsPoint> = (0..F::COUNT).map(|_| EdwardsPoint::mul_base(&numbers.scalar())).collect();
    let mut table = comb::Table::new();
    within::<F, _>(|| {
        let (x, y) = affine::<F>(|lane| bases[lane]);
        table.fill(&comb::teeth(&Point::affine(x, y)));
    });
    for chunk in exponents.chunks(F::COUNT) {
        let exponent = |lane: usize| chunk[lane % chunk.len()];
        let mut digits = comb::Digits::new();
        for lane in 0..F::COUNT {
            digits.set(lane, &exponent(lane), &constants);
        }
        let powers = within::<F, _>(|| table.power::<F>(&digits));
        for lane in 0..F::COUNT {
            assert_eq!(written(&powers, lane), (bases[lane] * exponent(lane)).compress());
        }
    }
}

#[test]
fn powers_of_points_agree() {
    on_every_vector!(powers_agree);
}

fn fixed_powers_agree<F: Lanes>() {
    let base = EdwardsPoint::mul_base(&Numbers(5).scalar());
    let exponents = exponents();
    for width in [2, 5, 6, 8, 11, 12] {
        let windows = Windows { width };
        let table = fixed::Table::new::<F>(&base, windows);
        for chunk in exponents.chunks(F::COUNT) {
            let exponent = |lane: usize| chunk[lane % chunk.len()];
            let mut digits = fixed::Digits::new(windows);
            for lane in 0..F::COUNT {
                digits.set(lane, &exponent(lane), windows);
            }
            let start = within::<F, _>(|| {
                let (x, y) = affine::<F>(|_| ED25519_BASEPOINT_POINT);
                Point::affine(x, y)
            });
            let powers = within::<F, _>(|| table.add_power(start, &digits));
            for lane in 0..F::COUNT {
                let expected = ED25519_BASEPOINT_POINT + base * exponent(lane);
                assert_eq!(written(&powers, lane), expected.compress(), "width {width}");
            }
        }
    }
}

#[test]
fn powers_of_fixed_bases_agree() {
    on_every_vector!(fixed_powers_agree);
}
