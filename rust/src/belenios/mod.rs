//! Sealed ballots after the Belenios specification 4.0 (data version 2, group Ed25519).
//!
//! Everything secret goes through `curve25519-dalek`, in constant time, and is wiped. What is public is checked twice in
//! two ways: [`ballot`] says plainly what a ballot must satisfy; [`bulk`] says the same of thousands, faster.

pub mod archive;
pub mod audit;
pub mod ballot;
pub mod bulk;
pub mod credential;
pub mod decryption;
pub mod election;
pub mod group;
pub mod hash;
pub mod json;
pub mod logarithm;
pub mod proof;
pub mod roll;
pub mod trustee;
