//! `muster fmt`.

use crate::support::Folder;

const ROUGH: &str = "list   admins=[ \"ana\",\"bo\" ]  # who may\n";

fn neat(folder: &Folder) -> String {
    folder
        .run_with(&["fmt", "-"], ROUGH.as_bytes())
        .ends(0)
        .stdout
}

#[test]
fn standard_input_is_formatted_to_standard_output() {
    let folder = Folder::new();
    let neat = neat(&folder);
    assert!(
        neat.contains("list admins = [\"ana\", \"bo\"]") && neat.contains("# who may"),
        "{neat}"
    );
    let again = folder.run_with(&["fmt", "-"], neat.as_bytes()).ends(0);
    assert_eq!(again.stdout, neat);
}

#[test]
fn files_change_in_place_and_what_is_neat_is_not_mentioned() {
    let folder = Folder::new();
    folder.write("rules/rough.muster", ROUGH);
    let outcome = folder.run(&["fmt", "rules"]).ends(0);
    assert_eq!(outcome.stdout, "");
    assert_eq!(outcome.stderr, "formatted rules/rough.muster\n");
    assert_eq!(folder.read("rules/rough.muster"), neat(&folder));
    let again = folder.run(&["fmt", "rules"]).ends(0);
    assert_eq!((again.stdout.as_str(), again.stderr.as_str()), ("", ""));
    assert_eq!(std::fs::read_dir(folder.path("rules")).unwrap().count(), 1);
}

#[test]
fn check_changes_nothing_and_names_what_would_change() {
    let folder = Folder::new();
    folder.write("rough.muster", ROUGH);
    folder.write("neat.muster", neat(&folder));
    let outcome = folder.run(&["fmt", "--check", "."]).ends(1);
    assert_eq!(outcome.stdout, "./rough.muster\n");
    assert!(outcome.stderr.contains("1 file not in canonical layout"));
    assert_eq!(folder.read("rough.muster"), ROUGH);
    assert_eq!(
        folder
            .run(&["fmt", "--check", "neat.muster"])
            .ends(0)
            .stderr,
        ""
    );
}

#[test]
fn a_difference_is_shown_line_by_line() {
    let folder = Folder::new();
    folder.write("rough.muster", ROUGH);
    let outcome = folder.run(&["fmt", "--diff", "rough.muster"]).ends(0);
    assert!(
        outcome.stdout.contains("\n-list   admins=["),
        "{}",
        outcome.stdout
    );
    assert!(outcome.stdout.contains("\n+list admins = ["));
    assert_eq!(folder.read("rough.muster"), ROUGH);
}

#[test]
fn what_does_not_parse_is_left_alone() {
    let folder = Folder::new();
    folder.write("wrong.muster", "rule one {");
    folder.write("rough.muster", ROUGH);
    folder.run(&["fmt", "."]).ends(78).says("wrong.muster:1:");
    assert_eq!(folder.read("wrong.muster"), "rule one {");
    assert_eq!(
        folder.read("rough.muster"),
        neat(&folder),
        "the others are formatted all the same"
    );
}

#[cfg(unix)]
#[test]
fn permissions_and_links_stay_as_they_are() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = Folder::new();
    folder.write("real.muster", ROUGH);
    std::fs::set_permissions(folder.path("real.muster"), PermissionsExt::from_mode(0o640)).unwrap();
    symlink("real.muster", folder.path("link.muster")).unwrap();
    folder.run(&["fmt", "link.muster"]).ends(0);
    assert!(
        std::fs::symlink_metadata(folder.path("link.muster"))
            .unwrap()
            .is_symlink()
    );
    let mode = std::fs::metadata(folder.path("real.muster"))
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o640);
    assert_eq!(folder.read("real.muster"), neat(&folder));
}
