//! Where the time of the bulk check goes, for the benchmark.

use pyo3::prelude::*;

use crate::belenios::ballot::Ballot;
use crate::belenios::bulk::Vector;
use crate::belenios::bulk::profile::{PROOF, WINDOW, profile};
use crate::belenios::election::Election;
use crate::{Error, Result};

/// How many powers of g or y the two branches of a 0/1 proof take.
const POWERS: u64 = 5;
/// The bits of an exponent.
const EXPONENT: u64 = 253;

/// What a field multiplication costs, what a 0/1 proof needs of them, and what each step of a ballot takes.
#[pyclass(frozen, get_all, module = "suffrage._core")]
pub struct BulkProfile {
    vector: &'static str,
    product: f64,
    square: f64,
    products: u64,
    squares: u64,
    steps: Vec<(&'static str, f64)>,
    total: f64,
}

/// Measures the bulk check on one thread, for about a second, with tables made for so many ballots.
#[pyfunction]
pub fn bulk_profile(
    py: Python<'_>,
    election: &[u8],
    ballots: Vec<Vec<u8>>,
    expected: u64,
) -> PyResult<BulkProfile> {
    let measured: Result<_> = py.detach(|| {
        let election = Election::parse(election)?;
        let ballots = ballots.iter().map(|ballot| Ballot::parse(ballot)).collect::<Result<Vec<_>>>()?;
        profile(&election, &ballots, expected)
            .ok_or_else(|| Error::Usage("no ballot of this election to measure with".to_owned()))
    });
    let measured = measured?;
    let windows = EXPONENT.div_ceil(measured.width as u64);
    Ok(BulkProfile {
        vector: match measured.vector {
            Vector::Portable => "64-bit words",
            Vector::Ifma => "AVX-512 IFMA, 8 lanes",
        },
        product: measured.product,
        square: measured.square,
        products: PROOF.products + POWERS * windows * WINDOW,
        squares: PROOF.squares,
        steps: measured.steps,
        total: measured.total,
    })
}
