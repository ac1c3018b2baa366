//! Eight lanes in 512-bit vectors, with the 52-bit multiplications of AVX-512 IFMA: the one place where this crate is unsafe.
//!
//! Nothing is unsafe here but the calls of vector instructions from functions that do not declare them, so that they can be
//! inlined into those that do. A vector comes into being only inside [`Lanes::dispatch`], which makes sure that the machine
//! has the instructions; pointers are those of whole arrays.
//!
//! Limbs that are multiplied are below 2^52, because the instruction looks at no more bits. A product's low half has the
//! weight of its column, its high half twice that of the next column, because limbs are of 51 bits.
#![allow(unsafe_code)]
// Closures and iterators over vectors are not always inlined, and then each operation is a call: plain loops are.
#![allow(clippy::needless_range_loop)]

use std::arch::x86_64::{
    __m512i, _MM_HINT_T0, _mm_prefetch, _mm256_load_si256, _mm512_add_epi64, _mm512_and_si512,
    _mm512_castsi256_si512, _mm512_inserti64x4, _mm512_load_si512, _mm512_madd52hi_epu64,
    _mm512_madd52lo_epu64, _mm512_mask_blend_epi64, _mm512_mullo_epi64, _mm512_set1_epi64,
    _mm512_setzero_si512, _mm512_shuffle_i64x2, _mm512_srli_epi64, _mm512_store_si512, _mm512_sub_epi64,
    _mm512_unpackhi_epi64, _mm512_unpacklo_epi64,
};

use super::lanes::{Kernel, Lanes, MOST, Row, Spread};

const MASK: i64 = (1 << 51) - 1;
/// 2^10 times the prime, limb by limb: more than what is ever subtracted.
const BIAS: [i64; 5] = [(MASK - 18) << 10, MASK << 10, MASK << 10, MASK << 10, MASK << 10];
/// Twice the prime, limb by limb.
const TWICE: [i64; 5] = [(MASK - 18) << 1, MASK << 1, MASK << 1, MASK << 1, MASK << 1];

/// Eight field elements; limbs below 2^51 + 2^17, or below 2^52 where they were negated.
#[derive(Clone, Copy)]
pub struct Ifma([__m512i; 5]);

/// Eight sums of products; limbs below 2^63.
#[derive(Clone, Copy)]
pub struct Wide([__m512i; 5]);

#[inline(always)]
fn zero() -> __m512i {
    // SAFETY: only called inside `dispatch`.
    unsafe { _mm512_setzero_si512() }
}

#[inline(always)]
fn constant(value: i64) -> __m512i {
    // SAFETY: only called inside `dispatch`.
    unsafe { _mm512_set1_epi64(value) }
}

#[inline(always)]
fn add(left: __m512i, right: __m512i) -> __m512i {
    // SAFETY: only called inside `dispatch`.
    unsafe { _mm512_add_epi64(left, right) }
}

#[inline(always)]
fn subtract(left: __m512i, right: __m512i) -> __m512i {
    // SAFETY: only called inside `dispatch`.
    unsafe { _mm512_sub_epi64(left, right) }
}

/// `to` and the low 52 bits of a product.
#[inline(always)]
fn low(to: __m512i, left: __m512i, right: __m512i) -> __m512i {
    // SAFETY: only called inside `dispatch`.
    unsafe { _mm512_madd52lo_epu64(to, left, right) }
}

/// `to` and the high 52 bits of a product.
#[inline(always)]
fn high(to: __m512i, left: __m512i, right: __m512i) -> __m512i {
    // SAFETY: only called inside `dispatch`.
    unsafe { _mm512_madd52hi_epu64(to, left, right) }
}

#[inline(always)]
fn load(words: &[u64; 8]) -> __m512i {
    let aligned = Row(*words);
    load_row(&aligned)
}

#[inline(always)]
fn load_row(row: &Row) -> __m512i {
    // SAFETY: only called inside `dispatch`; a row is 64 bytes, aligned to 64.
    unsafe { _mm512_load_si512(std::ptr::from_ref(row).cast()) }
}

/// The same half, the first or the second, of two rows.
#[inline(always)]
fn load_halves(low: &Row, high: &Row, half: usize) -> __m512i {
    let (low, high) = (&low.0.as_chunks::<4>().0[half], &high.0.as_chunks::<4>().0[half]);
    // SAFETY: only called inside `dispatch`; half a row is 32 bytes, aligned to 32.
    unsafe {
        let low = _mm256_load_si256(std::ptr::from_ref(low).cast());
        let high = _mm256_load_si256(std::ptr::from_ref(high).cast());
        _mm512_inserti64x4::<1>(_mm512_castsi256_si512(low), high)
    }
}

#[inline(always)]
fn store(vector: __m512i) -> Row {
    let mut row = Row([0; 8]);
    // SAFETY: only called inside `dispatch`; a row is 64 bytes, aligned to 64.
    unsafe { _mm512_store_si512(std::ptr::from_mut(&mut row).cast(), vector) };
    row
}

/// The 51 bits that stay in a limb.
#[inline(always)]
fn low_bits(limb: __m512i) -> __m512i {
    // SAFETY: only called inside `dispatch`.
    unsafe { _mm512_and_si512(limb, constant(MASK)) }
}

/// What a limb carries.
#[inline(always)]
fn high_bits(limb: __m512i) -> __m512i {
    // SAFETY: only called inside `dispatch`.
    unsafe { _mm512_srli_epi64::<51>(limb) }
}

/// The low 64 bits of a product.
#[inline(always)]
fn product(left: __m512i, right: __m512i) -> __m512i {
    // SAFETY: only called inside `dispatch`.
    unsafe { _mm512_mullo_epi64(left, right) }
}

/// A column and the one five above, which counts 19 times, because 2^255 = 19.
#[inline(always)]
fn fold(column: __m512i, above: __m512i) -> __m512i {
    add(column, product(above, constant(19)))
}

/// The low or high words of each pair of two vectors.
#[inline(always)]
fn words(left: __m512i, right: __m512i) -> (__m512i, __m512i) {
    // SAFETY: only called inside `dispatch`.
    unsafe { (_mm512_unpacklo_epi64(left, right), _mm512_unpackhi_epi64(left, right)) }
}

/// The even or odd blocks, of two words each, of two vectors.
#[inline(always)]
fn blocks(left: __m512i, right: __m512i) -> (__m512i, __m512i) {
    // SAFETY: only called inside `dispatch`.
    unsafe {
        (
            _mm512_shuffle_i64x2::<0b10_00_10_00>(left, right),
            _mm512_shuffle_i64x2::<0b11_01_11_01>(left, right),
        )
    }
}

/// Transposes eight vectors of eight words.
#[inline(always)]
fn transpose(rows: [__m512i; 8]) -> [__m512i; 8] {
    let [r0, r1, r2, r3, r4, r5, r6, r7] = rows;
    let ((a0, a1), (b0, b1)) = (words(r0, r1), words(r2, r3));
    let ((c0, c1), (d0, d1)) = (words(r4, r5), words(r6, r7));
    let ((ab0, ab2), (ab1, ab3)) = (blocks(a0, b0), blocks(a1, b1));
    let ((cd0, cd2), (cd1, cd3)) = (blocks(c0, d0), blocks(c1, d1));
    let ((w0, w4), (w1, w5)) = (blocks(ab0, cd0), blocks(ab1, cd1));
    let ((w2, w6), (w3, w7)) = (blocks(ab2, cd2), blocks(ab3, cd3));
    [w0, w1, w2, w3, w4, w5, w6, w7]
}

#[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512bw,avx512ifma,bmi1,bmi2,adx,lzcnt,popcnt")]
#[inline(never)]
fn with_instructions<K: Kernel<Ifma>>(kernel: K) -> K::Output {
    kernel.run()
}

impl Lanes for Ifma {
    const COUNT: usize = 8;
    type Word = __m512i;
    type Wide = Wide;

    fn available() -> bool {
        std::arch::is_x86_feature_detected!("avx512f")
            && std::arch::is_x86_feature_detected!("avx512dq")
            && std::arch::is_x86_feature_detected!("avx512vl")
            && std::arch::is_x86_feature_detected!("avx512bw")
            && std::arch::is_x86_feature_detected!("avx512ifma")
            && std::arch::is_x86_feature_detected!("bmi1")
            && std::arch::is_x86_feature_detected!("bmi2")
            && std::arch::is_x86_feature_detected!("adx")
            && std::arch::is_x86_feature_detected!("lzcnt")
            && std::arch::is_x86_feature_detected!("popcnt")
    }

    fn dispatch<K: Kernel<Self>>(kernel: K) -> K::Output {
        assert!(Self::available(), "this machine has no AVX-512 IFMA");
        // SAFETY: the machine has every instruction that is declared.
        unsafe { with_instructions(kernel) }
    }

    #[inline(always)]
    #[allow(clippy::cast_possible_wrap)]
    fn splat(limbs: &[u64; 5]) -> Self {
        let mut element = [zero(); 5];
        for at in 0..5 {
            element[at] = constant(limbs[at] as i64);
        }
        Self(element)
    }

    #[inline(always)]
    fn load(limbs: &Spread) -> Self {
        let mut element = [zero(); 5];
        for at in 0..5 {
            element[at] = load(&limbs[at]);
        }
        Self(element)
    }

    #[inline(always)]
    fn store(self) -> Spread {
        let mut limbs = [[0; MOST]; 5];
        for at in 0..5 {
            limbs[at] = store(self.0[at]).0;
        }
        limbs
    }

    #[inline(always)]
    fn from_words(words: [__m512i; 5]) -> Self {
        Self(words)
    }

    #[inline(always)]
    fn words(self) -> [__m512i; 5] {
        self.0
    }

    #[inline(always)]
    fn gather<'a>(row: impl Fn(usize) -> &'a Row) -> [__m512i; 8] {
        // A transposition whose first step is done by the loads: rows 0 and 2, 1 and 3, 4 and 6, 5 and 7 side by side.
        let mut result = [zero(); MOST];
        for half in 0..2 {
            let a = load_halves(row(0), row(2), half);
            let b = load_halves(row(1), row(3), half);
            let c = load_halves(row(4), row(6), half);
            let d = load_halves(row(5), row(7), half);
            let ((ab0, ab1), (cd0, cd1)) = (words(a, b), words(c, d));
            let ((w0, w2), (w1, w3)) = (blocks(ab0, cd0), blocks(ab1, cd1));
            result[4 * half] = w0;
            result[4 * half + 1] = w1;
            result[4 * half + 2] = w2;
            result[4 * half + 3] = w3;
        }
        result
    }

    #[inline(always)]
    fn prefetch(row: &Row) {
        // SAFETY: a hint, for an address that exists.
        unsafe { _mm_prefetch::<_MM_HINT_T0>(std::ptr::from_ref(row).cast()) };
    }

    #[inline(always)]
    fn scatter(words: [__m512i; 8], mut put: impl FnMut(usize, Row)) {
        let rows = transpose(words);
        for lane in 0..MOST {
            put(lane, store(rows[lane]));
        }
    }

    #[inline(always)]
    fn zero_word() -> __m512i {
        zero()
    }

    #[inline(always)]
    fn select(mask: u8, yes: Self, no: Self) -> Self {
        let mut chosen = no.0;
        for at in 0..5 {
            // SAFETY: only called inside `dispatch`.
            chosen[at] = unsafe { _mm512_mask_blend_epi64(mask, no.0[at], yes.0[at]) };
        }
        Self(chosen)
    }

    #[inline(always)]
    fn negate(self) -> Self {
        let mut negative = self.0;
        for at in 0..5 {
            negative[at] = subtract(constant(TWICE[at]), self.0[at]);
        }
        Self(negative)
    }

    #[inline(always)]
    fn times(self, other: Self) -> Wide {
        let zero = zero();
        let [a0, a1, a2, a3, a4] = self.0;
        let [b0, b1, b2, b3, b4] = other.0;
        let h1 = high(zero, a0, b0);
        let h2 = high(high(zero, a0, b1), a1, b0);
        let h3 = high(high(high(zero, a0, b2), a1, b1), a2, b0);
        let h4 = high(high(high(high(zero, a0, b3), a1, b2), a2, b1), a3, b0);
        let h5 = high(high(high(high(high(zero, a0, b4), a1, b3), a2, b2), a3, b1), a4, b0);
        let h6 = high(high(high(high(zero, a1, b4), a2, b3), a3, b2), a4, b1);
        let h7 = high(high(high(zero, a2, b4), a3, b3), a4, b2);
        let h8 = high(high(zero, a3, b4), a4, b3);
        let h9 = high(zero, a4, b4);
        let c0 = low(zero, a0, b0);
        let c1 = low(low(add(h1, h1), a0, b1), a1, b0);
        let c2 = low(low(low(add(h2, h2), a0, b2), a1, b1), a2, b0);
        let c3 = low(low(low(low(add(h3, h3), a0, b3), a1, b2), a2, b1), a3, b0);
        let c4 = low(low(low(low(low(add(h4, h4), a0, b4), a1, b3), a2, b2), a3, b1), a4, b0);
        let c5 = low(low(low(low(add(h5, h5), a1, b4), a2, b3), a3, b2), a4, b1);
        let c6 = low(low(low(add(h6, h6), a2, b4), a3, b3), a4, b2);
        let c7 = low(low(add(h7, h7), a3, b4), a4, b3);
        let c8 = low(add(h8, h8), a4, b4);
        let c9 = add(h9, h9);
        Wide([fold(c0, c5), fold(c1, c6), fold(c2, c7), fold(c3, c8), fold(c4, c9)])
    }

    /// Products of two different limbs count twice: they are taken first, and doubled.
    #[inline(always)]
    fn squared(self) -> Wide {
        let zero = zero();
        let [a0, a1, a2, a3, a4] = self.0;
        let c0 = low(zero, a0, a0);
        let m1 = low(high(zero, a0, a0), a1, a0);
        let c1 = add(m1, m1);
        let h2 = high(zero, a1, a0);
        let m2 = low(add(h2, h2), a2, a0);
        let c2 = low(add(m2, m2), a1, a1);
        let h3 = high(zero, a2, a0);
        let m3 = low(low(high(add(h3, h3), a1, a1), a2, a1), a3, a0);
        let c3 = add(m3, m3);
        let h4 = high(high(zero, a2, a1), a3, a0);
        let m4 = low(low(add(h4, h4), a3, a1), a4, a0);
        let c4 = low(add(m4, m4), a2, a2);
        let h5 = high(high(zero, a3, a1), a4, a0);
        let m5 = low(low(high(add(h5, h5), a2, a2), a3, a2), a4, a1);
        let h6 = high(high(zero, a3, a2), a4, a1);
        let m6 = low(add(h6, h6), a4, a2);
        let c6 = low(add(m6, m6), a3, a3);
        let h7 = high(zero, a4, a2);
        let m7 = low(high(add(h7, h7), a3, a3), a4, a3);
        let h8 = high(zero, a4, a3);
        let m8 = add(h8, h8);
        let c8 = low(add(m8, m8), a4, a4);
        let m9 = high(zero, a4, a4);
        // Columns 5, 7 and 9 would be doubled.
        let (one, two) = (constant(19), constant(38));
        Wide([
            add(c0, product(m5, two)),
            add(c1, product(c6, one)),
            add(c2, product(m7, two)),
            add(c3, product(c8, one)),
            add(c4, product(m9, two)),
        ])
    }

    #[inline(always)]
    fn widen(self) -> Wide {
        Wide(self.0)
    }

    #[inline(always)]
    fn plus(left: Wide, right: Wide) -> Wide {
        let ([a0, a1, a2, a3, a4], [b0, b1, b2, b3, b4]) = (left.0, right.0);
        Wide([add(a0, b0), add(a1, b1), add(a2, b2), add(a3, b3), add(a4, b4)])
    }

    #[inline(always)]
    fn minus(left: Wide, right: Wide) -> Wide {
        let ([a0, a1, a2, a3, a4], [b0, b1, b2, b3, b4]) = (left.0, right.0);
        let (lowest, bias) = (constant(BIAS[0]), constant(BIAS[1]));
        Wide([
            subtract(add(a0, lowest), b0),
            subtract(add(a1, bias), b1),
            subtract(add(a2, bias), b2),
            subtract(add(a3, bias), b3),
            subtract(add(a4, bias), b4),
        ])
    }

    #[inline(always)]
    fn carry(wide: Wide) -> Self {
        let [a0, a1, a2, a3, a4] = wide.0;
        Self([
            low(low_bits(a0), high_bits(a4), constant(19)),
            add(low_bits(a1), high_bits(a0)),
            add(low_bits(a2), high_bits(a1)),
            add(low_bits(a3), high_bits(a2)),
            add(low_bits(a4), high_bits(a3)),
        ])
    }
}
