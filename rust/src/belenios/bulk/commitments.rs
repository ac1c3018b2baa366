//! The arithmetic of as many ballots as there are lanes: every commitment of every proof.

use std::marker::PhantomData;

use curve25519_dalek::scalar::Scalar;

use super::super::ballot::Ballot;
use super::super::proof::Proof;
use super::Bulk;
use super::comb::{self, Teeth};
use super::elements::{Decoded, decode};
use super::fixed;
use super::lanes::{Kernel, Lanes};
use super::layout::Layout;
use super::point::{Point, Projective};

/// The ballots of a group, one for each lane; a short group repeats its last one.
pub type Members<'a> = [&'a Ballot<'a>];

/// What the arithmetic gives for a group.
pub struct Computed<F> {
    /// For each choice of each question, alpha and beta.
    pub choices: Vec<[Decoded<F>; 2]>,
    /// The lanes whose elements are all valid.
    pub valid: u8,
}

/// Room that is used again for each group.
pub struct Workspace {
    table: comb::Table,
}

impl Workspace {
    /// Makes room.
    pub fn new() -> Self {
        Self { table: comb::Table::new() }
    }
}

/// One branch of a proof as digits.
pub struct Branch {
    /// The challenge.
    pub challenge: comb::Digits,
    /// The response.
    pub response: fixed::Digits,
    shift: Option<fixed::Digits>,
}

impl Branch {
    /// The digits of a proof, which speaks of the plaintext `value`.
    pub fn new(bulk: &Bulk, members: &Members<'_>, value: u64, proof: impl Fn(&Ballot<'_>) -> Proof) -> Self {
        let mut challenge = comb::Digits::new();
        let mut response = fixed::Digits::new(bulk.windows);
        let mut shift = (value != 0).then(|| fixed::Digits::new(bulk.windows));
        let minus = -Scalar::from(value);
        for (lane, ballot) in members.iter().enumerate() {
            let proof = proof(ballot);
            challenge.set(lane, &proof.challenge, &bulk.constants);
            response.set(lane, &proof.response, bulk.windows);
            if let Some(shift) = &mut shift {
                let product = if value == 1 { -proof.challenge } else { minus * proof.challenge };
                shift.set(lane, &product, bulk.windows);
            }
        }
        Self { challenge, response, shift }
    }
}

/// Computes the points and commitments of a group; the commitments go to `commitments`, in the order of the layout.
pub fn compute<F: Lanes>(
    bulk: &Bulk,
    members: &Members<'_>,
    workspace: &mut Workspace,
    commitments: &mut [Projective<F>],
) -> Computed<F> {
    let layout: &Layout = &bulk.layout;
    let mut valid = u8::MAX;
    let mut choices = Vec::with_capacity(layout.choices);
    for (number, question) in layout.questions.iter().enumerate() {
        let mut sums: Option<[Teeth<F>; 2]> = None;
        for choice in 0..question.choices {
            let decoded = F::dispatch(Decode::<_, F, 2>::new(|component, lane: usize| {
                let ciphertext = &members[lane].answers[number].choices[choice];
                if component == 0 { ciphertext.alpha } else { ciphertext.beta }
            }));
            valid &= decoded[0].valid & decoded[1].valid;
            let mut branches: Vec<(usize, Branch)> = (0..2)
                .map(|value| {
                    let proof = |ballot: &Ballot<'_>| ballot.answers[number].individual_proofs[choice][value];
                    (question.individual(choice) + 2 * value, Branch::new(bulk, members, value as u64, proof))
                })
                .collect();
            let is_blank = question.blank && choice == 0;
            if is_blank {
                let blank = |ballot: &Ballot<'_>| ballot.answers[number].blank_proof.unwrap_or_default()[0];
                branches.push((question.blank_proof, Branch::new(bulk, members, 0, blank)));
                let overall = |ballot: &Ballot<'_>| ballot.answers[number].overall_proof[0];
                branches.push((question.overall, Branch::new(bulk, members, 1, overall)));
            }
            let teeth = F::dispatch(MakeTeeth(&decoded));
            commit(bulk, &mut workspace.table, &teeth, &branches, commitments);
            if !is_blank {
                F::dispatch(AddTeeth { to: &mut sums, teeth });
            }
            choices.push(decoded);
        }
        let blank = usize::from(question.blank);
        let mut branches: Vec<(usize, Branch)> = (0..question.values)
            .map(|at| {
                let proof = |ballot: &Ballot<'_>| ballot.answers[number].overall_proof[blank + at];
                let place = question.overall + 2 * (blank + at);
                (place, Branch::new(bulk, members, question.min + at as u64, proof))
            })
            .collect();
        if question.blank {
            let proof = |ballot: &Ballot<'_>| ballot.answers[number].blank_proof.unwrap_or_default()[1];
            branches.push((question.blank_proof + 2, Branch::new(bulk, members, 0, proof)));
        }
        let sums = sums.unwrap_or([[Point::identity(); comb::TEETH]; 2]);
        commit(bulk, &mut workspace.table, &sums, &branches, commitments);
        for (component, teeth) in sums.iter().enumerate() {
            commitments[question.sum + component] = F::dispatch(Project(&teeth[0]));
        }
    }
    Computed { choices, valid }
}

/// Computes the commitments of the signatures of two groups, and the lanes whose credentials are elements.
pub fn compute_signatures<F: Lanes>(
    bulk: &Bulk,
    groups: [&Members<'_>; 2],
    workspace: &mut Workspace,
) -> [(Projective<F>, u8); 2] {
    let decoded =
        F::dispatch(Decode::<_, F, 2>::new(|group: usize, lane: usize| groups[group][lane].credential));
    let teeth = F::dispatch(MakeTeeth(&decoded));
    [0, 1].map(|group| {
        F::dispatch(FillTable { teeth: &teeth[group], table: &mut workspace.table });
        let branch = Branch::new(bulk, groups[group], 0, |ballot| ballot.signature);
        let power = Power { table: &workspace.table, digits: &branch.challenge, vector: PhantomData };
        let power = F::dispatch(power);
        (F::dispatch(Commit::new(bulk, &power, &branch, 0)), decoded[group].valid)
    })
}

/// The commitments of some branches about the same ciphertext.
fn commit<F: Lanes>(
    bulk: &Bulk,
    table: &mut comb::Table,
    teeth: &[Teeth<F>; 2],
    branches: &[(usize, Branch)],
    commitments: &mut [Projective<F>],
) {
    for (component, teeth) in teeth.iter().enumerate() {
        F::dispatch(FillTable { teeth, table });
        // All from this table before the large ones of g and y drive it out of the nearest cache.
        let powers: Vec<Point<F>> = branches
            .iter()
            .map(|(_, branch)| F::dispatch(Power { table, digits: &branch.challenge, vector: PhantomData }))
            .collect();
        for ((place, branch), power) in branches.iter().zip(&powers) {
            commitments[place + component] = F::dispatch(Commit::new(bulk, power, branch, component));
        }
    }
}

/// The power of a point.
pub struct Power<'a, F> {
    /// Its table.
    pub table: &'a comb::Table,
    /// The exponent.
    pub digits: &'a comb::Digits,
    /// The kind of vector.
    pub vector: PhantomData<F>,
}

impl<F: Lanes> Kernel<F> for Power<'_, F> {
    type Output = Point<F>;

    #[inline(always)]
    fn run(self) -> Point<F> {
        self.table.power(self.digits)
    }
}

/// One commitment: g^response alpha^challenge, or y^response beta^challenge g^(-value challenge).
struct Commit<'a, F> {
    power: &'a Point<F>,
    fixed: [Option<(&'a fixed::Table, &'a fixed::Digits)>; 2],
}

impl<'a, F: Lanes> Commit<'a, F> {
    fn new(bulk: &'a Bulk, power: &'a Point<F>, branch: &'a Branch, component: usize) -> Self {
        let fixed = if component == 0 {
            [Some((&bulk.generator, &branch.response)), None]
        } else {
            [Some((&bulk.key, &branch.response)), branch.shift.as_ref().map(|shift| (&bulk.generator, shift))]
        };
        Self { power, fixed }
    }
}

impl<F: Lanes> Kernel<F> for Commit<'_, F> {
    type Output = Projective<F>;

    #[inline(always)]
    fn run(self) -> Projective<F> {
        let mut point = *self.power;
        for (table, digits) in self.fixed.into_iter().flatten() {
            point = table.add_power(point, digits);
        }
        point.projective()
    }
}

/// Decodes an encoding for each lane.
pub struct Decode<C, F, const N: usize> {
    encoding: C,
    vector: PhantomData<F>,
}

impl<C, F, const N: usize> Decode<C, F, N> {
    /// Of the encodings that a function gives for each vector and lane.
    pub fn new(encoding: C) -> Self {
        Self { encoding, vector: PhantomData }
    }
}

impl<C: Fn(usize, usize) -> [u8; 32], F: Lanes, const N: usize> Kernel<F> for Decode<C, F, N> {
    type Output = [Decoded<F>; N];

    #[inline(always)]
    fn run(self) -> [Decoded<F>; N] {
        decode::<F, N>(self.encoding)
    }
}

/// The teeth of two points.
pub struct MakeTeeth<'a, F>(pub &'a [Decoded<F>; 2]);

impl<F: Lanes> Kernel<F> for MakeTeeth<'_, F> {
    type Output = [Teeth<F>; 2];

    #[inline(always)]
    fn run(self) -> [Teeth<F>; 2] {
        let [left, right] = self.0;
        [comb::teeth(&Point::affine(left.x, left.y)), comb::teeth(&Point::affine(right.x, right.y))]
    }
}

/// The table of a point.
pub struct FillTable<'a, F> {
    /// Its teeth.
    pub teeth: &'a Teeth<F>,
    /// The table.
    pub table: &'a mut comb::Table,
}

impl<F: Lanes> Kernel<F> for FillTable<'_, F> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        self.table.fill(self.teeth);
    }
}

struct AddTeeth<'a, F> {
    to: &'a mut Option<[Teeth<F>; 2]>,
    teeth: [Teeth<F>; 2],
}

impl<F: Lanes> Kernel<F> for AddTeeth<'_, F> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Some(sums) = self.to else {
            *self.to = Some(self.teeth);
            return;
        };
        for (sums, teeth) in sums.iter_mut().zip(&self.teeth) {
            for (to, tooth) in sums.iter_mut().zip(teeth) {
                *to = to.plus(&tooth.addend()).point();
            }
        }
    }
}

struct Project<'a, F>(&'a Point<F>);

impl<F: Lanes> Kernel<F> for Project<'_, F> {
    type Output = Projective<F>;

    #[inline(always)]
    fn run(self) -> Projective<F> {
        self.0.projective()
    }
}
