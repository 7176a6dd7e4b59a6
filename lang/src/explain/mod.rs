//! What a rule says of itself before it runs: in a sentence, in a drawing, and in facts.
//!
//! Apart from the listing of the `ir`, which is complete and for those who build the engine: this is
//! for those who write and read rules.

mod catalogue;
mod drawing;
mod fact;
mod feed;
mod read;
mod sentence;
mod words;

use crate::escape::escape_line;
use crate::ir::feed::Columns;
use crate::ir::{Program, RuleId};

pub use catalogue::{rule_page, source_page};
pub use fact::{fact, split_fact};
pub use sentence::sentence;

/// Returns what a rule does, how and for whom, for people; every line is safe to show.
#[must_use]
pub fn rule(program: &Program, id: RuleId, columns: Columns<'_>) -> String {
    let rule = &program.rules[id];
    let mut lines = vec![
        format!("rule {} \"{}\"", rule.name, rule.title),
        String::new(),
    ];
    lines.extend(words::wrapped(&sentence(program, rule), WIDTH));
    lines.push(String::new());
    lines.extend(drawing::lines(program, rule));
    lines.push(String::new());
    lines.extend(fact::lines(program, rule, columns));
    lines
        .iter()
        .map(|line| escape_line(line.trim_end()).into_owned() + "\n")
        .collect()
}

/// How wide running text is.
const WIDTH: usize = 90;
