//! The check of thousands of sealed ballots, with the verdict of [`super::ballot::check`] and many times its speed.
//!
//! Every ballot of an election asks for the same sums, so as many ballots as the machine's vectors have lanes are computed
//! side by side: [`elements`] decodes and checks the points, [`comb`] and [`fixed`] compute the powers, [`commitments`] the
//! commitments of every proof; one inversion brings hundreds of them to their compressed form, and [`transcript`] hashes
//! them. The field and the curve are this module's own ([`lanes`], [`field`], [`point`]): all of it is public, nothing
//! takes constant time, and nothing is random.

// What a vector's instructions compute must be inlined into the functions that declare them; and formulas have the names
// that they have where they were published.
#![allow(clippy::inline_always, clippy::many_single_char_names)]

mod comb;
mod commitments;
mod elements;
pub(super) mod field;
mod fixed;
#[cfg(target_arch = "x86_64")]
mod ifma;
pub(super) mod lanes;
mod layout;
mod point;
pub(super) mod portable;
pub mod profile;
mod proofs;
mod sums;
#[cfg(test)]
mod tests;
mod transcript;

use curve25519_dalek::constants::ED25519_BASEPOINT_POINT;
use curve25519_dalek::edwards::EdwardsPoint;
use sha2::Sha256;

use self::commitments::{Workspace, compute, compute_signatures};
use self::field::invert_all;
use self::fixed::Windows;
#[cfg(target_arch = "x86_64")]
use self::ifma::Ifma;
use self::lanes::{Kernel, Lanes, MOST, Spread};
use self::layout::Layout;
use self::point::{Point, Projective};
use self::portable::Portable;
use self::proofs::Hashing;
use self::sums::Sum;
use self::transcript::Tag;
use super::ballot::Ballot;
use super::election::Election;
use super::group::{Hex, hex_of_compressed};

/// How many groups of ballots share one inversion.
const BLOCK: usize = 16;

/// What the check of an election's ballots can compute beforehand.
pub struct Bulk {
    layout: Layout,
    windows: Windows,
    constants: comb::Constants,
    generator: fixed::Table,
    key: fixed::Table,
    /// The hash after the block of zeros.
    plain: Sha256,
    /// The hash after the block of zeros and the fingerprint.
    election: Sha256,
    tags: Tags,
    vector: Vector,
}

/// The tags of what is hashed.
struct Tags {
    prove: Tag,
    blank: Tag,
    overall: Tag,
    ballot: Tag,
}

/// The kinds of vector.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Vector {
    /// One element in 64-bit arithmetic: every machine.
    Portable,
    /// Eight elements in 512-bit vectors: x86-64 with AVX-512 IFMA.
    Ifma,
}

impl Vector {
    /// The widest that this machine has.
    pub fn best() -> Self {
        #[cfg(target_arch = "x86_64")]
        if Ifma::available() {
            return Self::Ifma;
        }
        Self::Portable
    }
}

/// The verdicts on a chunk of ballots.
#[derive(Clone, Debug)]
pub struct Checked {
    /// Whether each ballot satisfies what the plain check asks.
    pub valid: Vec<bool>,
    /// Over the valid ballots, the sum of weight times choice: for each question and choice, alpha and beta.
    pub sums: Vec<Vec<[EdwardsPoint; 2]>>,
}

impl Bulk {
    /// Computes the tables; the more ballots are expected, the larger they are.
    pub fn new(election: &Election, expected: u64) -> Self {
        Self::with_vector(election, expected, Vector::best())
    }

    /// The same with a given kind of vector, which must be available.
    fn with_vector(election: &Election, expected: u64, vector: Vector) -> Self {
        let layout = Layout::new(election);
        let exponents = expected.saturating_mul(layout.commitments as u64);
        let windows = Windows::suited_to(exponents);
        let table = |base: &EdwardsPoint| match vector {
            #[cfg(target_arch = "x86_64")]
            Vector::Ifma => fixed::Table::new::<Ifma>(base, windows),
            _ => fixed::Table::new::<Portable>(base, windows),
        };
        Self {
            generator: table(&ED25519_BASEPOINT_POINT),
            key: table(election.key.element.point()),
            layout,
            windows,
            constants: comb::Constants::new(),
            plain: transcript::beginning(b""),
            election: transcript::beginning(&election.fingerprint),
            tags: Tags {
                prove: Tag::new("prove"),
                blank: Tag::new("bproof0"),
                overall: Tag::new("bproof1"),
                ballot: Tag::new(super::ballot::PURPOSE),
            },
            vector,
        }
    }

    /// Which ballots satisfy what [`super::ballot::check::check`] asks, and the weighted sums of the choices of those.
    ///
    /// `weights` has a weight for each ballot (1 where it has none). One thread; made for chunks of some hundreds.
    pub fn check(&self, ballots: &[Ballot<'_>], weights: &[u64]) -> Checked {
        match self.vector {
            #[cfg(target_arch = "x86_64")]
            Vector::Ifma => self.check_with::<Ifma>(ballots, weights),
            _ => self.check_with::<Portable>(ballots, weights),
        }
    }

    fn check_with<F: Lanes>(&self, ballots: &[Ballot<'_>], weights: &[u64]) -> Checked {
        let mut valid = vec![false; ballots.len()];
        let fitting: Vec<usize> =
            (0..ballots.len()).filter(|number| self.layout.fits(&ballots[*number])).collect();
        let mut sums: Vec<[Sum<F>; 2]> = Vec::new();
        sums.resize_with(self.layout.choices, || [Sum::new(), Sum::new()]);
        let mut workspace = Workspace::new();
        let mut hashing = Hashing::new(self);
        for block in fitting.chunks(BLOCK * F::COUNT) {
            let groups: Vec<Vec<&Ballot<'_>>> = block
                .chunks(F::COUNT)
                .map(|group| (0..F::COUNT).map(|lane| &ballots[group[lane.min(group.len() - 1)]]).collect())
                .collect();
            let stride = self.layout.commitments;
            let mut commitments = vec![Point::identity_projective(); groups.len() * stride];
            let mut computed: Vec<_> = groups
                .iter()
                .zip(commitments.chunks_mut(stride))
                .map(|(members, commitments)| compute::<F>(self, members, &mut workspace, commitments))
                .collect();
            for first in (0..groups.len()).step_by(2) {
                let second = (first + 1).min(groups.len() - 1);
                let signed = compute_signatures::<F>(self, [&groups[first], &groups[second]], &mut workspace);
                for (group, (commitment, valid)) in [first, second].into_iter().zip(signed) {
                    commitments[group * stride + self.layout.signature] = commitment;
                    computed[group].valid &= valid;
                }
            }
            let affine = F::dispatch(Normalise(&commitments));
            for ((group, computed), affine) in
                block.chunks(F::COUNT).zip(&computed).zip(affine.chunks(stride))
            {
                let mut counted = 0;
                let mut group_weights = [0; MOST];
                for (lane, number) in group.iter().enumerate() {
                    let written: Vec<Hex> = affine
                        .iter()
                        .map(|[x, y]| hex_of_compressed(&elements::compress(x, y, lane)))
                        .collect();
                    valid[*number] =
                        computed.valid >> lane & 1 == 1 && hashing.holds(&ballots[*number], &written);
                    counted |= u8::from(valid[*number]) << lane;
                    group_weights[lane] = weights.get(*number).copied().unwrap_or(1);
                }
                for (sums, choice) in sums.iter_mut().zip(&computed.choices) {
                    for (sum, point) in sums.iter_mut().zip(choice) {
                        sum.add(point, &group_weights, counted);
                    }
                }
            }
        }
        let mut totals = sums.iter().map(|sums| [sums[0].total(), sums[1].total()]);
        let sums = self
            .layout
            .questions
            .iter()
            .map(|question| totals.by_ref().take(question.choices).collect())
            .collect();
        Checked { valid, sums }
    }
}

/// Brings points to affine coordinates, with one inversion for all.
struct Normalise<'a, F>(&'a [Projective<F>]);

impl<F: Lanes> Kernel<F> for Normalise<'_, F> {
    type Output = Vec<[Spread; 2]>;

    #[inline(always)]
    fn run(self) -> Self::Output {
        let mut inverses: Vec<F> = self.0.iter().map(|point| point.z).collect();
        invert_all(&mut inverses);
        let mut affine = Vec::with_capacity(self.0.len());
        for (point, inverse) in self.0.iter().zip(inverses) {
            affine.push([point.x.multiply(inverse).store(), point.y.multiply(inverse).store()]);
        }
        affine
    }
}

/// Which encodings are canonical, on the curve, and of the subgroup of prime order (the neutral element is).
pub fn check_elements(encodings: &[[u8; 32]]) -> Vec<bool> {
    match Vector::best() {
        #[cfg(target_arch = "x86_64")]
        Vector::Ifma => elements::check::<Ifma>(encodings),
        _ => elements::check::<Portable>(encodings),
    }
}
