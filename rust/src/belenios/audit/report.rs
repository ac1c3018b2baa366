//! What an audit found.

use super::super::election::Question;

/// How many failures are listed one by one.
const LISTED: usize = 1000;

/// Something in an archive that does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The height of the event, where it is known.
    pub height: Option<u64>,
    /// What does not hold, in one line.
    pub reason: String,
}

/// How far an election has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Phase {
    /// Not even set up.
    #[default]
    Empty,
    /// Ballots can be cast.
    Open,
    /// No more ballots.
    Closed,
    /// The encrypted tally is there; trustees decrypt.
    Tallied,
    /// The result is there.
    Decrypted,
}

/// What an audit found. It holds where `failures` is empty.
#[derive(Debug, Default)]
pub struct Report {
    /// The identifier of the election.
    pub uuid: String,
    /// Its name.
    pub name: String,
    /// Its fingerprint, in hexadecimal.
    pub fingerprint: String,
    /// Its questions.
    pub questions: Vec<Question>,
    /// How far it has come.
    pub phase: Phase,
    /// The number of credentials.
    pub credentials: u64,
    /// Whether credentials have weights.
    pub weighted: bool,
    /// The ballots in the archive.
    pub ballots: u64,
    /// The ballots that count: the last of each credential.
    pub counted: u64,
    /// The ballots that a later one of the same credential replaced.
    pub revotes: u64,
    /// The weight of those that count.
    pub total_weight: u64,
    /// The encrypted tally of the ballots that count, as its record is written. Absent where a ballot does not hold.
    pub tally: Option<String>,
    /// The result, where it is there: the votes for each answer of each question.
    pub result: Option<Vec<Vec<u64>>>,
    /// The height of the last event.
    pub height: u64,
    /// The hash of the last event, in hexadecimal.
    pub head: String,
    /// The length of the archive in bytes.
    pub length: u64,
    /// What was checked, and how often.
    pub checks: Vec<(&'static str, u64)>,
    /// What does not hold, in the order of the archive; the first thousand.
    pub failures: Vec<Failure>,
    /// How many more there are.
    pub unlisted: u64,
}

impl Report {
    /// Notes what does not hold.
    pub(super) fn fail(&mut self, height: Option<u64>, reason: impl Into<String>) {
        if self.failures.len() < LISTED {
            self.failures.push(Failure { height, reason: reason.into() });
        } else {
            self.unlisted += 1;
        }
    }

    /// Notes what was checked.
    pub(super) fn checked(&mut self, what: &'static str, count: u64) {
        match self.checks.iter_mut().find(|(known, _)| *known == what) {
            Some((_, total)) => *total += count,
            None => self.checks.push((what, count)),
        }
    }
}
