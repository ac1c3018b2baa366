//! Sealed ballots for Python: credentials, elections, ballots. Texts go in and come out as the bytes that are hashed.

use pyo3::prelude::*;
use pyo3::types::PyBytes;
use rayon::prelude::*;
use zeroize::Zeroizing;

use crate::belenios::ballot::Ballot;
use crate::belenios::ballot::check::check;
use crate::belenios::ballot::opened::{Opening, opened};
use crate::belenios::ballot::seal::{seal, seal_opened};
use crate::belenios::election::{Election, Question, Template};
use crate::belenios::group::{self, Element};
use crate::belenios::json::Cursor;
use crate::belenios::proof::{Proof, sign, verify};
use crate::belenios::{credential, hash};
use crate::{Error, Result};

/// A question as Python has it: answers, whether blank is allowed, min, max, text.
pub type PlainQuestion = (Vec<String>, bool, u64, u64, String);

/// The openings of a ballot as Python has them: for each ciphertext of each question its value and its randomness.
type PlainOpenings = Vec<Vec<(u64, String)>>;

/// A question for Python.
pub fn plain(question: &Question) -> PlainQuestion {
    (question.answers.clone(), question.blank, question.min, question.max, question.question.clone())
}

/// A new private code for an elector.
#[pyfunction]
pub fn new_code() -> PyResult<String> {
    Ok(credential::new_code()?.to_string())
}

/// A new identifier for an election.
#[pyfunction]
pub fn new_uuid() -> PyResult<String> {
    Ok(credential::random_base58(credential::UUID_LENGTH)?.to_string())
}

/// The public credential of a private code in an election.
#[pyfunction]
pub fn public_credential(uuid: &str, code: &str) -> PyResult<String> {
    Ok(group::text(&credential::public(uuid, code)?.hex()).to_owned())
}

/// The public credentials of private codes, in their order, on all cores.
#[pyfunction]
pub fn public_credentials(py: Python<'_>, uuid: &str, codes: Vec<String>) -> PyResult<Vec<String>> {
    let made: Result<Vec<String>> = py.detach(|| {
        codes
            .par_iter()
            .map(|code| Ok(group::text(&credential::public(uuid, code)?.hex()).to_owned()))
            .collect()
    });
    Ok(made?)
}

/// The purpose of a signature that shows, without a ballot, that somebody has the code of a credential.
const DOOR: &str = "door";

/// Signs a message with a private code, for `code_holds`.
#[pyfunction]
pub fn code_signature(uuid: &str, code: &str, message: &[u8]) -> PyResult<String> {
    Ok(sign(DOOR, &*credential::secret(uuid, code)?, message)?.json())
}

/// Whether a signature of a message was made with the code of a public credential.
#[pyfunction]
pub fn code_holds(public: &str, message: &[u8], signature: &[u8]) -> bool {
    let mut cursor = Cursor::new(signature);
    let read = Proof::read(&mut cursor).and_then(|proof| cursor.end().map(|()| proof));
    match (Element::parse(public.as_bytes()), read) {
        (Some(key), Ok(proof)) => !key.is_identity() && verify(DOOR, &key, message, &proof),
        _ => false,
    }
}

/// The bytes of an election under a public key.
#[pyfunction]
#[allow(clippy::too_many_arguments)]
pub fn election_text(
    py: Python<'_>,
    uuid: String,
    name: String,
    description: String,
    questions: Vec<PlainQuestion>,
    administrator: String,
    credential_authority: String,
    public_key: &str,
) -> PyResult<Py<PyBytes>> {
    let key = Element::parse(public_key.as_bytes())
        .filter(|key| !key.is_identity())
        .ok_or_else(|| Error::Belenios("the public key is no element of prime order".to_owned()))?;
    let questions = questions
        .into_iter()
        .map(|(answers, blank, min, max, question)| Question { answers, blank, min, max, question })
        .collect();
    let template = Template { uuid, name, description, questions, administrator, credential_authority };
    Ok(PyBytes::new(py, template.election(&key)?.as_bytes()).unbind())
}

/// An election whose ballots are sealed.
#[pyclass(frozen, module = "suffrage._core")]
pub struct SealedElection(Election);

#[pymethods]
impl SealedElection {
    #[new]
    fn new(text: &[u8]) -> PyResult<Self> {
        Ok(Self(Election::parse(text)?))
    }

    #[getter]
    fn uuid(&self) -> &str {
        &self.0.uuid
    }

    #[getter]
    fn name(&self) -> &str {
        &self.0.name
    }

    #[getter]
    fn description(&self) -> &str {
        &self.0.description
    }

    #[getter]
    fn fingerprint(&self) -> &str {
        group::text(&self.0.fingerprint)
    }

    #[getter]
    fn public_key(&self) -> String {
        group::text(&self.0.key.element.hex()).to_owned()
    }

    #[getter]
    fn questions(&self) -> Vec<PlainQuestion> {
        self.0.questions.iter().map(plain).collect()
    }

    fn seal(&self, py: Python<'_>, code: &str, choices: Vec<Vec<u8>>) -> PyResult<Py<PyBytes>> {
        let choices = Zeroizing::new(choices);
        let ballot = py.detach(|| seal(&self.0, code, &choices))?;
        Ok(PyBytes::new(py, ballot.as_bytes()).unbind())
    }

    fn check(&self, py: Python<'_>, ballot: &[u8]) -> PyResult<String> {
        let checked: Result<String> = py.detach(|| {
            let ballot = Ballot::parse(ballot)?;
            check(&self.0, &ballot)?;
            Ok(group::text(&group::hex_of_compressed(&ballot.credential)).to_owned())
        });
        Ok(checked?)
    }

    fn opened(&self, py: Python<'_>, ballot: &[u8], openings: PlainOpenings) -> PyResult<Vec<Vec<u64>>> {
        let checked: Result<Vec<Vec<u64>>> = py.detach(|| {
            let ballot = Ballot::parse(ballot)?;
            let openings = (1..).zip(openings).map(|(number, row)| read_openings(number, &row));
            opened(&self.0, &ballot, &openings.collect::<Result<Vec<_>>>()?)
        });
        Ok(checked?)
    }

    fn seal_opened(
        &self,
        py: Python<'_>,
        code: &str,
        choices: Vec<Vec<u8>>,
    ) -> PyResult<(Py<PyBytes>, PlainOpenings)> {
        let choices = Zeroizing::new(choices);
        let (ballot, openings) = py.detach(|| seal_opened(&self.0, code, &choices))?;
        let plain = |opening: &Opening| (*opening.value, group::decimal(&opening.randomness));
        let openings = openings.iter().map(|row| row.iter().map(plain).collect()).collect();
        Ok((PyBytes::new(py, ballot.as_bytes()).unbind(), openings))
    }
}

fn read_openings(question: usize, row: &[(u64, String)]) -> Result<Vec<Opening>> {
    let read = |(number, (value, randomness)): (usize, &(u64, String))| {
        Opening::parse(*value, randomness).ok_or_else(|| {
            let expected = "a reduced number in decimal, without leading zeros";
            let place = format!("question {question}, ciphertext {number}");
            Error::Belenios(format!("{place}: the randomness is no scalar (expected: {expected})"))
        })
    };
    (1..).zip(row).map(read).collect()
}

/// `hash_to_field` with the tag exactly as given, in decimal: for the vectors of RFC 9380 and our own.
#[pyfunction]
pub fn hash_to_field(tag: &[u8], message: &[u8], count: usize) -> PyResult<Vec<String>> {
    Ok(hash::hash_to_fields(tag, &[message], count)?.iter().map(group::decimal).collect())
}

/// `expand_message_xmd` with SHA-256.
#[pyfunction]
pub fn expand_message(py: Python<'_>, tag: &[u8], message: &[u8], length: u16) -> PyResult<Py<PyBytes>> {
    let mut output = vec![0; usize::from(length)];
    hash::expand_message(tag, &[message], &mut output)?;
    Ok(PyBytes::new(py, &output).unbind())
}
