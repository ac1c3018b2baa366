//! Trustees (sections "Public key infrastructure" to "Trustees"): who holds the keys of an election.

pub mod basic;
pub mod certificate;
pub mod context;
pub mod message;
pub mod pedersen;
pub mod polynomial;
pub mod seed;
#[cfg(test)]
pub(in crate::belenios) mod tests;
pub mod threshold;
pub mod verification_key;

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use basic::Basic;
use threshold::Threshold;

use super::group::Element;
use super::json::{Cursor, shown};
use crate::{Error, Result};

/// An item of the list of trustees.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trustee {
    /// A trustee without whom nothing is decrypted.
    Single(Box<Basic>),
    /// A group, of which a certain number decrypts.
    Pedersen(Threshold),
}

impl Trustee {
    /// A single trustee.
    pub fn single(basic: Basic) -> Self {
        Self::Single(Box::new(basic))
    }
}

/// The trustees of an election.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trustees {
    /// The single trustees and the groups, in order.
    pub items: Vec<Trustee>,
}

/// One person among the trustees.
#[derive(Clone, Copy, Debug)]
pub struct Member<'a> {
    /// The number of the person among all of them, from 1: the `owner` of a partial decryption.
    pub owner: u64,
    /// The name, where there is one.
    pub name: Option<&'a str>,
    /// The key of the certificate.
    pub verification: &'a Element,
    /// The key of the decryption.
    pub public_key: &'a Element,
    /// For a person of a group: the place in it, from 1.
    pub place: Option<u64>,
}

impl Member<'_> {
    /// The number and the name, for messages.
    pub fn described(&self) -> String {
        match self.name {
            Some(name) => format!("trustee {} ({})", self.owner, shown(name)),
            None => format!("trustee {}", self.owner),
        }
    }
}

impl Trustees {
    /// Reads the trustees from the bytes that are hashed.
    ///
    /// Fails where they are not exactly one list of trustees, compact, with its fields in order. Nothing else is checked.
    pub fn parse(bytes: &[u8]) -> Result<Self> {
        let mut cursor = Cursor::new(bytes);
        let items = cursor.list(|cursor| {
            let item = if cursor.accept("[\"Single\",") {
                Trustee::single(Basic::read(cursor)?)
            } else if cursor.accept("[\"Pedersen\",") {
                Trustee::Pedersen(Threshold::read(cursor)?)
            } else {
                return Err(cursor.wrong("`[\"Single\",` or `[\"Pedersen\",`"));
            };
            cursor.expect("]")?;
            Ok(item)
        })?;
        cursor.end()?;
        let trustees = Self { items };
        // Names are the only strings with more than one spelling; signatures are over the plainest.
        if trustees.json().as_bytes() == bytes {
            Ok(trustees)
        } else {
            Err(Error::Belenios("a name is not written in the one way in which it is signed".to_owned()))
        }
    }

    /// The trustees as JSON.
    pub fn json(&self) -> String {
        let items = threshold::join(&self.items, |item| match item {
            Trustee::Single(basic) => format!("[\"Single\",{}]", basic.json()),
            Trustee::Pedersen(group) => format!("[\"Pedersen\",{}]", group.json()),
        });
        format!("[{items}]")
    }

    /// Every person, in order.
    pub fn members(&self) -> Vec<Member<'_>> {
        let mut members: Vec<Member<'_>> = Vec::new();
        for item in &self.items {
            let owner = members.len() as u64 + 1;
            match item {
                Trustee::Single(basic) => members.push(Member {
                    owner,
                    name: basic.verification_key.name.as_deref(),
                    verification: &basic.keys.verification,
                    public_key: &basic.verification_key.public_key,
                    place: None,
                }),
                Trustee::Pedersen(group) => {
                    let pairs = group.certificates.iter().zip(&group.verification_keys);
                    members.extend((0..).zip(pairs).map(|(before, (certificate, key))| Member {
                        owner: owner + before,
                        name: key.name.as_deref(),
                        verification: &certificate.keys.verification,
                        public_key: &key.public_key,
                        place: Some(before + 1),
                    }));
                }
            }
        }
        members
    }

    /// Checks everything that can be checked of the trustees: every certificate, commitment, key and signature, and that
    /// nobody is there twice.
    ///
    /// The specification does not speak of the latter; but whoever is there twice counts for two.
    pub fn check(&self) -> Result<()> {
        if self.items.is_empty() {
            return Err(Error::Belenios("there are no trustees".to_owned()));
        }
        for (number, item) in (1..).zip(&self.items) {
            let (kind, checked) = match item {
                Trustee::Single(basic) => ("Single", basic.check()),
                Trustee::Pedersen(group) => ("Pedersen", group.check()),
            };
            checked.map_err(|error| {
                Error::Belenios(format!("item {number} of the trustees ({kind}): {error}"))
            })?;
        }
        self.check_distinct()?;
        self.key().map(drop)
    }

    /// Checks that no two persons have the same key. Only in a group with the threshold 1 all public keys are equal.
    fn check_distinct(&self) -> Result<()> {
        let members = self.members();
        let mut owners: HashMap<[u8; 32], (Member<'_>, bool)> = HashMap::new();
        for member in &members {
            for (key, of_a_group) in
                [(member.verification, false), (member.public_key, member.place.is_some())]
            {
                match owners.entry(key.compressed()) {
                    Entry::Vacant(place) => {
                        place.insert((*member, of_a_group));
                    }
                    Entry::Occupied(place) if of_a_group && place.get().1 => {}
                    Entry::Occupied(place) => {
                        return Err(Error::Belenios(format!(
                            "{} and {} have the same key (expected: a key of its own for each)",
                            place.get().0.described(),
                            member.described()
                        )));
                    }
                }
            }
        }
        Ok(())
    }

    /// The public key of the election: the product of the sub-keys.
    ///
    /// Fails where it is the identity, which is no key.
    pub fn key(&self) -> Result<Element> {
        let product = self.items.iter().map(|item| match item {
            Trustee::Single(basic) => *basic.verification_key.public_key.point(),
            Trustee::Pedersen(group) => *group.key().point(),
        });
        let key = Element::from_point(product.sum());
        if key.is_identity() {
            return Err(Error::Belenios(
                "the keys of the trustees make the identity, which is no key".to_owned(),
            ));
        }
        Ok(key)
    }
}
