//! Powers of many bases that are used a few times each: Hamburg's signed comb (eprint 2012/309, section 3.3).
//!
//! An exponent becomes 255 digits that are 1 or -1, in five rows of 51: one table of the sixteen sums ±2^204 P ±2^153 P
//! ±2^102 P ±2^51 P ± P, up to sign, then 50 doublings and 51 sums for each exponent. The five teeth 2^(51 j) P are
//! additive in P, so those of a sum of points cost four sums a point instead of 204 doublings.

use curve25519_dalek::scalar::Scalar;

use super::field::limbs;
use super::lanes::{Lanes, MOST, Row};
use super::point::{Addend, Half, Point};

/// The number of rows of digits.
pub const TEETH: usize = 5;
/// The number of digits in a row.
pub const SPACING: usize = 51;
/// The number of sums in a table.
const ENTRIES: usize = 1 << (TEETH - 1);

/// The points 2^(51 j) P.
pub type Teeth<F> = [Point<F>; TEETH];

/// The teeth of a point.
#[inline(always)]
pub fn teeth<F: Lanes>(point: &Point<F>) -> Teeth<F> {
    let mut teeth = [*point; TEETH];
    for at in 1..TEETH {
        let mut half = teeth[at - 1].half();
        for _ in 1..SPACING {
            half = half.double().half();
        }
        teeth[at] = half.double().point();
    }
    teeth
}

/// The table of a base in each lane; its memory is used again and again.
pub struct Table {
    rows: Vec<[Row; 3]>,
}

impl Table {
    /// Room for a table.
    pub fn new() -> Self {
        Self { rows: vec![[Row([0; 8]); 3]; ENTRIES * MOST] }
    }

    /// Fills the table from the teeth of the bases: entry `bits` is the sum of the last tooth and, for each bit, the
    /// tooth, or its negative where the bit is not set.
    #[inline(always)]
    pub fn fill<F: Lanes>(&mut self, teeth: &Teeth<F>) {
        let (last, others) = (&teeth[TEETH - 1], &teeth[..TEETH - 1]);
        let mut sums = [*last; ENTRIES];
        let mut twice = [last.addend(); TEETH - 1];
        for (tooth, twice) in others.iter().zip(&mut twice) {
            sums[0] = sums[0].plus(&tooth.addend().negate_where(u8::MAX)).point();
            *twice = tooth.half().double().point().addend();
        }
        for (bits, to) in (0..ENTRIES).zip(self.rows.chunks_exact_mut(MOST)) {
            if bits > 0 {
                let lowest = bits.trailing_zeros() as usize;
                sums[bits] = sums[bits & (bits - 1)].plus(&twice[lowest]).point();
            }
            for (part, words) in sums[bits].addend().words().into_iter().enumerate() {
                F::scatter(words, |lane, row| to[lane][part] = row);
            }
        }
    }

    /// The power of each lane's base, by the exponents whose digits are given.
    #[inline(always)]
    pub fn power<F: Lanes>(&self, digits: &Digits) -> Point<F> {
        let mut half: Half<F> = self.addend(digits, SPACING - 1).half();
        let mut column = SPACING - 2;
        loop {
            let factors = half.double().point().plus(&self.addend(digits, column));
            if column == 0 {
                return factors.point();
            }
            half = factors.half();
            column -= 1;
        }
    }

    /// What a column of digits adds, lane by lane.
    #[inline(always)]
    fn addend<F: Lanes>(&self, digits: &Digits, column: usize) -> Addend<F> {
        Addend::gather(|lane| &self.rows[digits.index(column, lane) * MOST + lane])
            .negate_where(digits.negative(column))
    }
}

/// The signed digits of an exponent for each lane.
pub struct Digits {
    /// For each lane the indices of its columns, four bits each, sixteen to a word.
    indices: [[u64; 4]; MOST],
    /// For each lane the digits of the last row, whose sign is that of the column.
    positive: [u64; MOST],
}

impl Digits {
    /// Those of zero bits.
    pub fn new() -> Self {
        Self { indices: [[0; 4]; MOST], positive: [0; MOST] }
    }

    /// Sets the exponent of a lane.
    ///
    /// With digits 2 b - 1 the exponent is 2 B - (2^255 - 1), so B = (exponent + 2^255 - 1) / 2 modulo the group's order.
    pub fn set(&mut self, lane: usize, exponent: &Scalar, constants: &Constants) {
        let bits = half(&(exponent + constants.offset));
        let [a, b, c, d, last] = limbs(&bits);
        self.positive[lane] = last;
        for (part, indices) in self.indices[lane].iter_mut().enumerate() {
            let spread = |row: u64| every_fourth(!(row ^ last) >> (16 * part));
            *indices = spread(a) | spread(b) << 1 | spread(c) << 2 | spread(d) << 3;
        }
    }

    #[inline(always)]
    #[allow(clippy::cast_possible_truncation)]
    fn index(&self, column: usize, lane: usize) -> usize {
        (self.indices[lane][column / 16] >> (column % 16 * 4)) as usize & (ENTRIES - 1)
    }

    #[inline(always)]
    #[allow(clippy::cast_possible_truncation)]
    fn negative(&self, column: usize) -> u8 {
        let mut mask = 0;
        for lane in 0..MOST {
            mask |= (!(self.positive[lane] >> column) as u8 & 1) << lane;
        }
        mask
    }
}

/// The low 16 bits of a word, moved to the bits 0, 4, 8 and so on.
#[inline]
fn every_fourth(word: u64) -> u64 {
    let word = word & 0xffff;
    let word = (word | word << 24) & 0x0000_00ff_0000_00ff;
    let word = (word | word << 12) & 0x000f_000f_000f_000f;
    let word = (word | word << 6) & 0x0303_0303_0303_0303;
    (word | word << 3) & 0x1111_1111_1111_1111
}

/// Half of a scalar modulo the order of the group, which is added where the scalar is odd.
fn half(scalar: &Scalar) -> [u8; 32] {
    const ORDER: [u64; 4] = [0x5812_631a_5cf5_d3ed, 0x14de_f9de_a2f7_9cd6, 0, 0x1000_0000_0000_0000];
    let mut words = [0; 4];
    for (word, chunk) in words.iter_mut().zip(scalar.as_bytes().as_chunks::<8>().0) {
        *word = u64::from_le_bytes(*chunk);
    }
    if words[0] & 1 == 1 {
        let mut carry = false;
        for (word, order) in words.iter_mut().zip(ORDER) {
            let (sum, first) = word.overflowing_add(order);
            let (sum, second) = sum.overflowing_add(u64::from(carry));
            (*word, carry) = (sum, first | second);
        }
    }
    let mut bytes = [0; 32];
    for (at, chunk) in bytes.as_chunks_mut::<8>().0.iter_mut().enumerate() {
        let above = words.get(at + 1).copied().unwrap_or_default();
        *chunk = (words[at] >> 1 | above << 63).to_le_bytes();
    }
    bytes
}

/// What the digits of an exponent are made with.
pub struct Constants {
    /// 2^255 - 1 modulo the order of the group.
    offset: Scalar,
}

impl Constants {
    /// Computes them.
    pub fn new() -> Self {
        let mut offset = [0xff; 32];
        offset[31] = 0x7f;
        Self { offset: Scalar::from_bytes_mod_order(offset) }
    }
}
