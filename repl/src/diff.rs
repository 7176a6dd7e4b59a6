//! The difference of two texts, line by line.
//!
//! Apart from the formatter because it is about any two texts.

/// How many lines of one text are compared; longer differences are shown as one block.
const LINES_MAX: usize = 2_000;
/// How many equal lines are shown around a difference.
const AROUND: usize = 3;

/// Returns the lines that differ, marked `-` and `+`, with equal lines around them, marked by a space.
pub(crate) fn lines(old: &str, new: &str) -> Vec<String> {
    let old: Vec<&str> = old.lines().collect();
    let new: Vec<&str> = new.lines().collect();
    let head = old
        .iter()
        .zip(&new)
        .take_while(|(one, other)| one == other)
        .count();
    let (old_rest, new_rest) = (skip(&old, head), skip(&new, head));
    let pairs = old_rest.iter().rev().zip(new_rest.iter().rev());
    let tail = pairs.take_while(|(one, other)| one == other).count();
    let (old_part, old_tail) = old_rest.split_at(old_rest.len() - tail);
    let (new_part, _) = new_rest.split_at(new_rest.len() - tail);
    let mut marked: Vec<(char, &str)> = old.iter().take(head).map(|line| (' ', *line)).collect();
    marked.extend(middle(old_part, new_part));
    marked.extend(old_tail.iter().map(|line| (' ', *line)));
    near_differences(&marked)
}

fn skip<'a, 'b>(lines: &'a [&'b str], count: usize) -> &'a [&'b str] {
    lines.get(count..).unwrap_or_default()
}

/// Marks the lines between the common beginning and the common end.
fn middle<'a>(old: &[&'a str], new: &[&'a str]) -> Vec<(char, &'a str)> {
    let as_block = old.len() > LINES_MAX || new.len() > LINES_MAX;
    let lengths = if as_block {
        Vec::new()
    } else {
        common_lengths(old, new)
    };
    let length = |i: usize, j: usize| {
        lengths
            .get(i)
            .and_then(|row: &Vec<u16>| row.get(j))
            .copied()
            .unwrap_or(0)
    };
    let mut out = Vec::new();
    let (mut i, mut j) = (0, 0);
    loop {
        match (old.get(i), new.get(j)) {
            (Some(one), Some(other)) if one == other && !as_block => {
                out.push((' ', *one));
                i += 1;
                j += 1;
            }
            (Some(one), other) if other.is_none() || length(i + 1, j) >= length(i, j + 1) => {
                out.push(('-', *one));
                i += 1;
            }
            (_, Some(other)) => {
                out.push(('+', *other));
                j += 1;
            }
            (_, None) => return out,
        }
    }
}

/// Returns how many lines the rests behind each pair of places have in common, in order.
fn common_lengths(old: &[&str], new: &[&str]) -> Vec<Vec<u16>> {
    let mut rows = vec![vec![0u16; new.len() + 1]];
    for one in old.iter().rev() {
        let below = rows.last().cloned().unwrap_or_default();
        let mut row = vec![0u16; new.len() + 1];
        let mut right = 0;
        for (j, other) in new.iter().enumerate().rev() {
            let at = |j: usize| below.get(j).copied().unwrap_or(0);
            right = if one == other {
                at(j + 1) + 1
            } else {
                right.max(at(j))
            };
            if let Some(place) = row.get_mut(j) {
                *place = right;
            }
        }
        rows.push(row);
    }
    rows.reverse();
    rows
}

fn near_differences(marked: &[(char, &str)]) -> Vec<String> {
    let differs = |place: usize| marked.get(place).is_some_and(|(mark, _)| *mark != ' ');
    let is_near = |place: usize| (place.saturating_sub(AROUND)..=place + AROUND).any(differs);
    let mut out = Vec::new();
    let mut hidden = false;
    for (place, (mark, line)) in marked.iter().enumerate() {
        if is_near(place) {
            out.push(format!("{mark}{line}"));
        } else if !hidden {
            out.push("  …".into());
        }
        hidden = !is_near(place);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_line_is_shown_with_its_neighbors() {
        let old = "a\nb\nc\nd\ne\nf\n";
        let new = "a\nb\nc\nd\nE\nf\n";
        assert_eq!(lines(old, new), ["  …", " b", " c", " d", "-e", "+E", " f"]);
    }

    #[test]
    fn lines_that_moved_apart_stay_recognized() {
        let old = "one\ntwo\nthree\n";
        let new = "zero\none\ntwo and a half\nthree\nfour\n";
        assert_eq!(
            lines(old, new),
            [
                "+zero",
                " one",
                "-two",
                "+two and a half",
                " three",
                "+four"
            ]
        );
    }

    #[test]
    fn equal_texts_do_not_differ() {
        assert_eq!(lines("a\n", "a\n"), ["  …"]);
        assert_eq!(lines("", ""), Vec::<String>::new());
    }
}
