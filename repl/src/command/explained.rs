//! An event explained: what set each of its fields.
//!
//! Apart from mapping because this is for people and only reads.

use muster_lang::escape::escape_line;
use muster_lang::file::{Files, Span};
use muster_lang::ir::Program;
use muster_runtime::normalize::{Origin, Setting};

use crate::report::{Color, DIM};

/// Returns a line for each field that is there: its name, its value and what set it.
pub(super) fn event(
    settings: &[Setting],
    program: &Program,
    files: &Files,
    color: Color,
) -> String {
    let there: Vec<&Setting> = settings
        .iter()
        .filter(|one| !one.value.is_missing())
        .collect();
    let name = |setting: &Setting| program.fields[setting.field].name.clone();
    let width = there
        .iter()
        .map(|setting| name(setting).len())
        .max()
        .unwrap_or(0);
    let line = |setting: &&Setting| {
        let value = setting.value.display();
        let set_by = color.paint(DIM, &set_by(files, setting.origin));
        format!(
            "  {:width$}  {}  {set_by}\n",
            name(setting),
            escape_line(&value)
        )
    };
    there.iter().map(line).collect()
}

fn set_by(files: &Files, origin: Origin) -> String {
    match origin {
        Origin::Line(span) => place(files, span),
        Origin::Direct(span) => format!("by its own name, {}", place(files, span)),
        Origin::Default(span) => format!("computed, {}", place(files, span)),
    }
}

fn place(files: &Files, span: Span) -> String {
    let name = files
        .get(span.file)
        .map(|file| &*file.name)
        .unwrap_or_default();
    let line = files.position(span.file, span.start).line;
    format!("{}:{line}", escape_line(name))
}
