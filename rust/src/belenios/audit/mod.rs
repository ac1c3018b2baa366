//! The audit of an archive (section "Audit"): everything that can be checked from what is public.
//!
//! One thread reads the archive from the beginning to the end, all cores check the ballots, and nothing of the archive
//! stays in memory but the list of credentials and, for each, where its last ballot stands.

mod ballots;
mod closing;
mod report;

use std::fs::File;
use std::path::Path;
use std::sync::mpsc::sync_channel;

use ballots::Ballots;
use closing::Closing;
pub use report::{Failure, Phase, Report};

use super::archive::{Entry, EventKind, Reader};
use super::bulk::Bulk;
use super::election::Election;
use super::group;
use super::roll::Roll;
use super::trustee::Trustees;
use crate::{Error, Result};

/// How many ballots one core checks at a time.
pub const CHUNK: usize = 512;
/// How many batches wait between the reader and the cores.
const WAITING: usize = 2;
/// A batch is not larger than this, whatever the ballots are, so that memory stays flat.
const BATCH_BYTES: usize = 32 << 20;

/// What the first event settles.
struct Setup {
    election: Election,
    roll: Roll,
    trustees: Trustees,
    bulk: Bulk,
}

/// Audits an archive. `progress` is told the ballots and the bytes done, and answers whether to go on.
///
/// Fails only where the file cannot be read, or the audit was called off; what is wrong in it is in the report.
pub fn audit(path: &Path, progress: &mut dyn FnMut(u64, u64) -> bool) -> Result<Report> {
    let length = std::fs::metadata(path).map_err(|source| Error::Io { path: path.to_owned(), source })?.len();
    let mut report = Report { length, ..Report::default() };
    let most = CHUNK * rayon::current_num_threads();
    std::thread::scope(|scope| {
        let (sender, receiver) = sync_channel::<Batch>(WAITING);
        scope.spawn(move || {
            let mut reader = match Reader::open(path) {
                Ok(reader) => reader,
                Err(error) => {
                    // Nobody listens any more only where the audit was called off; so below.
                    let _ = sender.send(Batch { entries: Vec::new(), done: 0, stopped: Some(error) });
                    return;
                }
            };
            loop {
                let batch = next_batch(&mut reader, most);
                let last = batch.stopped.is_some() || batch.entries.is_empty();
                if sender.send(batch).is_err() || last {
                    return;
                }
            }
        });
        let mut audit =
            Audit { path, report: &mut report, setup: None, ballots: Ballots::default(), closing: None };
        for batch in receiver {
            audit.take(batch.entries)?;
            match batch.stopped {
                Some(error @ Error::Io { .. }) => return Err(error),
                Some(error) => audit.report.fail(None, error.to_string()),
                None => {}
            }
            if !progress(audit.report.ballots, batch.done) {
                return Err(Error::Usage("the audit was called off".to_owned()));
            }
        }
        audit.finish()
    })?;
    Ok(report)
}

/// Some events in their order.
struct Batch {
    entries: Vec<Entry>,
    /// How many bytes of the archive end with them.
    done: u64,
    /// What stopped the reading after them.
    stopped: Option<Error>,
}

/// The next events, at most `most` and not many megabytes.
fn next_batch(reader: &mut Reader<File>, most: usize) -> Batch {
    let mut entries = Vec::with_capacity(most);
    let mut size = 0;
    let mut stopped = None;
    while entries.len() < most && size < BATCH_BYTES {
        match reader.next_entry() {
            Ok(Some(entry)) => {
                size += entry.records.iter().map(|record| record.body.len()).sum::<usize>();
                entries.push(entry);
            }
            Ok(None) => break,
            Err(error) => {
                stopped = Some(error);
                break;
            }
        }
    }
    Batch { entries, done: reader.whole(), stopped }
}

struct Audit<'a> {
    path: &'a Path,
    report: &'a mut Report,
    setup: Option<Setup>,
    ballots: Ballots,
    closing: Option<Closing>,
}

impl Audit<'_> {
    /// Takes the next events, in order.
    fn take(&mut self, entries: Vec<Entry>) -> Result<()> {
        let mut ballots = Vec::with_capacity(entries.len());
        for entry in entries {
            self.report.height = entry.height;
            group::text(&group::hex(&entry.hash)).clone_into(&mut self.report.head);
            self.report.checked("events in one chain", 1);
            self.report.checked("records named by their hash", 1 + entry.records.len() as u64);
            if entry.kind == EventKind::Ballot {
                ballots.push(entry);
                continue;
            }
            self.flush(&mut ballots);
            self.take_other(&entry)?;
        }
        self.flush(&mut ballots);
        Ok(())
    }

    fn flush(&mut self, entries: &mut Vec<Entry>) {
        if let Some(setup) = &self.setup {
            self.ballots.take(setup, entries, self.report);
        }
        entries.clear();
    }

    fn take_other(&mut self, entry: &Entry) -> Result<()> {
        for record in &entry.records {
            if let Err(error) = record.verify_hash() {
                self.report.fail(Some(entry.height), error.to_string());
                return Ok(());
            }
        }
        match entry.kind {
            EventKind::Setup => {
                self.report.phase = Phase::Open;
                match self.set_up(entry) {
                    Ok(setup) => self.setup = Some(setup),
                    Err(error) => self.report.fail(Some(entry.height), error.to_string()),
                }
            }
            EventKind::EndBallots => self.report.phase = Phase::Closed,
            _ => {
                let Some(setup) = &self.setup else { return Ok(()) };
                if self.closing.is_none() {
                    self.closing = Some(Closing::new(self.ballots.tally(setup, self.path, self.report)?));
                }
                if let Some(closing) = &mut self.closing
                    && let Err(error) = closing.take(setup, entry, self.report)
                {
                    self.report.fail(Some(entry.height), error.to_string());
                }
            }
        }
        Ok(())
    }

    fn set_up(&mut self, entry: &Entry) -> Result<Setup> {
        let [election, trustees, credentials, ..] = entry.records.as_slice() else {
            return Err(Error::Belenios("the setup has too few records".to_owned()));
        };
        let within = |what: &str, error: &Error| Error::Belenios(format!("{what}: {error}"));
        let election = Election::parse(&election.body).map_err(|error| within("election", &error))?;
        self.report.uuid.clone_from(&election.uuid);
        self.report.name.clone_from(&election.name);
        group::text(&election.fingerprint).clone_into(&mut self.report.fingerprint);
        self.report.questions.clone_from(&election.questions);
        let trustees = Trustees::parse(&trustees.body).map_err(|error| within("trustees", &error))?;
        trustees.check().map_err(|error| within("trustees", &error))?;
        self.report.checked("trustees' keys", trustees.members().len() as u64);
        if trustees.key()? != election.key.element {
            return Err(Error::Belenios(
                "the public key of the election is not that of its trustees".to_owned(),
            ));
        }
        let roll = Roll::parse(&credentials.body).map_err(|error| within("credentials", &error))?;
        self.report.credentials = roll.len() as u64;
        self.report.weighted = roll.weighted();
        self.report.checked("public credentials", roll.len() as u64);
        let expected = self.report.length / 4096;
        let bulk = Bulk::new(&election, expected);
        self.ballots.expect(roll.len());
        Ok(Setup { election, roll, trustees, bulk })
    }

    /// After the last event: what an archive that is still open amounts to so far.
    fn finish(&mut self) -> Result<()> {
        let Some(setup) = &self.setup else {
            if self.report.failures.is_empty() {
                self.report.fail(None, "the archive holds no election");
            }
            return Ok(());
        };
        if self.closing.is_none() && self.report.failures.is_empty() {
            self.ballots.tally(setup, self.path, self.report)?;
        }
        Ok(())
    }
}
