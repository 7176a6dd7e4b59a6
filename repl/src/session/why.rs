//! Why a rule fired or did not, told to people.
//!
//! Apart from finding it out, which the runtime does: here words are read and lines are written.

use muster_lang::ir::RuleId;
use muster_lang::units::Timestamp;
use muster_runtime::event::Event;
use muster_runtime::explain::{
    self, Bond, Decided, Fate, Held, Nearest, Question, Story, Stream, Told,
};
use muster_runtime::options::Options;

use super::history::{History, clock_text, short_time};
use super::table::cut;
use super::{NOTHING, Session, safe};
use crate::report::{BOLD, CYAN, DIM, GREEN, RED, YELLOW, counted};

/// How many matches are told.
const MATCHES: usize = 3;
/// How many events of a group are shown.
const MEMBERS: usize = 4;
/// The limits the engine runs with, which an explanation keeps to.
fn limits() -> Options {
    Options::default()
}

/// What follows `:why`, cut into its parts.
#[derive(Debug, PartialEq, Eq)]
struct Asked<'a> {
    not: bool,
    rule: &'a str,
    key: &'a [String],
    at: Option<String>,
}

impl<'a> Asked<'a> {
    fn of(words: &'a [String]) -> Option<Self> {
        let (not, rest) = match words.split_first() {
            Some((first, rest)) if first == "not" && !rest.is_empty() => (true, rest),
            _ => (false, words),
        };
        let (rule, rest) = rest.split_first()?;
        let at = rest
            .iter()
            .rposition(|word| word == "at")
            .filter(|at| at + 1 < rest.len());
        let key = rest.get(..at.unwrap_or(rest.len())).unwrap_or_default();
        let time = at
            .and_then(|at| rest.get(at + 1..))
            .map(|time| time.join("T"));
        Some(Self {
            not,
            rule,
            key,
            at: time,
        })
    }
}

impl Session {
    /// Tells why a rule fired, or how near it came.
    pub(super) fn why(&mut self, words: &[String]) -> String {
        let (Some(asked), Some(history)) = (Asked::of(words), &self.history) else {
            return NOTHING.into();
        };
        let Some(rule) = rule_named(history, asked.rule) else {
            return self.no_rule(asked.rule);
        };
        if self.data.is_empty() {
            return "no events are loaded; `:load FILE` reads some\n".into();
        }
        let until = match &asked.at {
            None => history.now().unwrap_or(Timestamp(i64::MAX)),
            Some(text) => match history.time(text) {
                Some(time) => time,
                None => return super::time::not_a_time(text),
            },
        };
        let question = Question {
            rule,
            key: asked.key,
            until,
        };
        let options = limits();
        let story = explain::story(&stream(history, &options), &question);
        let text = if asked.not {
            self.why_not(&asked, &story)
        } else {
            self.why_so(&asked, &story)
        };
        if story.is_cut {
            text + "the search was cut short: name a key to look closer\n"
        } else {
            text
        }
    }

    fn why_so(&self, asked: &Asked<'_>, story: &Story) -> String {
        let stood: Vec<&Told> = story
            .matches
            .iter()
            .rev()
            .filter(|told| !matches!(told.fate, Fate::Broken { .. }))
            .collect();
        if stood.is_empty() {
            return format!(
                "`{}` did not fire; the nearest it came:\n",
                safe(asked.rule)
            ) + &self.why_not(asked, story);
        }
        let mut text: String = stood
            .iter()
            .take(MATCHES)
            .map(|told| self.matched(asked, told))
            .collect();
        if stood.len() > MATCHES {
            text.push_str(&format!(
                "{} before; `at TIME` tells of one\n",
                counted(stood.len() - MATCHES, "match").replace("matchs", "matches")
            ));
        }
        text
    }

    fn why_not(&self, asked: &Asked<'_>, story: &Story) -> String {
        let mut text = String::new();
        for told in story.matches.iter().rev().take(MATCHES) {
            text.push_str(&self.fate(asked, told));
        }
        match &story.nearest {
            Some(nearest) => {
                if !text.is_empty() {
                    text.push_str("the nearest chain besides:\n");
                }
                text + &self.nearest(nearest)
            }
            None if text.is_empty() => {
                "nothing stood in its way, and yet nothing came of it: no event fits any step\n"
                    .into()
            }
            None => text,
        }
    }

    fn fate(&self, asked: &Asked<'_>, told: &Told) -> String {
        let when = short_time(told.completing.time);
        match &told.fate {
            Fate::Broken { by, until } => {
                let head = self.look.color.paint(
                    YELLOW,
                    &format!(
                        "a match at {when} waited till {} and was broken",
                        clock_text(*until)
                    ),
                );
                format!("{head} by\n{}", self.event_line("  ", by))
            }
            Fate::Stood | Fate::Waited(_) if self.is_raised(asked.rule, told) => {
                format!(
                    "{}: `:why {}` tells how\n",
                    self.look.color.paint(GREEN, &format!("it fired at {when}")),
                    safe(asked.rule)
                )
            }
            Fate::Waited(until) => format!("a match at {when} waits till {}\n", short_time(*until)),
            Fate::Stood => {
                format!("a match at {when} was held back by `suppress`, or joined with another\n")
            }
        }
    }

    fn is_raised(&self, rule: &str, told: &Told) -> bool {
        let alerts = self
            .history
            .iter()
            .flat_map(|history| &history.run.out.alerts);
        let is_it = |alert: &&muster_runtime::alert::Alert| {
            *alert.name == *rule && alert.completing == told.completing.position
        };
        alerts.filter(is_it).count() > 0
    }

    fn matched(&self, asked: &Asked<'_>, told: &Told) -> String {
        let when = short_time(told.completing.time);
        let head = if self.is_raised(asked.rule, told) {
            format!("`{}` fired at {when}", safe(asked.rule))
        } else {
            format!(
                "`{}` matched at {when}, but raised no alert",
                safe(asked.rule)
            )
        };
        let mut text = format!("{}\n", self.look.color.paint(BOLD, &head));
        text.push_str(&self.chain(&told.chain));
        text.extend(told.decided.iter().map(|one| self.decided(one)));
        match &told.fate {
            Fate::Waited(until) => text.push_str(&format!(
                "  it waited till {}, and nothing broke it\n",
                short_time(*until)
            )),
            Fate::Stood | Fate::Broken { .. } => {}
        }
        text
    }

    fn nearest(&self, nearest: &Nearest) -> String {
        let mut text = self.chain(&nearest.chain);
        let words = safe(&nearest.obstacle.words());
        text.push_str(&format!(
            "  {} {words}\n",
            self.look.color.paint(RED, "stopped:")
        ));
        for failed in nearest.obstacle.near() {
            text.push_str(&self.event_line("    ", &failed.event));
            text.push_str(&format!("      {}\n", safe(&failed.words)));
        }
        text
    }

    fn chain(&self, chain: &[Bond]) -> String {
        let mut text = String::new();
        for bond in chain {
            let label = self.look.color.paint(CYAN, &safe(&bond.label));
            let hidden = bond.events.len().saturating_sub(MEMBERS);
            text.push_str(&format!(
                "  {label}{}\n",
                if bond.events.len() > 1 {
                    format!(" ({})", counted(bond.events.len(), "event"))
                } else {
                    String::new()
                }
            ));
            for (at, event) in bond.events.iter().enumerate() {
                if hidden > 0 && at + 1 == MEMBERS {
                    text.push_str(&self.look.color.paint(DIM, &format!("    … {hidden} more")));
                    text.push('\n');
                }
                if at + 1 < MEMBERS || at + 1 == bond.events.len() {
                    text.push_str(&self.event_line("    ", event));
                }
            }
        }
        text
    }

    fn event_line(&self, indent: &str, event: &Event) -> String {
        let Some(history) = &self.history else {
            return String::new();
        };
        format!(
            "{indent}{}\n",
            super::time::line_of(history, event, self.look.width.saturating_sub(indent.len()))
        )
    }

    fn decided(&self, one: &Decided) -> String {
        let mark = if one.holds {
            self.look.color.paint(GREEN, "✓")
        } else {
            self.look.color.paint(RED, "✗")
        };
        let condition = safe(&one.condition);
        let words = if one.words.is_empty() {
            String::new()
        } else {
            format!(
                "  {}",
                self.look.color.paint(DIM, &cut(&safe(&one.words), 400))
            )
        };
        format!("  {mark} {condition}{words}\n")
    }

    /// Says what a rule keeps at the clock.
    pub(super) fn state(&self, rule: &str, key: &[String]) -> String {
        let Some(history) = &self.history else {
            return NOTHING.into();
        };
        let Some(id) = rule_named(history, rule) else {
            return self.no_rule(rule);
        };
        let question = Question {
            rule: id,
            key,
            until: history.now().unwrap_or_default(),
        };
        let options = limits();
        let held = explain::rule_holds(&stream(history, &options), &question);
        self.held(
            &held,
            "nothing is kept: what it saw is over, or completed a match",
        )
    }

    /// Says what a memory holds at the clock.
    pub(super) fn memory(&self, name: &str, key: &[String]) -> String {
        let Some(history) = &self.history else {
            return NOTHING.into();
        };
        let memories = &history.evaluator().program().memories;
        let Some((id, _)) = memories.iter().find(|(_, memory)| *memory.name == *name) else {
            let near = muster_lang::suggest::nearest(
                name,
                memories.as_slice().iter().map(|memory| &*memory.name),
            );
            let help = near
                .map(|near| format!("\nhelp: did you mean `{near}`?"))
                .unwrap_or_default();
            return format!("error: there is no memory `{}`{help}\n", safe(name));
        };
        let options = limits();
        let held = explain::memory_holds(
            &stream(history, &options),
            id,
            key,
            history.now().unwrap_or_default(),
        );
        self.held(&held, "it holds nothing under such a key")
    }

    fn held(&self, held: &[Held], nothing: &str) -> String {
        if held.is_empty() {
            return format!("{nothing}\n");
        }
        let mut text = String::new();
        for one in held.iter().take(super::answer::PAGE) {
            let key = if one.key.is_empty() {
                "(all)".to_owned()
            } else {
                safe(&one.key)
            };
            text.push_str(&format!("{}\n", self.look.color.paint(BOLD, &key)));
            text.extend(
                one.lines
                    .iter()
                    .take(super::answer::PAGE)
                    .map(|line| format!("  {}\n", safe(line))),
            );
            if one.lines.len() > super::answer::PAGE {
                text.push_str(&format!(
                    "  {} more\n",
                    one.lines.len() - super::answer::PAGE
                ));
            }
        }
        if held.len() > super::answer::PAGE {
            text.push_str(&format!("{} more keys\n", held.len() - super::answer::PAGE));
        }
        text
    }
}

fn stream<'a>(history: &'a History, options: &'a Options) -> Stream<'a> {
    Stream {
        evaluator: history.evaluator(),
        files: &history.compiled.loaded.files,
        events: &history.run.out.events,
        options,
    }
}

fn rule_named(history: &History, name: &str) -> Option<RuleId> {
    let mut rules = history.evaluator().program().rules.iter();
    rules
        .find(|(_, rule)| *rule.name == *name)
        .map(|(id, _)| id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::command::words;

    #[test]
    fn what_is_asked_is_cut_into_parts() {
        let words = words("not burst ana d1 at 09:15");
        let asked = Asked::of(&words).unwrap();
        assert!(asked.not);
        assert_eq!(
            (asked.rule, asked.key.len(), asked.at.as_deref()),
            ("burst", 2, Some("09:15"))
        );
        let words = ["not".to_owned()];
        assert_eq!(Asked::of(&words).map(|asked| asked.rule), Some("not"));
    }
}
