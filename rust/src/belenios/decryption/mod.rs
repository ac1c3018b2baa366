//! From the encrypted tally to the result (sections "Encrypted tally", "Partial decryptions" and "Election result").

pub mod partial;
pub mod result;
pub mod tally;
#[cfg(test)]
mod tests;

pub use partial::{PartialDecryption, partial_decryption};
pub use result::{check_result, parse_result, result_json, tally_result};
pub use tally::EncryptedTally;
