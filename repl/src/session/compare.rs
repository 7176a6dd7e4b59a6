//! What another version of the rules would say: params set, other files.
//!
//! Apart from running because it runs twice and tells the difference.

use super::book::Book;
use super::declare::missing_in;
use super::history::short_time;
use super::table::Table;
use super::{NOTHING, Session, safe};
use crate::report::counted;
use muster_runtime::alert::Alert;

/// How many alerts of each kind are listed.
const LISTED: usize = 20;

impl Session {
    /// Gives a param another value, or lists all params.
    pub(super) fn set(&mut self, words: &[String]) -> String {
        let (name, value) = match words {
            [] => return self.params(),
            [one] => match one.split_once('=') {
                Some((name, value)) => (name.to_owned(), value.to_owned()),
                None => return "error: expected `:set PARAM VALUE`, found no value\nhelp: `:set` lists all params\n".into(),
            },
            [name, rest @ ..] => (name.clone(), rest.join(" ").trim_start_matches("= ").to_owned()),
        };
        let before = self.book.clone();
        let alerts = self.alerts_of_all();
        self.book.params.push((name.clone(), value));
        match self.refresh() {
            Ok(cut) => cut + &format!("{} set\n", safe(&name)) + &self.differences(&alerts),
            Err(error) => {
                self.book = before;
                error
            }
        }
    }

    fn params(&self) -> String {
        let Some(history) = &self.history else {
            return NOTHING.into();
        };
        let mut table = Table::new(["param", "value", "what it is"]);
        let files = &history.compiled.loaded.files;
        for (id, _) in files.iter() {
            for declaration in muster_lang::syntax::parse(files, id).module.declarations {
                if let muster_lang::syntax::ast::DeclarationKind::Param(param) = declaration.kind {
                    let set = self
                        .book
                        .params
                        .iter()
                        .rev()
                        .find(|(name, _)| **name == *param.name.text);
                    let text = files.text(declaration.span);
                    let written = text.split_once('=').map_or("", |(_, value)| value.trim());
                    let value = set.map_or_else(
                        || {
                            written
                                .split('"')
                                .next()
                                .unwrap_or_default()
                                .trim()
                                .to_owned()
                        },
                        |(_, value)| value.clone(),
                    );
                    let doc = written
                        .split('"')
                        .rev()
                        .nth(1)
                        .unwrap_or_default()
                        .to_owned();
                    table.row([param.name.text.clone(), value, doc]);
                }
            }
        }
        table.draw(self.look.width, self.look.color)
    }

    /// Compares the alerts of these rules with those of others.
    pub(super) fn diff(&mut self, names: &[String]) -> String {
        let mut other = Book::new(self.book.params.clone());
        let errors: String = other
            .add(names)
            .iter()
            .map(|error| error.text() + "\n")
            .collect();
        if !errors.is_empty() {
            return errors;
        }
        let compiled = match other.compile(self.look.color.is_on()) {
            Ok(compiled) => compiled,
            Err(error) => return error,
        };
        let others = match self.data.run(&compiled, &self.stop) {
            Ok(run) => run.out.alerts,
            Err(error) => return error,
        };
        "of these rules against the others:\n".to_owned() + &self.differences(&others)
    }

    /// Lists the alerts gained and lost.
    fn differences(&self, before: &[Alert]) -> String {
        let Some(history) = &self.history else {
            return NOTHING.into();
        };
        let now = &history.run.out.alerts;
        let (gained, lost) = (missing_in(now, before), missing_in(before, now));
        let mut text = format!(
            "{} gained, {} lost, {} unchanged\n",
            gained.len(),
            lost.len(),
            now.len() - gained.len()
        );
        if gained.is_empty() && lost.is_empty() {
            return text;
        }
        let mut table = Table::new(["", "time", "rule", "key", "text"]);
        for (mark, alerts) in [("+", &gained), ("-", &lost)] {
            for alert in alerts.iter().take(LISTED) {
                table.row([
                    mark.into(),
                    short_time(alert.time),
                    alert.name.to_string(),
                    super::alerts::key(alert),
                    alert.text.clone(),
                ]);
            }
        }
        text.push_str(&table.draw(self.look.width, self.look.color));
        let hidden = gained.len().saturating_sub(LISTED) + lost.len().saturating_sub(LISTED);
        if hidden > 0 {
            text.push_str(&format!("{} are not listed\n", counted(hidden, "alert")));
        }
        text
    }
}
