//! Ed25519 signatures, thousands at a time on all cores.
//!
//! Each signature is held against its message by itself (RFC 8032, section 5.1.7, without the cofactor), and strictly:
//! a key or a commitment of small order and any encoding that is not the canonical one are refused. Batch equations
//! are not used, since their verdict on such edge cases differs from that of a single check.

use ed25519_dalek::{Signature, VerifyingKey};
use rayon::prelude::*;

/// A signature to be checked: public key, signature, message.
pub type Entry<'a> = (&'a [u8], &'a [u8], &'a [u8]);

/// Whether one signature holds; of the wrong length it does not.
pub fn holds((key, signature, message): Entry<'_>) -> bool {
    let Ok(key) = <&[u8; 32]>::try_from(key) else { return false };
    let Ok(key) = VerifyingKey::from_bytes(key) else { return false };
    let Ok(signature) = Signature::from_slice(signature) else { return false };
    key.verify_strict(message, &signature).is_ok()
}

/// The positions of the signatures that do not hold, in order.
pub fn failures(entries: &[Entry<'_>]) -> Vec<usize> {
    entries
        .par_iter()
        .enumerate()
        .filter(|(_, entry)| !holds(**entry))
        .map(|(position, _)| position)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(hex: &str) -> Vec<u8> {
        (0..hex.len()).step_by(2).filter_map(|at| u8::from_str_radix(hex.get(at..at + 2)?, 16).ok()).collect()
    }

    // RFC 8032, section 7.1: tests 1 to 3.
    const VECTORS: [(&str, &str, &str); 3] = [
        (
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
            "",
        ),
        (
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
            "72",
        ),
        (
            "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
            "af82",
        ),
    ];

    #[test]
    fn the_vectors_of_rfc_8032_hold_and_no_changed_bit_does() {
        for (key, signature, message) in VECTORS {
            let (key, signature, message) = (bytes(key), bytes(signature), bytes(message));
            assert!(holds((&key, &signature, &message)));
            for bit in 0..512 {
                let mut changed = signature.clone();
                changed[bit / 8] ^= 1 << (bit % 8);
                assert!(!holds((&key, &changed, &message)));
            }
            for bit in 0..256 {
                let mut changed = key.clone();
                changed[bit / 8] ^= 1 << (bit % 8);
                assert!(!holds((&changed, &signature, &message)));
            }
        }
    }

    #[test]
    fn the_positions_of_failures_are_in_order() {
        let (key, signature, message) = (bytes(VECTORS[2].0), bytes(VECTORS[2].1), bytes(VECTORS[2].2));
        let right: Entry<'_> = (&key, &signature, &message);
        let entries =
            [right, (&key, &signature, b"other"), right, (&key[1..], &signature, &message), (&key, b"", b"")];
        assert_eq!(failures(&entries), [1, 3, 4]);
        assert!(failures(&[]).is_empty());
    }

    #[test]
    fn points_of_small_order_and_scalars_beyond_the_order_are_refused() {
        // "Taming the many EdDSAs", vectors 0 and 1: keys and commitments of small order, valid in the bare equation.
        let zero = bytes("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a");
        let mut signature = zero.clone();
        signature.extend([0; 32]);
        assert!(!holds((&zero, &signature, b"")));
        // S + L in place of S, in the second vector of RFC 8032.
        let order = bytes("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
        let (key, mut signature) = (bytes(VECTORS[1].0), bytes(VECTORS[1].1));
        let mut carry = 0u16;
        for (at, add) in order.iter().enumerate() {
            carry += u16::from(signature[32 + at]) + u16::from(*add);
            signature[32 + at] = carry.to_le_bytes()[0];
            carry >>= 8;
        }
        assert!(!holds((&key, &signature, &bytes("72"))));
    }
}
