//! Alerts as a list, and one in full.
//!
//! Apart from declaring, which shows the alerts of one rule.

use muster_lang::escape::escape_line;
use muster_runtime::alert::Alert;
use muster_runtime::encode::text;

use super::history::short_time;
use super::table::Table;
use super::{NOTHING, Session};
use crate::report::counted;

/// How many alerts a list shows.
const LISTED: usize = 50;

/// Returns the values of a key, as one text.
pub(super) fn key(alert: &Alert) -> String {
    let values = alert.key.iter().map(|(_, value)| value.display());
    values.collect::<Vec<_>>().join(", ")
}

impl Session {
    /// Lists alerts up to the clock, of one rule or all.
    pub(super) fn list_alerts(&self, rule: Option<&str>) -> String {
        let Some(history) = &self.history else {
            return NOTHING.into();
        };
        let alerts = history.alerts();
        let wanted: Vec<(usize, &&Alert)> = (1..)
            .zip(&alerts)
            .filter(|(_, alert)| rule.is_none_or(|rule| *alert.name == *rule))
            .collect();
        if wanted.is_empty() {
            return self.no_alerts(rule);
        }
        let mut table = Table::new(["n", "time", "severity", "rule", "key", "text"]);
        for (number, alert) in wanted.iter().take(LISTED) {
            table.row([
                number.to_string(),
                short_time(alert.time),
                alert.severity.name().to_owned(),
                alert.name.to_string(),
                key(alert),
                alert.text.clone(),
            ]);
        }
        let mut text = table.draw(self.look.width, self.look.color);
        if wanted.len() > LISTED {
            text.push_str(&format!("{} more\n", wanted.len() - LISTED));
        }
        text
    }

    fn no_alerts(&self, rule: Option<&str>) -> String {
        match (rule, &self.history) {
            (Some(rule), Some(history))
                if !history
                    .evaluator()
                    .program()
                    .rules
                    .iter()
                    .any(|(_, one)| *one.name == *rule) =>
            {
                self.no_rule(rule)
            }
            (Some(rule), _) => format!(
                "no alerts; `:why not {}` tells how near it came\n",
                escape_line(rule)
            ),
            (None, _) => "no alerts\n".into(),
        }
    }

    /// Says that there is no rule of a name, and which is near.
    pub(super) fn no_rule(&self, name: &str) -> String {
        let Some(history) = &self.history else {
            return NOTHING.into();
        };
        let rules = history.evaluator().program().rules.as_slice();
        let help = match muster_lang::suggest::nearest(name, rules.iter().map(|rule| &*rule.name)) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "`:rules` lists all".into(),
        };
        format!(
            "error: there is no rule `{}`\nhelp: {help}\n",
            escape_line(name)
        )
    }

    /// Shows an alert in full.
    pub(super) fn show_alert(&mut self, number: &str) -> String {
        let Some(history) = &self.history else {
            return NOTHING.into();
        };
        let alerts = history.alerts();
        let at = number
            .trim_start_matches('#')
            .parse::<usize>()
            .ok()
            .and_then(|number| number.checked_sub(1));
        let Some(alert) = at.and_then(|at| alerts.get(at)) else {
            return format!(
                "error: there is no alert `{}`\nhelp: there are {}, from 1 on: `:alerts` lists them\n",
                escape_line(number),
                alerts.len()
            );
        };
        let paint = if self.look.color.is_on() {
            text::Paint::Ansi
        } else {
            text::Paint::Plain
        };
        let shown = text::alert(alert, paint);
        self.alert = Some(alert.id.clone());
        shown
    }

    /// Says how many alerts there are.
    pub(super) fn alert_count(&self) -> String {
        let Some(history) = &self.history else {
            return String::new();
        };
        if history.evaluator().program().rules.is_empty() {
            return String::new();
        }
        let mut by: std::collections::BTreeMap<&str, usize> = std::collections::BTreeMap::new();
        let alerts = history.alerts();
        for alert in &alerts {
            *by.entry(&alert.name).or_default() += 1;
        }
        let each: Vec<String> = by
            .iter()
            .map(|(name, count)| format!("{name} {count}"))
            .collect();
        let pending = history.run.engine.pending().len();
        let mut text = format!(
            "{} of {}",
            counted(alerts.len(), "alert"),
            counted(history.evaluator().program().rules.len(), "rule")
        );
        if !each.is_empty() {
            text.push_str(&format!(" ({})", each.join(", ")));
        }
        if pending > 0 && history.clock.is_none() {
            text.push_str(&format!(
                ", {} waiting for a deadline",
                counted(pending, "match").replace("matchs", "matches")
            ));
        }
        text + "\n"
    }
}
