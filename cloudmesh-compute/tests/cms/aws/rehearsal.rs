//! Dry runs: what would be done, and no change.

use super::plain;
use crate::desk::Desk;

/// The changes that arrived.
fn changes(desk: &Desk) -> Vec<String> {
    let mut seen = desk.cloud(0).troubles().seen();
    seen.retain(|seen| seen.operation.is_some_and(|operation| !operation.is_read()));
    seen.into_iter().map(|seen| seen.line).collect()
}

#[test]
fn requests_are_shown_without_secrets_and_not_sent() {
    let desk = Desk::aws();
    desk.write("init.sh", "#!/bin/sh\necho hunter2-in-user-data\n");
    desk.cms("vm boot db --hibernate").exits(0);
    let before = changes(&desk);
    let secret = desk.value("aws_secret_access_key");
    for line in [
        "vm boot web-1 --user-data init.sh --key demo-key --secgroup ssh --disk 20 --disk-type gp3 --spot --dry-run=wire",
        "vm boot web-1 --dry-run",
        "vm boot web-1 --image ubunto-24.04 --dry-run",
        "vm boot db --dry-run",
        "vm stop db --dry-run=wire",
        "vm suspend db --dry-run=wire",
        "vm resize db --size t3.small --dry-run=wire",
        "vm rename db base --dry-run=wire",
        "vm meta set db colour=blue --dry-run=wire",
        "vm delete db --dry-run=wire",
        "vm delete nothing --dry-run",
        "sec group add web ssh --dry-run=wire",
        "ip create --dry-run=wire",
        "vm status",
    ] {
        let said = desk.cms(line);
        for hidden in ["hunter2", "IyEvYmluL3No", secret.as_str()] {
            assert!(!said.out.contains(hidden) && !said.err.contains(hidden), "{line}: {said:?}");
        }
    }
    assert_eq!(changes(&desk), before);
    let session = plain(&desk);
    // Looks at the same time are sent in any order.
    let lines = session.lines().filter(|line| !line.starts_with("! lab: sent ")).collect::<Vec<_>>();
    insta::assert_snapshot!(lines.join("\n"));
}
