//! The parts of suffrage that must be fast or exact: tables of returns and rolls ([`csv`]),
//! marked ballots ([`marks`]), signatures ([`signatures`]), statutes ([`toml`]) and sealed ballots ([`belenios`]).
//!
//! No electoral rule is in here. Everything but [`python`] is plain Rust and is tested without an interpreter.

pub mod belenios;
pub mod csv;
pub mod error;
pub mod marks;
#[cfg(feature = "python")]
pub mod python;
pub mod signatures;
pub mod toml;

pub use error::{Error, Result};
