//! Progress on standard error, shown only where that is a terminal.

use std::path::Path;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use sebaya::io::{ReadError, ReadProgress, read_dir_with};
use sebaya::prelude::*;

/// Reads a data directory.
pub fn read_dir(directory: &Path) -> Result<TrainingSet, ReadError> {
    let bar = ProgressBar::no_length().with_style(style("{msg} {wide_bar} {bytes} of {total_bytes}"));
    let data = read_dir_with(directory, |ReadProgress { file, bytes, total_bytes }| {
        bar.set_message(file);
        bar.set_length(total_bytes);
        bar.set_position(bytes);
    });
    bar.finish_and_clear();
    data
}

/// A bar for work of a known length.
pub fn bar(what: &'static str) -> ProgressBar {
    let bar = ProgressBar::no_length().with_style(style("{msg} {wide_bar} {pos} of {len}, {eta} left"));
    bar.with_message(what)
}

/// Does something that takes a while.
pub fn step<T>(what: &'static str, work: impl FnOnce() -> T) -> T {
    let spinner = ProgressBar::no_length().with_style(style("{spinner} {msg} {elapsed}")).with_message(what);
    spinner.enable_steady_tick(Duration::from_millis(100));
    let done = work();
    spinner.finish_and_clear();
    done
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}
