//! The election (section "Elections"): its questions and its key, read from the bytes that everybody hashes.

use super::credential::is_uuid;
use super::group::{self, Element, Hex};
use super::hash::sha256_hex;
use super::json::{Cursor, shown, string};
use super::proof::Key;
use crate::{Error, Result};

/// A homomorphic question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// The answers that can be chosen.
    pub answers: Vec<String>,
    /// Whether a blank vote is allowed beside them.
    pub blank: bool,
    /// The smallest number of answers that a ballot chooses.
    pub min: u64,
    /// The largest.
    pub max: u64,
    /// The text of the question.
    pub question: String,
}

impl Question {
    /// The number of ciphertexts of an answer: one for each answer, and a leading one where blank is allowed.
    pub fn ciphertexts(&self) -> usize {
        self.answers.len() + usize::from(self.blank)
    }

    fn read(cursor: &mut Cursor<'_>) -> Result<Self> {
        cursor.expect("{\"type\":")?;
        if !cursor.peek_all("\"Homomorphic\"") {
            return Err(
                cursor.wrong("\"Homomorphic\" (no other type of question is supported by this version)")
            );
        }
        cursor.expect("\"Homomorphic\",\"value\":{\"answers\":")?;
        let answers = cursor.list(Cursor::string)?;
        let blank = cursor.accept(",\"blank\":") && cursor.boolean()?;
        cursor.expect(",\"min\":")?;
        let min = cursor.number()?;
        cursor.expect(",\"max\":")?;
        let max = cursor.number()?;
        cursor.expect(",\"question\":")?;
        let question = cursor.string()?;
        cursor.expect("}")?;
        if cursor.accept(",\"extra\":") {
            cursor.skip_value()?;
        }
        cursor.expect("}")?;
        if min > max {
            return Err(Error::Belenios(format!(
                "a question has min {min} and max {max} (expected: min at most max)"
            )));
        }
        Ok(Self { answers, blank, min, max, question })
    }

    fn write(&self, to: &mut String) {
        let answers: Vec<String> = self.answers.iter().map(|answer| string(answer)).collect();
        to.push_str(&format!(
            "{{\"type\":\"Homomorphic\",\"value\":{{\"answers\":[{}],\"blank\":{},\"min\":{},\"max\":{},\"question\":{}}}}}",
            answers.join(","),
            self.blank,
            self.min,
            self.max,
            string(&self.question),
        ));
    }

    /// Refuses a question that no ballot could answer, before an election is made of it.
    fn check(&self) -> Result<()> {
        let answers = self.answers.len() as u64;
        if answers == 0 || self.min > self.max || self.max > answers || self.max == 0 {
            return Err(Error::Belenios(format!(
                "question {}: {answers} answers, min {}, max {} (expected: min <= max <= answers, and max at least 1)",
                shown(&self.question),
                self.min,
                self.max
            )));
        }
        Ok(())
    }
}

/// An election as it was published.
#[derive(Debug)]
pub struct Election {
    /// Its identifier.
    pub uuid: String,
    /// Its name.
    pub name: String,
    /// Its description.
    pub description: String,
    /// The hash of its bytes, in hexadecimal: what the specification calls the fingerprint.
    pub fingerprint: Hex,
    /// The public key of the election, never the identity.
    pub key: Key,
    /// Its questions.
    pub questions: Vec<Question>,
}

impl Election {
    /// Reads an election.
    ///
    /// Fails where the bytes are not exactly what the specification asks, name another version or group, or ask a
    /// question that is not homomorphic.
    pub fn parse(bytes: &[u8]) -> Result<Self> {
        let mut cursor = Cursor::new(bytes);
        cursor.expect("{\"version\":")?;
        let version = cursor.number()?;
        if version != 2 {
            return Err(Error::Belenios(format!("the election has version {version} (expected: 2)")));
        }
        cursor.expect(",\"description\":")?;
        let description = cursor.string()?;
        cursor.expect(",\"name\":")?;
        let name = cursor.string()?;
        cursor.expect(",\"group\":")?;
        let group = cursor.string()?;
        if group != group::NAME {
            return Err(Error::Belenios(format!(
                "the election is over the group {} (expected: Ed25519)",
                shown(&group)
            )));
        }
        cursor.expect(",\"public_key\":")?;
        let key = cursor.element()?;
        if key.is_identity() {
            return Err(Error::Belenios("the public key of the election is the identity".to_owned()));
        }
        cursor.expect(",\"questions\":")?;
        let questions = cursor.list(Question::read)?;
        cursor.expect(",\"uuid\":")?;
        let uuid = cursor.string()?;
        if !is_uuid(&uuid) {
            return Err(Error::Belenios(format!(
                "the election has the identifier {} (expected: at least 14 characters of Base58)",
                shown(&uuid)
            )));
        }
        // What the three optional fields hold decides nothing. In the official files the credential authority is a list.
        for field in [",\"administrator\":", ",\"credential_authority\":", ",\"language\":"] {
            if cursor.accept(field) {
                cursor.skip_value()?;
            }
        }
        cursor.expect("}")?;
        cursor.end()?;
        Ok(Self { uuid, name, description, fingerprint: sha256_hex(bytes), key: Key::new(key), questions })
    }
}

/// What an election says of itself before it has a key.
#[derive(Clone, Debug)]
pub struct Template {
    /// Its identifier.
    pub uuid: String,
    /// Its name.
    pub name: String,
    /// Its description.
    pub description: String,
    /// Its questions.
    pub questions: Vec<Question>,
    /// Who administers it.
    pub administrator: String,
    /// Who made the credentials.
    pub credential_authority: String,
}

impl Template {
    /// The bytes of the election under a public key.
    ///
    /// Fails where the identifier or a question is not one.
    pub fn election(&self, key: &Element) -> Result<String> {
        if !is_uuid(&self.uuid) {
            return Err(Error::Belenios(format!(
                "{} is no identifier of an election (expected: at least 14 characters of Base58)",
                shown(&self.uuid)
            )));
        }
        if self.questions.is_empty() {
            return Err(Error::Belenios("an election has at least one question".to_owned()));
        }
        let mut questions = String::new();
        for (number, question) in self.questions.iter().enumerate() {
            question.check()?;
            if number > 0 {
                questions.push(',');
            }
            question.write(&mut questions);
        }
        Ok(format!(
            "{{\"version\":2,\"description\":{},\"name\":{},\"group\":\"{}\",\"public_key\":\"{}\",\"questions\":[{questions}],\
             \"uuid\":\"{}\",\"administrator\":{},\"credential_authority\":[\"External\",{}]}}",
            string(&self.description),
            string(&self.name),
            group::NAME,
            group::text(&key.hex()),
            self.uuid,
            string(&self.administrator),
            string(&self.credential_authority),
        ))
    }
}
