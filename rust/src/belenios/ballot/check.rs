//! The plain check of one ballot, in the words of the specification: the reference for every faster one.

use curve25519_dalek::edwards::EdwardsPoint;
use curve25519_dalek::traits::Identity;

use super::super::election::{Election, Question};
use super::super::group::{self, Element, Hex};
use super::super::json::shown;
use super::super::proof::{Branch, Statement, verify};
use super::{Answer, Ballot, PURPOSE};
use crate::{Error, Result};

/// A ciphertext whose points are elements, with its digits.
struct Choice {
    alpha: EdwardsPoint,
    beta: EdwardsPoint,
    digits: [Hex; 2],
}

impl Choice {
    fn at(&self, value: u64) -> Branch {
        Branch { alpha: self.alpha, beta: self.beta, value }
    }
}

fn fails(what: String) -> Error {
    Error::Belenios(what)
}

/// Checks all that a ballot shows of itself: its election, its elements, every proof, the signature.
///
/// Whether its credential is on the list is the caller's to see. Fails with the first thing that does not hold.
pub fn check(election: &Election, ballot: &Ballot<'_>) -> Result<()> {
    if ballot.uuid != election.uuid.as_bytes() {
        return Err(fails(format!(
            "the ballot is for the election {} (expected: {})",
            shown(group::text(ballot.uuid)),
            shown(&election.uuid)
        )));
    }
    if group::hex(&ballot.fingerprint) != election.fingerprint {
        return Err(fails(format!(
            "the ballot names the election's fingerprint {} (expected: {})",
            group::text(&group::hex(&ballot.fingerprint)),
            group::text(&election.fingerprint)
        )));
    }
    let credential = Element::from_compressed(&ballot.credential)
        .filter(|element| !element.is_identity())
        .ok_or_else(|| fails("the credential is no element of prime order".to_owned()))?;
    if !verify(PURPOSE, &credential, ballot.message, &ballot.signature) {
        return Err(fails("the signature does not hold".to_owned()));
    }
    if ballot.answers.len() != election.questions.len() {
        return Err(fails(format!(
            "the ballot answers {} questions (expected: {})",
            ballot.answers.len(),
            election.questions.len()
        )));
    }
    let credential = credential.hex();
    for (number, (question, answer)) in (1..).zip(election.questions.iter().zip(&ballot.answers)) {
        check_answer(election, question, answer, &credential)
            .map_err(|error| fails(format!("question {number}: {error}")))?;
    }
    Ok(())
}

fn check_answer(election: &Election, question: &Question, answer: &Answer, credential: &Hex) -> Result<()> {
    let expected = question.ciphertexts();
    if answer.choices.len() != expected || answer.individual_proofs.len() != expected {
        return Err(fails(format!(
            "{} choices with {} proofs (expected: {expected} of each)",
            answer.choices.len(),
            answer.individual_proofs.len()
        )));
    }
    if answer.blank_proof.is_some() != question.blank {
        let expected = if question.blank { "one" } else { "none" };
        return Err(fails(format!("the proof of blank votes (expected: {expected}, by the question)")));
    }
    let mut choices = Vec::with_capacity(expected);
    for (number, choice) in (1..).zip(&answer.choices) {
        let read = |name: &str, compressed: &[u8; 32]| {
            Element::from_compressed(compressed)
                .map(|element| *element.point())
                .ok_or_else(|| fails(format!("choice {number}: {name} is no element of prime order")))
        };
        choices.push(Choice {
            alpha: read("alpha", &choice.alpha)?,
            beta: read("beta", &choice.beta)?,
            digits: [group::hex_of_compressed(&choice.alpha), group::hex_of_compressed(&choice.beta)],
        });
    }
    let key = &election.key;
    for (number, (choice, proofs)) in (1..).zip(choices.iter().zip(&answer.individual_proofs)) {
        let [alpha, beta] = &choice.digits;
        let message: [&[u8]; 7] = [&election.fingerprint, b"|", credential, b"|", alpha, b",", beta];
        let message = [&message[..], &[b"|"]].concat();
        let statement = Statement { purpose: "prove", message: &message };
        if !key.check(&statement, &[choice.at(0), choice.at(1)], proofs) {
            return Err(fails(format!("choice {number}: the proof that it is 0 or 1 does not hold")));
        }
    }
    let listed = written_choices(choices.iter().map(|choice| &choice.digits));
    let context: [&[u8]; 5] = [&election.fingerprint, b"|", credential, b"|", listed.as_bytes()];
    let counted = usize::from(question.blank);
    let sum = choices[counted..].iter().fold(
        Branch { alpha: EdwardsPoint::identity(), beta: EdwardsPoint::identity(), value: 0 },
        |sum, choice| Branch { alpha: sum.alpha + choice.alpha, beta: sum.beta + choice.beta, value: 0 },
    );
    let branches = question.max - question.min + 1 + u64::from(question.blank);
    if answer.overall_proof.len() as u64 != branches {
        return Err(fails(format!(
            "the overall proof has {} parts (expected: {branches})",
            answer.overall_proof.len()
        )));
    }
    let values = (question.min..=question.max).map(|value| Branch { value, ..sum });
    let overall = if let Some(blank_proof) = &answer.blank_proof {
        let statement = Statement { purpose: "bproof0", message: &context };
        if !key.check(&statement, &[choices[0].at(0), sum], blank_proof) {
            return Err(fails("the proof of blank votes does not hold".to_owned()));
        }
        let statement = Statement { purpose: "bproof1", message: &context };
        let branches: Vec<Branch> = std::iter::once(choices[0].at(1)).chain(values).collect();
        key.check(&statement, &branches, &answer.overall_proof)
    } else {
        let (alpha, beta) = (Element::from_point(sum.alpha).hex(), Element::from_point(sum.beta).hex());
        let message = [&context[..], &[b"|", &alpha, b",", &beta, b"|"]].concat();
        let statement = Statement { purpose: "prove", message: &message };
        key.check(&statement, &values.collect::<Vec<_>>(), &answer.overall_proof)
    };
    if !overall {
        return Err(fails("the overall proof does not hold".to_owned()));
    }
    Ok(())
}

/// The choices as they are hashed: alpha and beta of each, with commas between all.
pub fn written_choices<'a>(choices: impl Iterator<Item = &'a [Hex; 2]>) -> String {
    let mut written = String::new();
    for digits in choices.flatten() {
        if !written.is_empty() {
            written.push(',');
        }
        written.push_str(group::text(digits));
    }
    written
}
