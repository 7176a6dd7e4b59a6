//! Expressions on one line, every operator in brackets.
//!
//! Apart from declarations because conditions stand in all of them.

use super::Printer;
use crate::ir::{
    AggregateFunction, ArithmeticOp, Comparison, Condition, ExprId, ExprKind, MemoryRead, Network,
    Over, Patterns, RawPart, RawRoot, Row, Set, Statistic, Template, TemplatePart, TextTest,
};
use crate::written::written;

impl Printer<'_> {
    /// Returns an expression on one line.
    pub(super) fn expr(&self, id: ExprId) -> String {
        let Some(expr) = self.program.exprs.as_slice().get(id.index()) else {
            return "?".to_owned();
        };
        match &expr.kind {
            ExprKind::Constant(value) => written(value),
            ExprKind::Field(row, field) => {
                let name = &self.program.fields[*field].name;
                format!("{}{name}", self.row(*row))
            }
            ExprKind::Raw(root, parts) => self.raw(*root, parts),
            ExprKind::List(items) => format!("[{}]", self.exprs(items)),
            ExprKind::Geo(lat, lon) => format!("({}, {})", self.expr(*lat), self.expr(*lon)),
            ExprKind::Latitude(place) => format!("{}.lat", self.expr(*place)),
            ExprKind::Longitude(place) => format!("{}.lon", self.expr(*place)),
            ExprKind::Convert(inner) => format!("{} as {}", self.expr(*inner), short(&expr.ty)),
            ExprKind::Default(left, right) => {
                format!("({} or else {})", self.expr(*left), self.expr(*right))
            }
            ExprKind::Arithmetic(op, left, right) => {
                format!("({} {} {})", self.expr(*left), sign(*op), self.expr(*right))
            }
            ExprKind::Negate(inner) => format!("-{}", self.expr(*inner)),
            ExprKind::Call(name, args) => format!("{name}({})", self.exprs(args)),
            ExprKind::Index(base, index) => format!("{}[{}]", self.expr(*base), self.expr(*index)),
            ExprKind::Part(base, part) => format!("{}.{part}", self.expr(*base)),
            ExprKind::Lookup { table, key, column } => {
                let table = &self.program.tables[*table].name;
                format!("{table}[{}].{column}", self.expr(*key))
            }
            ExprKind::Identity(identity, args) => {
                format!(
                    "{}({})",
                    self.program.identities[*identity].name,
                    self.exprs(args)
                )
            }
            ExprKind::Pick(list, test) => {
                format!("pick({}, {})", self.expr(*list), self.expr(*test))
            }
            ExprKind::Aggregate {
                function,
                over,
                argument,
                filter,
            } => self.aggregate(*function, *over, *argument, *filter),
            ExprKind::GeoDistance => "geo distance".to_owned(),
            ExprKind::GeoSpeed => "geo speed".to_owned(),
            ExprKind::Elapsed => "elapsed".to_owned(),
            ExprKind::Key(index) => self.key(*index),
            ExprKind::Notes => "notes".to_owned(),
            ExprKind::Memory(memory, row, read) => {
                let name = &self.program.memories[*memory].name;
                self.memory(&format!("{}{name}", self.row(*row)), read)
            }
            ExprKind::And(_)
            | ExprKind::Or(_)
            | ExprKind::Not(_)
            | ExprKind::Exists(_)
            | ExprKind::Compare(..)
            | ExprKind::CompareRank(..)
            | ExprKind::Match(..)
            | ExprKind::In(..)
            | ExprKind::Holds { .. }
            | ExprKind::During { .. }
            | ExprKind::Quantified { .. }
            | ExprKind::Same(_)
            | ExprKind::Differs(_) => self.test(&expr.kind),
        }
    }

    fn test(&self, kind: &ExprKind) -> String {
        match kind {
            ExprKind::And(parts) => format!("({})", self.joined(parts, " and ")),
            ExprKind::Or(parts) => format!("({})", self.joined(parts, " or ")),
            ExprKind::Not(inner) => format!("not {}", self.expr(*inner)),
            ExprKind::Exists(inner) => format!("{} exists", self.expr(*inner)),
            ExprKind::Compare(comparison, left, right) => {
                format!(
                    "({} {} {})",
                    self.expr(*left),
                    word(*comparison),
                    self.expr(*right)
                )
            }
            ExprKind::CompareRank(_, comparison, left, right) => {
                format!(
                    "({} ranks {} {})",
                    self.expr(*left),
                    word(*comparison),
                    self.expr(*right)
                )
            }
            ExprKind::Match(test, text, patterns) => {
                format!(
                    "({} {} {})",
                    self.expr(*text),
                    text_word(*test),
                    self.patterns(patterns)
                )
            }
            ExprKind::In(value, set) => format!("({} in {})", self.expr(*value), self.set(set)),
            ExprKind::Holds { list, value } => {
                format!("({} holds {})", self.expr(*list), self.expr(*value))
            }
            ExprKind::During {
                calendar,
                time,
                key,
            } => {
                let calendar = &self.program.calendars[*calendar].name;
                let key = key
                    .map(|key| format!("({})", self.expr(key)))
                    .unwrap_or_default();
                format!("({} during {calendar}{key})", self.expr(*time))
            }
            ExprKind::Quantified { all, list, test } => {
                let word = if *all { "all" } else { "any" };
                format!("{word} of {} where {}", self.expr(*list), self.expr(*test))
            }
            ExprKind::Same(paths) => format!("{} same", self.exprs(paths)),
            ExprKind::Differs(paths) => format!("{} differs", self.exprs(paths)),
            _ => String::new(),
        }
    }

    fn exprs(&self, ids: &[ExprId]) -> String {
        self.joined(ids, ", ")
    }

    fn joined(&self, ids: &[ExprId], separator: &str) -> String {
        ids.iter()
            .map(|id| self.expr(*id))
            .collect::<Vec<_>>()
            .join(separator)
    }

    /// Returns the name of an event with its dot; nothing for the one at hand.
    fn row(&self, row: Row) -> String {
        match row {
            Row::This => String::new(),
            Row::Step(step) => format!("{}.", self.step(step)),
        }
    }

    fn raw(&self, root: RawRoot, parts: &[RawPart]) -> String {
        let mut out = match root {
            RawRoot::Record => "record".to_owned(),
            RawRoot::Item => "item".to_owned(),
            RawRoot::Element => "element".to_owned(),
            RawRoot::Event(row) => format!("{}raw", self.row(row)),
        };
        for part in parts {
            match part {
                RawPart::Key(key) if is_word(key) => out.push_str(&format!(".{key}")),
                RawPart::Key(key) => {
                    out.push_str(&format!(".{}", crate::written::quoted(key)));
                }
                RawPart::Index(index) => out.push_str(&format!("[{index}]")),
            }
        }
        out
    }

    fn key(&self, index: usize) -> String {
        let component = self.rule.and_then(|rule| rule.key.components.get(index));
        component.map_or_else(
            || format!("key {index}"),
            |part| format!("key {}", part.name),
        )
    }

    fn memory(&self, name: &str, read: &MemoryRead) -> String {
        match read {
            MemoryRead::Value => name.to_owned(),
            MemoryRead::Contains(value) => format!("({} in {name})", self.expr(*value)),
            MemoryRead::Size => format!("{name}.size"),
            MemoryRead::At => format!("{name}.at"),
            MemoryRead::Previous => format!("{name}.previous"),
            MemoryRead::Statistic(statistic) => format!("{name}.{}", statistic_name(*statistic)),
        }
    }

    fn patterns(&self, patterns: &Patterns) -> String {
        match patterns {
            Patterns::Texts(texts) => {
                let texts: Vec<String> = texts
                    .iter()
                    .map(|text| crate::written::quoted(text))
                    .collect();
                format!("[{}]", texts.join(", "))
            }
            Patterns::List(list) => self.program.lists[*list].name.to_string(),
            Patterns::Expr(id) => self.expr(*id),
        }
    }

    fn set(&self, set: &Set) -> String {
        match set {
            Set::Values(values) => {
                let values: Vec<String> = values.iter().map(written).collect();
                format!("[{}]", values.join(", "))
            }
            Set::Networks(networks) => {
                let networks: Vec<String> = networks.iter().map(network).collect();
                format!("networks [{}]", networks.join(", "))
            }
            Set::List(list) => self.program.lists[*list].name.to_string(),
            Set::Table(table) => self.program.tables[*table].name.to_string(),
            Set::Expr(id) => self.expr(*id),
        }
    }

    fn aggregate(
        &self,
        function: AggregateFunction,
        over: Over,
        argument: Option<ExprId>,
        filter: Option<ExprId>,
    ) -> String {
        let over = match over {
            Over::Group(step) => self.step(step),
            Over::Window => "window".to_owned(),
            Over::List(list) => self.expr(list),
        };
        let argument = argument
            .map(|id| format!(": {}", self.expr(id)))
            .unwrap_or_default();
        let filter = filter
            .map(|id| format!(" where {}", self.expr(id)))
            .unwrap_or_default();
        format!("{}({over}{argument}{filter})", function_name(function))
    }

    /// Returns a condition with its keyword.
    pub(super) fn condition(&self, condition: &Condition) -> String {
        let keyword = if condition.unless { "unless" } else { "where" };
        format!("{keyword} {}", self.expr(condition.expr))
    }

    /// Returns a text with its holes.
    pub(super) fn template(&self, template: &Template) -> String {
        let mut out = String::from("\"");
        for part in &template.parts {
            match part {
                TemplatePart::Text(text) => out.push_str(text),
                TemplatePart::Hole(id) => out.push_str(&format!("{{{}}}", self.expr(*id))),
            }
        }
        out.push('"');
        out
    }
}

/// Returns a type's name without the symbols of an enum.
fn short(ty: &crate::types::Type) -> String {
    if let crate::types::Type::Enum(_) = ty {
        "enum".to_owned()
    } else {
        ty.to_string()
    }
}

fn network(network: &Network) -> String {
    format!("{}/{}", network.address, network.bits)
}

fn is_word(key: &str) -> bool {
    !key.is_empty()
        && key
            .chars()
            .all(|letter| letter.is_alphanumeric() || letter == '_')
}

/// Returns a comparison as it is written.
fn word(comparison: Comparison) -> &'static str {
    match comparison {
        Comparison::Is => "is",
        Comparison::Equal => "==",
        Comparison::Less => "<",
        Comparison::LessOrEqual => "<=",
        Comparison::Greater => ">",
        Comparison::GreaterOrEqual => ">=",
    }
}

fn text_word(test: TextTest) -> &'static str {
    match test {
        TextTest::Contains => "contains",
        TextTest::StartsWith => "starts with",
        TextTest::EndsWith => "ends with",
        TextTest::Like => "like",
        TextTest::Matches => "matches",
    }
}

fn sign(op: ArithmeticOp) -> &'static str {
    match op {
        ArithmeticOp::Add => "+",
        ArithmeticOp::Subtract => "-",
        ArithmeticOp::Multiply => "*",
        ArithmeticOp::Divide => "/",
    }
}

fn statistic_name(statistic: Statistic) -> &'static str {
    match statistic {
        Statistic::N => "n",
        Statistic::Mean => "mean",
        Statistic::Sd => "sd",
        Statistic::Median => "median",
        Statistic::Mad => "mad",
        Statistic::P95 => "p95",
        Statistic::Max => "max",
    }
}

/// Returns a function as it is called.
pub(super) fn function_name(function: AggregateFunction) -> String {
    match function {
        AggregateFunction::Count => "count".to_owned(),
        AggregateFunction::Sum => "sum".to_owned(),
        AggregateFunction::Min => "min".to_owned(),
        AggregateFunction::Max => "max".to_owned(),
        AggregateFunction::Avg => "avg".to_owned(),
        AggregateFunction::Distinct => "distinct".to_owned(),
        AggregateFunction::First => "first".to_owned(),
        AggregateFunction::Last => "last".to_owned(),
        AggregateFunction::Nth(position) => format!("nth {position}"),
        AggregateFunction::Percentile(mille) if mille % 10 == 0 => format!("p{}", mille / 10),
        AggregateFunction::Percentile(mille) => format!("p{}.{}", mille / 10, mille % 10),
        AggregateFunction::Gaps => "gaps".to_owned(),
    }
}
