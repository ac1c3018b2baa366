//! Where the commitments of a ballot stand, which is the same for every ballot of an election.

use super::super::ballot::{Answer, Ballot};
use super::super::election::{Election, Question};
use super::super::group::parse_hash;

/// The places of one question.
pub struct QuestionLayout {
    /// The number of ciphertexts, the blank one included.
    pub choices: usize,
    /// Whether the first of them is the blank vote.
    pub blank: bool,
    /// The smallest sum.
    pub min: u64,
    /// How many sums are allowed.
    pub values: usize,
    first: usize,
    /// Where the proof of blank votes has its four commitments.
    pub blank_proof: usize,
    /// Where the overall proof begins.
    pub overall: usize,
    /// Where the sum of the ciphertexts stands, alpha and beta.
    pub sum: usize,
}

impl QuestionLayout {
    /// Where the proof of a choice has its four commitments.
    pub fn individual(&self, choice: usize) -> usize {
        self.first + 4 * choice
    }

    /// The number of branches of the overall proof.
    pub fn branches(&self) -> usize {
        self.values + usize::from(self.blank)
    }

    fn fits(&self, answer: &Answer) -> bool {
        answer.choices.len() == self.choices
            && answer.individual_proofs.len() == self.choices
            && answer.overall_proof.len() == self.branches()
            && answer.blank_proof.is_some() == self.blank
    }
}

/// The places of a ballot.
pub struct Layout {
    /// For each question.
    pub questions: Vec<QuestionLayout>,
    /// Where the commitment of the signature stands.
    pub signature: usize,
    /// How many there are.
    pub commitments: usize,
    /// How many ciphertexts a ballot has.
    pub choices: usize,
    uuid: Vec<u8>,
    fingerprint: [u8; 32],
}

impl Layout {
    /// The places of an election's ballots.
    pub fn new(election: &Election) -> Self {
        let mut next = 0usize;
        // Saturating: an election may allow more sums than any ballot has proofs, and then no ballot fits.
        let mut take = |count: usize| {
            let place = next;
            next = next.saturating_add(count);
            place
        };
        let mut places = |question: &Question| {
            let choices = question.ciphertexts();
            let values = usize::try_from(question.max - question.min).unwrap_or(usize::MAX).saturating_add(1);
            QuestionLayout {
                choices,
                blank: question.blank,
                min: question.min,
                values,
                first: take(4 * choices),
                blank_proof: take(4 * usize::from(question.blank)),
                overall: take(values.saturating_add(usize::from(question.blank)).saturating_mul(2)),
                sum: take(2),
            }
        };
        let questions: Vec<QuestionLayout> = election.questions.iter().map(&mut places).collect();
        let signature = take(1);
        Self {
            choices: questions.iter().map(|question| question.choices).sum(),
            questions,
            signature,
            commitments: next,
            uuid: election.uuid.clone().into_bytes(),
            fingerprint: parse_hash(&election.fingerprint).unwrap_or_default(),
        }
    }

    /// Whether a ballot is for this election, and has as many choices and proofs as its questions ask.
    pub fn fits(&self, ballot: &Ballot<'_>) -> bool {
        ballot.uuid == self.uuid
            && ballot.fingerprint == self.fingerprint
            && ballot.answers.len() == self.questions.len()
            && self.questions.iter().zip(&ballot.answers).all(|(question, answer)| question.fits(answer))
    }
}
