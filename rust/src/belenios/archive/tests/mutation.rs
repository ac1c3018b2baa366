//! No byte of an archive can be changed, removed or added unnoticed.

use super::{complete, read};

/// A generator that gives the same everywhere (splitmix64).
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % bound as u64).unwrap()
    }
}

#[test]
fn every_byte_counts() {
    let bytes = complete(2);
    let mut changed = bytes.clone();
    for place in 0..bytes.len() {
        for flip in [1, 0x20, 0xff] {
            changed[place] ^= flip;
            assert!(read(&changed).is_err(), "byte {place} with {flip:#x}");
            changed[place] ^= flip;
        }
    }
}

#[test]
fn what_is_accepted_is_a_beginning_of_the_archive() {
    let bytes = complete(4);
    let mut random = Random(1);
    for _ in 0..4000 {
        let mut changed = bytes.clone();
        for _ in 0..=random.below(3) {
            // Mostly whole blocks, so that the headers stay where they are looked for.
            let unit = [1, 512, 512, 1024][random.below(4)];
            let blocks = changed.len() / unit + 1;
            let from = (random.below(blocks) * unit).min(changed.len());
            let length = ((1 + random.below(8)) * unit).min(changed.len() - from);
            let to = (random.below(blocks) * unit).min(changed.len());
            let piece = changed[from..from + length].to_vec();
            match random.below(4) {
                0 => drop(changed.drain(from..from + length)),
                1 => drop(changed.splice(to..to, piece)),
                2 => changed.truncate(from),
                _ => changed[from..from + length].fill(random.below(256).to_le_bytes()[0]),
            }
        }
        if read(&changed).is_ok() {
            assert!(bytes.starts_with(&changed));
        }
    }
}
