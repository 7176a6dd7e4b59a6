//! Loading: what RULES on the command line name, as files with their text.
//!
//! Apart from compiling because here it is all about paths, and what people get wrong with them.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use muster_lang::escape::escape_line;
use muster_lang::file::{FileId, Files, Origin};
use muster_lang::suggest;

use crate::exit::Exit;
use crate::library;
use crate::report::{Report, reason};
use crate::text::{FILE_BYTES_MAX, read_text, text_of};

/// How deep directories are searched.
const DEPTH_MAX: usize = 32;
/// What names a pack on the command line.
const PACK: &str = "std:";

/// Files with the places they were read from.
#[derive(Clone, Default)]
pub(crate) struct Loaded {
    /// The files.
    pub(crate) files: Files,
    // INVARIANT: one place a file, in the order of `files`.
    places: Vec<Place>,
    packs: BTreeSet<String>,
    paths: BTreeSet<PathBuf>,
    // The files that the command line names, of all those that are loaded.
    named: BTreeSet<FileId>,
}

/// Where a file was read from.
#[derive(Clone, Debug)]
pub(crate) enum Place {
    /// It is part of the program.
    Embedded,
    /// A path.
    Path(PathBuf),
    /// Standard input.
    Stdin,
}

/// Why something that was named cannot be loaded.
pub(crate) struct LoadError {
    message: String,
    help: String,
    exit: Exit,
}

impl LoadError {
    /// Reports it and returns the exit it means.
    pub(crate) fn told(&self, report: &Report) -> Exit {
        report.error(&self.message, &self.help);
        self.exit
    }

    /// Returns what is wrong, and below it what to do.
    pub(crate) fn text(&self) -> String {
        if self.help.is_empty() {
            return format!("error: {}", self.message);
        }
        format!("error: {}\nhelp: {}", self.message, self.help)
    }

    pub(crate) fn new(exit: Exit, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            help: help.into(),
            exit,
        }
    }
}

/// Loads the prelude and everything that is named; all mistakes are reported, not only the first.
///
/// # Errors
///
/// The exit of the first mistake.
pub(crate) fn load(rules: &[String], report: &Report) -> Result<Loaded, Exit> {
    let mut loaded = Loaded::prelude();
    let mut exit = None;
    for name in rules {
        if let Err(error) = loaded.add_named(name) {
            let told = error.told(report);
            exit = exit.or(Some(told));
        }
    }
    exit.map_or(Ok(loaded), Err)
}

impl Loaded {
    /// Returns the prelude alone.
    pub(crate) fn prelude() -> Self {
        let mut loaded = Self::default();
        for file in library::prelude() {
            loaded.push(file.name, file.text, Origin::Prelude, Place::Embedded);
        }
        loaded
    }

    /// Returns where a file was read from.
    pub(crate) fn place(&self, file: FileId) -> Option<&Place> {
        self.places.get(file.0 as usize)
    }

    /// Adds a pack; tells whether there is one of this name.
    pub(crate) fn add_pack(&mut self, name: &str) -> bool {
        if self.packs.contains(name) {
            return true;
        }
        let Some(files) = library::pack(name) else {
            return false;
        };
        self.packs.insert(name.into());
        for file in files {
            self.push(file.name, file.text, Origin::Pack, Place::Embedded);
        }
        true
    }

    /// Tells whether the command line names a file, itself or by its directory or pack.
    pub(crate) fn is_named(&self, file: FileId) -> bool {
        self.named.contains(&file)
    }

    /// Adds a text that was typed; what it names is read beside the working directory.
    pub(crate) fn add_typed(&mut self, name: &str, text: &str) -> FileId {
        let id = FileId(u32::try_from(self.places.len()).unwrap_or(u32::MAX));
        self.push(name, text, Origin::User, Place::Stdin);
        self.named.insert(id);
        id
    }

    /// Returns the same files with other texts in their places.
    pub(crate) fn with_texts(&self, text_of: &dyn Fn(FileId, &str) -> Option<String>) -> Self {
        let mut files = Files::new();
        for (id, file) in self.files.iter() {
            let text = text_of(id, &file.text).map_or_else(|| file.text.clone(), Into::into);
            files.add(file.name.clone(), text, file.origin);
        }
        Self {
            files,
            ..self.clone()
        }
    }

    fn push(&mut self, name: &str, text: &str, origin: Origin, place: Place) {
        self.files.add(name, text, origin);
        self.places.push(place);
    }

    /// Adds what a name on the command line stands for.
    ///
    /// # Errors
    ///
    /// Why it cannot be loaded.
    pub(crate) fn add_named(&mut self, name: &str) -> Result<(), LoadError> {
        let before = self.places.len();
        let added = self.add(name);
        self.named
            .extend((0u32..).map(FileId).take(self.places.len()).skip(before));
        added
    }

    fn add(&mut self, name: &str) -> Result<(), LoadError> {
        if let Some(pack) = name.strip_prefix(PACK) {
            return if self.add_pack(pack) {
                Ok(())
            } else {
                Err(no_pack(pack))
            };
        }
        if name == "-" {
            let mut bytes = Vec::new();
            let read = io::stdin().take(FILE_BYTES_MAX + 1).read_to_end(&mut bytes);
            read.map_err(|error| unreadable("standard input", &error))?;
            let text = text_of("standard input", bytes)?;
            self.push("<stdin>", &text, Origin::User, Place::Stdin);
            return Ok(());
        }
        for path in rule_files(name)? {
            self.add_file(&path)?;
        }
        Ok(())
    }

    fn add_file(&mut self, path: &Path) -> Result<(), LoadError> {
        let name = path.display().to_string();
        // A file that is named twice, or by its directory too, is one file.
        let real = fs::canonicalize(path).map_err(|error| unreadable(&name, &error))?;
        if !self.paths.insert(real) {
            return Ok(());
        }
        let text = read_text(path)?;
        self.push(&name, &text, Origin::User, Place::Path(path.to_owned()));
        Ok(())
    }
}

/// Returns the rule files of a path: itself, or all `*.muster` below a directory, sorted.
///
/// # Errors
///
/// Paths that cannot be read, and directories without rules.
pub(crate) fn rule_files(name: &str) -> Result<Vec<PathBuf>, LoadError> {
    let path = Path::new(name);
    let metadata = fs::metadata(path).map_err(|error| unreadable(name, &error))?;
    if !metadata.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let mut found = Vec::new();
    search(path, DEPTH_MAX, &mut found)?;
    if found.is_empty() {
        let message = format!("there are no rules in `{}`", escape_line(name));
        let help =
            "rule files end in `.muster`; `muster run std:PACK` runs rules that are built in";
        return Err(LoadError::new(Exit::Rules, message, help));
    }
    found.sort();
    Ok(found)
}

fn search(directory: &Path, depth: usize, found: &mut Vec<PathBuf>) -> Result<(), LoadError> {
    let failed = |error: io::Error| unreadable(&directory.display().to_string(), &error);
    for entry in fs::read_dir(directory).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let path = entry.path();
        let hidden = entry.file_name().as_encoded_bytes().starts_with(b".");
        // A link to a directory is not followed, so that no circle is.
        let kind = entry.file_type().map_err(failed)?;
        if kind.is_dir() && !hidden && depth > 0 {
            search(&path, depth - 1, found)?;
        } else if !kind.is_dir() && !hidden && path.extension().is_some_and(|end| end == "muster") {
            found.push(path);
        }
    }
    Ok(())
}

pub(crate) fn unreadable(name: &str, error: &io::Error) -> LoadError {
    let message = format!("cannot read `{}`: {}", escape_line(name), reason(error));
    let help = match error.kind() {
        io::ErrorKind::NotFound if library::pack(name).is_some() => {
            format!("a pack that is built in is named `std:{name}`")
        }
        io::ErrorKind::NotFound => {
            "RULES are files, directories with `.muster` files, or `std:PACK`".into()
        }
        _ => String::new(),
    };
    LoadError::new(Exit::Io, message, help)
}

fn no_pack(name: &str) -> LoadError {
    let message = format!("there is no pack `std:{}`", escape_line(name));
    LoadError::new(Exit::Usage, message, pack_help(name, PACK))
}

/// Returns what to write instead of the name of a pack that is not there, written behind a prefix.
pub(crate) fn pack_help(name: &str, prefix: &str) -> String {
    let packs: Vec<String> = library::packs()
        .map(|pack| format!("`{prefix}{pack}`"))
        .collect();
    let all = format!("the packs are {}", packs.join(", "));
    match suggest::nearest(name, library::packs()) {
        Some(near) => format!("did you mean `{prefix}{near}`? {all}"),
        None => all,
    }
}

/// Reads a file that a rule file names: a table, or what a test feeds.
///
/// # Errors
///
/// Why it cannot be read, as part of a sentence.
pub(crate) fn read_beside(loaded: &Loaded, file: FileId, path: &str) -> Result<Vec<u8>, String> {
    let Some(path) = path_beside(loaded, file, path) else {
        return library::data(path)
            .map(<[u8]>::to_vec)
            .ok_or_else(|| format!("nothing called `{}` is built in", escape_line(path)));
    };
    #[expect(clippy::disallowed_methods, reason = "this is where tables are read")]
    fs::read(&path).map_err(|error| {
        format!(
            "cannot read `{}`: {}",
            escape_line(&path.display().to_string()),
            reason(&error)
        )
    })
}

/// Returns where a file is that a rule file names; `None` for what is built in.
pub(crate) fn path_beside(loaded: &Loaded, file: FileId, path: &str) -> Option<PathBuf> {
    match loaded.place(file)? {
        Place::Embedded => None,
        Place::Path(naming) => Some(naming.parent().unwrap_or(Path::new("")).join(path)),
        Place::Stdin => Some(PathBuf::from(path)),
    }
}
