//! How bytes get to the disk, and what happens when they do not.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, ErrorKind, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// Opens a file for reading and writing, and locks it until it is closed.
pub fn lock(path: &Path) -> io::Result<File> {
    let file = OpenOptions::new().read(true).write(true).open(path)?;
    try_lock(&file)?;
    Ok(file)
}

fn try_lock(file: &File) -> io::Result<()> {
    match file.try_lock() {
        Ok(()) => Ok(()),
        Err(TryLockError::WouldBlock) => {
            Err(io::Error::new(ErrorKind::ResourceBusy, "another writer has this archive open"))
        }
        Err(TryLockError::Error(error)) => Err(error),
    }
}

/// Makes a file that was not there, locked: it appears under its name when all of it is on the disk.
pub fn publish(path: &Path, content: &[u8]) -> io::Result<File> {
    refuse_existing(path)?;
    let draft = draft_of(path)?;
    let mut file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&draft)?;
    // Whoever else makes the same file has the same draft, or has finished before this lock: then the name is taken.
    try_lock(&file)?;
    refuse_existing(path)?;
    let written = write_draft(&mut file, content).and_then(|()| fs::rename(&draft, path));
    if written.is_err() {
        // The first error is the one to tell.
        let _ = fs::remove_file(&draft);
    }
    written?;
    sync_folder(path)?;
    Ok(file)
}

fn write_draft(file: &mut File, content: &[u8]) -> io::Result<()> {
    // What an interrupted attempt has left.
    file.set_len(0)?;
    file.write_all(content)?;
    file.sync_all()
}

fn refuse_existing(path: &Path) -> io::Result<()> {
    match fs::symlink_metadata(path) {
        Ok(_) => Err(io::Error::new(ErrorKind::AlreadyExists, "the file exists already")),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
    }
}

fn draft_of(path: &Path) -> io::Result<PathBuf> {
    let name =
        path.file_name().ok_or_else(|| io::Error::new(ErrorKind::InvalidInput, "no name of a file"))?;
    let mut draft = OsString::from(".");
    draft.push(name);
    draft.push(".new");
    Ok(path.with_file_name(draft))
}

/// Leaves a file its first bytes, and brings these to the disk: a writer that was killed may not have got that far.
pub fn settle(file: &File, path: &Path, length: u64) -> io::Result<()> {
    if file.metadata()?.len() > length {
        file.set_len(length)?;
    }
    file.sync_all()?;
    sync_folder(path)
}

/// Makes sure that a new name survives a crash.
fn sync_folder(path: &Path) -> io::Result<()> {
    // Elsewhere folders cannot be opened.
    if cfg!(unix) {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}

/// Why bytes could not be appended.
pub struct Failure {
    /// What the system says, and what has become of the file.
    pub source: io::Error,
    /// Why nothing more may be appended, if so.
    pub broken: Option<String>,
}

/// Appends to a file of a known length; the bytes are on the disk when this returns.
///
/// Where that fails, the file is cut back to what it was.
pub fn append(file: &mut File, length: u64, content: &[u8]) -> Result<(), Failure> {
    let still = file.metadata().map_err(|source| Failure { source, broken: None })?.len();
    if still != length {
        let why = format!("the file has {still} bytes, expected {length}: something else writes to it");
        return Err(Failure { source: io::Error::other(why.clone()), broken: Some(why) });
    }
    let written = file.seek(SeekFrom::Start(length)).and_then(|_| file.write_all(content));
    let (error, unsure) = match written {
        Err(error) => (error, false),
        Ok(()) => match file.sync_data() {
            Ok(()) => return Ok(()),
            // What a failed flush has dropped, later flushes do not report: only reading it anew tells what is there.
            Err(error) => (error, true),
        },
    };
    let kind = error.kind();
    Err(match cut_back(file, length) {
        Ok(()) => Failure {
            source: io::Error::new(kind, format!("{error}; nothing was added, {length} bytes as before")),
            broken: unsure.then(|| "the disk has failed".to_owned()),
        },
        Err(second) => Failure {
            source: io::Error::new(
                kind,
                format!("{error}; cutting the file back to {length} bytes failed too: {second}"),
            ),
            broken: Some("the end of the file is incomplete".to_owned()),
        },
    })
}

/// Removes what is behind the first bytes, on the disk too.
fn cut_back(file: &File, length: u64) -> io::Result<()> {
    file.set_len(length)?;
    file.sync_all()
}
