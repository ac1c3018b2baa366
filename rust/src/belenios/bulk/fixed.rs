//! Powers of g and y, which are the same for a whole archive: a table of every digit of every window.

use curve25519_dalek::edwards::EdwardsPoint;
use curve25519_dalek::scalar::Scalar;

use super::elements::affine;
use super::field::invert_all;
use super::lanes::{Kernel, Lanes, MOST, Row};
use super::point::{AffineAddend, Point, Projective};

/// How many windows ahead rows are asked for: a large table lies outside the nearer caches.
const AHEAD: usize = 3;
/// The bits of an exponent.
const BITS: usize = 253;

/// How an exponent is cut into windows.
#[derive(Clone, Copy, Debug)]
pub struct Windows {
    /// The bits of a window, at most 16.
    pub width: usize,
}

impl Windows {
    /// The width that pays for a number of exponents: each bit more doubles the table and saves a few sums. Beyond 11
    /// bits, what the sums save is lost again to the caches.
    pub fn suited_to(exponents: u64) -> Self {
        let width = match exponents {
            0..=2_000 => 6,
            2_001..=50_000 => 8,
            50_001..=200_000 => 10,
            _ => 11,
        };
        Self { width }
    }

    /// How many windows there are.
    pub fn count(self) -> usize {
        BITS.div_ceil(self.width)
    }

    /// The entries of a window: the digits 0 to 2^(width - 1).
    fn entries(self) -> usize {
        (1 << (self.width - 1)) + 1
    }
}

/// The powers of a base by each digit of each window.
pub struct Table {
    windows: Windows,
    rows: Vec<[Row; 2]>,
}

impl Table {
    /// Computes the table of a base.
    pub fn new<F: Lanes>(base: &EdwardsPoint, windows: Windows) -> Self {
        F::dispatch(Fill { base, windows, vector: std::marker::PhantomData::<F> })
    }

    /// Adds the power of the base, lane by lane.
    #[inline(always)]
    pub fn add_power<F: Lanes>(&self, to: Point<F>, digits: &Digits) -> Point<F> {
        let mut point = to;
        for window in 0..AHEAD {
            self.prefetch::<F>(digits, window);
        }
        for window in 0..digits.negative.len() {
            self.prefetch::<F>(digits, window + AHEAD);
            point = point.plus_affine(&self.addend(digits, window)).point();
        }
        point
    }

    #[inline(always)]
    fn row(&self, digits: &Digits, window: usize, lane: usize) -> &[Row; 2] {
        &self.rows[window * self.windows.entries() + usize::from(digits.indices[window][lane])]
    }

    #[inline(always)]
    fn addend<F: Lanes>(&self, digits: &Digits, window: usize) -> AffineAddend<F> {
        AffineAddend::gather(|lane| self.row(digits, window, lane)).negate_where(digits.negative[window])
    }

    #[inline(always)]
    fn prefetch<F: Lanes>(&self, digits: &Digits, window: usize) {
        if window < digits.negative.len() {
            for lane in 0..F::COUNT {
                let [first, second] = self.row(digits, window, lane);
                F::prefetch(first);
                F::prefetch(second);
            }
        }
    }
}

struct Fill<'a, F> {
    base: &'a EdwardsPoint,
    windows: Windows,
    vector: std::marker::PhantomData<F>,
}

impl<F: Lanes> Kernel<F> for Fill<'_, F> {
    type Output = Table;

    /// Each lane has a window of its own.
    #[inline(always)]
    fn run(self) -> Table {
        let Self { base, windows, .. } = self;
        let (entries, count) = (windows.entries(), windows.count());
        let mut bases = vec![*base];
        while bases.len() < count {
            bases.push(bases[bases.len() - 1] * Scalar::from(1u64 << windows.width));
        }
        let mut rows = vec![[Row([0; 8]); 2]; entries * count];
        let mut points: Vec<Projective<F>> = Vec::with_capacity(entries);
        for start in (0..count).step_by(F::COUNT) {
            let (x, y) = affine::<F>(|lane| bases[(start + lane).min(count - 1)]);
            let base = Point::affine(x, y);
            let addend = base.addend();
            points.clear();
            let mut point = Point::identity();
            for _ in 0..entries {
                points.push(point.projective());
                point = point.plus(&addend).point();
            }
            let mut inverses: Vec<F> = points.iter().map(|point| point.z).collect();
            invert_all(&mut inverses);
            for (entry, (point, inverse)) in points.iter().zip(inverses).enumerate() {
                let addend = AffineAddend::new(point.x.multiply(inverse), point.y.multiply(inverse));
                for (part, words) in addend.words().into_iter().enumerate() {
                    F::scatter(words, |lane, row| {
                        if start + lane < count {
                            rows[(start + lane) * entries + entry][part] = row;
                        }
                    });
                }
            }
        }
        Table { windows, rows }
    }
}

/// The signed digits of an exponent for each lane, window by window.
pub struct Digits {
    indices: Vec<[u16; MOST]>,
    negative: Vec<u8>,
}

impl Digits {
    /// All zero digits.
    pub fn new(windows: Windows) -> Self {
        Self { indices: vec![[0; MOST]; windows.count()], negative: vec![0; windows.count()] }
    }

    /// Sets the exponent of a lane.
    #[allow(clippy::cast_possible_truncation)]
    pub fn set(&mut self, lane: usize, exponent: &Scalar, windows: Windows) {
        let mut words = [0u64; 5];
        for (word, chunk) in words.iter_mut().zip(exponent.as_bytes().as_chunks::<8>().0) {
            *word = u64::from_le_bytes(*chunk);
        }
        let mask = (1u64 << windows.width) - 1;
        let half = 1u64 << (windows.width - 1);
        let lane_bit = 1u8 << lane;
        let (mut carry, mut position) = (0, 0);
        for (indices, negative) in self.indices.iter_mut().zip(&mut self.negative) {
            let (word, shift) = (position / 64 % 4, position % 64);
            // Two shifts, because one by 64 is none.
            let bits = words[word] >> shift | words[word + 1] << 1 << (63 - shift);
            let digit = (bits & mask) + carry;
            carry = u64::from(digit > half);
            let magnitude = if carry == 1 { mask + 1 - digit } else { digit };
            indices[lane] = magnitude as u16;
            *negative = if carry == 1 { *negative | lane_bit } else { *negative & !lane_bit };
            position += windows.width;
        }
    }
}
