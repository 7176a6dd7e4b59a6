//! Snapshots on a disk that fails.
//!
//! Apart from the code because every operation has its turn to go wrong.

use super::faulty::{Fault, FaultyDisk};
use super::*;

const FAULTS: [Fault; 4] = [
    Fault::Once,
    Fault::Forever,
    Fault::PowerBefore,
    Fault::PowerTorn,
];

fn commit(number: u64) -> Commit {
    Commit {
        inputs: vec![Position {
            name: String::from("events.jsonl"),
            offset: number,
            ..Position::default()
        }],
        outputs: vec![Written {
            name: String::from("alerts.jsonl"),
            bytes: number * 2,
            ..Written::default()
        }],
        engine: vec![u8::try_from(number).unwrap(); 100],
    }
}

fn opened(disk: FaultyDisk) -> (Snapshots<FaultyDisk>, Found) {
    Snapshots::open(disk).unwrap()
}

/// Commits 1, 2, …; returns the last that was acknowledged, and the disk.
fn fill(disk: FaultyDisk, commits: u64) -> (u64, FaultyDisk) {
    let (mut snapshots, found) = opened(disk);
    let from = found.commit.map_or(0, |commit| commit.inputs[0].offset);
    let mut acknowledged = 0;
    for number in from + 1..=from + commits {
        if snapshots.commit(&commit(number)).is_ok() {
            acknowledged = number;
        }
    }
    (acknowledged, snapshots.disk)
}

fn found(disk: &FaultyDisk) -> Option<u64> {
    let (_, found) = opened(disk.clone());
    let found = found.commit?;
    let number = found.inputs[0].offset;
    assert_eq!(found, commit(number));
    Some(number)
}

#[test]
fn a_commit_is_its_bytes_and_every_change_is_told() {
    let bytes = commit(7).encode();
    assert_eq!(Commit::decode(&bytes), Ok(commit(7)));
    for at in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[at] ^= 1;
        assert!(Commit::decode(&changed).is_err(), "byte {at}");
        assert!(Commit::decode(&bytes[..at]).is_err(), "length {at}");
    }
}

#[test]
fn three_are_kept() {
    let (last, mut disk) = fill(FaultyDisk::default(), 9);
    assert_eq!(last, 9);
    assert_eq!(found(&disk), Some(9));
    assert_eq!(disk.list().unwrap().len(), 3);
}

#[test]
fn wherever_it_goes_wrong_nothing_acknowledged_is_lost() {
    let mut counting = fill(FaultyDisk::default(), 5).1;
    let operations = counting.operations;
    assert!(operations > 20 && counting.list().unwrap().len() == 3);
    for fault in FAULTS {
        for at in 1..=operations {
            let (acknowledged, disk) = fill(FaultyDisk::failing(at, fault), 5);
            // The process goes on without power loss, or it is lost now.
            for after in [disk.mended(), disk.after_power_loss()] {
                let found = found(&after).unwrap_or(0);
                assert!(found >= acknowledged, "{fault:?} at {at}: {found}");
                assert!(found <= 5);
                // It goes wrong again while the rest is done, and is then done in peace.
                let rest = fill(after.clone(), 2).1;
                for again in 1..=rest.operations {
                    let mut second = after.clone();
                    second.operations = 0;
                    let broken = FaultyDisk::failing(again, Fault::PowerTorn).with_files(second);
                    let (acknowledged, disk) = fill(broken, 2);
                    let disk = disk.after_power_loss();
                    assert!(self::found(&disk).unwrap_or(0) >= acknowledged);
                }
            }
        }
    }
}

#[test]
fn a_disk_that_was_full_is_written_again() {
    for at in 1..10 {
        let (_, disk) = fill(FaultyDisk::failing(at, Fault::Once), 4);
        assert_eq!(found(&disk.after_power_loss()), Some(4), "{at}");
    }
}

#[test]
fn a_broken_one_gives_way_to_the_one_before_and_is_told() {
    let (_, disk) = fill(FaultyDisk::default(), 5);
    let length = commit(5).encode().len();
    for at in 0..length {
        let mut damaged = disk.clone();
        damaged.damage("000000000005.state", at);
        match Snapshots::open(damaged) {
            Ok((_, found)) => {
                assert_eq!(found.commit, Some(commit(4)));
                assert_eq!(found.broken.len(), 1);
            }
            Err(error) => assert!(
                matches!(error, SnapshotError::Version { .. }) && (8..12).contains(&at),
                "byte {at}: {error}"
            ),
        }
    }
}

#[test]
fn all_broken_is_an_error_and_never_nothing() {
    let (_, mut disk) = fill(FaultyDisk::default(), 5);
    for number in 3..=5 {
        disk.damage(&name(number), 40);
    }
    let error = Snapshots::open(disk).unwrap_err();
    assert!(matches!(error, SnapshotError::AllBroken(all) if all.len() == 3));
}

#[test]
fn after_a_broken_one_new_ones_are_newer() {
    let (_, mut disk) = fill(FaultyDisk::default(), 5);
    disk.damage(&name(5), 40);
    let (last, disk) = fill(disk, 1);
    assert_eq!(last, 5);
    let (snapshots, found) = opened(disk);
    assert_eq!(snapshots.newest, 6);
    assert!(found.broken.is_empty());
}
