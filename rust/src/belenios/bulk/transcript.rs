//! What is hashed for each proof: the same bytes as `hash_group` hashes, put together in one buffer that is used again.

use curve25519_dalek::scalar::Scalar;
use sha2::{Digest, Sha256};

use super::super::group::{Hex, PREFIX};

/// A domain separation tag of `HashGroup`, ready to be hashed.
pub struct Tag {
    /// The length of the output, a zero, the tag and its length: what follows the message.
    after_message: Vec<u8>,
    /// The number of the first block of output, the tag and its length.
    first_block: Vec<u8>,
    /// The same for the second.
    second_block: Vec<u8>,
}

impl Tag {
    /// The tag of a purpose: `prove`, `bproof0`, `bproof1` or `ballot`.
    pub fn new(purpose: &str) -> Self {
        let mut tag = format!("{PREFIX}-{purpose}-group_hash-Ed25519-SHA256").into_bytes();
        tag.push(u8::try_from(tag.len()).unwrap_or(u8::MAX));
        let before = |bytes: &[u8]| [bytes, &tag].concat();
        Self { after_message: before(&[0, 48, 0]), first_block: before(&[1]), second_block: before(&[2]) }
    }
}

/// A message that is being put together after a beginning that has been hashed once for all.
pub struct Transcript {
    bytes: Vec<u8>,
}

impl Transcript {
    /// An empty one.
    pub fn new() -> Self {
        Self { bytes: Vec::with_capacity(8192) }
    }

    /// Begins anew.
    pub fn clear(&mut self) {
        self.bytes.clear();
    }

    /// Adds bytes.
    pub fn push(&mut self, bytes: &[u8]) -> &mut Self {
        self.bytes.extend_from_slice(bytes);
        self
    }

    /// Adds elements with commas between them.
    pub fn push_elements(&mut self, elements: &[Hex]) -> &mut Self {
        for (position, element) in elements.iter().enumerate() {
            if position > 0 {
                self.bytes.push(b',');
            }
            self.bytes.extend_from_slice(element);
        }
        self
    }

    /// The scalar that the message hashes to (RFC 9380, `hash_to_field` with `expand_message_xmd` and SHA-256).
    ///
    /// `beginning` has taken in a block of zeros and whatever stands before the message.
    pub fn scalar(&mut self, beginning: &Sha256, tag: &Tag) -> Scalar {
        self.bytes.extend_from_slice(&tag.after_message);
        let mut hash = beginning.clone();
        hash.update(&self.bytes);
        let seed = hash.finalize();
        let mut hash = Sha256::new();
        hash.update(seed);
        hash.update(&tag.first_block);
        let first = hash.finalize();
        let mut mixed = seed;
        for (byte, other) in mixed.iter_mut().zip(&first) {
            *byte ^= other;
        }
        let mut hash = Sha256::new();
        hash.update(mixed);
        hash.update(&tag.second_block);
        let second = hash.finalize();
        let mut wide = [0; 64];
        for (byte, from) in wide.iter_mut().zip(second[..16].iter().rev().chain(first.iter().rev())) {
            *byte = *from;
        }
        Scalar::from_bytes_mod_order_wide(&wide)
    }
}

/// The hash that has taken in the block of zeros with which `expand_message_xmd` begins, and some bytes more.
pub fn beginning(bytes: &[u8]) -> Sha256 {
    let mut hash = Sha256::new_with_prefix([0; 64]);
    hash.update(bytes);
    hash
}
