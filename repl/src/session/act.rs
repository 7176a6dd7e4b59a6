//! Commands: which word does what.
//!
//! Apart from the list of commands, which help and completion read too.

use muster_lang::escape::escape_line;

use super::command::{self, find, words};
use super::{Reply, Session, ended};

impl Session {
    /// Does what a command says; its colon is gone.
    pub(super) fn act(&mut self, line: &str) -> Reply {
        let name: String = line.chars().take_while(|c| !c.is_whitespace()).collect();
        let rest = line.get(name.len()..).unwrap_or_default().trim();
        let command = match find(&name) {
            Ok(command) => command.name,
            Err(like) => {
                let text = unknown(&name, &like);
                return Reply { text, quits: false };
            }
        };
        if command == "quit" {
            return Reply {
                text: String::new(),
                quits: true,
            };
        }
        let text = self.do_one(command, rest, &words(rest));
        Reply {
            text: ended(text),
            quits: false,
        }
    }

    fn do_one(&mut self, command: &str, rest: &str, words: &[String]) -> String {
        let first = words.first().map(String::as_str);
        match (command, first) {
            ("help", topic) => command::help(topic),
            ("load", Some(_)) => self.load(words),
            ("save", Some("test")) => self.save_test(words.get(1).map(String::as_str)),
            ("save", Some(file)) => self.save(file),
            ("alert", Some(number)) => self.show_alert(number),
            ("explain", Some(name)) => self.explain(name),
            ("diff", Some(_)) => self.diff(words),
            ("why", Some(_)) => self.why(words),
            ("to", Some(_)) => self.go_to(rest),
            ("at", Some(id)) => self.go_to_event(id),
            ("state", Some(rule)) => self.state(rule, words.get(1..).unwrap_or_default()),
            ("memory", Some(name)) => self.memory(name, words.get(1..).unwrap_or_default()),
            ("show", Some(name)) => self.show_declaration(name),
            (
                "load" | "save" | "alert" | "explain" | "diff" | "why" | "to" | "at" | "state"
                | "memory" | "show",
                None,
            ) => lacks(command),
            ("reload", _) => self.reload(),
            ("reset", _) => self.reset(),
            ("rules", _) => self.list_rules(),
            ("fields", pattern) => self.list_fields(pattern.unwrap_or_default()),
            ("sources", _) => self.list_sources(),
            ("alerts", rule) => self.list_alerts(rule),
            ("run", _) => self.run_all(),
            ("step", count) => self.go_by(count, 1),
            ("back", count) => self.go_by(count, -1),
            ("timeline", _) => self.timeline(words),
            ("cost", _) => self.cost(),
            ("set", _) => self.set(words),
            ("test", rule) => self.test(rule),
            ("found", _) => self.found(),
            ("warnings", _) => self.warnings(),
            ("more", _) => self
                .pages
                .pop()
                .unwrap_or_else(|| "there is no more\n".into()),
            (other, _) => unknown(other, &[]),
        }
    }
}

fn lacks(name: &str) -> String {
    let takes = find(name).map(|command| command.takes).unwrap_or_default();
    format!(
        "error: expected `:{name} {takes}`, found nothing behind `:{name}`\nhelp: `:help {name}` tells more\n"
    )
}

fn unknown(name: &str, like: &[&str]) -> String {
    let names = command::COMMANDS.iter().map(|command| command.name);
    let help = if like.is_empty() {
        match muster_lang::suggest::nearest(name, names) {
            Some(near) => format!("did you mean `:{near}`? `:help` lists all commands"),
            None => "`:help` lists all commands".into(),
        }
    } else {
        let like: Vec<String> = like.iter().map(|name| format!("`:{name}`")).collect();
        format!("it may be {}", like.join(" or "))
    };
    format!(
        "error: there is no command `:{}`\nhelp: {help}\n",
        escape_line(name)
    )
}
