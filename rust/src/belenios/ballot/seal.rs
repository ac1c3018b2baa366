//! Sealing: an elector's choices become ciphertexts, proofs and a signature, in constant time for the choices.

use curve25519_dalek::edwards::EdwardsPoint;
use curve25519_dalek::scalar::Scalar;
use subtle::{ConditionallySelectable, ConstantTimeEq};
use zeroize::Zeroizing;

use super::super::credential;
use super::super::election::{Election, Question};
use super::super::group::{self, Element, Hex, random_scalar};
use super::super::proof::{Proof, Secret, Statement, sign};
use super::PURPOSE;
use super::check::written_choices;
use super::opened::Opening;
use crate::{Error, Result};

/// An overall proof has a part for each number from min to max: more of them would fill the memory.
const LARGEST_RANGE: u64 = 10_000;

/// A ciphertext with what made it.
struct Sealed {
    randomness: Zeroizing<Scalar>,
    value: Zeroizing<u64>,
    digits: [Hex; 2],
}

impl Sealed {
    fn new(election: &Election, value: u64) -> Result<Self> {
        let randomness = random_scalar()?;
        let plain = Zeroizing::new(Scalar::from(value));
        let alpha = Element::power(&randomness);
        let beta = Element::from_point(election.key.power(&randomness) + EdwardsPoint::mul_base(&plain));
        Ok(Self { randomness, value: Zeroizing::new(value), digits: [alpha.hex(), beta.hex()] })
    }

    fn opening(self) -> Opening {
        Opening { value: self.value, randomness: self.randomness }
    }
}

/// What a prover knows of the branch that says `value` of a plaintext.
fn secret(randomness: &Scalar, plaintext: u64, value: u64) -> Secret {
    Secret {
        randomness: Zeroizing::new(*randomness),
        difference: Zeroizing::new(Scalar::from(plaintext) - Scalar::from(value)),
    }
}

/// Seals a ballot: for each question a 0 or 1 for each answer, the blank vote first where it is allowed.
///
/// Fails where the code is none, or where the choices are not what a question allows; neither is repeated.
pub fn seal(election: &Election, code: &str, choices: &[Vec<u8>]) -> Result<String> {
    let exponent = credential::secret(&election.uuid, code)?;
    seal_with(election, &exponent, choices)
}

/// Seals a ballot as [`seal`] does, and gives away what is in it: for a ballot that is tested and never cast.
pub fn seal_opened(
    election: &Election,
    code: &str,
    choices: &[Vec<u8>],
) -> Result<(String, Vec<Vec<Opening>>)> {
    let exponent = credential::secret(&election.uuid, code)?;
    sealed(election, &exponent, choices)
}

/// Seals a ballot with the secret exponent of a credential.
pub fn seal_with(election: &Election, exponent: &Scalar, choices: &[Vec<u8>]) -> Result<String> {
    sealed(election, exponent, choices).map(|(ballot, _)| ballot)
}

/// The ballot, and what is in each of its ciphertexts: wiped when it is dropped.
fn sealed(
    election: &Election,
    exponent: &Scalar,
    choices: &[Vec<u8>],
) -> Result<(String, Vec<Vec<Opening>>)> {
    if choices.len() != election.questions.len() {
        return Err(Error::Belenios(format!(
            "choices for {} questions (expected: {})",
            choices.len(),
            election.questions.len()
        )));
    }
    let credential = Element::power(exponent).hex();
    let mut message = format!(
        "{{\"election_uuid\":\"{}\",\"election_hash\":\"{}\",\"credential\":\"{}\",\"answers\":[",
        election.uuid,
        group::text(&election.fingerprint),
        group::text(&credential)
    );
    let mut openings = Vec::with_capacity(choices.len());
    for (at, (question, chosen)) in election.questions.iter().zip(choices).enumerate() {
        if at > 0 {
            message.push(',');
        }
        check_choices(question, chosen)
            .map_err(|error| Error::Belenios(format!("question {}: {error}", at + 1)))?;
        openings.push(write_answer(election, question, chosen, &credential, &mut message)?);
    }
    message.push_str("]}");
    let signature = sign(PURPOSE, exponent, message.as_bytes())?;
    Ok((format!("{{\"message\":{message},\"signature\":{}}}", signature.json()), openings))
}

fn check_choices(question: &Question, chosen: &[u8]) -> Result<()> {
    if question.max - question.min > LARGEST_RANGE {
        return Err(Error::Belenios(format!(
            "no ballot can be sealed: min is {} and max {} (expected: at most {LARGEST_RANGE} apart)",
            question.min, question.max
        )));
    }
    let expected = question.ciphertexts();
    if chosen.len() != expected || chosen.iter().any(|value| *value > 1) {
        return Err(Error::Belenios(format!("these are not {expected} choices of 0 or 1")));
    }
    let blank = question.blank && chosen[0] == 1;
    let sum: u64 = chosen[usize::from(question.blank)..].iter().map(|value| u64::from(*value)).sum();
    let allowed = if blank { sum == 0 } else { (question.min..=question.max).contains(&sum) };
    if allowed {
        Ok(())
    } else {
        let or_blank = if question.blank { ", or the blank vote alone" } else { "" };
        Err(Error::Belenios(format!(
            "the number of chosen answers is not allowed (expected: from {} to {}{or_blank})",
            question.min, question.max
        )))
    }
}

fn write_answer(
    election: &Election,
    question: &Question,
    chosen: &[u8],
    credential: &Hex,
    to: &mut String,
) -> Result<Vec<Opening>> {
    let key = &election.key;
    let sealed =
        chosen.iter().map(|value| Sealed::new(election, u64::from(*value))).collect::<Result<Vec<_>>>()?;
    let mut individual = Vec::with_capacity(sealed.len());
    for choice in &sealed {
        let [alpha, beta] = &choice.digits;
        let message: [&[u8]; 8] = [&election.fingerprint, b"|", credential, b"|", alpha, b",", beta, b"|"];
        let statement = Statement { purpose: "prove", message: &message };
        let secrets = [0, 1].map(|value| secret(&choice.randomness, *choice.value, value));
        // A choice of 0 or 1 is the number of its true branch.
        individual.push(key.prove(&statement, &secrets, chosen_place(*choice.value))?);
    }
    let listed = written_choices(sealed.iter().map(|choice| &choice.digits));
    let context: [&[u8]; 5] = [&election.fingerprint, b"|", credential, b"|", listed.as_bytes()];
    let counted = &sealed[usize::from(question.blank)..];
    let randomness = Zeroizing::new(counted.iter().map(|choice| *choice.randomness).sum::<Scalar>());
    let sum = Zeroizing::new(counted.iter().map(|choice| *choice.value).sum::<u64>());
    let mut values: Vec<Secret> =
        (question.min..=question.max).map(|value| secret(&randomness, *sum, value)).collect();
    let (overall, blank) = if question.blank {
        let first = &sealed[0];
        let is_blank = first.value.ct_eq(&1);
        let statement = Statement { purpose: "bproof0", message: &context };
        let secrets = [secret(&first.randomness, *first.value, 0), secret(&randomness, *sum, 0)];
        let blank = key.prove(&statement, &secrets, chosen_place(*first.value))?;
        let statement = Statement { purpose: "bproof1", message: &context };
        values.insert(0, secret(&first.randomness, *first.value, 1));
        let place = chosen_place(sum.wrapping_sub(question.min).wrapping_add(1));
        let place = u32::conditional_select(&place, &0, is_blank);
        (key.prove(&statement, &values, place)?, Some(blank))
    } else {
        let alpha = Element::power(&randomness);
        let plain = Zeroizing::new(Scalar::from(*sum));
        let beta = Element::from_point(key.power(&randomness) + EdwardsPoint::mul_base(&plain));
        let (alpha, beta) = (alpha.hex(), beta.hex());
        let message = [&context[..], &[b"|", &alpha, b",", &beta, b"|"]].concat();
        let statement = Statement { purpose: "prove", message: &message };
        (key.prove(&statement, &values, chosen_place(*sum - question.min))?, None)
    };
    to.push_str("{\"choices\":[");
    for (at, choice) in sealed.iter().enumerate() {
        if at > 0 {
            to.push(',');
        }
        let [alpha, beta] = &choice.digits;
        to.push_str(&format!("{{\"alpha\":\"{}\",\"beta\":\"{}\"}}", group::text(alpha), group::text(beta)));
    }
    to.push_str("],\"individual_proofs\":[");
    for (at, proofs) in individual.iter().enumerate() {
        if at > 0 {
            to.push(',');
        }
        write_proofs(proofs, to);
    }
    to.push_str("],\"overall_proof\":");
    write_proofs(&overall, to);
    if let Some(blank) = blank {
        to.push_str(",\"blank_proof\":");
        write_proofs(&blank, to);
    }
    to.push('}');
    Ok(sealed.into_iter().map(Sealed::opening).collect())
}

/// The number of a true branch: small, because no ballot has 2^32 answers.
#[allow(clippy::cast_possible_truncation)]
fn chosen_place(number: u64) -> u32 {
    number as u32
}

fn write_proofs(proofs: &[Proof], to: &mut String) {
    to.push('[');
    for (at, proof) in proofs.iter().enumerate() {
        if at > 0 {
            to.push(',');
        }
        proof.write(to);
    }
    to.push(']');
}
