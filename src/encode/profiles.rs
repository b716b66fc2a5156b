//! Distinct profiles, and how many past participants share each.

use std::sync::Arc;

#[cfg(feature = "rayon")]
use rayon::slice::ParallelSliceMut;

use super::dictionary::DictionaryColumn;
use super::encoder::{EncodedProfile, Encoder};
use super::layout::{self, Level};
use super::part::Part;
use crate::domain::{DataError, Participants};

/// The distinct profiles of all participants: the rows that neighbour search works on.
///
/// Participants with equal vectors share a row, so ties cost nothing: a neighbourhood is a set of rows, and each counts
/// as often as it has *members*, past participants. Rows are sorted by their values, so that rows alike lie together;
/// rows without members come last and are nobody's neighbours.
///
/// ```
/// # use sebaya::{Amount, Course, Profile, Recommender, Schema, TrainingSet};
/// # let mut data = TrainingSet::builder(Schema::new().categorical("province"));
/// # data.course(Course::new("excel", Amount(250_000)))?;
/// for (id, province) in [("ani", "Bali"), ("budi", "Aceh"), ("cici", "Bali")] {
///     data.participant(id, Profile::new().with("province", province))?.purchase(id, "excel")?;
/// }
/// let model = Recommender::params().fit(&data.build()?)?;
/// assert_eq!(model.profiles().n_members(), 3);
/// assert_eq!(model.profiles().n_rows(), 2);
/// # Ok::<(), sebaya::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Profiles {
    encoder: Arc<Encoder>,
    columns: Vec<DictionaryColumn>,
    levels: Vec<Level>,
    /// All attributes, those by which rows are sorted first.
    order: Vec<usize>,
    /// The number of past participants of each row that has any.
    members: Vec<u32>,
    n_members: u64,
    n_all_rows: u32,
}

impl Profiles {
    /// Groups participants by their encoded profiles; `past` lists those with purchases. Also answers with the row of
    /// each participant.
    pub(crate) fn group(
        encoder: &Encoder,
        participants: &Participants,
        past: &[u32],
    ) -> Result<(Self, Vec<u32>), DataError> {
        let columns = encoder.encode_columns(participants)?;
        let mut weights = vec![0; participants.len()];
        for &participant in past {
            weights[participant as usize] = 1;
        }
        Self::arrange(encoder, &columns, &weights)
    }

    /// Groups profiles, given column by column, by what they hold. `weights` says how many past participants have each.
    fn arrange(
        encoder: &Encoder,
        columns: &[DictionaryColumn],
        weights: &[u32],
    ) -> Result<(Self, Vec<u32>), DataError> {
        let levels = layout::levels(encoder.attributes(), columns, weights.len());
        let (mut rows, n_rows) = rank_rows(columns, &levels, weights.len());

        let mut members = vec![0; n_rows];
        for (&row, &weight) in rows.iter().zip(weights) {
            members[row as usize] += weight;
        }
        let renumbered = with_members_first(&members);
        for row in &mut rows {
            *row = renumbered[*row as usize];
        }
        members.retain(|&count| count > 0);

        let mut representative = vec![0; n_rows];
        (0..).zip(&rows).for_each(|(participant, &row)| representative[row as usize] = participant);
        let columns: Vec<_> = columns.iter().map(|column| column.select(&representative)).collect();
        let n_all_rows = u32::try_from(n_rows).map_err(|_| DataError::TooManyNames)?;
        let n_members = weights.iter().map(|&weight| u64::from(weight)).sum();
        let mut order: Vec<usize> = levels.iter().map(|level| level.attribute).collect();
        order.extend((0..columns.len()).filter(|attribute| !levels.iter().any(|level| level.attribute == *attribute)));
        // Rows are compared by slots, so no name of anybody who may be forgotten stays here.
        let encoder = Arc::new(encoder.without_texts());
        Ok((Self { encoder, columns, levels, order, members, n_members, n_all_rows }, rows))
    }

    /// These rows, each with a number of members that is not 0, and some profiles more, with theirs. Also answers with the
    /// row of each of them, in this order.
    pub(crate) fn merged(
        &self,
        encoder: &Encoder,
        rows: &[(u32, u32)],
        more: &[(Arc<EncodedProfile>, u32)],
    ) -> Result<(Self, Vec<u32>), DataError> {
        let kept: Vec<u32> = rows.iter().map(|&(row, _)| row).collect();
        let columns = self.columns.iter().enumerate().map(|(attribute, column)| {
            column.extended(&kept, more.iter().map(|(profile, _)| &profile.parts[attribute]))
        });
        let columns = columns.collect::<Result<Vec<_>, _>>()?;
        let weights: Vec<u32> = rows.iter().map(|&(_, n)| n).chain(more.iter().map(|&(_, n)| n)).collect();
        Self::arrange(encoder, &columns, &weights)
    }

    /// How many rows have members.
    pub fn n_rows(&self) -> usize {
        self.members.len()
    }

    /// How many past participants there are, over all rows.
    pub fn n_members(&self) -> u64 {
        self.n_members
    }

    /// The encoded profile of a row, below [`first_free_row`](Self::first_free_row).
    pub fn profile(&self, row: u32) -> EncodedProfile {
        let mut encoded = EncodedProfile::default();
        self.read(row, &mut encoded);
        encoded
    }

    /// The first number that no row has, with members or without.
    pub fn first_free_row(&self) -> u32 {
        self.n_all_rows
    }

    /// The number of past participants of each row, of length `n_rows`.
    pub fn members(&self) -> &[u32] {
        &self.members
    }

    /// The bytes that codes, values and counts of members take.
    ///
    /// ```
    /// # use sebaya::prelude::*;
    /// # let mut data = TrainingSet::builder(Schema::new().numeric("age").categorical("province"));
    /// # data.course(Course::new("excel", Amount(250_000)).with_category("office"))?.course(Course::new("sewing", Amount(400_000)))?;
    /// # for (id, age, course) in [("ani", 24, "excel"), ("budi", 31, "sewing"), ("cici", 31, "excel")] {
    /// #     data.participant(id, Profile::new().with("age", age).with("province", "Bali"))?.purchase(id, course)?;
    /// # }
    /// # let data = data.build()?;
    /// # let model = Recommender::params().n_neighbours(2).fit(&data)?;
    /// assert!(model.profiles().bytes() > 0);
    /// # Ok::<(), sebaya::Error>(())
    /// ```
    pub fn bytes(&self) -> usize {
        4 * self.members.len() + self.columns.iter().map(DictionaryColumn::bytes).sum::<usize>()
    }

    /// The encoder of the rows; it knows distances and columns, and no names.
    pub(crate) fn encoder(&self) -> &Encoder {
        &self.encoder
    }

    /// The distance between two profiles, when it is at most `bound`.
    pub(crate) fn distance_within(&self, a: &EncodedProfile, b: &EncodedProfile, bound: u32) -> Option<u32> {
        self.encoder.distance_within(a, b, &self.order, bound)
    }

    /// One column for each attribute.
    pub(crate) fn columns(&self) -> &[DictionaryColumn] {
        &self.columns
    }

    /// By what rows are sorted: first by the coarse codes of these levels in order, then by what is left.
    pub(crate) fn levels(&self) -> &[Level] {
        &self.levels
    }

    /// The vectors of these rows, of shape `(rows.len(), n_columns)`.
    #[cfg(feature = "linfa-nn")]
    pub(crate) fn matrix(&self, rows: impl ExactSizeIterator<Item = u32>) -> ndarray::Array2<f32> {
        let mut matrix = ndarray::Array2::zeros((rows.len(), self.encoder.n_columns()));
        let mut encoded = EncodedProfile::default();
        for (row, mut vector) in rows.zip(matrix.rows_mut()) {
            self.read(row, &mut encoded);
            if let Some(columns) = vector.as_slice_mut() {
                self.encoder.write(&encoded, columns);
            }
        }
        matrix
    }

    /// The encoded profile of a row, into memory that is there.
    pub(crate) fn read(&self, row: u32, encoded: &mut EncodedProfile) {
        encoded.parts.resize_with(self.columns.len(), Part::default);
        for (column, part) in self.columns.iter().zip(&mut encoded.parts) {
            column.read(row as usize, part);
        }
    }
}

/// A part of the key by which rows are sorted.
struct KeyPart<'a> {
    column: &'a DictionaryColumn,
    /// Coarse codes of this level, or else the numbers of values.
    level: Option<&'a Level>,
}

impl KeyPart<'_> {
    fn bits(&self) -> u32 {
        bits(self.level.map_or(self.column.values().len(), |level| level.n_coarse))
    }

    fn of(&self, row: usize) -> u32 {
        let number = self.column.codes().get(row);
        self.level.map_or(number, |level| level.coarse_code(number))
    }
}

/// The rank of each row when rows are sorted by the levels' coarse codes, in order, and then by all values; and the number of
/// distinct rows. Equal rows have equal ranks.
///
/// As many parts as fit are sorted at once, in one 64-bit key; the rank so far leads the key of the next ones.
fn rank_rows(columns: &[DictionaryColumn], levels: &[Level], n: usize) -> (Vec<u32>, usize) {
    let coarse = levels.iter().map(|level| KeyPart { column: &columns[level.attribute], level: Some(level) });
    let told = |attribute: usize| levels.iter().any(|l| l.attribute == attribute && l.coarse.is_none());
    let rest = columns.iter().enumerate().filter(|&(attribute, _)| !told(attribute));
    let mut parts = coarse.chain(rest.map(|(_, column)| KeyPart { column, level: None })).peekable();
    let mut ranks = vec![0; n];
    let mut n_ranks = n.min(1);
    while parts.peek().is_some() {
        let mut keys: Vec<(u64, u32)> = ranks.iter().map(|&rank| u64::from(rank)).zip(0..).collect();
        let mut free = u64::BITS - bits(n_ranks);
        while let Some(part) = parts.next_if(|part| part.bits() <= free) {
            let width = part.bits();
            free -= width;
            for (key, row) in &mut keys {
                *key = *key << width | u64::from(part.of(*row as usize));
            }
        }
        #[cfg(feature = "rayon")]
        keys.par_sort_unstable();
        #[cfg(not(feature = "rayon"))]
        keys.sort_unstable();
        let mut rank = 0;
        for pair in 0..keys.len() {
            rank += u32::from(pair > 0 && keys[pair].0 != keys[pair - 1].0);
            ranks[keys[pair].1 as usize] = rank;
        }
        n_ranks = if n == 0 { 0 } else { rank as usize + 1 };
    }
    (ranks, n_ranks)
}

/// How many bits the numbers below `count` take; at most 32, as numbers are `u32`.
fn bits(count: usize) -> u32 {
    usize::BITS - count.saturating_sub(1).leading_zeros()
}

/// New numbers for rows, those with members first, otherwise in the same order.
fn with_members_first(members: &[u32]) -> Vec<u32> {
    let mut next = 0;
    let mut numbers = vec![0; members.len()];
    for wanted in [true, false] {
        for (number, _) in numbers.iter_mut().zip(members).filter(|&(_, &count)| (count > 0) == wanted) {
            *number = next;
            next += 1;
        }
    }
    numbers
}

#[cfg(test)]
mod tests {
    use super::*;

    fn level(attribute: usize, n_coarse: usize) -> Level {
        Level { attribute, coarse: None, n_coarse }
    }

    #[test]
    fn rows_are_ranked_by_their_codes_in_order_and_equal_rows_share_a_rank() {
        let columns = [vec![2, 1, 2, 1, 2], vec![5, 9, 5, 3, 7]].map(DictionaryColumn::of_codes);
        assert_eq!(rank_rows(&columns, &[level(0, 2), level(1, 4)], 5), (vec![2, 1, 2, 0, 3], 4));
        assert_eq!(rank_rows(&columns, &[level(1, 4), level(0, 2)], 5), (vec![1, 3, 1, 0, 2], 4));
        // By coarse codes of the second column first: 3 and 5, then 7 and 9.
        let coarse = Level { attribute: 1, coarse: Some(vec![0, 0, 1, 1]), n_coarse: 2 };
        assert_eq!(rank_rows(&columns, &[coarse, level(0, 2)], 5), (vec![1, 2, 1, 0, 3], 4));
        assert_eq!(rank_rows(&columns, &[], 0), (vec![], 0));
    }

    #[test]
    fn more_columns_than_one_key_holds_are_ranked_too() {
        // Nine columns of 8 bits do not fit into 64; the last one alone tells the rows apart.
        let mut columns: Vec<_> =
            (0..8).map(|_| DictionaryColumn::of_codes((0..256).chain(0..256).collect())).collect();
        columns.push(DictionaryColumn::of_codes((0..512).map(|i| u32::from(i < 256)).collect()));
        let (ranks, n) = rank_rows(&columns, &[], 512);
        assert_eq!(n, 512);
        assert_eq!((ranks[0], ranks[256], ranks[1], ranks[257]), (1, 0, 3, 2));
    }

    #[test]
    fn rows_without_members_come_last() {
        assert_eq!(with_members_first(&[0, 3, 0, 1]), [2, 0, 3, 1]);
    }
}
