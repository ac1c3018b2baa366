//! Where the time of a check goes: the cost of one product on this machine, and the share of each step.

use std::marker::PhantomData;
use std::time::Instant;

use super::super::ballot::Ballot;
use super::super::election::Election;
use super::commitments::{Branch, Decode, FillTable, MakeTeeth, Power};
#[cfg(target_arch = "x86_64")]
use super::ifma::Ifma;
use super::lanes::{Kernel, Lanes};
use super::point::{Point, Projective};
use super::portable::Portable;
use super::{Bulk, Vector, comb, fixed};

/// The products and squares that the commitments of one 0/1 proof take beside the powers of g and y: decoding, checking
/// and both branches.
pub const PROOF: Products = Products { products: 3_930, squares: 3_980 };
/// The products that one window of a power of g or y takes.
pub const WINDOW: u64 = 7;

/// A number of products of field elements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Products {
    /// Products of two elements.
    pub products: u64,
    /// Squares.
    pub squares: u64,
}

/// Measured costs.
#[derive(Clone, Debug)]
pub struct Profile {
    /// The kind of vector.
    pub vector: Vector,
    /// Nanoseconds of a product, for each lane.
    pub product: f64,
    /// Nanoseconds of a square, for each lane.
    pub square: f64,
    /// The bits of a window of the powers of g and y.
    pub width: usize,
    /// Microseconds a ballot for each step.
    pub steps: Vec<(&'static str, f64)>,
    /// Microseconds a ballot for all, as measured.
    pub total: f64,
}

/// Measures on one thread, for about a second; nothing without a ballot that fits the election.
pub fn profile(election: &Election, ballots: &[Ballot<'_>], expected: u64) -> Option<Profile> {
    let bulk = Bulk::new(election, expected);
    let ballots: Vec<Ballot<'_>> =
        ballots.iter().filter(|ballot| bulk.layout.fits(ballot)).cloned().collect();
    let (ballots, _) = ballots.split_at(ballots.len().min(256));
    let first = ballots.first()?;
    if bulk.layout.choices == 0 {
        return None;
    }
    Some(match bulk.vector {
        #[cfg(target_arch = "x86_64")]
        Vector::Ifma => measure::<Ifma>(&bulk, ballots, first),
        Vector::Portable => measure::<Portable>(&bulk, ballots, first),
    })
}

/// The cost of a product and of a square in nanoseconds, for each lane.
pub fn product_costs(vector: Vector) -> (f64, f64) {
    fn costs<F: Lanes>() -> (f64, f64) {
        #[allow(clippy::cast_precision_loss)]
        let lanes = (ROUNDS * 4 * F::COUNT) as f64;
        let product = shortest(500, || F::dispatch(Chains { square: false, vector: PhantomData::<F> }));
        let square = shortest(500, || F::dispatch(Chains { square: true, vector: PhantomData::<F> }));
        (product / lanes, square / lanes)
    }
    match vector {
        #[cfg(target_arch = "x86_64")]
        Vector::Ifma => costs::<Ifma>(),
        Vector::Portable => costs::<Portable>(),
    }
}

#[allow(clippy::cast_precision_loss)]
fn measure<F: Lanes>(bulk: &Bulk, ballots: &[Ballot<'_>], first: &Ballot<'_>) -> Profile {
    let layout = &bulk.layout;
    let members: Vec<&Ballot<'_>> = (0..F::COUNT).map(|lane| &ballots[lane % ballots.len()]).collect();
    let questions = layout.questions.len();
    let answer = first.answers.iter().position(|answer| !answer.choices.is_empty()).unwrap_or(0);
    let proof = |ballot: &Ballot<'_>| ballot.answers[answer].individual_proofs[0][1];
    let branch = Branch::new(bulk, &members, 0, proof);
    let decode = || {
        F::dispatch(Decode::<_, F, 2>::new(|component: usize, lane: usize| {
            let choice = &members[lane].answers[answer].choices[0];
            if component == 0 { choice.alpha } else { choice.beta }
        }))
    };
    let points = decode();
    let teeth = F::dispatch(MakeTeeth(&points));
    let mut table = comb::Table::new();
    F::dispatch(FillTable { teeth: &teeth[0], table: &mut table });
    // How often a ballot does each of them.
    let bases = 2 * layout.choices + 1;
    let powers = layout.commitments - 2 * questions;
    let shifts: usize = layout
        .questions
        .iter()
        .map(|question| {
            question.choices + usize::from(question.blank) + question.values - usize::from(question.min == 0)
        })
        .sum();
    let each = |nanoseconds: f64, times: usize| nanoseconds * times as f64 / F::COUNT as f64 / 1e3;
    let mut steps = vec![
        ("decoding and subgroup checks", each(shortest(100, decode) / 2.0, bases)),
        ("chains of doublings", each(shortest(100, || F::dispatch(MakeTeeth(&points))) / 2.0, bases)),
        (
            "tables of the points",
            each(
                shortest(100, || F::dispatch(FillTable { teeth: &teeth[0], table: &mut table })),
                bases + 2 * questions,
            ),
        ),
        ("digits", each(shortest(100, || Branch::new(bulk, &members, 0, proof)), powers.div_ceil(2))),
    ];
    let power = shortest(100, || {
        F::dispatch(Power { table: &table, digits: &branch.challenge, vector: PhantomData::<F> })
    });
    steps.push(("powers of the points", each(power, powers)));
    let fixed = shortest(100, || {
        F::dispatch(Fixed { table: &bulk.generator, branch: &branch, vector: PhantomData::<F> })
    });
    steps.push(("powers of g and y", each(fixed, powers + shifts)));
    let weights = vec![1; ballots.len()];
    let total = shortest(5, || bulk.check(ballots, &weights)) / ballots.len() as f64 / 1e3;
    let counted: f64 = steps.iter().map(|(_, cost)| cost).sum();
    steps.push(("compressing, hashing, adding up", (total - counted).max(0.0)));
    let (product, square) = product_costs(bulk.vector);
    Profile { vector: bulk.vector, product, square, width: bulk.windows.width, steps, total }
}

/// The shortest of several runs, in nanoseconds.
fn shortest<T>(runs: usize, mut run: impl FnMut() -> T) -> f64 {
    (0..runs)
        .map(|_| {
            let start = Instant::now();
            std::hint::black_box(run());
            start.elapsed().as_secs_f64() * 1e9
        })
        .fold(f64::MAX, f64::min)
}

struct Fixed<'a, F> {
    table: &'a fixed::Table,
    branch: &'a Branch,
    vector: PhantomData<F>,
}

impl<F: Lanes> Kernel<F> for Fixed<'_, F> {
    type Output = Projective<F>;

    #[inline(always)]
    fn run(self) -> Projective<F> {
        self.table.add_power(Point::identity(), &self.branch.response).projective()
    }
}

/// The rounds of four products each.
const ROUNDS: usize = 500;

/// Products in four independent chains.
struct Chains<F> {
    square: bool,
    vector: PhantomData<F>,
}

impl<F: Lanes> Kernel<F> for Chains<F> {
    type Output = u64;

    #[inline(always)]
    fn run(self) -> u64 {
        let start = F::splat(&std::hint::black_box([3, 5, 7, 9, 11]));
        let [mut a, mut b, mut c, mut d] = [start; 4];
        if self.square {
            for _ in 0..ROUNDS {
                (a, b, c, d) = (a.square(), b.square(), c.square(), d.square());
            }
        } else {
            for _ in 0..ROUNDS {
                (a, b) = (a.multiply(start), b.multiply(start));
                (c, d) = (c.multiply(start), d.multiply(start));
            }
        }
        let sum = a.add(b).add(c.add(d));
        sum.store().as_flattened().iter().fold(0, |mixed, limb| mixed ^ limb)
    }
}
