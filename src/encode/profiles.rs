//! Distinct profiles, and how many past participants share each.

use std::ops::Range;
use std::sync::Arc;

#[cfg(feature = "rayon")]
use rayon::slice::ParallelSliceMut;

use super::cluster;
use super::dictionary::DictionaryColumn;
use super::encoded_value::Part;
use super::encoder::{EncodedProfile, Encoder};
use super::members::Members;
use crate::domain::{DataError, Participants};

/// The distinct profiles of all participants: the rows that neighbour search works on.
///
/// Participants with equal vectors share a row, so ties cost nothing: a neighbourhood is a set of rows, and each counts
/// as often as it has *members*, past participants. Similar rows lie together; rows without members come last and are nobody's neighbours.
///
/// ```
/// use sebaya::prelude::*;
///
/// let mut data = TrainingSet::builder(Schema::new().categorical("province"));
/// data.course(Course::new("excel", Amount(250_000)))?;
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
    /// All attributes, those first in which two rows differ most.
    order: Vec<usize>,
    /// The number of past participants of each row that has any.
    members: Members,
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
        let n_profiles = u32::try_from(weights.len()).map_err(|_| DataError::TooManyNames)?;
        let order = cluster::by_spread(encoder.attributes(), columns, n_profiles);
        let (mut rows, n_rows) = rank_rows(columns, &order, weights.len());

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
        let n_with_members = n_all_rows.min(u32::try_from(members.len()).unwrap_or(u32::MAX));

        // Rows with members lie in the order of the index.
        let mut placed = cluster::order(encoder.attributes(), &columns, n_with_members);
        let members = placed.iter().map(|&row| members[row as usize]).collect();
        placed.extend(n_with_members..n_all_rows);
        let columns = columns.iter().map(|column| column.select(&placed)).collect();
        let mut renumbered = vec![0; n_rows];
        (0..).zip(&placed).for_each(|(new, &old)| renumbered[old as usize] = new);
        for row in &mut rows {
            *row = renumbered[*row as usize];
        }
        let n_members = weights.iter().map(|&weight| u64::from(weight)).sum();
        // Rows are compared by slots, so no name of anybody who may be forgotten stays here.
        let encoder = Arc::new(encoder.without_texts());
        Ok((Self { encoder, columns, order, members, n_members, n_all_rows }, rows))
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

    /// The number of past participants of each row, `n_rows` of them.
    pub fn members(&self) -> impl Iterator<Item = u32> {
        self.members.iter()
    }

    /// The number of past participants of a row below `n_rows`.
    #[inline]
    pub(crate) fn members_of(&self, row: u32) -> u32 {
        self.members.of(row)
    }

    /// The same of a range of rows, as far as there are any, each cut off at 255.
    #[inline]
    pub(crate) fn small_counts(&self, rows: Range<usize>) -> &[u8] {
        self.members.small(rows)
    }

    /// The bytes that codes, values and counts of members take.
    ///
    /// ```
    /// # let model = sebaya::example_world::model()?;
    /// assert!(model.profiles().bytes() > 0);
    /// # Ok::<(), sebaya::Error>(())
    /// ```
    pub fn bytes(&self) -> usize {
        self.members.bytes() + self.columns.iter().map(DictionaryColumn::bytes).sum::<usize>()
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

/// The rank of each row when rows are sorted by the numbers of their values, attributes in this order; and the number of
/// distinct rows. Equal rows have equal ranks.
///
/// As many attributes as fit are sorted at once, in one 64-bit key; the rank so far leads the key of the next ones.
fn rank_rows(columns: &[DictionaryColumn], order: &[usize], n: usize) -> (Vec<u32>, usize) {
    let mut parts = order.iter().map(|&attribute| &columns[attribute]).peekable();
    let mut ranks = vec![0; n];
    let mut n_ranks = n.min(1);
    while parts.peek().is_some() {
        let mut keys: Vec<(u64, u32)> = ranks.iter().map(|&rank| u64::from(rank)).zip(0..).collect();
        let mut free = u64::BITS - bits(n_ranks);
        while let Some(column) = parts.next_if(|column| bits(column.values().len()) <= free) {
            let width = bits(column.values().len());
            free -= width;
            for (key, row) in &mut keys {
                *key = *key << width | u64::from(column.codes().get(*row as usize));
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

    #[test]
    fn rows_are_ranked_by_their_codes_in_order_and_equal_rows_share_a_rank() {
        let columns = [vec![2, 1, 2, 1, 2], vec![5, 9, 5, 3, 7]].map(DictionaryColumn::of_codes);
        assert_eq!(rank_rows(&columns, &[0, 1], 5), (vec![2, 1, 2, 0, 3], 4));
        assert_eq!(rank_rows(&columns, &[1, 0], 5), (vec![1, 3, 1, 0, 2], 4));
        assert_eq!(rank_rows(&columns, &[1, 0], 0), (vec![], 0));
    }

    #[test]
    fn more_columns_than_one_key_holds_are_ranked_too() {
        // Nine columns of 8 bits do not fit into 64; the last one alone tells the rows apart.
        let mut columns: Vec<_> =
            (0..8).map(|_| DictionaryColumn::of_codes((0..256).chain(0..256).collect())).collect();
        columns.push(DictionaryColumn::of_codes((0..512).map(|i| u32::from(i < 256)).collect()));
        let (ranks, n) = rank_rows(&columns, &[0, 1, 2, 3, 4, 5, 6, 7, 8], 512);
        assert_eq!(n, 512);
        assert_eq!((ranks[0], ranks[256], ranks[1], ranks[257]), (1, 0, 3, 2));
    }

    #[test]
    fn rows_without_members_come_last() {
        assert_eq!(with_members_first(&[0, 3, 0, 1]), [2, 0, 3, 1]);
    }
}
