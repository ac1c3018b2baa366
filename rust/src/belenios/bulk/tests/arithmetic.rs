//! Field elements against arithmetic byte by byte.

use super::super::field::{ONE, ZERO, bytes, canonical, canonical_lane, inverse, invert_all, limbs};
use super::super::lanes::{Lanes, MOST};
use super::{Numbers, on_every_vector, within};

const PRIME: [u64; 5] =
    [0x7_ffff_ffff_ffed, 0x7_ffff_ffff_ffff, 0x7_ffff_ffff_ffff, 0x7_ffff_ffff_ffff, 0x7_ffff_ffff_ffff];

/// A product modulo 2^255 - 19, limb by limb of 8 bits.
fn plain_product(left: &[u64; 5], right: &[u64; 5]) -> [u64; 5] {
    let (left, right) = (bytes(&canonical(*left)), bytes(&canonical(*right)));
    let mut columns = [0u64; 64];
    for (i, a) in left.iter().enumerate() {
        for (j, b) in right.iter().enumerate() {
            columns[i + j] += u64::from(*a) * u64::from(*b);
        }
    }
    // 2^256 = 38, three times over, until nothing is above.
    for _ in 0..3 {
        let mut carry = 0;
        for column in &mut columns {
            *column += carry;
            carry = *column >> 8;
            *column &= 0xff;
        }
        for at in 0..32 {
            columns[at] += 38 * std::mem::take(&mut columns[at + 32]);
        }
    }
    let mut carry = 0;
    let mut product = [0u8; 32];
    for (byte, column) in product.iter_mut().zip(columns) {
        let sum = column + carry;
        *byte = sum as u8;
        carry = sum >> 8;
    }
    assert_eq!(carry, 0);
    let top = u64::from(product[31] >> 7);
    let mut reduced = limbs(&product);
    reduced[0] += 19 * top;
    canonical(reduced)
}

/// Numbers at every edge, reduced or not, and others.
fn elements() -> Vec<[u64; 5]> {
    let full = (1 << 51) - 1;
    let mut elements =
        vec![ZERO, ONE, [2, 0, 0, 0, 0], PRIME, [full; 5], [full, 0, full, 0, full], [0, full, 0, full, 0]];
    for at in 0..19 {
        let mut near = PRIME;
        near[0] = near[0] - 1 + at;
        elements.push(near);
    }
    // As large as a carry leaves them.
    elements.push([full + (1 << 17); 5]);
    elements.push([full + (1 << 17), full, full, full, full]);
    let mut numbers = Numbers(1);
    elements.extend((0..60).map(|_| limbs(&numbers.bytes())));
    elements
}

fn all_lanes(values: &[[u64; 5]], start: usize) -> [[u64; MOST]; 5] {
    let mut spread = [[0; MOST]; 5];
    for lane in 0..MOST {
        for (row, limb) in spread.iter_mut().zip(values[(start + lane) % values.len()]) {
            row[lane] = limb;
        }
    }
    spread
}

fn minus(value: &[u64; 5]) -> [u64; 5] {
    let value = canonical(*value);
    let mut negative = PRIME;
    for at in 0..5 {
        negative[at] = negative[at].wrapping_sub(value[at]);
    }
    // Borrows.
    for at in 0..4 {
        if negative[at] >> 63 == 1 {
            negative[at] = negative[at].wrapping_add(1 << 51);
            negative[at + 1] = negative[at + 1].wrapping_sub(1);
        }
    }
    canonical(negative)
}

fn plain_sum(left: &[u64; 5], right: &[u64; 5]) -> [u64; 5] {
    let mut sum = canonical(*left);
    for (limb, other) in sum.iter_mut().zip(canonical(*right)) {
        *limb += other;
    }
    canonical(sum)
}

fn agree<F: Lanes>() {
    let values = elements();
    for shift in 0..values.len() {
        for start in (0..values.len()).step_by(F::COUNT) {
            let (a, b) = (all_lanes(&values, start), all_lanes(&values, start + shift));
            let [product, square, sum, difference, negative, mixed] = within::<F, _>(|| {
                let (x, y) = (F::load(&a), F::load(&b));
                let wide = F::minus(F::plus(x.times(y), x.squared()), F::plus(y.squared(), x.times(y)));
                [
                    x.multiply(y).store(),
                    x.square().store(),
                    x.add(y).store(),
                    x.subtract(y).store(),
                    x.negate().multiply(y).store(),
                    F::carry(wide).multiply(y).store(),
                ]
            });
            for lane in 0..F::COUNT {
                let (x, y) = (canonical_lane(&a, lane), canonical_lane(&b, lane));
                assert_eq!(canonical_lane(&product, lane), plain_product(&x, &y));
                assert_eq!(canonical_lane(&square, lane), plain_product(&x, &x));
                assert_eq!(canonical_lane(&sum, lane), plain_sum(&x, &y));
                assert_eq!(canonical_lane(&difference, lane), plain_sum(&x, &minus(&y)));
                assert_eq!(canonical_lane(&negative, lane), minus(&plain_product(&x, &y)));
                let squares = plain_sum(&plain_product(&x, &x), &minus(&plain_product(&y, &y)));
                assert_eq!(canonical_lane(&mixed, lane), plain_product(&squares, &y));
            }
        }
    }
}

#[test]
fn products_and_sums_agree_with_plain_ones() {
    on_every_vector!(agree);
}

fn inverses<F: Lanes>() {
    let values: Vec<_> = elements().into_iter().filter(|value| canonical(*value) != ZERO).collect();
    let mut vectors: Vec<F> =
        within::<F, _>(|| (0..values.len()).map(|start| F::load(&all_lanes(&values, start))).collect());
    let before: Vec<_> = vectors.iter().map(|vector| vector.store()).collect();
    within::<F, _>(|| invert_all(&mut vectors));
    for (vector, before) in vectors.iter().zip(before) {
        let single = within::<F, _>(|| inverse(F::load(&before)).store());
        let after = vector.store();
        for lane in 0..F::COUNT {
            let product = plain_product(&canonical_lane(&after, lane), &canonical_lane(&before, lane));
            assert_eq!(product, ONE);
            assert_eq!(canonical_lane(&single, lane), canonical_lane(&after, lane));
        }
    }
}

#[test]
fn inverses_are_inverses() {
    on_every_vector!(inverses);
}

#[test]
fn the_canonical_spelling_is_below_the_prime() {
    for at in 0..40 {
        let mut value = PRIME;
        value[0] = value[0] - 20 + at;
        let expected = if at < 20 { value } else { [at - 20, 0, 0, 0, 0] };
        assert_eq!(canonical(value), expected);
    }
    assert_eq!(canonical([u64::MAX >> 2; 5]), canonical(canonical([u64::MAX >> 2; 5])));
}
