//! The result: partial decryptions combined, and logarithms of what is left.

use curve25519_dalek::edwards::EdwardsPoint;
use curve25519_dalek::scalar::Scalar;
use curve25519_dalek::traits::VartimeMultiscalarMul;

use super::partial::PartialDecryption;
use super::tally::{EncryptedTally, lists, same_shape};
use crate::belenios::election::Election;
use crate::belenios::json::Cursor;
use crate::belenios::logarithm::Logarithms;
use crate::belenios::trustee::polynomial::lagrange;
use crate::belenios::trustee::{Trustee, Trustees};
use crate::{Error, Result};

/// A partial decryption with the number of its owner, from 1.
pub type Owned<'a> = (u64, PartialDecryption<'a>);

/// The exponent with which each partial decryption enters the product: one for a single trustee, a Lagrange coefficient
/// for each of the first of a group, as many as its threshold. The others of a group are not needed.
fn exponents<'a, 'b>(
    trustees: &Trustees,
    partials: &'a [Owned<'b>],
) -> Result<Vec<(Scalar, &'a PartialDecryption<'b>)>> {
    let of = |owner: u64| partials.iter().find(|(number, _)| *number == owner).map(|(_, partial)| partial);
    let mut before = 0;
    let mut chosen = Vec::new();
    for item in &trustees.items {
        match item {
            Trustee::Single(basic) => {
                let Some(partial) = of(before + 1) else {
                    return Err(Error::Belenios(format!(
                        "the partial decryption of trustee {} ({}) is missing, without whom nothing is decrypted",
                        before + 1,
                        basic.verification_key.name.as_deref().unwrap_or("without a name")
                    )));
                };
                chosen.push((Scalar::ONE, partial));
                before += 1;
            }
            Trustee::Pedersen(group) => {
                let size = group.certificates.len() as u64;
                let present: Vec<_> = (1..=size)
                    .filter_map(|place| Some((place, of(before + place)?)))
                    .take(group.context.size())
                    .collect();
                if present.len() < group.context.size() {
                    return Err(Error::Belenios(format!(
                        "partial decryptions of {} of the trustees {} to {} (expected: at least {})",
                        present.len(),
                        before + 1,
                        before + size,
                        group.context.threshold
                    )));
                }
                let places: Vec<u64> = present.iter().map(|(place, _)| *place).collect();
                chosen
                    .extend(present.into_iter().map(|(place, partial)| (lagrange(&places, place), partial)));
                before += size;
            }
        }
    }
    Ok(chosen)
}

/// Checks every partial decryption, even one that is not needed, and answers g^result for each question and answer.
fn decrypted(
    election: &Election,
    trustees: &Trustees,
    tally: &EncryptedTally,
    partials: &[Owned<'_>],
) -> Result<Vec<Vec<EdwardsPoint>>> {
    tally.check_shape(election)?;
    for (at, (owner, partial)) in partials.iter().enumerate() {
        if partials[..at].iter().any(|(other, _)| other == owner) {
            return Err(Error::Belenios(format!(
                "two partial decryptions of trustee {owner} (expected: one)"
            )));
        }
        partial.check(election, trustees, tally, *owner)?;
    }
    let (scalars, chosen): (Vec<Scalar>, Vec<&PartialDecryption<'_>>) =
        exponents(trustees, partials)?.into_iter().unzip();
    let decrypted = tally.0.iter().enumerate().map(|(question, ciphertexts)| {
        let values = ciphertexts.iter().enumerate().map(|(answer, [_, beta])| {
            let factors = chosen.iter().map(|partial| partial.factors[question][answer].factor.point());
            beta.point() - EdwardsPoint::vartime_multiscalar_mul(&scalars, factors)
        });
        values.collect()
    });
    Ok(decrypted.collect())
}

/// Computes the result: for each question and answer how often it was chosen, weighted; a blank vote first.
///
/// `total_weight` bounds every number. Fails where a partial decryption is wrong, twice there or missing, and where what
/// is decrypted is no such number. The trustees have been checked.
pub fn tally_result(
    election: &Election,
    trustees: &Trustees,
    tally: &EncryptedTally,
    total_weight: u64,
    partials: &[Owned<'_>],
) -> Result<Vec<Vec<u64>>> {
    let points = decrypted(election, trustees, tally, partials)?;
    let all: Vec<EdwardsPoint> = points.iter().flatten().copied().collect();
    let mut numbers = Logarithms::new(total_weight, all.len()).of(&all).into_iter();
    let mut result = Vec::with_capacity(points.len());
    for (question, points) in (1..).zip(&points) {
        let mut answers = Vec::with_capacity(points.len());
        for answer in 1..=points.len() {
            match numbers.next().flatten() {
                Some(number) => answers.push(number),
                None => {
                    return Err(Error::Belenios(format!(
                        "question {question}, answer {answer}: what is decrypted is no number (expected: from 0 to \
                         {total_weight}, the total weight)"
                    )));
                }
            }
        }
        result.push(answers);
    }
    Ok(result)
}

/// A result as JSON.
pub fn result_json(result: &[Vec<u64>]) -> String {
    format!("{{\"result\":{}}}", lists(result, u64::to_string))
}

/// Reads a result; whether it is right is not looked at.
pub fn parse_result(bytes: &[u8]) -> Result<Vec<Vec<u64>>> {
    let mut cursor = Cursor::new(bytes);
    cursor.expect("{\"result\":")?;
    let numbers = cursor.list(|cursor| cursor.list(Cursor::number))?;
    cursor.expect("}")?;
    cursor.end()?;
    Ok(numbers)
}

/// Checks a published result: every partial decryption, and that each number is the one that they decrypt. Answers it.
///
/// The trustees have been checked. No logarithm is computed.
pub fn check_result(
    election: &Election,
    trustees: &Trustees,
    tally: &EncryptedTally,
    total_weight: u64,
    partials: &[Owned<'_>],
    result: &[u8],
) -> Result<Vec<Vec<u64>>> {
    let numbers = parse_result(result)?;
    same_shape("the result", &numbers, &tally.shape())?;
    let points = decrypted(election, trustees, tally, partials)?;
    for (question, (numbers, points)) in (1..).zip(numbers.iter().zip(&points)) {
        for (answer, (number, point)) in (1..).zip(numbers.iter().zip(points)) {
            if *number > total_weight || EdwardsPoint::mul_base(&Scalar::from(*number)) != *point {
                return Err(Error::Belenios(format!(
                    "question {question}, answer {answer}: the result says {number}, which is not what the partial \
                     decryptions give"
                )));
            }
        }
    }
    Ok(numbers)
}
