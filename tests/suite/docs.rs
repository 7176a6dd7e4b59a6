//! Every example of the documentation: that it compiles, that its tests hold, that its links lead somewhere.
//!
//! Apart from the other suites because what is tested here is what a reader is told.
//!
//! How a block is marked, after its three backquotes:
//!
//! - `muster`: a program. It has no error beside the prelude, an engine runs it, its tests hold.
//! - `muster,fragment`: conditions, one a line; each is put into `rule … { when login where (…) … }`.
//! - `muster,wrong`: a program that has an error of the code in its first comment, `# M0101 …`.
//! - `csv people.csv`: the table of that name, for the programs of the same page.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "a test stops at the first surprise, and reads the pages it tests"
)]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use muster_lang::diagnostic::{Level, render};
use muster_lang::{CompileOptions, compile};
use muster_runtime::encode;
use muster_runtime::engine::Engine;
use muster_runtime::lookup::Lookups;
use muster_runtime::options::{EndOfInput, Options};
use muster_runtime::scenario;
use muster_tests::harness;
use serde_json::Value as Json;

/// Fewer blocks than these mean that the pages are not found, or their marks not understood.
const PROGRAMS_MIN: usize = 35;
const CONDITIONS_MIN: usize = 8;
const WRONG_MIN: usize = 10;

/// A page of the documentation.
struct Page {
    /// Its path from the root of the repository.
    name: String,
    text: String,
}

/// What stands between two lines of three backquotes.
struct Block {
    /// The line of its first backquotes, from 1.
    line: usize,
    /// What stands behind them.
    mark: String,
    text: String,
}

/// The root of the repository.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn pages() -> Vec<Page> {
    let mut names = vec!["README.md".to_owned(), "ARCHITECTURE.md".to_owned()];
    let mut folders = vec!["docs".to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(root().join(&folder)).unwrap() {
            let entry = entry.unwrap();
            let name = format!("{folder}/{}", entry.file_name().to_str().unwrap());
            if entry.path().is_dir() {
                folders.push(name);
            } else if name.ends_with(".md") {
                names.push(name);
            }
        }
    }
    names.sort();
    let page = |name: String| Page {
        text: read(&name),
        name,
    };
    names.into_iter().map(page).collect()
}

fn read(name: &str) -> String {
    std::fs::read_to_string(root().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

impl Page {
    /// Returns the blocks, with the indent of their first line taken from each.
    fn blocks(&self) -> Vec<Block> {
        let mut blocks: Vec<Block> = Vec::new();
        let mut indent = None;
        for (number, line) in self.text.lines().enumerate() {
            let bare = line.trim_start();
            let is_fence = bare.starts_with("```");
            match (indent, is_fence) {
                (None, true) => {
                    indent = Some(line.len() - bare.len());
                    blocks.push(Block {
                        line: number + 1,
                        mark: bare.trim_start_matches('`').trim().to_owned(),
                        text: String::new(),
                    });
                }
                (Some(_), true) => indent = None,
                (Some(spaces), false) => {
                    let text = line.get(spaces..).unwrap_or(bare);
                    let block = blocks.last_mut().unwrap();
                    writeln!(block.text, "{text}").unwrap();
                }
                (None, false) => {}
            }
        }
        assert!(indent.is_none(), "{}: a block does not end", self.name);
        blocks
    }

    /// Returns the tables that stand on the page, by file name.
    fn tables(&self) -> BTreeMap<String, Vec<u8>> {
        let named = |block: Block| {
            let name = block.mark.strip_prefix("csv ")?.trim().to_owned();
            Some((name, block.text.into_bytes()))
        };
        self.blocks().into_iter().filter_map(named).collect()
    }

    /// Returns what is said of the blocks of a mark, and how many there are.
    fn judge(&self, mark: &str, judge: impl Fn(&Block) -> Vec<String>) -> (usize, Vec<String>) {
        let blocks = self.blocks();
        let ours: Vec<&Block> = blocks.iter().filter(|block| block.mark == mark).collect();
        let told = ours.iter().flat_map(|block| {
            let place = format!("{}:{}", self.name, block.line);
            judge(block)
                .into_iter()
                .map(move |text| format!("{place}: {text}"))
        });
        (ours.len(), told.collect())
    }
}

/// Returns the errors of a program beside the prelude: their codes, and how they are shown.
fn errors(text: &str) -> Vec<(String, String)> {
    let files = harness::files(text);
    let diagnostics = compile(&files, &CompileOptions::default()).diagnostics;
    let errors = diagnostics.iter().filter(|one| one.level == Level::Error);
    errors
        .map(|one| {
            let shown = render::render(&files, one, false);
            (one.code.text().to_owned(), shown)
        })
        .collect()
}

/// Returns what is wrong with a program: it does not compile, does not run, or a test of it fails.
fn faults(text: &str, tables: &BTreeMap<String, Vec<u8>>) -> Vec<String> {
    let files = harness::files(text);
    let compilation = compile(&files, &CompileOptions::default());
    let Some(program) = compilation.program.map(Arc::new) else {
        return errors(text).into_iter().map(|(_, shown)| shown).collect();
    };
    let lookups = Lookups::load(&program, &mut |table| {
        let embedded = || muster_stdlib::data(&table.path).map(<[u8]>::to_vec);
        let of_page = tables.get(&*table.path).cloned();
        of_page
            .or_else(embedded)
            .ok_or_else(|| format!("the page has no block `csv {}`", table.path))
    });
    let lookups = match lookups {
        Ok(lookups) => Arc::new(lookups),
        Err(errors) => return vec![format!("{errors:?}")],
    };
    if let Err(error) = Engine::new(program.clone(), lookups.clone(), Options::default(), None) {
        return vec![error.to_string()];
    }
    let mut wrong = Vec::new();
    for test in &program.tests {
        let mut read = |_: &str, _| Err("no file is fed".to_owned());
        let report = scenario::run(&program, &lookups, test, &mut read).unwrap();
        let failures = report.failures.iter();
        wrong.extend(failures.map(|why| format!("test `{}`: {why:?}", test.name)));
    }
    wrong
}

fn told_of_all(mark: &str, blocks_min: usize, judge: impl Fn(&Page, &Block) -> Vec<String>) {
    let mut count = 0;
    let mut told = Vec::new();
    for page in pages() {
        let (blocks, wrong) = page.judge(mark, |block| judge(&page, block));
        count += blocks;
        told.extend(wrong);
    }
    assert!(told.is_empty(), "{}", told.join("\n\n"));
    assert!(
        count >= blocks_min,
        "expected {blocks_min} blocks of `{mark}` or more, found {count}"
    );
}

#[test]
fn every_program_compiles_and_runs_and_its_tests_hold() {
    told_of_all("muster", PROGRAMS_MIN, |page, block| {
        faults(&block.text, &page.tables())
    });
}

#[test]
fn every_condition_compiles() {
    told_of_all("muster,fragment", CONDITIONS_MIN, |_, block| {
        let lines = block.text.lines().map(str::trim);
        let conditions = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
        let faults = conditions.flat_map(|line| {
            let rule =
                format!("rule fragment {{\n when login where (\n{line}\n) alert low \"f\" }}");
            errors(&rule)
        });
        faults.map(|(_, shown)| shown).collect()
    });
}

#[test]
fn every_wrong_program_is_told_what_its_comment_says() {
    told_of_all("muster,wrong", WRONG_MIN, |_, block| {
        let comment = block
            .text
            .lines()
            .find_map(|line| line.trim().strip_prefix('#'));
        let words = comment.unwrap_or_default().split_whitespace();
        let code = words
            .map(|word| word.trim_matches([':', '.', ',', ';']))
            .next();
        let errors = errors(&block.text);
        if errors.iter().any(|(found, _)| Some(found.as_str()) == code) {
            return Vec::new();
        }
        let shown: Vec<String> = errors.into_iter().map(|(_, shown)| shown).collect();
        vec![format!("expected {code:?}, found\n{}", shown.join("\n"))]
    });
}

#[test]
fn every_block_of_rules_is_marked_in_one_of_the_known_ways() {
    let known = ["muster", "muster,fragment", "muster,wrong"];
    for page in pages() {
        for block in page.blocks() {
            let is_known = !block.mark.starts_with("muster") || known.contains(&&*block.mark);
            assert!(is_known, "{}:{}: `{}`", page.name, block.line, block.mark);
        }
    }
}

#[test]
fn every_link_leads_to_a_file_and_a_heading() {
    let mut dead = Vec::new();
    for page in pages() {
        for target in page.text.split("](").skip(1) {
            let target = target.split(')').next().unwrap();
            if !target.contains("://") && !is_there(&page, target) {
                dead.push(format!("{}: {target}", page.name));
            }
        }
    }
    assert!(dead.is_empty(), "{}", dead.join("\n"));
}

fn is_there(page: &Page, target: &str) -> bool {
    let (file, heading) = target.split_once('#').unwrap_or((target, ""));
    let folder = Path::new(&page.name).parent().unwrap();
    let path = if file.is_empty() {
        PathBuf::from(&page.name)
    } else {
        folder.join(file)
    };
    if !root().join(&path).exists() {
        return false;
    }
    heading.is_empty()
        || read(path.to_str().unwrap())
            .lines()
            .filter(|line| line.starts_with('#'))
            .any(|line| anchor(line) == heading)
}

/// Returns what a heading is called in links.
fn anchor(line: &str) -> String {
    let text = line.trim_start_matches('#').trim().to_lowercase();
    let kept = text
        .chars()
        .filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.map(|c| if c == ' ' { '-' } else { c }).collect()
}

fn readme() -> Page {
    Page {
        name: "README.md".to_owned(),
        text: read("README.md"),
    }
}

#[test]
fn the_alert_of_the_readme_is_what_its_rule_says_of_its_two_lines() {
    let blocks = readme().blocks();
    let of_mark =
        |mark: &str| -> Vec<&Block> { blocks.iter().filter(|block| block.mark == mark).collect() };
    let (rule, json) = (of_mark("muster"), of_mark("json"));
    let records: Vec<String> = json[0].text.lines().map(str::to_owned).collect();
    assert_eq!(records.len(), 2);
    let loaded = harness::load(&rule[0].text).expect("the rule compiles");
    for records in [records.clone(), records.into_iter().rev().collect()] {
        let outcome = harness::run(
            &loaded,
            &records,
            Options::default(),
            EndOfInput::Pending,
            1,
        )
        .unwrap();
        assert_eq!(outcome.alerts.len(), 1);
        let line = encode::json::alert(&outcome.alerts[0]);
        let alert = serde_json::from_str(&line).unwrap();
        assert_shown(&json[1].text, &alert);
        let output = Page {
            name: "docs/language/output.md".to_owned(),
            text: read("docs/language/output.md"),
        };
        let whole = output
            .blocks()
            .into_iter()
            .find(|block| block.mark == "json");
        let keys = assert_shown(&whole.unwrap().text, &alert);
        assert_eq!(keys, alert.as_object().unwrap().len(), "a key is not shown");
    }
}

/// Compares the keys of an alert that a page shows, and returns how many; `…` stands for what it leaves out.
fn assert_shown(shown: &str, found: &Json) -> usize {
    let whole = shown.trim().replace(", …}", "}");
    let shown: Json = serde_json::from_str(&whole).unwrap();
    let shown = shown.as_object().unwrap();
    assert!(shown.len() >= 5);
    for (key, value) in shown {
        let start = value.as_str().and_then(|text| text.strip_suffix('…'));
        match start {
            Some(start) => assert!(
                found[key].as_str().unwrap().starts_with(start),
                "{key}: {}",
                found[key]
            ),
            None => assert_eq!(&found[key], value, "{key}"),
        }
    }
    shown.len()
}

#[test]
fn the_commands_of_the_readme_are_those_of_the_command_line() {
    let text = readme().text;
    let blocks = readme().blocks();
    let console = blocks.iter().filter(|block| block.mark == "console");
    let of_readme: Vec<&str> = console
        .flat_map(|block| block.text.lines())
        .filter_map(|line| line.strip_prefix("$ muster ")?.split_whitespace().next())
        .collect();
    let line = read("repl/src/cli.rs");
    let enumeration = line.split_once("enum Command {").unwrap().1;
    let enumeration = enumeration.split_once("\n}").unwrap().0;
    let commands: Vec<String> = enumeration
        .lines()
        .filter_map(|line| line.trim().split_once('('))
        .map(|(name, _)| name.to_lowercase())
        .collect();
    assert!(commands.len() >= 6, "{commands:?}");
    let mut sorted = (of_readme.clone(), commands.clone());
    sorted.0.sort_unstable();
    sorted.1.sort_unstable();
    assert_eq!(sorted.0, sorted.1);

    let exit = read("repl/src/exit.rs");
    let code = |line: &str| {
        line.trim()
            .strip_prefix("Exit::")?
            .split_once(" => ")?
            .1
            .split(',')
            .next()?
            .parse()
            .ok()
    };
    let codes: Vec<u8> = exit.lines().filter_map(code).collect();
    assert!(codes.len() >= 6, "{codes:?}");
    let promised = text.split_once("Exit codes: ").unwrap().1;
    let promised = promised.split_once("\n\n").unwrap().0;
    let words = promised.split(|c: char| !c.is_ascii_alphanumeric());
    let mut numbers: Vec<u8> = words.filter_map(|word| word.parse().ok()).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, codes);
}
