//! What a rule says of itself.
//!
//! Apart from its meaning because none of it changes what matches.

use crate::check::Checker;
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::Meta;
use crate::syntax::ast::{self, MetaKind, Name};

/// Maturities of a rule.
const STATUSES: [&str; 4] = ["experimental", "test", "stable", "deprecated"];

impl Checker<'_> {
    pub(super) fn meta(&mut self, rule: &ast::Rule) -> Meta {
        let mut meta = Meta::default();
        for (index, line) in rule.meta.iter().enumerate() {
            let word = word(&line.kind);
            let first = rule
                .meta
                .iter()
                .take(index)
                .find(|other| self::word(&other.kind) == word);
            if let (Some(first), false) = (first, word == "references") {
                let message = format!("a rule has one line `{word}`, found another");
                self.report(
                    Diagnostic::error(Code::Twice, line.span, message)
                        .label(first.span, "the first stands here"),
                );
            }
            self.meta_line(line, &mut meta);
        }
        meta
    }

    fn meta_line(&mut self, line: &ast::Meta, meta: &mut Meta) {
        match &line.kind {
            MetaKind::About(text) => meta.about = text.value.as_str().into(),
            MetaKind::Attack(ids) => {
                for id in ids {
                    self.technique(id);
                    meta.attack.push(id.text.as_str().into());
                }
            }
            MetaKind::Tags(tags) => {
                meta.tags
                    .extend(tags.iter().map(|tag| tag.text.as_str().into()));
            }
            MetaKind::Status(status) => {
                self.status(status);
                meta.status = Some(status.text.as_str().into());
            }
            MetaKind::References(texts) => {
                meta.references
                    .extend(texts.iter().map(|text| text.value.as_str().into()));
            }
            MetaKind::FalsePositives(text) => meta.false_positives = text.value.as_str().into(),
        }
    }

    /// Looks whether a technique has the form that ATT&CK gives it.
    fn technique(&mut self, id: &Name) {
        let digits = |text: &str, count: usize| {
            text.len() == count && text.bytes().all(|digit| digit.is_ascii_digit())
        };
        let fits = id
            .text
            .strip_prefix('T')
            .is_some_and(|rest| match rest.split_once('.') {
                None => digits(rest, 4),
                Some((technique, part)) => digits(technique, 4) && digits(part, 3),
            });
        if !fits {
            let message = format!("expected an ATT&CK technique, found `{}`", id.text);
            let diagnostic = Diagnostic::error(Code::BadMeta, id.span, message);
            self.report(diagnostic.help("techniques are called `T1078` or `T1078.004`"));
        }
    }

    fn status(&mut self, status: &Name) {
        if STATUSES.contains(&status.text.as_str()) {
            return;
        }
        let message = format!("expected a status, found `{}`", status.text);
        let diagnostic = Diagnostic::error(Code::BadMeta, status.span, message);
        self.report(match self.nearest(&status.text, STATUSES) {
            Some(near) => diagnostic
                .help(format!("did you mean `{near}`?"))
                .patch(near),
            None => diagnostic.help("it is experimental, test, stable or deprecated"),
        });
    }
}

/// Returns the word of a line.
fn word(kind: &MetaKind) -> &'static str {
    match kind {
        MetaKind::About(_) => "about",
        MetaKind::Attack(_) => "attack",
        MetaKind::Tags(_) => "tags",
        MetaKind::Status(_) => "status",
        MetaKind::References(_) => "references",
        MetaKind::FalsePositives(_) => "false positives",
    }
}
