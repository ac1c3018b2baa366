//! Trustees for Python: their keys, the founding of a group, decryption. Records go in and come out as the bytes of the
//! files, without the line break at their end.

use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;
use pyo3::types::PyBytes;

use crate::belenios::decryption::{self, EncryptedTally, PartialDecryption, result_json};
use crate::belenios::election::Election;
use crate::belenios::group::text;
use crate::belenios::trustee::basic::Basic;
use crate::belenios::trustee::certificate::{PedersenCertificate, check_certificates};
use crate::belenios::trustee::context::Context;
use crate::belenios::trustee::message::Message;
use crate::belenios::trustee::pedersen::{self, PublishedPolynomial, Routed, Share};
use crate::belenios::trustee::seed::Seed;
use crate::belenios::trustee::threshold::Threshold;
use crate::belenios::trustee::{Trustee, Trustees};
use crate::{Error, Result};

type Records = Vec<PyBackedBytes>;

/// Adds to an error which record it is about.
fn within<T>(what: impl FnOnce() -> String, result: Result<T>) -> Result<T> {
    result.map_err(|error| match error {
        Error::Belenios(message) => Error::Belenios(format!("{}: {message}", what())),
        other => other,
    })
}

/// Reads records of one kind; an error names the kind and the number of the record, from 1.
fn all<T>(kind: &str, records: &[PyBackedBytes], parse: impl Fn(&[u8]) -> Result<T>) -> Result<Vec<T>> {
    (1..).zip(records).map(|(number, record)| within(|| format!("{kind} {number}"), parse(record))).collect()
}

fn bytes(py: Python<'_>, record: &str) -> Py<PyBytes> {
    PyBytes::new(py, record.as_bytes()).unbind()
}

/// The context of a group and its certificates.
fn group(context: &[u8], certificates: &[PyBackedBytes]) -> Result<(Context, Vec<PedersenCertificate>)> {
    Ok((read_context(context)?, all("certificate", certificates, PedersenCertificate::parse)?))
}

fn read_context(context: &[u8]) -> Result<Context> {
    within(|| "the context of the group".to_owned(), Context::parse(context))
}

/// An election with its checked trustees and its encrypted tally.
struct Sealed {
    election: Election,
    trustees: Trustees,
    tally: EncryptedTally,
}

impl Sealed {
    fn read(election: &[u8], trustees: &[u8], tally: &[u8]) -> Result<Self> {
        let election = within(|| "the election".to_owned(), Election::parse(election))?;
        let trustees = read_trustees(trustees)?;
        if trustees.key()? != election.key.element {
            return Err(Error::Belenios(format!(
                "the keys of the trustees make {} (expected: {}, the key of the election)",
                text(&trustees.key()?.hex()),
                text(&election.key.element.hex())
            )));
        }
        let tally = within(|| "the encrypted tally".to_owned(), EncryptedTally::parse(tally))?;
        tally.check_shape(&election)?;
        Ok(Self { election, trustees, tally })
    }
}

fn read_trustees(trustees: &[u8]) -> Result<Trustees> {
    let trustees = within(|| "the trustees".to_owned(), Trustees::parse(trustees))?;
    trustees.check()?;
    Ok(trustees)
}

fn read_partial(owner: u64, partial: &[u8]) -> Result<PartialDecryption<'_>> {
    within(|| format!("the partial decryption of trustee {owner}"), PartialDecryption::parse(partial))
}

/// A new single trustee: the seed, and what is published.
#[pyfunction]
#[pyo3(signature = (name=None))]
pub fn new_trustee(py: Python<'_>, name: Option<String>) -> PyResult<(String, Py<PyBytes>)> {
    let seed = Seed::random()?;
    let basic = Basic::new(&seed, name.as_deref())?;
    Ok((seed.expose().to_owned(), bytes(py, &basic.json())))
}

/// The identifier of what a single trustee publishes, which is checked.
#[pyfunction]
pub fn trustee_id(public: PyBackedBytes) -> PyResult<String> {
    let basic = Basic::parse(&public)?;
    basic.check()?;
    Ok(basic.id())
}

/// The context of a new group.
#[pyfunction]
pub fn pedersen_context(py: Python<'_>, names: Vec<String>, threshold: u64) -> PyResult<Py<PyBytes>> {
    Ok(bytes(py, &Context::new(names, threshold)?.json()))
}

/// Step 1: a new seed and the certificate for a place, from 1.
#[pyfunction]
pub fn pedersen_certificate(
    py: Python<'_>,
    context: PyBackedBytes,
    index: u64,
) -> PyResult<(String, Py<PyBytes>)> {
    let (seed, certificate) = pedersen::new_certificate(&read_context(&context)?, index)?;
    Ok((seed.expose().to_owned(), bytes(py, &certificate.json())))
}

/// The identifier of a certificate.
#[pyfunction]
pub fn pedersen_id(certificate: PyBackedBytes) -> PyResult<String> {
    Ok(text(&PedersenCertificate::parse(&certificate)?.id()).to_owned())
}

/// Step 2: checks the certificates.
#[pyfunction]
pub fn pedersen_check(py: Python<'_>, context: PyBackedBytes, certificates: Records) -> PyResult<()> {
    Ok(py.detach(|| {
        let (context, certificates) = group(&context, &certificates)?;
        check_certificates(&context, &certificates)
    })?)
}

/// Step 3: the polynomial of the trustee of a seed.
#[pyfunction]
pub fn pedersen_polynomial(
    py: Python<'_>,
    context: PyBackedBytes,
    certificates: Records,
    seed: &str,
) -> PyResult<Py<PyBytes>> {
    let polynomial = py.detach(|| {
        let (context, certificates) = group(&context, &certificates)?;
        pedersen::polynomial(&context, &certificates, &Seed::parse(seed)?)
    })?;
    Ok(bytes(py, &polynomial.json()))
}

/// Step 4: what each trustee is to be given.
#[pyfunction]
pub fn pedersen_route(
    py: Python<'_>,
    context: PyBackedBytes,
    certificates: Records,
    polynomials: Records,
) -> PyResult<Vec<Py<PyBytes>>> {
    let routed = py.detach(|| {
        let (context, certificates) = group(&context, &certificates)?;
        let polynomials = all("polynomial", &polynomials, PublishedPolynomial::parse)?;
        pedersen::route(&context, &certificates, &polynomials)
    })?;
    Ok(routed.iter().map(|routed| bytes(py, &routed.json())).collect())
}

/// Step 5: the share of the trustee of a seed.
#[pyfunction]
pub fn pedersen_share(
    py: Python<'_>,
    context: PyBackedBytes,
    certificates: Records,
    seed: &str,
    vinput: PyBackedBytes,
) -> PyResult<Py<PyBytes>> {
    let share = py.detach(|| {
        let (context, certificates) = group(&context, &certificates)?;
        let routed = within(|| "the vinput".to_owned(), Routed::parse(&vinput))?;
        pedersen::share(&context, &certificates, &Seed::parse(seed)?, &routed)
    })?;
    Ok(bytes(py, &share.json()))
}

/// Step 6: what the group publishes, and for each trustee the message with the decryption key.
#[pyfunction]
pub fn pedersen_combine(
    py: Python<'_>,
    context: PyBackedBytes,
    certificates: Records,
    polynomials: Records,
    voutputs: Records,
) -> PyResult<(Py<PyBytes>, Vec<Py<PyBytes>>)> {
    let (threshold, keys) = py.detach(|| {
        let (context, certificates) = group(&context, &certificates)?;
        let polynomials = all("polynomial", &polynomials, PublishedPolynomial::parse)?;
        let shares = all("voutput", &voutputs, Share::parse)?;
        pedersen::combine(&context, &certificates, &polynomials, &shares)
    })?;
    let keys = keys.iter().map(Message::json).map(|key| bytes(py, &key)).collect();
    Ok((bytes(py, &threshold.json()), keys))
}

/// The list of the trustees of an election, checked: the single ones first, then the groups.
#[pyfunction]
pub fn trustees_text(py: Python<'_>, basics: Records, thresholds: Records) -> PyResult<Py<PyBytes>> {
    let trustees = py.detach(|| -> Result<Trustees> {
        let basics = all("single trustee", &basics, Basic::parse)?.into_iter();
        let groups = all("group of trustees", &thresholds, Threshold::parse)?.into_iter();
        let items = basics.map(Trustee::single).chain(groups.map(Trustee::Pedersen)).collect();
        let trustees = Trustees { items };
        trustees.check()?;
        Ok(trustees)
    })?;
    Ok(bytes(py, &trustees.json()))
}

/// The public key that trustees make; everything of them is checked.
#[pyfunction]
pub fn trustees_key(py: Python<'_>, trustees: PyBackedBytes) -> PyResult<String> {
    let key = py.detach(|| read_trustees(&trustees)?.key())?;
    Ok(text(&key.hex()).to_owned())
}

/// The partial decryption of the trustee of a seed, and the trustee's number.
#[pyfunction]
#[pyo3(signature = (election, trustees, tally, seed, share=None))]
pub fn partial_decryption(
    py: Python<'_>,
    election: PyBackedBytes,
    trustees: PyBackedBytes,
    tally: PyBackedBytes,
    seed: &str,
    share: Option<PyBackedBytes>,
) -> PyResult<(u64, Py<PyBytes>)> {
    let (owner, partial) = py.detach(|| {
        let sealed = Sealed::read(&election, &trustees, &tally)?;
        let seed = Seed::parse(seed)?;
        decryption::partial_decryption(
            &sealed.election,
            &sealed.trustees,
            &sealed.tally,
            &seed,
            share.as_deref(),
        )
    })?;
    Ok((owner, bytes(py, &partial)))
}

/// Checks a partial decryption.
#[pyfunction]
pub fn check_partial_decryption(
    py: Python<'_>,
    election: PyBackedBytes,
    trustees: PyBackedBytes,
    tally: PyBackedBytes,
    owner: u64,
    partial: PyBackedBytes,
) -> PyResult<()> {
    Ok(py.detach(|| {
        let sealed = Sealed::read(&election, &trustees, &tally)?;
        read_partial(owner, &partial)?.check(&sealed.election, &sealed.trustees, &sealed.tally, owner)
    })?)
}

/// The result that partial decryptions give.
#[pyfunction]
pub fn tally_result(
    py: Python<'_>,
    election: PyBackedBytes,
    trustees: PyBackedBytes,
    tally: PyBackedBytes,
    total_weight: u64,
    partials: Vec<(u64, PyBackedBytes)>,
) -> PyResult<Py<PyBytes>> {
    let result = py.detach(|| {
        let sealed = Sealed::read(&election, &trustees, &tally)?;
        let partials = partials
            .iter()
            .map(|(owner, partial)| Ok((*owner, read_partial(*owner, partial)?)))
            .collect::<Result<Vec<_>>>()?;
        decryption::tally_result(&sealed.election, &sealed.trustees, &sealed.tally, total_weight, &partials)
    })?;
    Ok(bytes(py, &result_json(&result)))
}
