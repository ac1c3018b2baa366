//! After the ballots: the encrypted tally, the partial decryptions, the result.

use super::super::archive::event::{Owned, SizedEncryptedTally};
use super::super::archive::{Entry, EventKind};
use super::super::decryption::{EncryptedTally, PartialDecryption, check_result};
use super::{Phase, Report, Setup};
use crate::{Error, Result};

/// What is known after the ballots.
pub struct Closing {
    /// The tally that the ballots give, where they all hold.
    expected: Option<EncryptedTally>,
    /// The tally that the archive has.
    tally: Option<EncryptedTally>,
    /// The partial decryptions that hold, as they are written, with the numbers of their trustees.
    partials: Vec<(u64, Vec<u8>)>,
    /// Whether a partial decryption does not hold, so that nothing can be said of the result.
    spoilt: bool,
}

impl Closing {
    /// Begins with the tally of the ballots.
    pub fn new(expected: Option<EncryptedTally>) -> Self {
        Self { expected, tally: None, partials: Vec::new(), spoilt: false }
    }

    /// Checks one event. Fails with what does not hold.
    pub fn take(&mut self, setup: &Setup, entry: &Entry, report: &mut Report) -> Result<()> {
        let body = |number: usize| {
            let record = entry.records.get(number).ok_or_else(|| wrong("the event has too few records"))?;
            Ok(record.body.as_slice())
        };
        match entry.kind {
            EventKind::EncryptedTally => {
                report.phase = Phase::Tallied;
                self.take_tally(body(0)?, body(1)?, report)
            }
            EventKind::PartialDecryption => {
                let owned = Owned::parse(body(1)?)?;
                self.take_partial(setup, owned.owner, body(0)?, report).inspect_err(|_| self.spoilt = true)
            }
            EventKind::Result => {
                report.phase = Phase::Decrypted;
                self.take_result(setup, body(0)?, report)
            }
            _ => Err(wrong("this event is not expected after the ballots")),
        }
    }

    fn take_tally(&mut self, text: &[u8], sized: &[u8], report: &mut Report) -> Result<()> {
        let tally = EncryptedTally::parse(text)?;
        let sized = SizedEncryptedTally::parse(sized)?;
        report.checked("encrypted tally: product of the ballots that count", 1);
        let expected = self.expected.take();
        self.tally = Some(tally);
        let Some(expected) = expected else {
            return Err(wrong("the encrypted tally cannot be compared: a ballot before it does not hold"));
        };
        if (sized.num_tallied, sized.total_weight) != (report.counted, report.total_weight) {
            return Err(Error::Belenios(format!(
                "num_tallied is {} and total_weight {} (expected: {} and {})",
                sized.num_tallied, sized.total_weight, report.counted, report.total_weight
            )));
        }
        if expected.json().as_bytes() != text {
            return Err(wrong("the encrypted tally is not the product of the ballots that count"));
        }
        Ok(())
    }

    fn take_partial(&mut self, setup: &Setup, owner: u64, text: &[u8], report: &mut Report) -> Result<()> {
        let tally =
            self.tally.as_ref().ok_or_else(|| wrong("a partial decryption before the encrypted tally"))?;
        if self.partials.iter().any(|(known, _)| *known == owner) {
            return Err(Error::Belenios(format!("trustee {owner} decrypts twice")));
        }
        PartialDecryption::parse(text)?.check(&setup.election, &setup.trustees, tally, owner)?;
        report.checked("partial decryptions: every proof and the signature", 1);
        self.partials.push((owner, text.to_vec()));
        Ok(())
    }

    fn take_result(&self, setup: &Setup, text: &[u8], report: &mut Report) -> Result<()> {
        let tally = self.tally.as_ref().ok_or_else(|| wrong("a result before the encrypted tally"))?;
        if self.spoilt {
            return Err(wrong("the result cannot be checked: a partial decryption does not hold"));
        }
        let partials =
            self.partials.iter().map(|(owner, text)| Ok((*owner, PartialDecryption::parse(text)?)));
        let partials = partials.collect::<Result<Vec<_>>>()?;
        report.checked("result: what the decryption gives", 1);
        let result =
            check_result(&setup.election, &setup.trustees, tally, report.total_weight, &partials, text)?;
        report.result = Some(result);
        Ok(())
    }
}

fn wrong(what: &str) -> Error {
    Error::Belenios(what.to_owned())
}
