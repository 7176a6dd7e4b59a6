//! What the rules of the grammar are called in messages.
//!
//! Apart from the grammar because pest's own names are for its authors, not for those of rules.

use crate::syntax::parse::grammar::Rule;

/// Returns the expected things as a phrase, `a duration such as \`5m\``; nothing where none has a name.
pub(crate) fn expected(rules: &[Rule]) -> Option<String> {
    let mut nouns: Vec<String> = Vec::new();
    for wanted in telling(rules) {
        let noun = noun(wanted);
        if !noun.is_empty() && !nouns.contains(&noun) {
            nouns.push(noun);
        }
    }
    let last = nouns.pop()?;
    if nouns.is_empty() {
        Some(last)
    } else {
        Some(format!("{} or {last}", nouns.join(", ")))
    }
}

/// Returns the rules worth telling: what always may follow would only make the message long.
fn telling(rules: &[Rule]) -> Vec<Rule> {
    const OPERANDS: &[Rule] = &[
        Rule::expression,
        Rule::condition,
        Rule::item,
        Rule::item_condition,
        Rule::value,
        Rule::operand,
    ];
    const LINES: &[Rule] = &[
        Rule::clause,
        Rule::kw_alert,
        Rule::alert,
        Rule::kw_when,
        Rule::meta,
        Rule::close_brace,
    ];
    const OPERATORS: &[Rule] = &[
        Rule::kw_and,
        Rule::kw_or,
        Rule::kw_not,
        Rule::kw_is,
        Rule::kw_same,
        Rule::kw_differs,
        Rule::kw_exists,
        Rule::calendar_test,
        Rule::operator,
        Rule::open_paren,
        Rule::filter,
        Rule::item_filter,
        Rule::kw_where,
        Rule::text,
    ];
    if let Some(wanted) = rules.iter().find(|wanted| OPERANDS.contains(wanted)) {
        let closing = rules
            .iter()
            .filter(|wanted| **wanted == Rule::close_bracket);
        return [*wanted].into_iter().chain(closing.copied()).collect();
    }
    let keep = |wanted: &&Rule| {
        if rules.contains(&Rule::clause) {
            LINES.contains(wanted)
        } else if rules.contains(&Rule::arithmetic_sign) {
            !OPERATORS.contains(wanted)
        } else {
            true
        }
    };
    let mut kept: Vec<Rule> = rules.iter().filter(keep).copied().collect();
    kept.sort_by_key(|wanted| {
        matches!(
            wanted,
            Rule::arithmetic_sign | Rule::close_brace | Rule::EOI
        )
    });
    kept
}

/// Returns the keywords that a rule of the grammar may begin with.
pub(crate) fn words(wanted: Rule) -> &'static [&'static str] {
    match wanted {
        Rule::kw_and => &["and"],
        Rule::kw_or => &["or"],
        Rule::kw_as => &["as"],
        Rule::kw_then => &["then"],
        Rule::kw_when => &["when"],
        Rule::kw_alert | Rule::alert_word => &["alert"],
        Rule::kw_same => &["same"],
        Rule::kw_differs => &["differs"],
        Rule::kw_exists => &["exists"],
        Rule::kw_missing => &["missing"],
        Rule::kw_within => &["within"],
        Rule::kw_from => &["from"],
        Rule::kw_key => &["key"],
        Rule::kw_match => &["match"],
        Rule::kw_give => &["give"],
        Rule::kw_every => &["every"],
        Rule::kw_start => &["start"],
        Rule::kw_tenants => &["tenants"],
        Rule::kw_first => &["first"],
        Rule::kw_changes => &["changes"],
        Rule::kw_positives => &["positives"],
        Rule::kw_before => &["before"],
        Rule::kw_after => &["after"],
        Rule::kw_pending => &["pending"],
        Rule::kw_forwarded => &["forwarded"],
        Rule::zone => &["zone"],
        Rule::operator => &["contains", "like", "matches", "starts", "ends"],
        Rule::calendar_test => &["during", "outside"],
        Rule::filter | Rule::item_filter => &["where", "unless"],
        Rule::between => &["between"],
        Rule::match_mode => &["restart", "keep"],
        Rule::memory_kind => &["seen", "last", "count", "distinct", "profile"],
        Rule::memory_option => &["per", "for", "learn", "max"],
        Rule::digest_action => &["keep", "summarize", "drop"],
        Rule::r#type => &[
            "text", "int", "float", "bool", "time", "duration", "distance", "size", "ip", "geo",
            "enum", "list", "any",
        ],
        Rule::clause => &[
            "within", "without", "on", "each", "session", "tolerate", "global", "across",
        ],
        _ => &[],
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
        Rule::arithmetic_sign => "an operator such as `and`",
        Rule::as_name => "`as`",
        Rule::per => "`per`",
        Rule::zone => "`zone`",
        Rule::each => "`each`",
        // What may always follow, and would only make the message long.
        Rule::plus | Rule::minus | Rule::less | Rule::part | Rule::index => "",
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
