//! The binary `muster`: a stream filter and a workbench for correlation rules.
//!
//! Apart from the library crates because only here are there arguments, an environment and people.

mod cli;
mod command;
mod compile;
mod diff;
mod exit;
mod library;
mod load;
mod progress;
mod report;
mod session;
mod shell;
mod text;

use std::process::ExitCode;

use muster_lang::escape::escape_untrusted;

use cli::{Cli, ColorWhen};
use exit::Exit;
use report::Report;

fn main() -> ExitCode {
    match Cli::of(std::env::args_os()) {
        Ok(cli) => {
            let report = Report::new(cli.color, cli.quiet);
            command::run(cli, &report).into()
        }
        Err(error) if error.exit_code() == 0 => {
            // Who closed the stream of the help wants to read no more of it.
            let _ = error.print();
            Exit::Fine.into()
        }
        Err(error) => {
            // It quotes what was typed, which may be the name of a hostile file.
            let text = escape_untrusted(&error.to_string()).into_owned();
            Report::new(ColorWhen::Never, false).plain(&text);
            Exit::Usage.into()
        }
    }
}
