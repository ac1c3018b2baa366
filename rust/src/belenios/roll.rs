//! The list of public credentials (section "Credentials"): who may cast, and with what weight.

use hashbrown::HashMap;
use rayon::prelude::*;

use super::bulk::check_elements;
use super::group::{self, hex_of_compressed};
use super::json::Cursor;
use crate::{Error, Result};

/// How many elements one worker checks at a time.
const CHUNK: usize = 4096;
/// The weights together stay below this, so that the total can be written.
const LARGEST_WEIGHT: u64 = 1 << 53;
/// The compressed identity, which is no credential.
const IDENTITY: [u8; 32] = {
    let mut bytes = [0; 32];
    bytes[0] = 1;
    bytes
};

/// The public credentials of an election.
#[derive(Debug, Default)]
pub struct Roll {
    places: HashMap<[u8; 32], u32>,
    weights: Vec<u64>,
    weighted: bool,
}

impl Roll {
    /// Reads the list and checks each credential: an element of prime order, not the identity, on the list once.
    pub fn parse(bytes: &[u8]) -> Result<Self> {
        let mut cursor = Cursor::new(bytes);
        let mut weighted = false;
        let entries = cursor.list(|cursor| {
            cursor.expect("{\"credential\":")?;
            let credential = cursor.compressed()?;
            let weight = if cursor.accept(",\"weight\":") {
                weighted = true;
                cursor.number()?
            } else {
                1
            };
            cursor.expect("}")?;
            Ok((credential, weight))
        })?;
        cursor.end()?;
        let wrong = |place: usize, what: &str| {
            let written = hex_of_compressed(&entries[place].0);
            Error::Belenios(format!(
                "credential {} of the list, {}: {what}",
                place + 1,
                group::text(&written)
            ))
        };
        let encodings: Vec<[u8; 32]> = entries.iter().map(|(credential, _)| *credential).collect();
        let sound: Vec<bool> = encodings.par_chunks(CHUNK).flat_map_iter(check_elements).collect();
        if let Some(place) = sound.iter().position(|sound| !sound) {
            return Err(wrong(place, "no element of prime order"));
        }
        let mut places = HashMap::with_capacity(entries.len());
        for (place, (number, (credential, _))) in (0u32..).zip(&entries).enumerate() {
            if *credential == IDENTITY {
                return Err(wrong(place, "the identity, which is no credential"));
            }
            if places.insert(*credential, number).is_some() {
                return Err(wrong(place, "is on the list twice"));
            }
        }
        let weights: Vec<u64> = entries.into_iter().map(|(_, weight)| weight).collect();
        let total = weights.iter().try_fold(0u64, |sum, weight| sum.checked_add(*weight));
        if total.is_none_or(|total| total >= LARGEST_WEIGHT) {
            return Err(Error::Belenios(
                "the weights together are too large (expected: less than 2^53)".to_owned(),
            ));
        }
        Ok(Self { places, weights, weighted })
    }

    /// The place of a credential on the list, if it is there.
    pub fn place(&self, credential: &[u8; 32]) -> Option<u32> {
        self.places.get(credential).copied()
    }

    /// The weight of the credential at a place.
    pub fn weight(&self, place: u32) -> u64 {
        self.weights[place as usize]
    }

    /// The number of credentials.
    pub fn len(&self) -> usize {
        self.weights.len()
    }

    /// Whether nobody is on the list.
    pub fn is_empty(&self) -> bool {
        self.weights.is_empty()
    }

    /// Whether any credential has a weight of its own.
    pub fn weighted(&self) -> bool {
        self.weighted
    }
}
