//! The fuzz targets of `fuzz/` with a generator of our own, for a time: `SEBAYA_FUZZ_SECONDS`, a second by default.

#![cfg(feature = "csv")]
#![allow(clippy::unwrap_used, unreachable_pub, reason = "a test may panic, and a fuzzer calls what is public")]

#[path = "fuzz/bodies.rs"]
mod bodies;
mod numbers;

use std::time::{Duration, Instant};

use numbers::Numbers;

/// Changes a few bytes, takes some out, or repeats some.
fn mutated(seed: &[u8], numbers: &mut Numbers) -> Vec<u8> {
    let mut bytes = seed.to_vec();
    for _ in 0..=numbers.below(4) {
        if bytes.is_empty() {
            break;
        }
        let at = numbers.place(bytes.len());
        let length = numbers.place(12).min(bytes.len() - at);
        match numbers.below(5) {
            0 => bytes[at] ^= 1 << numbers.below(8),
            1 => bytes[at] = numbers.one_of(b"\",|\n\r\0\xFF-0.e#=[]"),
            2 => drop(bytes.drain(at..at + length)),
            3 => {
                let piece = bytes[at..at + length].to_vec();
                let to = numbers.place(bytes.len());
                bytes.splice(to..to, piece);
            }
            _ => bytes.truncate(at),
        }
    }
    bytes
}

/// How many tests share the time.
const TARGETS: f64 = 6.0;

/// Mutates a seed, and from time to time what became of it, for its share of the time.
fn run(seed: &[u8], body: impl Fn(&[u8])) {
    let seconds: f64 = std::env::var("SEBAYA_FUZZ_SECONDS").map_or(1.0, |seconds| seconds.parse().unwrap());
    let start = Instant::now();
    let mut numbers = Numbers(1);
    let mut latest = seed.to_vec();
    body(seed);
    while start.elapsed() < Duration::from_secs_f64(seconds / TARGETS) {
        let bytes = mutated(if numbers.below(3) == 0 { &latest } else { seed }, &mut numbers);
        body(&bytes);
        latest = bytes;
    }
}

#[test]
fn snapshots() {
    run(include_bytes!("snapshots/v1.sebaya"), bodies::snapshot);
}

#[test]
fn schemas() {
    let folder = tempfile::tempdir().unwrap();
    let seed = b"currency = \"IDR\"\n\n[[attribute]]\nname = \"age\"\nkind = \"numeric\"\nweight = 2.5\nrange = [18, 64]\n\n\
                 [[attribute]]\nname = \"wage\"\nkind = \"numeric\"\nscale = \"rank\"\n\n[[attribute]]\nname = \"school\"\n\
                 kind = \"ordinal\"\nlevels = [\"SD\", \"SMP\"]\n\n[[attribute]]\nname = \"likes\"\nkind = \"tags\"\n";
    run(seed, |bytes| bodies::schema(bytes, folder.path()));
}

#[test]
fn indexes() {
    let mut numbers = Numbers(2);
    let seed: Vec<u8> = (0..2_000).map(|_| numbers.below(256).to_le_bytes()[0]).collect();
    run(&seed, bodies::index);
}

#[test]
fn tables() {
    let folder = tempfile::tempdir().unwrap();
    let seed = b"id,age,town\nani,24,\"Kota \"\"A\"\", Bali\"\nbudi,,Aceh\n\n---\nid,title,price,open\nexcel,Excel,250000,true\n\
                 sewing,,0,\n\n---\nparticipant,course,at\nani,excel,2024-02-29\nbudi,sewing,2024-01-01T00:00:00Z\n";
    run(seed, |bytes| bodies::tables(bytes, folder.path()));
}

#[test]
fn queries() {
    let folder = tempfile::tempdir().unwrap();
    let seed = b"id,balance,age,town,size,likes,owned\nani,300000,24,\"Kota \"\"A\"\"\",S,a|b,excel|sewing\nx,0,,,,,\n";
    run(seed, |bytes| bodies::queries(bytes, folder.path()));
}

#[cfg(feature = "journal")]
#[test]
fn journals() {
    let folder = tempfile::tempdir().unwrap();
    let seed = bodies::durable_folder(folder.path()).unwrap();
    run(&seed, |bytes| bodies::journal(bytes, folder.path()));
}
