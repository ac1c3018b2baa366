//! Opened ballots: an elector who tests a device gives away what made the ciphertexts, and throws the ballot away.

use curve25519_dalek::edwards::EdwardsPoint;
use curve25519_dalek::scalar::Scalar;
use zeroize::Zeroizing;

use super::super::election::{Election, Question};
use super::super::group::{self, Element};
use super::Ballot;
use super::check::check;
use crate::{Error, Result};

/// What is in a ciphertext: its value, and the randomness that hides it.
#[derive(Clone, Debug)]
pub struct Opening {
    /// The m of g^r, y^r g^m.
    pub value: Zeroizing<u64>,
    /// The r of it.
    pub randomness: Zeroizing<Scalar>,
}

impl Opening {
    /// An opening with its randomness in decimal; nothing where that is no scalar.
    pub fn parse(value: u64, randomness: &str) -> Option<Self> {
        let randomness = Zeroizing::new(group::parse_scalar(randomness.as_bytes())?);
        Some(Self { value: Zeroizing::new(value), randomness })
    }
}

/// Checks a ballot as [`check`] does, and that each of its ciphertexts is the one of its opening; gives the values.
///
/// Fails with the first thing that does not hold. What the openings say is then not repeated.
pub fn opened(election: &Election, ballot: &Ballot<'_>, openings: &[Vec<Opening>]) -> Result<Vec<Vec<u64>>> {
    check(election, ballot)?;
    if openings.len() != ballot.answers.len() {
        return Err(Error::Belenios(format!(
            "openings of {} questions (expected: {})",
            openings.len(),
            ballot.answers.len()
        )));
    }
    let mut values = Vec::with_capacity(openings.len());
    for (number, ((question, answer), openings)) in
        (1..).zip(election.questions.iter().zip(&ballot.answers).zip(openings))
    {
        if openings.len() != answer.choices.len() {
            return Err(Error::Belenios(format!(
                "question {number}: {} openings (expected: {}, one for each ciphertext)",
                openings.len(),
                answer.choices.len()
            )));
        }
        for (at, (choice, opening)) in answer.choices.iter().zip(openings).enumerate() {
            let differs = |what: &str| {
                Err(Error::Belenios(format!("question {number}, {}: {what}", name_of(question, at))))
            };
            if Element::power(&opening.randomness).compressed() != choice.alpha {
                return differs("the ciphertext was made with another randomness than the opening says");
            }
            let plain = EdwardsPoint::mul_base(&Scalar::from(*opening.value));
            let beta = Element::from_point(election.key.power(&opening.randomness) + plain);
            if beta.compressed() != choice.beta {
                return differs("the ciphertext holds another value than the opening says");
            }
        }
        values.push(openings.iter().map(|opening| *opening.value).collect());
    }
    Ok(values)
}

/// What a ciphertext of a question stands for.
fn name_of(question: &Question, at: usize) -> String {
    match at + usize::from(!question.blank) {
        0 => "the blank vote".to_owned(),
        number => format!("answer {number}"),
    }
}
