//! Regular expressions within the limits that keep them cheap on hostile text.
//!
//! Apart from the checker because the runtime compiles the same patterns under the same limits.

use std::fmt;

use regex::{Regex, RegexBuilder};

/// The longest pattern, in bytes.
pub const LENGTH_MAX: usize = 1024;
/// The largest compiled program, in bytes: a Unicode `\w` alone takes 64 KiB, most patterns less.
pub const SIZE_MAX: usize = 256 * 1024;
/// The deepest nesting of groups.
pub const NEST_MAX: u32 = 32;

/// Why a pattern is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PatternError {
    /// It has more than [`LENGTH_MAX`] bytes.
    TooLong,
    /// Its program would take more than [`SIZE_MAX`] bytes.
    TooLarge,
    /// It is malformed; what is wrong.
    Malformed(String),
}

impl fmt::Display for PatternError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PatternError::TooLong => write!(f, "is longer than {LENGTH_MAX} bytes"),
            PatternError::TooLarge => write!(
                f,
                "takes more than {} KiB when compiled; repeat less, or write `[a-z0-9_]` for `\\w`",
                SIZE_MAX / 1024
            ),
            PatternError::Malformed(reason) => write!(f, "does not compile: {reason}"),
        }
    }
}

impl std::error::Error for PatternError {}

/// Returns a compiled regular expression.
///
/// # Errors
///
/// Refuses one that is malformed, too long or too large.
pub fn compile(pattern: &str) -> Result<Regex, PatternError> {
    if pattern.len() > LENGTH_MAX {
        return Err(PatternError::TooLong);
    }
    RegexBuilder::new(pattern)
        .size_limit(SIZE_MAX)
        .dfa_size_limit(1 << 20)
        .nest_limit(NEST_MAX)
        .build()
        .map_err(|error| match error {
            regex::Error::CompiledTooBig(_) => PatternError::TooLarge,
            other => PatternError::Malformed(last_line(&other.to_string())),
        })
}

/// Returns what is wrong without the drawing that the regex crate puts above it.
fn last_line(message: &str) -> String {
    let last = message.lines().last().unwrap_or_default().trim();
    last.strip_prefix("error: ").unwrap_or(last).to_owned()
}

#[cfg(test)]
mod tests {
    use super::{PatternError, compile};

    #[test]
    fn ordinary_patterns_fit() {
        for pattern in [
            r"^\w+@\w+\.\w{2,}$",
            r"(?i)^(svc|adm)-[\w-]+$",
            r"\b(?:\d{1,3}\.){3}\d{1,3}\b",
            r"(?i)powershell.*-enc(odedcommand)?\s+[A-Za-z0-9+/=]{20,}",
            r"[\w.+-]+@[\w-]+\.[\w.-]+",
        ] {
            assert!(compile(pattern).is_ok(), "{pattern}");
        }
    }

    #[test]
    fn costly_patterns_are_refused() {
        assert_eq!(compile(r"\w{1000}").err(), Some(PatternError::TooLarge));
        assert_eq!(
            compile(&"a".repeat(2000)).err(),
            Some(PatternError::TooLong)
        );
        assert!(matches!(compile("(a"), Err(PatternError::Malformed(_))));
    }
}
