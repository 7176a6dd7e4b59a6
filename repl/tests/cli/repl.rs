//! `muster repl` without a terminal: transcripts, hostile lines, and the page of the documentation.
//!
//! Apart from the terminal itself, which only shows and edits these lines.

use crate::support::Folder;

const RULES: &str = include_str!("repl/rules.muster");
const EVENTS: &str = include_str!("repl/events.jsonl");

fn folder() -> Folder {
    let folder = Folder::new();
    folder.write("rules.muster", RULES);
    folder.write("events.jsonl", EVENTS);
    folder
}

/// Returns what a session says to some lines.
fn session(lines: &str) -> String {
    let folder = folder();
    said(&folder, lines)
}

fn said(folder: &Folder, lines: &str) -> String {
    let outcome = folder.run_with(
        &["repl", "rules.muster", "--input", "events.jsonl"],
        lines.as_bytes(),
    );
    assert_eq!(outcome.code, Some(0), "{}", outcome.stderr);
    assert_eq!(outcome.stderr, "");
    outcome.stdout
}

#[test]
fn lines_ask_the_data() {
    insta::assert_snapshot!(session(
        "login\n\
         login where outcome is success show geo.city\n\
         count\n\
         by identity\n\
         login_failed by ip every 5m\n\
         any every 10m\n\
         outcome is failure and identity is \"bo\"\n\
         any by raw.ip\n"
    ));
}

#[test]
fn mistakes_have_the_caret_under_the_line() {
    insta::assert_snapshot!(session(
        "login where outcom is failure\n\
         logn\n\
         login by idntity\n\
         login every 5\n\
         rule x { when login alret low \"x\" }\n\
         :nope\n\
         :wy\n\
         :re\n\
         :alert\n\
         :alert 99\n\
         :why nothing\n\
         :to noon\n\
         :load nothing.jsonl\n\
         :load nothing.muster\n\
         :memory nothing\n"
    ));
}

#[test]
fn declarations_run_at_once() {
    insta::assert_snapshot!(session(
        "rule pair \"Two failures\" {\n  when 2+ login_failed as f within 10m\n\n  where identity same\n  alert low \"{identity}: {count(f)}\"\n}\n\
         rule pair \"Three failures\" {\n  when 3+ login_failed as f within 10m\n  where identity same\n  alert low \"{identity}: {count(f)}\"\n}\n\
         event of_bo = any where\n  identity is \"bo\"\n\
         of_bo count\n\
         rule burst \"Longer\" { when 3+ login_failed as f within 1h where identity same alert low \"{identity}\" }\n\
         :rules\n\
         :show burst\n\
         :reset\n\
         :rules\n"
    ));
}

#[test]
fn why_and_why_not() {
    insta::assert_snapshot!(session(
        ":why impossible_travel ana\n\
         :why not impossible_travel ana at 09:14\n\
         :why not impossible_travel dee\n\
         :why not burst bo\n\
         :why not burst dee\n\
         :why burst\n\
         :why not unanswered dee\n\
         :why not new_device dee at 09:23\n\
         :why not new_device ana\n\
         :why new_device\n\
         :set distance_min 20000km\n\
         :why not impossible_travel ana\n"
    ));
}

#[test]
fn time_goes_forth_and_back() {
    insta::assert_snapshot!(session(
        ":to 09:04\n\
         :alerts\n\
         :state burst bo\n\
         :step 2\n\
         :back\n\
         :at evt_6\n\
         :memory used_ips ana\n\
         :timeline ana\n\
         :run\n\
         :alerts impossible_travel\n\
         :alert 1\n"
    ));
}

#[test]
fn rules_are_listed_compared_and_kept() {
    let folder = folder();
    folder.write("other.muster", RULES.replace("3+", "2+"));
    insta::assert_snapshot!(said(
        &folder,
        ":found\n\
         :sources\n\
         :cost\n\
         :set distance_min 300km\n\
         :diff other.muster\n\
         :test\n\
         :alert 1\n\
         :save test \"near\"\n\
         :save mine.muster\n\
         :help why\n\
         :quit\n\
         login\n"
    ));
    insta::assert_snapshot!("saved", folder.read("mine.muster"));
}

#[test]
fn fields_and_params_are_listed() {
    // The prelude's grow, so only their lines of this program are looked at.
    let text = session(":fields device.c\n:set\n");
    assert!(
        text.contains("\ndevice.compliant  bool  1       false "),
        "{text}"
    );
    assert!(text.contains("\ndistance_min "), "{text}");
    assert!(text.contains(" 500km "), "{text}");
}

#[test]
fn a_rule_that_does_not_compile_is_not_loaded() {
    let folder = folder();
    folder.write("wrong.muster", "rule x { when lgin alert low \"x\" }\n");
    let outcome = folder.run_with(
        &["repl", "wrong.muster", "--input", "events.jsonl"],
        b"login count\n",
    );
    assert_eq!(outcome.code, Some(0));
    assert!(
        outcome.stdout.contains("none of these rules was loaded"),
        "{}",
        outcome.stdout
    );
    assert!(
        outcome.stdout.ends_with("7 of 13 events\n"),
        "{}",
        outcome.stdout
    );
}

#[test]
fn lines_that_make_no_sense_do_no_harm() {
    let pieces = [
        "login",
        "where",
        ":why",
        "not",
        "burst",
        "(",
        ")",
        "{",
        "}",
        "\"",
        "by",
        "every",
        "1h",
        "count",
        "rule",
        "x",
        ":to",
        "09:99",
        ":back",
        "-1",
        "99999999999",
        "is",
        "\u{1b}[31m",
        "\u{202e}",
        ":state",
        ":memory",
        "used_ips",
        "show",
        ",",
        ".",
        "raw",
        ":save",
        "test",
        ":at",
        "::",
        ":",
        "#",
        "[",
        "é",
        "日本",
        ":step",
        ":alert",
        ":set",
        "=",
        ":timeline",
        "every 0h",
        "identity",
        "1e999",
        "\0",
        ":help",
        ":fields",
        "at",
        "when",
        "alert",
    ];
    let mut seed = 7u64;
    let mut next = |bound: usize| {
        seed = seed
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(seed >> 33).unwrap() % bound
    };
    let mut lines = String::new();
    for _ in 0..80 {
        let words: Vec<&str> = (0..1 + next(6))
            .map(|_| pieces[next(pieces.len())])
            .collect();
        // Two empty lines end whatever a bracket left open.
        lines.push_str(&format!("{}\n\n\n", words.join(" ")));
    }
    let folder = folder();
    let outcome = folder.run_with(
        &["repl", "rules.muster", "--input", "events.jsonl"],
        lines.as_bytes(),
    );
    assert_eq!(outcome.code, Some(0), "{}", outcome.stderr);
    assert!(
        !outcome.stdout.contains(['\u{1b}', '\u{202e}', '\0']),
        "{}",
        outcome.stdout
    );
}

#[test]
fn the_page_shows_what_a_session_says() {
    let page = include_str!("../../../docs/repl.md");
    let block = page
        .split("```session\n")
        .nth(1)
        .expect("a transcript")
        .split("```")
        .next()
        .unwrap();
    let is_typed = |line: &&str| line.starts_with("muster> ") || line.starts_with("      > ");
    let typed: Vec<&str> = block.lines().filter(is_typed).collect();
    let script: String = typed
        .iter()
        .map(|line| line.chars().skip(8).chain(['\n']).collect::<String>())
        .collect();
    let shown: Vec<&str> = block
        .lines()
        .filter(|line| !is_typed(line) && !line.starts_with("$ "))
        .collect();
    assert_eq!(shown, session(&script).lines().collect::<Vec<_>>());
}
