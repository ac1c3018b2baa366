//! Whole ballots: the verdicts and sums of the plain check.

use curve25519_dalek::constants::EIGHT_TORSION;
use curve25519_dalek::edwards::{CompressedEdwardsY, EdwardsPoint};
use curve25519_dalek::scalar::Scalar;
use curve25519_dalek::traits::Identity;

use super::super::super::ballot::Ballot;
use super::super::super::ballot::check::check;
use super::super::super::ballot::seal::seal_with;
use super::super::super::ballot::tests::election;
use super::super::super::election::{Election, Question};
use super::super::{Bulk, Vector};
use super::{Numbers, vectors};

fn question(answers: usize, min: u64, max: u64, blank: bool) -> Question {
    let answers = (0..answers).map(|number| format!("Answer {number}")).collect();
    Question { answers, blank, min, max, question: String::new() }
}

/// Elections of every form, each with choices that are allowed.
fn elections() -> Vec<(Election, Vec<Vec<Vec<u8>>>)> {
    vec![
        (election(vec![question(4, 1, 1, false)]), vec![vec![vec![0, 1, 0, 0]], vec![vec![1, 0, 0, 0]]]),
        (election(vec![question(3, 1, 2, true)]), vec![vec![vec![1, 0, 0, 0]], vec![vec![0, 1, 0, 1]]]),
        (
            election(vec![question(1, 0, 1, false), question(2, 0, 2, true), question(3, 2, 3, false)]),
            vec![
                vec![vec![0], vec![0, 0, 0], vec![1, 1, 0]],
                vec![vec![1], vec![0, 1, 1], vec![1, 1, 1]],
                vec![vec![1], vec![1, 0, 0], vec![0, 1, 1]],
            ],
        ),
    ]
}

fn sealed(election: &Election, choices: &[Vec<Vec<u8>>], count: usize) -> Vec<String> {
    let mut numbers = Numbers(6);
    (0..count)
        .map(|at| seal_with(election, &numbers.scalar(), &choices[at % choices.len()]).unwrap())
        .collect()
}

fn plain_sums(election: &Election, ballots: &[Ballot<'_>], weights: &[u64]) -> Vec<Vec<[EdwardsPoint; 2]>> {
    let mut sums: Vec<Vec<_>> = election
        .questions
        .iter()
        .map(|question| vec![[EdwardsPoint::identity(); 2]; question.ciphertexts()])
        .collect();
    for (ballot, weight) in ballots.iter().zip(weights) {
        if check(election, ballot).is_err() {
            continue;
        }
        for (sums, answer) in sums.iter_mut().zip(&ballot.answers) {
            for (sum, choice) in sums.iter_mut().zip(&answer.choices) {
                for (sum, bytes) in sum.iter_mut().zip([choice.alpha, choice.beta]) {
                    *sum += CompressedEdwardsY(bytes).decompress().unwrap() * Scalar::from(*weight);
                }
            }
        }
    }
    sums
}

/// Every kind of vector says what the plain check says.
fn agree(election: &Election, ballots: &[Ballot<'_>], weights: &[u64]) -> Vec<bool> {
    let expected: Vec<bool> = ballots.iter().map(|ballot| check(election, ballot).is_ok()).collect();
    let sums = plain_sums(election, ballots, weights);
    for vector in vectors() {
        let checked = Bulk::with_vector(election, 10, vector).check(ballots, weights);
        assert_eq!(checked.valid, expected, "{vector:?}");
        assert_eq!(checked.sums, sums, "{vector:?}");
    }
    expected
}

#[test]
fn sealed_ballots_hold_in_chunks_of_any_length() {
    for (election, choices) in elections() {
        let texts = sealed(&election, &choices, 19);
        let ballots: Vec<Ballot<'_>> =
            texts.iter().map(|text| Ballot::parse(text.as_bytes()).unwrap()).collect();
        let weights: Vec<u64> = (0..19).map(|at| [1, 2, 0, 1 << 40, 5][at % 5]).collect();
        for length in [0, 1, 7, 8, 9, 19] {
            let valid = agree(&election, &ballots[..length], &weights[..length]);
            assert!(valid.iter().all(|valid| *valid));
        }
    }
}

#[test]
fn many_blocks_hold() {
    let (election, choices) = elections().swap_remove(0);
    let texts = sealed(&election, &choices, 9);
    let ballots: Vec<Ballot<'_>> =
        (0..300).map(|at| Ballot::parse(texts[at % texts.len()].as_bytes()).unwrap()).collect();
    let checked = Bulk::with_vector(&election, 300, Vector::best()).check(&ballots, &vec![1; 300]);
    assert!(checked.valid.iter().all(|valid| *valid));
}

/// Ways to spoil a ballot.
fn spoil(ballot: &mut Ballot<'_>, way: usize) -> bool {
    let other = |bytes: &mut [u8; 32], torsion: usize| {
        let point = CompressedEdwardsY(*bytes).decompress().unwrap();
        *bytes = (point + EIGHT_TORSION[torsion]).compress().to_bytes();
    };
    let answers = ballot.answers.len();
    let answer = &mut ballot.answers[way % answers];
    match way / 3 {
        0 => answer.individual_proofs[0][0].challenge += Scalar::ONE,
        1 => answer.individual_proofs[0][1].response += Scalar::ONE,
        2 => answer.overall_proof[0].response -= Scalar::ONE,
        3 => {
            let Some(last) = answer.overall_proof.last_mut() else { return false };
            last.challenge += Scalar::ONE;
        }
        4 => ballot.signature.response += Scalar::ONE,
        5 => ballot.signature.challenge += Scalar::ONE,
        6 => other(&mut answer.choices[0].alpha, 1),
        7 => other(&mut answer.choices[0].beta, 4),
        8 => other(&mut ballot.credential, 2),
        9 => answer.choices[0].alpha = [0xff; 32],
        10 => answer.choices[0].beta = [2; 32],
        11 => drop(answer.choices.pop()),
        12 => drop(answer.individual_proofs.pop()),
        13 => answer.overall_proof.push(ballot.signature),
        14 => drop(answer.overall_proof.pop()),
        15 => {
            answer.blank_proof =
                if answer.blank_proof.is_some() { None } else { Some([ballot.signature; 2]) };
        }
        16 => match &mut answer.blank_proof {
            Some(proofs) => proofs[way % 2].response += Scalar::ONE,
            None => return false,
        },
        17 => drop(ballot.answers.pop()),
        18 => ballot.fingerprint[0] ^= 1,
        19 => ballot.uuid = b"11111111111111",
        20 => ballot.message = &ballot.message[1..],
        21 => ballot.credential = EdwardsPoint::identity().compress().to_bytes(),
        22 => answer.choices.swap(0, 1),
        23 => {
            let choice = &mut answer.choices[0];
            std::mem::swap(&mut choice.alpha, &mut choice.beta);
        }
        24 => answer.choices[0].alpha = EdwardsPoint::identity().compress().to_bytes(),
        _ => return false,
    }
    true
}

#[test]
fn spoilt_ballots_are_named_among_good_ones() {
    for (election, choices) in elections() {
        let texts = sealed(&election, &choices, 12);
        let mut ballots = Vec::new();
        let mut spoilt = Vec::new();
        for way in 0..75 {
            let mut ballot = Ballot::parse(texts[way % texts.len()].as_bytes()).unwrap();
            if way / 3 == 22 && ballot.answers[way % ballot.answers.len()].choices.len() < 2 {
                continue;
            }
            spoilt.push(spoil(&mut ballot, way));
            ballots.push(ballot);
            ballots.push(Ballot::parse(texts[(way + 5) % texts.len()].as_bytes()).unwrap());
            spoilt.push(false);
        }
        let valid = agree(&election, &ballots, &vec![3; ballots.len()]);
        for (valid, spoilt) in valid.iter().zip(spoilt) {
            assert_eq!(*valid, !spoilt);
        }
    }
}

#[test]
fn no_weight_is_one() {
    let (election, choices) = elections().swap_remove(0);
    let texts = sealed(&election, &choices, 3);
    let ballots: Vec<Ballot<'_>> = texts.iter().map(|text| Ballot::parse(text.as_bytes()).unwrap()).collect();
    let bulk = Bulk::new(&election, 3);
    assert_eq!(bulk.check(&ballots, &[]).sums, plain_sums(&election, &ballots, &[1; 3]));
}
