//! The registry of diagnostics: one line a code, one page a code.
//!
//! Apart from the stages so that a code is never used twice and never lacks its page.

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $text:literal;)*) => {
        /// A stable code of a diagnostic.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $($(#[$doc])* $name,)*
        }

        impl Code {
            /// Every code, in the order of the registry.
            pub const ALL: &[Code] = &[$(Code::$name,)*];

            /// Returns its text, `M0101`.
            #[must_use]
            pub fn text(self) -> &'static str {
                match self { $(Code::$name => $text,)* }
            }

            /// Returns its page: what it means, a wrong program and a right one.
            #[must_use]
            pub fn page(self) -> &'static str {
                match self { $(Code::$name => include_str!(concat!("explain/", $text, ".md")),)* }
            }
        }
    };
}

// M01xx: letters and words · M02xx: names · M03xx: types · M04xx: rules and time ·
// M05xx: other declarations · M06xx: tests · M08xx: lints · M09xx: not yet at run time.
codes! {
    /// The text does not fit the grammar.
    Syntax = "M0101";
    /// A text does not end on its line.
    UnterminatedText = "M0102";
    /// An escape that does not exist.
    UnknownEscape = "M0103";
    /// A bracket without its partner.
    Unclosed = "M0104";
    /// Nested too deep.
    TooDeep = "M0105";
    /// A file larger than rule text may be.
    TooLong = "M0106";
    /// A character without a meaning.
    UnknownCharacter = "M0107";
    /// A number that cannot be read.
    MalformedNumber = "M0108";
    /// A unit that does not exist, `15min`.
    UnknownUnit = "M0109";
    /// A space between a number and its unit, `1 GB`.
    SpaceBeforeUnit = "M0110";
    /// A number beyond 64 bits.
    NumberTooLarge = "M0111";
    /// A time that is none, `25:00`.
    MalformedTime = "M0112";
    /// A name with a letter that names do not have.
    BadName = "M0113";
    /// A lone `{` in a text with holes.
    LoneBrace = "M0114";
    /// A declaration that does not exist.
    UnknownDeclaration = "M0115";
    /// A line that does not exist here.
    UnknownClause = "M0116";
    /// A lone `=` where two values are compared.
    SingleEquals = "M0117";
    /// `is in` and `is not in`.
    IsIn = "M0118";
    /// `does not contain` and the like.
    DoesNot = "M0119";
    /// `between 1 and 5`.
    BetweenValues = "M0120";
    /// `x < y < z`.
    ChainedComparison = "M0121";
    /// `then alert low`.
    ThenAlert = "M0122";
    /// A quantity of another kind than expected, `within 10`.
    WrongQuantity = "M0123";
    /// A line that stands twice.
    RepeatedLine = "M0124";
    /// A reserved word used as a name.
    ReservedWord = "M0125";
    /// A list of paths before `same` that needs brackets.
    SameList = "M0126";
    /// A line in the wrong place, `tags` after `when`.
    MisplacedLine = "M0127";
    /// Two declarations bear one name.
    DuplicateName = "M0201";
    /// A declaration replaces that of the prelude.
    Replaced = "M0202";
    /// A field that nobody declared.
    UnknownField = "M0203";
    /// A class that nobody declared.
    UnknownClass = "M0204";
    /// A symbol that its enum does not have, or a class that no source makes.
    UnknownSymbol = "M0205";
    /// A function that does not exist.
    UnknownFunction = "M0206";
    /// A list, table, calendar, memory, param or rule that nobody declared.
    UnknownName = "M0207";
    /// A step that the rule does not have, or not yet.
    UnknownStep = "M0208";
    /// A bare name where there are several steps.
    Ambiguous = "M0209";
    /// A step bears the first word of a field.
    StepNamedAsField = "M0210";
    /// Two steps bear one name.
    DuplicateStep = "M0211";
    /// A name that is no value by itself.
    NotAValue = "M0212";
    /// A part that a thing does not have.
    UnknownPart = "M0213";
    /// Definitions that need each other.
    Cycle = "M0214";
    /// A `--set` that fits no param.
    BadOverride = "M0215";
    /// A pack that does not exist.
    UnknownPack = "M0220";
    /// Two sides of a comparison that do not fit.
    TypeMismatch = "M0301";
    /// A number without the unit that its place needs.
    MissingUnit = "M0302";
    /// A quantity of another dimension.
    WrongDimension = "M0303";
    /// A value where a condition is needed.
    NotACondition = "M0304";
    /// A default before a comparison, without brackets.
    BracketsNeeded = "M0305";
    /// `or` between values instead of `in`.
    WriteIn = "M0306";
    /// Arithmetic of values that do not combine.
    BadArithmetic = "M0307";
    /// An order of values that have none.
    NoOrder = "M0308";
    /// A test of text on what is no text.
    NotText = "M0309";
    /// A malformed address or network.
    BadAddress = "M0310";
    /// A regular expression that does not compile within its limits.
    BadPattern = "M0311";
    /// Arguments that a function does not take.
    BadArguments = "M0312";
    /// One value where a list is needed, or the other way round.
    NotAList = "M0313";
    /// Elements of different types in one list.
    MixedList = "M0314";
    /// Something that has no meaning at its place.
    NotHere = "M0316";
    /// One event where a group is needed.
    NotAGroup = "M0317";
    /// A rule without a pattern.
    MissingPattern = "M0401";
    /// A rule without an alert, or an alert without its text.
    MissingAlert = "M0402";
    /// A rule whose time nothing bounds.
    Unbounded = "M0403";
    /// A rule that relates events without a key.
    MissingKey = "M0404";
    /// `global` beside a key.
    GlobalWithKey = "M0405";
    /// A clause or a line that stands twice.
    Twice = "M0406";
    /// Two groups that follow each other.
    NeighboringGroups = "M0407";
    /// Something that may not stand inside `all of` or `N of`.
    NestedPattern = "M0408";
    /// A number of events or steps that makes no sense.
    BadCount = "M0409";
    /// A field of a group outside a function.
    GroupField = "M0410";
    /// A condition that chooses members and tests the group.
    MixedGroup = "M0411";
    /// An absence that hangs on a step it cannot hang on.
    BadAnchor = "M0412";
    /// An absence without an interval.
    MissingInterval = "M0413";
    /// A comparison of adjacent steps where there is one step.
    OneStep = "M0414";
    /// `tolerate` where it has no meaning.
    BadTolerate = "M0415";
    /// Rules over each other's alerts.
    AlertCycle = "M0416";
    /// Suppression without a key.
    SuppressNeedsPer = "M0417";
    /// A severity that does not exist.
    BadSeverity = "M0418";
    /// Metadata that is malformed.
    BadMeta = "M0419";
    /// A rule that bears an event's name.
    RuleNamedAsEvent = "M0420";
    /// A span of time that makes no sense at its place.
    BadDuration = "M0421";
    /// A source without exactly one `when` as its first line.
    SourceWhen = "M0501";
    /// A source that can make no event.
    SourceTime = "M0502";
    /// A zone that the database does not know.
    BadZone = "M0503";
    /// A memory without `for`.
    MissingFor = "M0504";
    /// A memory whose parts do not fit.
    BadMemory = "M0505";
    /// A type that does not exist.
    UnknownType = "M0506";
    /// A way of cleaning that does not exist.
    BadCleaner = "M0507";
    /// A calendar that does not work.
    BadCalendar = "M0508";
    /// A field the engine needs, declared with another type.
    CoreField = "M0509";
    /// A name that is taken by the language.
    ReservedName = "M0510";
    /// A digest that does not work.
    BadDigest = "M0511";
    /// A test of a rule that nobody declared.
    UnknownRule = "M0601";
    /// A value in a test that does not fit its field.
    BadTestValue = "M0602";
    /// An expectation of something that no alert carries.
    BadExpectation = "M0603";
    /// An event that a test cannot make.
    BadTestEvent = "M0604";
    /// A negated test on a field that may be missing.
    NegatedOptional = "M0801";
    /// A rule without a test.
    NoTest = "M0802";
    /// A step that no loaded source can produce.
    NoSource = "M0803";
    /// A condition that can never be true.
    NeverTrue = "M0804";
    /// A group that spans more time than the memory it is compared with.
    OutgrownMemory = "M0805";
    /// A source that may be later than a rule looks back.
    LateSource = "M0806";
    /// A calendar of hours without a zone.
    NoZone = "M0807";
}
