//! Rules and files: loading, saving, listing, explaining.
//!
//! Apart from looking at events because here everything is about text that people wrote.

use std::fs;

use muster_lang::diagnostic::{Code, Level, render};
use muster_lang::escape::{escape_line, escape_untrusted};
use muster_lang::syntax;

use super::book::handle_of;
use super::table::Table;
use super::{NOTHING, Session};
use crate::command::{cost, explain_rule};
use crate::report::{counted, reason};

impl Session {
    /// Loads rules, and events where a name is that of events.
    pub(super) fn load(&mut self, names: &[String]) -> String {
        let is_rules = |name: &&String| {
            name.starts_with("std:")
                || name.ends_with(".muster")
                || std::path::Path::new(name.as_str()).is_dir()
        };
        let (rules, inputs): (Vec<&String>, Vec<&String>) = names.iter().partition(is_rules);
        let owned = |names: Vec<&String>| names.into_iter().cloned().collect::<Vec<_>>();
        let mut text = String::new();
        if !rules.is_empty() {
            text.push_str(&self.add_rules(&owned(rules)));
        }
        if !inputs.is_empty() {
            text.push_str(&self.read(&owned(inputs)));
        }
        text
    }

    /// Adds rules; those that do not compile are not taken up.
    pub(super) fn add_rules(&mut self, names: &[String]) -> String {
        if names.is_empty() {
            return String::new();
        }
        let before = self.book.clone();
        let alerts = self.alerts_of_all();
        let mut text: String = self
            .book
            .add(names)
            .iter()
            .map(|error| error.text() + "\n")
            .collect();
        match self.refresh() {
            Ok(cut) => {
                text.push_str(&cut);
                text.push_str(&self.loaded());
                text.push_str(self.changed(&alerts).trim_start());
                text.trim_end().to_owned() + "\n"
            }
            Err(error) => {
                self.book = before;
                text + &error + "none of these rules was loaded; mend them and `:load` them again\n"
            }
        }
    }

    fn loaded(&self) -> String {
        let Some(history) = &self.history else {
            return String::new();
        };
        let program = history.evaluator().program();
        let warnings = self.warning_count();
        let hint = if warnings > 0 {
            format!(
                ", {} (`:warnings` shows them)",
                counted(warnings, "warning")
            )
        } else {
            String::new()
        };
        format!(
            "{}, {}{hint}\n",
            counted(program.rules.len(), "rule"),
            counted(program.tests.len(), "test")
        )
    }

    fn warning_count(&self) -> usize {
        let told = self
            .history
            .iter()
            .flat_map(|history| &history.compiled.told);
        told.filter(|one| one.level == Level::Warning).count()
    }

    /// Shows what the compiler warns of.
    pub(super) fn warnings(&self) -> String {
        let Some(history) = &self.history else {
            return NOTHING.into();
        };
        let told = history
            .compiled
            .told
            .iter()
            .filter(|one| one.level == Level::Warning);
        let text: String = told
            .map(|one| {
                render::render(&history.compiled.loaded.files, one, self.look.color.is_on())
                    + "\n\n"
            })
            .collect();
        if text.is_empty() {
            "no warnings\n".into()
        } else {
            text
        }
    }

    /// Writes what was typed to a file.
    pub(super) fn save(&self, file: &str) -> String {
        if !self.book.has_typed() {
            return "error: nothing was typed that could be saved\nhelp: type a declaration: `:help writing` shows one\n".into();
        }
        match fs::write(file, self.book.typed_text()) {
            Ok(()) => format!("saved to {}\n", escape_line(file)),
            Err(error) => format!(
                "error: cannot write `{}`: {}\n",
                escape_line(file),
                reason(&error)
            ),
        }
    }

    /// Reads all files again, and runs.
    pub(super) fn reload(&mut self) -> String {
        let before = self.book.clone();
        let errors: String = self
            .book
            .reload()
            .iter()
            .map(|error| error.text() + "\n")
            .collect();
        if !errors.is_empty() {
            return errors + "the rules stay as they were\n";
        }
        let alerts = self.alerts_of_all();
        if let Err(error) = self.refresh() {
            self.book = before;
            return error + "the rules stay as they were\n";
        }
        let text = self.loaded().trim_end().to_owned() + &self.changed(&alerts) + "\n";
        if self.inputs.is_empty() {
            return text;
        }
        let inputs = self.inputs.clone();
        text + &self.read(&inputs)
    }

    /// Forgets what was typed.
    pub(super) fn reset(&mut self) -> String {
        self.book.forget_typed();
        self.pages.clear();
        self.asked = None;
        self.alert = None;
        match self.refresh() {
            Ok(cut) => cut + "what was typed is forgotten\n",
            Err(error) => error,
        }
    }

    /// Lists the rules with what they raised.
    pub(super) fn list_rules(&self) -> String {
        let Some(history) = &self.history else {
            return NOTHING.into();
        };
        let alerts = history.alerts();
        let rules = history.evaluator().program().rules.as_slice();
        if rules.is_empty() {
            return "no rules; type one (`:help writing`) or `:load` some\n".into();
        }
        let mut table = Table::new(["rule", "alerts", "severity", "title"]);
        for rule in rules {
            let count = alerts
                .iter()
                .filter(|alert| alert.name == rule.name)
                .count();
            table.row([
                rule.name.to_string(),
                count.to_string(),
                rule.alert.severity.name().to_owned(),
                rule.title.to_string(),
            ]);
        }
        table.draw(self.look.width, self.look.color)
    }

    /// Shows a declaration as it stands.
    pub(super) fn show_declaration(&self, name: &str) -> String {
        let Some(history) = &self.history else {
            return NOTHING.into();
        };
        let files = &history.compiled.loaded.files;
        let mut text = String::new();
        for (id, file) in files.iter() {
            for declaration in syntax::parse(files, id).module.declarations {
                if handle_of(&declaration).is_some_and(|handle| handle.name == name) {
                    let shown = files.text(declaration.span);
                    text.push_str(&format!(
                        "# {}:{}\n{}\n",
                        escape_line(&file.name),
                        files.position(id, declaration.span.start).line,
                        escape_untrusted(shown)
                    ));
                }
            }
        }
        if text.is_empty() {
            format!("error: nothing is called `{}`\n", escape_line(name))
        } else {
            text
        }
    }

    /// Shows the page of a diagnostic, or the meaning of a rule.
    pub(super) fn explain(&self, name: &str) -> String {
        let code = Code::ALL
            .iter()
            .find(|code| code.text().eq_ignore_ascii_case(name));
        if let Some(code) = code {
            return code.page().to_owned();
        }
        let Some(history) = &self.history else {
            return NOTHING.into();
        };
        let program = history.evaluator().program();
        match program.rules.iter().find(|(_, rule)| *rule.name == *name) {
            Some((id, _)) => explain_rule::page(
                &history.compiled.program,
                id,
                &history.compiled.lookups,
                self.look.color,
            ),
            None => self.no_rule(name),
        }
    }

    /// Says what rules and memories keep.
    pub(super) fn cost(&self) -> String {
        let Some(history) = &self.history else {
            return NOTHING.into();
        };
        let lines = cost::lines(&history.compiled.program, &history.compiled.loaded, true);
        if lines.is_empty() {
            "no rules\n".into()
        } else {
            lines.join("\n") + "\n"
        }
    }
}
