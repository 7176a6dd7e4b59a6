//! What rules say of themselves: every rule of the checker's corpus and of the packs, as explained.
//!
//! Apart from the checker's suite because these pages are read by analysts, and judged as prose.

#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "a test stops at the first surprise, and reads the files it judges"
)]

use std::path::Path;

use muster_lang::explain;
use muster_lang::file::{FileId, Files, Origin};
use muster_lang::ir::TableId;
use muster_lang::{CompileOptions, compile};
use muster_runtime::lookup::Lookups;

#[test]
fn every_rule_of_the_corpus_is_explained() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("programs/check/valid");
    let entries = std::fs::read_dir(folder).unwrap();
    let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    for path in paths {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let text = std::fs::read_to_string(&path).unwrap();
        let mut files = if text.starts_with("# without the prelude") {
            Files::new()
        } else {
            prelude()
        };
        let file = files.add(format!("{name}.muster"), text.clone(), Origin::User);
        let explained = explained(&files, &overrides(&text), &[file]);
        if !explained.is_empty() {
            snapshot(&name, &without_feeds(&explained));
        }
    }
}

#[test]
fn every_rule_of_the_packs_is_explained_by_its_names() {
    for pack in muster_stdlib::packs() {
        let mut files = prelude();
        let added: Vec<FileId> = pack
            .files
            .iter()
            .map(|(name, text)| files.add(*name, *text, Origin::Pack))
            .collect();
        let explained = explained(&files, &[], &added);
        assert!(explained.contains("\nAlerts "), "{}", pack.name);
        for inner in ["step1", "step2", "`key ", "no source that is loaded"] {
            assert!(!explained.contains(inner), "`{inner}` in:\n{explained}");
        }
    }
}

/// Returns a page without the sources that feed each step, which change with the prelude.
fn without_feeds(page: &str) -> String {
    let mut is_feed = false;
    let kept = page.lines().filter(|line| {
        is_feed = line.starts_with("fed by") || is_feed && line.starts_with("   ");
        !is_feed
    });
    kept.fold(String::new(), |out, line| out + line + "\n")
}

fn explained(files: &Files, params: &[(String, String)], of: &[FileId]) -> String {
    let options = CompileOptions {
        params: params.to_vec(),
    };
    let program = compile(files, &options).program.unwrap();
    let rules = program
        .rules
        .iter()
        .filter(|(_, rule)| of.contains(&rule.span.file));
    // A table that only a user has is not there: of its columns nothing is known.
    let lookups = Lookups::load(&program, &mut |table| {
        let bytes = muster_stdlib::data(&table.path).map(<[u8]>::to_vec);
        bytes.ok_or_else(|| "not there".to_owned())
    });
    let columns = |table: TableId, column: &str| Some(lookups.as_ref().ok()?.values(table, column));
    let pages: Vec<String> = rules
        .map(|(id, _)| explain::rule(&program, id, &columns))
        .collect();
    pages.join("\n")
}

fn prelude() -> Files {
    let mut files = Files::new();
    for (name, text) in muster_stdlib::prelude() {
        files.add(*name, *text, Origin::Prelude);
    }
    files
}

/// Returns what a command line in the first comment sets: `# muster run … --set NAME=VALUE`.
fn overrides(text: &str) -> Vec<(String, String)> {
    let first = text.lines().next().unwrap_or_default();
    let sets = first.split(" --set ").skip(1);
    sets.filter_map(|set| set.split_once('='))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

fn snapshot(name: &str, content: &str) {
    insta::with_settings!({
        snapshot_path => "../programs/check/snapshots/explain",
        prepend_module_to_snapshot => false,
        omit_expression => true,
    }, { insta::assert_snapshot!(name, content) });
}
