//! The subcommands, one file each.
//!
//! Apart from the command line because these do what that only names.

use crate::cli::{Cli, Command};
use crate::exit::Exit;
use crate::report::Report;

mod check;
pub(crate) mod cost;
mod doc;
mod explain;
pub(crate) mod explain_rule;
mod explained;
mod fmt;
mod keep;
mod map;
mod outputs;
mod reload;
mod run;
mod state;
pub(crate) mod stream;
mod summary;
mod test;
mod told;
mod verify;

/// Does what the command line asks for.
pub(crate) fn run(cli: Cli, report: &Report) -> Exit {
    match cli.command {
        Command::Run(args) => run::run(&args, cli.color, report),
        Command::State(args) => state::run(&args, report),
        Command::Check(args) => check::run(&args, report),
        Command::Test(args) => test::run(&args, cli.color, report),
        Command::Fmt(args) => fmt::run(&args, cli.color, report),
        Command::Map(args) => map::run(&args, cli.color, report),
        Command::Repl(args) => crate::shell::run(&args, cli.color, report),
        Command::Explain(args) => explain::run(&args, cli.color, report),
        Command::Doc(args) => doc::run(&args, report),
    }
}
