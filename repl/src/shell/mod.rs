//! The terminal around a session: reading lines, history, completion, interrupts.
//!
//! Apart from the session, which knows no terminal; without one, lines are read as they come.

use std::io::{self, BufRead, IsTerminal, Write};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use rustyline::error::ReadlineError;
use rustyline::history::FileHistory;
use rustyline::{CompletionType, Config, Editor};

use crate::cli::{ColorWhen, ReplArgs};
use crate::exit::Exit;
use crate::report::{Color, Report};
use crate::session::{Look, Reply, Session, needs_more, pieces};

mod helper;
mod place;

use helper::Helper;

/// The longest line that is kept in the history, in bytes.
const HISTORY_LINE_MAX: usize = 16 << 10;
/// How wide answers are where there is no terminal.
const WIDTH: usize = 100;

/// Opens a session.
pub(crate) fn run(args: &ReplArgs, color: ColorWhen, report: &Report) -> Exit {
    let is_terminal = io::stdin().is_terminal() && io::stdout().is_terminal();
    let stop = Arc::new(AtomicBool::new(false));
    let look = Look {
        width: place::width().unwrap_or(WIDTH),
        color: Color::decide(color, io::stdout().is_terminal()),
    };
    let quiet = Report::new(color, report.quiet || !is_terminal);
    let mut session = Session::new(look, quiet, args.set.set.clone(), stop.clone());
    let _signals = place::on_interrupt(stop);
    let greeting = session.start(&args.rules, &args.input);
    if !say(&greeting) {
        return Exit::Fine;
    }
    if is_terminal {
        talk(&mut session, look.color, report)
    } else {
        read(&mut session, report)
    }
}

/// Prints an answer; tells whether anybody still reads.
fn say(reply: &Reply) -> bool {
    let mut out = io::stdout().lock();
    out.write_all(reply.text.as_bytes())
        .and_then(|()| out.flush())
        .is_ok()
}

/// Takes the lines of standard input as they come, without a prompt.
fn read(session: &mut Session, report: &Report) -> Exit {
    let mut text = String::new();
    for line in io::stdin().lock().split(b'\n') {
        match line {
            Ok(line) => text.push_str(&String::from_utf8_lossy(&line)),
            Err(error) => {
                report.error(
                    format!("cannot read on: {}", crate::report::reason(&error)),
                    "",
                );
                return Exit::Io;
            }
        }
        text.push('\n');
        if needs_more(&text) {
            continue;
        }
        let reply = session.line(&std::mem::take(&mut text));
        if !say(&reply) || reply.quits {
            return Exit::Fine;
        }
    }
    if !text.trim().is_empty() {
        say(&session.line(&text));
    }
    Exit::Fine
}

/// Talks with a person.
fn talk(session: &mut Session, color: Color, report: &Report) -> Exit {
    let config = Config::builder()
        .completion_type(CompletionType::List)
        .bracketed_paste(true)
        .auto_add_history(false)
        .color_mode(if color.is_on() {
            rustyline::ColorMode::Enabled
        } else {
            rustyline::ColorMode::Disabled
        })
        .build();
    let mut editor: Editor<Helper, FileHistory> = match Editor::with_config(config) {
        Ok(editor) => editor,
        Err(error) => {
            report.error(
                format!("cannot use the terminal: {error}"),
                "pipe lines into it instead",
            );
            return Exit::Io;
        }
    };
    let history = place::history();
    if let Some(path) = &history {
        // A history that is not there yet is not missed.
        let _ = editor.load_history(path);
    }
    say(&Reply {
        text: "`:help` says what can be done, Ctrl-D leaves\n".into(),
        quits: false,
    });
    loop {
        editor.set_helper(Some(Helper::new(session.words(), color)));
        session.set_width(place::width().unwrap_or(WIDTH));
        match editor.readline(&session.prompt()) {
            Ok(line) => {
                if line.len() <= HISTORY_LINE_MAX && !line.trim().is_empty() {
                    // A line that cannot be kept is only not recalled.
                    let _ = editor.add_history_entry(line.trim_end());
                }
                if !answer(session, &line) {
                    break;
                }
            }
            Err(ReadlineError::Interrupted) => {}
            Err(ReadlineError::Eof) => break,
            Err(error) => {
                report.error(format!("cannot read on: {error}"), "");
                return Exit::Io;
            }
        }
    }
    keep(&mut editor, history);
    Exit::Fine
}

/// Answers every line of a text that was entered at once; tells whether the session goes on.
fn answer(session: &mut Session, text: &str) -> bool {
    pieces(text).iter().all(|piece| {
        let reply = session.line(piece);
        say(&reply) && !reply.quits
    })
}

/// Writes the history, readable by its owner alone.
fn keep(editor: &mut Editor<Helper, FileHistory>, path: Option<PathBuf>) {
    let Some(path) = path else { return };
    place::private(&path);
    // Lines of a session that cannot be kept are lost, as if none had been kept before.
    let _ = editor.save_history(&path);
    place::private(&path);
}
