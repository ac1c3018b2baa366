//! What is sealed holds; what is changed does not.
#![allow(clippy::unwrap_used, clippy::panic)]

use super::super::credential::{new_code, secret};
use super::super::election::{Election, Question, Template};
use super::super::group::{Element, random_scalar};
use super::Ballot;
use super::check::check;
use super::opened::{Opening, opened};
use super::seal::{seal, seal_opened, seal_with};

fn question(answers: usize, min: u64, max: u64, blank: bool) -> Question {
    let answers = (0..answers).map(|number| format!("Candidate \"{number}\" Ё")).collect();
    Question { answers, blank, min, max, question: "Who?\n".to_owned() }
}

pub(crate) fn election(questions: Vec<Question>) -> Election {
    let template = Template {
        uuid: "1111111111aaaa".to_owned(),
        name: "A vote".to_owned(),
        description: String::new(),
        questions,
        administrator: "The office".to_owned(),
        credential_authority: "The authority".to_owned(),
    };
    let key = Element::power(&random_scalar().unwrap());
    Election::parse(template.election(&key).unwrap().as_bytes()).unwrap()
}

fn holds(election: &Election, ballot: &str) -> bool {
    Ballot::parse(ballot.as_bytes()).is_ok_and(|ballot| check(election, &ballot).is_ok())
}

#[test]
fn every_allowed_choice_is_sealed_and_holds() {
    let questions = [
        question(3, 0, 1, false),
        question(4, 1, 1, false),
        question(2, 1, 2, true),
        question(1, 1, 1, true),
        question(4, 0, 3, true),
    ];
    let code = new_code().unwrap();
    for question in questions {
        let choices = question.ciphertexts();
        let (min, max, blank) = (question.min, question.max, question.blank);
        let election = election(vec![question]);
        for bits in 0u32..1 << choices {
            let chosen: Vec<u8> = (0..choices).map(|bit| u8::from(bits >> bit & 1 == 1)).collect();
            let count = u64::from(if blank { bits >> 1 } else { bits }.count_ones());
            let allowed = if blank && chosen[0] == 1 { count == 0 } else { (min..=max).contains(&count) };
            match seal(&election, &code, &[chosen]) {
                Ok(ballot) => assert!(allowed && holds(&election, &ballot)),
                Err(error) => assert!(!allowed, "{error}"),
            }
        }
    }
}

#[test]
fn several_questions_hold_together_and_not_exchanged() {
    let election = election(vec![question(2, 0, 1, false), question(2, 0, 1, false)]);
    let exponent = secret(&election.uuid, &new_code().unwrap()).unwrap();
    let ballot = seal_with(&election, &exponent, &[vec![1, 0], vec![0, 0]]).unwrap();
    assert!(holds(&election, &ballot));
    let other = seal_with(&election, &exponent, &[vec![1, 0], vec![0, 0]]).unwrap();
    assert_ne!(ballot, other, "two ballots of the same choices differ");
    assert!(seal_with(&election, &exponent, &[vec![1, 0]]).is_err());
    assert!(seal_with(&election, &exponent, &[vec![1], vec![0, 0]]).is_err());
    assert!(seal_with(&election, &exponent, &[vec![2, 0], vec![0, 0]]).is_err());
}

#[test]
fn no_changed_byte_holds() {
    let election = election(vec![question(2, 0, 1, true)]);
    let ballot = seal(&election, &new_code().unwrap(), &[vec![0, 0, 1]]).unwrap();
    assert!(holds(&election, &ballot));
    for at in 0..ballot.len() {
        let mut changed = ballot.clone().into_bytes();
        changed[at] = match changed[at] {
            b'9' | b'f' => b'0',
            other => other + 1,
        };
        let changed = String::from_utf8(changed).unwrap();
        assert!(!holds(&election, &changed), "byte {at} of {ballot}");
    }
}

#[test]
fn a_ballot_holds_in_its_own_election_only() {
    let (first, second) =
        (election(vec![question(2, 0, 1, false)]), election(vec![question(2, 0, 1, false)]));
    let ballot = seal(&first, &new_code().unwrap(), &[vec![0, 1]]).unwrap();
    assert!(holds(&first, &ballot) && !holds(&second, &ballot));
}

#[test]
fn a_code_is_never_repeated_in_an_error() {
    let election = election(vec![question(2, 0, 1, false)]);
    let wrong = "abcde-abcdef-abcde-abcde0";
    let error = seal(&election, wrong, &[vec![0, 1]]).unwrap_err().to_string();
    assert!(!error.contains("abcde"), "{error}");
}

#[test]
fn an_opened_ballot_says_what_was_chosen() {
    let election = election(vec![question(3, 1, 2, true), question(2, 0, 1, false)]);
    let code = new_code().unwrap();
    for choices in [[vec![0, 1, 0, 1], vec![0, 0]], [vec![1, 0, 0, 0], vec![0, 1]]] {
        let (ballot, openings) = seal_opened(&election, &code, &choices).unwrap();
        let ballot = Ballot::parse(ballot.as_bytes()).unwrap();
        let values = opened(&election, &ballot, &openings).unwrap();
        let expected: Vec<Vec<u64>> =
            choices.iter().map(|row| row.iter().map(|value| u64::from(*value)).collect()).collect();
        assert_eq!(values, expected);
    }
}

#[test]
fn no_other_opening_fits_a_ballot() {
    let election = election(vec![question(2, 0, 1, true), question(2, 0, 1, false)]);
    let (ballot, openings) =
        seal_opened(&election, &new_code().unwrap(), &[vec![0, 1, 0], vec![0, 1]]).unwrap();
    let ballot = Ballot::parse(ballot.as_bytes()).unwrap();
    let other = random_scalar().unwrap();
    let names = [
        ["question 1, the blank vote", "question 1, answer 1", "question 1, answer 2"].to_vec(),
        ["question 2, answer 1", "question 2, answer 2"].to_vec(),
    ];
    for question in 0..2 {
        for at in 0..names[question].len() {
            let mut changed = openings.clone();
            *changed[question][at].value = 1 - *changed[question][at].value;
            let error = opened(&election, &ballot, &changed).unwrap_err().to_string();
            assert!(error.starts_with(names[question][at]) && error.contains("another value"), "{error}");
            let mut changed = openings.clone();
            changed[question][at].randomness = other.clone();
            let error = opened(&election, &ballot, &changed).unwrap_err().to_string();
            assert!(
                error.starts_with(names[question][at]) && error.contains("another randomness"),
                "{error}"
            );
        }
        let mut changed = openings.clone();
        changed[question].pop();
        assert!(opened(&election, &ballot, &changed).is_err());
    }
    assert!(opened(&election, &ballot, &openings[..1]).is_err());
    assert!(Opening::parse(0, "01").is_none() && Opening::parse(0, "").is_none());
}

#[test]
fn a_ballot_whose_proofs_fail_is_not_opened() {
    let (first, second) =
        (election(vec![question(2, 0, 1, false)]), election(vec![question(2, 0, 1, false)]));
    let (ballot, openings) = seal_opened(&first, &new_code().unwrap(), &[vec![0, 1]]).unwrap();
    let ballot = Ballot::parse(ballot.as_bytes()).unwrap();
    assert!(opened(&first, &ballot, &openings).is_ok());
    assert!(opened(&second, &ballot, &openings).is_err());
}
