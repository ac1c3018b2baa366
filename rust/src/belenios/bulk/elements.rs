//! From 32 bytes to points, and whether they are elements of the group of prime order: three powers a point, no multiple.
//!
//! An element is eight times some point. The first doubling is tested by the square root of 1 - y^2, which also gives x;
//! the other two by one pairing on the curve of the dual isogeny: with u = (1 + y)/(1 - y) on the Montgomery curve
//! v^2 = u^3 + A u^2 + u, a preimage (X, Y) under that isogeny on Y^2 = X (X - A - 2)(X - A + 2) is X = 2u + A + 2v/sqrt(u).
//! It can be chosen in the group of prime order exactly if f X^2 is a fourth power, where f = l^2/(X - A - 2), with l the
//! tangent at a point of order 4, is the function of the reduced Tate pairing with that point, and X that of the pairing
//! with (0, 0). (Ideas: Koshelev, eprint 2022/037; Pornin, eprint 2022/1164.) The tests hold it against the multiplication
//! by the group's order, on the eight cosets of the torsion.

use curve25519_dalek::edwards::EdwardsPoint;

use super::super::group::is_canonical;
use super::field::{self, D, ONE, ROOT_OF_MINUS_ONE, ZERO, canonical_lane, equal, limbs, powers};
use super::lanes::{Kernel, Lanes, MOST, Spread};

/// A + 2 = 486664.
const A_PLUS_2: [u64; 5] = [486_664, 0, 0, 0, 0];
/// A = 486662.
const A: [u64; 5] = [486_662, 0, 0, 0, 0];
/// 2 sqrt(-1) sqrt(-(A + 2)), the second root being the one of the map from Edwards to Montgomery.
const SCALE: [u64; 5] =
    [0x3_6e20_c6ef_77b0, 0x6_35ed_5b27_0597, 0x0_5ac8_84e5_2f71, 0x5_503d_e058_8528, 0x2_8361_6d00_cac7];
/// The slope of the tangent at the point of order 4.
const SLOPE: [u64; 5] =
    [0x2_48ef_9c88_4417, 0x0_e509_526c_7d34, 0x7_d29b_bd8d_6847, 0x1_57e1_0fd3_bd6b, 0x6_be4f_497f_9a9c];

/// A point for each lane, and the lanes in which it is an element; the others hold the neutral element.
#[derive(Clone, Copy)]
pub struct Decoded<F> {
    /// x.
    pub x: F,
    /// y.
    pub y: F,
    /// The lanes that hold what was asked for.
    pub valid: u8,
}

/// Decodes an encoding for each lane, of one vector or two.
#[inline(always)]
pub fn decode<F: Lanes, const N: usize>(encoding: impl Fn(usize, usize) -> [u8; 32]) -> [Decoded<F>; N] {
    let one = F::splat(&ONE);
    let mut canonical = [0u8; N];
    let mut sign = [0u8; N];
    let mut neutral = [0u8; N];
    let mut y = [one; N];
    for vector in 0..N {
        let mut spread: Spread = [[0; MOST]; 5];
        for lane in 0..F::COUNT {
            let bytes = encoding(vector, lane);
            canonical[vector] |= u8::from(is_canonical(&bytes)) << lane;
            sign[vector] |= (bytes[31] >> 7) << lane;
            let limbs = limbs(&bytes);
            neutral[vector] |= u8::from(limbs == ONE) << lane;
            for (row, limb) in spread.iter_mut().zip(limbs) {
                row[lane] = limb;
            }
        }
        y[vector] = F::load(&spread);
    }
    // Roots of 1 - y^2 and of 1/(1 + d y^2).
    let (mut first, mut second) = ([one; N], [one; N]);
    for at in 0..N {
        let square = y[at].square();
        first[at] = one.subtract(square);
        second[at] = square.multiply(F::splat(&D)).add(one);
    }
    let mut decoded = [Decoded { x: one, y: one, valid: 0 }; N];
    let mut residue = [one; N];
    for at in 0..N {
        let [first_power, second_power] = powers([first[at], second[at]]);
        let (inverse_root, is_square) = inverse_root(first[at], first_power);
        let root = inverse_root.multiply(first[at]);
        let (second_root, second_is_square) = self::inverse_root(second[at], second_power);
        let x = root.multiply(second_root).multiply(F::splat(&ROOT_OF_MINUS_ONE));
        let spread = x.store();
        let odd =
            (0..F::COUNT).fold(0, |mask, lane| mask | ((canonical_lane(&spread, lane)[0] & 1) as u8) << lane);
        let flip = odd ^ sign[at];
        let x = F::select(flip, x.negate(), x);
        let valid = canonical[at] & is_square & second_is_square;
        // N = 2 (1 + y) + A (1 - y) + 2 v (1 - y)/sqrt(u) and so on, with D = 1 - y: X = N/D.
        let denominator = one.subtract(y[at]);
        let scaled = second[at].multiply(second_root).multiply(F::splat(&SCALE));
        let scaled = F::select(flip, scaled, scaled.negate());
        let sum = one.add(y[at]);
        let numerator = sum.add(sum).add(denominator.multiply(F::splat(&A))).add(scaled);
        let shifted = numerator.subtract(denominator.multiply(F::splat(&A_PLUS_2)));
        let tangent = {
            let left = root.multiply(numerator);
            let right = denominator.multiply(shifted);
            left.add(left).subtract(right.multiply(F::splat(&SLOPE)))
        };
        // f X^2 up to fourth powers: (l N)^2 (D (N - (A + 2) D))^3.
        let product = denominator.multiply(shifted);
        residue[at] = tangent.multiply(numerator).multiply(product).square().multiply(product);
        decoded[at] = Decoded { x, y: y[at], valid };
    }
    let [first, last] = powers([residue[0], residue[N - 1]]);
    for (at, power) in [first, last].into_iter().enumerate().take(N) {
        // x^((p - 1)/4) from x^((p - 5)/8).
        let quartic = power.square().multiply(residue[at]);
        let neutral = neutral[at] & canonical[at];
        let valid = decoded[at].valid & equal(quartic, one) | neutral;
        let replaced = !valid | neutral;
        decoded[at] = Decoded {
            x: F::select(replaced, F::splat(&ZERO), decoded[at].x),
            y: F::select(replaced, one, decoded[at].y),
            valid,
        };
    }
    decoded
}

/// 1/sqrt(n) from n^((p - 5)/8), and the lanes in which n is a square, and not zero.
#[inline(always)]
fn inverse_root<F: Lanes>(number: F, power: F) -> (F, u8) {
    let one = F::splat(&ONE);
    let check = power.square().multiply(number);
    let plus = equal(check, one);
    let minus = equal(check.add(one), F::splat(&ZERO));
    let other = power.multiply(F::splat(&ROOT_OF_MINUS_ONE));
    (F::select(minus, other, power), plus | minus)
}

/// The affine coordinates of a point for each lane.
#[inline(always)]
pub fn affine<F: Lanes>(point: impl Fn(usize) -> EdwardsPoint) -> (F, F) {
    let [decoded] = decode::<F, 1>(|_, lane| point(lane).compress().to_bytes());
    (decoded.x, decoded.y)
}

/// Which encodings are canonical, on the curve and of prime order (or neutral).
pub fn check<F: Lanes>(encodings: &[[u8; 32]]) -> Vec<bool> {
    struct Check<'a, F>(&'a [[u8; 32]], std::marker::PhantomData<F>);
    impl<F: Lanes> Kernel<F> for Check<'_, F> {
        type Output = Vec<bool>;
        #[inline(always)]
        fn run(self) -> Vec<bool> {
            let mut valid = Vec::with_capacity(self.0.len());
            for chunk in self.0.chunks(2 * F::COUNT) {
                let decoded =
                    decode::<F, 2>(|vector, lane| chunk[(vector * F::COUNT + lane).min(chunk.len() - 1)]);
                let lanes =
                    decoded.iter().flat_map(|one| (0..F::COUNT).map(|lane| one.valid >> lane & 1 == 1));
                valid.extend(lanes.take(chunk.len()));
            }
            valid
        }
    }
    F::dispatch(Check(encodings, std::marker::PhantomData::<F>))
}

/// The compressed form of affine coordinates, lane by lane.
#[inline(always)]
pub fn compress(x: &Spread, y: &Spread, lane: usize) -> [u8; 32] {
    let mut bytes = field::bytes(&canonical_lane(y, lane));
    bytes[31] |= ((canonical_lane(x, lane)[0] & 1) as u8) << 7;
    bytes
}
