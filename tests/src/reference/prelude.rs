//! The part of the prelude that tests of the reference use, written anew from the event model.
//!
//! Apart from the standard rules because the reference must not inherit their mistakes.

/// Fields and events, as the event model describes them.
pub const TEXT: &str = r#"
field outcome: enum(success, failure, denied, unknown)
field reason: text
field action: text
field identity: text = person(actor.email, actor.upn, actor.sam, actor.id, actor.name)
field actor.id: text
field actor.name: text
field actor.email: text
field actor.upn: text
field actor.sam: text
field actor.groups: list<text>
field actor.admin: bool
field target.identity: text
field device.id: text
field device.compliant: bool
field ip: ip
field geo: geo
field user_agent: text
field port: int
field app.name: text
field resource.id: text
field resource.sensitivity: enum(public < internal < confidential < restricted)
field resource.tags: list<text>
field session.id: text
field bytes.up: size
field bytes.down: size
field level: enum(info < low < medium < high < critical)
field rule: text
field severity: enum(none < info < low < medium < high < critical)
field score: float
field score_on: text
field attack: list<text>
field tags: list<text>
field risk.score: float

identity person { clean lower }

source muster {
  when .class exists and .time exists
  absent ""
  id = .id
  time = parse_time(.time, "iso", "epoch_ms")
  fields from .
}

event login = any where class is auth.login and (outcome or success) is success
event login_failed = any where class is auth.login and outcome in [failure, denied]
event login_attempt = any where class is auth.login
event logout = any where class is auth.logout and (outcome or success) is success
event mfa_challenge = any where class is auth.challenge and (outcome or success) is success
event elevation = any where class is auth.elevate and (outcome or success) is success
event access = any where class in [access.open, access.active, access.close, access.request, access.read] and (outcome or success) is success
event access_denied = any where class in [access.open, access.active, access.close, access.request, access.read] and outcome is denied
event download = any where class is file.download and (outcome or success) is success
event upload = any where class is file.upload and (outcome or success) is success
event password_reset = any where class is account.password_reset and (outcome or success) is success
event device_noncompliant = any where class is device.state and (outcome or success) is success and device.compliant is false
event device_compliant = any where class is device.state and (outcome or success) is success and device.compliant is true
"#;
