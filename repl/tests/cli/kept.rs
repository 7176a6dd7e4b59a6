//! `muster state`: what is kept, and erasing someone from it.

#![expect(
    clippy::disallowed_methods,
    reason = "tests read what the binary wrote, and a step that fails fails the test"
)]

use crate::support::Folder;

const SOMEONE: &str = "Someone.Special@corp.example";

/// Keeps people as keys, as values, in waiting matches and in what is suppressed.
const RULES: &str = r#"
event login = any where class is auth.login
event read = any where class is access.read
memory places = seen ip in login per identity for 30d
memory people = distinct identity in login for 30d
memory latest = last identity in login per ip for 30d
rule pair "Pair" {
  when login as a then read as b within 1h where identity same
  alert low "{identity} {b.ip}" suppress 1h
}
rule quiet "Quiet" {
  when read as a within 1h where identity same
  without login within 1h after a
  alert medium "{identity}"
}
rule crowd "Crowd" {
  when 3+ different identity in read as r within 1h global
  alert high "{distinct(r.identity)}"
}
digest firsts = login keep first per identity
digest moves = login keep changes of ip per identity
"#;

fn event(minute: u32, class: &str, who: &str) -> String {
    format!(
        "{{\"time\":\"2026-03-15T09:{minute:02}:00Z\",\"class\":\"{class}\",\"identity\":\"{who}\",\
         \"ip\":\"10.0.0.{minute}\",\"id\":\"e{minute}\"}}\n"
    )
}

fn events() -> String {
    [
        event(0, "auth.login", SOMEONE),
        event(1, "auth.login", "bo"),
        event(2, "access.read", SOMEONE),
        event(3, "access.read", "bo"),
        event(4, "auth.login", SOMEONE),
        event(5, "access.read", SOMEONE),
    ]
    .concat()
}

fn arguments(forwards: bool) -> Vec<&'static str> {
    let mut arguments = vec!["run", "rules.muster", "--input", "events.jsonl"];
    arguments.extend(["--output", "alerts.jsonl", "--state", "state"]);
    if forwards {
        arguments.extend(["--forward", "forward.jsonl"]);
    }
    arguments
}

fn kept(forwards: bool) -> Folder {
    let folder = Folder::new();
    folder.write("rules.muster", RULES);
    folder.write("events.jsonl", events());
    folder.run(&arguments(forwards)).ends(0);
    folder
}

/// Returns the bytes of all snapshots, in lower case.
fn stored(folder: &Folder) -> (usize, String) {
    let mut count = 0;
    let mut all = String::new();
    for entry in std::fs::read_dir(folder.path("state")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|end| end == "state") {
            count += 1;
            all.push_str(&String::from_utf8_lossy(&std::fs::read(path).unwrap()));
        }
    }
    (count, all.to_lowercase())
}

#[test]
fn it_shows_what_each_construct_keeps_and_how_far_files_are() {
    let folder = kept(true);
    let outcome = folder.run(&["state", "state"]).ends(0);
    assert!(outcome.stdout.contains("state/000000000001.state: "));
    let of = |what: &str| {
        let mut lines = outcome.stdout.lines();
        let line = lines.find(|line| line.starts_with(what)).expect(what);
        line.to_owned()
    };
    assert!(
        of("rule quiet").contains("2026-03-15T09:03:00Z"),
        "{}",
        of("rule quiet")
    );
    assert!(of("memory places").split_whitespace().nth(2) == Some("2"));
    assert!(of("digest firsts").split_whitespace().nth(2) == Some("2"));
    let length = events().len();
    assert!(of("read `").ends_with(&format!(
        "events.jsonl` up to byte {}, to its end",
        length - 1
    )));
    let length = folder.read("alerts.jsonl").len();
    assert!(of("wrote `").ends_with(&format!("alerts.jsonl` up to byte {length}")));
}

#[test]
fn it_tells_the_same_as_json() {
    let folder = kept(false);
    let outcome = folder.run(&["state", "state", "--json"]).ends(0);
    let lines = outcome.alerts();
    let place = lines.iter().find(|line| line["name"] == "places").unwrap();
    assert_eq!(place["kind"], "memory");
    assert_eq!(place["keys"], 2);
    assert_eq!(place["since"], "2026-03-15T09:00:00Z");
    assert_eq!(lines.len(), 8);
}

#[test]
fn it_looks_while_a_run_goes_on_and_says_where_there_is_nothing() {
    let folder = kept(false);
    let child = folder.start(&["run", "rules.muster", "--state", "state"]);
    folder.run(&["state", "state"]).ends(0);
    drop(child);
    folder
        .run(&["state", "nowhere"])
        .ends(74)
        .says("there is no such file");
    std::fs::create_dir(folder.path("empty")).unwrap();
    folder
        .run(&["state", "empty"])
        .ends(74)
        .says("there is no state in `empty`");
}

#[test]
fn someone_is_erased_from_everything_and_the_others_stay() {
    for forwards in [true, false] {
        let folder = kept(forwards);
        let name = SOMEONE.to_lowercase();
        assert!(stored(&folder).1.contains(&name));
        let upper = SOMEONE.to_uppercase();
        let forget = [
            "state",
            "state",
            "--forget",
            &upper,
            "--rules",
            "rules.muster",
        ];
        let outcome = folder.run(&forget).ends(0);
        assert!(outcome.stdout.ends_with(" erased\n") && !outcome.stdout.starts_with("0 "));
        let (count, bytes) = stored(&folder);
        assert_eq!(count, 1, "older snapshots are gone");
        assert!(!bytes.contains(&name), "still there");
        assert!(bytes.contains("bo"));
        // Bo's absence is still waited for, and told when it is due.
        let mut text = events();
        text.push_str(&event(59, "auth.logout", "cy"));
        text.push_str(&event(59, "auth.logout", "cy").replace("T09:59", "T10:50"));
        folder.write("events.jsonl", text);
        let before = folder.read("alerts.jsonl");
        folder.run(&arguments(forwards)).ends(0);
        let alerts = folder.read("alerts.jsonl");
        let told = alerts.strip_prefix(&before).unwrap();
        assert!(told.contains("\"quiet\"") && told.contains("bo"), "{told}");
        assert!(!told.to_lowercase().contains(&name), "{told}");
    }
}

#[test]
fn other_rules_than_those_it_was_kept_by_erase_nothing() {
    let folder = kept(false);
    folder.write(
        "other.muster",
        RULES.replace("within 1h after", "within 2h after"),
    );
    let before = stored(&folder);
    folder
        .run(&[
            "state",
            "state",
            "--forget",
            SOMEONE,
            "--rules",
            "other.muster",
        ])
        .ends(2)
        .says("the state was kept by other rules")
        .says("changed, and begins anew: rule `quiet`");
    assert_eq!(stored(&folder), before);
    folder.run(&["state", "state", "--forget", SOMEONE]).ends(2);
}
