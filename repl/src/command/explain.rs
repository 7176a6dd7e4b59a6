//! `muster explain`: the page of a diagnostic, or what a rule says of itself.
//!
//! Apart from checking because a page is read at leisure, not beside a mistake.

use std::io::{self, IsTerminal};

use muster_lang::diagnostic::Code;
use muster_lang::escape::escape_line;
use muster_lang::suggest;

use super::explain_rule;
use super::outputs::print;
use crate::cli::{ColorWhen, ExplainArgs};
use crate::exit::Exit;
use crate::report::{BOLD, CYAN, Color, Report};

/// Explains a code or a rule, or lists all codes.
pub(crate) fn run(args: &ExplainArgs, when: ColorWhen, report: &Report) -> Exit {
    let color = Color::decide(when, io::stdout().is_terminal());
    let text = match &args.what {
        None => Ok(list(color)),
        Some(name) => match find(name) {
            Some(code) if args.rules.is_empty() => Ok(page(code, color)),
            Some(_) | None if looks_like_code(name) && args.rules.is_empty() => {
                Err(unknown_code(name, report))
            }
            Some(_) | None => explain_rule::pages(name, args, color, report),
        },
    };
    match text {
        Ok(text) => print(&text, report).err().unwrap_or(Exit::Fine),
        Err(exit) => exit,
    }
}

fn find(name: &str) -> Option<Code> {
    let name = name.trim().trim_start_matches('[').trim_end_matches(']');
    Code::ALL
        .iter()
        .copied()
        .find(|code| code.text().eq_ignore_ascii_case(name))
}

/// Tells whether a word is meant as a code: `M01O1` is, the name of a rule or file is not.
fn looks_like_code(name: &str) -> bool {
    let mut letters = name.chars();
    let starts = letters
        .next()
        .is_some_and(|first| matches!(first, 'm' | 'M' | '['));
    starts && name.len() <= 7 && name.chars().any(|letter| letter.is_ascii_digit())
}

fn unknown_code(name: &str, report: &Report) -> Exit {
    let codes = Code::ALL.iter().map(|code| code.text());
    let upper = name.to_uppercase();
    let help = match suggest::nearest(&upper, codes) {
        Some(near) => format!("did you mean `{near}`? `muster explain` lists all codes"),
        None => "a code looks like `M0101`; `muster explain` lists all of them".into(),
    };
    report.error(
        format!("there is no diagnostic `{}`", escape_line(name)),
        &help,
    );
    Exit::Usage
}

fn list(color: Color) -> String {
    let line = |code: &Code| {
        let heading = code
            .page()
            .lines()
            .next()
            .unwrap_or_default()
            .trim_start_matches("# ");
        format!("{}  {heading}\n", color.paint(BOLD, code.text()))
    };
    Code::ALL.iter().map(line).collect()
}

/// Returns a page as plain text: headings bold, programs indented, no marks of Markdown.
fn page(code: Code, color: Color) -> String {
    let mut out = String::new();
    let mut in_program = false;
    for line in code.page().lines() {
        if line.starts_with("```") {
            in_program = !in_program;
        } else if in_program {
            out.push_str(&indented(line));
        } else if let Some(heading) = line.strip_prefix("# ") {
            let heading = format!("{}: {heading}", code.text());
            out.push_str(&color.paint(BOLD, &heading));
            out.push('\n');
        } else if let Some(heading) = line.strip_prefix("## ") {
            out.push_str(&color.paint(CYAN, heading));
            out.push('\n');
        } else {
            out.push_str(line);
            out.push('\n');
        }
    }
    out
}

fn indented(line: &str) -> String {
    if line.is_empty() {
        "\n".into()
    } else {
        format!("    {line}\n")
    }
}
