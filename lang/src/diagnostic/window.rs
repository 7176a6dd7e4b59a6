//! The lines that a diagnostic shows: made safe, long ones cropped to what it speaks of.
//!
//! Apart from drawing so that no place in a file is mixed with a place in what is shown.

use std::ops::Range;

use crate::diagnostic::Diagnostic;
use crate::escape::escape_untrusted;
use crate::file::{File, FileId, Files, Span};

/// Lines shown before and behind the lines a diagnostic speaks of.
const CONTEXT_LINES: usize = 2;
/// Longer lines are cropped, in bytes.
const LINE_BYTES_MAX: usize = 240;
/// What stays of a cropped line around each place of interest, in bytes.
const AROUND_BYTES: usize = 60;
/// What stands for a part that is left out.
const CROPPED: &str = " … ";

/// The lines of one file that are shown.
pub(super) struct Window<'a> {
    id: FileId,
    file: &'a File,
    /// The bytes of the file that are shown, in order; what lies between two pieces of a line is left out.
    // INVARIANT: not empty, ascending, on the borders of characters.
    pieces: Vec<Range<usize>>,
    first_line: usize,
    text: String,
}

impl<'a> Window<'a> {
    fn new(file: &'a File, span: Span, spans: &[Span]) -> Self {
        let text: &str = &file.text;
        let start = back_lines(text, span.start as usize);
        let end = forward_lines(text, span.end as usize);
        let places: Vec<usize> = spans
            .iter()
            .filter(|other| other.file == span.file)
            .flat_map(|other| [other.start as usize, other.end as usize])
            .collect();
        let pieces = pieces(text, start..end, &places);
        let shown: Vec<String> = pieces
            .iter()
            .map(|piece| safe(text.get(piece.clone()).unwrap_or_default()))
            .collect();
        Window {
            id: span.file,
            file,
            first_line: text.get(..start).unwrap_or_default().matches('\n').count() + 1,
            text: shown.join(CROPPED),
            pieces,
        }
    }

    /// Returns the file.
    pub(super) fn id(&self) -> FileId {
        self.id
    }

    /// Returns the name of the file.
    pub(super) fn name(&self) -> &str {
        &self.file.name
    }

    /// Returns what is shown.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Returns the number of the first line that is shown, from 1.
    pub(super) fn first_line(&self) -> usize {
        self.first_line
    }

    /// Tells whether something is left out before a place on its line: its column is another then.
    pub(super) fn is_cropped_before(&self, span: Span) -> bool {
        let start = span.start as usize;
        self.pieces.iter().skip(1).any(|piece| {
            let between = self.file.text.get(piece.start..start);
            between.is_some_and(|between| !between.contains('\n'))
        })
    }

    /// Returns a range of the file as a range of the text that is shown.
    pub(super) fn range(&self, span: Span) -> Range<usize> {
        let start = self.place(span.start as usize);
        start..self.place(span.end as usize).max(start)
    }

    fn place(&self, offset: usize) -> usize {
        let mut place = 0;
        for (at, piece) in self.pieces.iter().enumerate() {
            if at > 0 {
                place += CROPPED.len();
            }
            let end = offset.clamp(piece.start, piece.end);
            let before = self.file.text.get(piece.start..end).unwrap_or_default();
            place += safe(before).len();
            if offset <= piece.end {
                break;
            }
        }
        place
    }
}

/// Returns the shown lines of every file a diagnostic speaks of, its own first.
pub(super) fn windows<'a>(files: &'a Files, diagnostic: &Diagnostic) -> Vec<Window<'a>> {
    let labels = diagnostic.labels.iter().map(|label| label.span);
    let spans: Vec<Span> = std::iter::once(diagnostic.span).chain(labels).collect();
    let mut windows: Vec<Window<'a>> = Vec::new();
    for span in &spans {
        if windows.iter().any(|window| window.id == span.file) {
            continue;
        }
        let same = spans.iter().filter(|other| other.file == span.file);
        let whole = same.fold(*span, |whole, other| whole.to(*other));
        windows.extend(
            files
                .get(span.file)
                .map(|file| Window::new(file, whole, &spans)),
        );
    }
    windows
}

/// Returns what is shown of some lines: all of short ones, of long ones what lies around the places.
fn pieces(text: &str, shown: Range<usize>, places: &[usize]) -> Vec<Range<usize>> {
    let mut pieces = Vec::new();
    let mut from = shown.start;
    let mut line_start = shown.start;
    for line in text
        .get(shown.clone())
        .unwrap_or_default()
        .split_inclusive('\n')
    {
        let line = line_start..line_start + line.len();
        line_start = line.end;
        if line.len() <= LINE_BYTES_MAX {
            continue;
        }
        for cut in cuts(text, &line, places) {
            pieces.push(from..cut.start);
            from = cut.end;
        }
    }
    pieces.push(from..shown.end);
    pieces
}

/// Returns the parts of a long line that are far from all places.
fn cuts(text: &str, line: &Range<usize>, places: &[usize]) -> Vec<Range<usize>> {
    // The line feed stays, or two lines would become one.
    let end = line.end
        - usize::from(
            text.get(..line.end)
                .is_some_and(|text| text.ends_with('\n')),
        );
    let mut near: Vec<usize> = places
        .iter()
        .copied()
        .filter(|place| (line.start..=end).contains(place))
        .collect();
    if near.is_empty() {
        near.push(line.start);
    }
    near.sort_unstable();
    let mut cuts = Vec::new();
    let mut from = line.start;
    for place in near {
        let to = text.floor_char_boundary(place.saturating_sub(AROUND_BYTES));
        if to > from + AROUND_BYTES {
            cuts.push(from..to);
        }
        from = from.max(text.ceil_char_boundary((place + AROUND_BYTES).min(end)));
    }
    if end > from + AROUND_BYTES {
        cuts.push(from..end);
    }
    cuts
}

fn safe(text: &str) -> String {
    escape_untrusted(&text.replace("\r\n", "\n")).into_owned()
}

fn back_lines(text: &str, offset: usize) -> usize {
    let before = text.get(..offset).unwrap_or(text);
    before
        .rmatch_indices('\n')
        .nth(CONTEXT_LINES)
        .map_or(0, |(at, _)| at + 1)
}

fn forward_lines(text: &str, offset: usize) -> usize {
    let after = text.get(offset..).unwrap_or_default();
    after
        .match_indices('\n')
        .nth(CONTEXT_LINES)
        .map_or(text.len(), |(at, _)| offset + at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Code;
    use crate::diagnostic::render::render;
    use crate::file::Origin;

    fn drawn(text: &str, wrong: &str) -> String {
        let mut files = Files::new();
        let file = files.add("a.muster", text, Origin::User);
        let start = text.find(wrong).unwrap();
        let span = Span {
            file,
            start: u32::try_from(start).unwrap(),
            end: u32::try_from(start + wrong.len()).unwrap(),
        };
        render(&files, &Diagnostic::error(Code::Syntax, span, "bad"), false)
    }

    #[test]
    fn a_long_line_is_cropped_to_what_is_wrong() {
        let text = format!(
            "{} wrong {}\nnext",
            "é, ".repeat(100_000),
            "z ".repeat(100_000)
        );
        insta::assert_snapshot!(drawn(&text, "wrong"));
    }

    #[test]
    fn a_long_mistake_shows_its_ends() {
        let wrong = format!("<{}>", "long ".repeat(1_000));
        let text = format!("before\n{wrong}\nbehind");
        insta::assert_snapshot!(drawn(&text, &wrong));
    }

    #[test]
    fn long_lines_beside_a_mistake_show_their_beginning() {
        let text = format!("{}\nwrong\n{}", "a".repeat(1_000), "b".repeat(1_000));
        insta::assert_snapshot!(drawn(&text, "wrong"));
    }
}
