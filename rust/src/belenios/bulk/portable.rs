//! One lane in plain 64-bit arithmetic, for every machine.

use super::lanes::{Kernel, Lanes, MOST, Row, Spread};

const MASK: u64 = (1 << 51) - 1;

/// One field element: five limbs, below 2^54 where it is multiplied.
#[derive(Clone, Copy, Debug)]
pub struct Portable(pub [u64; 5]);

// The crate checks its sums for overflow; here the bounds of the limbs are known, and the checks would double the time.

#[inline(always)]
fn product(left: u64, right: u64) -> u128 {
    u128::from(left).wrapping_mul(u128::from(right))
}

/// A sum of products.
#[inline(always)]
fn sum<const N: usize>(pairs: [(u64, u64); N]) -> u128 {
    pairs.into_iter().fold(0, |sum: u128, (left, right)| sum.wrapping_add(product(left, right)))
}

/// Carries the columns of a product; the limbs stay below 2^51 + 2^13.
#[inline(always)]
#[allow(clippy::cast_possible_truncation)]
fn reduce([c0, c1, c2, c3, c4]: [u128; 5]) -> Portable {
    let c1 = c1.wrapping_add(c0 >> 51);
    let c2 = c2.wrapping_add(c1 >> 51);
    let c3 = c3.wrapping_add(c2 >> 51);
    let c4 = c4.wrapping_add(c3 >> 51);
    let first = product((c4 >> 51) as u64, 19).wrapping_add(u128::from(c0 as u64 & MASK));
    let second = (c1 as u64 & MASK).wrapping_add((first >> 51) as u64);
    Portable([first as u64 & MASK, second, c2 as u64 & MASK, c3 as u64 & MASK, c4 as u64 & MASK])
}

impl Lanes for Portable {
    const COUNT: usize = 1;
    type Word = u64;
    type Wide = Self;

    fn available() -> bool {
        true
    }

    fn dispatch<K: Kernel<Self>>(kernel: K) -> K::Output {
        kernel.run()
    }

    #[inline(always)]
    fn splat(limbs: &[u64; 5]) -> Self {
        Self(*limbs)
    }

    #[inline(always)]
    fn load(limbs: &Spread) -> Self {
        Self(limbs.map(|limb| limb[0]))
    }

    #[inline(always)]
    fn store(self) -> Spread {
        self.0.map(|limb| {
            let mut lanes = [0; MOST];
            lanes[0] = limb;
            lanes
        })
    }

    #[inline(always)]
    fn from_words(words: [u64; 5]) -> Self {
        Self(words)
    }

    #[inline(always)]
    fn words(self) -> [u64; 5] {
        self.0
    }

    #[inline(always)]
    fn gather<'a>(row: impl Fn(usize) -> &'a Row) -> [u64; 8] {
        row(0).0
    }

    #[inline(always)]
    fn scatter(words: [u64; 8], mut put: impl FnMut(usize, Row)) {
        put(0, Row(words));
    }

    #[inline(always)]
    fn zero_word() -> u64 {
        0
    }

    #[inline(always)]
    fn select(mask: u8, yes: Self, no: Self) -> Self {
        if mask & 1 == 1 { yes } else { no }
    }

    #[inline(always)]
    fn negate(self) -> Self {
        Self::minus(Self([0; 5]), self)
    }

    #[inline(always)]
    fn times(self, other: Self) -> Self {
        let [a0, a1, a2, a3, a4] = self.0;
        let [b0, b1, b2, b3, b4] = other.0;
        let [f1, f2, f3, f4] = [b1, b2, b3, b4].map(|limb| limb.wrapping_mul(19));
        reduce([
            sum([(a0, b0), (a1, f4), (a2, f3), (a3, f2), (a4, f1)]),
            sum([(a0, b1), (a1, b0), (a2, f4), (a3, f3), (a4, f2)]),
            sum([(a0, b2), (a1, b1), (a2, b0), (a3, f4), (a4, f3)]),
            sum([(a0, b3), (a1, b2), (a2, b1), (a3, b0), (a4, f4)]),
            sum([(a0, b4), (a1, b3), (a2, b2), (a3, b1), (a4, b0)]),
        ])
    }

    #[inline(always)]
    fn squared(self) -> Self {
        let [a0, a1, a2, a3, a4] = self.0;
        let [d0, d1, d2] = [a0, a1, a2].map(|limb| limb.wrapping_mul(2));
        let [f3, f4] = [a3, a4].map(|limb| limb.wrapping_mul(19));
        let d3 = a3.wrapping_mul(2);
        reduce([
            sum([(a0, a0), (d1, f4), (d2, f3)]),
            sum([(a3, f3), (d0, a1), (d2, f4)]),
            sum([(a1, a1), (d0, a2), (d3, f4)]),
            sum([(a4, f4), (d0, a3), (d1, a2)]),
            sum([(a2, a2), (d0, a4), (d1, a3)]),
        ])
    }

    #[inline(always)]
    fn widen(self) -> Self {
        self
    }

    #[inline(always)]
    fn plus(left: Self, right: Self) -> Self {
        let mut sum = left;
        for (limb, other) in sum.0.iter_mut().zip(right.0) {
            *limb = limb.wrapping_add(other);
        }
        sum
    }

    /// Four times the prime is added, which is more than the sum of two products.
    #[inline(always)]
    fn minus(left: Self, right: Self) -> Self {
        const BIAS: [u64; 5] = [(MASK - 18) * 4, MASK * 4, MASK * 4, MASK * 4, MASK * 4];
        let mut difference = left;
        for ((limb, other), bias) in difference.0.iter_mut().zip(right.0).zip(BIAS) {
            *limb = limb.wrapping_add(bias).wrapping_sub(other);
        }
        difference
    }

    /// Nothing: 64-bit multiplications take limbs of 54 bits as they are.
    #[inline(always)]
    fn carry(wide: Self) -> Self {
        wide
    }

    #[inline(always)]
    fn multiply(self, other: Self) -> Self {
        self.times(other)
    }

    #[inline(always)]
    fn square(self) -> Self {
        self.squared()
    }

    #[inline(always)]
    fn add(self, other: Self) -> Self {
        carried(Self::plus(self, other))
    }

    #[inline(always)]
    fn subtract(self, other: Self) -> Self {
        const BIAS: [u64; 5] = [(MASK - 18) * 16, MASK * 16, MASK * 16, MASK * 16, MASK * 16];
        let mut difference = self;
        for ((limb, other), bias) in difference.0.iter_mut().zip(other.0).zip(BIAS) {
            *limb = limb.wrapping_add(bias).wrapping_sub(other);
        }
        carried(difference)
    }
}

/// Carries once, in parallel; the limbs stay below 2^51 + 2^18.
#[inline(always)]
fn carried(element: Portable) -> Portable {
    let [a0, a1, a2, a3, a4] = element.0;
    let after = |limb: u64, carry: u64| (limb & MASK).wrapping_add(carry);
    Portable([
        after(a0, (a4 >> 51).wrapping_mul(19)),
        after(a1, a0 >> 51),
        after(a2, a1 >> 51),
        after(a3, a2 >> 51),
        after(a4, a3 >> 51),
    ])
}
