//! The examples as programs.

#![allow(clippy::unwrap_used, unreachable_pub, reason = "a test may panic")]

use std::path::PathBuf;
use std::process::Command;

/// The example beside the test's own program; built first, in case only this test was.
pub fn example(name: &str) -> PathBuf {
    let mut build = Command::new(env!("CARGO"));
    build.args(["build", "--quiet", "--example", name]).current_dir(env!("CARGO_MANIFEST_DIR"));
    if !cfg!(debug_assertions) {
        build.arg("--release");
    }
    assert!(build.status().unwrap().success());
    let tests = std::env::current_exe().unwrap();
    tests.parent().unwrap().parent().unwrap().join("examples").join(name)
}
