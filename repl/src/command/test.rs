//! `muster test`: runs the tests in rule files and says which hold.
//!
//! Apart from the scenario runner, which judges; this only chooses and tells.

use std::fmt::Write;
use std::io::{self, IsTerminal};

use muster_lang::escape::escape_line;
use muster_lang::ir::{Program, Test, TestLineKind};
use muster_lang::time::format_rfc3339;
use muster_runtime::io::{Output, OutputError};
use muster_runtime::scenario::{self, Report as Outcome, Run};

use super::outputs::output_exit;
use crate::cli::{ColorWhen, TestArgs};
use crate::compile::{Ready, ready};
use crate::exit::Exit;
use crate::load::read_beside;
use crate::report::{Color, DIM, GREEN, RED, Report, counted};

/// Runs tests.
pub(crate) fn run(args: &TestArgs, when: ColorWhen, report: &Report) -> Exit {
    let ready = match ready(&args.rules, &args.set.set, report) {
        Ok(ready) => ready,
        Err(exit) => return exit,
    };
    let tests: Vec<&Test> = ready
        .program
        .tests
        .iter()
        .filter(|test| ready.loaded.is_named(test.span.file))
        .collect();
    if tests.is_empty() {
        report.warning(
            "there are no tests in what was named",
            "a test looks like `test \"name\" for RULE { at 09:00 login { identity: \"ana\" } expect no alert }`",
        );
    }
    let color = Color::decide(when, io::stdout().is_terminal());
    let mut runner = Runner {
        ready: &ready,
        color,
        out: Output::stdout(),
        quiet: report.quiet,
    };
    match runner.run_all(&tests) {
        Ok(0) => Exit::Fine,
        Ok(_) => Exit::Found,
        Err(error) => output_exit(error, report),
    }
}

struct Runner<'a> {
    ready: &'a Ready,
    color: Color,
    out: Output,
    quiet: bool,
}

impl Runner<'_> {
    /// Runs all tests and returns how many failed.
    fn run_all(&mut self, tests: &[&Test]) -> Result<usize, OutputError> {
        self.say(&format!("running {}\n", counted(tests.len(), "test")))?;
        let mut failures = Vec::new();
        for test in tests {
            let problems = self.run_one(test);
            let name = self.name(test);
            let verdict = if problems.is_none() {
                (GREEN, "ok")
            } else {
                (RED, "FAILED")
            };
            let verdict = self.color.paint(verdict.0, verdict.1);
            if problems.is_some() || !self.quiet {
                self.say(&format!("test {name} ... {verdict}\n"))?;
            }
            failures.extend(problems);
        }
        let failed = failures.len();
        if failed > 0 {
            self.say("\nfailures:\n")?;
        }
        for failure in failures {
            self.say(&failure)?;
        }
        self.say(&format!(
            "\n{} passed, {failed} failed\n",
            tests.len() - failed
        ))?;
        Ok(failed)
    }

    fn say(&mut self, text: &str) -> Result<(), OutputError> {
        self.out.write(text.as_bytes())
    }

    fn name(&self, test: &Test) -> String {
        let name = escape_line(&test.name).replace('"', "\\\"");
        match test.rule.map(|rule| &self.ready.program.rules[rule].name) {
            Some(rule) => format!("{rule}::\"{name}\""),
            None => format!("\"{name}\""),
        }
    }

    /// Runs a test; returns what to tell if it fails.
    fn run_one(&self, test: &Test) -> Option<String> {
        let loaded = &self.ready.loaded;
        let outcome = scenario::run(
            &self.ready.program,
            &self.ready.lookups,
            test,
            &mut |path, file| read_beside(loaded, file, path),
        );
        match outcome {
            Ok(outcome) if outcome.passed() => None,
            Ok(outcome) => Some(self.failure(test, &outcome)),
            Err(error) => Some(format!(
                "{}  {}\n",
                self.heading(test),
                escape_line(&error.to_string())
            )),
        }
    }

    fn heading(&self, test: &Test) -> String {
        let files = &self.ready.loaded.files;
        let file = files
            .get(test.span.file)
            .map(|file| &*file.name)
            .unwrap_or_default();
        let line = files.position(test.span.file, test.span.start).line;
        format!(
            "\n---- {} ({}:{line})\n",
            self.name(test),
            escape_line(file)
        )
    }

    fn failure(&self, test: &Test, outcome: &Outcome) -> String {
        let mut text = self.heading(test);
        let mut told = Vec::new();
        for (run, problem) in &outcome.failures {
            // A problem that every order shows is told once.
            if told.contains(&problem) {
                continue;
            }
            told.push(problem);
            text.push_str(match run {
                Run::AsWritten => "",
                Run::Shuffled(_) => "  with the input shuffled within the lateness:\n",
                Run::Restored => "  with the state saved and restored after every event:\n",
            });
            text.push_str(&self.difference(problem));
        }
        text.push_str(&self.color.paint(DIM, "  timeline:"));
        text.push('\n');
        for line in timeline(&self.ready.program, test, outcome) {
            let _ = writeln!(text, "    {line}");
        }
        text
    }

    /// Returns what was expected and what was found, one below the other.
    fn difference(&self, problem: &str) -> String {
        let parts = problem
            .strip_prefix("expected ")
            .and_then(|rest| rest.split_once(", found "));
        let Some((expected, found)) = parts else {
            return format!("  {}\n", escape_line(problem));
        };
        let expected = self
            .color
            .paint(GREEN, &format!("- expected {}", escape_line(expected)));
        let found = self
            .color
            .paint(RED, &format!("+ found    {}", escape_line(found)));
        format!("  {expected}\n  {found}\n")
    }
}

/// Returns the events of a test and the alerts it raised, in the order of time.
fn timeline(program: &Program, test: &Test, outcome: &Outcome) -> Vec<String> {
    let mut lines = Vec::new();
    for line in &test.lines {
        match &line.kind {
            TestLineKind::Event {
                time,
                class,
                fields,
            } => {
                let fields = fields.iter().map(|(field, value)| {
                    format!("{}: {}", program.fields[*field].name, value.display())
                });
                let fields = escape_line(&fields.collect::<Vec<_>>().join(", ")).into_owned();
                let class = &program.classes[*class].name;
                lines.push((
                    *time,
                    format!("{}  {class} {{ {fields} }}", format_rfc3339(*time)),
                ));
            }
            TestLineKind::Advance(time) => {
                lines.push((*time, format!("{}  (advance)", format_rfc3339(*time))));
            }
            TestLineKind::Feed(_)
            | TestLineKind::Alerts { .. }
            | TestLineKind::Pending
            | TestLineKind::Forwarded(_) => {}
        }
    }
    for alert in &outcome.alerts {
        let text = escape_line(&alert.text);
        let time = format_rfc3339(alert.time);
        lines.push((
            alert.time,
            format!("{time}  => alert {}: {text}", alert.severity.name()),
        ));
    }
    // A stable sort: what was written first stays first, and an alert follows its event.
    lines.sort_by_key(|(time, _)| *time);
    lines.into_iter().map(|(_, line)| line).collect()
}
