//! Shows a diagnostic: to people with the lines it speaks of, to programs as one line of JSON.
//!
//! Apart from the diagnostic itself because only this file knows the library that draws.

use std::fmt::Write as _;

use annotate_snippets::{
    AnnotationKind, Group, Level as Shown, Origin, Patch, Renderer, Snippet, Title,
};

use crate::diagnostic::window::{Window, windows};
use crate::diagnostic::{Diagnostic, Level};
use crate::escape::{escape_untrusted, json_text};
use crate::file::Files;

/// Returns the diagnostic with the lines it speaks of, drawn for a terminal; no line feed at the end.
#[must_use]
pub fn render(files: &Files, diagnostic: &Diagnostic, color: bool) -> String {
    let windows = windows(files, diagnostic);
    let mut groups = vec![primary(files, diagnostic, &windows)];
    groups.extend(mended(diagnostic, &windows));
    let renderer = if color {
        Renderer::styled()
    } else {
        Renderer::plain()
    };
    let drawn = renderer.render(&groups);
    drawn
        .lines()
        .map(str::trim_end)
        .collect::<Vec<&str>>()
        .join("\n")
}

/// Returns the diagnostic as one line of JSON without its line feed.
///
/// Lines and columns count from 1, columns in characters, the end is behind the last character.
#[must_use]
pub fn json(files: &Files, diagnostic: &Diagnostic) -> String {
    let span = diagnostic.span;
    let (start, end) = (
        files.position(span.file, span.start),
        files.position(span.file, span.end),
    );
    let file = files.get(span.file).map_or("", |file| &*file.name);
    let mut out = String::new();
    let _ = write!(
        out,
        "{{\"code\":{},\"level\":{},\"message\":{},\"file\":{}",
        json_text(diagnostic.code.text()),
        json_text(level_name(diagnostic.level)),
        json_text(&diagnostic.message),
        json_text(file),
    );
    let _ = write!(
        out,
        ",\"line\":{},\"column\":{},\"end_line\":{},\"end_column\":{},\"help\":{}}}",
        start.line,
        start.column,
        end.line,
        end.column,
        diagnostic
            .help
            .as_deref()
            .map_or_else(|| "null".to_owned(), json_text),
    );
    out
}

fn level_name(level: Level) -> &'static str {
    match level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Note => "note",
    }
}

fn level(level: Level) -> Shown<'static> {
    match level {
        Level::Error => Shown::ERROR,
        Level::Warning => Shown::WARNING,
        Level::Note => Shown::NOTE,
    }
}

fn primary<'a>(files: &Files, diagnostic: &'a Diagnostic, windows: &'a [Window<'_>]) -> Group<'a> {
    let message = escape_untrusted(&diagnostic.message).into_owned();
    let title: Title<'a> = level(diagnostic.level)
        .primary_title(message)
        .id(diagnostic.code.text());
    if windows.is_empty() || files.get(diagnostic.span.file).is_none() {
        return Group::with_title(title);
    }
    let span = diagnostic.span;
    let is_cropped = windows
        .first()
        .is_some_and(|one| one.is_cropped_before(span));
    let mut group = Group::with_title(title);
    if is_cropped {
        group = group.element(origin(files, diagnostic));
    }
    for (at, window) in windows.iter().enumerate() {
        let mut snippet = annotated(diagnostic, window);
        if !(at == 0 && is_cropped) {
            snippet = snippet.path(escape_untrusted(window.name()).into_owned());
        }
        group = group.element(snippet);
    }
    match (&diagnostic.help, &diagnostic.patch) {
        (Some(help), None) => {
            group.element(Shown::HELP.message(escape_untrusted(help).into_owned()))
        }
        (Some(_), Some(_)) | (None, _) => group,
    }
}

/// Returns where a diagnostic stands, for lines that are not shown from their beginning.
fn origin(files: &Files, diagnostic: &Diagnostic) -> Origin<'static> {
    let span = diagnostic.span;
    let position = files.position(span.file, span.start);
    let name = files.get(span.file).map_or("", |file| &*file.name);
    Origin::path(escape_untrusted(name).into_owned())
        .line(position.line as usize)
        .char_column(position.column as usize)
}

fn snippet<'a, T: Clone>(window: &'a Window<'_>) -> Snippet<'a, T> {
    Snippet::source(window.text()).line_start(window.first_line())
}

fn annotated<'a>(
    diagnostic: &'a Diagnostic,
    window: &'a Window<'_>,
) -> Snippet<'a, annotate_snippets::Annotation<'a>> {
    let mut snippet = snippet(window);
    if diagnostic.span.file == window.id() {
        let annotation = AnnotationKind::Primary.span(window.range(diagnostic.span));
        let note = escape_untrusted(&diagnostic.note).into_owned();
        snippet = snippet.annotation(if note.is_empty() {
            annotation
        } else {
            annotation.label(note)
        });
    }
    for label in diagnostic
        .labels
        .iter()
        .filter(|label| label.span.file == window.id())
    {
        let text = escape_untrusted(&label.text).into_owned();
        snippet = snippet.annotation(
            AnnotationKind::Context
                .span(window.range(label.span))
                .label(text),
        );
    }
    snippet
}

/// Returns the lines as they would be with the patch.
fn mended<'a>(diagnostic: &'a Diagnostic, windows: &'a [Window<'_>]) -> Option<Group<'a>> {
    let patch = escape_untrusted(diagnostic.patch.as_deref()?).into_owned();
    let window = windows
        .first()
        .filter(|window| window.id() == diagnostic.span.file)?;
    let help = diagnostic.help.as_deref().unwrap_or("write this instead");
    let title = Shown::HELP.secondary_title(escape_untrusted(help).into_owned());
    let patch = Patch::new(window.range(diagnostic.span), patch);
    let path = escape_untrusted(window.name()).into_owned();
    Some(title.element(snippet(window).path(path).patch(patch)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Code;
    use crate::file::{FileId, Origin, Span};

    fn files(text: &str) -> (Files, FileId) {
        let mut files = Files::new();
        let id = files.add("a.muster", text, Origin::User);
        (files, id)
    }

    #[test]
    fn hostile_text_is_shown_escaped_and_pointed_at() {
        let (files, file) = files("a\r\n\u{202e}x \u{1b}[31m wrong\r\nb");
        let start = u32::try_from(files.get(file).unwrap().text.find("wrong").unwrap()).unwrap();
        let span = Span {
            file,
            start,
            end: start + 5,
        };
        let drawn = render(
            &files,
            &Diagnostic::error(Code::Syntax, span, "bad \u{1b}"),
            false,
        );
        insta::assert_snapshot!(drawn);
    }

    #[test]
    fn json_is_one_line_with_every_key() {
        let (files, file) = files("é wrong\n");
        let span = Span {
            file,
            start: 3,
            end: 8,
        };
        let diagnostic = Diagnostic::error(Code::Syntax, span, "a \"quoted\"\u{202e}").help("x");
        assert_eq!(
            json(&files, &diagnostic),
            r#"{"code":"M0101","level":"error","message":"a \"quoted\"\u202e","file":"a.muster","line":1,"column":3,"end_line":1,"end_column":8,"help":"x"}"#
        );
    }
}
