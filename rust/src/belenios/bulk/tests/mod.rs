//! The arithmetic against `curve25519-dalek` and a plain one, the verdicts against the plain check; on every kind of
//! vector that this machine has.
#![allow(clippy::unwrap_used, clippy::cast_possible_truncation, clippy::needless_range_loop)]

mod arithmetic;
mod counting;
mod points;
mod verdicts;

use super::Vector;
use super::lanes::{Kernel, Lanes};

/// The kinds of vector of this machine.
fn vectors() -> Vec<Vector> {
    let mut vectors = vec![Vector::Portable];
    if Vector::best() != Vector::Portable {
        vectors.push(Vector::best());
    }
    vectors
}

/// Runs a function with a vector's instructions.
fn within<F: Lanes, R>(function: impl FnOnce() -> R) -> R {
    struct Step<C>(C);
    impl<F: Lanes, R, C: FnOnce() -> R> Kernel<F> for Step<C> {
        type Output = R;
        #[inline(always)]
        fn run(self) -> R {
            (self.0)()
        }
    }
    F::dispatch(Step(function))
}

/// Runs a generic test on every kind of vector.
macro_rules! on_every_vector {
    ($test:ident) => {
        for vector in super::vectors() {
            match vector {
                #[cfg(target_arch = "x86_64")]
                super::Vector::Ifma => $test::<crate::belenios::bulk::ifma::Ifma>(),
                super::Vector::Portable => $test::<crate::belenios::bulk::portable::Portable>(),
            }
        }
    };
}
use on_every_vector;

/// Numbers that look random and are the same in every run (`SplitMix64`).
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut number = self.0;
        number = (number ^ number >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        number = (number ^ number >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        number ^ number >> 31
    }

    fn bytes(&mut self) -> [u8; 32] {
        let mut bytes = [0; 32];
        for chunk in bytes.chunks_exact_mut(8) {
            chunk.copy_from_slice(&self.next().to_le_bytes());
        }
        bytes
    }

    fn scalar(&mut self) -> curve25519_dalek::scalar::Scalar {
        curve25519_dalek::scalar::Scalar::from_bytes_mod_order(self.bytes())
    }
}
