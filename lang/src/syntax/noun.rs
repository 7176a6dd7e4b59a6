//! What the rules of the grammar are called in messages.
//!
//! Apart from the grammar because pest's own names are for its authors, not for those of rules.

use crate::syntax::parse::grammar::Rule;

/// Returns the expected things as a phrase, `a duration such as \`5m\``; nothing where none has a name.
pub(crate) fn expected(rules: &[Rule]) -> Option<String> {
    let mut nouns: Vec<String> = Vec::new();
    for rule in rules {
        let noun = noun(*rule);
        if !noun.is_empty() && !nouns.contains(&noun) {
            nouns.push(noun);
        }
    }
    let has = |word: &str| nouns.iter().any(|noun| noun == word);
    if has(OPERAND) {
        return Some(OPERAND.to_owned());
    }
    if has(STEP) {
        return Some(STEP.to_owned());
    }
    let last = nouns.pop()?;
    match nouns.len() {
        0 => Some(last),
        1..=5 => Some(format!("{} or {last}", nouns.join(", "))),
        _ => None,
    }
}

const OPERAND: &str = "an expression";
const STEP: &str = "a step such as `login`";

/// Returns what a rule of the grammar is called; nothing for one that only adds noise.
fn noun(rule: Rule) -> String {
    let noun = match rule {
        Rule::expression
        | Rule::condition
        | Rule::item
        | Rule::item_condition
        | Rule::value
        | Rule::operand
        | Rule::postfix
        | Rule::scalar
        | Rule::argument
        | Rule::quantified
        | Rule::same_list
        | Rule::call => OPERAND,
        Rule::pattern | Rule::step | Rule::set_step => STEP,
        Rule::name | Rule::label | Rule::root | Rule::digest_value => "a name",
        Rule::class => "an event class such as `login`",
        Rule::path | Rule::entry => "a field such as `identity`",
        Rule::text => "a text such as `\"…\"`",
        Rule::column | Rule::tag => "a name or a text",
        Rule::duration => "a duration such as `5m`",
        Rule::amount | Rule::number => "a whole number such as `5`",
        Rule::literal => "a literal such as `\"ana\"` or `5`",
        Rule::literal_list => "a list such as `[\"ana\", \"bo\"]`",
        Rule::r#type | Rule::type_name => "a type such as `text`",
        Rule::severity => "a severity such as `high`",
        Rule::level => "a status such as `stable`",
        Rule::technique => "a technique such as `T1078`",
        Rule::clock => "a time of day such as `08:00`",
        Rule::moment => "a time such as `09:00` or `+15m`",
        Rule::days => "days such as `mon-fri`",
        Rule::match_mode => "`restart` or `keep`",
        Rule::record => "`{`",
        Rule::raw_path | Rule::raw_root => "a path such as `.detail`",
        Rule::raw_key => "a key behind the dot",
        Rule::filter | Rule::item_filter => "`where`",
        Rule::operator | Rule::compare | Rule::compare_sign | Rule::calendar_test => {
            "a comparison such as `is`"
        }
        Rule::clause => "a clause such as `within`",
        Rule::meta => "",
        Rule::alert => "`alert`",
        Rule::when => "`when`",
        Rule::alert_option => "an option such as `show`",
        Rule::source_line => "a line such as `class = …`",
        Rule::identity_line => "`from`, `clean` or `never`",
        Rule::calendar_line => "a line such as `mon-fri 08:00-18:00`",
        Rule::memory_kind => "`seen`, `last`, `count`, `distinct` or `profile`",
        Rule::memory_option => "`per`, `for`, `learn` or `max`",
        Rule::digest_action => "`keep`, `summarize` or `drop`",
        Rule::test_line => "a line such as `at 09:00 login { … }`",
        Rule::alert_word => "`alert`",
        Rule::comma => "`,`",
        Rule::colon => "`:`",
        Rule::assign_sign => "`=`",
        Rule::open_brace => "`{`",
        Rule::close_brace => "`}`",
        Rule::open_paren => "`(`",
        Rule::close_paren => "`)`",
        Rule::open_bracket => "`[`",
        Rule::close_bracket => "`]`",
        Rule::greater => "`>`",
        Rule::EOI => "the end of the declaration",
        Rule::as_name => "`as`",
        Rule::per => "`per`",
        Rule::zone => "`zone`",
        Rule::each => "`each`",
        // What may always follow, and would only make the message long.
        Rule::plus
        | Rule::minus
        | Rule::less
        | Rule::arithmetic_sign
        | Rule::part
        | Rule::index => "",
        other => return keyword(other),
    };
    noun.to_owned()
}

/// `kw_within` is `` `within` ``; other rules have no name of their own.
fn keyword(rule: Rule) -> String {
    let name = format!("{rule:?}");
    name.strip_prefix("kw_")
        .map(|word| format!("`{word}`"))
        .unwrap_or_default()
}
