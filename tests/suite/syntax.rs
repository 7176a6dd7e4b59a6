//! The grammar against its corpus.
//!
//! Apart from the units of the parser because a whole program is read here as its author wrote it.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use muster_lang::diagnostic::{Code, Diagnostic, render};
use muster_lang::file::{FileId, Files, Origin};
use muster_lang::syntax::{self, Parsed, format, listing};

#[test]
fn every_valid_program_has_a_tree() {
    for (name, text) in programs("valid") {
        let (files, _, parsed) = parse(&name, &text);
        assert_eq!(
            rendered(&files, &parsed.diagnostics),
            "",
            "{name} does not parse"
        );
        snapshot("ast", &name, &listing::module(&parsed.module));
    }
}

#[test]
fn every_valid_program_has_a_canonical_layout() {
    for (name, text) in programs("valid") {
        let laid_out = format::format(&text).unwrap_or_else(|told| panic!("{name}: {told:?}"));
        assert_eq!(
            format::format(&laid_out).as_ref(),
            Ok(&laid_out),
            "{name} moves twice"
        );
        let (_, _, before) = parse(&name, &text);
        let (_, _, after) = parse(&name, &laid_out);
        assert_eq!(
            listing::module(&before.module),
            listing::module(&after.module),
            "{name}"
        );
        snapshot("format", &name, &laid_out);
    }
}

#[test]
fn every_invalid_program_is_explained() {
    for (name, text) in programs("invalid") {
        let (files, _, parsed) = parse(&name, &text);
        assert!(!parsed.diagnostics.is_empty(), "{name} parses");
        snapshot("invalid", &name, &rendered(&files, &parsed.diagnostics));
    }
}

#[test]
fn every_page_has_a_wrong_and_a_right_program() {
    for code in Code::ALL
        .iter()
        .filter(|code| code.text().starts_with("M01"))
    {
        let [wrong, right] =
            examples(code.page())
                .try_into()
                .unwrap_or_else(|blocks: Vec<String>| {
                    panic!("{} has {} programs, not two", code.text(), blocks.len())
                });
        let wrong = if *code == Code::TooLong {
            wrong.repeat(1 << 15)
        } else {
            wrong
        };
        let (_, _, parsed) = parse("wrong", &wrong);
        let told: Vec<&str> = parsed
            .diagnostics
            .iter()
            .map(|told| told.code.text())
            .collect();
        assert_eq!(told, [code.text()], "the wrong program of {}", code.text());
        let (files, _, parsed) = parse("right", &right);
        assert_eq!(
            rendered(&files, &parsed.diagnostics),
            "",
            "the right program of {}",
            code.text()
        );
    }
}

/// Returns the programs between the fences of a page.
fn examples(page: &str) -> Vec<String> {
    let blocks = page.split("```muster\n").skip(1);
    blocks
        .map(|block| block.split("```").next().unwrap_or_default().to_owned())
        .collect()
}

fn parse(name: &str, text: &str) -> (Files, FileId, Parsed) {
    let mut files = Files::new();
    let id = files.add(name, text, Origin::User);
    let parsed = syntax::parse(&files, id);
    (files, id, parsed)
}

fn rendered(files: &Files, diagnostics: &[Diagnostic]) -> String {
    diagnostics
        .iter()
        .fold(String::new(), |mut out, diagnostic| {
            let _ = writeln!(out, "{}\n", render::render(files, diagnostic, false));
            out
        })
}

/// Returns the name and the text of every program of a folder, in order.
#[expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "a corpus is read from its folder"
)]
fn programs(folder: &str) -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("programs")
        .join(folder);
    let entries = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let mut paths: Vec<PathBuf> = entries.collect();
    paths.sort();
    let name = |path: &Path| path.file_stem().unwrap().to_string_lossy().into_owned();
    paths
        .iter()
        .map(|path| (name(path), std::fs::read_to_string(path).unwrap()))
        .collect()
}

fn snapshot(stage: &str, name: &str, content: &str) {
    insta::with_settings!({
        snapshot_path => format!("../programs/snapshots/{stage}"),
        prepend_module_to_snapshot => false,
        omit_expression => true,
    }, { insta::assert_snapshot!(name, content) });
}
