//! What digests leave, and where it goes.

use super::support::Folder;

const RULES: &str = r#"
digest first_login = login keep first per identity
digest usage = access summarize per identity every 5m { n = count(), down = sum(bytes.down) }
rule failures "Failures" { when 2+ login_failed as f within 10m where identity same alert low "{count(f)}" }
digest quiet = login_failed drop
"#;

const EVENTS: &str = "\
{\"time\":\"2026-01-05T09:00:00Z\",\"class\":\"auth.login\",\"outcome\":\"success\",\"identity\":\"ana\",\"x\":\"\u{202e}\"}
{\"time\":\"2026-01-05T09:00:01Z\",\"class\":\"auth.login\",\"outcome\":\"success\",\"identity\":\"ana\"}
{\"time\":\"2026-01-05T09:00:02Z\",\"class\":\"access.open\",\"identity\":\"ana\",\"bytes.down\":12345678901234567}
{\"time\":\"2026-01-05T09:00:03Z\",\"class\":\"auth.login\",\"outcome\":\"failure\",\"identity\":\"ana\"}
{\"time\":\"2026-01-05T09:00:04Z\",\"class\":\"auth.login\",\"outcome\":\"failure\",\"identity\":\"ana\"}
{
  \"time\": \"2026-01-05T09:10:00Z\",
  \"class\": \"other\"
}
";

fn folder() -> Folder {
    let folder = Folder::new();
    folder.write("rules.muster", RULES);
    folder.write("events.jsonl", EVENTS);
    folder
}

#[test]
fn digested_events_go_to_a_file_and_alerts_to_standard_output() {
    let folder = folder();
    let arguments = [
        "run",
        "rules.muster",
        "--forward",
        "out.jsonl",
        "--input",
        "events.jsonl",
    ];
    let outcome = folder.run(&arguments).ends(0);
    assert_eq!(outcome.stdout.lines().count(), 1, "{}", outcome.stdout);
    let summary = r#"{"class":"digest","digest":"usage","id":"ID","time":"2026-01-05T09:05:00Z","from":"2026-01-05T09:00:00Z","to":"2026-01-05T09:05:00Z","identity":"ana","n":1,"down":12345678901234567}"#;
    let first = r#"{"time":"2026-01-05T09:00:00Z","class":"auth.login","outcome":"success","identity":"ana","x":"\u202e"}"#;
    let other = r#"{   "time": "2026-01-05T09:10:00Z",   "class": "other" }"#;
    let found = folder.read("out.jsonl");
    let lines: Vec<&str> = found.lines().collect();
    let [one, two, three] = lines.as_slice() else {
        panic!("{found}");
    };
    assert_eq!(*one, first);
    let id = two.split('"').nth(11).unwrap();
    assert_eq!(two.replace(id, "ID"), summary);
    assert_eq!(*three, other);
    outcome.says("forwarded 3 of 6 records (50.0 %), 1 of them summaries;");
}

#[test]
fn what_is_passed_on_is_read_again_without_a_complaint() {
    let folder = folder();
    let arguments = [
        "run",
        "rules.muster",
        "--forward",
        "out.jsonl",
        "--input",
        "events.jsonl",
    ];
    folder.run(&arguments).ends(0);
    let again = [
        "run",
        "rules.muster",
        "--forward",
        "again.jsonl",
        "--strict",
        "--input",
        "out.jsonl",
    ];
    folder.run(&again).ends(0);
    assert_eq!(folder.read("again.jsonl"), folder.read("out.jsonl"));
}

#[test]
fn standard_output_takes_digested_events_only_where_alerts_go_elsewhere() {
    let folder = folder();
    let base = [
        "run",
        "rules.muster",
        "--input",
        "events.jsonl",
        "--forward",
        "-",
    ];
    folder
        .run(&base)
        .ends(2)
        .says("--forward cannot go to standard output, where the alerts go");
    let both = [&base[..], &["--output", "alerts.jsonl"]].concat();
    let outcome = folder.run(&both).ends(0);
    assert_eq!(outcome.stdout.lines().count(), 3);
    assert_eq!(folder.read("alerts.jsonl").lines().count(), 1);
    let same = [&base[..], &["--output", "-"]].concat();
    folder.run(&same).ends(2).says("name the same file");
}

#[test]
fn a_test_counts_what_is_passed_on() {
    let folder = folder();
    folder.write(
        "test.muster",
        "test \"one a person\" {
          at 09:00 login { identity: \"ana\" }
          at 09:01 login { identity: \"ana\" }
          at 09:02 access { identity: \"ana\" }
          expect forwarded 1
        }",
    );
    let outcome = folder.run(&["test", "rules.muster", "test.muster"]).ends(1);
    assert!(
        outcome.stdout.contains("expected 1 forwarded")
            && outcome.stdout.contains("2: `evt_1` at 2026-01-05T09:00:00Z, a summary of `usage` up to 2026-01-05T09:05:00Z, partial"),
        "{}",
        outcome.stdout
    );
}

#[test]
fn digests_that_lose_nothing_are_said_to() {
    let folder = Folder::new();
    let sample = "../stdlib-rules/samples";
    let sample = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(sample);
    let name = |file: &str| sample.join(file).to_str().unwrap().to_owned();
    let (rules, log) = (name("forward.muster"), name("first-day.jsonl"));
    let arguments = [
        "run",
        "std:zero_trust",
        &rules,
        "--verify-digests",
        "--input",
        &log,
    ];
    let outcome = folder.run(&arguments).ends(0);
    assert!(!outcome.stdout.is_empty(), "alerts go where they always go");
    assert!(
        outcome.stderr.contains(" 0 lost, 0 gained\n"),
        "{}",
        outcome.stderr
    );
    assert!(
        outcome
            .stderr
            .contains("forwarded 199 of 242 records (82.2 %)"),
        "{}",
        outcome.stderr
    );
}

#[test]
fn an_alert_that_a_digest_loses_is_told_with_its_reason() {
    let folder = folder();
    let arguments = [
        "run",
        "--quiet",
        "rules.muster",
        "--verify-digests",
        "--input",
        "events.jsonl",
    ];
    let outcome = folder.run(&arguments).ends(1);
    assert_eq!(outcome.stdout.lines().count(), 1);
    let outcome = outcome.says("lost: failures (identity ana) at 2026-01-05T09:00:04Z, ");
    let outcome = outcome.says(" is taken by `quiet`\n");
    outcome.says("digests: 1 alert over all events, 0 over what is passed on: 1 lost, 0 gained");
    folder.write("more.muster", "rule all { when any alert info \"x\" }");
    let more = [
        "run",
        "more.muster",
        "rules.muster",
        "--verify-digests",
        "--input",
        "events.jsonl",
    ];
    folder
        .run(&more)
        .ends(1)
        .says("gained: all at 2026-01-05T09:05:00Z");
    let kept = [&arguments[..], &["--state", "kept"]].concat();
    folder.run(&kept).ends(2);
}
