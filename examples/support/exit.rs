//! How an example ends.

use std::io;
use std::process::ExitCode;

use super::terminal::plain;

/// Status 0, or 1 with a message of one line on standard error. Somebody who reads the first lines only, as `head` does, has
/// what they wanted.
pub fn status(result: anyhow::Result<()>) -> ExitCode {
    match result {
        Err(error) if !reader_is_gone(&error) => {
            eprintln!("{}", plain(&message(&error)));
            ExitCode::FAILURE
        }
        _ => ExitCode::SUCCESS,
    }
}

/// The message and its causes, each once: some messages hold their cause already.
fn message(error: &anyhow::Error) -> String {
    error.chain().map(ToString::to_string).fold(String::new(), |message, cause| match message {
        message if message.is_empty() => cause,
        message if message.contains(&cause) => message,
        message => format!("{message}: {cause}"),
    })
}

/// Whether writing failed because nobody reads any more.
fn reader_is_gone(error: &anyhow::Error) -> bool {
    let kind = |e: &io::Error| e.kind() == io::ErrorKind::BrokenPipe;
    let json = |e: &serde_json::Error| e.io_error_kind() == Some(io::ErrorKind::BrokenPipe);
    error.downcast_ref().is_some_and(kind) || error.downcast_ref().is_some_and(json)
}
