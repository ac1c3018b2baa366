//! The ballots of an archive: each is checked, the last of each credential counts, and their product is the tally.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

use curve25519_dalek::edwards::{CompressedEdwardsY, EdwardsPoint};
use curve25519_dalek::scalar::Scalar;
use curve25519_dalek::traits::Identity;
use hashbrown::HashSet;
use rayon::prelude::*;

use super::super::archive::tar::BLOCK;
use super::super::archive::{Entry, Record};
use super::super::ballot::Ballot;
use super::super::ballot::check::check;
use super::super::decryption::EncryptedTally;
use super::super::group::{self, Element};
use super::{CHUNK, Report, Setup};
use crate::{Error, Result};

/// The product of the ciphertexts of each choice of each question.
type Sums = Vec<Vec<[EdwardsPoint; 2]>>;

/// Where a ballot stands in the file.
#[derive(Clone, Copy)]
struct Cast {
    hash: [u8; 32],
    offset: u64,
    length: usize,
}

/// What is known of the ballots so far.
#[derive(Default)]
pub struct Ballots {
    /// The last ballot of each credential, by its place on the list.
    last: Vec<Option<Cast>>,
    /// The ballots that a later one of the same credential replaced, with the place of the credential.
    replaced: Vec<(u32, Cast)>,
    /// Their hashes, because even they may not come again.
    gone: HashSet<[u8; 32]>,
    /// The product of all ballots, replaced ones too.
    sums: Sums,
    /// Whether one of them does not hold, so that no tally can be made of them.
    spoilt: bool,
}

/// A ballot that holds by itself.
struct Sound {
    place: u32,
    cast: Cast,
}

impl Ballots {
    /// Makes room for a number of credentials.
    pub fn expect(&mut self, credentials: usize) {
        self.last = vec![None; credentials];
    }

    /// Checks the ballots of a batch on all cores and takes them in their order.
    pub fn take(&mut self, setup: &Setup, entries: &[Entry], report: &mut Report) {
        if entries.is_empty() {
            return;
        }
        report.ballots += entries.len() as u64;
        report.checked("ballots: every proof and the signature", entries.len() as u64);
        let checked: Vec<_> = entries.par_chunks(CHUNK).map(|chunk| check_chunk(setup, chunk)).collect();
        let mut verdicts = Vec::with_capacity(entries.len());
        for (chunk, sums) in checked {
            verdicts.extend(chunk);
            self.add(sums);
        }
        for (entry, verdict) in entries.iter().zip(verdicts) {
            if let Err(reason) = verdict.and_then(|sound| self.cast(&sound, report)) {
                self.spoilt = true;
                report.fail(Some(entry.height), reason);
            }
        }
    }

    fn add(&mut self, sums: Sums) {
        if self.sums.is_empty() {
            self.sums = sums;
            return;
        }
        for (to, from) in self.sums.iter_mut().flatten().zip(sums.into_iter().flatten()) {
            to[0] += from[0];
            to[1] += from[1];
        }
    }

    /// Takes a sound ballot; refuses one that is already there.
    fn cast(&mut self, sound: &Sound, report: &mut Report) -> std::result::Result<(), String> {
        let hash = sound.cast.hash;
        let before = &mut self.last[sound.place as usize];
        if before.is_some_and(|before| before.hash == hash) || self.gone.contains(&hash) {
            return Err(format!("the ballot {} is in the archive already", group::text(&group::hex(&hash))));
        }
        if let Some(before) = before.replace(sound.cast) {
            report.revotes += 1;
            self.gone.insert(before.hash);
            self.replaced.push((sound.place, before));
        }
        Ok(())
    }

    /// The tally of the ballots that count: the product of all, less those that were replaced.
    ///
    /// Fails where the file can no longer be read. Nothing where a ballot does not hold.
    pub fn tally(
        &mut self,
        setup: &Setup,
        path: &Path,
        report: &mut Report,
    ) -> Result<Option<EncryptedTally>> {
        let counted = (0u32..).zip(&self.last).filter(|(_, last)| last.is_some());
        let (count, weight) = counted
            .fold((0, 0), |(count, weight), (place, _)| (count + 1, weight + setup.roll.weight(place)));
        report.counted = count;
        report.total_weight = weight;
        if self.spoilt {
            return Ok(None);
        }
        if self.sums.is_empty() {
            self.sums = empty(setup);
        }
        let file = File::open(path).map_err(|source| Error::Io { path: path.to_owned(), source })?;
        // In the order of the file, so that it is read once.
        for chunk in self.replaced.chunks(CHUNK) {
            let mut bodies = Vec::with_capacity(chunk.len());
            for (place, cast) in chunk {
                let body = read(&file, cast).map_err(|source| Error::Io { path: path.to_owned(), source })?;
                bodies.push((setup.roll.weight(*place), body));
            }
            let products: Vec<Sums> =
                bodies.par_iter().map(|(weight, body)| choices(body, *weight)).collect::<Result<_>>()?;
            for product in products {
                for (to, from) in self.sums.iter_mut().flatten().zip(product.into_iter().flatten()) {
                    to[0] -= from[0];
                    to[1] -= from[1];
                }
            }
        }
        self.replaced.clear();
        let elements = self.sums.iter().map(|question| {
            question
                .iter()
                .map(|[alpha, beta]| [Element::from_point(*alpha), Element::from_point(*beta)])
                .collect()
        });
        let tally = EncryptedTally(elements.collect());
        report.tally = Some(tally.json());
        Ok(Some(tally))
    }
}

/// The tally of no ballots.
fn empty(setup: &Setup) -> Sums {
    let none = [EdwardsPoint::identity(); 2];
    setup.election.questions.iter().map(|question| vec![none; question.ciphertexts()]).collect()
}

fn read(mut file: &File, cast: &Cast) -> std::io::Result<Vec<u8>> {
    let mut body = vec![0; cast.length];
    file.seek(SeekFrom::Start(cast.offset))?;
    file.read_exact(&mut body)?;
    Ok(body)
}

/// The choices of a ballot that was checked before, to the power of its weight.
fn choices(body: &[u8], weight: u64) -> Result<Sums> {
    let changed = || Error::Belenios("the archive changes while it is read".to_owned());
    let ballot = Ballot::parse(body)?;
    let weight = Scalar::from(weight);
    let point = |compressed: &[u8; 32]| {
        let point = CompressedEdwardsY(*compressed).decompress().ok_or_else(changed)?;
        Ok(if weight == Scalar::ONE { point } else { point * weight })
    };
    ballot
        .answers
        .iter()
        .map(|answer| {
            answer.choices.iter().map(|choice| Ok([point(&choice.alpha)?, point(&choice.beta)?])).collect()
        })
        .collect()
}

/// What each ballot of a chunk is worth by itself, and the product of those that hold.
fn check_chunk(setup: &Setup, entries: &[Entry]) -> (Vec<std::result::Result<Sound, String>>, Sums) {
    let mut verdicts: Vec<std::result::Result<Sound, String>> = Vec::with_capacity(entries.len());
    let mut ballots = Vec::with_capacity(entries.len());
    let mut weights = Vec::with_capacity(entries.len());
    let mut places = Vec::with_capacity(entries.len());
    for (at, entry) in entries.iter().enumerate() {
        let verdict = entry
            .records
            .first()
            .ok_or_else(|| "the event has no ballot".to_owned())
            .and_then(|record| look(setup, record).map_err(|error| error.to_string()));
        match verdict {
            Ok((sound, ballot)) => {
                weights.push(setup.roll.weight(sound.place));
                ballots.push(ballot);
                places.push(at);
                verdicts.push(Ok(sound));
            }
            Err(reason) => verdicts.push(Err(reason)),
        }
    }
    let checked = setup.bulk.check(&ballots, &weights);
    for ((valid, at), ballot) in checked.valid.into_iter().zip(places).zip(&ballots) {
        if !valid {
            verdicts[at] = Err(match check(&setup.election, ballot) {
                Err(error) => error.to_string(),
                // Never seen; it would be a fault of this program, and must not pass unnoticed.
                Ok(()) => "the fast check refuses this ballot and the plain one does not".to_owned(),
            });
        }
    }
    (verdicts, checked.sums)
}

/// Reads a ballot: its hash is its name, its form the canonical one, its election this one, its credential on the list.
fn look<'a>(setup: &Setup, record: &'a Record) -> Result<(Sound, Ballot<'a>)> {
    record.verify_hash()?;
    let ballot = Ballot::parse(&record.body)?;
    if ballot.uuid != setup.election.uuid.as_bytes()
        || group::hex(&ballot.fingerprint) != setup.election.fingerprint
    {
        return Err(Error::Belenios("the ballot is for another election".to_owned()));
    }
    let place = setup.roll.place(&ballot.credential).ok_or_else(|| {
        let written = group::hex_of_compressed(&ballot.credential);
        Error::Belenios(format!("the credential {} is not on the list", group::text(&written)))
    })?;
    let cast =
        Cast { hash: record.claimed_hash, offset: record.offset + BLOCK as u64, length: record.body.len() };
    Ok((Sound { place, cast }, ballot))
}
