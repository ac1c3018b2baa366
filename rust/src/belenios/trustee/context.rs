//! The context of a group of trustees with a threshold (section "Pedersen certificates", `common_context`).

use crate::belenios::group;
use crate::belenios::json::{Cursor, string};
use crate::{Error, Result};

/// The cipher of the messages between trustees. Archives name it; the specification has no such field here.
const ALGORITHM: &str = "AES-GCM";
/// The largest group; its exponents j^k stay small numbers, and its checks short.
const LARGEST: usize = 10_000;

/// What the trustees of a group agree on beforehand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Context {
    /// Their names, in order.
    pub names: Vec<String>,
    /// How many of them decrypt: t + 1.
    pub threshold: u64,
}

impl Context {
    /// The context of a new group.
    ///
    /// Fails where the threshold is not above 0 and below the number of names: the limits of the official tool.
    pub fn new(names: Vec<String>, threshold: u64) -> Result<Self> {
        let context = Self { names, threshold };
        context.check_new()?;
        Ok(context)
    }

    /// Refuses a context with which no group may be founded.
    pub fn check_new(&self) -> Result<()> {
        let names = self.names.len();
        if 0 < self.threshold && self.size() < names && names <= LARGEST {
            Ok(())
        } else {
            Err(Error::Belenios(format!(
                "a threshold of {} with {names} names (expected: above 0, below the number of names, at most {LARGEST} \
                 names)",
                self.threshold
            )))
        }
    }

    /// Refuses a context that no published group can have: a threshold equal to the number of names is sound.
    pub fn check(&self) -> Result<()> {
        let names = self.names.len();
        if 0 < self.threshold && self.size() <= names && names <= LARGEST {
            Ok(())
        } else {
            Err(Error::Belenios(format!(
                "a threshold of {} with {names} names (expected: above 0, at most the number of names, at most {LARGEST} \
                 names)",
                self.threshold
            )))
        }
    }

    /// The threshold as a number of coefficients.
    pub fn size(&self) -> usize {
        usize::try_from(self.threshold).unwrap_or(usize::MAX)
    }

    /// The context as JSON.
    pub fn json(&self) -> String {
        let names: Vec<String> = self.names.iter().map(|name| string(name)).collect();
        format!(
            "{{\"algorithm\":\"{ALGORITHM}\",\"group\":\"{}\",\"names\":[{}],\"threshold\":{}}}",
            group::NAME,
            names.join(","),
            self.threshold
        )
    }

    /// Reads what [`Self::json`] writes.
    pub fn read(cursor: &mut Cursor<'_>) -> Result<Self> {
        cursor.expect("{\"algorithm\":")?;
        cursor.expect(&format!("\"{ALGORITHM}\""))?;
        cursor.expect(",\"group\":")?;
        cursor.expect(&format!("\"{}\"", group::NAME))?;
        cursor.expect(",\"names\":")?;
        let names = cursor.list(Cursor::string)?;
        cursor.expect(",\"threshold\":")?;
        let threshold = cursor.number()?;
        cursor.expect("}")?;
        Ok(Self { names, threshold })
    }

    /// Reads a record that is a context of a new group and nothing else.
    pub fn parse(bytes: &[u8]) -> Result<Self> {
        let mut cursor = Cursor::new(bytes);
        let context = Self::read(&mut cursor)?;
        cursor.end()?;
        context.check_new()?;
        Ok(context)
    }
}
