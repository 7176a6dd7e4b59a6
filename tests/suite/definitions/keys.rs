//! "Keys": same, equi-joins, lists, tenants.

use super::timeline::{alerts, keys};

const AB: &str =
    "rule r { when ev_a as a then ev_b as b within 10s where identity same alert low \"t\" }";
const GROUPS: &str =
    "rule r { when ev_a as a then ev_b as b within 10s where actor.groups same alert low \"t\" }";

#[test]
fn same_keeps_identities_apart() {
    // t: 0s A(u1)   1s B(u2)   2s B(u1)
    assert_eq!(alerts(AB, "0s A  1s B identity=u2  2s B"), ["2s a:A1 b:B2"]);
}

#[test]
fn a_match_of_one_key_restarts_no_other() {
    // t: 0s A(u1)   1s A(u2)   2s B(u1)   3s B(u2)
    let timeline = "0s A  1s A identity=u2  2s B  3s B identity=u2";
    assert_eq!(alerts(AB, timeline), ["2s a:A1 b:B1", "3s a:A2 b:B2"]);
}

#[test]
fn a_missing_or_empty_value_never_joins() {
    // t: 0s A()   1s B()
    assert!(alerts(AB, "0s A -identity  1s B -identity").is_empty());
    assert!(alerts(AB, "0s A identity=  1s B identity=").is_empty());
}

#[test]
fn several_paths_are_one_key() {
    let rule = "rule r { when ev_a as a then ev_b as b within 10s where identity, device.id same alert low \"t\" }";
    assert!(alerts(rule, "0s A device.id=d1  1s B device.id=d2").is_empty());
    assert_eq!(
        keys(rule, "0s A device.id=d1  1s B device.id=D1"),
        ["identity=u1 device.id=d1"]
    );
}

#[test]
fn an_equi_join_is_a_key_under_the_earlier_steps_path() {
    // t: 0s A(d1)   1s B(D1)
    let rule = "rule r { when ev_a as a then ev_b as b within 10s where b.device.id is a.device.id alert low \"t\" }";
    assert_eq!(
        keys(rule, "0s A device.id=d1  1s B device.id=D1"),
        ["a.device.id=d1"]
    );
    assert!(alerts(rule, "0s A  1s B").is_empty());
}

#[test]
fn an_equi_join_restarts_its_own_value_only() {
    // t: 0s A(d1)   1s A(d2)   2s B(d1)   3s B(d2)   4s B(d1)
    let rule = "rule r { when ev_a as a then ev_b as b within 10s where b.device.id is a.device.id alert low \"t\" }";
    let timeline = "0s A device.id=d1  1s A device.id=d2  2s B device.id=d1  3s B device.id=d2  4s B device.id=d1";
    assert_eq!(alerts(rule, timeline), ["2s a:A1 b:B1", "3s a:A2 b:B2"]);
}

#[test]
fn a_join_may_cross_fields() {
    // t: 0s A(target u2)   1s B(u2)
    let rule = "rule r { when ev_a as a then ev_b as b within 10s where b.identity is a.target.identity alert low \"t\" }";
    assert_eq!(
        keys(rule, "0s A target.identity=u2  1s B identity=U2"),
        ["a.target.identity=u2"]
    );
}

#[test]
fn a_list_joins_once_for_each_value() {
    // t: 0s A(g1)   1s A(g2)   2s B(g1,g2): two stories
    let timeline = "0s A actor.groups=g1  1s A actor.groups=g2  2s B actor.groups=g1,g2";
    assert_eq!(alerts(GROUPS, timeline), ["2s a:A1 b:B1", "2s a:A2 b:B1"]);
}

#[test]
fn equal_evidence_is_one_alert_with_the_least_key() {
    // t: 0s A(g2,g1)   1s B(g1,g2)
    let timeline = "0s A actor.groups=g2,g1  1s B actor.groups=g1,g2";
    assert_eq!(
        keys(GROUPS, timeline),
        ["actor.groups=g1 also actor.groups=g2"]
    );
}

#[test]
fn an_empty_list_is_no_key() {
    assert!(alerts(GROUPS, "0s A actor.groups=  1s B actor.groups=").is_empty());
}

#[test]
fn tenants_are_apart_and_the_missing_one_is_its_own() {
    assert!(alerts(AB, "0s A tenant=t1  1s B tenant=t2").is_empty());
    assert!(alerts(AB, "0s A  1s B tenant=t2").is_empty());
    assert_eq!(alerts(AB, "0s A  1s B"), ["1s a:A1 b:B1"]);
}

#[test]
fn across_tenants_joins_them() {
    let rule = "rule r { when ev_a as a then ev_b as b within 10s where identity same across tenants alert low \"t\" }";
    assert_eq!(
        alerts(rule, "0s A tenant=t1  1s B tenant=t2"),
        ["1s a:A1 b:B1"]
    );
}

#[test]
fn global_relates_everybody() {
    let rule = "rule r { when ev_a as a then ev_b as b within 10s global alert low \"t\" }";
    assert_eq!(alerts(rule, "0s A  1s B identity=u2"), ["1s a:A1 b:B1"]);
}

#[test]
fn differs_on_lists_means_no_common_value() {
    let rule = "rule r { when ev_a as a then ev_b as b within 10s where identity same and actor.groups differs alert low \"t\" }";
    assert!(alerts(rule, "0s A actor.groups=g1,g2  1s B actor.groups=G2").is_empty());
    assert_eq!(
        alerts(rule, "0s A actor.groups=g1  1s B actor.groups=g2"),
        ["1s a:A1 b:B1"]
    );
}

#[test]
fn differs_is_unknown_where_a_value_is_missing() {
    let rule = "rule r { when ev_a as a then ev_b as b within 10s where identity same and ip differs alert low \"t\" }";
    assert!(alerts(rule, "0s A ip=10.0.0.1  1s B").is_empty());
    assert_eq!(
        alerts(rule, "0s A ip=10.0.0.1  1s B ip=10.0.0.2"),
        ["1s a:A1 b:B1"]
    );
}

#[test]
fn a_computed_identity_joins() {
    // t: 0s A(email ANA@X)   1s B(upn ana@x)
    let timeline = "0s A -identity actor.email=ANA@X  1s B -identity actor.upn=ana@x";
    assert_eq!(keys(AB, timeline), ["identity=ana@x"]);
}
