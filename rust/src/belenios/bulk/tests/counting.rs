//! The number of products that a proof takes, counted.

use std::cell::Cell;

use curve25519_dalek::edwards::EdwardsPoint;

use super::super::comb;
use super::super::elements::decode;
use super::super::fixed::{self, Windows};
use super::super::lanes::{Kernel, Lanes, Row, Spread};
use super::super::point::Point;
use super::super::portable::Portable;
use super::super::profile::{PROOF, Products, WINDOW};
use super::Numbers;

thread_local! {
    static COUNTED: Cell<(u64, u64)> = const { Cell::new((0, 0)) };
}

/// What a function multiplies.
fn count(function: impl FnOnce()) -> Products {
    COUNTED.set((0, 0));
    function();
    let (products, squares) = COUNTED.get();
    Products { products, squares }
}

/// A portable element that counts.
#[derive(Clone, Copy)]
struct Counting(Portable);

impl Lanes for Counting {
    const COUNT: usize = 1;
    type Word = u64;
    type Wide = Portable;

    fn available() -> bool {
        true
    }
    fn dispatch<K: Kernel<Self>>(kernel: K) -> K::Output {
        kernel.run()
    }
    fn splat(limbs: &[u64; 5]) -> Self {
        Self(Portable::splat(limbs))
    }
    fn load(limbs: &Spread) -> Self {
        Self(Portable::load(limbs))
    }
    fn store(self) -> Spread {
        self.0.store()
    }
    fn from_words(words: [u64; 5]) -> Self {
        Self(Portable::from_words(words))
    }
    fn words(self) -> [u64; 5] {
        self.0.words()
    }
    fn gather<'a>(row: impl Fn(usize) -> &'a Row) -> [u64; 8] {
        Portable::gather(row)
    }
    fn scatter(words: [u64; 8], put: impl FnMut(usize, Row)) {
        Portable::scatter(words, put);
    }
    fn zero_word() -> u64 {
        0
    }
    fn select(mask: u8, yes: Self, no: Self) -> Self {
        Self(Portable::select(mask, yes.0, no.0))
    }
    fn negate(self) -> Self {
        Self(self.0.negate())
    }
    fn times(self, other: Self) -> Portable {
        COUNTED.set((COUNTED.get().0 + 1, COUNTED.get().1));
        self.0.times(other.0)
    }
    fn squared(self) -> Portable {
        COUNTED.set((COUNTED.get().0, COUNTED.get().1 + 1));
        self.0.squared()
    }
    fn widen(self) -> Portable {
        self.0
    }
    fn plus(left: Portable, right: Portable) -> Portable {
        Portable::plus(left, right)
    }
    fn minus(left: Portable, right: Portable) -> Portable {
        Portable::minus(left, right)
    }
    fn carry(wide: Portable) -> Self {
        Self(Portable::carry(wide))
    }
    fn add(self, other: Self) -> Self {
        Self(self.0.add(other.0))
    }
    fn subtract(self, other: Self) -> Self {
        Self(self.0.subtract(other.0))
    }
}

#[test]
fn a_proof_takes_as_many_products_as_is_said() {
    let mut numbers = Numbers(7);
    let encoding = EdwardsPoint::mul_base(&numbers.scalar()).compress().to_bytes();
    let mut digits = comb::Digits::new();
    digits.set(0, &numbers.scalar(), &comb::Constants::new());
    let counted = count(|| {
        for point in decode::<Counting, 2>(|_, _| encoding) {
            let mut table = comb::Table::new();
            table.fill(&comb::teeth(&Point::affine(point.x, point.y)));
            for _ in 0..2 {
                table.power::<Counting>(&digits);
            }
        }
    });
    assert_eq!(counted, PROOF);
    let windows = Windows { width: 8 };
    let base = EdwardsPoint::mul_base(&numbers.scalar());
    let table = fixed::Table::new::<Counting>(&base, windows);
    let digits = fixed::Digits::new(windows);
    let counted = count(|| {
        let _ = table.add_power(Point::<Counting>::identity(), &digits);
    });
    assert_eq!(counted, Products { products: WINDOW * windows.count() as u64, squares: 0 });
}
