//! The commands of a session: their names, what they take, and what help says of them.
//!
//! Apart from doing them so that help, completion and dispatch read one list.

/// A command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Command {
    /// Its name, without the colon.
    pub(crate) name: &'static str,
    /// What it takes.
    pub(crate) takes: &'static str,
    /// What it does, in a line.
    pub(crate) does: &'static str,
    /// More of it, with an example.
    pub(crate) more: &'static str,
}

const fn command(
    name: &'static str,
    takes: &'static str,
    does: &'static str,
    more: &'static str,
) -> Command {
    Command {
        name,
        takes,
        does,
        more,
    }
}

/// Every command, in the order help shows them.
pub(crate) const COMMANDS: [Command; 29] = [
    command(
        "help",
        "[TOPIC]",
        "say what can be done",
        "`:help why` tells about one command, `:help asking` and `:help writing` about lines.",
    ),
    command(
        "load",
        "NAME…",
        "load rules (`.muster`, a directory, `std:PACK`) or events (any other file)",
        "Events take the place of those before: `:load monday.jsonl tuesday.jsonl.gz`. Rules are added: `:load std:zero_trust`.",
    ),
    command(
        "reload",
        "",
        "read all files again, and run",
        "What was typed stays; `:reset` forgets it.",
    ),
    command(
        "reset",
        "",
        "forget what was typed",
        "Rules that were loaded from files stay.",
    ),
    command(
        "save",
        "FILE | test NAME",
        "write what was typed to a file, or the alert at hand as a test",
        "`:save mine.muster` writes every declaration typed so far, in canonical layout. `:save test NAME` makes a test of the smallest set of events that still raises the alert shown last by `:alert`, and takes it up; `:save` it with the rest.",
    ),
    command("rules", "", "list the rules and what they raised", ""),
    command(
        "fields",
        "[PATTERN]",
        "list fields with types, sources and values seen",
        "`:fields geo` lists those whose names hold `geo`.",
    ),
    command("sources", "", "list sources with what they took", ""),
    command(
        "alerts",
        "[RULE]",
        "list the alerts raised up to the clock",
        "",
    ),
    command(
        "alert",
        "N",
        "show an alert in full",
        "Numbers are those of `:alerts`.",
    ),
    command(
        "why",
        "[not] RULE [KEY…] [at TIME]",
        "say why a rule fired, or how near it came",
        "`:why burst ana` tells the chain and the values of every condition. `:why not burst bo at 09:15` tells the nearest partial chain, the step where it stopped, and the first condition that was false or unknown with its values. Keys are values as alerts show them, in double quotes where they hold blanks.",
    ),
    command("run", "", "run to the end of the events", ""),
    command("step", "[N]", "go on by one event, or N", ""),
    command(
        "to",
        "TIME",
        "go to an instant",
        "`:to 09:15`, `:to 2026-03-15`, `:to 2026-03-15T09:15:00Z`.",
    ),
    command("back", "[N]", "go back by one event, or N", ""),
    command(
        "at",
        "ID",
        "go to an event",
        "`:at evt_9` shows the event and sets the clock to it.",
    ),
    command(
        "timeline",
        "[KEY]",
        "draw events and alerts on a line of time",
        "With a key, only events of that identity, or that hold the value in any field.",
    ),
    command(
        "state",
        "RULE [KEY]",
        "say what a rule keeps at the clock",
        "",
    ),
    command(
        "memory",
        "NAME [KEY…]",
        "say what a memory holds at the clock",
        "",
    ),
    command("cost", "", "say what each rule keeps, and for how long", ""),
    command(
        "set",
        "[PARAM VALUE]",
        "give a param another value, and run",
        "Shows the alerts gained and lost. Without a value, lists all params.",
    ),
    command(
        "diff",
        "NAME…",
        "compare the alerts of these rules with those of others",
        "`:diff old_rules/` tells which alerts are gained, lost and unchanged.",
    ),
    command("test", "[RULE]", "run the tests", ""),
    command(
        "explain",
        "CODE | RULE",
        "show the page of a diagnostic, or the meaning of a rule",
        "`:explain M0101`",
    ),
    command(
        "show",
        "NAME",
        "show a declaration as it stands",
        "`:show impossible_travel`",
    ),
    command("found", "", "say again what the events are", ""),
    command("more", "", "show the next rows", ""),
    command("warnings", "", "show what the compiler warns of", ""),
    command("quit", "", "leave", "So does Ctrl-D."),
];

/// Returns the command of a name, or of a beginning that only one has.
pub(crate) fn find(name: &str) -> Result<Command, Vec<&'static str>> {
    if let Some(command) = COMMANDS.iter().find(|command| command.name == name) {
        return Ok(*command);
    }
    let like: Vec<&Command> = COMMANDS
        .iter()
        .filter(|command| !name.is_empty() && command.name.starts_with(name))
        .collect();
    match like.as_slice() {
        [only] => Ok(**only),
        many => Err(many.iter().map(|command| command.name).collect()),
    }
}

/// Cuts arguments at blanks, outside double quotes.
pub(crate) fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let (mut is_quoted, mut is_open) = (false, false);
    let mut letters = text.chars();
    while let Some(c) = letters.next() {
        match c {
            '"' => {
                is_quoted = !is_quoted;
                is_open = true;
            }
            '\\' if is_quoted => word.extend(letters.next()),
            c if c.is_whitespace() && !is_quoted => {
                if is_open || !word.is_empty() {
                    words.push(std::mem::take(&mut word));
                }
                is_open = false;
            }
            c => word.push(c),
        }
    }
    if is_open || !word.is_empty() {
        words.push(word);
    }
    words
}

/// Returns help about everything, or about a topic.
pub(crate) fn help(topic: Option<&str>) -> String {
    let Some(topic) = topic else {
        return overview();
    };
    match topic.trim_start_matches(':') {
        "asking" => ASKING.into(),
        "writing" => WRITING.into(),
        name => match find(name) {
            Ok(command) => format!(
                ":{} {}\n  {}\n{}",
                command.name,
                command.takes,
                command.does,
                paragraph(command.more)
            ),
            Err(_) => format!(
                "error: there is no help on `{}`\nhelp: `:help` lists all topics\n",
                muster_lang::escape::escape_line(topic)
            ),
        },
    }
}

fn paragraph(text: &str) -> String {
    if text.is_empty() {
        String::new()
    } else {
        format!("  {text}\n")
    }
}

fn overview() -> String {
    let line = |command: &Command| {
        let head = format!(":{} {}", command.name, command.takes);
        format!("  {head:<34}  {}\n", command.does)
    };
    let commands: String = COMMANDS.iter().map(line).collect();
    format!(
        "a line asks (`:help asking`), declares (`:help writing`), or is a command:\n{commands}"
    )
}

const ASKING: &str = "\
  login                                  the events of a class
  login where outcome is failure         those for which a condition holds
  outcome is failure                     those of any class
  login where outcome is failure count   how many
  count                                  how many of those of the line before
  by identity                            the line before, counted by a field
  login by ip every 1h                   a line of bars for each value
  login every 1d                         a bar for each day
  login show user_agent, geo.country     further columns
";

const WRITING: &str = "\
  rule burst \"Burst\" {
    when 5+ login_failed as f within 10m
    where identity same
    alert medium \"{identity}: {count(f)} failures\"
  }
A declaration may take several lines: it ends when its brackets are closed and it is complete. It is
compiled at once, takes the place of the one of its name, and runs over the events. `:save FILE` keeps it.
";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_cut_outside_quotes() {
        assert_eq!(
            words(r#"not burst "ana maria" at 09:15"#),
            ["not", "burst", "ana maria", "at", "09:15"]
        );
        assert_eq!(words(r#""" "a\"b"#), ["", "a\"b"]);
    }

    #[test]
    fn a_beginning_that_is_unique_is_enough() {
        assert_eq!(find("q").map(|one| one.name), Ok("quit"));
        assert_eq!(find("re").map_err(|many| many.len()), Err(2));
        assert!(find("").is_err());
    }
}
