//! `muster fmt`: brings rule files into the canonical layout.
//!
//! Apart from the formatter, which knows text and no files.

use std::fs;
use std::io::{self, IsTerminal, Read, Write};
use std::path::{Path, PathBuf};

use muster_lang::diagnostic::Level;
use muster_lang::escape::{escape_line, escape_untrusted};
use muster_lang::file::{Files, Origin};
use muster_lang::syntax::format::format;

use super::outputs::print;
use crate::cli::{ColorWhen, FmtArgs};
use crate::diff;
use crate::exit::Exit;
use crate::load::rule_files;
use crate::report::{Color, GREEN, RED, Report, counted, reason};
use crate::text::{read_text, text_of};

/// Formats files, or checks that they are formatted.
pub(crate) fn run(args: &FmtArgs, when: ColorWhen, report: &Report) -> Exit {
    let color = Color::decide(when, io::stdout().is_terminal());
    let mut formatter = Formatter {
        args,
        color,
        report,
        differing: 0,
        exit: None,
    };
    for name in &args.files {
        if let Err(exit) = formatter.named(name) {
            formatter.exit = formatter.exit.or(Some(exit));
        }
    }
    match (formatter.exit, formatter.differing) {
        (Some(exit), _) => exit,
        (None, 0) => Exit::Fine,
        (None, differing) if args.check => {
            let message = format!("{} not in canonical layout", counted(differing, "file"));
            report.error(message, "`muster fmt` without `--check` changes them");
            Exit::Found
        }
        (None, _) => Exit::Fine,
    }
}

struct Formatter<'a> {
    args: &'a FmtArgs,
    color: Color,
    report: &'a Report,
    differing: usize,
    exit: Option<Exit>,
}

impl Formatter<'_> {
    fn named(&mut self, name: &str) -> Result<(), Exit> {
        if name == "-" {
            return self.stdin();
        }
        let paths = rule_files(name).map_err(|error| error.told(self.report))?;
        let mut exit = None;
        for path in paths {
            if let Err(failed) = self.file(&path) {
                exit = exit.or(Some(failed));
            }
        }
        exit.map_or(Ok(()), Err)
    }

    fn stdin(&mut self) -> Result<(), Exit> {
        let mut bytes = Vec::new();
        if let Err(error) = io::stdin().read_to_end(&mut bytes) {
            self.report.error(
                format!("cannot read standard input: {}", reason(&error)),
                "",
            );
            return Err(Exit::Io);
        }
        let text = text_of("standard input", bytes).map_err(|error| error.told(self.report))?;
        let formatted = self.format("<stdin>", &text)?;
        if self.args.check || self.args.diff {
            return self.show("<stdin>", &text, &formatted);
        }
        print(&formatted, self.report)
    }

    fn file(&mut self, path: &Path) -> Result<(), Exit> {
        let name = path.display().to_string();
        let text = read_text(path).map_err(|error| error.told(self.report))?;
        let formatted = self.format(&name, &text)?;
        if self.args.check || self.args.diff {
            return self.show(&name, &text, &formatted);
        }
        if formatted == text {
            return Ok(());
        }
        replace(path, &formatted).map_err(|error| {
            let name = escape_line(&name);
            self.report
                .error(format!("cannot write `{name}`: {}", reason(&error)), "");
            Exit::Io
        })?;
        if !self.report.quiet {
            self.report
                .plain(&format!("formatted {}\n", escape_line(&name)));
        }
        Ok(())
    }

    fn format(&self, name: &str, text: &str) -> Result<String, Exit> {
        format(text).map_err(|diagnostics| {
            let mut files = Files::new();
            files.add(name, text, Origin::User);
            self.report.diagnostics(&files, &diagnostics, Level::Error);
            Exit::Rules
        })
    }

    /// Says that a text would change, and how.
    fn show(&mut self, name: &str, old: &str, new: &str) -> Result<(), Exit> {
        if old == new {
            return Ok(());
        }
        self.differing += 1;
        let name = escape_line(name);
        if !self.args.diff {
            return print(&format!("{name}\n"), self.report);
        }
        let mut text = format!("--- {name}\n+++ {name} (canonical)\n");
        for line in diff::lines(old, new) {
            let escaped = escape_untrusted(&line);
            let painted = match line.as_bytes().first() {
                Some(b'-') => self.color.paint(RED, &escaped),
                Some(b'+') => self.color.paint(GREEN, &escaped),
                Some(_) | None => escaped.into_owned(),
            };
            text.push_str(&painted);
            text.push('\n');
        }
        print(&text, self.report)
    }
}

/// Writes a file anew so that it is never seen half written.
fn replace(path: &Path, text: &str) -> io::Result<()> {
    let real = fs::canonicalize(path)?;
    let permissions = fs::metadata(&real)?.permissions();
    let beside = temporary(&real);
    let written = fs::File::create(&beside)
        .and_then(|mut file| {
            file.write_all(text.as_bytes())
                .and_then(|()| file.sync_all())
        })
        .and_then(|()| fs::set_permissions(&beside, permissions))
        .and_then(|()| fs::rename(&beside, &real));
    if written.is_err() {
        // What is left of a failed attempt only disturbs; the error says what happened.
        let _ = fs::remove_file(&beside);
    }
    written
}

fn temporary(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}.{}.tmp", std::process::id()))
}
