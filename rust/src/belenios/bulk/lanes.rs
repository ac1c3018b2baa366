//! Elements of the field of 2^255 - 19, several side by side: what every vector of them can do.
//!
//! An element is five limbs of 51 bits. Everything here is public, so nothing needs constant time.

/// Eight words of a table, as wide as the widest vector and a line of the cache.
#[derive(Clone, Copy, Debug)]
#[repr(C, align(64))]
pub struct Row(pub [u64; 8]);

/// The largest number of lanes.
pub const MOST: usize = 8;

/// Five limbs, each of up to [`MOST`] lanes.
pub type Spread = [[u64; MOST]; 5];

/// A step of the work, written once and compiled for each kind of vector.
pub trait Kernel<F: Lanes> {
    /// What it answers.
    type Output;

    /// Does it. Always inlined into the function that has the vector's instructions.
    fn run(self) -> Self::Output;
}

/// A vector of field elements, whose limbs are small enough to be multiplied.
///
/// `Wide` is a sum of products whose limbs have not been carried; sums and differences are taken there, because a carry
/// costs as much as several of them. A `Wide` is a sum of at most four products, or such a sum of at most three less one
/// of at most two.
pub trait Lanes: Copy {
    /// How many elements stand side by side.
    const COUNT: usize;
    /// One limb of each element.
    type Word: Copy;
    /// Limbs that have not been carried.
    type Wide: Copy;

    /// Whether this machine has the instructions.
    fn available() -> bool;
    /// Runs a step with the vector's instructions switched on.
    fn dispatch<K: Kernel<Self>>(kernel: K) -> K::Output;

    /// The same element in every lane; limbs below 2^51.
    fn splat(limbs: &[u64; 5]) -> Self;
    /// An element for each lane; limbs below 2^51.
    fn load(limbs: &Spread) -> Self;
    /// The limbs, loosely reduced.
    fn store(self) -> Spread;
    /// From its limbs.
    fn from_words(words: [Self::Word; 5]) -> Self;
    /// Its limbs.
    fn words(self) -> [Self::Word; 5];
    /// Reads one row for each lane: word i of every row becomes the i-th answer.
    fn gather<'a>(row: impl Fn(usize) -> &'a Row) -> [Self::Word; 8];
    /// The inverse of `gather`.
    fn scatter(words: [Self::Word; 8], put: impl FnMut(usize, Row));
    /// Asks for a row that will be needed soon.
    #[inline(always)]
    fn prefetch(_row: &Row) {}
    /// A word of zeros.
    fn zero_word() -> Self::Word;
    /// Lane by lane: `yes` where the bit of the mask is set, else `no`.
    fn select(mask: u8, yes: Self, no: Self) -> Self;
    /// The negative of a carried element; it may be multiplied, but not be negated again.
    fn negate(self) -> Self;

    /// A product.
    fn times(self, other: Self) -> Self::Wide;
    /// A square.
    fn squared(self) -> Self::Wide;
    /// An element as a sum.
    fn widen(self) -> Self::Wide;
    /// A sum.
    fn plus(left: Self::Wide, right: Self::Wide) -> Self::Wide;
    /// A difference; the right side is an element or the sum of at most two products.
    fn minus(left: Self::Wide, right: Self::Wide) -> Self::Wide;
    /// Carries.
    fn carry(wide: Self::Wide) -> Self;

    /// A carried product.
    #[inline(always)]
    fn multiply(self, other: Self) -> Self {
        Self::carry(self.times(other))
    }
    /// A carried square.
    #[inline(always)]
    fn square(self) -> Self {
        Self::carry(self.squared())
    }
    /// A carried sum.
    #[inline(always)]
    fn add(self, other: Self) -> Self {
        Self::carry(Self::plus(self.widen(), other.widen()))
    }
    /// A carried difference.
    #[inline(always)]
    fn subtract(self, other: Self) -> Self {
        Self::carry(Self::minus(self.widen(), other.widen()))
    }
}
