#![no_main]
#![allow(dead_code)]

#[path = "../../tests/fuzz/bodies.rs"]
mod bodies;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| bodies::index(bytes));
