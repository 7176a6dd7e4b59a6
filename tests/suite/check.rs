//! The checker against its corpus: what programs mean, and what is told about wrong ones.
//!
//! Apart from the suite of the grammar because here names, types and rules are judged, with the real
//! prelude.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use muster_lang::diagnostic::{Code, Diagnostic, Level, render};
use muster_lang::file::{FileId, Files, Origin};
use muster_lang::ir::listing;
use muster_lang::{Compilation, CompileOptions, compile};

/// The first line of a program that is compiled without the prelude.
const ALONE: &str = "# without the prelude";

#[test]
fn every_valid_program_means_something() {
    for (name, text) in programs("valid") {
        let (files, file, compilation) = compiled(&name, &text);
        let told = rendered(&files, compilation.diagnostics.iter().filter(is_judged));
        let program = compilation
            .program
            .unwrap_or_else(|| panic!("{name}:\n{told}"));
        let listing = without_hashes(&listing::file(&program, file));
        snapshot("ir", &name, &format!("{listing}{told}"));
    }
}

#[test]
fn every_invalid_program_is_explained() {
    for (name, text) in programs("invalid") {
        let (files, _, compilation) = compiled(&name, &text);
        assert!(compilation.program.is_none(), "{name} compiles");
        snapshot(
            "invalid",
            &name,
            &rendered(&files, &compilation.diagnostics),
        );
    }
}

#[test]
fn every_page_has_a_wrong_and_a_right_program() {
    // A pack that does not exist is told by who loads packs.
    let checked =
        |code: &&Code| ("M02".."M09").contains(&code.text()) && **code != Code::UnknownPack;
    let mut wrong_pages = Vec::new();
    for code in Code::ALL.iter().filter(checked) {
        let [wrong, right] = examples(code.page())
            .try_into()
            .unwrap_or_else(|blocks: Vec<_>| {
                panic!("{} has {} programs, not two", code.text(), blocks.len())
            });
        let told = codes(&wrong, *code);
        if told != [code.text()] {
            wrong_pages.push(format!("wrong program of {}: {told:?}", code.text()));
        }
        let told = codes(&right, *code);
        if !told.is_empty() {
            wrong_pages.push(format!("right program of {}: {told:?}", code.text()));
        }
    }
    assert!(wrong_pages.is_empty(), "{}", wrong_pages.join("\n"));
}

#[test]
fn the_prelude_and_every_pack_compile_without_a_word() {
    for pack in muster_stdlib::packs() {
        let mut files = prelude();
        for (name, text) in pack.files {
            files.add(*name, *text, Origin::Pack);
        }
        let compilation = compile(&files, &CompileOptions::default());
        assert_eq!(
            rendered(&files, &compilation.diagnostics),
            "",
            "{}",
            pack.name
        );
    }
}

#[test]
fn a_title_is_no_part_of_a_rules_meaning_and_a_bound_is() {
    let rule = |title: &str, within: &str| {
        let text = format!(
            "rule pair \"{title}\" {{ when login as a then login as b within {within} \
             where identity same alert low \"{title}\" }}"
        );
        let (_, _, compilation) = compiled("pair", &text);
        let program = compilation.program.unwrap();
        program
            .rules
            .iter()
            .map(|(_, rule)| rule.meaning.clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(rule("one", "5m"), rule("another", "5m"));
    assert_ne!(rule("one", "5m"), rule("one", "6m"));
}

#[test]
fn a_declaration_that_does_not_parse_blames_no_one_else() {
    let text = "event odd = any where class is is\nrule r \"r\" { when odd alert low \"x\" }";
    let (_, _, compilation) = compiled("torn", text);
    let told: Vec<&str> = compilation
        .diagnostics
        .iter()
        .map(|told| told.code.text())
        .collect();
    assert!(told.iter().all(|code| code.starts_with("M01")), "{told:?}");
}

#[test]
fn deep_and_long_expressions_are_judged_or_refused() {
    let deep = |open: &str, inner: &str, close: &str| {
        format!(
            "event e = any where {}{inner}{}",
            open.repeat(60),
            close.repeat(60)
        )
    };
    let chain = |joint: &str, part: &str, count: usize| {
        format!("event e = any where {}", vec![part; count].join(joint))
    };
    let programs = [
        deep("not (", "id exists", ")"),
        deep("lower(", "id", ")") + " is \"x\"",
        deep("(", "id", " or id)") + " is \"x\"",
        deep("[", "id", "]") + " is \"x\"",
        deep("any of [", "id", "] is id") + " is \"x\"",
        chain(" and ", "id exists", 20_000),
        chain(" or ", "id is \"x\"", 20_000),
        chain(" + ", "1", 20_000) + " > 5",
        chain(" * -", "1", 200) + " > 5",
        format!(
            "event e = any where id in [{}]",
            vec!["\"x\""; 20_000].join(", ")
        ),
        format!("event e = any where raw.x{} exists", "[0]".repeat(20_000)),
    ];
    for text in programs {
        let (_, _, compilation) = compiled("deep", &format!("{ALONE}\n{text}"));
        assert!(compilation.program.is_some() || !compilation.diagnostics.is_empty());
    }
}

#[test]
fn long_chains_of_declarations_are_judged_in_time() {
    let count = 3_000;
    let mut text = format!("{ALONE}\n");
    for index in 0..count {
        let next = index + 1;
        let _ = writeln!(text, "event e{index} = e{next} where id exists");
        let _ = writeln!(text, "field f{index}: text = f{next}");
    }
    let _ = writeln!(text, "event e{count} = any\nfield f{count}: text");
    let _ = writeln!(
        text,
        "rule r \"r\" {{ when e0 where f0 exists alert low \"x\" }}"
    );
    let (files, _, compilation) = compiled("long", &text);
    assert!(
        compilation.program.is_some(),
        "{}",
        rendered(&files, &compilation.diagnostics)
    );
}

#[test]
fn mangled_programs_are_judged_without_a_panic() {
    let texts: Vec<String> = ["valid", "invalid"]
        .into_iter()
        .flat_map(programs)
        .map(|(_, text)| text)
        .collect();
    let words: Vec<&str> = texts
        .iter()
        .flat_map(|text| text.split_whitespace())
        .collect();
    let mut random = Random(1);
    for _ in 0..MANGLED {
        let text = &texts[random.below(texts.len())];
        let declarations: Vec<&str> = text.split("\n\n").collect();
        let chosen = declarations[random.below(declarations.len())];
        let mut tokens: Vec<&str> = chosen.split_inclusive(' ').collect();
        for _ in 0..=random.below(3) {
            tokens.extend([" "]);
            let place = random.below(tokens.len());
            match random.below(3) {
                0 => drop(tokens.remove(place)),
                1 => tokens.insert(place, tokens[random.below(tokens.len())]),
                _ => tokens[place] = words[random.below(words.len())],
            }
        }
        let mut files = Files::new();
        files.add("small.muster", SMALL, Origin::Prelude);
        files.add("mangled.muster", tokens.join(" "), Origin::User);
        let compilation = compile(&files, &CompileOptions::default());
        rendered(&files, &compilation.diagnostics);
        compilation
            .program
            .iter()
            .for_each(|program| drop(listing::program(program)));
    }
}

/// How many mangled programs are tried.
const MANGLED: usize = 400;

/// A prelude small enough to be compiled hundreds of times.
const SMALL: &str = r#"
field outcome: enum(success, failure, denied, unknown)
field resource.sensitivity: enum(public < internal < confidential)
field resource.id: text
field ip: ip
field user_agent: text
field device.id: text
field device.compliant: bool
field bytes.down: size
field changes: list<any>
field actor.groups: list<text>
field port: int
source t { when .x exists time = .t class = auth.login class = access.open class = auth.challenge }
event login = any where class is auth.login and outcome is success
event login_failed = any where class is auth.login and outcome in [failure, denied]
event access = any where class is access.open
event download = access where bytes.down exists
event mfa_challenge = any where class is auth.challenge
memory used_resources = seen resource.id in access per identity for 90d
"#;

/// A sequence of numbers that is the same in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        usize::try_from(self.0 >> 33).unwrap_or(0) % bound.max(1)
    }
}

/// Returns the codes of what is told, advice about tests and notes left out unless they are meant.
fn codes(text: &str, meant: Code) -> Vec<&'static str> {
    let (_, _, compilation) = compiled("page", text);
    let counts = |told: &&Diagnostic| told.code == meant || is_judged(told);
    compilation
        .diagnostics
        .iter()
        .filter(counts)
        .map(|told| told.code.text())
        .collect()
}

fn is_judged(told: &&Diagnostic) -> bool {
    told.code != Code::NoTest && told.level != Level::Note
}

fn compiled(name: &str, text: &str) -> (Files, FileId, Compilation) {
    let mut files = if text.starts_with(ALONE) {
        Files::new()
    } else {
        prelude()
    };
    let file = files.add(format!("{name}.muster"), text, Origin::User);
    let options = CompileOptions {
        params: overrides(text),
    };
    let compilation = compile(&files, &options);
    (files, file, compilation)
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

/// Returns the programs between the fences of a page.
fn examples(page: &str) -> Vec<String> {
    let blocks = page.split("```muster\n").skip(1);
    blocks
        .map(|block| block.split("```").next().unwrap_or_default().to_owned())
        .collect()
}

fn rendered<'d>(files: &Files, diagnostics: impl IntoIterator<Item = &'d Diagnostic>) -> String {
    diagnostics
        .into_iter()
        .fold(String::new(), |mut out, diagnostic| {
            let _ = writeln!(out, "{}\n", render::render(files, diagnostic, false));
            out
        })
}

/// Returns a listing without the hashes of meanings, which change with the prelude.
fn without_hashes(listing: &str) -> String {
    let lines = listing
        .lines()
        .filter(|line| !line.starts_with("  meaning "));
    lines.fold(String::new(), |out, line| out + line + "\n")
}

/// Returns the name and the text of every program of a folder, in order.
#[expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "a corpus is read from its folder"
)]
fn programs(folder: &str) -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("programs/check")
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
        snapshot_path => format!("../programs/check/snapshots/{stage}"),
        prepend_module_to_snapshot => false,
        omit_expression => true,
    }, { insta::assert_snapshot!(name, content) });
}
