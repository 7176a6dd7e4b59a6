//! Why an engine cannot be made from a program.
//!
//! Apart from diagnostics, which are about text: by now the program compiles.

use std::fmt;

/// Why an engine cannot be made from a program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EngineError {
    /// A construct that compiles but does not run yet.
    NotYet {
        /// What it is.
        construct: String,
        /// What bears it, such as ``rule `x` ``.
        owner: String,
    },
    /// A rule with more steps and absences than a machine can hold.
    TooManySteps {
        /// The rule.
        rule: String,
        /// How many it has.
        found: usize,
        /// How many it may have.
        max: usize,
    },
    /// An expression that cannot be prepared.
    Expression(String),
}

impl fmt::Display for EngineError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotYet { construct, owner } => {
                write!(f, "{construct} in {owner} compiles, but does not run yet")
            }
            Self::TooManySteps { rule, found, max } => write!(
                f,
                "expected at most {max} steps and absences in rule `{rule}`, found {found}"
            ),
            Self::Expression(message) => f.write_str(message),
        }
    }
}

impl std::error::Error for EngineError {}
