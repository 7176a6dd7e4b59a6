//! The stream filter among others: alerts in time, closed pipes, signals.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::Command;
use std::sync::mpsc;
use std::time::Duration;

use crate::support::{Folder, login, wait};

/// Reads the first line of a stream, but does not wait for ever.
fn first_line(stream: impl Read + Send + 'static) -> String {
    let (sender, receiver) = mpsc::channel();
    std::thread::Builder::new()
        .spawn(move || {
            let mut line = String::new();
            let _ = BufReader::new(stream).read_line(&mut line);
            let _ = sender.send(line);
        })
        .unwrap();
    receiver
        .recv_timeout(Duration::from_secs(20))
        .expect("no line came in time")
}

/// Ana in Madrid and in Tokyo, and ten minutes later someone else.
fn travel() -> String {
    [
        login("ana", "2026-03-15T09:00:00Z", 40.42, -3.7),
        login("ana", "2026-03-15T09:15:00Z", 35.68, 139.69),
        login("bo", "2026-03-15T09:25:00Z", 40.42, -3.7),
    ]
    .concat()
}

#[test]
fn an_alert_leaves_as_soon_as_it_is_decided_while_the_input_stays_open() {
    let folder = Folder::with_travel();
    let mut child = folder.start(&["run", "travel.muster"]);
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(travel().as_bytes()).unwrap();
    stdin.flush().unwrap();
    let line = first_line(child.stdout.take().unwrap());
    assert!(line.contains("impossible_travel"), "{line}");
    assert!(child.try_wait().unwrap().is_none(), "it goes on reading");
    drop(stdin);
    assert_eq!(wait(&mut child).code(), Some(0));
}

#[test]
fn a_reader_that_has_enough_is_no_error() {
    let folder = Folder::with_travel();
    let mut child = folder.start(&["run", "travel.muster", "--format", "text"]);
    let mut stdin = child.stdin.take().unwrap();
    let mut stderr = child.stderr.take().unwrap();
    stdin.write_all(travel().as_bytes()).unwrap();
    let line = first_line(child.stdout.take().unwrap());
    assert!(line.contains("Impossible travel"), "{line}");
    // The reader has gone: each day brings another alert that nobody reads.
    for day in 16..31 {
        let events = travel().replace("2026-03-15", &format!("2026-03-{day}"));
        if stdin.write_all(events.as_bytes()).is_err() {
            break;
        }
    }
    drop(stdin);
    assert_eq!(wait(&mut child).code(), Some(0));
    let mut said = String::new();
    stderr.read_to_string(&mut said).unwrap();
    assert_eq!(said, "");
}

#[test]
fn a_closed_standard_error_is_no_error_either() {
    let folder = Folder::with_travel();
    let mut child = folder.start(&["run", "travel.muster"]);
    drop(child.stderr.take());
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(travel().as_bytes()).unwrap();
    drop(stdin);
    assert!(first_line(child.stdout.take().unwrap()).contains("impossible_travel"));
    assert_eq!(wait(&mut child).code(), Some(0));
}

#[test]
fn help_into_a_closed_pipe_ends_quietly() {
    let folder = Folder::new();
    for arguments in [&["--help"][..], &["explain"]] {
        let mut child = folder.start(arguments);
        drop(child.stdout.take());
        assert_eq!(wait(&mut child).code(), Some(0));
    }
}

#[cfg(unix)]
fn stop(signal: &str) {
    let folder = Folder::with_travel();
    let mut child = folder.start(&["run", "travel.muster"]);
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(travel().as_bytes()).unwrap();
    let line = first_line(child.stdout.take().unwrap());
    assert!(line.contains("impossible_travel"));
    let id = child.id().to_string();
    assert!(
        Command::new("kill")
            .args([signal, &id])
            .status()
            .unwrap()
            .success()
    );
    assert_eq!(wait(&mut child).code(), Some(0));
    let mut said = String::new();
    child
        .stderr
        .take()
        .unwrap()
        .read_to_string(&mut said)
        .unwrap();
    assert!(said.contains("this is not the end of the stream"), "{said}");
    // The last event still waits for its turn, and the summary says so.
    let row = said
        .lines()
        .find(|line| line.starts_with("muster "))
        .unwrap();
    assert!(row.ends_with(" 1"), "{said}");
    drop(stdin);
}

#[cfg(unix)]
#[test]
fn sigterm_stops_while_the_input_stays_open() {
    stop("-TERM");
}

#[cfg(unix)]
#[test]
fn sigint_stops_while_the_input_stays_open() {
    stop("-INT");
}

/// Sends signals to a run whose alerts nobody reads, and returns how it ended.
#[cfg(unix)]
fn stop_while_blocked(signals: usize) -> Option<i32> {
    let folder = Folder::with_travel();
    let mut child = folder.start(&["run", "travel.muster", "--lateness", "0s"]);
    let mut stdin = child.stdin.take().unwrap();
    let writer = std::thread::Builder::new().spawn(move || {
        for day in 1..4_000 {
            let date = format!(
                "{}-{:02}-{:02}",
                2026 + day / 336,
                1 + day / 28 % 12,
                1 + day % 28
            );
            if stdin
                .write_all(travel().replace("2026-03-15", &date).as_bytes())
                .is_err()
            {
                return;
            }
        }
        std::thread::sleep(Duration::from_secs(20));
    });
    // One byte proves that it runs; soon the pipe is full, and the write that fills it does not return.
    child.stdout.as_mut().unwrap().read_exact(&mut [0]).unwrap();
    std::thread::sleep(Duration::from_secs(2));
    let id = child.id().to_string();
    for _ in 0..signals {
        assert!(
            Command::new("kill")
                .args(["-TERM", &id])
                .status()
                .unwrap()
                .success()
        );
        std::thread::sleep(Duration::from_millis(500));
    }
    let code = wait(&mut child).code();
    drop(writer);
    code
}

#[cfg(unix)]
#[test]
fn a_second_signal_ends_it_at_once_even_if_nobody_reads_the_alerts() {
    assert_eq!(stop_while_blocked(2), Some(143));
}

#[cfg(unix)]
#[test]
fn a_stop_waits_for_a_reader_for_seconds_only() {
    assert_eq!(stop_while_blocked(1), Some(74));
}
