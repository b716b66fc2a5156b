//! Text of others on a terminal, which shows it and must not obey it.

/// A text on one line: control characters, line breaks and changes of direction are written as escapes.
pub fn plain(text: &str) -> String {
    let escaped = |c: char| if is_obeyed(c) { c.escape_default().to_string() } else { c.to_string() };
    text.chars().map(escaped).collect()
}

/// The same of a text of several lines.
pub fn lines(text: &str) -> String {
    text.split('\n').map(plain).collect::<Vec<_>>().join("\n")
}

/// The same of a cell of a table, which is cut where it is long.
pub fn cell(text: &str) -> String {
    const CHARS: usize = 100;
    match text.char_indices().nth(CHARS) {
        None => plain(text),
        Some((end, _)) => plain(&text[..end]) + "...",
    }
}

fn is_obeyed(c: char) -> bool {
    let turns = matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    c.is_control() || turns || matches!(c, '\u{2028}' | '\u{2029}')
}
