//! Outputs that were named: opened only if they destroy nothing and do not mix.
//!
//! Apart from inputs because an output is emptied when it is opened, and so must be judged before.

use std::fs;
use std::path::{Path, PathBuf};

use muster_lang::escape::escape_line;
use muster_runtime::io::{Output, OutputError, ResumeError, Written};

use crate::exit::Exit;
use crate::report::{Report, reason};

/// The outputs of a command line, none of which is open yet.
pub(crate) struct Outputs<'a> {
    /// Options with the files they name.
    named: Vec<(&'static str, &'a str)>,
    report: &'a Report,
}

impl<'a> Outputs<'a> {
    /// Judges outputs; `read` are the files that are read, rules and events.
    ///
    /// # Errors
    ///
    /// Usage: what is read cannot be written, and no two outputs can be one file.
    pub(crate) fn new(
        named: impl IntoIterator<Item = (&'static str, Option<&'a String>)>,
        read: impl IntoIterator<Item = &'a String>,
        report: &'a Report,
    ) -> Result<Self, Exit> {
        let named = named
            .into_iter()
            .filter_map(|(option, name)| Some((option, name?.as_str())));
        let outputs = Self {
            named: named.collect(),
            report,
        };
        let read: Vec<PathBuf> = read.into_iter().filter_map(|name| real(name)).collect();
        for (place, (option, name)) in outputs.named.iter().enumerate() {
            outputs.judge(option, name, &read)?;
            let before = outputs.named.iter().take(place);
            if let Some((other, _)) = before.into_iter().find(|(_, other)| same(name, other)) {
                let message = format!("{other} and {option} name the same file");
                return Err(outputs.usage(&message, "give each a file of its own"));
            }
        }
        Ok(outputs)
    }

    fn judge(&self, option: &str, name: &str, read: &[PathBuf]) -> Result<(), Exit> {
        if name == "-" && option == "--forward" {
            if self.named.iter().any(|(other, _)| *other == "--output") {
                return Ok(());
            }
            let message = "--forward cannot go to standard output, where the alerts go";
            return Err(self.usage(message, "name a file, or send alerts to `--output FILE`"));
        }
        if name == "-" && option != "--output" {
            let message = format!("{option} cannot go to standard output, where other lines go");
            return Err(self.usage(&message, "name a file, such as `/dev/stderr`"));
        }
        if real(name).is_some_and(|path| read.contains(&path)) {
            let message = format!("`{}` is read and cannot be written too", escape_line(name));
            return Err(self.usage(&message, "choose another file"));
        }
        Ok(())
    }

    fn usage(&self, message: &str, help: &str) -> Exit {
        self.report.error(message, help);
        Exit::Usage
    }

    /// Opens the output of an option, if it was named; at what was written, if that was kept.
    ///
    /// # Errors
    ///
    /// I/O, reported.
    pub(crate) fn open(
        &self,
        option: &str,
        written: Option<&[Written]>,
    ) -> Result<Option<Output>, Exit> {
        let named = self.named.iter().find(|(other, _)| *other == option);
        let Some((_, name)) = named else {
            return Ok(None);
        };
        match written {
            Some(written) if *name != "-" => Output::resume(name, written)
                .map(Some)
                .map_err(|error| self.resume_exit(name, &error)),
            Some(_) | None => Output::file(name)
                .map(Some)
                .map_err(|error| output_exit(error, self.report)),
        }
    }

    fn resume_exit(&self, name: &str, error: &ResumeError) -> Exit {
        let name = escape_line(name);
        let help = "put it back as it was, or name another output; the rest is written to it";
        match error {
            ResumeError::Shorter { expected, found } => self.report.error(
                format!("expected at least {expected} bytes in `{name}`, found {found}"),
                help,
            ),
            ResumeError::Other => self.report.error(
                format!("`{name}` does not end as it did when the state was kept"),
                help,
            ),
            ResumeError::System(error) => {
                let message = format!("cannot write to `{name}`: {}", reason(error));
                self.report.error(message, "");
            }
        }
        Exit::Io
    }
}

/// Returns the one path of a regular file that is there.
fn real(name: &str) -> Option<PathBuf> {
    fs::canonicalize(Path::new(name))
        .ok()
        .filter(|path| path.is_file())
}

fn same(one: &str, other: &str) -> bool {
    one == other || real(one).is_some_and(|path| Some(path) == real(other))
}

/// Reports why an output takes no more; a closed pipe is a quiet end.
pub(crate) fn output_exit(error: OutputError, report: &Report) -> Exit {
    match error {
        OutputError::Closed => Exit::Fine,
        OutputError::Failed { name, error } => {
            let name = escape_line(&name);
            let is_file = name != Output::STDOUT;
            let name = if is_file {
                format!("`{name}`")
            } else {
                name.into_owned()
            };
            report.error(format!("cannot write to {name}: {}", reason(&error)), "");
            Exit::Io
        }
    }
}

/// Writes a text to standard output.
///
/// # Errors
///
/// The exit that a closed pipe or a failure means, reported.
pub(crate) fn print(text: &str, report: &Report) -> Result<(), Exit> {
    Output::stdout()
        .write(text.as_bytes())
        .map_err(|error| output_exit(error, report))
}
