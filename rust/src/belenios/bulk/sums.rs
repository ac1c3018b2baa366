//! The weighted sums of the choices of valid ballots.

use curve25519_dalek::edwards::{CompressedEdwardsY, EdwardsPoint};
use curve25519_dalek::traits::Identity;

use super::elements::{Decoded, compress};
use super::field::canonical_lane;
use super::lanes::{Kernel, Lanes, MOST};
use super::point::Point;
use super::portable::Portable;

/// A sum of weight times point: for each bit of the weights the sum of the points whose weight has it.
pub struct Sum<F> {
    bits: Vec<Option<Point<F>>>,
}

impl<F: Lanes> Sum<F> {
    /// Nothing yet.
    pub fn new() -> Self {
        Self { bits: Vec::new() }
    }

    /// Adds the points of the lanes of a mask.
    pub fn add(&mut self, point: &Decoded<F>, weights: &[u64; MOST], mask: u8) {
        let any = (0..F::COUNT).filter(|lane| mask >> lane & 1 == 1).fold(0, |any, lane| any | weights[lane]);
        for bit in 0..64 {
            if any >> bit & 1 == 0 {
                continue;
            }
            let lanes =
                (0..F::COUNT).fold(0, |lanes, lane| lanes | ((weights[lane] >> bit & 1) as u8) << lane);
            if self.bits.len() <= bit {
                self.bits.resize(bit + 1, None);
            }
            F::dispatch(Add { to: &mut self.bits[bit], point, lanes: lanes & mask });
        }
    }

    /// The sum over all lanes.
    pub fn total(&self) -> EdwardsPoint {
        self.bits.iter().rev().fold(EdwardsPoint::identity(), |sum, point| {
            sum + sum + point.as_ref().map_or_else(EdwardsPoint::identity, across)
        })
    }
}

struct Add<'a, F> {
    to: &'a mut Option<Point<F>>,
    point: &'a Decoded<F>,
    lanes: u8,
}

impl<F: Lanes> Kernel<F> for Add<'_, F> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let point = Point::affine(self.point.x, self.point.y);
        let point = Point::select(self.lanes, &point, &Point::identity());
        *self.to = Some(match self.to {
            Some(sum) => sum.plus(&point.addend()).point(),
            None => point,
        });
    }
}

/// The sum of the points of all lanes.
fn across<F: Lanes>(point: &Point<F>) -> EdwardsPoint {
    let parts = [point.sum, point.difference, point.z, point.t].map(F::store);
    let lane = |lane: usize| {
        let [sum, difference, z, t] = parts.each_ref().map(|part| Portable(canonical_lane(part, lane)));
        Point { sum, difference, z, t }
    };
    let sum = (1..F::COUNT).fold(lane(0), |sum, next| sum.plus(&lane(next).addend()).point());
    let (x, y) = sum.coordinates();
    // What this arithmetic writes is a point of the curve.
    CompressedEdwardsY(compress(&x.store(), &y.store(), 0)).decompress().unwrap_or_default()
}
