//! A session of the REPL: a line in, text out; no terminal in it.
//!
//! Apart from the shell around it so that everything a person can do is done by tests too.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use muster_lang::escape::escape_line;

use crate::report::{Color, Report};

mod act;
mod alerts;
mod answer;
mod book;
pub(crate) mod command;
mod compare;
mod complete;
mod data;
mod declare;
mod found;
mod history;
mod inspect;
mod look;
mod query;
mod shrink;
mod table;
mod time;
mod trial;
mod unfinished;
mod why;

pub(crate) use complete::{Kind, Words};
pub(crate) use unfinished::{needs_more, pieces};

use book::Book;
use data::Data;
use history::History;
use query::Asked;

/// How wide and how colored answers are.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Look {
    /// Columns of the terminal.
    pub(crate) width: usize,
    /// Whether to color.
    pub(crate) color: Color,
}

/// What a line came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Reply {
    /// What is shown; ends with a line feed unless it is empty.
    pub(crate) text: String,
    /// Whether the session is over.
    pub(crate) quits: bool,
}

/// Rules, events, and what came of them.
pub(crate) struct Session {
    book: Book,
    data: Data,
    inputs: Vec<String>,
    history: Option<History>,
    asked: Option<Asked>,
    pages: Vec<String>,
    /// The alert shown last, by its place among all.
    alert: Option<Arc<str>>,
    look: Look,
    report: Report,
    stop: Arc<AtomicBool>,
}

impl Session {
    /// Returns a session with the prelude and nothing else; `stop` makes what runs come to an end.
    pub(crate) fn new(
        look: Look,
        report: Report,
        params: Vec<(String, String)>,
        stop: Arc<AtomicBool>,
    ) -> Self {
        Self {
            book: Book::new(params),
            data: Data::default(),
            inputs: Vec::new(),
            history: None,
            asked: None,
            pages: Vec::new(),
            alert: None,
            look,
            report,
            stop,
        }
    }

    /// Loads rules and events, and says what was found.
    pub(crate) fn start(&mut self, rules: &[String], inputs: &[String]) -> Reply {
        let mut text = self.add_rules(rules);
        if self.history.is_none() {
            text.push_str(&self.refresh().unwrap_or_else(|error| error));
        }
        if !inputs.is_empty() {
            text.push_str(&self.read(inputs));
        }
        Reply { text, quits: false }
    }

    /// Takes a line, or several that belong together.
    pub(crate) fn line(&mut self, line: &str) -> Reply {
        self.stop.store(false, Ordering::Relaxed);
        let line = line.trim();
        if line.is_empty() || is_comment(line) {
            return Reply::default();
        }
        if let Some(command) = line.strip_prefix(':') {
            return self.act(command);
        }
        let text = if book::declares(line) {
            self.declare(line)
        } else {
            self.ask(line)
        };
        Reply {
            text: ended(text),
            quits: false,
        }
    }

    /// Sets how wide answers are.
    pub(crate) fn set_width(&mut self, width: usize) {
        self.look.width = width.max(20);
    }

    /// Returns what stands before a line: the clock.
    pub(crate) fn prompt(&self) -> String {
        let now = self
            .history
            .as_ref()
            .and_then(|history| Some((history.now(), history.clock?)));
        match now {
            Some((Some(now), _)) => format!("muster {}> ", history::clock_text(now)),
            Some((None, _)) => "muster start> ".into(),
            None => "muster> ".into(),
        }
    }

    fn ask(&mut self, line: &str) -> String {
        let mut asked = Asked::of(line);
        if asked.continues() {
            let Some(before) = &self.asked else {
                return "error: there is no line before that this could count\nhelp: begin with a class: `login by identity`\n".into();
            };
            asked.select.clone_from(&before.select);
        }
        let Some(history) = &self.history else {
            return NOTHING.into();
        };
        let color = self.look.color.is_on();
        let query = match query::compile(&self.book, history.evaluator().program(), &asked, color) {
            Ok(query) => query,
            Err(error) => return error,
        };
        if self.data.is_empty() {
            return "no events are loaded; `:load FILE` reads some\n".into();
        }
        let answer = answer::answer(&query, asked.counts, history, self.look);
        self.asked = Some(asked);
        match answer {
            Ok(answer) => {
                self.pages = answer.rest;
                self.pages.reverse();
                answer.text
            }
            Err(error) => error,
        }
    }

    /// Compiles everything and runs it over the events; returns what the compiler says.
    fn refresh(&mut self) -> Result<String, String> {
        let compiled = self.book.compile(self.look.color.is_on())?;
        let run = self.data.run(&compiled, &self.stop)?;
        let cut = if run.is_cut {
            "stopped: what follows is of the part that was run; `:run` runs all\n"
        } else {
            ""
        };
        self.history = Some(History {
            compiled,
            run,
            clock: None,
        });
        Ok(cut.into())
    }

    /// Reads events in place of those before, runs, and says what was found.
    fn read(&mut self, inputs: &[String]) -> String {
        let Some(history) = &self.history else {
            return NOTHING.into();
        };
        let told = match self.data.read(inputs, &history.compiled, &self.report) {
            Ok(told) => told,
            Err(error) => return error,
        };
        self.inputs = inputs.to_vec();
        let told: String = told
            .iter()
            .map(|line| format!("warning: {line}\n"))
            .collect();
        match self.refresh() {
            Ok(text) => told + &text + &self.found() + &self.alert_count(),
            Err(error) => told + &error,
        }
    }

    fn found(&self) -> String {
        match &self.history {
            Some(_) if self.data.is_empty() => {
                "no events are loaded; `:load FILE` reads some\n".into()
            }
            Some(history) => found::report(history, &self.data, self.look),
            None => NOTHING.into(),
        }
    }
}

const NOTHING: &str =
    "error: the rules do not compile, so nothing runs\nhelp: `:reset` forgets what was typed\n";

fn is_comment(line: &str) -> bool {
    line.lines()
        .all(|line| line.trim().is_empty() || line.trim_start().starts_with('#'))
}

/// Returns a text that ends with a line feed, unless it is empty.
fn ended(mut text: String) -> String {
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
    text
}

/// Returns a text from a log or a line, harmless.
fn safe(text: &str) -> String {
    escape_line(text).into_owned()
}
