//! The encrypted tally: for each answer to each question the product of all ciphertexts.

use crate::belenios::election::Election;
use crate::belenios::group::{Element, text};
use crate::belenios::json::Cursor;
use crate::{Error, Result};

/// An encrypted tally: for each question and each of its answers, alpha and beta.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EncryptedTally(pub Vec<Vec<[Element; 2]>>);

impl EncryptedTally {
    /// Reads an encrypted tally from the bytes that are hashed; every element is checked.
    pub fn parse(bytes: &[u8]) -> Result<Self> {
        let mut cursor = Cursor::new(bytes);
        let questions = cursor.list(|cursor| {
            cursor.list(|cursor| {
                cursor.expect("{\"alpha\":")?;
                let alpha = cursor.element()?;
                cursor.expect(",\"beta\":")?;
                let beta = cursor.element()?;
                cursor.expect("}")?;
                Ok([alpha, beta])
            })
        })?;
        cursor.end()?;
        Ok(Self(questions))
    }

    /// The encrypted tally as JSON.
    pub fn json(&self) -> String {
        lists(&self.0, |[alpha, beta]| {
            format!("{{\"alpha\":\"{}\",\"beta\":\"{}\"}}", text(&alpha.hex()), text(&beta.hex()))
        })
    }

    /// Checks that there is a ciphertext for each answer to each question of an election.
    pub fn check_shape(&self, election: &Election) -> Result<()> {
        let expected: Vec<usize> =
            election.questions.iter().map(crate::belenios::election::Question::ciphertexts).collect();
        same_shape("the encrypted tally", &self.0, &expected)
    }

    /// The number of answers to each question.
    pub(super) fn shape(&self) -> Vec<usize> {
        self.0.iter().map(Vec::len).collect()
    }
}

/// Lists in a list as JSON.
pub(super) fn lists<T>(of: &[Vec<T>], json: impl Fn(&T) -> String) -> String {
    let written: Vec<String> =
        of.iter().map(|list| format!("[{}]", list.iter().map(&json).collect::<Vec<_>>().join(","))).collect();
    format!("[{}]", written.join(","))
}

/// Checks that lists have the lengths that are expected; an error names what the lists are.
pub(super) fn same_shape<T>(what: &str, lists: &[Vec<T>], expected: &[usize]) -> Result<()> {
    let seen: Vec<usize> = lists.iter().map(Vec::len).collect();
    if seen == expected {
        Ok(())
    } else {
        let at = seen.iter().zip(expected).take_while(|(seen, expected)| seen == expected).count();
        let [seen, expected] = [&seen[..], expected].map(|lengths| match lengths.get(at) {
            Some(length) => format!("{length} answers in question {}", at + 1),
            None => format!("{} questions", lengths.len()),
        });
        Err(Error::Belenios(format!("{what} has {seen} (expected: {expected})")))
    }
}
