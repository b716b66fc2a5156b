//! Texts for people, in several languages.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// A text in several languages, by language tag.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Label(BTreeMap<String, String>);

impl Label {
    pub(crate) fn set(&mut self, language: String, text: String) {
        self.0.insert(language, text);
    }

    /// The text in a language, or in the nearest wider one: `zh-Hant` and then `zh` serve `zh-Hant-TW`. This is the lookup
    /// of [RFC 4647](https://www.rfc-editor.org/rfc/rfc4647#section-3.4).
    pub(super) fn get(&self, language: &str) -> Option<&str> {
        let mut tag = language;
        loop {
            if let Some((_, text)) = self.0.iter().find(|(known, _)| known.eq_ignore_ascii_case(tag)) {
                return Some(text);
            }
            tag = tag.rsplit_once('-')?.0;
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Languages and texts, sorted by language.
    pub(crate) fn iter(&self) -> impl ExactSizeIterator<Item = (&str, &str)> {
        self.0.iter().map(|(language, text)| (language.as_str(), text.as_str()))
    }

    pub(super) fn problem(&self) -> Option<String> {
        let (language, text) = self.iter().find(|(language, text)| language.is_empty() || text.is_empty())?;
        Some(if language.is_empty() {
            format!("{text:?} has an empty language, \"\"")
        } else {
            format!("the text in {language:?} is empty, \"\"")
        })
    }
}

impl From<BTreeMap<String, String>> for Label {
    fn from(texts: BTreeMap<String, String>) -> Self {
        Self(texts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_wider_language_serves_and_no_narrower_one() {
        let mut label = Label::default();
        for (language, text) in [("zh", "wide"), ("zh-Hant", "narrow"), ("pt-BR", "Brazil")] {
            label.set(language.to_owned(), text.to_owned());
        }
        let found = ["zh-Hant-TW", "ZH-hant", "zh-Hans", "zh", "pt", "pt-BR", "en", ""].map(|tag| label.get(tag));
        let (wide, narrow) = (Some("wide"), Some("narrow"));
        assert_eq!(found, [narrow, narrow, wide, wide, None, Some("Brazil"), None, None]);
    }
}
