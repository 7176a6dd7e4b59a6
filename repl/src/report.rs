//! What people are told: errors, warnings, help and diagnostics on standard error.
//!
//! Apart from the commands so that all of them speak alike, color alike, and never die of a closed
//! standard error.

use std::collections::BTreeSet;
use std::env;
use std::fmt::Display;
use std::io::{self, IsTerminal, Write};

use anstyle::{AnsiColor, Style};

use muster_lang::diagnostic::render;
use muster_lang::diagnostic::{Diagnostic, Level};
use muster_lang::file::{Files, Origin};

use crate::cli::ColorWhen;

/// Whether to color.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Color {
    /// With color.
    On,
    /// Without.
    Off,
}

impl Color {
    /// Decides for a stream.
    #[expect(
        clippy::disallowed_methods,
        reason = "the environment of the user is read here"
    )]
    pub(crate) fn decide(when: ColorWhen, terminal: bool) -> Self {
        let set = |name: &str| env::var_os(name).is_some_and(|value| !value.is_empty());
        let dumb = env::var("TERM").is_ok_and(|term| term == "dumb");
        Self::of(when, terminal && !set("NO_COLOR") && !dumb)
    }

    fn of(when: ColorWhen, fit: bool) -> Self {
        match when {
            ColorWhen::Always => Color::On,
            ColorWhen::Auto if fit => Color::On,
            ColorWhen::Auto | ColorWhen::Never => Color::Off,
        }
    }

    /// Returns a text in a style, or plain.
    pub(crate) fn paint(self, style: Style, text: &str) -> String {
        match self {
            Color::On => format!("{style}{text}{style:#}"),
            Color::Off => text.into(),
        }
    }

    /// Tells whether it is on, for those who ask for a bool.
    pub(crate) fn is_on(self) -> bool {
        self == Color::On
    }
}

/// The most diagnostics that are drawn: nobody reads more before mending some.
const DRAWN_MAX: usize = 100;

pub(crate) const RED: Style = AnsiColor::Red.on_default().bold();
pub(crate) const YELLOW: Style = AnsiColor::Yellow.on_default().bold();
pub(crate) const GREEN: Style = AnsiColor::Green.on_default();
pub(crate) const CYAN: Style = AnsiColor::Cyan.on_default().bold();
pub(crate) const BOLD: Style = Style::new().bold();
pub(crate) const DIM: Style = Style::new().dimmed();

/// Standard error, as people read it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Report {
    color: Color,
    /// Whether only what went wrong is said.
    pub(crate) quiet: bool,
}

impl Report {
    /// Returns the report of a process.
    pub(crate) fn new(when: ColorWhen, quiet: bool) -> Self {
        Self {
            color: Color::decide(when, io::stderr().is_terminal()),
            quiet,
        }
    }

    /// Says that something went wrong, and what to do next.
    pub(crate) fn error(&self, message: impl Display, help: &str) {
        self.say("error", RED, &message.to_string(), help);
    }

    /// Says that something is odd.
    pub(crate) fn warning(&self, message: impl Display, help: &str) {
        if !self.quiet {
            self.say("warning", YELLOW, &message.to_string(), help);
        }
    }

    /// Says something for information.
    pub(crate) fn note(&self, message: impl Display) {
        if !self.quiet {
            self.say("note", CYAN, &message.to_string(), "");
        }
    }

    /// Prints text as it is.
    pub(crate) fn plain(&self, text: &str) {
        // Who closed standard error wants to hear no more.
        let _ = io::stderr().write_all(text.as_bytes());
    }

    fn say(&self, word: &str, style: Style, message: &str, help: &str) {
        let mut text = format!("{}: {message}\n", self.color.paint(style, word));
        if !help.is_empty() {
            text.push_str(&format!("{}: {help}\n", self.color.paint(CYAN, "help")));
        }
        self.plain(&text);
    }

    /// Prints diagnostics of at least a level, and a closing line that counts them.
    pub(crate) fn diagnostics(&self, files: &Files, diagnostics: &[Diagnostic], least: Level) {
        let least = if self.quiet { Level::Error } else { least };
        let told: Vec<&Diagnostic> = diagnostics.iter().filter(|d| d.level >= least).collect();
        let mut drawn = told.clone();
        if drawn.len() > DRAWN_MAX {
            // Where not all can be drawn, no warning takes the place of an error.
            drawn.sort_by_key(|diagnostic| std::cmp::Reverse(diagnostic.level));
            drawn.truncate(DRAWN_MAX);
        }
        let mut text = String::new();
        for diagnostic in &drawn {
            text.push_str(render::render(files, diagnostic, self.color.is_on()).trim_end());
            text.push_str("\n\n");
        }
        if told.len() > drawn.len() {
            let more = told.len() - drawn.len();
            text.push_str(&format!("and {more} more, which are not shown\n\n"));
        }
        self.plain(&text);
        self.closing(files, &told);
    }

    fn closing(&self, files: &Files, shown: &[&Diagnostic]) {
        let of = |level| shown.iter().filter(|d| d.level == level).count();
        let (errors, warnings) = (of(Level::Error), of(Level::Warning));
        if errors + warnings == 0 {
            return;
        }
        let mut counts = Vec::new();
        if errors > 0 {
            counts.push(counted(errors, "error"));
        }
        if warnings > 0 {
            counts.push(counted(warnings, "warning"));
        }
        let read = files
            .iter()
            .filter(|(_, file)| file.origin != Origin::Prelude)
            .count();
        let message = format!("{} in {}", counts.join(", "), counted(read, "file"));
        let codes: BTreeSet<&str> = shown.iter().map(|d| d.code.text()).collect();
        let hint = match codes.iter().copied().collect::<Vec<_>>().as_slice() {
            [] => String::new(),
            [only] => format!("`muster explain {only}` tells more"),
            [first, ..] => {
                format!("`muster explain CODE` tells more, as in `muster explain {first}`")
            }
        };
        let (word, style) = if errors > 0 {
            ("error", RED)
        } else {
            ("warning", YELLOW)
        };
        self.say(word, style, &message, &hint);
    }
}

/// Returns `1 error`, `2 errors`.
pub(crate) fn counted(count: usize, noun: &str) -> String {
    if count == 1 {
        format!("1 {noun}")
    } else {
        format!("{count} {noun}s")
    }
}

/// Returns why the system refused, as part of a sentence.
pub(crate) fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such file".into(),
        io::ErrorKind::PermissionDenied => "you are not allowed to".into(),
        io::ErrorKind::IsADirectory => "it is a directory".into(),
        _ => {
            let text = error.to_string();
            let words = text.split(" (os error").next().unwrap_or_default();
            let mut letters = words.chars();
            letters
                .next()
                .map(|c| c.to_lowercase().chain(letters).collect())
                .unwrap_or_default()
        }
    }
}
