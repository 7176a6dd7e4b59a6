//! What `run` and `map` share: opening inputs, and feeding until the end or a signal.
//!
//! Apart from both because inputs fail in the same ways whatever reads them.

use std::io::{self, IsTerminal};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use muster_lang::escape::escape_line;
use muster_lang::ir::{Program, SourceId};
use muster_lang::suggest;
use muster_runtime::io::{
    Consumer, Ending, FeedError, Input, InputError, InputKind, Opened, Signal, Stop, feed,
    on_hangup,
};

use super::outputs::output_exit;
use crate::cli::{InputArgs, THREADS_MAX};
use crate::exit::{Exit, at_once};
use crate::report::{Report, reason};

/// Opens all inputs; every mistake is reported.
///
/// # Errors
///
/// Usage and I/O.
pub(crate) fn open_inputs(
    args: &InputArgs,
    rules: &[String],
    report: &Report,
) -> Result<Vec<Opened>, Exit> {
    let inputs = named_inputs(&args.input);
    let from_stdin = inputs
        .iter()
        .filter(|input| input.kind == InputKind::Stdin)
        .count();
    let rules_from_stdin = rules.iter().any(|name| name == "-");
    if from_stdin > 1 || (from_stdin > 0 && rules_from_stdin) {
        let message = "standard input can be read only once";
        report.error(
            message,
            "name events behind `--input`, or put the rules into a file",
        );
        return Err(Exit::Usage);
    }
    if from_stdin > 0 && io::stdin().is_terminal() {
        report.note(
            "reading events from the terminal; Ctrl-D ends them, `--input FILE` reads a file",
        );
    }
    let opened: Vec<_> = inputs
        .iter()
        .filter_map(|input| open(input, report))
        .collect();
    if opened.len() == inputs.len() {
        Ok(opened)
    } else {
        Err(Exit::Io)
    }
}

/// Returns the inputs of a command line: standard input where none is named.
pub(crate) fn named_inputs(names: &[String]) -> Vec<Input> {
    if names.is_empty() {
        return vec![Input::named("-")];
    }
    names.iter().map(|name| Input::named(name)).collect()
}

fn open(input: &Input, report: &Report) -> Option<Opened> {
    let name = escape_line(&input.name);
    match input.open() {
        Ok(opened) => return Some(opened),
        Err(InputError::Directory) => {
            let help = format!("name its files: `--input {}/*`", name.trim_end_matches('/'));
            report.error(format!("cannot read `{name}`: it is a directory"), &help);
        }
        Err(InputError::Refused(error)) => {
            report.error(format!("cannot read `{name}`: {}", reason(&error)), "");
        }
    }
    None
}

/// Returns the source that `--source` names.
///
/// # Errors
///
/// A name that no source bears is reported.
pub(crate) fn forced_source(
    name: Option<&String>,
    program: &Program,
    report: &Report,
) -> Result<Option<SourceId>, Exit> {
    let Some(name) = name else { return Ok(None) };
    let found = program
        .sources
        .iter()
        .find(|(_, source)| *source.name == **name);
    if let Some((id, _)) = found {
        return Ok(Some(id));
    }
    let names: Vec<&str> = program
        .sources
        .iter()
        .map(|(_, source)| &*source.name)
        .collect();
    let help = match suggest::nearest(name, names.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("the sources are {}", names.join(", ")),
    };
    report.error(format!("there is no source `{}`", escape_line(name)), &help);
    Err(Exit::Usage)
}

/// Why a stream ended, as far as the exit code is concerned.
pub(crate) enum Ended {
    /// Every input ended.
    Inputs,
    /// A signal stopped it.
    Stopped(Signal),
    /// An input failed, which was reported.
    Broken,
    /// Nothing more can be written, which was reported unless it was a closed pipe.
    Output(Exit),
}

/// Feeds a consumer until the inputs end, a signal comes or something fails.
///
/// `hangup` is set by `SIGHUP`; without it, that signal ends the process.
pub(crate) fn feed_all<C: Consumer>(
    inputs: Vec<Opened>,
    consumer: &mut C,
    hangup: Option<Arc<AtomicBool>>,
    report: &Report,
) -> Ended {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .max_blocking_threads(inputs.len() + THREADS_MAX + 1)
        .enable_all()
        .build();
    let runtime = match runtime {
        Ok(runtime) => runtime,
        Err(error) => return broken("the system", &error, report),
    };
    let result = runtime.block_on(async {
        let stop = Stop::on_signals(at_once);
        let heard = stop.and_then(|stop| {
            hangup.map_or(Ok(()), on_hangup)?;
            Ok(stop)
        });
        let mut stop = heard.map_err(|error| FeedError::Input {
            name: "signals".into(),
            error,
        })?;
        feed(inputs, consumer, &mut stop).await
    });
    // A thread may be waiting for standard input, which nothing but the end of the process ends.
    runtime.shutdown_background();
    match result {
        Ok(Ending::Inputs) => Ended::Inputs,
        Ok(Ending::Stopped(signal)) => Ended::Stopped(signal),
        Err(FeedError::Output(error)) => Ended::Output(output_exit(error, report)),
        Err(FeedError::Input { name, error }) => broken(&name, &error, report),
    }
}

fn broken(name: &str, error: &io::Error, report: &Report) -> Ended {
    report.error(
        format!(
            "cannot read on from `{}`: {}",
            escape_line(name),
            reason(error)
        ),
        "",
    );
    Ended::Broken
}

/// Returns what messages call the inputs.
pub(crate) fn names(inputs: &[Opened]) -> Vec<Arc<str>> {
    inputs.iter().map(|input| Arc::clone(&input.name)).collect()
}
