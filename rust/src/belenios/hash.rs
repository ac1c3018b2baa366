//! `HashToField` and `HashGroup` (section "Auxiliary functions"): RFC 9380 with SHA-256, into the field of the scalars.

use curve25519_dalek::scalar::Scalar;
use sha2::{Digest, Sha256};
use zeroize::{Zeroize, Zeroizing};

use super::group::{Hex, PREFIX, hex};
use crate::{Error, Result};

/// The length in bytes of a field element before it is reduced: 253 bits and 128 of security (RFC 9380, section 5.1).
const ELEMENT: usize = 48;
/// The longest output of `expand_message_xmd`: 255 hashes (section 5.3.1).
const LONGEST: usize = 255 * 32;
/// The length of a block of SHA-256.
const BLOCK: usize = 64;

/// SHA-256 of bytes.
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// SHA-256 of bytes, in hexadecimal: what the specification calls a hash.
pub fn sha256_hex(bytes: &[u8]) -> Hex {
    hex(&sha256(bytes))
}

/// `expand_message_xmd` (RFC 9380, section 5.3.1) with SHA-256, of a message in parts.
///
/// Fails where the tag is longer than 255 bytes or the output than 255 blocks.
pub fn expand_message(tag: &[u8], message: &[&[u8]], output: &mut [u8]) -> Result<()> {
    let (Ok(tag_length), true) = (u8::try_from(tag.len()), output.len() <= LONGEST) else {
        return Err(Error::Usage(format!(
            "a tag of {} bytes, an output of {} (expected: at most 255, and at most {LONGEST})",
            tag.len(),
            output.len()
        )));
    };
    let length = u16::try_from(output.len()).unwrap_or_default().to_be_bytes();
    let mut first = Sha256::new_with_prefix([0; BLOCK]);
    for part in message {
        first.update(part);
    }
    first.update(length);
    first.update([0]);
    first.update(tag);
    first.update([tag_length]);
    let seed: [u8; 32] = first.finalize().into();
    let mut block = [0; 32];
    for (number, chunk) in (1..=u8::MAX).zip(output.chunks_mut(32)) {
        for (byte, from) in block.iter_mut().zip(seed) {
            *byte ^= from;
        }
        let mut hash = Sha256::new_with_prefix(block);
        hash.update([number]);
        hash.update(tag);
        hash.update([tag_length]);
        block = hash.finalize().into();
        chunk.copy_from_slice(&block[..chunk.len()]);
    }
    Ok(())
}

/// `hash_to_field` (RFC 9380, section 5.2) for the field of the scalars, with the tag exactly as given.
///
/// Fails where the tag is longer than 255 bytes, or `count` larger than 170.
pub fn hash_to_fields(tag: &[u8], message: &[&[u8]], count: usize) -> Result<Vec<Scalar>> {
    let mut bytes = Zeroizing::new(vec![0; count.saturating_mul(ELEMENT).min(LONGEST + 1)]);
    expand_message(tag, message, &mut bytes)?;
    Ok(bytes
        .chunks_exact(ELEMENT)
        .map(|chunk| {
            let mut wide = [0; 64];
            for (byte, from) in wide.iter_mut().zip(chunk.iter().rev()) {
                *byte = *from;
            }
            let scalar = Scalar::from_bytes_mod_order_wide(&wide);
            wide.zeroize();
            scalar
        })
        .collect())
}

/// `HashToField(prefix-purpose, message, 1)`.
///
/// The specification does not say that the tag ends in `-SHA256`; the official archives do.
pub fn hash_to_field(purpose: &str, message: &[&[u8]]) -> Scalar {
    one(format!("{PREFIX}-{purpose}-SHA256").as_bytes(), message)
}

fn one(tag: &[u8], message: &[&[u8]]) -> Scalar {
    // Our own tags are short, and one element is.
    let scalars = Zeroizing::new(hash_to_fields(tag, message, 1).unwrap_or_default());
    scalars.first().copied().unwrap_or_default()
}

/// `HashGroup(prefix-purpose, message, elements)`.
pub fn hash_group(purpose: &str, message: &[&[u8]], elements: &[Hex]) -> Scalar {
    let mut parts: Vec<&[u8]> = Vec::with_capacity(message.len() + 2 * elements.len());
    parts.extend_from_slice(message);
    for (position, element) in elements.iter().enumerate() {
        if position > 0 {
            parts.push(b",");
        }
        parts.push(element);
    }
    one(format!("{PREFIX}-{purpose}-group_hash-Ed25519-SHA256").as_bytes(), &parts)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::belenios::group::text;

    // RFC 9380, appendix K.1; the whole appendix is among the tests of the Python module.
    #[test]
    fn expand_message_xmd_is_that_of_rfc_9380() {
        let tag = b"QUUX-V01-CS02-with-expander-SHA256-128";
        let mut output = [0; 32];
        expand_message(tag, &[b""], &mut output).unwrap();
        assert_eq!(text(&hex(&output)), "68a985b87eb6b46952128911f2a4412bbc302a9d759667f87f7a21d803f07235");
        expand_message(tag, &[b"a", b"bc"], &mut output).unwrap();
        assert_eq!(text(&hex(&output)), "d8ccab23b5985ccea865c6c97b6e5b8350e794e603b4b97902f53a8a0d605615");
    }

    #[test]
    fn nothing_longer_than_the_rfc_allows_is_given() {
        assert_eq!(hash_to_fields(&[b't'; 255], &[b"m"], 170).unwrap().len(), 170);
        assert!(
            hash_to_fields(b"t", &[b"m"], 171).is_err() && hash_to_fields(b"t", &[b"m"], usize::MAX).is_err()
        );
        assert!(hash_to_fields(&[b't'; 256], &[b"m"], 1).is_err());
    }
}
