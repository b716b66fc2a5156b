//! How an example ends.

use std::process::ExitCode;

/// Status 0, or 1 with a message of one line on standard error.
pub(crate) fn status(result: anyhow::Result<()>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}
