//! What is done with field elements beyond products: constants, powers, inversion, and their one spelling.

use super::lanes::{Kernel, Lanes, Spread};

const MASK: u64 = (1 << 51) - 1;

/// 1.
pub const ONE: [u64; 5] = [1, 0, 0, 0, 0];
/// 0.
pub const ZERO: [u64; 5] = [0; 5];
/// 2d, where d = -121665/121666 is the constant of the curve.
pub const D2: [u64; 5] =
    [0x6_9b94_26b2_f159, 0x3_5050_762a_dd7a, 0x3_cf44_c003_8052, 0x6_738c_c740_7977, 0x2_406d_9dc5_6dff];
/// d.
pub const D: [u64; 5] =
    [0x3_4dca_1359_78a3, 0x1_a828_3b15_6ebd, 0x5_e7a2_6001_c029, 0x7_39c6_63a0_3cbb, 0x5_2036_cee2_b6ff];
/// A square root of -1.
pub const ROOT_OF_MINUS_ONE: [u64; 5] =
    [0x6_1b27_4a0e_a0b0, 0x0_d5a5_fc8f_189d, 0x7_ef5e_9cbd_0c60, 0x7_8595_a680_4c9e, 0x2_b832_4804_fc1d];

/// x^(2^252 - 3), which is x^((p - 5) / 8), for two x at once: alone, each product would wait for the one before.
///
/// A function of its own, because it is long and its cost dwarfs that of a call.
#[inline(always)]
pub fn powers<F: Lanes>(x: [F; 2]) -> [F; 2] {
    F::dispatch(Powers(x))
}

struct Powers<F>([F; 2]);

impl<F: Lanes> Kernel<F> for Powers<F> {
    type Output = [F; 2];

    #[inline(always)]
    #[allow(clippy::similar_names)]
    fn run(self) -> [F; 2] {
        let x = self.0;
        let x2 = repeat(x, 1);
        let x9 = both(repeat(x2, 2), x);
        let x11 = both(x9, x2);
        let x5 = both(repeat(x11, 1), x9);
        let x10 = both(repeat(x5, 5), x5);
        let x20 = both(repeat(x10, 10), x10);
        let x40 = both(repeat(x20, 20), x20);
        let x50 = both(repeat(x40, 10), x10);
        let x100 = both(repeat(x50, 50), x50);
        let x200 = both(repeat(x100, 100), x100);
        let x250 = both(repeat(x200, 50), x50);
        both(repeat(x250, 2), x)
    }
}

#[inline(always)]
fn both<F: Lanes>([x0, x1]: [F; 2], [y0, y1]: [F; 2]) -> [F; 2] {
    [x0.multiply(y0), x1.multiply(y1)]
}

/// x^(2^count) of each, step by step so that their chains run side by side.
#[inline(always)]
fn repeat<F: Lanes>([mut x0, mut x1]: [F; 2], count: usize) -> [F; 2] {
    for _ in 0..count {
        x0 = x0.square();
        x1 = x1.square();
    }
    [x0, x1]
}

/// 1/x, and 0 for 0: x^(p - 2).
#[inline(always)]
pub fn inverse<F: Lanes>(x: F) -> F {
    let [power, _] = powers([x, x]);
    // p - 2 = 8 (2^252 - 3) + 3.
    let cube = x.square().multiply(x);
    power.square().square().square().multiply(cube)
}

/// Replaces each element, none of them zero, by its inverse, with one inversion (Montgomery's trick).
#[inline(always)]
pub fn invert_all<F: Lanes>(elements: &mut [F]) {
    let mut before = Vec::with_capacity(elements.len());
    let mut product = F::splat(&ONE);
    for element in elements.iter() {
        before.push(product);
        product = product.multiply(*element);
    }
    let mut rest = inverse(product);
    for (element, before) in elements.iter_mut().zip(before).rev() {
        let next = rest.multiply(*element);
        *element = rest.multiply(before);
        rest = next;
    }
}

/// The only spelling of an element below the prime.
#[inline]
pub fn canonical(mut limbs: [u64; 5]) -> [u64; 5] {
    for _ in 0..2 {
        let mut carry = 0;
        for limb in &mut limbs {
            let sum = *limb + carry;
            *limb = sum & MASK;
            carry = sum >> 51;
        }
        limbs[0] += 19 * carry;
    }
    // The value is below 2^255 + 2^20: whether it reaches the prime is the bit 255 of the value plus 19.
    let quotient = limbs.iter().fold(19, |carry, limb| (limb + carry) >> 51);
    let mut carry = 19 * quotient;
    for limb in &mut limbs {
        let sum = *limb + carry;
        *limb = sum & MASK;
        carry = sum >> 51;
    }
    limbs
}

/// 32 bytes, the lowest first.
#[inline]
pub fn bytes(canonical: &[u64; 5]) -> [u8; 32] {
    let [a, b, c, d, e] = *canonical;
    let words = [a | b << 51, b >> 13 | c << 38, c >> 26 | d << 25, d >> 39 | e << 12];
    let mut bytes = [0; 32];
    for (chunk, word) in bytes.chunks_exact_mut(8).zip(words) {
        chunk.copy_from_slice(&word.to_le_bytes());
    }
    bytes
}

/// The limbs of the low 255 bits of 32 bytes.
#[inline]
pub fn limbs(bytes: &[u8; 32]) -> [u64; 5] {
    let mut words = [0u64; 4];
    for (word, chunk) in words.iter_mut().zip(bytes.as_chunks::<8>().0) {
        *word = u64::from_le_bytes(*chunk);
    }
    let [a, b, c, d] = words;
    [a, a >> 51 | b << 13, b >> 38 | c << 26, c >> 25 | d << 39, d >> 12].map(|limb| limb & MASK)
}

/// The only spelling of each lane's element.
#[inline]
pub fn canonical_lane(spread: &Spread, lane: usize) -> [u64; 5] {
    canonical(spread.map(|limb| limb[lane]))
}

/// The lanes in which two vectors hold the same element, as a mask.
#[inline(always)]
pub fn equal<F: Lanes>(left: F, right: F) -> u8 {
    let difference = left.subtract(right).store();
    (0..F::COUNT).fold(0, |mask, lane| mask | u8::from(canonical_lane(&difference, lane) == ZERO) << lane)
}
