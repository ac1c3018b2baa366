//! Ed25519 signatures, thousands at a time on all cores.
//!
//! Each signature is held against its message by itself (RFC 8032, section 5.1.7, without the cofactor), and strictly:
//! a key or a commitment of small order and any encoding that is not the canonical one are refused.
//!
//! A batch equation over many signatures would take little more than half the time, but lets an error of small order
//! pass by chance, one time in eight or more: the verdict on a signature would depend on its neighbours.

use ed25519_dalek::{Signature, VerifyingKey};
use rayon::prelude::*;

/// A signature to be checked: public key, signature, message.
pub type Entry<'a> = (&'a [u8], &'a [u8], &'a [u8]);

/// Whether one signature holds; of the wrong length it does not.
pub fn holds((key, signature, message): Entry<'_>) -> bool {
    let Ok(key) = <&[u8; 32]>::try_from(key) else { return false };
    if !is_reduced(key) {
        return false;
    }
    let Ok(key) = VerifyingKey::from_bytes(key) else { return false };
    let Ok(signature) = Signature::from_slice(signature) else { return false };
    key.verify_strict(message, &signature).is_ok()
}

/// Whether the coordinate y of a key is below the prime 2^255 - 19, as RFC 8032 demands (section 5.1.3). The library
/// would reduce it: two encodings of one key. The strict check refuses what else is not canonical.
fn is_reduced(key: &[u8; 32]) -> bool {
    let [lowest, middle @ .., highest] = key;
    *lowest < 0xed || middle.iter().any(|byte| *byte != 0xff) || highest & 0x7f != 0x7f
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

    // The cases of "Taming the many EdDSAs" (Chalkias, Garillot, Nikolaenko 2020; github.com/novifinancial/
    // ed25519-speccheck, cases.json): 0 to 2 key or commitment of small order, 3 both of mixed order, 4 and 5 right only
    // with the cofactor, 6 and 7 a scalar beyond the order, 8 and 9 a commitment, 10 and 11 a key not canonical.
    const EDGES: [(&str, &str, &str); 12] = [
        (
            "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
            "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a0000000000000000000000000000000000000000000000000000000000000000",
            "8c93255d71dcab10e8f379c26200f3c7bd5f09d9bc3068d3ef4edeb4853022b6",
        ),
        (
            "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
            "f7badec5b8abeaf699583992219b7b223f1df3fbbea919844e3f7c554a43dd43a5bb704786be79fc476f91d3f3f89b03984d8068dcf1bb7dfc6637b45450ac04",
            "9bd9f44f4dcc75bd531b56b2cd280b0bb38fc1cd6d1230e14861d861de092e79",
        ),
        (
            "f7badec5b8abeaf699583992219b7b223f1df3fbbea919844e3f7c554a43dd43",
            "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa8c4bd45aecaca5b24fb97bc10ac27ac8751a7dfe1baff8b953ec9f5833ca260e",
            "aebf3f2601a0c8c5d39cc7d8911642f740b78168218da8471772b35f9d35b9ab",
        ),
        (
            "cdb267ce40c5cd45306fa5d2f29731459387dbf9eb933b7bd5aed9a765b88d4d",
            "9046a64750444938de19f227bb80485e92b83fdb4b6506c160484c016cc1852f87909e14428a7a1d62e9f22f3d3ad7802db02eb2e688b6c52fcd6648a98bd009",
            "9bd9f44f4dcc75bd531b56b2cd280b0bb38fc1cd6d1230e14861d861de092e79",
        ),
        (
            "cdb267ce40c5cd45306fa5d2f29731459387dbf9eb933b7bd5aed9a765b88d4d",
            "160a1cb0dc9c0258cd0a7d23e94d8fa878bcb1925f2c64246b2dee1796bed5125ec6bc982a269b723e0668e540911a9a6a58921d6925e434ab10aa7940551a09",
            "e47d62c63f830dc7a6851a0b1f33ae4bb2f507fb6cffec4011eaccd55b53f56c",
        ),
        (
            "cdb267ce40c5cd45306fa5d2f29731459387dbf9eb933b7bd5aed9a765b88d4d",
            "21122a84e0b5fca4052f5b1235c80a537878b38f3142356b2c2384ebad4668b7e40bc836dac0f71076f9abe3a53f9c03c1ceeeddb658d0030494ace586687405",
            "e47d62c63f830dc7a6851a0b1f33ae4bb2f507fb6cffec4011eaccd55b53f56c",
        ),
        (
            "442aad9f089ad9e14647b1ef9099a1ff4798d78589e66f28eca69c11f582a623",
            "e96f66be976d82e60150baecff9906684aebb1ef181f67a7189ac78ea23b6c0e547f7690a0e2ddcd04d87dbc3490dc19b3b3052f7ff0538cb68afb369ba3a514",
            "85e241a07d148b41e47d62c63f830dc7a6851a0b1f33ae4bb2f507fb6cffec40",
        ),
        (
            "442aad9f089ad9e14647b1ef9099a1ff4798d78589e66f28eca69c11f582a623",
            "8ce5b96c8f26d0ab6c47958c9e68b937104cd36e13c33566acd2fe8d38aa19427e71f98a473474f2f13f06f97c20d58cc3f54b8bd0d272f42b695dd7e89a8c22",
            "85e241a07d148b41e47d62c63f830dc7a6851a0b1f33ae4bb2f507fb6cffec40",
        ),
        (
            "f7badec5b8abeaf699583992219b7b223f1df3fbbea919844e3f7c554a43dd43",
            "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff03be9678ac102edcd92b0210bb34d7428d12ffc5df5f37e359941266a4e35f0f",
            "9bedc267423725d473888631ebf45988bad3db83851ee85c85e241a07d148b41",
        ),
        (
            "f7badec5b8abeaf699583992219b7b223f1df3fbbea919844e3f7c554a43dd43",
            "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffca8c5b64cd208982aa38d4936621a4775aa233aa0505711d8fdcfdaa943d4908",
            "9bedc267423725d473888631ebf45988bad3db83851ee85c85e241a07d148b41",
        ),
        (
            "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
            "a9d55260f765261eb9b84e106f665e00b867287a761990d7135963ee0a7d59dca5bb704786be79fc476f91d3f3f89b03984d8068dcf1bb7dfc6637b45450ac04",
            "e96b7021eb39c1a163b6da4e3093dcd3f21387da4cc4572be588fafae23c155b",
        ),
        (
            "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
            "a9d55260f765261eb9b84e106f665e00b867287a761990d7135963ee0a7d59dca5bb704786be79fc476f91d3f3f89b03984d8068dcf1bb7dfc6637b45450ac04",
            "39a591f5321bbe07fd5a23dc2f39d025d74526615746727ceefd6e82ae65c06f",
        ),
    ];

    #[test]
    fn of_the_edge_cases_only_that_of_mixed_order_holds() {
        let holding: Vec<usize> = (0..EDGES.len())
            .filter(|&at| {
                let (key, signature, message) = EDGES[at];
                holds((&bytes(key), &bytes(signature), &bytes(message)))
            })
            .collect();
        assert_eq!(holding, [3]);
    }

    #[test]
    fn a_key_that_is_not_reduced_is_refused_whatever_its_order() {
        let mut of_large_order = 0;
        for above in 0..=255_u8 {
            let mut key = [0xff; 32];
            key[0] = above;
            for sign in [0, 0x80] {
                key[31] = 0x7f | sign;
                assert_eq!(is_reduced(&key), above < 0xed);
                // The library takes such keys: without the check they would get through.
                let taken = above >= 0xed && VerifyingKey::from_bytes(&key).is_ok_and(|key| !key.is_weak());
                of_large_order += usize::from(taken);
            }
        }
        assert!(of_large_order > 0);
        for at in 1..31 {
            let mut key = [0xff; 32];
            key[at] = 0xfe;
            assert!(is_reduced(&key));
        }
        assert!(is_reduced(&[0xff; 32].map(|byte: u8| byte & 0x7f)));
    }

    #[test]
    fn a_scalar_beyond_the_order_is_refused() {
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
