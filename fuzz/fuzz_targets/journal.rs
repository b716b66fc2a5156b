#![no_main]
#![allow(dead_code)]

#[path = "../../tests/fuzz/bodies.rs"]
mod bodies;

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;

static FOLDER: LazyLock<tempfile::TempDir> = LazyLock::new(|| {
    let folder = tempfile::tempdir().expect("a folder");
    bodies::durable_folder(folder.path()).expect("a durable model");
    folder
});

fuzz_target!(|bytes: &[u8]| bodies::journal(bytes, FOLDER.path()));
