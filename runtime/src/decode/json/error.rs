//! Why a record could not be read.
//!
//! Apart so that the dead letter and `--strict` say the same words.

use std::fmt;

use super::DEPTH_MAX;

/// What keeps bytes from being a JSON text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DecodeError {
    /// Bytes that are not UTF-8.
    NotUtf8 {
        /// How many bytes are before them.
        offset: usize,
    },
    /// Lists and objects nested too deep.
    TooDeep,
    /// The end, where more had to come.
    Truncated,
    /// Anything else against the grammar, or a number out of range.
    Malformed {
        /// What, in words.
        reason: String,
        /// About how many bytes are before it.
        offset: usize,
    },
}

impl DecodeError {
    /// Returns what `serde_json` found wrong with a text.
    pub(super) fn of_json(text: &str, error: &serde_json::Error) -> Self {
        if error.is_eof() {
            return Self::Truncated;
        }
        let message = error.to_string();
        let place = format!(" at line {} column {}", error.line(), error.column());
        let reason = message.strip_suffix(&place).unwrap_or(&message).to_owned();
        let lines_before = text
            .split_inclusive('\n')
            .take(error.line().saturating_sub(1));
        let offset = lines_before.map(str::len).sum::<usize>() + error.column().saturating_sub(1);
        Self::Malformed {
            reason,
            offset: offset.min(text.len()),
        }
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotUtf8 { offset } => write!(f, "invalid UTF-8 at byte {offset}"),
            Self::TooDeep => write!(f, "nested more than {DEPTH_MAX} deep"),
            Self::Truncated => f.write_str("ends in the middle of a value"),
            Self::Malformed { reason, offset } => write!(f, "not JSON: {reason} at byte {offset}"),
        }
    }
}

impl std::error::Error for DecodeError {}
