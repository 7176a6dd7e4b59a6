//! Tables and bars for people, as wide as the terminal.
//!
//! Apart from what they show so that folding, cutting and escaping are done in one place.

use muster_lang::escape::escape_line;
use unicode_width::UnicodeWidthChar;

use crate::report::{BOLD, Color};

/// The longest cell, in columns, before it is cut.
const CELL_MAX: usize = 60;
/// No column is made narrower than this to let others fit.
const NARROW: usize = 14;

/// Rows below headings.
pub(crate) struct Table {
    headings: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Table {
    pub(crate) fn new(headings: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self {
            headings: headings.into_iter().map(Into::into).collect(),
            rows: Vec::new(),
        }
    }

    /// Adds a row; its cells are escaped here.
    pub(crate) fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        self.rows.push(
            cells
                .into_iter()
                .map(|cell| cut(&escape_line(&cell), CELL_MAX))
                .collect(),
        );
    }

    /// Draws it; columns that do not fit are folded below, those on the right first.
    pub(crate) fn draw(&self, width: usize, color: Color) -> String {
        let natural: Vec<usize> = (0..self.headings.len())
            .map(|at| self.width_of(at))
            .collect();
        let widths = narrowed(&natural, width);
        let mut text = String::new();
        let mut first = 0;
        while first < widths.len() {
            let last = fitting(&widths, first, width);
            if first > 0 {
                text.push('\n');
            }
            self.draw_columns(first..last, &widths, color, &mut text);
            first = last;
        }
        text
    }

    fn width_of(&self, column: usize) -> usize {
        let cells = self.rows.iter().filter_map(|row| row.get(column));
        let cells = cells.chain(self.headings.get(column));
        cells.map(|cell| columns(cell)).max().unwrap_or(0)
    }

    fn draw_columns(
        &self,
        range: std::ops::Range<usize>,
        widths: &[usize],
        color: Color,
        text: &mut String,
    ) {
        let line = |cells: &[String]| {
            let cells = cells.get(range.clone()).unwrap_or_default();
            let padded = cells
                .iter()
                .zip(widths.get(range.clone()).unwrap_or_default());
            let padded = padded.map(|(cell, width)| pad(&cut(cell, *width), *width));
            padded.collect::<Vec<_>>().join("  ").trim_end().to_owned()
        };
        text.push_str(&color.paint(BOLD, &line(&self.headings)));
        text.push('\n');
        for row in &self.rows {
            text.push_str(&line(row));
            text.push('\n');
        }
    }
}

/// Returns widths that fit, the widest columns made narrower, but none below [`NARROW`].
fn narrowed(natural: &[usize], width: usize) -> Vec<usize> {
    let mut widths = natural.to_vec();
    let total =
        |widths: &[usize]| widths.iter().sum::<usize>() + 2 * widths.len().saturating_sub(1);
    while total(&widths) > width {
        let Some(widest) = widths
            .iter_mut()
            .max_by_key(|one| **one)
            .filter(|one| **one > NARROW)
        else {
            // It folds whatever is done, so nothing need be cut.
            return natural.to_vec();
        };
        *widest -= 1;
    }
    widths
}

/// Returns the column behind the last that fits beside the first.
fn fitting(widths: &[usize], first: usize, width: usize) -> usize {
    let mut used = 0;
    for (at, one) in widths.iter().enumerate().skip(first) {
        used += one + if at == first { 0 } else { 2 };
        if used > width && at > first {
            return at;
        }
    }
    widths.len()
}

/// Returns how many columns of a terminal a text takes.
pub(crate) fn columns(text: &str) -> usize {
    text.chars().map(|c| c.width().unwrap_or(0)).sum()
}

/// Returns a text with blanks behind it up to a width.
pub(crate) fn pad(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(columns(text))))
}

/// Returns a text cut to a width, with `…` where something is missing.
pub(crate) fn cut(text: &str, width: usize) -> String {
    if columns(text) <= width {
        return text.to_owned();
    }
    let mut used = 0;
    let kept = text.chars().take_while(|c| {
        used += c.width().unwrap_or(0);
        used < width
    });
    kept.chain(['…']).collect()
}

const EIGHTHS: [char; 8] = ['▏', '▎', '▍', '▌', '▋', '▊', '▉', '█'];
const LEVELS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// Returns a bar for a part of a whole, at least an eighth of a column where there is anything.
pub(crate) fn bar(part: u64, whole: u64, width: usize) -> String {
    if part == 0 || whole == 0 {
        return String::new();
    }
    let eighths = (u128::from(part) * width as u128 * 8).div_ceil(u128::from(whole));
    let eighths = usize::try_from(eighths).unwrap_or(width * 8);
    let rest = (eighths % 8).checked_sub(1).and_then(|at| EIGHTHS.get(at));
    "█"
        .repeat(eighths / 8)
        .chars()
        .chain(rest.copied())
        .collect()
}

/// Returns a line of small bars, a blank for nothing.
pub(crate) fn sparkline(counts: &[u64]) -> String {
    let most = counts.iter().copied().max().unwrap_or(0).max(1);
    let level = |count: &u64| match count {
        0 => ' ',
        count => {
            let at = u128::from(*count) * 7 / u128::from(most);
            LEVELS
                .get(usize::try_from(at).unwrap_or(7))
                .copied()
                .unwrap_or('█')
        }
    };
    counts.iter().map(level).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_tables_fold() {
        let mut table = Table::new(["one", "two", "three"]);
        table.row(["aaaaaa".into(), "b\u{1b}[31mb".into(), "日本".into()]);
        assert_eq!(
            table.draw(80, Color::Off),
            "one     two           three\naaaaaa  b\\u{1b}[31mb  日本\n"
        );
        assert_eq!(table.draw(8, Color::Off).lines().count(), 8);
    }

    #[test]
    fn bars_are_in_proportion() {
        assert_eq!(bar(1, 2, 4), "██");
        assert_eq!(bar(1, 1_000, 4), "▏");
        assert_eq!(bar(0, 5, 4), "");
        assert_eq!(sparkline(&[0, 1, 4, 8]), " ▁▄█");
    }

    #[test]
    fn what_is_cut_says_so() {
        assert_eq!(cut("abcdef", 4), "abc…");
        assert_eq!(cut("日本語", 4), "日…");
    }
}
