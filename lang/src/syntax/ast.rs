//! What was written: the tree of a rule file, one node for each construct of the language.
//!
//! Apart from the grammar so that nothing but the parser knows pest, and apart from the `ir` because
//! it keeps sugar, names and spans. Every node that a diagnostic can point at carries a span.

use crate::file::Span;
use crate::units::{Dimension, Duration};

/// All declarations of one file, in the order they stand.
#[derive(Clone, Debug, Default)]
pub struct Module {
    /// The declarations that parsed.
    pub declarations: Vec<Declaration>,
}

/// A single name, without back quotes.
#[derive(Clone, Debug)]
pub struct Name {
    /// The name itself.
    pub text: String,
    /// Where it stands.
    pub span: Span,
}

/// A dotted name, `device.compliant`.
#[derive(Clone, Debug)]
pub struct Path {
    /// Its parts, without back quotes; at least one.
    pub parts: Vec<Name>,
    /// Where the whole stands.
    pub span: Span,
}

/// One part of a path into a raw record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RawPart {
    /// A key, `.actor` or `."odd key"`.
    Key(String),
    /// A list index, `[0]`; negative counts from the end.
    Index(i64),
}

/// A path into a raw record: `.actor.email`, or what follows `raw`.
#[derive(Clone, Debug)]
pub struct RawPath {
    /// Its parts; none for a lone `.`.
    pub parts: Vec<RawPart>,
    /// Where it stands, with its first dot.
    pub span: Span,
}

/// A quoted text after its escapes are decoded.
#[derive(Clone, Debug)]
pub struct Text {
    /// The decoded text; in a template, of the whole literal before holes are found.
    pub value: String,
    /// Whether it was written `r"…"`.
    pub raw: bool,
    /// Where it stands, with its quotes.
    pub span: Span,
}

/// Alert or note text with holes.
#[derive(Clone, Debug)]
pub struct Template {
    /// Text and holes in order.
    pub parts: Vec<TemplatePart>,
    /// Where it stands, with its quotes.
    pub span: Span,
}

/// A piece of a template.
#[derive(Clone, Debug)]
pub enum TemplatePart {
    /// Text after escapes, `{{` and `}}` are decoded.
    Text(String),
    /// `{expr}`.
    Hole(Expr),
}

/// A top-level declaration.
#[derive(Clone, Debug)]
pub struct Declaration {
    /// Which.
    pub kind: DeclarationKind,
    /// From its keyword to its last token.
    pub span: Span,
}

/// The kinds of declaration.
#[derive(Clone, Debug)]
pub enum DeclarationKind {
    /// `source NAME "doc" { … }`
    Source(Source),
    /// `field PATH: TYPE [= EXPR] ["doc"]`
    Field(Field),
    /// `event NAME = any|CLASS [where EXPR] ["doc"]`
    Event(Event),
    /// `identity NAME { … }`
    Identity(Identity),
    /// `table NAME from "file" key COLUMN [net|prefix]`
    Table(Table),
    /// `list NAME = [ … ]`
    List(List),
    /// `calendar NAME { … }`
    Calendar(Calendar),
    /// `memory NAME = …`
    Memory(Memory),
    /// `rule NAME "Title" { … }`
    Rule(Box<Rule>),
    /// `digest NAME = …`
    Digest(Digest),
    /// `test "name" for RULE { … }`
    Test(Test),
    /// `param NAME = LITERAL "doc"`
    Param(Param),
    /// `use std.zero_trust`
    Use(Use),
}

/// How a raw record becomes an event.
#[derive(Clone, Debug)]
pub struct Source {
    /// Its name.
    pub name: Name,
    /// Its description.
    pub doc: Option<Text>,
    /// Its lines, in order; the first is `when` (the checker holds that).
    pub lines: Vec<SourceLine>,
}

/// A line of a source.
#[derive(Clone, Debug)]
pub struct SourceLine {
    /// Which.
    pub kind: SourceLineKind,
    /// Where the line stands.
    pub span: Span,
}

/// The kinds of line in a source.
#[derive(Clone, Debug)]
pub enum SourceLineKind {
    /// `when EXPR`
    When(Expr),
    /// `absent "", "-"`
    Absent(Vec<Literal>),
    /// `drop when EXPR`
    Drop(Expr),
    /// `lateness D`
    Lateness(Quantity),
    /// `dedupe D`
    Dedupe(Quantity),
    /// `explode .list as item`
    Explode {
        /// The list.
        list: Expr,
        /// What its elements are called in the lines of the source.
        name: Name,
    },
    /// `fields from .path`: every declared field is read at the path of its own name below.
    Fields(RawPath),
    /// `field = EXPR [when EXPR]`
    Assign {
        /// The field.
        field: Path,
        /// Its value.
        value: Expr,
        /// The condition of this line.
        when: Option<Expr>,
    },
}

/// A literal duration or a `param` in its place.
#[derive(Clone, Debug)]
pub enum Quantity {
    /// A literal with or without a unit.
    Literal(Literal),
    /// The name of a `param`.
    Param(Name),
}

impl Quantity {
    /// Returns where it stands.
    #[must_use]
    pub fn span(&self) -> Span {
        match self {
            Quantity::Literal(literal) => literal.span,
            Quantity::Param(name) => name.span,
        }
    }
}

/// A named place in an event.
#[derive(Clone, Debug)]
pub struct Field {
    /// Its path.
    pub path: Path,
    /// Its type.
    pub ty: TypeExpr,
    /// How it is computed where no source gave it.
    pub value: Option<Expr>,
    /// Its description.
    pub doc: Option<Text>,
}

/// A type as written.
#[derive(Clone, Debug)]
pub struct TypeExpr {
    /// Which.
    pub kind: TypeKind,
    /// Where it stands.
    pub span: Span,
}

/// The forms of a type.
#[derive(Clone, Debug)]
pub enum TypeKind {
    /// A name such as `text`.
    Name(String),
    /// `enum(a, b)` or `enum(a < b)`.
    Enum {
        /// Its symbols, in order; dotted ones are allowed.
        symbols: Vec<Path>,
        /// Whether they were separated by `<`.
        ordered: bool,
    },
    /// `list<T>`
    List(Box<TypeExpr>),
}

/// A named predicate over events.
#[derive(Clone, Debug)]
pub struct Event {
    /// Its name.
    pub name: Name,
    /// The class it builds on; `None` for `any`.
    pub base: Option<Name>,
    /// Its conditions.
    pub filters: Vec<Filter>,
    /// Its description.
    pub doc: Option<Text>,
}

/// `where EXPR` or `unless EXPR`.
#[derive(Clone, Debug)]
pub struct Filter {
    /// Whether it was `unless`.
    pub unless: bool,
    /// The condition.
    pub expr: Expr,
    /// From the keyword on.
    pub span: Span,
}

/// Who someone is.
#[derive(Clone, Debug)]
pub struct Identity {
    /// Its name, which is also the name of a function.
    pub name: Name,
    /// `from TABLE match COLUMN, … give COLUMN`.
    pub from: Option<IdentityFrom>,
    /// `clean lower, strip_domain "CORP"`.
    pub clean: Vec<Cleaner>,
    /// `never "administrator", …`.
    pub never: Vec<Text>,
}

/// The table of an identity.
#[derive(Clone, Debug)]
pub struct IdentityFrom {
    /// The table.
    pub table: Name,
    /// The columns whose values identify a row.
    pub columns: Vec<Column>,
    /// The column that holds the canonical id.
    pub give: Column,
}

/// A column of a table: a name, or a text for odd ones.
#[derive(Clone, Debug)]
pub struct Column {
    /// The name.
    pub text: String,
    /// Where it stands.
    pub span: Span,
}

/// A step that cleans an identifier.
#[derive(Clone, Debug)]
pub struct Cleaner {
    /// Its name, such as `lower`.
    pub name: Name,
    /// Its texts.
    pub args: Vec<Text>,
}

/// What we know, from a file.
#[derive(Clone, Debug)]
pub struct Table {
    /// Its name.
    pub name: Name,
    /// The file, relative to the one that names it.
    pub file: Text,
    /// The key column.
    pub key: Column,
    /// How keys are compared.
    pub mode: TableMode,
}

/// How a table's key is matched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TableMode {
    /// The whole text, ignoring case.
    Exact,
    /// Networks, the longest prefix wins.
    Net,
    /// Beginnings of the text, the longest wins.
    Prefix,
}

/// A list of literals.
#[derive(Clone, Debug)]
pub struct List {
    /// Its name.
    pub name: Name,
    /// Its elements.
    pub items: Vec<Literal>,
    /// Its description.
    pub doc: Option<Text>,
}

/// Spans of time.
#[derive(Clone, Debug)]
pub struct Calendar {
    /// Its name.
    pub name: Name,
    /// Its lines.
    pub lines: Vec<CalendarLine>,
}

/// A line of a calendar.
#[derive(Clone, Debug)]
pub struct CalendarLine {
    /// Which.
    pub kind: CalendarLineKind,
    /// Where it stands.
    pub span: Span,
}

/// The kinds of line in a calendar.
#[derive(Clone, Debug)]
pub enum CalendarLineKind {
    /// `zone "Europe/Madrid"`
    Zone(Text),
    /// `mon-fri 08:00-18:30, sat 09:00-12:00 [except days in holidays]`
    Days {
        /// Day ranges with their spans of the day.
        items: Vec<CalendarSpan>,
        /// The table or list whose days are left out.
        except: Option<Name>,
    },
    /// `from TABLE start COLUMN end COLUMN [per COLUMN]`
    From {
        /// The table.
        table: Name,
        /// The column with the start.
        start: Column,
        /// The column with the end.
        end: Column,
        /// The column that keys the intervals.
        per: Option<Column>,
    },
}

/// Days with the part of the day that counts.
#[derive(Clone, Debug)]
pub struct CalendarSpan {
    /// Ranges of days, both ends included, Monday is 0.
    pub days: Vec<(u8, u8)>,
    /// Start of the span, microseconds since midnight.
    pub start: i64,
    /// End of the span, exclusive; not after the start means on the next day; 24:00 is allowed.
    pub end: i64,
    /// Where it stands.
    pub span: Span,
}

/// What happened before, per key.
#[derive(Clone, Debug)]
pub struct Memory {
    /// Its name.
    pub name: Name,
    /// What is kept.
    pub kind: MemoryKind,
    /// The class it learns from; `None` for `any`.
    pub class: Option<Name>,
    /// Its conditions.
    pub filters: Vec<Filter>,
    /// Its key.
    pub per: Vec<Path>,
    /// How long a thing is remembered.
    pub keep: Option<Quantity>,
    /// How long it learns before it answers.
    pub learn: Option<Quantity>,
    /// The most values it keeps.
    pub max: Option<Quantity>,
}

/// What a memory keeps.
#[derive(Clone, Debug)]
pub enum MemoryKind {
    /// `seen PATH`
    Seen(Path),
    /// `last PATH`
    Last(Path),
    /// `count`
    Count,
    /// `distinct PATH`
    Distinct(Path),
    /// `profile AGG every D`
    Profile {
        /// The aggregate, a call such as `sum(bytes.down)`.
        aggregate: Expr,
        /// The length of a bucket.
        every: Quantity,
    },
}

/// A pattern that raises an alert.
#[derive(Clone, Debug)]
pub struct Rule {
    /// Its name.
    pub name: Name,
    /// Its title.
    pub title: Option<Text>,
    /// Lines before `when`.
    pub meta: Vec<Meta>,
    /// The pattern; `None` where it is missing, which the checker reports.
    pub pattern: Option<Pattern>,
    /// Lines after the pattern, in order, `within` included.
    pub clauses: Vec<Clause>,
    /// The alert; `None` where it is missing, which the checker reports.
    pub alert: Option<Alert>,
}

/// A line of metadata.
#[derive(Clone, Debug)]
pub struct Meta {
    /// Which.
    pub kind: MetaKind,
    /// Where it stands.
    pub span: Span,
}

/// The kinds of metadata.
#[derive(Clone, Debug)]
pub enum MetaKind {
    /// `about "…"`
    About(Text),
    /// `attack T1078.004, …`
    Attack(Vec<Name>),
    /// `tags a, "b"`
    Tags(Vec<Name>),
    /// `status experimental|test|stable|deprecated`
    Status(Name),
    /// `references "…", …`
    References(Vec<Text>),
    /// `false positives "…"`
    FalsePositives(Text),
}

/// Steps joined by `then`.
#[derive(Clone, Debug)]
pub struct Pattern {
    /// The steps; at least one.
    pub steps: Vec<PatternStep>,
    /// Where it stands.
    pub span: Span,
}

/// A step with the gap before it.
#[derive(Clone, Debug)]
pub struct PatternStep {
    /// `then within D`; `None` for the first step.
    pub gap: Option<Quantity>,
    /// The step.
    pub step: Step,
}

/// One position of a pattern.
#[derive(Clone, Debug)]
pub struct Step {
    /// Which.
    pub kind: StepKind,
    /// Its own conditions, in order.
    pub filters: Vec<Filter>,
    /// Where it stands, with its conditions.
    pub span: Span,
}

/// The kinds of step.
#[derive(Clone, Debug)]
pub enum StepKind {
    /// `CLASS [as NAME]`
    Event {
        /// The class.
        class: ClassRef,
        /// The step's name.
        name: Option<Name>,
    },
    /// `N+ CLASS [as NAME]`
    Count {
        /// The least number of events.
        least: Quantity,
        /// The class.
        class: ClassRef,
        /// The step's name.
        name: Option<Name>,
    },
    /// `N+ different PATH in CLASS [as NAME]`
    Different {
        /// The least number of distinct values.
        least: Quantity,
        /// The path whose values are counted.
        path: Path,
        /// The class.
        class: ClassRef,
        /// The step's name.
        name: Option<Name>,
    },
    /// `AGG of PATH in CLASS [as NAME] CMP VALUE`
    Aggregate {
        /// The aggregate, such as `sum`.
        function: Name,
        /// The path it reads.
        path: Path,
        /// The class.
        class: ClassRef,
        /// The step's name.
        name: Option<Name>,
        /// The comparison.
        op: CompareOp,
        /// What it is compared with.
        value: Box<Expr>,
    },
    /// `all of ( STEP, … )` or `N of ( STEP, … )`
    Set {
        /// The number of steps that must hold; `None` for all.
        least: Option<Quantity>,
        /// The steps.
        steps: Vec<Step>,
    },
    /// `( PATTERN within D )`
    Local {
        /// The pattern inside.
        pattern: Box<Pattern>,
        /// Its window; `None` where it is missing, which the checker reports.
        within: Option<Quantity>,
    },
}

/// The name of a class where one is used; `any` is a name like another.
#[derive(Clone, Debug)]
pub struct ClassRef {
    /// The name.
    pub name: Name,
}

/// A line of a rule after its pattern.
#[derive(Clone, Debug)]
pub struct Clause {
    /// Which.
    pub kind: ClauseKind,
    /// Where it stands.
    pub span: Span,
}

/// The kinds of clause.
#[derive(Clone, Debug)]
pub enum ClauseKind {
    /// `within D`
    Within(Quantity),
    /// `where EXPR` and `unless EXPR`
    Filter(Filter),
    /// `without …`
    Without(Without),
    /// `on match restart|keep`
    OnMatch(Name),
    /// `each D [zone "…"]`; `each day` is `1d`
    Each {
        /// The length of a window.
        every: Quantity,
        /// The zone whose midnight counts.
        zone: Option<Text>,
    },
    /// `session gap D up to D`
    Session {
        /// The longest silence inside one session.
        gap: Quantity,
        /// The longest session; `None` where it is missing, which the checker reports.
        up_to: Option<Quantity>,
    },
    /// `tolerate D`
    Tolerate(Quantity),
    /// `global`
    Global,
    /// `across tenants`
    AcrossTenants,
}

/// An absence.
#[derive(Clone, Debug)]
pub struct Without {
    /// The class that must not occur.
    pub class: ClassRef,
    /// What it is called in its own `where`.
    pub name: Option<Name>,
    /// Its conditions.
    pub filters: Vec<Filter>,
    /// Where it must not occur.
    pub interval: Option<Interval>,
}

/// Where an absence is looked for.
#[derive(Clone, Debug)]
pub struct Interval {
    /// Which.
    pub kind: IntervalKind,
    /// Where it stands.
    pub span: Span,
}

/// The kinds of interval.
#[derive(Clone, Debug)]
pub enum IntervalKind {
    /// `between a and b`
    Between(Name, Name),
    /// `between f`, for a group
    Inside(Name),
    /// `within D before a`, `within D after a`, `within D before a or D after c`
    Around {
        /// How long before which step.
        before: Option<(Quantity, Name)>,
        /// How long after which step.
        after: Option<(Quantity, Name)>,
    },
}

/// What a match tells.
#[derive(Clone, Debug)]
pub struct Alert {
    /// The severity as written.
    pub severity: Name,
    /// Its text.
    pub text: Option<Template>,
    /// Further lines.
    pub options: Vec<AlertOption>,
    /// Where it stands.
    pub span: Span,
}

/// A line of an alert.
#[derive(Clone, Debug)]
pub struct AlertOption {
    /// Which.
    pub kind: AlertOptionKind,
    /// Where it stands.
    pub span: Span,
}

/// The kinds of line in an alert.
#[derive(Clone, Debug)]
pub enum AlertOptionKind {
    /// `show PATH, …`
    Show(Vec<Path>),
    /// `note "text" when EXPR`
    Note {
        /// The text.
        text: Template,
        /// When it holds.
        when: Option<Expr>,
    },
    /// `severity LEVEL when EXPR`
    Severity {
        /// The severity.
        level: Name,
        /// When it holds.
        when: Option<Expr>,
    },
    /// `score EXPR on PATH [when EXPR]`
    Score {
        /// The points.
        points: Expr,
        /// Whose they are.
        on: Path,
        /// When they count.
        when: Option<Expr>,
    },
    /// `suppress D [per PATH, …]`
    Suppress {
        /// How long.
        span: Quantity,
        /// Per which values.
        per: Vec<Path>,
    },
}

/// What is worth forwarding.
#[derive(Clone, Debug)]
pub struct Digest {
    /// Its name.
    pub name: Name,
    /// The class it reduces; `any` is a name like another.
    pub class: ClassRef,
    /// Its conditions.
    pub filters: Vec<Filter>,
    /// How it reduces.
    pub action: DigestAction,
}

/// The kinds of reduction.
#[derive(Clone, Debug)]
pub enum DigestAction {
    /// `keep first [per PATH, …] [each D [zone "…"]]`
    First {
        /// Its key.
        per: Vec<Path>,
        /// Its windows.
        each: Option<(Quantity, Option<Text>)>,
    },
    /// `keep changes of PATH [per PATH, …]`
    Changes {
        /// The value watched.
        of: Path,
        /// Its key.
        per: Vec<Path>,
    },
    /// `summarize [per PATH, …] every D [zone "…"] { NAME = EXPR, … }`
    Summarize {
        /// Its key.
        per: Vec<Path>,
        /// The length of a window.
        every: Quantity,
        /// The zone whose midnight counts.
        zone: Option<Text>,
        /// The named values.
        values: Vec<(Name, Expr)>,
    },
    /// `drop`
    Drop,
}

/// A test of a rule.
#[derive(Clone, Debug)]
pub struct Test {
    /// Its name.
    pub name: Text,
    /// The rule it tests; `None` where it tests forwarding alone.
    pub rule: Option<Name>,
    /// Its lines.
    pub lines: Vec<TestLine>,
}

/// A line of a test.
#[derive(Clone, Debug)]
pub struct TestLine {
    /// Which.
    pub kind: TestLineKind,
    /// Where it stands.
    pub span: Span,
}

/// The kinds of line in a test.
#[derive(Clone, Debug)]
pub enum TestLineKind {
    /// `at TIME CLASS { field: value, … }`
    Event {
        /// When.
        at: TestTime,
        /// The class it is made to belong to.
        class: ClassRef,
        /// Its fields.
        fields: Vec<(Path, Expr)>,
    },
    /// `feed "file"`
    Feed(Text),
    /// `advance to TIME`
    Advance(TestTime),
    /// `expect N alert [at TIME] [{ field: value, … }]`, `expect no alert`
    Alerts {
        /// How many.
        count: u32,
        /// When.
        at: Option<TestTime>,
        /// What they carry.
        fields: Vec<(Path, Expr)>,
    },
    /// `expect pending`
    Pending,
    /// `expect forwarded N`
    Forwarded(u32),
}

/// A time in a test.
#[derive(Clone, Debug)]
pub struct TestTime {
    /// Which.
    pub kind: TestTimeKind,
    /// Where it stands.
    pub span: Span,
}

/// The forms of a time in a test.
#[derive(Clone, Copy, Debug)]
pub enum TestTimeKind {
    /// `09:00` of a day, 1 where none is written; microseconds since midnight.
    Clock {
        /// `day N`.
        day: Option<u32>,
        /// Microseconds since midnight.
        time: i64,
    },
    /// `+15m` after the line before.
    After(Duration),
    /// An instant, microseconds since 1970 UTC.
    Instant(i64),
}

/// A number that may be tuned.
#[derive(Clone, Debug)]
pub struct Param {
    /// Its name.
    pub name: Name,
    /// Its default.
    pub value: ParamValue,
    /// What it means.
    pub doc: Option<Text>,
}

/// The default of a `param`.
#[derive(Clone, Debug)]
pub enum ParamValue {
    /// One literal.
    Literal(Literal),
    /// A list of literals.
    List(Vec<Literal>, Span),
}

/// Rules to load besides.
#[derive(Clone, Debug)]
pub struct Use {
    /// `std.zero_trust`.
    pub path: Path,
}

/// A literal.
#[derive(Clone, Debug)]
pub struct Literal {
    /// Its value.
    pub kind: LiteralKind,
    /// Where it stands.
    pub span: Span,
}

/// The kinds of literal. Numbers keep the text they were written in, so that printing is exact.
#[derive(Clone, Debug, PartialEq)]
pub enum LiteralKind {
    /// `42`, `1_000`
    Int(i64),
    /// `3.5`
    Float(f64),
    /// `20%`: the fraction, 0.2
    Percent(f64),
    /// `15m`, `1h30m`: microseconds
    Duration(Duration),
    /// `500km`, `900km/h`, `2GB`: in the base unit of the dimension (metres, metres a second, bytes)
    Quantity {
        /// The amount in the base unit.
        base: f64,
        /// Distance, speed or size.
        dimension: Dimension,
    },
    /// `"…"` or `r"…"`
    Text {
        /// The decoded text.
        value: String,
        /// Whether it was written `r"…"`.
        raw: bool,
    },
    /// `true`, `false`
    Bool(bool),
    /// `08:00`: microseconds since midnight
    Clock(i64),
    /// `2026-03-15T08:42:17.003Z`: microseconds since 1970 UTC
    Instant(i64),
}

/// An expression.
#[derive(Clone, Debug)]
pub struct Expr {
    /// Which.
    pub kind: ExprKind,
    /// Where it stands, without brackets around it.
    pub span: Span,
}

/// The forms of an expression.
#[derive(Clone, Debug)]
pub enum ExprKind {
    /// A literal.
    Literal(Literal),
    /// A bare or dotted name: a field, a step's field, a symbol, a list, a param, a memory …
    Path(Path),
    /// `.actor.email` in a source or a member condition.
    Raw(RawPath),
    /// `raw.path`, or `a.raw.path` of a step.
    RawField {
        /// The step, if one is named.
        step: Option<Name>,
        /// What follows `raw`.
        path: RawPath,
    },
    /// `[a, b]`
    List(Vec<Expr>),
    /// `(40.42, -3.70)`: coordinates
    Pair(Box<Expr>, Box<Expr>),
    /// `( EXPR )`, kept because brackets decide what `or` means
    Group(Box<Expr>),
    /// `name(a, b, zone "…")`
    Call {
        /// The function.
        name: Name,
        /// Its arguments.
        args: Vec<Argument>,
    },
    /// `base[index]`
    Index {
        /// What is looked into.
        base: Box<Expr>,
        /// The key or position.
        index: Box<Expr>,
    },
    /// `base.part` behind `]` or `)`
    Member {
        /// What is looked into.
        base: Box<Expr>,
        /// The part.
        part: Name,
    },
    /// `not x`
    Not(Box<Expr>),
    /// `-x`
    Negate(Box<Expr>),
    /// `a and b`
    And(Box<Expr>, Box<Expr>),
    /// `a or b`: a condition or a default, which the checker decides
    Or(Box<Expr>, Box<Expr>),
    /// `a + b` and the like
    Arithmetic {
        /// The operation.
        op: ArithmeticOp,
        /// Left side.
        left: Box<Expr>,
        /// Right side.
        right: Box<Expr>,
    },
    /// `a is b`, `a > b`, `a not contains b` …
    Compare {
        /// The comparison.
        op: CompareOp,
        /// Whether `not` stood before it, or `is not`.
        negated: bool,
        /// Left side.
        left: Box<Expr>,
        /// Right side.
        right: Box<Expr>,
    },
    /// `x is missing` (`x is not missing` is `x exists`)
    Missing(Box<Expr>),
    /// `x exists`
    Exists(Box<Expr>),
    /// `identity, device.id same`
    Same(Vec<Path>),
    /// `identity, device.id differs`
    Differs(Vec<Path>),
    /// `geo distance`
    GeoDistance,
    /// `geo speed`
    GeoSpeed,
    /// `elapsed`
    Elapsed,
    /// `time during office`, `time outside changes(resource.id)`
    Calendar {
        /// The time.
        time: Box<Expr>,
        /// Whether it was `outside`.
        outside: bool,
        /// The calendar.
        calendar: Name,
        /// Its key.
        key: Option<Box<Expr>>,
    },
    /// `any of LIST OP VALUE`, `all of LIST where (…)`
    Quantified {
        /// Whether it was `all of`.
        all: bool,
        /// The list.
        list: Box<Expr>,
        /// What each element is tested with.
        test: QuantifiedTest,
    },
}

/// The test of a quantified list.
#[derive(Clone, Debug)]
pub enum QuantifiedTest {
    /// `OP VALUE`
    Compare {
        /// The comparison.
        op: CompareOp,
        /// Whether `not` stood before it.
        negated: bool,
        /// The right side.
        value: Box<Expr>,
    },
    /// `where ( EXPR )`
    Where(Box<Expr>),
}

/// An argument of a call.
#[derive(Clone, Debug)]
pub struct Argument {
    /// The word before it, `zone` in `zone "Europe/Madrid"`.
    pub label: Option<Name>,
    /// The value.
    pub value: Expr,
    /// `where EXPR` behind it, which chooses members.
    pub filter: Option<Box<Expr>>,
}

/// Arithmetic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ArithmeticOp {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
}

/// Comparisons. Words ignore case; `==` and `!=` are exact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CompareOp {
    /// `is`
    Is,
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
    /// `in`
    In,
    /// `contains`
    Contains,
    /// `starts with`
    StartsWith,
    /// `ends with`
    EndsWith,
    /// `like`
    Like,
    /// `matches`
    Matches,
}
