//! The courses on offer.

use super::figures::{PRICES, PROVIDERS, Region, UNSOLD_PERCENT};
use super::numbers::Numbers;
use super::taste::{Audience, CATEGORIES};

/// A course of the programme.
#[derive(Debug, Clone)]
pub(super) struct Offer {
    pub(super) price: u32,
    pub(super) provider: &'static str,
    /// A place in `CATEGORIES`.
    pub(super) category: usize,
    pub(super) audience: Audience,
}

/// All courses, and for each category those that are ever bought, with running totals of their popularity.
#[derive(Debug)]
pub(super) struct Offers {
    pub(super) all: Vec<Offer>,
    pub(super) shelves: Vec<Shelf>,
}

/// The courses of a category that are ever bought.
#[derive(Debug, Default)]
pub(super) struct Shelf {
    pub(super) courses: Vec<u32>,
    pub(super) totals: Vec<u32>,
}

/// Prices that courses often have, in thousands of rupiah.
const USUAL: [u32; 16] = [50, 75, 99, 100, 125, 150, 168, 175, 200, 225, 250, 300, 335, 400, 500, 650];

impl Offers {
    pub(super) fn new(seed: u64, courses: u32) -> Self {
        let all: Vec<Offer> = (0..courses).map(|i| offer(&mut Numbers::new(seed, u64::from(i) | 1 << 40))).collect();
        // The courses that are bought are the first of every hundred, so that the share is right for any number.
        let mut shelves: Vec<Shelf> = CATEGORIES.iter().map(|_| Shelf::default()).collect();
        for (number, offer) in
            (0..).zip(&all).filter(|&(number, _)| number % 100 < 100 - UNSOLD_PERCENT || courses < 10)
        {
            let shelf = &mut shelves[offer.category];
            shelf.courses.push(number);
            // Zipf's law, shifted: the first is about as popular as the ten from the thirtieth on together.
            let place = u32::try_from(shelf.courses.len()).unwrap_or(u32::MAX);
            let weight = 1_000_000 / place.saturating_add(3);
            shelf.totals.push(shelf.totals.last().unwrap_or(&0) + weight);
        }
        Self { all, shelves }
    }
}

fn offer(numbers: &mut Numbers) -> Offer {
    let weights = PROVIDERS.map(|(_, bought)| bought);
    let provider = PROVIDERS[numbers.weighted(&weights)].0;
    let category = numbers.below(u32::try_from(CATEGORIES.len()).unwrap_or(1)) as usize;
    let (cheapest, dearest) = (PRICES.0 / 1_000, PRICES.1 / 1_000);
    let price = if numbers.percent(70) {
        USUAL[numbers.below(16) as usize]
    } else {
        // The smaller of two: cheap courses are more usual than dear ones.
        let (a, b) = (numbers.below(dearest - cheapest + 1), numbers.below(dearest - cheapest + 1));
        cheapest + a.min(b)
    };
    let age_bands = 4;
    let regions = [Region::Capital, Region::Java, Region::Sumatra, Region::Kalimantan, Region::East];
    let audience = Audience {
        female: numbers.percent(50).then(|| numbers.percent(50)),
        age_band: numbers.percent(50).then(|| numbers.below(age_bands) as usize),
        region: numbers.percent(60).then(|| regions[numbers.below(5) as usize]),
        graduates: numbers.percent(40).then(|| numbers.percent(50)),
    };
    Offer { price: price * 1_000, provider, category, audience }
}
