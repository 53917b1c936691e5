//! The suite is tested: each planted fault is found by exactly one check, and each check finds one.

use std::collections::BTreeMap;
use std::io;
use std::process::ExitCode;

use cloudmesh_abstract::conformance::{Check, Flaw, Suite, Verdict, checks};
use cloudmesh_abstract::memory::{self, Memory};
use libtest_mimic::{Arguments, Failed, Trial};
use strum::VariantArray;

fn main() -> ExitCode {
    let mut arguments = Arguments::from_args();
    // Checks wait more than they work.
    arguments.test_threads = arguments.test_threads.or(Some(16));
    let each = Flaw::VARIANTS.iter().map(|flaw| Trial::test(flaw.to_string(), || is_found(*flaw)));
    let whole = Trial::test("every_check_finds_one_flaw", every_check_finds_one_flaw);
    libtest_mimic::run(&arguments, each.chain([whole]).collect()).exit_code()
}

fn every_check_finds_one_flaw() -> Result<(), Failed> {
    let mut flaws: BTreeMap<&str, Vec<Flaw>> = checks().map(|check| (check.name(), Vec::new())).collect();
    for flaw in Flaw::VARIANTS {
        flaws.entry(flaw.check()).or_default().push(*flaw);
    }
    let known = |name: &str| checks().any(|check| check.name() == name);
    flaws.retain(|check, flaws| flaws.len() != 1 || !known(check));
    if flaws.is_empty() { Ok(()) } else { Err(Failed::from(format!("not one flaw a check: {flaws:?}"))) }
}

fn is_found(flaw: Flaw) -> Result<(), Failed> {
    let verdicts = verdicts(flaw)?;
    let failed: Vec<_> = verdicts.iter().filter(|(_, verdict)| matches!(verdict, Verdict::Failed(_))).collect();
    if failed.iter().map(|(check, _)| *check).eq([flaw.check()]) {
        return Ok(());
    }
    Err(Failed::from(format!("should be found by {} alone, and failed: {failed:#?}", flaw.check())))
}

/// How each check judges the flaw, each in a runtime of its own, as in a run of the suite.
fn verdicts(flaw: Flaw) -> io::Result<Vec<(&'static str, Verdict)>> {
    let (suite, target) = (Suite::flawed::<Memory>(flaw), memory::target());
    let judge = |check: &'static Check| {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        Ok((check.name(), runtime.block_on(suite.run(check, &target))))
    };
    checks().map(judge).collect()
}
