//! The command line as it is typed.
//!
//! Apart from the commands so that all of its words stand on one page.

use std::ffi::OsString;

use clap::{Args, Parser, Subcommand, ValueEnum};

use muster_lang::ir::Severity;
use muster_lang::units::{self, Dimension, Duration};

/// Correlates security events with rules that read like sentences.
#[derive(Debug, Parser)]
#[command(name = "muster", version, after_help = EXAMPLES)]
pub(crate) struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,

    /// When to color: `auto` looks at the terminal, NO_COLOR and TERM.
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub(crate) color: ColorWhen,

    /// Say only what went wrong.
    #[arg(long, short, global = true)]
    pub(crate) quiet: bool,
}

const EXAMPLES: &str = "\
Examples:
  muster run std:zero_trust < events.jsonl > alerts.jsonl
  muster check rules/ && muster test rules/";

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run rules over events: events in, alerts out.
    Run(RunArgs),
    /// Compile rules and say what is wrong with them.
    Check(CheckArgs),
    /// Run the tests in rule files.
    Test(TestArgs),
    /// Show what `run --state` keeps, or erase someone from it.
    State(StateArgs),
    /// Bring rule files into the canonical layout.
    Fmt(FmtArgs),
    /// Normalize only: raw records in, events out.
    Map(MapArgs),
    /// Write rules against sample events, and see why they do or do not fire.
    Repl(ReplArgs),
    /// Explain a rule, or a diagnostic.
    Explain(ExplainArgs),
    /// Print reference pages of rules, sources, fields and functions.
    Doc(DocArgs),
}

/// When to color.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ColorWhen {
    /// On terminals, unless NO_COLOR is set or TERM is dumb.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// What alerts look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// One JSON object a line.
    Json,
    /// For people.
    Text,
    /// One Detection Finding of the Open Cybersecurity Schema Framework a line.
    Ocsf,
    /// One document of the Elastic Common Schema a line.
    Ecs,
}

/// What the end of input means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Eof {
    /// Not the end of time: absences whose deadline has not passed are reported as pending.
    Pending,
    /// The end of time: what has not happened by then never will.
    Final,
}

/// Which representation to print.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Emit {
    /// What was written.
    Ast,
    /// What it means.
    Ir,
    /// How it runs.
    Machine,
}

/// Events and how to read them.
#[derive(Args, Debug)]
pub(crate) struct InputArgs {
    /// Files of events, plain or gzip, read side by side; `-` or none is standard input.
    #[arg(long, short, value_name = "FILE", num_args = 1.., action = clap::ArgAction::Append)]
    pub(crate) input: Vec<String>,

    /// Give every record to this source, whatever its `when` says.
    #[arg(long, value_name = "NAME")]
    pub(crate) source: Option<String>,

    /// Write records that could not become events to this file, with the reason.
    #[arg(long, value_name = "FILE")]
    pub(crate) dead_letter: Option<String>,

    /// End with code 65 if any data was bad.
    #[arg(long)]
    pub(crate) strict: bool,
}

/// Values for `param` declarations.
#[derive(Args, Debug)]
pub(crate) struct SetArgs {
    /// Give a `param` another value; may be repeated.
    #[arg(long, value_name = "NAME=VALUE", value_parser = setting)]
    pub(crate) set: Vec<(String, String)>,
}

#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  tail -F auth.jsonl | muster run rules/ std:zero_trust
  muster run rules/ --input monday.jsonl.gz tuesday.jsonl.gz --format text")]
pub(crate) struct RunArgs {
    /// Rule files, directories, `std:PACK`, or `-` for standard input.
    #[arg(required = true, value_name = "RULES")]
    pub(crate) rules: Vec<String>,

    #[command(flatten)]
    pub(crate) input: InputArgs,

    /// Write alerts to this file instead of standard output.
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<String>,

    /// Write what digests leave of the events to this file; `-` is standard output, if `--output`
    /// sends the alerts elsewhere.
    #[arg(long, value_name = "FILE")]
    pub(crate) forward: Option<String>,

    /// Run the rules over what digests leave too, and tell which alerts differ; end with code 1 if
    /// one is lost or gained.
    #[arg(long, conflicts_with = "state")]
    pub(crate) verify_digests: bool,

    /// Write events that came too late to this file.
    #[arg(long, value_name = "FILE")]
    pub(crate) late: Option<String>,

    #[command(flatten)]
    pub(crate) set: SetArgs,

    /// What alerts look like.
    #[arg(long, default_value = "json")]
    pub(crate) format: Format,

    /// What the end of input means.
    #[arg(long, default_value = "pending")]
    pub(crate) eof: Eof,

    /// How far out of order events may be, for every source: `30s`, `1h30m`.
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    pub(crate) lateness: Option<Duration>,

    /// Keep all that is remembered in this directory, and go on from it.
    ///
    /// Files named with `--input` are read on from where the last run stopped or was killed, and a
    /// file named with `--output` then holds what a run that never stopped would have written. From
    /// a pipe, an orderly stop loses nothing that was read; after `kill -9` or a loss of power, what
    /// was read since the last snapshot (10 s, 64 MiB) is lost. To standard output, alerts since the
    /// last snapshot come again, with the same `alert_id`.
    #[arg(long, value_name = "DIR")]
    pub(crate) state: Option<String>,

    /// Reload rules and tables when their files change, between two events, without losing state.
    ///
    /// SIGHUP does the same at any time. What is broken is told, and the rules before go on.
    #[arg(long)]
    pub(crate) watch: bool,

    /// How long to go on at most without keeping the state, besides every 64 MiB of input.
    #[arg(long, value_name = "DURATION", default_value = "10s", value_parser = duration)]
    #[arg(requires = "state")]
    pub(crate) state_every: Duration,

    /// End with code 1 if there was an alert of this severity or above.
    #[arg(long, value_name = "LEVEL", value_parser = level)]
    pub(crate) fail_on: Option<Severity>,

    /// Add to the summary where the time went, events and bytes a second, and how much is remembered.
    #[arg(long)]
    pub(crate) stats: bool,

    /// Read and prepare records on so many threads; by default, as many as there are cores.
    ///
    /// What comes out is the same for any number, to the byte.
    #[arg(long, value_name = "N", value_parser = threads)]
    pub(crate) threads: Option<usize>,
}

impl RunArgs {
    /// Returns on how many threads records are prepared.
    pub(crate) fn threads(&self) -> usize {
        let cores = || std::thread::available_parallelism().map_or(1, usize::from);
        self.threads.unwrap_or_else(cores).min(THREADS_MAX)
    }
}

/// More threads than this have nothing to do: one takes in what they prepare.
pub(crate) const THREADS_MAX: usize = 64;

fn threads(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(count) if (1..=THREADS_MAX).contains(&count) => Ok(count),
        _ => Err(format!("a number from 1 to {THREADS_MAX} is expected")),
    }
}

#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  muster check rules/
  muster check rules/travel.muster --emit ir")]
pub(crate) struct CheckArgs {
    /// Rule files, directories, `std:PACK`, or `-` for standard input.
    #[arg(required = true, value_name = "RULES")]
    pub(crate) rules: Vec<String>,

    /// Print a representation of the rules that are named; with `--verbose`, of all that is loaded.
    #[arg(long, value_name = "WHAT")]
    pub(crate) emit: Option<Emit>,

    /// Print each diagnostic as a line of JSON on standard output.
    #[arg(long, conflicts_with = "emit")]
    pub(crate) json: bool,

    /// Say also what is only for information.
    #[arg(long, short)]
    pub(crate) verbose: bool,

    #[command(flatten)]
    pub(crate) set: SetArgs,
}

#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  muster test
  muster test rules/travel.muster std:zero_trust")]
pub(crate) struct TestArgs {
    /// Rule files, directories, `std:PACK`, or `-` for standard input.
    #[arg(value_name = "RULES", default_value = ".")]
    pub(crate) rules: Vec<String>,

    #[command(flatten)]
    pub(crate) set: SetArgs,
}

#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  muster fmt rules/
  muster fmt - < rough.muster > neat.muster")]
pub(crate) struct FmtArgs {
    /// Rule files and directories, changed in place; `-` goes from standard input to standard output.
    #[arg(value_name = "FILES", default_value = ".")]
    pub(crate) files: Vec<String>,

    /// Change nothing; end with code 1 if anything would change.
    #[arg(long)]
    pub(crate) check: bool,

    /// Change nothing; show what would change.
    #[arg(long)]
    pub(crate) diff: bool,
}

#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  muster map < okta.jsonl
  muster map my_sources.muster --input sample.jsonl --explain")]
pub(crate) struct MapArgs {
    /// Files with sources of your own, besides the prelude's.
    #[arg(value_name = "RULES")]
    pub(crate) rules: Vec<String>,

    #[command(flatten)]
    pub(crate) input: InputArgs,

    #[command(flatten)]
    pub(crate) set: SetArgs,

    /// Tell for every record which source took it and what became of it, for people.
    #[arg(long)]
    pub(crate) explain: bool,
}

#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  muster repl rules/ --input monday.jsonl.gz
  muster repl std:zero_trust --input sample.jsonl < lines.txt

A line asks (`login where outcome is failure by ip`), declares (`rule … { … }`), or is a command
(`:help`, `:why not RULE ana`). Without a terminal, lines are read from standard input.")]
pub(crate) struct ReplArgs {
    /// Rule files, directories or `std:PACK`.
    #[arg(value_name = "RULES")]
    pub(crate) rules: Vec<String>,

    /// Files of events, plain or gzip, read side by side.
    #[arg(long, short, value_name = "FILE", num_args = 1.., action = clap::ArgAction::Append)]
    pub(crate) input: Vec<String>,

    #[command(flatten)]
    pub(crate) set: SetArgs,
}

#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  muster explain M0101
  muster explain impossible_travel
  muster explain my_rule rules/
  muster explain rules/travel.muster")]
pub(crate) struct ExplainArgs {
    /// The name of a rule, or the code of a diagnostic; without one, all codes are listed. A file, a
    /// directory or `std:PACK` explains all its rules.
    #[arg(value_name = "RULE|CODE")]
    pub(crate) what: Option<String>,

    /// Where the rule is: files, directories, `std:PACK`, or `-`; without any, the packs that are built in.
    #[arg(value_name = "RULES")]
    pub(crate) rules: Vec<String>,

    #[command(flatten)]
    pub(crate) set: SetArgs,
}

#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  muster state state/
  muster state state/ --forget ana@corp.example --rules rules/ std:zero_trust")]
pub(crate) struct StateArgs {
    /// The directory that `muster run --state` keeps.
    #[arg(value_name = "DIR")]
    pub(crate) directory: String,

    /// Print a JSON object for each rule, memory and digest.
    #[arg(long, conflicts_with = "forget")]
    pub(crate) json: bool,

    /// Erase all that names someone: a name, an address or a number, compared ignoring case.
    #[arg(long, value_name = "KEY", requires = "rules")]
    pub(crate) forget: Vec<String>,

    /// The rules that the state is of, as they are named for `muster run`.
    #[arg(long, value_name = "RULES", num_args = 1..)]
    pub(crate) rules: Vec<String>,

    #[command(flatten)]
    pub(crate) set: SetArgs,
}

/// What `doc` takes.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  muster doc std:zero_trust
  muster doc --only sources > sources.md")]
pub(crate) struct DocArgs {
    /// Files, directories, `std:PACK`, or `-`; without any, the packs that are built in.
    #[arg(value_name = "RULES")]
    pub(crate) rules: Vec<String>,

    /// Print this part only.
    #[arg(long, value_name = "PART", value_enum)]
    pub(crate) only: Option<DocPart>,

    #[command(flatten)]
    pub(crate) set: SetArgs,
}

/// A part of the reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum DocPart {
    /// What each rule finds, needs and cannot see.
    Rules,
    /// What each source makes and fills.
    Sources,
    /// Every field, its type and its meaning.
    Fields,
    /// Every function, with examples.
    Functions,
}

impl Cli {
    /// Returns the command line of a process, or what to print instead.
    pub(crate) fn of(words: impl IntoIterator<Item = OsString>) -> Result<Self, clap::Error> {
        Self::try_parse_from(words)
    }
}

fn setting(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.trim().into(), value.into())),
        _ => Err("expected NAME=VALUE, such as `fail_limit=20`".into()),
    }
}

fn level(text: &str) -> Result<Severity, String> {
    match Severity::parse(&text.to_ascii_lowercase()) {
        Some(Severity::None) | None => {
            Err("expected `info`, `low`, `medium`, `high` or `critical`".into())
        }
        Some(severity) => Ok(severity),
    }
}

/// Reads `30s` or `1h30m` as the language does.
pub(crate) fn duration(text: &str) -> Result<Duration, String> {
    let wrong = || "expected a duration such as `30s`, `15m` or `1h30m`".to_owned();
    let mut rest = text;
    let mut total = 0i64;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit()).ok_or_else(wrong)?;
        let (number, tail) = rest.split_at(digits);
        let letters = tail
            .find(|c: char| c.is_ascii_digit())
            .unwrap_or(tail.len());
        let (name, tail) = tail.split_at(letters);
        let unit = units::find(name).filter(|unit| unit.dimension == Dimension::Duration);
        let number: i64 = number.parse().map_err(|_| wrong())?;
        #[expect(
            clippy::cast_possible_truncation,
            reason = "a unit is a whole number of µs"
        )]
        let factor = unit.ok_or_else(wrong)?.factor as i64;
        let span = number.checked_mul(factor).ok_or_else(wrong)?;
        total = total.checked_add(span).ok_or_else(wrong)?;
        rest = tail;
    }
    if text.is_empty() {
        Err(wrong())
    } else {
        Ok(Duration(total))
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_well_formed() {
        Cli::command().debug_assert();
    }

    #[test]
    fn durations_are_written_as_in_the_language() {
        assert_eq!(duration("30s"), Ok(Duration(30_000_000)));
        assert_eq!(duration("1h30m"), Ok(Duration(5_400_000_000)));
        assert_eq!(duration("250ms"), Ok(Duration(250_000)));
        for wrong in [
            "",
            "5",
            "5 m",
            "m",
            "5km",
            "99999999999999999999s",
            "99999999999999w",
        ] {
            assert!(duration(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_setting_has_a_name() {
        assert_eq!(setting("limit=a=b"), Ok(("limit".into(), "a=b".into())));
        assert!(setting("limit").is_err());
        assert!(setting("=3").is_err());
    }
}
