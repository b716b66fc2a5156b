//! Values of callers in messages.

use std::fmt;

/// So many characters of a value tell what it is.
const CHARS: usize = 100;
/// So many values of a list.
const VALUES: usize = 20;

/// Whether a terminal does something else with a character than show it: controls, line breaks, changes of direction.
#[cfg(feature = "csv")]
pub(crate) fn is_obeyed(c: char) -> bool {
    let turns = matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    c.is_control() || turns || matches!(c, '\u{2028}' | '\u{2029}')
}

/// A text in quotes, with escapes for whatever a terminal would obey, and cut where it is long.
pub(crate) struct Echo<'t>(pub(crate) &'t str);

impl fmt::Display for Echo<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(text) = self;
        match text.char_indices().nth(CHARS) {
            None => write!(f, "{text:?}"),
            Some((end, _)) => write!(f, "{:?}... ({} bytes)", &text[..end], text.len()),
        }
    }
}

/// A text for a column of a table, cut where it is long. Columns padded to more than 65,535 characters would panic.
pub(crate) fn cut(text: impl Into<String>) -> String {
    let mut text = text.into();
    if let Some((end, _)) = text.char_indices().nth(CHARS) {
        text.truncate(end);
        text.push_str("...");
    }
    text
}

/// [`Echo`] of each text of a list.
pub(crate) struct EchoList<'t, T>(pub(crate) &'t [T]);

impl<T: AsRef<str>> fmt::Display for EchoList<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(list) = self;
        f.write_str("[")?;
        for (at, text) in list.iter().take(VALUES).enumerate() {
            write!(f, "{}{}", if at > 0 { ", " } else { "" }, Echo(text.as_ref()))?;
        }
        match list.len().saturating_sub(VALUES) {
            0 => f.write_str("]"),
            more => write!(f, ", and {more} more]"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_of_a_hundred_characters_is_echoed_whole_and_a_longer_one_is_cut() {
        let hundred = "é".repeat(100);
        assert_eq!(Echo(&hundred).to_string(), format!("\"{hundred}\""));
        assert_eq!(Echo(&format!("{hundred}x")).to_string(), format!("\"{hundred}\"... (201 bytes)"));
    }

    #[test]
    fn nothing_that_a_terminal_obeys_is_echoed_as_it_is() {
        let text = "\u{1b}[2J\u{7f}\u{9b}\u{202e}\u{2066}\r\n";
        assert_eq!(Echo(text).to_string(), r#""\u{1b}[2J\u{7f}\u{9b}\u{202e}\u{2066}\r\n""#);
    }

    #[test]
    fn a_long_list_says_how_much_of_it_is_left_out() {
        let list: Vec<String> = (0..22).map(|n| n.to_string()).collect();
        assert_eq!(EchoList(&list[..2]).to_string(), r#"["0", "1"]"#);
        assert!(EchoList(&list).to_string().ends_with(r#""19", and 2 more]"#));
    }
}
