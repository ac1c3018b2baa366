//! Whether the hashes of a ballot's commitments are the sums of its challenges.

use curve25519_dalek::scalar::Scalar;
use sha2::Sha256;

use super::super::ballot::{Answer, Ballot};
use super::super::group::{Hex, hex_of_compressed};
use super::super::proof::Proof;
use super::Bulk;
use super::layout::QuestionLayout;
use super::transcript::{Tag, Transcript};

/// The neutral element, compressed.
const NEUTRAL: [u8; 32] = {
    let mut bytes = [0; 32];
    bytes[0] = 1;
    bytes
};

/// The hashing of one ballot after the other.
pub struct Hashing<'a> {
    bulk: &'a Bulk,
    transcript: Transcript,
    choices: Vec<Hex>,
}

impl<'a> Hashing<'a> {
    /// With room that is used again.
    pub fn new(bulk: &'a Bulk) -> Self {
        Self { bulk, transcript: Transcript::new(), choices: Vec::new() }
    }

    /// Whether every proof and the signature hold; `commitments` are in the order of the layout.
    pub fn holds(&mut self, ballot: &Ballot<'_>, commitments: &[Hex]) -> bool {
        let bulk = self.bulk;
        let credential = hex_of_compressed(&ballot.credential);
        if ballot.credential == NEUTRAL {
            return false;
        }
        self.transcript.clear();
        self.transcript.push(&credential).push(b"|").push(ballot.message);
        self.transcript.push(&commitments[bulk.layout.signature]);
        if self.transcript.scalar(&bulk.plain, &bulk.tags.ballot) != ballot.signature.challenge {
            return false;
        }
        bulk.layout
            .questions
            .iter()
            .zip(&ballot.answers)
            .all(|(question, answer)| self.answer_holds(question, answer, &credential, commitments))
    }

    fn answer_holds(
        &mut self,
        question: &QuestionLayout,
        answer: &Answer,
        credential: &Hex,
        commitments: &[Hex],
    ) -> bool {
        let bulk = self.bulk;
        self.choices.clear();
        for choice in &answer.choices {
            self.choices.extend([hex_of_compressed(&choice.alpha), hex_of_compressed(&choice.beta)]);
        }
        for (number, proofs) in answer.individual_proofs.iter().enumerate() {
            self.begin(credential, 2 * number..2 * number + 2);
            self.transcript.push(b"|");
            let place = question.individual(number);
            if !self.proves(&bulk.tags.prove, &commitments[place..place + 4], proofs) {
                return false;
            }
        }
        let overall = &commitments[question.overall..][..2 * question.branches()];
        let all = 0..self.choices.len();
        if let Some(proofs) = &answer.blank_proof {
            self.begin(credential, all.clone());
            let place = question.blank_proof;
            if !self.proves(&bulk.tags.blank, &commitments[place..place + 4], proofs) {
                return false;
            }
            self.begin(credential, all);
            return self.proves(&bulk.tags.overall, overall, &answer.overall_proof);
        }
        self.begin(credential, all);
        let sum = &commitments[question.sum..question.sum + 2];
        self.transcript.push(b"|").push_elements(sum).push(b"|");
        self.proves(&bulk.tags.prove, overall, &answer.overall_proof)
    }

    /// What follows the fingerprint: the credential and some of the choices.
    fn begin(&mut self, credential: &Hex, choices: std::ops::Range<usize>) {
        self.transcript.clear();
        self.transcript.push(b"|").push(credential).push(b"|").push_elements(&self.choices[choices]);
    }

    fn proves(&mut self, tag: &Tag, commitments: &[Hex], proofs: &[Proof]) -> bool {
        let beginning: &Sha256 = &self.bulk.election;
        let sum: Scalar = proofs.iter().map(|proof| proof.challenge).sum();
        self.transcript.push_elements(commitments).scalar(beginning, tag) == sum
    }
}
