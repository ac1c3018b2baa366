//! Discrete logarithms of small numbers (section "Election result"), by baby steps and giant steps.
//!
//! What is looked for are the x from 0 to a bound with g^x given. The u-coordinate of the Montgomery form is the same for
//! a point and its opposite, so a table of u(g^j) for j up to m recognizes all of g^(c-m) to g^(c+m), and giant steps are
//! 2m + 1 long. Along a row of steps, u needs no more than the differential addition of Montgomery ("Speeding the Pollard
//! and elliptic curve methods of factorization", 1987, section 10.3.1), and one inversion for many steps.

use curve25519_dalek::edwards::EdwardsPoint;
use curve25519_dalek::scalar::Scalar;
use curve25519_dalek::traits::IsIdentity;
use rayon::prelude::*;

use super::bulk::field::{ONE, ZERO, canonical, invert_all, limbs};
use super::bulk::lanes::Lanes;
use super::bulk::portable::Portable;

/// The most baby steps: their table then takes 32 MiB.
const LARGEST: u64 = 1 << 21;
/// The fewest, so that a small table is not smaller than its set-up.
const SMALLEST: u64 = 1 << 5;
/// The steps that share an inversion.
const BATCH: usize = 256;
/// The baby steps that one thread makes at a time.
const SEGMENT: u64 = 1 << 14;

/// The table of baby steps for all logarithms up to a bound.
pub struct Logarithms {
    bound: u64,
    baby: u64,
    /// In each place 0, or the number of a baby step below 32 bits of its u-coordinate; linear probing.
    places: Vec<u64>,
}

impl Logarithms {
    /// Makes the table that serves best for a number of logarithms from 0 to a bound.
    ///
    /// The time grows with the square root of bound times number, up to bounds of about 10^13; the memory is limited.
    pub fn new(bound: u64, number: usize) -> Self {
        let baby = (bound.saturating_mul(number as u64) / 2).isqrt().clamp(SMALLEST, LARGEST);
        let starts: Vec<u64> = (1..=baby).step_by(to_usize(SEGMENT)).collect();
        let steps: Vec<Vec<u64>> = starts
            .par_iter()
            .map(|start| {
                let length = SEGMENT.min(baby + 1 - start);
                let mut row = Row::new(&power(*start), &power(1));
                let mut marks = Vec::with_capacity(to_usize(length) + BATCH);
                while marks.len() < to_usize(length) {
                    marks.extend(row.next_marks().into_iter().map(Option::unwrap_or_default));
                }
                marks.truncate(to_usize(length));
                marks
            })
            .collect();
        let mut logarithms = Self { bound, baby, places: vec![0; to_usize(2 * baby).next_power_of_two()] };
        for (number, mark) in (1..).zip(steps.into_iter().flatten()) {
            logarithms.insert(mark, number);
        }
        logarithms
    }

    /// The logarithm of each point; nothing where it is not in the bound.
    pub fn of(&self, points: &[EdwardsPoint]) -> Vec<Option<u64>> {
        points.par_iter().map(|point| self.find(point)).collect()
    }

    fn find(&self, point: &EdwardsPoint) -> Option<u64> {
        let stride = 2 * self.baby + 1;
        let mut row = Row::new(&(point - power(self.baby)), &-power(stride));
        let mut centre = self.baby;
        loop {
            for mark in row.next_marks() {
                let found = match mark {
                    None => Some(centre).filter(|number| power(*number) == *point),
                    Some(mark) => self
                        .steps(mark)
                        .flat_map(|step| [centre - step, centre + step])
                        .find(|number| power(*number) == *point),
                };
                if found.is_some() {
                    return found.filter(|number| *number <= self.bound);
                }
                if centre + self.baby >= self.bound {
                    return None;
                }
                centre += stride;
            }
        }
    }

    /// Where the search for a mark begins.
    fn place(&self, mark: u64) -> usize {
        to_usize(mark & (self.places.len() as u64 - 1))
    }

    fn insert(&mut self, mark: u64, number: u64) {
        let mut place = self.place(mark);
        while self.places[place] != 0 {
            place = (place + 1) % self.places.len();
        }
        self.places[place] = (mark >> 32 << 32) | number;
    }

    /// The baby steps that have a mark, with a few that only look alike.
    fn steps(&self, mark: u64) -> impl Iterator<Item = u64> {
        let start = self.place(mark);
        let (before, after) = self.places.split_at(start);
        after
            .iter()
            .chain(before)
            .take_while(|place| **place != 0)
            .filter(move |place| *place >> 32 == mark >> 32)
            .map(|place| place & u64::from(u32::MAX))
    }
}

fn power(number: u64) -> EdwardsPoint {
    EdwardsPoint::mul_base(&Scalar::from(number))
}

#[allow(clippy::cast_possible_truncation)] // Table sizes, which LARGEST bounds.
fn to_usize(number: u64) -> usize {
    number as usize
}

/// A u-coordinate as a fraction; the point at infinity, which is the identity, has 0 below.
#[derive(Clone, Copy)]
struct Fraction {
    above: Portable,
    below: Portable,
}

impl Fraction {
    fn of(point: &EdwardsPoint) -> Self {
        if point.is_identity() {
            return Self { above: Portable(ONE), below: Portable(ZERO) };
        }
        Self { above: coordinate(point), below: Portable(ONE) }
    }
}

/// The u-coordinate of a point that is not the identity.
fn coordinate(point: &EdwardsPoint) -> Portable {
    Portable(limbs(&point.to_montgomery().to_bytes()))
}

/// The points P, P + D, P + 2D, ….
///
/// Behind an identity nothing is right: the difference of the two points that are added must not be one.
struct Row {
    current: Fraction,
    next: Fraction,
    /// u(D) + 1 and u(D) - 1.
    plus: Portable,
    minus: Portable,
}

impl Row {
    fn new(first: &EdwardsPoint, difference: &EdwardsPoint) -> Self {
        let step = coordinate(difference);
        Self {
            current: Fraction::of(first),
            next: Fraction::of(&(first + difference)),
            plus: step.add(Portable(ONE)),
            minus: step.subtract(Portable(ONE)),
        }
    }

    /// Moves on by one, and answers where it was.
    fn step(&mut self) -> Fraction {
        let Fraction { above, below } = self.next;
        let first = above.subtract(below).multiply(self.plus);
        let second = above.add(below).multiply(self.minus);
        let following = Fraction {
            above: self.current.below.multiply(first.add(second).square()),
            below: self.current.above.multiply(first.subtract(second).square()),
        };
        std::mem::replace(&mut self.current, std::mem::replace(&mut self.next, following))
    }

    /// The lowest 64 bits of the next u-coordinates; nothing for an identity.
    fn next_marks(&mut self) -> [Option<u64>; BATCH] {
        let fractions: [Fraction; BATCH] = std::array::from_fn(|_| self.step());
        let zero = fractions.map(|fraction| canonical(fraction.below.0) == ZERO);
        let mut inverses = fractions.map(|fraction| fraction.below);
        for place in (0..BATCH).filter(|place| zero[*place]) {
            inverses[place] = Portable(ONE);
        }
        invert_all(&mut inverses);
        std::array::from_fn(|place| {
            let [low, high, ..] = canonical(fractions[place].above.multiply(inverses[place]).0);
            (!zero[place]).then_some(low | high << 51)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all_found(bound: u64, numbers: &[u64]) {
        let points: Vec<EdwardsPoint> = numbers.iter().map(|number| power(*number)).collect();
        let expected: Vec<Option<u64>> =
            numbers.iter().map(|number| Some(*number).filter(|number| *number <= bound)).collect();
        assert_eq!(Logarithms::new(bound, points.len()).of(&points), expected, "bound {bound}");
    }

    #[test]
    fn every_small_number_is_found_and_none_beyond_the_bound() {
        for bound in [0, 1, 2, 31, 32, 33, 64, 65, 66, 500] {
            all_found(bound, &(0..=600).collect::<Vec<_>>());
        }
    }

    #[test]
    fn every_number_around_the_edges_of_steps_is_found() {
        for bound in [1_000_000, 1_000_000_000] {
            let stride = 2 * Logarithms::new(bound, 30).baby + 1;
            let edges = [0, 1, 2, bound / stride - 1, bound / stride].map(|step| step * stride);
            let numbers: Vec<u64> = edges
                .iter()
                .flat_map(|edge| edge.saturating_sub(2)..=edge + 2)
                .chain([bound - 1, bound, bound + 1])
                .collect();
            all_found(bound, &numbers);
        }
    }

    #[test]
    fn what_is_no_small_number_is_not_found() {
        let points = [-power(1), -power(5000), power(u64::MAX)];
        assert_eq!(Logarithms::new(5000, 3).of(&points), [None; 3]);
    }

    #[test]
    fn the_table_of_a_huge_bound_is_limited() {
        let logarithms = Logarithms::new(u64::MAX, 1000);
        assert_eq!(logarithms.baby, LARGEST);
        assert_eq!(logarithms.of(&[power(123_456_789)]), [Some(123_456_789)]);
    }
}
