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
}
