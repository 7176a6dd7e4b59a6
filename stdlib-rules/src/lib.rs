//! The prelude and the rule packs of Muster, as text compiled into the binary.
//!
//! Apart from the other crates so that rules can be read, tested and changed without touching code:
//! this file only says which files there are.

/// A rule pack that comes with Muster.
#[derive(Clone, Copy, Debug)]
pub struct Pack {
    /// What `use std.NAME` calls it.
    pub name: &'static str,
    /// Its rule files: what messages call them, and their text.
    pub files: &'static [(&'static str, &'static str)],
}

macro_rules! rules {
    ($($path:literal),* $(,)?) => {
        &[$((concat!("std:", $path), include_str!(concat!("../", $path)))),*]
    };
}

macro_rules! tables {
    ($($path:literal),* $(,)?) => {
        &[$(($path, include_bytes!(concat!("../", $path)))),*]
    };
}

/// Specific sources stand before general ones, as the first that holds takes a record.
const PRELUDE: &[(&str, &str)] = rules![
    "prelude/fields.muster",
    "prelude/identity.muster",
    "prelude/networks.muster",
    "prelude/assets.muster",
    "prelude/names.muster",
    "prelude/knowledge.muster",
    "prelude/events.muster",
    "prelude/sources/zpa_user_activity.muster",
    "prelude/sources/zpa_user_status.muster",
    "prelude/sources/zpa_browser_access.muster",
    "prelude/sources/zpa_audit.muster",
    "prelude/sources/zpa_app_protection.muster",
    "prelude/sources/zpa_connector_status.muster",
    "prelude/sources/zpa_connector_metrics.muster",
    "prelude/sources/zpa_service_edge_status.muster",
    "prelude/sources/zpa_service_edge_metrics.muster",
    "prelude/sources/zpa_microsegmentation.muster",
    "prelude/sources/zpa_columns.muster",
    "prelude/sources/zaita.muster",
    "prelude/sources/intune.muster",
    "prelude/sources/entra_signin.muster",
    "prelude/sources/entra_signin_export.muster",
    "prelude/sources/entra_audit.muster",
    "prelude/sources/okta.muster",
    "prelude/sources/duo.muster",
    "prelude/sources/m365.muster",
    "prelude/sources/google_workspace.muster",
    "prelude/sources/caep.muster",
    "prelude/sources/sailpoint.muster",
    "prelude/sources/windows_security.muster",
    "prelude/sources/auditd.muster",
    "prelude/sources/linux_auth.muster",
    "prelude/sources/cisco_asa.muster",
    "prelude/sources/fortigate.muster",
    "prelude/sources/crowdstrike.muster",
    "prelude/sources/cloudtrail.muster",
    "prelude/sources/ocsf.muster",
    "prelude/sources/ecs.muster",
    "prelude/sources/cef.muster",
    "prelude/sources/muster.muster",
];

const PACKS: &[Pack] = &[
    Pack {
        name: "iam",
        files: rules![
            "packs/iam/change_beside_iam.muster",
            "packs/iam/default_account_back.muster",
            "packs/iam/default_account_used.muster",
            "packs/iam/governed_system_silent.muster",
            "packs/iam/iam_settings_changed.muster",
            "packs/iam/iam_silent.muster",
            "packs/iam/rejected_account.muster",
            "packs/iam/shared.muster",
            "packs/iam/system_out_of_scope.muster",
            "packs/iam/unapproved_cloud_account.muster",
            "packs/iam/unapproved_domain_account.muster",
            "packs/iam/unapproved_local_account.muster",
            "packs/iam/unapproved_membership.muster",
            "packs/iam/unapproved_restore.muster",
            "packs/iam/wrong_change_corrected.muster",
        ],
    },
    Pack {
        name: "identity_attacks",
        files: rules![
            "packs/identity_attacks/beaconing.muster",
            "packs/identity_attacks/brute_force.muster",
            "packs/identity_attacks/dormant_account.muster",
            "packs/identity_attacks/exfiltration_by_volume.muster",
            "packs/identity_attacks/failed_logins.muster",
            "packs/identity_attacks/first_use_of_country.muster",
            "packs/identity_attacks/lateral_movement.muster",
            "packs/identity_attacks/login_flood.muster",
            "packs/identity_attacks/mfa_fatigue.muster",
            "packs/identity_attacks/password_spray.muster",
            "packs/identity_attacks/service_account_new_network.muster",
            "packs/identity_attacks/session_hijack.muster",
            "packs/identity_attacks/shared.muster",
            "packs/identity_attacks/spray_then_login.muster",
            "packs/identity_attacks/token_theft.muster",
        ],
    },
    Pack {
        name: "zaita",
        files: rules![
            "packs/zaita/authority_changed.muster",
            "packs/zaita/certificate_ran_out.muster",
            "packs/zaita/certificate_taken_by_other.muster",
            "packs/zaita/certificate_too_long.muster",
            "packs/zaita/certificate_weak.muster",
            "packs/zaita/deactivated_account_acts.muster",
            "packs/zaita/export_changed.muster",
            "packs/zaita/export_changed_then_silence.muster",
            "packs/zaita/foreign_installation.muster",
            "packs/zaita/job_unfinished.muster",
            "packs/zaita/machine_interactive.muster",
            "packs/zaita/machine_new_address.muster",
            "packs/zaita/platform_failures.muster",
            "packs/zaita/platform_finding.muster",
            "packs/zaita/refusals_of_actor.muster",
            "packs/zaita/refusals_of_address.muster",
            "packs/zaita/revocation_burst.muster",
            "packs/zaita/shadow_certificate.muster",
            "packs/zaita/shared.muster",
            "packs/zaita/token_exchange_burst.muster",
        ],
    },
    Pack {
        name: "zero_trust",
        files: rules![
            "packs/zero_trust/bulk_download.muster",
            "packs/zero_trust/bulk_files.muster",
            "packs/zero_trust/critical_policy_change.muster",
            "packs/zero_trust/degraded_device_access.muster",
            "packs/zero_trust/digests.muster",
            "packs/zero_trust/dormant_resource.muster",
            "packs/zero_trust/elevation_then_first_access.muster",
            "packs/zero_trust/factor_reset_takeover.muster",
            "packs/zero_trust/foreign_department.muster",
            "packs/zero_trust/impossible_travel.muster",
            "packs/zero_trust/managed_device_requirement_dropped.muster",
            "packs/zero_trust/many_sensitive_resources.muster",
            "packs/zero_trust/noncompliant_device_access.muster",
            "packs/zero_trust/path_beside_gateway.muster",
            "packs/zero_trust/privilege_beside_process.muster",
            "packs/zero_trust/session_exfiltration.muster",
            "packs/zero_trust/shared.muster",
            "packs/zero_trust/unapproved_privilege.muster",
            "packs/zero_trust/unenrolled_device_login.muster",
            "packs/zero_trust/unmanaged_dormant_night.muster",
            "packs/zero_trust/unregistered_device_attempt.muster",
            "packs/zero_trust/unregistered_device_login.muster",
            "packs/zero_trust/unusual_access.muster",
            "packs/zero_trust/unusual_country.muster",
            "packs/zero_trust/unusual_factor.muster",
            "packs/zero_trust/unusual_network.muster",
        ],
    },
    Pack {
        name: "zpa",
        files: rules![
            "packs/zpa/connector_down.muster",
            "packs/zpa/connector_flapping.muster",
            "packs/zpa/connector_group_down.muster",
            "packs/zpa/connector_overloaded.muster",
            "packs/zpa/connector_targets_lost.muster",
            "packs/zpa/gateway_dormant_user.muster",
            "packs/zpa/gateway_log_silent.muster",
            "packs/zpa/gateway_new_address.muster",
            "packs/zpa/gateway_new_country.muster",
            "packs/zpa/gateway_new_user.muster",
            "packs/zpa/gateway_outside_hours.muster",
            "packs/zpa/gateway_session_long.muster",
            "packs/zpa/gateway_session_shared.muster",
            "packs/zpa/gateway_unusual_operation.muster",
            "packs/zpa/gateway_unusual_result.muster",
            "packs/zpa/inspected_then_answered.muster",
            "packs/zpa/policy_denials.muster",
            "packs/zpa/privileged_file_malware.muster",
            "packs/zpa/privileged_session_past_approval.muster",
            "packs/zpa/privileged_session_shared.muster",
            "packs/zpa/shared.muster",
        ],
    },
];

const TABLES: &[(&str, &[u8])] = tables![
    "prelude/accepted.csv",
    "prelude/assets.csv",
    "prelude/change_log.csv",
    "prelude/countries.csv",
    "prelude/default_accounts.csv",
    "prelude/device_inventory.csv",
    "prelude/iam_scope.csv",
    "prelude/mfa_factors.csv",
    "prelude/sources/auditd_types.csv",
    "prelude/sources/cloudtrail_events.csv",
    "prelude/sources/ecs_categories.csv",
    "prelude/sources/entra_audit_operations.csv",
    "prelude/sources/entra_results.csv",
    "prelude/sources/google_workspace_events.csv",
    "prelude/sources/m365_operations.csv",
    "prelude/sources/ocsf_activities.csv",
    "prelude/sources/okta_events.csv",
    "prelude/sources/sailpoint_actions.csv",
    "prelude/sources/windows_events.csv",
    "prelude/sources/zaita_actions.csv",
    "prelude/sources/zpa_reasons.csv",
];

const SAMPLE: &str = "first-day.jsonl";

/// Returns the files that every program starts with, in the order they are loaded.
///
/// A name is what messages call the file, such as `std:prelude/fields.muster`.
#[must_use]
pub fn prelude() -> &'static [(&'static str, &'static str)] {
    PRELUDE
}

/// Returns all rule packs, sorted by name.
#[must_use]
pub fn packs() -> &'static [Pack] {
    PACKS
}

/// Returns the rule pack of a name, `zero_trust`.
#[must_use]
pub fn pack(name: &str) -> Option<&'static Pack> {
    PACKS.iter().find(|pack| pack.name == name)
}

/// Returns a table that an embedded rule file names.
///
/// The path is as the rule file writes it, relative to that file, or with the file's folder before
/// it, `std:prelude/assets.csv`: no two embedded tables bear the same file name.
#[must_use]
pub fn data(path: &str) -> Option<&'static [u8]> {
    let name = file_name(path);
    TABLES
        .iter()
        .find(|(table, _)| file_name(table) == name)
        .map(|(_, bytes)| *bytes)
}

/// Returns a sample log to try rules on: its file name and its bytes, one JSON record a line.
#[must_use]
pub fn sample() -> (&'static str, &'static [u8]) {
    (SAMPLE, include_bytes!("../samples/first-day.jsonl"))
}

fn file_name(path: &str) -> &str {
    path.rsplit(['/', ':']).next().unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_found_by_the_name_its_rule_file_writes_and_by_its_full_path() {
        let written = data("zpa_reasons.csv");
        assert!(written.is_some_and(|bytes| bytes.starts_with(b"code,outcome")));
        assert_eq!(data("std:prelude/sources/zpa_reasons.csv"), written);
        assert_eq!(data("missing.csv"), None);
    }

    #[test]
    fn no_two_tables_bear_the_same_file_name() {
        let mut names: Vec<&str> = TABLES.iter().map(|(path, _)| file_name(path)).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), TABLES.len());
    }

    #[test]
    fn every_table_that_an_embedded_rule_file_names_is_embedded() {
        let packs = PACKS.iter().flat_map(|pack| pack.files);
        for (file, text) in PRELUDE.iter().chain(packs) {
            for line in text.lines().filter(|line| line.starts_with("table ")) {
                let path = line.split('"').nth(1).unwrap_or_default();
                assert!(data(path).is_some(), "{file}: {path}");
            }
        }
    }

    #[test]
    fn the_general_source_is_tried_last() {
        let last = PRELUDE.last().map(|(name, _)| *name);
        assert_eq!(last, Some("std:prelude/sources/muster.muster"));
    }

    #[test]
    fn every_embedded_file_parses() {
        let packs = PACKS.iter().flat_map(|pack| pack.files);
        for (name, text) in PRELUDE.iter().chain(packs) {
            let mut files = muster_lang::file::Files::new();
            let file = files.add(*name, *text, muster_lang::file::Origin::Prelude);
            let parsed = muster_lang::syntax::parse(&files, file);
            let told: Vec<String> = parsed
                .diagnostics
                .iter()
                .map(|d| format!("{}: {:?} {:?}", name, files.position(file, d.span.start), d))
                .collect();
            assert!(told.is_empty(), "{}", told.join("\n"));
        }
    }

    #[test]
    fn every_embedded_file_is_in_canonical_layout() {
        let packs = PACKS.iter().flat_map(|pack| pack.files);
        for (name, text) in PRELUDE.iter().chain(packs) {
            let layout = muster_lang::syntax::format::format(text);
            assert!(layout.is_ok_and(|layout| layout == *text), "{name}");
        }
    }
}
