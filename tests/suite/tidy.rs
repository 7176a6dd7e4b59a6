//! The shape of the code: heads, lengths, layers, and what the core must not touch.
//!
//! Apart from the lints because no lint knows the layers, or that an exception has become needless.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "a test stops at the first surprise, and reads the files it judges"
)]

use std::path::{Path, PathBuf};

const CRATES: [&str; 5] = ["lang", "runtime", "stdlib-rules", "repl", "tests"];

const LINES_MAX: usize = 500;

/// Files that may not yet keep to the rows of `CONTRIBUTING.md`, with the reason. The list only shrinks.
const STRAY: [(&str, &str, &str); 1] = [(
    "lang/src/syntax/mend.rs",
    "strsim",
    "keywords are compared before there are names to suggest",
)];

/// What the core must not touch, and where it may be touched besides tests.
const IMPURE: [&str; 9] = [
    "std::fs",
    "std::env",
    "TcpStream",
    "TcpListener",
    "UdpSocket",
    "std::thread",
    "SystemTime",
    "std::time::Instant",
    "tokio",
];
const IMPURE_IN: [&str; 3] = ["runtime/src/io/", "repl/", "tests/"];

/// A Rust file of the repository.
struct Source {
    /// Its path from the root.
    name: String,
    text: String,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn read(name: &str) -> String {
    std::fs::read_to_string(root().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn sources() -> Vec<Source> {
    let mut names = Vec::new();
    let mut folders: Vec<String> = CRATES.iter().map(ToString::to_string).collect();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(root().join(&folder)).unwrap() {
            let entry = entry.unwrap();
            let name = format!("{folder}/{}", entry.file_name().to_str().unwrap());
            if name.ends_with(".rs") {
                names.push(name);
            } else if entry.path().is_dir() && !name.ends_with("/target") {
                folders.push(name);
            }
        }
    }
    names.sort();
    assert!(names.len() > 200, "only {} files found", names.len());
    let source = |name: String| Source {
        text: read(&name),
        name,
    };
    names.into_iter().map(source).collect()
}

impl Source {
    fn is_under(&self, folders: &[&str]) -> bool {
        folders.iter().any(|folder| self.name.starts_with(folder))
    }

    /// Tells whether all of it is test code.
    fn is_test(&self) -> bool {
        self.name.starts_with("tests/")
            || self.name.contains("/tests/")
            || self.name.ends_with("/tests.rs")
            || self.name.ends_with("_test.rs")
    }

    /// Returns its lines without comments and without the tests at its end.
    fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        let end = self.text.find("#[cfg(test)]\nmod tests {");
        let text = self.text.get(..end.unwrap_or(self.text.len())).unwrap();
        let lines = text.lines().map(|line| line.split("//").next().unwrap());
        lines.enumerate().map(|(number, line)| (number + 1, line))
    }

    /// Returns the places where the code speaks of a name.
    fn mentions(&self, name: &str) -> Vec<String> {
        let lines = self.code().filter(|(_, line)| has_word(line, name));
        lines
            .map(|(number, line)| format!("{}:{number}: {}", self.name, line.trim()))
            .collect()
    }
}

/// Tells whether a line has a path as a whole, and not as part of a longer word.
fn has_word(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        let before = line.get(..at).unwrap().chars().next_back();
        let after = line.get(at + word.len()..).unwrap().chars().next();
        let is_part = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
        !is_part(before) && (word.ends_with(':') || !is_part(after))
    })
}

fn assert_none(wrong: &[String]) {
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_file_says_what_it_is() {
    let headless = sources()
        .into_iter()
        .filter(|source| !source.text.starts_with("//! "));
    let names: Vec<String> = headless.map(|source| source.name).collect();
    assert_none(&names);
}

#[test]
fn no_file_is_long() {
    let lines = |source: &Source| source.text.lines().count();
    let sources = sources();
    let long = sources.iter().filter(|source| lines(source) > LINES_MAX);
    let wrong = long.map(|source| {
        format!(
            "{}: {} lines, at most {LINES_MAX}",
            source.name,
            lines(source)
        )
    });
    assert_none(&wrong.collect::<Vec<_>>());
}

#[test]
fn nothing_is_put_off() {
    let words = [
        concat!("TO", "DO"),
        concat!("FIX", "ME"),
        concat!("XX", "X"),
    ];
    let mut wrong = Vec::new();
    for source in sources() {
        for (number, line) in source.text.lines().enumerate() {
            if words.iter().any(|word| has_word(line, word)) {
                wrong.push(format!("{}:{}: {}", source.name, number + 1, line.trim()));
            }
        }
    }
    assert_none(&wrong);
}

#[test]
fn the_core_has_no_clock_file_environment_or_thread() {
    let core = sources()
        .into_iter()
        .filter(|source| !source.is_under(&IMPURE_IN) && !source.is_test());
    let wrong = core.flat_map(|source| {
        IMPURE
            .iter()
            .flat_map(|name| source.mentions(name))
            .collect::<Vec<_>>()
    });
    assert_none(&wrong.collect::<Vec<_>>());
}

/// Returns the modules of the runtime from the lowest layer to the highest, as `ARCHITECTURE.md` has them.
fn layers() -> Vec<Vec<String>> {
    let text = read("ARCHITECTURE.md");
    let (_, order) = text.split_once("Within `runtime`, from below: ").unwrap();
    let (order, _) = order.split_once("\n\n").unwrap();
    let layer = |part: &str| -> Vec<String> {
        let names = part.split('`').nth(1).unwrap().split(',');
        names.map(|name| name.trim().to_owned()).collect()
    };
    order.split('<').map(layer).collect()
}

#[test]
fn no_layer_of_the_runtime_names_a_higher_one() {
    let layers = layers();
    let height = |name: &str| {
        layers
            .iter()
            .position(|layer| layer.iter().any(|one| one == name))
    };
    let mut wrong = Vec::new();
    for source in sources().into_iter().filter(|source| !source.is_test()) {
        let Some(inside) = source.name.strip_prefix("runtime/src/") else {
            continue;
        };
        let module = inside.split(['/', '.']).next().unwrap();
        if module == "lib" {
            continue;
        }
        let Some(own) = height(module) else {
            wrong.push(format!("{}: `{module}` is in no layer", source.name));
            continue;
        };
        let higher = layers.iter().skip(own + 1).flatten();
        wrong.extend(higher.flat_map(|name| source.mentions(&format!("crate::{name}"))));
    }
    assert_none(&wrong);
}

#[test]
fn crates_stand_in_a_line() {
    let allowed: [(&str, &[&str]); 4] = [
        ("lang", &[]),
        ("runtime", &["muster-lang"]),
        ("stdlib-rules", &[]),
        ("repl", &["muster-lang", "muster-runtime", "muster-stdlib"]),
    ];
    let mut wrong = Vec::new();
    for (name, allowed) in allowed {
        let manifest: toml::Table = read(&format!("{name}/Cargo.toml")).parse().unwrap();
        let needs = manifest.get("dependencies").and_then(toml::Value::as_table);
        let ours = needs.into_iter().flat_map(toml::Table::keys);
        let ours = ours.filter(|need| need.starts_with("muster"));
        let stray = ours.filter(|need| !allowed.contains(&need.as_str()));
        wrong.extend(stray.map(|need| format!("`{name}` depends on `{need}`")));
    }
    assert_none(&wrong);
}

/// A row of the table of dependencies that names places and nothing else.
struct Row {
    crates: Vec<String>,
    places: Vec<String>,
}

fn rows() -> Vec<Row> {
    let text = read("CONTRIBUTING.md");
    let (_, table) = text.split_once("| crate | where | why |").unwrap();
    let lines = table.lines().filter(|line| line.starts_with("| "));
    lines.filter_map(row).collect()
}

fn row(line: &str) -> Option<Row> {
    let mut cells = line.split('|').skip(1).map(str::trim);
    let (crates, places) = (cells.next()?, cells.next()?);
    let mut found: Vec<String> = Vec::new();
    for place in places.split(", ") {
        let place = place.strip_prefix('`')?.strip_suffix('`')?;
        // `runtime/src/decode`, `encode`: the second stands beside the first.
        let beside = found.last().and_then(|last| last.rsplit_once('/'));
        let path = match beside {
            Some((folder, _)) if !root().join(place).exists() => format!("{folder}/{place}"),
            _ => place.to_owned(),
        };
        assert!(root().join(&path).exists(), "CONTRIBUTING.md: no `{path}`");
        found.push(path);
    }
    Some(Row {
        crates: crates
            .split(", ")
            .map(|name| name.replace('-', "_"))
            .collect(),
        places: found,
    })
}

#[test]
fn dependencies_are_used_where_contributing_says() {
    let rows = rows();
    let named = |name: &str| {
        rows.iter()
            .any(|row| row.crates.iter().any(|one| one == name))
    };
    assert!(named("pest") && named("serde_json") && named("tokio") && named("logos"));
    let mut wrong = Vec::new();
    let mut excused = [false; STRAY.len()];
    for source in sources().into_iter().filter(|source| !source.is_test()) {
        for row in &rows {
            if row
                .places
                .iter()
                .any(|place| source.name.starts_with(place.as_str()))
            {
                continue;
            }
            for name in &row.crates {
                let mentions = source.mentions(&format!("{name}::"));
                let stray = STRAY
                    .iter()
                    .position(|(file, stray, _)| *file == source.name && stray == name);
                match stray.and_then(|at| excused.get_mut(at)) {
                    Some(excused) => *excused |= !mentions.is_empty(),
                    None => wrong.extend(mentions),
                }
            }
        }
    }
    let needless = STRAY.iter().zip(excused).filter(|(_, used)| !used);
    wrong.extend(
        needless.map(|((file, name, _), _)| format!("{file}: `{name}` needs no exception")),
    );
    assert_none(&wrong);
}
