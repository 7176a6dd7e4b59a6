//! Rules and tables that change while events go on: `--watch` and `SIGHUP`.

#![cfg(unix)]

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, Command};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use crate::support::{Folder, wait};

/// A pair of events, each of which says where its person works.
const RULES: &str = r#"
table people from "people.csv" key person
field team: text = people[identity].team
event login = any where class is auth.login
event read = any where class is access.read
rule pair "Pair" {
  when login as a then read as b within 1h where identity same
  alert low "first: {identity} of {b.team}"
}
"#;

/// A run whose input stays open.
struct Running {
    child: Child,
    stdout: Receiver<String>,
    stderr: Receiver<String>,
}

fn lines(stream: impl Read + Send + 'static) -> Receiver<String> {
    let (sender, receiver) = channel();
    std::thread::Builder::new()
        .spawn(move || {
            for line in BufReader::new(stream).lines().map_while(Result::ok) {
                let _ = sender.send(line);
            }
        })
        .unwrap();
    receiver
}

impl Running {
    fn start(folder: &Folder, more: &[&str]) -> Self {
        let rules = ["run", "rules/", "--lateness", "0s"];
        let mut child = folder.start(&[&rules[..], more].concat());
        Self {
            stdout: lines(child.stdout.take().unwrap()),
            stderr: lines(child.stderr.take().unwrap()),
            child,
        }
    }

    /// Sends an event; it is evaluated once a later one came.
    fn send(&mut self, class: &str, who: &str, minute: u32) {
        let line = format!(
            "{{\"time\":\"2026-03-15T09:{minute:02}:00Z\",\"class\":\"{class}\",\
             \"identity\":\"{who}\",\"id\":\"{who}{minute}\"}}\n"
        );
        let stdin = self.child.stdin.as_mut().unwrap();
        stdin.write_all(line.as_bytes()).unwrap();
        stdin.flush().unwrap();
    }

    fn hang_up(&self) {
        let id = self.child.id().to_string();
        let killed = Command::new("kill").args(["-HUP", &id]).status().unwrap();
        assert!(killed.success());
    }

    #[track_caller]
    fn told(&self) -> String {
        let line = self.stdout.recv_timeout(Duration::from_secs(20)).unwrap();
        let alert: serde_json::Value = serde_json::from_str(&line).unwrap();
        alert.get("text").unwrap().as_str().unwrap().to_owned()
    }

    /// Waits until standard error says something, and returns all it said till then.
    #[track_caller]
    fn says(&self, words: &str) -> String {
        let mut all = String::new();
        loop {
            match self.stderr.recv_timeout(Duration::from_secs(20)) {
                Ok(line) => all.push_str(&(line + "\n")),
                Err(_) => panic!("no `{words}` in:\n{all}"),
            }
            if all.contains(words) {
                return all;
            }
        }
    }

    fn end(mut self) {
        drop(self.child.stdin.take());
        assert_eq!(wait(&mut self.child).code(), Some(0));
    }
}

fn folder() -> Folder {
    let folder = Folder::new();
    folder.write("rules/pair.muster", RULES);
    folder.write("rules/people.csv", "person,team\nana,red\nbo,blue\n");
    folder
}

/// Waits until the run listens, which it does once it has told an alert.
fn warm_up(running: &mut Running) {
    running.send("auth.login", "bo", 0);
    running.send("access.read", "bo", 1);
    running.send("auth.login", "ana", 2);
    running.send("auth.login", "cy", 3);
    assert_eq!(running.told(), "first: bo of blue");
}

#[test]
fn a_hangup_reloads_rules_and_loses_nothing() {
    let folder = folder();
    let mut running = Running::start(&folder, &[]);
    warm_up(&mut running);
    folder.write("rules/pair.muster", RULES.replace("first:", "second:"));
    running.hang_up();
    running.says("reloaded; events go on");
    running.send("access.read", "ana", 10);
    running.send("auth.login", "cy", 11);
    assert_eq!(running.told(), "second: ana of red");
    running.end();
}

#[test]
fn a_watched_table_is_exchanged_between_two_events() {
    let folder = folder();
    let mut running = Running::start(&folder, &["--watch"]);
    warm_up(&mut running);
    folder.write("rules/people.csv", "person,team\nana,yellow\nbo,blue\n");
    running.says("reloaded; events go on");
    running.send("access.read", "ana", 10);
    running.send("auth.login", "cy", 11);
    assert_eq!(running.told(), "first: ana of yellow");
    running.end();
}

#[test]
fn a_broken_file_is_told_and_the_rules_before_go_on() {
    let folder = folder();
    let mut running = Running::start(&folder, &["--watch"]);
    warm_up(&mut running);
    folder.write("rules/pair.muster", "rule {");
    let all = running.says("the rules and tables from before go on");
    assert!(
        all.contains("error[") && all.contains("not reloaded"),
        "{all}"
    );
    folder.write("rules/pair.muster", RULES);
    running.says("reloaded; events go on");
    folder.write("rules/people.csv", "person\nana\n");
    let all = running.says("the rules and tables from before go on");
    assert!(all.contains("people"), "{all}");
    running.send("access.read", "ana", 10);
    running.send("auth.login", "cy", 11);
    assert_eq!(running.told(), "first: ana of red");
    running.end();
}

#[test]
fn a_file_that_comes_into_a_directory_is_seen_and_what_changed_is_said() {
    let folder = folder();
    let mut running = Running::start(&folder, &["--watch", "--state", "state"]);
    warm_up(&mut running);
    let more = "rule one \"One\" { when login alert info \"one {identity}\" }";
    folder.write("rules/more.muster", more);
    folder.write("rules/pair.muster", RULES.replace("within 1h", "within 2h"));
    let all = running.says("new: rule `one`");
    assert!(
        all.contains("changed, and begins anew: rule `pair`"),
        "{all}"
    );
    running.send("auth.login", "dan", 10);
    running.send("auth.login", "eve", 11);
    // What waited for its turn when the rules changed is seen by the new ones.
    assert_eq!(running.told(), "one cy");
    assert_eq!(running.told(), "one dan");
    running.end();
}

#[test]
fn rules_from_standard_input_cannot_be_read_again() {
    let folder = folder();
    folder.write("events.jsonl", "");
    folder
        .run_with(
            &["run", "-", "--watch", "--input", "events.jsonl"],
            RULES.as_bytes(),
        )
        .ends(2)
        .says("standard input cannot be read again");
}
