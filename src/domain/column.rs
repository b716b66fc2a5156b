//! The values of one attribute for all participants, in one array.

use super::{Attribute, AttributeKind, DataError, Profile, ProfileError, TagList, TypedValue, ValueRef};
use crate::store::{CodeColumn, Interner, Ragged, TooMany};

/// One attribute of all participants. Codes are numbers of levels or names plus one; 0 is a missing value.
#[derive(Debug, Clone)]
pub(crate) enum Column {
    /// NaN where missing.
    Numeric(Vec<f64>),
    Ordinal {
        levels: Interner,
        codes: CodeColumn,
    },
    Categorical {
        names: Interner,
        codes: CodeColumn,
    },
    Tags(TagColumn),
}

/// Rows of tags: numbers of names, ascending and distinct.
#[derive(Debug, Clone, Default)]
pub(crate) struct TagColumn {
    pub(crate) names: Interner,
    rows: Ragged<u32>,
    /// Memory for the next row.
    row: Vec<u32>,
}

impl TagColumn {
    pub(crate) fn row(&self, row: usize) -> &[u32] {
        self.rows.row(row)
    }

    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    fn push(&mut self, tags: Option<TagList<'_>>) -> Result<(), TooMany> {
        let Self { names, rows, row } = self;
        row.clear();
        let mut inserted = Ok(());
        if let Some(tags) = tags {
            tags.for_each(|tag| match names.insert(tag) {
                Ok((number, _)) => row.push(number),
                Err(error) => inserted = Err(error),
            });
        }
        row.sort_unstable();
        row.dedup();
        inserted.and_then(|()| rows.push_row(row))
    }
}

impl Column {
    pub(crate) fn new(kind: &AttributeKind) -> Result<Self, TooMany> {
        Ok(match kind {
            AttributeKind::Numeric(_) => Self::Numeric(Vec::new()),
            AttributeKind::Ordinal(levels) => {
                let mut table = Interner::default();
                for level in levels {
                    table.insert(level)?;
                }
                Self::Ordinal { levels: table, codes: CodeColumn::default() }
            }
            AttributeKind::Categorical => {
                Self::Categorical { names: Interner::default(), codes: CodeColumn::default() }
            }
            AttributeKind::Tags => Self::Tags(TagColumn::default()),
        })
    }

    /// Appends a value. After an error, [`Column::truncate`] removes what may have been added.
    pub(crate) fn push(&mut self, attribute: &Attribute, value: TypedValue<'_>) -> Result<(), PushError> {
        match (self, value) {
            (Self::Numeric(values), TypedValue::Number(x)) => values.push(x),
            (Self::Numeric(values), _) => values.push(f64::NAN),
            (Self::Ordinal { levels, codes }, TypedValue::Text(level)) => {
                let rank = levels.get(level).ok_or_else(|| attribute.unknown_level(level))?;
                codes.push(rank + 1);
            }
            (Self::Categorical { names, codes }, TypedValue::Text(name)) => codes.push(names.insert(name)?.0 + 1),
            (Self::Ordinal { codes, .. } | Self::Categorical { codes, .. }, _) => codes.push(0),
            (Self::Tags(column), TypedValue::Tags(tags)) => column.push(Some(tags))?,
            (Self::Tags(column), _) => column.push(None)?,
        }
        Ok(())
    }

    pub(crate) fn truncate(&mut self, rows: usize) {
        match self {
            Self::Numeric(values) => values.truncate(rows),
            Self::Ordinal { codes, .. } | Self::Categorical { codes, .. } => codes.truncate(rows),
            Self::Tags(column) => {
                column.rows.truncate(rows);
            }
        }
    }

    pub(crate) fn shrink_to_fit(&mut self) {
        match self {
            Self::Numeric(values) => values.shrink_to_fit(),
            Self::Ordinal { codes, .. } => codes.shrink_to_fit(),
            Self::Categorical { names, codes } => {
                names.shrink_to_fit();
                codes.shrink_to_fit();
            }
            Self::Tags(column) => {
                column.names.shrink_to_fit();
                column.rows.shrink_to_fit();
                column.row = Vec::new();
            }
        }
    }

    /// The value of a row; ordinals and categories are texts.
    pub(crate) fn value(&self, row: usize) -> Option<ValueRef<'_>> {
        match self {
            Self::Numeric(values) => Some(values[row]).filter(|x| !x.is_nan()).map(ValueRef::Number),
            Self::Ordinal { levels: names, codes } | Self::Categorical { names, codes } => {
                codes.get(row).checked_sub(1).map(|name| ValueRef::Text(names.name(name)))
            }
            Self::Tags(column) => {
                let tags: Vec<&str> = column.row(row).iter().map(|&c| column.names.name(c)).collect();
                if tags.is_empty() { None } else { Some(ValueRef::Tags(tags)) }
            }
        }
    }

    /// Writes the value of a row into a profile.
    pub(crate) fn write_to(&self, row: usize, attribute: &Attribute, profile: &mut Profile) {
        match self {
            Self::Numeric(values) if !values[row].is_nan() => profile.set(attribute.name(), values[row]),
            Self::Ordinal { levels: names, codes } | Self::Categorical { names, codes } if codes.get(row) > 0 => {
                profile.set(attribute.name(), names.name(codes.get(row) - 1));
            }
            Self::Tags(column) if !column.row(row).is_empty() => {
                let mut tags: Vec<&str> = column.row(row).iter().map(|&c| column.names.name(c)).collect();
                tags.sort_unstable();
                profile.set(attribute.name(), tags);
            }
            Self::Numeric(_) | Self::Ordinal { .. } | Self::Categorical { .. } | Self::Tags(_) => {}
        }
    }
}

/// Why a value was not appended.
#[derive(Debug)]
pub(crate) enum PushError {
    Profile(ProfileError),
    Data(DataError),
}

impl From<ProfileError> for PushError {
    fn from(error: ProfileError) -> Self {
        Self::Profile(error)
    }
}

impl From<TooMany> for PushError {
    fn from(error: TooMany) -> Self {
        Self::Data(error.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_lose_empty_and_repeated_ones_and_truncation_takes_rows_back() {
        let attribute = Attribute::tags("interests");
        let mut column = Column::new(attribute.kind()).unwrap();
        for cell in ["b|a||b", "", "||", "c"] {
            column.push(&attribute, attribute.read_cell(cell).unwrap()).unwrap();
        }
        column.truncate(3);
        let Column::Tags(tags) = &column else { panic!("not tags") };
        assert_eq!((0..3).map(|r| tags.row(r).to_vec()).collect::<Vec<_>>(), [vec![0, 1], vec![], vec![]]);
        let mut profile = Profile::new();
        column.write_to(0, &attribute, &mut profile);
        assert_eq!(profile, Profile::new().with("interests", ["a", "b"]));
    }
}
