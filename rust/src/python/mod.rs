//! The Python module `suffrage._core`: the only place that knows of Python. `src/suffrage/_core.pyi` describes it.

// What Python hands over is converted into values of our own: there is nothing to borrow from.
#![allow(clippy::needless_pass_by_value)]

mod archive;
mod audit;
mod csv;
mod marks;
mod profile;
mod records;
mod sealed;
mod signatures;
mod toml;
mod trustees;

use pyo3::create_exception;
use pyo3::exceptions::{PyOSError, PyValueError};
use pyo3::prelude::*;

use crate::Error;

create_exception!(
    suffrage._core,
    TomlSyntaxError,
    PyValueError,
    "A text is no TOML. Attributes: line, column, message."
);
create_exception!(
    suffrage._core,
    BeleniosError,
    PyValueError,
    "A record, key or archive is not what the specification of Belenios asks."
);
create_exception!(
    suffrage._core,
    CsvError,
    PyValueError,
    "A table cannot be read as declared. Attribute: problems, a list of (line, column, seen, expected)."
);

#[pymodule]
mod _core {
    use super::PyModule;
    use pyo3::prelude::*;

    #[pymodule_export]
    use super::archive::{ArchiveWriter, archive_find, archive_places, archive_prefix};
    #[pymodule_export]
    use super::audit::{ArchiveReport, audit_archive};
    #[pymodule_export]
    use super::csv::{Batch, CsvReader};
    #[pymodule_export]
    use super::marks::MarkTally;
    #[pymodule_export]
    use super::profile::{BulkProfile, bulk_profile};
    #[pymodule_export]
    use super::records::{archive_partials, archive_setup, archive_tally};
    #[pymodule_export]
    use super::sealed::{
        SealedElection, code_holds, code_signature, election_text, expand_message, hash_to_field, new_code,
        new_uuid, public_credential, public_credentials,
    };
    #[pymodule_export]
    use super::signatures::verify_signatures;
    #[pymodule_export]
    use super::toml::parse_toml;
    #[pymodule_export]
    use super::trustees::{
        check_partial_decryption, new_trustee, partial_decryption, pedersen_certificate, pedersen_check,
        pedersen_combine, pedersen_context, pedersen_id, pedersen_polynomial, pedersen_route, pedersen_share,
        tally_result, trustee_id, trustees_key, trustees_text,
    };
    #[pymodule_export]
    use super::{BeleniosError, CsvError, TomlSyntaxError};

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        module.add("ABSENT", crate::csv::ABSENT)?;
        module.add("LARGEST_FIGURE", crate::csv::LARGEST_FIGURE)
    }
}

/// The one conversion of our errors into exceptions.
impl From<Error> for PyErr {
    fn from(error: Error) -> Self {
        Python::attach(|py| exception(py, &error)).unwrap_or_else(|failure| failure)
    }
}

fn exception(py: Python<'_>, error: &Error) -> PyResult<PyErr> {
    let text = error.to_string();
    match error {
        Error::Toml { line, column, message } => {
            let exception = TomlSyntaxError::new_err(text);
            let value = exception.value(py);
            value.setattr("line", line)?;
            value.setattr("column", column)?;
            value.setattr("message", message)?;
            Ok(exception)
        }
        Error::Csv(problems) => {
            let exception = CsvError::new_err(text);
            let told: Vec<_> = problems
                .iter()
                .map(|p| (p.line, p.column.as_deref(), p.seen.as_str(), p.expected.as_str()))
                .collect();
            exception.value(py).setattr("problems", told)?;
            Ok(exception)
        }
        // With a number, OSError itself becomes FileNotFoundError and its like, and names the file.
        Error::Io { path, source } => Ok(match source.raw_os_error() {
            Some(number) => {
                let meaning = py.import("os")?.call_method1("strerror", (number,))?.unbind();
                PyOSError::new_err((number, meaning, path.clone().into_os_string()))
            }
            None => PyOSError::new_err(text),
        }),
        Error::Belenios(_) => Ok(BeleniosError::new_err(text)),
        Error::Usage(_) => Ok(PyValueError::new_err(text)),
    }
}
