use super::{complaint, config};

/// A secret in every place where somebody may write one, with every mistake beside it.
#[test]
fn no_message_holds_a_value() {
    let entries = [
        "{password: {hunter2: x}, password: hunter2}",
        "{password: 'hunter2${UNSET}'}",
        "{password: 'hunter2${'}",
        "{password: '${hunter2 }'}",
        "{password: '${UNSET:-hunter2${ALSO_UNSET}}'}",
        "{password: 'hunter2{cloudmesh.nothing}'}",
        "{password: 'hunter2{cloudmesh.compute}'}",
        "{password: !!int hunter2}",
        "{password: hunter2, password: hunter2}",
        "{password: hunter2, url: TBD}",
        "{password: \"hunter2}",
        "{password: hunter2]",
        "{password: @hunter2}",
        "{password: !hunter2}",
        "{password: !hunter2 x}",
        "{password: !!hunter2 x}",
        "{password: *hunter2}",
        "{password: {hunter2: }, url: '${UNSET}'}",
        "{user: a, password:hunter2}",
        "{password: '${OS_PASSWORD}${UNSET}'}",
        "{password: '{cloudmesh.compute.c.credentials.password}hunter2'}",
    ];
    for entry in entries {
        let error = complaint(&format!("cloudmesh: {{compute: {{c: {{cm: {{kind: lab}}, credentials: {entry}}}}}}}"));
        let told = format!("{error} {error:?}");
        assert!(!told.contains("hunter"), "{entry}: {told}");
    }
}

#[test]
fn debug_holds_no_value() {
    let text = "
cloudmesh:
  profile: {user: albert}
  compute:
    c:
      cm: {kind: lab}
      credentials: {password: '${OS_PASSWORD}', other: hunter2, list: [hunter2], EC2_SECRET_KEY: hunter2}
      endpoint: http://albert:hunter2@example.org
      defaults: {size: s, admin_password: hunter2}";
    let config = config(text);
    let cloud = config.cloud("c").unwrap();
    let told = format!("{config:?} {:#?} {cloud:?} {:?}", config, config.environment());
    assert!(!told.contains("hunter2"), "{told}");
    assert!(told.contains("OS_PASSWORD") && told.contains("lab"), "{told}");
}
