//! How often people look at each course, so that it sells as much as it should.
//!
//! The only place with floats: additions, multiplications, divisions and square roots, which IEEE 754 rounds in one way
//! only, in a fixed order.

use super::audience::{Audience, OUT_OF};
use super::choice::Random;
use super::person::{Population, SyntheticPerson};
use super::tastes::SKILL_AREAS;

/// How many people are asked whom each course suits; their streams of random numbers are beyond those of participants.
const PANEL: std::ops::Range<u64> = (2 << 32)..(2 << 32) + 512;
const ROUNDS: usize = 3;

/// How often people look at each course, given the skill area of each in the order of popularity.
///
/// A course that suits few people, or people whom much else suits, must be looked at more often to sell as much. How much
/// more is found by proportional fitting on a panel of people.
pub(super) fn looks(areas: &[usize], audiences: &[&Audience], seed: u64, population: &Population) -> Vec<u64> {
    let sales = sales(areas);
    let asked = |person: SyntheticPerson| audiences.iter().map(|a| f64::from(a.suits(&person))).collect();
    let panel: Vec<Vec<f64>> = PANEL.map(|i| asked(population.draw(&mut Random::stream(seed, i)))).collect();
    let panel_size: f64 = panel.iter().map(|_| 1.0).sum();
    let mut looks = sales.clone();
    for _ in 0..ROUNDS {
        let mut sold = vec![0.0; looks.len()];
        for suits in &panel {
            let all: f64 = looks.iter().zip(suits).map(|(looks, suits)| looks * suits).sum();
            for ((sold, looks), suits) in sold.iter_mut().zip(&looks).zip(suits) {
                *sold += looks * suits / (all * panel_size);
            }
        }
        for ((looks, sales), sold) in looks.iter_mut().zip(&sales).zip(sold) {
            *looks *= sales / sold;
        }
    }
    let most = looks.iter().copied().fold(0.0, f64::max);
    looks.into_iter().map(|looks| whole(looks / most)).collect()
}

/// A share of 2^40, at least one.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "shares lie within 0..=1")]
fn whole(share: f64) -> u64 {
    ((share * f64::from(OUT_OF) * f64::from(1 << 28)) as u64).max(1)
}

/// The part of all sales that each course should have. Of the sales of its area, the course of rank `r` has a part in
/// proportion to `1 / (r * sqrt(r))`, where the first has rank 3.
///
/// That is about the fall of the published figures for Sisnaker's ten best courses of 2020, from 11 to 3 % of its
/// participants.
fn sales(areas: &[usize]) -> Vec<f64> {
    let mut ranks = [2.0; SKILL_AREAS.len()];
    let of_rank = |&area: &usize| -> f64 {
        ranks[area] += 1.0;
        1.0 / (ranks[area] * f64::sqrt(ranks[area]))
    };
    let of_rank: Vec<f64> = areas.iter().map(of_rank).collect();
    let mut totals = [0.0; SKILL_AREAS.len()];
    areas.iter().zip(&of_rank).for_each(|(&area, weight)| totals[area] += weight);
    // An area without courses leaves its share to the others.
    let all: f64 = SKILL_AREAS.iter().zip(totals).filter(|&(_, t)| t > 0.0).map(|(a, _)| f64::from(a.share)).sum();
    let share = |(&area, weight): (&usize, f64)| weight / totals[area] * f64::from(SKILL_AREAS[area].share) / all;
    areas.iter().zip(of_rank).map(share).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sales_add_up_and_fall_with_the_rank() {
        // Finance has 1080 and languages 940 of what the two sell; ranks 3 and 12 differ by 4 * 2.
        let sales = sales(&[2, 3, 2, 2, 2, 2, 2, 2, 2, 2, 2]);
        assert!((sales.iter().sum::<f64>() - 1.0).abs() < 1e-12);
        assert!((sales[1] - 940.0 / 2020.0).abs() < 1e-12);
        assert!((sales[0] / sales[10] - 8.0).abs() < 1e-12);
    }

    #[test]
    fn courses_for_few_people_are_looked_at_more_often() {
        let (population, mut random) = (Population::new(), Random::stream(3, 3));
        let audiences: Vec<Audience> = (0..40).map(|_| Audience::of_course(2, &mut random)).collect();
        let areas = vec![2; 40];
        let looks = looks(&areas, &audiences.iter().collect::<Vec<_>>(), 1, &population);
        let people: Vec<SyntheticPerson> = (0..2_000).map(|i| population.draw(&mut Random::stream(9, i))).collect();
        // How much each course sells to these people, of which the panel knows nothing, against how much it should.
        let mut sold = vec![0.0; 40];
        for person in &people {
            #[expect(clippy::cast_precision_loss, reason = "looks are below 2^53")]
            let wants: Vec<f64> =
                audiences.iter().zip(&looks).map(|(a, &l)| f64::from(a.suits(person)) * l as f64).collect();
            let all: f64 = wants.iter().sum();
            sold.iter_mut().zip(wants).for_each(|(sold, wants)| *sold += wants / all / 2_000.0);
        }
        for (sold, sales) in sold.into_iter().zip(sales(&areas)) {
            assert!((sold / sales - 1.0).abs() < 0.25, "{sold} and {sales}");
        }
    }
}
