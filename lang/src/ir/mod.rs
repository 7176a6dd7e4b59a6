//! What a program means: names resolved to ids, types checked, sugar gone.
//!
//! Apart from `ast`, which is what was written, and from the runtime's machines, which are how it
//! runs. Everything sits in flat arenas owned by [`Program`]; `listing` prints it.

pub mod listing;
pub mod walk;

use std::net::IpAddr;
use std::sync::Arc;

use crate::file::{FileId, Span};
use crate::types::{EnumType, Type};
use crate::units::{Duration, Timestamp};
use crate::value::Value;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u32);

        impl $name {
            /// Returns the position in the arena.
            #[must_use]
            pub fn index(self) -> usize {
                self.0 as usize
            }
        }

        impl From<usize> for $name {
            fn from(index: usize) -> Self {
                Self(u32::try_from(index).unwrap_or(u32::MAX))
            }
        }
    )*};
}

ids! {
    /// A field of [`Program::fields`].
    FieldId;
    /// An expression of [`Program::exprs`].
    ExprId;
    /// A source of [`Program::sources`].
    SourceId;
    /// A class of [`Program::classes`]; 0 is `any`, 1 is `alert`.
    ClassId;
    /// An identity of [`Program::identities`].
    IdentityId;
    /// A table of [`Program::tables`].
    TableId;
    /// A list of [`Program::lists`].
    ListId;
    /// A calendar of [`Program::calendars`].
    CalendarId;
    /// A memory of [`Program::memories`].
    MemoryId;
    /// A rule of [`Program::rules`].
    RuleId;
    /// A digest of [`Program::digests`].
    DigestId;
    /// A step of one [`Rule::steps`].
    StepId;
}

/// Something stored by position and asked for by a typed id.
#[derive(Clone, Debug)]
pub struct Arena<I, T> {
    items: Vec<T>,
    id: std::marker::PhantomData<fn() -> I>,
}

impl<I, T> Default for Arena<I, T> {
    fn default() -> Self {
        Self {
            items: Vec::new(),
            id: std::marker::PhantomData,
        }
    }
}

impl<I: From<usize>, T> Arena<I, T> {
    /// Adds an item and returns its id.
    pub fn add(&mut self, item: T) -> I {
        self.items.push(item);
        I::from(self.items.len() - 1)
    }

    /// Returns every item with its id, in order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (I, &T)> + ExactSizeIterator {
        self.items
            .iter()
            .enumerate()
            .map(|(index, item)| (I::from(index), item))
    }

    /// Returns the number of items.
    #[must_use]
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Tells whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// Returns the items as a slice.
    #[must_use]
    pub fn as_slice(&self) -> &[T] {
        &self.items
    }
}

macro_rules! index {
    ($($id:ident),*) => {$(
        impl<T> std::ops::Index<$id> for Arena<$id, T> {
            type Output = T;
            #[expect(clippy::indexing_slicing, reason = "an id is made by the arena it indexes")]
            fn index(&self, id: $id) -> &T {
                &self.items[id.index()]
            }
        }

        impl<T> std::ops::IndexMut<$id> for Arena<$id, T> {
            #[expect(clippy::indexing_slicing, reason = "an id is made by the arena it indexes")]
            fn index_mut(&mut self, id: $id) -> &mut T {
                &mut self.items[id.index()]
            }
        }
    )*};
}

index!(
    FieldId, ExprId, SourceId, ClassId, IdentityId, TableId, ListId, CalendarId, MemoryId, RuleId,
    DigestId, StepId
);

/// A compiled program.
#[derive(Clone, Debug, Default)]
pub struct Program {
    /// Fields, those of the prelude first.
    pub fields: Arena<FieldId, Field>,
    /// Every expression; children are ids into the same arena.
    pub exprs: Arena<ExprId, Expr>,
    /// Sources, in the order they are tried.
    pub sources: Arena<SourceId, Source>,
    /// Classes; 0 is `any`, 1 is `alert`, then those declared and one for each rule.
    pub classes: Arena<ClassId, Class>,
    /// Identities.
    pub identities: Arena<IdentityId, Identity>,
    /// Tables.
    pub tables: Arena<TableId, Table>,
    /// Lists.
    pub lists: Arena<ListId, List>,
    /// Calendars.
    pub calendars: Arena<CalendarId, Calendar>,
    /// Memories.
    pub memories: Arena<MemoryId, Memory>,
    /// Rules, in source order; only those of user files and packs that were named.
    pub rules: Arena<RuleId, Rule>,
    /// Digests.
    pub digests: Arena<DigestId, Digest>,
    /// Tests, in source order.
    pub tests: Vec<Test>,
    /// The fields the engine itself needs.
    pub core: CoreFields,
    /// The fields that anything at run time can read, with what their defaults read; sorted.
    pub reads: Vec<FieldId>,
    /// Whether anything reads `raw` of an event.
    pub reads_raw: bool,
}

/// Fields that the engine reads by itself.
#[derive(Clone, Copy, Debug)]
pub struct CoreFields {
    /// `time`
    pub time: FieldId,
    /// `id`
    pub id: FieldId,
    /// `source`
    pub source: FieldId,
    /// `tenant`
    pub tenant: FieldId,
    /// `class`
    pub class: FieldId,
    /// `geo`
    pub geo: FieldId,
    /// `identity`
    pub identity: FieldId,
}

impl Default for CoreFields {
    fn default() -> Self {
        let none = FieldId(u32::MAX);
        Self {
            time: none,
            id: none,
            source: none,
            tenant: none,
            class: none,
            geo: none,
            identity: none,
        }
    }
}

/// A field.
#[derive(Clone, Debug)]
pub struct Field {
    /// Its dotted path.
    pub name: Arc<str>,
    /// Its type.
    pub ty: Type,
    /// How it is computed where no source gave it; reads [`Row::This`].
    pub default: Option<ExprId>,
    /// Its description.
    pub doc: Arc<str>,
    /// Where it is declared.
    pub span: Span,
}

/// A source.
#[derive(Clone, Debug)]
pub struct Source {
    /// Its name.
    pub name: Arc<str>,
    /// Its description.
    pub doc: Arc<str>,
    /// Which records it takes; the first source that holds takes the record.
    pub when: ExprId,
    /// Values that mean "not there", compared exactly.
    pub absent: Vec<Value>,
    /// Records dropped.
    pub drops: Vec<ExprId>,
    /// How far out of order it may be.
    pub lateness: Duration,
    /// Within what span a repeated id is dropped; `None` where it gives no id.
    pub dedupe: Option<Duration>,
    /// The list whose elements each make an event; evaluated over the record.
    pub explode: Option<ExprId>,
    /// Field lines in order; of several for one field the first that applies counts.
    pub assigns: Vec<Assign>,
    /// Where every declared field is read by its own name, for those no line gave.
    pub fields_from: Option<Vec<RawPart>>,
    /// Where it is declared.
    pub span: Span,
}

/// A field line of a source.
#[derive(Clone, Debug)]
pub struct Assign {
    /// The field.
    pub field: FieldId,
    /// Its value, of any type; the runtime converts it to the field's.
    pub value: ExprId,
    /// When the line applies.
    pub when: Option<ExprId>,
}

/// A part of a path into a raw record.
pub use crate::syntax::ast::RawPart;

/// A class: a named predicate over events.
#[derive(Clone, Debug)]
pub struct Class {
    /// Its name.
    pub name: Arc<str>,
    /// What it is made of.
    pub kind: ClassKind,
    /// Where it is declared.
    pub span: Span,
}

/// What a class is made of.
#[derive(Clone, Debug)]
pub enum ClassKind {
    /// Every event of the input.
    Any,
    /// Every alert.
    Alert,
    /// The alerts of one rule.
    AlertOf(RuleId),
    /// Events of a class that satisfy conditions over [`Row::This`].
    Where {
        /// The class it builds on.
        base: ClassId,
        /// Its conditions.
        conditions: Vec<Condition>,
    },
}

/// A condition: `where` keeps on true, `unless` drops on true.
#[derive(Clone, Debug)]
pub struct Condition {
    /// The condition, one top-level conjunct of a `where`, or a whole `unless`.
    pub expr: ExprId,
    /// Whether it is an `unless`.
    pub unless: bool,
    /// As the formatter prints it, for `because` and for messages.
    pub text: Arc<str>,
    /// The left side of a comparison, whose value `because` shows.
    pub shown: Option<ExprId>,
    /// Where it stands.
    pub span: Span,
}

/// An expression with its type.
#[derive(Clone, Debug)]
pub struct Expr {
    /// Which.
    pub kind: ExprKind,
    /// Its type.
    pub ty: Type,
    /// Where it was written.
    pub span: Span,
}

/// Which event an expression reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Row {
    /// The event at hand: in a class, a field's default, a memory, a digest, a step's own condition
    /// (the candidate) and an absence's own condition (its `q`).
    This,
    /// The event bound by a plain step; of a group, its last event (only memories read so).
    Step(StepId),
}

/// Where a raw path starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RawRoot {
    /// The record a source is reading.
    Record,
    /// The element of the source's `explode`.
    Item,
    /// The element of the innermost `pick`, quantifier or list aggregate.
    Element,
    /// The record kept with an event.
    Event(Row),
}

/// The forms of an expression. Conditions are of type bool; [`Value::Missing`] is *unknown*.
#[derive(Clone, Debug)]
pub enum ExprKind {
    /// A constant.
    Constant(Value),
    /// A field of an event.
    Field(Row, FieldId),
    /// A place in a raw record.
    Raw(RawRoot, Arc<[RawPart]>),
    /// A list of values.
    List(Vec<ExprId>),
    /// Coordinates of latitude and longitude.
    Geo(ExprId, ExprId),
    /// Latitude of coordinates.
    Latitude(ExprId),
    /// Longitude of coordinates.
    Longitude(ExprId),
    /// The value converted to the type of this expression as a source's conversions do; one that
    /// fails is missing.
    Convert(ExprId),
    /// All hold; false beats unknown.
    And(Vec<ExprId>),
    /// One holds; true beats unknown.
    Or(Vec<ExprId>),
    /// The opposite; of unknown, unknown.
    Not(ExprId),
    /// The first, or the second where the first is missing.
    Default(ExprId, ExprId),
    /// Whether it is there; never unknown.
    Exists(ExprId),
    /// A comparison.
    Compare(Comparison, ExprId, ExprId),
    /// A comparison of symbols by their rank.
    CompareRank(Arc<EnumType>, Comparison, ExprId, ExprId),
    /// A text test against one or several patterns: true if any holds.
    Match(TextTest, ExprId, Patterns),
    /// Membership.
    In(ExprId, Set),
    /// Whether a list holds a value: `tags contains "finance"`.
    Holds {
        /// The list.
        list: ExprId,
        /// The value.
        value: ExprId,
    },
    /// Arithmetic; the types of the sides decide what it means.
    Arithmetic(ArithmeticOp, ExprId, ExprId),
    /// The negative.
    Negate(ExprId),
    /// A builtin function by its name in the registry of `builtins`.
    Call(Arc<str>, Vec<ExprId>),
    /// An element of a list or record by position or key.
    Index(ExprId, ExprId),
    /// A part of a record.
    Part(ExprId, Arc<str>),
    /// A column of the row of a key; no row is unknown.
    Lookup {
        /// The table.
        table: TableId,
        /// The key.
        key: ExprId,
        /// The column.
        column: Arc<str>,
    },
    /// Whether a time lies in a calendar; an unknown key is unknown.
    During {
        /// The calendar.
        calendar: CalendarId,
        /// The time.
        time: ExprId,
        /// Its key.
        key: Option<ExprId>,
    },
    /// The canonical id of the first argument that resolves.
    Identity(IdentityId, Vec<ExprId>),
    /// The first element for which the test holds; the test reads [`RawRoot::Element`].
    Pick(ExprId, ExprId),
    /// `any of` / `all of` a list; the test reads [`RawRoot::Element`].
    Quantified {
        /// Whether all must hold.
        all: bool,
        /// The list.
        list: ExprId,
        /// The test.
        test: ExprId,
    },
    /// A function over many.
    Aggregate {
        /// The function.
        function: AggregateFunction,
        /// Over what.
        over: Over,
        /// What each member gives, reading [`Row::This`] (or [`RawRoot::Element`] of a list);
        /// `None` counts members.
        argument: Option<ExprId>,
        /// Which members count.
        filter: Option<ExprId>,
    },
    /// Whether all bound events have the paths in common; each path reads [`Row::This`].
    Same(Vec<ExprId>),
    /// Whether every pair of events of adjacent steps differs in the paths.
    Differs(Vec<ExprId>),
    /// The largest distance between events of adjacent steps.
    GeoDistance,
    /// The largest speed between events of adjacent steps.
    GeoSpeed,
    /// Last minus first event of the match.
    Elapsed,
    /// A component of the key of the match, an index into [`Key::components`]; only in alerts.
    Key(usize),
    /// How many notes of the alert hold; only in alerts.
    Notes,
    /// A memory read with the key of an event, as of that event.
    Memory(MemoryId, Row, MemoryRead),
}

/// A comparison of two values. `!=`, `is not` and the like are [`ExprKind::Not`] of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Comparison {
    /// Equal, texts ignoring case.
    Is,
    /// Equal, exactly.
    Equal,
    /// Less.
    Less,
    /// Less or equal.
    LessOrEqual,
    /// Greater.
    Greater,
    /// Greater or equal.
    GreaterOrEqual,
}

/// A test of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TextTest {
    /// Contains, ignoring case.
    Contains,
    /// Starts with, ignoring case.
    StartsWith,
    /// Ends with, ignoring case.
    EndsWith,
    /// The whole text fits a glob of `*` and `?`, ignoring case.
    Like,
    /// A regular expression is found.
    Matches,
}

/// What a text is tested with.
#[derive(Clone, Debug)]
pub enum Patterns {
    /// Constant texts; those of `matches` compile.
    Texts(Vec<Arc<str>>),
    /// A declared list.
    List(ListId),
    /// A computed text.
    Expr(ExprId),
}

/// What membership is asked of.
#[derive(Clone, Debug)]
pub enum Set {
    /// Constant values, compared as `is` does.
    Values(Vec<Value>),
    /// Networks.
    Networks(Vec<Network>),
    /// A declared list.
    List(ListId),
    /// The keys of a table.
    Table(TableId),
    /// A computed list.
    Expr(ExprId),
}

/// An address range: a prefix of an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    /// The first address.
    pub address: IpAddr,
    /// Bits that count.
    pub bits: u8,
}

/// Arithmetic.
pub use crate::syntax::ast::ArithmeticOp;

/// What an aggregate ranges over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Over {
    /// The members of a group.
    Group(StepId),
    /// The events of a profile's bucket or a summary's window.
    Window,
    /// The elements of a list.
    List(ExprId),
}

/// A function over many.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AggregateFunction {
    /// How many; of values, how many are not missing.
    Count,
    /// Their sum; of none 0.
    Sum,
    /// The least.
    Min,
    /// The greatest.
    Max,
    /// Their mean.
    Avg,
    /// How many distinct values, texts ignoring case.
    Distinct,
    /// The value of the first member that has one.
    First,
    /// The value of the last member that has one.
    Last,
    /// The n-th member's value, from 0; negative from the end.
    Nth(i64),
    /// Nearest rank, per mille.
    Percentile(u16),
    /// The spans between neighbouring events, as a list.
    Gaps,
}

/// What is asked of a memory.
#[derive(Clone, Debug)]
pub enum MemoryRead {
    /// The value of `last`, the number of `count` and `distinct`.
    Value,
    /// Whether a value was seen.
    Contains(ExprId),
    /// How many values are held.
    Size,
    /// When `last` was set.
    At,
    /// The value before `last`.
    Previous,
    /// Statistics of a profile.
    Statistic(Statistic),
}

/// Statistics of a profile's closed buckets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Statistic {
    /// Number of buckets.
    N,
    /// Mean.
    Mean,
    /// Standard deviation, divided by n.
    Sd,
    /// Median, nearest rank.
    Median,
    /// Median absolute deviation, unscaled.
    Mad,
    /// 95th percentile, nearest rank.
    P95,
    /// Greatest.
    Max,
}

/// Text with holes.
#[derive(Clone, Debug, Default)]
pub struct Template {
    /// Text and holes in order.
    pub parts: Vec<TemplatePart>,
}

/// A piece of a template.
#[derive(Clone, Debug)]
pub enum TemplatePart {
    /// Text.
    Text(Arc<str>),
    /// A value; unknown prints `?`.
    Hole(ExprId),
}

/// Who someone is.
#[derive(Clone, Debug)]
pub struct Identity {
    /// Its name.
    pub name: Arc<str>,
    /// Table, columns that identify a row, column that holds the canonical id.
    pub from: Option<(TableId, Vec<Arc<str>>, Arc<str>)>,
    /// How identifiers are cleaned.
    pub clean: Vec<Cleaner>,
    /// Cleaned names that identify nobody.
    pub never: Vec<Arc<str>>,
    /// Where it is declared.
    pub span: Span,
}

/// A step that cleans an identifier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cleaner {
    /// Lower case.
    Lower,
    /// Without white space around it.
    Trim,
    /// Without `DOMAIN\` before or `@DOMAIN` behind it, ignoring case.
    StripDomain(Arc<str>),
}

/// A table read from a file.
#[derive(Clone, Debug)]
pub struct Table {
    /// Its name.
    pub name: Arc<str>,
    /// The file as written.
    pub path: Arc<str>,
    /// The rule file whose folder the path is relative to.
    pub file: FileId,
    /// The key column.
    pub key: Arc<str>,
    /// How keys are matched.
    pub mode: crate::syntax::ast::TableMode,
    /// Where it is declared.
    pub span: Span,
}

/// A list of constants.
#[derive(Clone, Debug)]
pub struct List {
    /// Its name.
    pub name: Arc<str>,
    /// Its elements.
    pub items: Vec<Value>,
    /// Where it is declared.
    pub span: Span,
}

/// Spans of time.
#[derive(Clone, Debug)]
pub struct Calendar {
    /// Its name.
    pub name: Arc<str>,
    /// Its zone, a name of the IANA database.
    pub zone: Option<Arc<str>>,
    /// Weekly spans.
    pub weekly: Vec<WeeklySpan>,
    /// Intervals from a table.
    pub intervals: Option<Intervals>,
    /// Where it is declared.
    pub span: Span,
}

/// A span on some days of the week.
#[derive(Clone, Debug)]
pub struct WeeklySpan {
    /// Days on which it starts, Monday is bit 0.
    pub days: u8,
    /// Microseconds since midnight.
    pub start: i64,
    /// Microseconds since midnight, exclusive; not after `start` means on the next day.
    pub end: i64,
    /// Days left out.
    pub except: Option<Days>,
}

/// Where dates come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Days {
    /// The key column of a table.
    Table(TableId),
    /// A list.
    List(ListId),
}

/// Intervals from a table.
#[derive(Clone, Debug)]
pub struct Intervals {
    /// The table.
    pub table: TableId,
    /// The column with the start.
    pub start: Arc<str>,
    /// The column with the end, exclusive.
    pub end: Arc<str>,
    /// The column that keys them.
    pub per: Option<Arc<str>>,
}

/// What happened before, per key.
#[derive(Clone, Debug)]
pub struct Memory {
    /// Its name.
    pub name: Arc<str>,
    /// What is kept.
    pub kind: MemoryKind,
    /// The class it learns from.
    pub class: ClassId,
    /// Its conditions, over [`Row::This`].
    pub conditions: Vec<Condition>,
    /// Its key, over [`Row::This`].
    pub per: Vec<ExprId>,
    /// How long a thing is remembered.
    pub keep: Duration,
    /// How long it learns.
    pub learn: Option<Duration>,
    /// The most values it keeps for a key.
    pub max: Option<u64>,
    /// Where it is declared.
    pub span: Span,
}

/// What a memory keeps; expressions read [`Row::This`].
#[derive(Clone, Debug)]
pub enum MemoryKind {
    /// The values seen.
    Seen(ExprId),
    /// The latest value.
    Last(ExprId),
    /// The number of events.
    Count,
    /// The number of distinct values.
    Distinct(ExprId),
    /// An aggregate a bucket.
    Profile {
        /// The aggregate, over [`Over::Window`].
        aggregate: ExprId,
        /// The length of a bucket.
        every: Duration,
    },
}

/// A rule.
#[derive(Clone, Debug)]
pub struct Rule {
    /// Its name.
    pub name: Arc<str>,
    /// Its title.
    pub title: Arc<str>,
    /// What it says of itself.
    pub meta: Meta,
    /// A hash of its meaning, hex: not of its name, title, texts or metadata.
    pub meaning: Arc<str>,
    /// Its steps in the order written, members of sets and groups among them.
    pub steps: Arena<StepId, Step>,
    /// Its pattern, local windows flattened.
    pub elements: Vec<Element>,
    /// Every bound in time.
    pub windows: Vec<Window>,
    /// What its events have in common.
    pub key: Key,
    /// Its conditions over the whole match, without those that became its key.
    pub conditions: Vec<Condition>,
    /// What must not have happened.
    pub absences: Vec<Absence>,
    /// What a match does to those after it.
    pub on_match: OnMatch,
    /// Fixed windows or sessions in which all events of a match lie.
    pub frame: Option<Frame>,
    /// How much earlier than its predecessor a step may be.
    pub tolerate: Option<Duration>,
    /// What a match tells.
    pub alert: Alert,
    /// 0 where it reads no alerts, else one more than the greatest of the rules it reads.
    pub stratum: u32,
    /// For each step, the fields an alert shows of its events; sorted by name.
    pub evidence: Vec<Vec<FieldId>>,
    /// Where it is declared.
    pub span: Span,
}

/// What a rule says of itself.
#[derive(Clone, Debug, Default)]
pub struct Meta {
    /// Why it matters.
    pub about: Arc<str>,
    /// ATT&CK techniques.
    pub attack: Vec<Arc<str>>,
    /// Tags.
    pub tags: Vec<Arc<str>>,
    /// Its maturity.
    pub status: Option<Arc<str>>,
    /// Where to read on.
    pub references: Vec<Arc<str>>,
    /// What else looks like it.
    pub false_positives: Arc<str>,
}

/// A position of a pattern.
#[derive(Clone, Debug)]
pub struct Step {
    /// What it is called: its `as` name, else its class; evidence shows it.
    pub label: Arc<str>,
    /// Its class.
    pub class: ClassId,
    /// Conditions on each event alone or with steps before it; [`Row::This`] is the candidate.
    pub conditions: Vec<Condition>,
    /// One event or many.
    pub kind: StepKind,
    /// Where it stands.
    pub span: Span,
}

/// One event or many.
#[derive(Clone, Debug)]
pub enum StepKind {
    /// One event.
    One,
    /// A group.
    Group(Group),
}

/// A group: all events that fit, and what must hold of them together.
#[derive(Clone, Debug)]
pub struct Group {
    /// Its threshold.
    pub threshold: Threshold,
    /// Its threshold and further conditions over [`Over::Group`] of itself; the threshold is first.
    pub conditions: Vec<Condition>,
}

/// The threshold of a group, which is also its first condition.
#[derive(Clone, Debug)]
pub enum Threshold {
    /// At least so many events.
    Count(u64),
    /// At least so many distinct values of a path; an event without one is no member.
    Different(u64, ExprId),
    /// An aggregate of a path compared with a value; an event without one is no member.
    Aggregate(AggregateFunction, ExprId),
}

/// An element of a pattern, in order.
#[derive(Clone, Debug)]
pub enum Element {
    /// A plain step.
    One(StepId),
    /// A group.
    Group(StepId),
    /// `all of` and `N of`: plain steps and groups in any order.
    Set {
        /// How many of them must hold.
        least: usize,
        /// The steps.
        members: Vec<StepId>,
    },
}

/// A bound in time over the elements `first..=last`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// The first element, an index into [`Rule::elements`].
    pub first: usize,
    /// The last element.
    pub last: usize,
    /// The bound, inclusive.
    pub within: Duration,
    /// What is bounded.
    pub kind: WindowKind,
}

/// What a window bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WindowKind {
    /// The last event of the elements minus their first.
    Span,
    /// Each event of the elements minus the last event before them.
    Gap,
}

/// What the events of a match have in common.
#[derive(Clone, Debug, Default)]
pub struct Key {
    /// Its components, in the order written.
    pub components: Vec<KeyComponent>,
    /// Whether tenants are joined.
    pub across_tenants: bool,
}

/// A component of a key.
#[derive(Clone, Debug)]
pub struct KeyComponent {
    /// What it is called: `identity`, or `a.device.id` of an equi-join.
    pub name: Arc<str>,
    /// Under what names an alert shows it, each with the step whose spelling it is: for each equality
    /// the earlier step's path. Empty for `PATH same`, which is shown as the first event spells it.
    pub shown: Vec<(Arc<str>, StepId)>,
    /// Whether texts are compared exactly (`==`), not ignoring case.
    pub exact: bool,
    /// Whether it is `PATH same`, which holds for every step and absence.
    pub same: bool,
    /// For each step that has it, the value over [`Row::This`]; sorted by step.
    pub terms: Vec<(StepId, ExprId)>,
}

/// Something that must not have happened.
#[derive(Clone, Debug)]
pub struct Absence {
    /// What it is called.
    pub label: Arc<str>,
    /// The class that must not occur.
    pub class: ClassId,
    /// Its conditions; [`Row::This`] is the event that would break it.
    pub conditions: Vec<Condition>,
    /// For each component of the rule's key, its value over [`Row::This`], where it must agree.
    pub key: Vec<Option<ExprId>>,
    /// Equalities with a step that is not part of the key: a hint for a hash join, each of them also
    /// stands in `conditions`.
    pub joins: Vec<AbsenceJoin>,
    /// Where it must not occur.
    pub interval: AbsenceInterval,
    /// As the formatter prints the clause, for messages.
    pub text: Arc<str>,
    /// Where it stands.
    pub span: Span,
}

/// An equality between an absence and a step; both sides read [`Row::This`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AbsenceJoin {
    /// The step.
    pub step: StepId,
    /// The value of the step's event.
    pub of_step: ExprId,
    /// The value of the event that would break the absence.
    pub of_absence: ExprId,
    /// Whether texts are compared exactly (`==`), not ignoring case.
    pub exact: bool,
}

/// Where an absence is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AbsenceInterval {
    /// After the first step and before the second.
    Between(StepId, StepId),
    /// Among the members of a group: each one empties it.
    Inside(StepId),
    /// Before and after steps; broken by either.
    Around {
        /// How long before which step.
        before: Option<(Duration, StepId)>,
        /// How long after which step.
        after: Option<(Duration, StepId)>,
    },
}

/// What a match does to those after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum OnMatch {
    /// Later matches of the key start at the completing event.
    #[default]
    Restart,
    /// Nothing.
    Keep,
}

/// Windows and sessions that hold a whole match.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Frame {
    /// Fixed windows.
    Each {
        /// Their length.
        every: Duration,
        /// The zone whose midnight counts; UTC where none is given.
        zone: Option<Arc<str>>,
    },
    /// Sessions.
    Session {
        /// The longest silence inside one.
        gap: Duration,
        /// The longest one.
        up_to: Duration,
    },
}

/// Severities, lowest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// An event for other rules and memories, never written out.
    None,
    /// For information.
    Info,
    /// Low.
    Low,
    /// Medium.
    Medium,
    /// High.
    High,
    /// Critical.
    Critical,
}

impl Severity {
    /// All severities with their spelling, lowest first.
    pub const ALL: [(Severity, &'static str); 6] = [
        (Severity::None, "none"),
        (Severity::Info, "info"),
        (Severity::Low, "low"),
        (Severity::Medium, "medium"),
        (Severity::High, "high"),
        (Severity::Critical, "critical"),
    ];

    /// Returns its spelling.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(severity, _)| *severity == self)
            .map_or("none", |(_, name)| name)
    }

    /// Returns the severity of a spelling.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .find(|(_, spelling)| *spelling == name)
            .map(|(severity, _)| *severity)
    }
}

/// What a match tells. Expressions read steps by [`Row::Step`].
#[derive(Clone, Debug)]
pub struct Alert {
    /// Its severity unless one below holds.
    pub severity: Severity,
    /// Its text.
    pub text: Template,
    /// Fields shown of the events of a step, or of all steps.
    pub show: Vec<(Option<StepId>, FieldId)>,
    /// Notes.
    pub notes: Vec<Note>,
    /// Other severities; of those that hold the highest wins.
    pub severities: Vec<(Severity, ExprId)>,
    /// Scores; they add up.
    pub scores: Vec<Score>,
    /// Suppression.
    pub suppress: Option<Suppress>,
}

/// A note.
#[derive(Clone, Debug)]
pub struct Note {
    /// Its text.
    pub text: Template,
    /// When it holds; always where none is given.
    pub when: Option<ExprId>,
}

/// A score.
#[derive(Clone, Debug)]
pub struct Score {
    /// Its points.
    pub points: ExprId,
    /// Whose it is.
    pub on: ExprId,
    /// When it counts; always where none is given.
    pub when: Option<ExprId>,
}

/// Suppression of alerts alike.
#[derive(Clone, Debug)]
pub struct Suppress {
    /// How long after one was raised.
    pub span: Duration,
    /// Per which values; the rule's key where none are given.
    pub per: Vec<ExprId>,
}

/// What is forwarded.
#[derive(Clone, Debug)]
pub struct Digest {
    /// Its name.
    pub name: Arc<str>,
    /// The class it reduces.
    pub class: ClassId,
    /// Its conditions.
    pub conditions: Vec<Condition>,
    /// How.
    pub action: DigestAction,
    /// Where it is declared.
    pub span: Span,
}

/// How a digest reduces; expressions read [`Row::This`].
#[derive(Clone, Debug)]
pub enum DigestAction {
    /// The first of a key, for ever or each window.
    First {
        /// Its key.
        per: Vec<ExprId>,
        /// Its windows and their zone.
        each: Option<(Duration, Option<Arc<str>>)>,
    },
    /// The changes of a value.
    Changes {
        /// The value.
        of: ExprId,
        /// Its key.
        per: Vec<ExprId>,
    },
    /// One summary a window.
    Summarize {
        /// Its key with the names shown.
        per: Vec<(Arc<str>, ExprId)>,
        /// Its windows.
        every: Duration,
        /// Their zone.
        zone: Option<Arc<str>>,
        /// Named values, over [`Over::Window`].
        values: Vec<(Arc<str>, ExprId)>,
    },
    /// Nothing passes.
    Drop,
}

/// A test of a rule.
#[derive(Clone, Debug)]
pub struct Test {
    /// Its name.
    pub name: Arc<str>,
    /// The rule it tests.
    pub rule: Option<RuleId>,
    /// Its lines.
    pub lines: Vec<TestLine>,
    /// Where it is declared.
    pub span: Span,
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
    /// An event made to belong to a class.
    Event {
        /// When.
        time: Timestamp,
        /// The class it must belong to.
        class: ClassId,
        /// Its fields: those written, then what the equalities of the class fill in.
        fields: Vec<(FieldId, Value)>,
    },
    /// Records of a file, through the sources.
    Feed(Arc<str>),
    /// Time goes on.
    Advance(Timestamp),
    /// So many alerts of the rule, at a time, carrying values.
    Alerts {
        /// How many.
        count: u32,
        /// When.
        at: Option<Timestamp>,
        /// Names of key components, fields or alert attributes, with values.
        fields: Vec<(Arc<str>, Value)>,
    },
    /// An absence is pending at the end.
    Pending,
    /// So many events are forwarded.
    Forwarded(u32),
}
