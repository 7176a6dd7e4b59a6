//! Running the real binary in a folder of its own.
//!
//! Apart from the tests because all of them start it in the same way.

use std::io::Write;
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};

use tempfile::TempDir;

/// A folder with files, in which `muster` is run.
pub(crate) struct Folder {
    directory: TempDir,
}

/// What a run left behind.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Folder {
    pub(crate) fn new() -> Self {
        Self {
            directory: TempDir::new().unwrap(),
        }
    }

    /// Returns a folder with the rules and events most tests use.
    pub(crate) fn with_travel() -> Self {
        let folder = Self::new();
        folder.write("travel.muster", TRAVEL);
        folder.write("events.jsonl", EVENTS);
        folder
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "tests read what the binary wrote"
    )]
    pub(crate) fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap()
    }

    /// Returns the command, in this folder and with no wishes from the environment.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_muster"));
        command.args(arguments).current_dir(self.directory.path());
        command
            .env_remove("NO_COLOR")
            .env_remove("CLICOLOR_FORCE")
            .env("TERM", "xterm-256color");
        command
    }

    /// Runs it without any input.
    pub(crate) fn run(&self, arguments: &[&str]) -> Outcome {
        self.run_with(arguments, b"")
    }

    /// Runs it with some bytes on standard input.
    pub(crate) fn run_with(&self, arguments: &[&str], input: &[u8]) -> Outcome {
        finish(self.command(arguments), input)
    }

    /// Starts it with pipes at all three ends.
    pub(crate) fn start(&self, arguments: &[&str]) -> Child {
        let mut command = self.command(arguments);
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command.spawn().unwrap()
    }
}

/// Runs a command to its end.
pub(crate) fn finish(mut command: Command, input: &[u8]) -> Outcome {
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_vec();
    let writer = std::thread::Builder::new().spawn(move || {
        // A program that needs no input may be gone before it is written.
        let _ = stdin.write_all(&input);
    });
    let output = child.wait_with_output().unwrap();
    writer.unwrap().join().unwrap();
    Outcome {
        code: output.status.code(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

/// Waits for the end of a process, but not for ever.
pub(crate) fn wait(child: &mut Child) -> ExitStatus {
    for _ in 0..1_000 {
        if let Some(status) = child.try_wait().unwrap() {
            return status;
        }
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    child.kill().unwrap();
    panic!("it does not end");
}

impl Outcome {
    /// Asserts how it ended, showing everything it said if it ended otherwise.
    #[track_caller]
    pub(crate) fn ends(self, code: i32) -> Self {
        assert_eq!(
            self.code,
            Some(code),
            "stdout:\n{}\nstderr:\n{}",
            self.stdout,
            self.stderr
        );
        self
    }

    /// Asserts that standard error says something.
    #[track_caller]
    pub(crate) fn says(self, words: &str) -> Self {
        assert!(
            self.stderr.contains(words),
            "no `{words}` in:\n{}",
            self.stderr
        );
        self
    }

    /// Returns the alerts on standard output.
    pub(crate) fn alerts(&self) -> Vec<serde_json::Value> {
        self.stdout
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }
}

/// A rule with two tests.
pub(crate) const TRAVEL: &str = r#"rule impossible_travel "Impossible travel" {
  attack T1078
  when login as a then login as b
  within 15m
  where identity same and geo distance > 500km
  alert high "{identity}: {a.geo.city}, then {b.geo.city} {elapsed} later"
}

test "Madrid, then Tokyo" for impossible_travel {
  at 09:00 login { identity: "ana", geo: (40.42, -3.70) }
  at 09:15 login { identity: "ana", geo: (35.68, 139.69) }
  expect 1 alert at 09:15 { identity: "ana", severity: high }
}

test "two people" for impossible_travel {
  at 09:00 login { identity: "ana", geo: (40.42, -3.70) }
  at 09:15 login { identity: "bo", geo: (35.68, 139.69) }
  expect no alert
}
"#;

/// Ana in Madrid and in Tokyo, and two that are no events.
pub(crate) const EVENTS: &str = concat!(
    r#"{"class":"auth.login","outcome":"success","time":"2026-03-15T09:00:00Z","id":"evt_1","identity":"ana","geo":{"lat":40.42,"lon":-3.7,"city":"Madrid"}}"#,
    "\n",
    "this is not JSON\n",
    r#"{"class":"auth.login","outcome":"success","time":"2026-03-15T09:15:00Z","id":"evt_2","identity":"ana","geo":{"lat":35.68,"lon":139.69,"city":"Tokyo"}}"#,
    "\n",
    r#"{"nobody":"knows me"}"#,
    "\n",
);

/// Returns a login as a line.
pub(crate) fn login(identity: &str, time: &str, lat: f64, lon: f64) -> String {
    let place = serde_json::json!({ "lat": lat, "lon": lon });
    let event = serde_json::json!({
        "class": "auth.login", "outcome": "success", "time": time, "identity": identity, "geo": place,
    });
    format!("{event}\n")
}
