//! What the compiler tells the author of a rule.
//!
//! Apart from the stages because all of them report through the same few types.

use crate::file::Span;

pub mod code;
pub mod render;
mod window;

pub use code::Code;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// For information.
    Note,
    /// The program runs, but probably not as meant.
    Warning,
    /// The program does not compile.
    Error,
}

/// A second place that explains the first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// What is to be seen there, lower case, no full stop.
    pub text: String,
}

/// One mistake: what is wrong, where, and what to write instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The stable code, whose page `muster explain` shows.
    pub code: Code,
    /// How bad it is.
    pub level: Level,
    /// What was expected and what was found; lower case, no full stop.
    pub message: String,
    /// The smallest span that is wrong.
    pub span: Span,
    /// Words at the span itself; may be empty.
    pub note: String,
    /// Further places.
    pub labels: Vec<Label>,
    /// What to write instead.
    pub help: Option<String>,
    /// A replacement text for `span` that mends the mistake, where one is certain.
    pub patch: Option<String>,
}

impl Diagnostic {
    /// Returns an error at a span.
    #[must_use]
    pub fn error(code: Code, span: Span, message: impl Into<String>) -> Self {
        Self::new(code, Level::Error, span, message.into())
    }

    /// Returns a warning at a span.
    #[must_use]
    pub fn warning(code: Code, span: Span, message: impl Into<String>) -> Self {
        Self::new(code, Level::Warning, span, message.into())
    }

    /// Returns a note at a span.
    #[must_use]
    pub fn note(code: Code, span: Span, message: impl Into<String>) -> Self {
        Self::new(code, Level::Note, span, message.into())
    }

    fn new(code: Code, level: Level, span: Span, message: String) -> Self {
        Self {
            code,
            level,
            message,
            span,
            note: String::new(),
            labels: Vec::new(),
            help: None,
            patch: None,
        }
    }

    /// Adds the words shown at the span.
    #[must_use]
    pub fn at(mut self, note: impl Into<String>) -> Self {
        self.note = note.into();
        self
    }

    /// Adds a further place.
    #[must_use]
    pub fn label(mut self, span: Span, text: impl Into<String>) -> Self {
        self.labels.push(Label {
            span,
            text: text.into(),
        });
        self
    }

    /// Adds what to write instead.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Adds a text that replaces the span and mends the mistake.
    #[must_use]
    pub fn patch(mut self, patch: impl Into<String>) -> Self {
        self.patch = Some(patch.into());
        self
    }
}
