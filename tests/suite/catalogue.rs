//! The pages that are made of rule files: one for each pack, one for each source, and the table of requirements.
//!
//! Apart from the other suites because it writes what it tests: with `MUSTER_WRITE_DOCS=1` the pages are
//! written anew, without it they must be what the files say.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "a test stops at the first surprise, and reads the pages it tests"
)]

mod library;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use muster_lang::explain;
use muster_lang::ir::{Program, TableId};
use muster_lang::value::json;
use muster_runtime::lookup::Lookups;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Compares a page with what it should be, or writes it.
fn keep(path: &str, text: &str) -> Option<String> {
    let file = root().join(path);
    if std::env::var_os("MUSTER_WRITE_DOCS").is_some() {
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(&file, text).unwrap();
        return None;
    }
    let held = fs::read_to_string(&file).unwrap_or_default();
    (held != text).then(|| path.to_owned())
}

fn assert_kept(stale: &[String]) {
    assert!(
        stale.is_empty(),
        "written anew by `MUSTER_WRITE_DOCS=1 cargo test --test catalogue`: {}",
        stale.join(" ")
    );
}

#[test]
fn every_pack_has_its_page() {
    let stale = muster_stdlib::packs().iter().filter_map(|pack| {
        let (program, lookups) = library::load(Some(pack.name));
        keep(
            &format!("docs/rules/{}.md", pack.name),
            &pack_page(pack, &program, &lookups),
        )
    });
    assert_kept(&stale.collect::<Vec<_>>());
}

fn pack_page(pack: &muster_stdlib::Pack, program: &Program, lookups: &Lookups) -> String {
    let columns = |table: TableId, column: &str| Some(lookups.values(table, column));
    let name = pack.name;
    let mut out = format!(
        "# Pack `{name}`\n\nThis page is made from the files in `stdlib-rules/packs/{name}`, one for each rule with its tests.\n\
         `muster run std:{name}` runs the pack, `muster test std:{name}` its tests; `muster doc std:{name}` prints this of\n\
         the sources you load. The tables, lists and calendars it reads are examples: see [packs](README.md).\n\n"
    );
    let params = params(pack);
    if !params.is_empty() {
        out.push_str("## Parameters\n\n| parameter | default | meaning |\n|---|---|---|\n");
        out.push_str(&params);
        out.push('\n');
    }
    let pages = program
        .rules
        .iter()
        .map(|(id, _)| explain::rule_page(program, id, &columns));
    out.push_str(&pages.collect::<Vec<_>>().join("\n"));
    out
}

/// Returns a row for each parameter of a pack, as its files write it.
fn params(pack: &muster_stdlib::Pack) -> String {
    let mut rows = String::new();
    for (_, text) in pack.files {
        let text = text.replace("\n  \"", " \"");
        for line in text.lines().filter(|line| line.starts_with("param ")) {
            let (name, rest) = line.trim_start_matches("param ").split_once(" = ").unwrap();
            let (value, doc) = rest.split_once(" \"").unwrap_or((rest, ""));
            let _ = writeln!(
                rows,
                "| `{name}` | {value} | {} |",
                doc.trim_end_matches('"')
            );
        }
    }
    rows
}

/// A record of a product and what becomes of it.
#[derive(serde::Deserialize)]
struct Case {
    name: String,
    record: String,
    source: Option<String>,
    #[serde(default)]
    fields: toml::Table,
}

#[derive(serde::Deserialize)]
struct Corpus {
    case: Vec<Case>,
}

/// Returns the cases of each source.
fn cases() -> BTreeMap<String, Vec<Case>> {
    let mut cases: BTreeMap<String, Vec<Case>> = BTreeMap::new();
    let mut paths: Vec<PathBuf> = fs::read_dir(root().join("tests/conformance/sources"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    for path in paths {
        let corpus: Corpus = toml::from_str(&fs::read_to_string(path).unwrap()).unwrap();
        for case in corpus.case {
            if let Some(source) = case.source.clone() {
                cases.entry(source).or_default().push(case);
            }
        }
    }
    cases
}

#[test]
fn every_source_has_its_page() {
    let (program, lookups) = library::load(None);
    let columns = |table: TableId, column: &str| Some(lookups.values(table, column));
    let cases = cases();
    let mut stale = Vec::new();
    let mut index = String::new();
    for (id, source) in program.sources.iter() {
        let name = &*source.name;
        let page = explain::source_page(&program, id, &columns);
        let text = source_page(name, &source.doc, &page, cases.get(name));
        let _ = writeln!(index, "- [`{name}`]({name}.md): {}", source.doc);
        stale.extend(keep(&format!("docs/sources/{name}.md"), &text));
    }
    let index = format!(
        "# Every source\n\nIn the order they are asked; the first that takes a record makes its events. Each page is made from the source's\n\
         file and its cases. What they have in common stands in [sources](../sources.md).\n\n{index}"
    );
    stale.extend(keep("docs/sources/README.md", &index));
    assert_kept(&stale);
}

fn source_page(name: &str, doc: &str, page: &str, cases: Option<&Vec<Case>>) -> String {
    let mut out = format!("# {name}\n\n**{doc}.**");
    let intro = intro(name);
    if !intro.is_empty() {
        let _ = write!(out, " {intro}");
    }
    let _ = write!(out, "\n\n{page}");
    let cases = cases.unwrap_or_else(|| panic!("`{name}` has no case"));
    let first = cases.iter().find(|case| !case.fields.is_empty()).unwrap();
    out.push_str("\n## Traps it handles\n\nEach is a case of the suite, with its record.\n\n");
    for case in cases {
        let _ = writeln!(out, "- {}", case.name);
    }
    let (before, after) = (pretty(&first.record), fields(&first.fields));
    let _ = write!(
        out,
        "\n## A record\n\nBefore:\n\n```text\n{before}\n```\n\nAfter:\n\n```text\n{after}```\n"
    );
    out
}

/// Returns what the head of a source's file says of the product.
fn intro(name: &str) -> String {
    let files = muster_stdlib::prelude().iter();
    let declares = format!("source {name} ");
    let text = files
        .map(|(_, text)| *text)
        .find(|text| text.contains(&declares))
        .unwrap();
    let lines = text.lines().take_while(|line| line.starts_with('#'));
    lines
        .map(|line| line.trim_start_matches('#').trim())
        .collect::<Vec<_>>()
        .join(" ")
}

/// Returns a record with a line for each of its keys, if it is JSON.
fn pretty(record: &str) -> String {
    let Some(muster_lang::value::Value::Record(record)) = json::parse(record) else {
        return record.to_owned();
    };
    let lines = record
        .entries
        .iter()
        .map(|(key, value)| format!("{key}: {}", json::write(value)));
    lines.collect::<Vec<_>>().join("\n")
}

fn fields(fields: &toml::Table) -> String {
    fields.iter().fold(String::new(), |mut out, (name, value)| {
        let value = value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned);
        let _ = writeln!(out, "{name}: {value}");
        out
    })
}

#[test]
fn every_rule_and_test_that_the_requirements_name_is_there() {
    let text = fs::read_to_string(root().join("docs/requirements.md")).unwrap();
    let mut rules: BTreeSet<String> = BTreeSet::new();
    let mut tests: BTreeSet<String> = BTreeSet::new();
    for pack in muster_stdlib::packs() {
        let (program, _): (Arc<Program>, _) = library::load(Some(pack.name));
        rules.extend(program.rules.iter().map(|(_, rule)| rule.name.to_string()));
        let digests = program.digests.iter();
        rules.extend(digests.map(|(_, digest)| digest.name.to_string()));
        tests.extend(program.tests.iter().map(|test| test.name.to_string()));
    }
    let mut wrong = Vec::new();
    let mut told: BTreeSet<String> = BTreeSet::new();
    let mut used: BTreeSet<String> = BTreeSet::new();
    for row in text.lines().filter(|line| line.starts_with("| R")) {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        let [_, number, _, how, proof, ..] = cells.as_slice() else {
            panic!("{row}");
        };
        told.insert((*number).to_owned());
        for name in ticked(how) {
            let known = rules.contains(name) || root().join(name).exists();
            if rules.contains(name) {
                used.insert(name.to_owned());
            }
            if !known {
                wrong.push(format!("{number}: no rule, digest or file `{name}`"));
            }
        }
        for name in ticked(proof) {
            if !tests.contains(name) && !root().join(name).exists() {
                wrong.push(format!("{number}: no test or file `{name}`"));
            }
        }
    }
    let wanted = (1..=65)
        .map(|n| format!("R{n}"))
        .chain(["R54a", "R54b", "R54c"].map(str::to_owned));
    wrong.extend(
        wanted
            .filter(|number| !told.contains(number))
            .map(|number| format!("{number} is not told")),
    );
    wrong.extend(
        rules
            .difference(&used)
            .map(|rule| format!("`{rule}` answers no requirement")),
    );
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Returns what stands between backquotes.
fn ticked(cell: &str) -> impl Iterator<Item = &str> {
    cell.split('`').skip(1).step_by(2)
}
