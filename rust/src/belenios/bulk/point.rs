//! Points of the twisted Edwards curve -x^2 + y^2 = 1 + d x^2 y^2, several side by side.
//!
//! Sums and doublings are those of Hisil, Wong, Carter and Dawson (2008), complete on the whole curve: no input is special.
//! Products stand in the order in which their factors are ready, so that few wait for the one before.

use super::field::{D2, ONE, ZERO, inverse};
use super::lanes::{Lanes, Row};

/// A point as Y + X, Y - X, Z and T = XY/Z.
#[derive(Clone, Copy)]
pub struct Point<F> {
    /// Y + X.
    pub sum: F,
    /// Y - X.
    pub difference: F,
    /// Z.
    pub z: F,
    /// XY/Z.
    pub t: F,
}

/// A point as X, Y, X + Y and Z, made ready to be doubled.
#[derive(Clone, Copy)]
pub struct Half<F> {
    x: F,
    y: F,
    sum: F,
    z: F,
}

/// The result of a sum before its last products: X = EF, Y = GH, Z = FG, T = EH.
#[derive(Clone, Copy)]
pub struct Factors<F> {
    e: F,
    f: F,
    g: F,
    h: F,
}

/// A point made ready to be added: Y + X, Y - X, 2Z, 2dT.
#[derive(Clone, Copy)]
pub struct Addend<F> {
    sum: F,
    difference: F,
    z2: F,
    td2: F,
}

/// An affine point made ready to be added: y + x, y - x, 2dxy.
#[derive(Clone, Copy)]
pub struct AffineAddend<F> {
    /// y + x.
    pub sum: F,
    /// y - x.
    pub difference: F,
    /// 2dxy.
    pub xyd2: F,
}

/// A point as X, Y, Z.
#[derive(Clone, Copy)]
pub struct Projective<F> {
    /// X.
    pub x: F,
    /// Y.
    pub y: F,
    /// Z.
    pub z: F,
}

impl<F: Lanes> Factors<F> {
    /// The point.
    #[inline(always)]
    pub fn point(self) -> Point<F> {
        let z = self.f.multiply(self.g);
        let t = self.e.multiply(self.h);
        let y = self.g.times(self.h);
        let x = self.e.times(self.f);
        Point { sum: F::carry(F::plus(y, x)), difference: F::carry(F::minus(y, x)), z, t }
    }

    /// The point, where a doubling follows.
    #[inline(always)]
    pub fn half(self) -> Half<F> {
        let z = self.f.multiply(self.g);
        let y = self.g.times(self.h);
        let x = self.e.times(self.f);
        Half { x: F::carry(x), y: F::carry(y), sum: F::carry(F::plus(x, y)), z }
    }
}

impl<F: Lanes> Half<F> {
    /// Twice the point.
    #[inline(always)]
    pub fn double(&self) -> Factors<F> {
        let z = self.z.squared();
        let b = self.y.squared();
        let a = self.x.squared();
        // F = G - 2 Z^2 and H = -(X^2 + Y^2), both with the other sign: the point stays the same.
        let f = F::carry(F::minus(F::plus(F::plus(z, z), a), b));
        let g = F::carry(F::minus(b, a));
        let h = F::plus(a, b);
        let e = F::minus(self.sum.squared(), h);
        Factors { e: F::carry(e), f, g, h: F::carry(h) }
    }
}

impl<F: Lanes> Point<F> {
    /// The neutral element.
    #[inline(always)]
    pub fn identity() -> Self {
        let (one, zero) = (F::splat(&ONE), F::splat(&ZERO));
        Self { sum: one, difference: one, z: one, t: zero }
    }

    /// The neutral element as X, Y, Z.
    #[inline(always)]
    pub fn identity_projective() -> Projective<F> {
        let (one, zero) = (F::splat(&ONE), F::splat(&ZERO));
        Projective { x: zero, y: one, z: one }
    }

    /// From affine coordinates.
    #[inline(always)]
    pub fn affine(x: F, y: F) -> Self {
        Self { sum: y.add(x), difference: y.subtract(x), z: F::splat(&ONE), t: x.multiply(y) }
    }

    /// The point, where a doubling follows.
    #[inline(always)]
    pub fn half(&self) -> Half<F> {
        let Projective { x, y, z } = self.projective();
        Half { x, y, sum: self.sum.add(self.sum), z }
    }

    /// Made ready to be added.
    #[inline(always)]
    pub fn addend(&self) -> Addend<F> {
        Addend {
            sum: self.sum,
            difference: self.difference,
            z2: self.z.add(self.z),
            td2: self.t.multiply(F::splat(&D2)),
        }
    }

    /// A sum.
    #[inline(always)]
    pub fn plus(&self, other: &Addend<F>) -> Factors<F> {
        let z = self.z.times(other.z2);
        let t = self.t.times(other.td2);
        let (f, g) = (F::carry(F::minus(z, t)), F::carry(F::plus(z, t)));
        let a = self.difference.times(other.difference);
        let b = self.sum.times(other.sum);
        Factors { e: F::carry(F::minus(b, a)), f, g, h: F::carry(F::plus(b, a)) }
    }

    /// A sum with an affine point.
    #[inline(always)]
    pub fn plus_affine(&self, other: &AffineAddend<F>) -> Factors<F> {
        let z = F::plus(self.z.widen(), self.z.widen());
        let t = self.t.times(other.xyd2);
        let (f, g) = (F::carry(F::minus(z, t)), F::carry(F::plus(z, t)));
        let a = self.difference.times(other.difference);
        let b = self.sum.times(other.sum);
        Factors { e: F::carry(F::minus(b, a)), f, g, h: F::carry(F::plus(b, a)) }
    }

    /// The point as X, Y, Z (twice as large).
    #[inline(always)]
    pub fn projective(&self) -> Projective<F> {
        Projective {
            x: self.sum.subtract(self.difference),
            y: self.sum.add(self.difference),
            z: self.z.add(self.z),
        }
    }

    /// Lane by lane.
    #[inline(always)]
    pub fn select(mask: u8, yes: &Self, no: &Self) -> Self {
        Self {
            sum: F::select(mask, yes.sum, no.sum),
            difference: F::select(mask, yes.difference, no.difference),
            z: F::select(mask, yes.z, no.z),
            t: F::select(mask, yes.t, no.t),
        }
    }

    /// Affine coordinates, by an inversion.
    #[inline(always)]
    pub fn coordinates(&self) -> (F, F) {
        let Projective { x, y, z } = self.projective();
        let inverse = inverse(z);
        (x.multiply(inverse), y.multiply(inverse))
    }
}

impl<F: Lanes> Addend<F> {
    /// The negative in the lanes of a mask.
    #[inline(always)]
    pub fn negate_where(&self, mask: u8) -> Self {
        Self {
            sum: F::select(mask, self.difference, self.sum),
            difference: F::select(mask, self.sum, self.difference),
            z2: self.z2,
            td2: F::select(mask, self.td2.negate(), self.td2),
        }
    }

    /// The point, where a doubling follows.
    #[inline(always)]
    pub fn half(&self) -> Half<F> {
        Half {
            x: self.sum.subtract(self.difference),
            y: self.sum.add(self.difference),
            sum: self.sum.add(self.sum),
            z: self.z2,
        }
    }

    /// The words of its three rows.
    #[inline(always)]
    pub fn words(&self) -> [[F::Word; 8]; 3] {
        let (a, b, c, d) = (self.sum.words(), self.difference.words(), self.z2.words(), self.td2.words());
        let zero = F::zero_word();
        [
            [a[0], a[1], a[2], a[3], a[4], b[0], b[1], b[2]],
            [b[3], b[4], c[0], c[1], c[2], c[3], c[4], d[0]],
            [d[1], d[2], d[3], d[4], zero, zero, zero, zero],
        ]
    }

    /// Reads an addend for each lane from its three rows.
    #[inline(always)]
    pub fn gather<'a>(rows: impl Fn(usize) -> &'a [Row; 3]) -> Self {
        let first = F::gather(|lane| &rows(lane)[0]);
        let second = F::gather(|lane| &rows(lane)[1]);
        let third = F::gather(|lane| &rows(lane)[2]);
        Self {
            sum: F::from_words([first[0], first[1], first[2], first[3], first[4]]),
            difference: F::from_words([first[5], first[6], first[7], second[0], second[1]]),
            z2: F::from_words([second[2], second[3], second[4], second[5], second[6]]),
            td2: F::from_words([second[7], third[0], third[1], third[2], third[3]]),
        }
    }
}

impl<F: Lanes> AffineAddend<F> {
    /// From affine coordinates.
    #[inline(always)]
    pub fn new(x: F, y: F) -> Self {
        Self { sum: y.add(x), difference: y.subtract(x), xyd2: x.multiply(y).multiply(F::splat(&D2)) }
    }

    /// The negative in the lanes of a mask.
    #[inline(always)]
    pub fn negate_where(&self, mask: u8) -> Self {
        Self {
            sum: F::select(mask, self.difference, self.sum),
            difference: F::select(mask, self.sum, self.difference),
            xyd2: F::select(mask, self.xyd2.negate(), self.xyd2),
        }
    }

    /// The words of its two rows.
    #[inline(always)]
    pub fn words(&self) -> [[F::Word; 8]; 2] {
        let (a, b, c) = (self.sum.words(), self.difference.words(), self.xyd2.words());
        [
            [a[0], a[1], a[2], a[3], a[4], b[0], b[1], b[2]],
            [b[3], b[4], c[0], c[1], c[2], c[3], c[4], F::zero_word()],
        ]
    }

    /// Reads one for each lane from its two rows.
    #[inline(always)]
    pub fn gather<'a>(rows: impl Fn(usize) -> &'a [Row; 2]) -> Self {
        let first = F::gather(|lane| &rows(lane)[0]);
        let second = F::gather(|lane| &rows(lane)[1]);
        Self {
            sum: F::from_words([first[0], first[1], first[2], first[3], first[4]]),
            difference: F::from_words([first[5], first[6], first[7], second[0], second[1]]),
            xyd2: F::from_words([second[2], second[3], second[4], second[5], second[6]]),
        }
    }
}
