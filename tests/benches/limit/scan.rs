//! A checked scanner that takes twelve values out of a line and remembers what lines look like.
//!
//! All of a line is checked by JSON's grammar: a value that nobody wants may not be malformed either.

/// Where a value stands in its line, quotes included; empty if it is not there.
pub(crate) type Span = (u32, u32);

/// The paths that are wanted. Their places are those of the spans.
pub(crate) const PATHS: [&[&str]; 12] = [
    &["time"],
    &["class"],
    &["outcome"],
    &["actor", "email"],
    &["geo", "lat"],
    &["geo", "lon"],
    &["device", "id"],
    &["device", "compliant"],
    &["resource", "id"],
    &["resource", "sensitivity"],
    &["bytes", "down"],
    &["id"],
];

/// As deep as `serde_json` goes.
const DEPTH_MAX: u32 = 128;

/// What to do with the value of a key.
#[derive(Clone, Copy, PartialEq)]
enum Do {
    Skip,
    Take(usize),
    Enter(usize),
}

/// An object of which something is wanted.
#[derive(Default)]
struct Node {
    keys: Vec<(&'static str, usize, Option<usize>)>,
    /// The keys of the last such object as `"key":`, in order: the next one is most often the same.
    shape: Vec<(Vec<u8>, Do)>,
}

/// Finds what is wanted of a line.
pub(crate) struct Scanner {
    nodes: Vec<Node>,
    spans: [Span; PATHS.len()],
}

impl Scanner {
    /// Returns a scanner for `PATHS`.
    pub(crate) fn new() -> Self {
        let mut nodes = vec![Node::default()];
        for (place, path) in PATHS.iter().enumerate() {
            match **path {
                [key] => nodes[0].keys.push((key, place, None)),
                [object, key] => {
                    let known = nodes[0].keys.iter().find(|known| known.0 == object);
                    let node = known.and_then(|known| known.2).unwrap_or(nodes.len());
                    if node == nodes.len() {
                        nodes.push(Node::default());
                        nodes[0].keys.push((object, 0, Some(node)));
                    }
                    nodes[node].keys.push((key, place, None));
                }
                _ => {}
            }
        }
        Self {
            nodes,
            spans: [(0, 0); PATHS.len()],
        }
    }

    /// Returns where the wanted values of a line stand; `None` if it is no JSON object.
    pub(crate) fn scan(&mut self, line: &[u8]) -> Option<&[Span; PATHS.len()]> {
        self.spans = [(0, 0); PATHS.len()];
        let at = space(line, 0);
        let at = self.object(line, at, 0, 1)?;
        (space(line, at) == line.len()).then_some(&self.spans)
    }

    /// Reads an object that something is wanted of; returns where it ends.
    fn object(&mut self, line: &[u8], at: usize, node: usize, depth: u32) -> Option<usize> {
        if line.get(at) != Some(&b'{') {
            return None;
        }
        let mut at = space(line, at + 1);
        if line.get(at) == Some(&b'}') {
            return Some(at + 1);
        }
        let mut number = 0;
        loop {
            let (action, value) = self.key(line, at, node, number)?;
            number += 1;
            let start = space(line, value);
            at = match action {
                Do::Skip => skip(line, start, depth)?,
                Do::Take(place) => {
                    let end = skip(line, start, depth)?;
                    self.spans[place] = (u32::try_from(start).ok()?, u32::try_from(end).ok()?);
                    end
                }
                Do::Enter(inner) => {
                    // Of equal keys the last counts, whatever its value is.
                    for place in 0..self.nodes[inner].keys.len() {
                        self.spans[self.nodes[inner].keys[place].1] = (0, 0);
                    }
                    if line.get(start) == Some(&b'{') {
                        self.object(line, start, inner, depth + 1)?
                    } else {
                        skip(line, start, depth)?
                    }
                }
            };
            at = space(line, at);
            match line.get(at)? {
                b',' => at = space(line, at + 1),
                b'}' => return Some(at + 1),
                _ => return None,
            }
        }
    }

    /// Reads a key and its colon: one comparison where the object looks like the last one.
    fn key(&mut self, line: &[u8], at: usize, node: usize, number: usize) -> Option<(Do, usize)> {
        if let Some((key, action)) = self.nodes[node].shape.get(number)
            && line[at..].starts_with(key)
        {
            return Some((*action, at + key.len()));
        }
        let end = string(line, at)?;
        let colon = space(line, end);
        if line.get(colon) != Some(&b':') {
            return None;
        }
        let name: String = serde_json::from_slice(&line[at..end]).ok()?;
        let node = &mut self.nodes[node];
        let action = match node.keys.iter().find(|key| key.0 == name) {
            Some((_, _, Some(inner))) => Do::Enter(*inner),
            Some((_, place, None)) => Do::Take(*place),
            None => Do::Skip,
        };
        node.shape.truncate(number);
        node.shape.push((line[at..=colon].to_vec(), action));
        Some((action, colon + 1))
    }
}

/// Passes over white space, of which there is most often none.
fn space(line: &[u8], mut at: usize) -> usize {
    while matches!(line.get(at), Some(b' ' | b'\t' | b'\r' | b'\n')) {
        at += 1;
    }
    at
}

/// Passes over a value, checking it; returns where it ends.
fn skip(line: &[u8], at: usize, depth: u32) -> Option<usize> {
    match line.get(at)? {
        b'"' => string(line, at),
        b'{' | b'[' => container(line, at, depth + 1),
        b't' => line[at..].starts_with(b"true").then_some(at + 4),
        b'f' => line[at..].starts_with(b"false").then_some(at + 5),
        b'n' => line[at..].starts_with(b"null").then_some(at + 4),
        _ => number(line, at),
    }
}

fn container(line: &[u8], at: usize, depth: u32) -> Option<usize> {
    if depth >= DEPTH_MAX {
        return None;
    }
    let is_object = line[at] == b'{';
    let close = if is_object { b'}' } else { b']' };
    let mut at = space(line, at + 1);
    if line.get(at) == Some(&close) {
        return Some(at + 1);
    }
    loop {
        if is_object {
            at = space(line, string(line, at)?);
            if line.get(at) != Some(&b':') {
                return None;
            }
            at = space(line, at + 1);
        }
        at = space(line, skip(line, at, depth)?);
        match line.get(at)? {
            b',' => at = space(line, at + 1),
            byte if *byte == close => return Some(at + 1),
            _ => return None,
        }
    }
}

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGHS: u64 = 0x8080_8080_8080_8080;

/// Returns the high bit of each byte that may end a run of plain text: `"`, `\`, control characters.
fn special(word: u64) -> u64 {
    let quote = word ^ (ONES * u64::from(b'"'));
    let backslash = word ^ (ONES * u64::from(b'\\'));
    let zero = |word: u64| word.wrapping_sub(ONES) & !word;
    let control = word.wrapping_sub(ONES * 0x20) & !word;
    (zero(quote) | zero(backslash) | control) & HIGHS
}

/// Passes over a text, eight bytes at a time.
fn string(line: &[u8], at: usize) -> Option<usize> {
    if line.get(at) != Some(&b'"') {
        return None;
    }
    let mut at = at + 1;
    loop {
        while let Some(chunk) = line.get(at..at + 8) {
            let mut bytes = [0; 8];
            bytes.copy_from_slice(chunk);
            let found = special(u64::from_le_bytes(bytes));
            if found != 0 {
                at += (found.trailing_zeros() / 8) as usize;
                break;
            }
            at += 8;
        }
        match line.get(at)? {
            b'"' => return Some(at + 1),
            b'\\' => at = escape(line, at)?,
            0..0x20 => return None,
            _ => at += 1,
        }
    }
}

fn escape(line: &[u8], at: usize) -> Option<usize> {
    match line.get(at + 1)? {
        b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => Some(at + 2),
        b'u' => {
            let unit = hex(line, at + 2)?;
            match unit {
                0xD800..0xDC00 => {
                    let low = line.get(at + 6..at + 8) == Some(b"\\u".as_slice());
                    let low = if low { hex(line, at + 8)? } else { 0 };
                    (0xDC00..0xE000).contains(&low).then_some(at + 12)
                }
                0xDC00..0xE000 => None,
                _ => Some(at + 6),
            }
        }
        _ => None,
    }
}

fn hex(line: &[u8], at: usize) -> Option<u32> {
    let digits = line.get(at..at + 4)?;
    digits.iter().try_fold(0, |unit, digit| {
        Some(unit * 16 + char::from(*digit).to_digit(16)?)
    })
}

fn number(line: &[u8], at: usize) -> Option<usize> {
    let digits = |mut at: usize| {
        let start = at;
        while line.get(at).is_some_and(u8::is_ascii_digit) {
            at += 1;
        }
        (at > start).then_some(at)
    };
    let mut at = if line[at] == b'-' { at + 1 } else { at };
    at = match line.get(at)? {
        b'0' => at + 1,
        _ => digits(at)?,
    };
    if line.get(at) == Some(&b'.') {
        at = digits(at + 1)?;
    }
    if matches!(line.get(at), Some(b'e' | b'E')) {
        at += 1;
        if matches!(line.get(at), Some(b'+' | b'-')) {
            at += 1;
        }
        at = digits(at)?;
    }
    Some(at)
}
