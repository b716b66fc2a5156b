//! What a recommender has to beat, and the control that must not beat it.

use std::collections::HashMap;

use super::contender::Neighbours;
use super::groups::Grouping;
use super::{Ask, Contender, EvaluateError, Fitted};
use crate::Error;
use crate::domain::{Course, TrainingSet};
use crate::query::Recommender;
use crate::rank::Popularity;
use crate::store::Random;

/// The best-selling courses, for everybody.
#[derive(Debug)]
pub(super) struct BestSellers;

impl Contender for BestSellers {
    fn name(&self) -> String {
        "popularity".to_owned()
    }

    fn fit<'d>(&self, train: &'d TrainingSet) -> Result<Box<dyn Fitted + 'd>, Error> {
        let order = order(train, &train.past());
        Ok(Box::new(FittedOrder { train, order }))
    }
}

/// Courses that anybody bought: most buyers first, then the cheapest, then by id.
fn order(train: &TrainingSet, among: &[u32]) -> Vec<u32> {
    Popularity::new(train.purchases(), among).order().to_vec()
}

#[derive(Debug)]
struct FittedOrder<'d> {
    train: &'d TrainingSet,
    order: Vec<u32>,
}

impl Fitted for FittedOrder<'_> {
    fn recommend(&self, ask: &Ask<'_>) -> Result<Vec<&Course>, Error> {
        let courses = self.order.iter().map(|&number| self.train.catalogue().course(number));
        Ok(courses.filter(|course| ask.allows(course)).take(ask.top()).collect())
    }
}

/// The best-selling courses among those who share the values of some attributes; then the best-selling of all.
#[derive(Debug)]
pub(super) struct SegmentBestSellers {
    pub(super) name: String,
    pub(super) attributes: Vec<String>,
}

impl SegmentBestSellers {
    pub(super) fn by(attributes: Vec<String>) -> Self {
        Self { name: format!("popularity by {}", attributes.join(", ")), attributes }
    }
}

impl Contender for SegmentBestSellers {
    fn name(&self) -> String {
        self.name.clone()
    }

    fn fit<'d>(&self, train: &'d TrainingSet) -> Result<Box<dyn Fitted + 'd>, Error> {
        let past = train.past();
        let groupings = self.attributes.iter().map(|name| Grouping::new(train.participants(), name, &past));
        let groupings = groupings.collect::<Result<Vec<_>, EvaluateError>>()?;
        let mut members: HashMap<Vec<Vec<u32>>, Vec<u32>> = HashMap::new();
        for &participant in &past {
            members.entry(segment(&groupings, participant)).or_default().push(participant);
        }
        let everyone = Popularity::new(train.purchases(), &past);
        let orders = members.into_iter().map(|(segment, members)| (segment, order_within(train, &members, &everyone)));
        Ok(Box::new(FittedSegments { train, groupings, orders: orders.collect(), everyone }))
    }
}

fn segment(groupings: &[Grouping<'_>], participant: u32) -> Vec<Vec<u32>> {
    groupings.iter().map(|grouping| grouping.of(participant)).collect()
}

/// The courses that members bought: most buyers among them first, then the order of everyone.
fn order_within(train: &TrainingSet, members: &[u32], everyone: &Popularity) -> Vec<u32> {
    let mut bought: Vec<u32> = members.iter().flat_map(|&p| train.purchases().of(p)).copied().collect();
    bought.sort_unstable_by_key(|&course| everyone.place(course));
    let mut counts: Vec<(usize, u32)> = bought.chunk_by(|a, b| a == b).map(|same| (same.len(), same[0])).collect();
    // Stable, so that equal counts stay in the order of everyone.
    counts.sort_by_key(|&(count, _)| std::cmp::Reverse(count));
    counts.into_iter().map(|(_, course)| course).collect()
}

struct FittedSegments<'d> {
    train: &'d TrainingSet,
    groupings: Vec<Grouping<'d>>,
    orders: HashMap<Vec<Vec<u32>>, Vec<u32>>,
    everyone: Popularity,
}

impl Fitted for FittedSegments<'_> {
    fn recommend(&self, ask: &Ask<'_>) -> Result<Vec<&Course>, Error> {
        let own = self.orders.get(&segment(&self.groupings, ask.participant)).map_or(&[][..], Vec::as_slice);
        let course = |&number: &u32| self.train.catalogue().course(number);
        let mut list: Vec<u32> = own.iter().copied().filter(|n| ask.allows(course(n))).take(ask.top()).collect();
        let missing = ask.top() - list.len();
        if missing > 0 {
            let mut own = own.to_vec();
            own.sort_unstable();
            let others = self.everyone.order().iter().filter(|n| own.binary_search(n).is_err());
            list.extend(others.copied().filter(|n| ask.allows(course(n))).take(missing));
        }
        Ok(list.iter().map(course).collect())
    }
}

/// Courses that anybody bought, in an order drawn anew for each participant.
#[derive(Debug)]
pub(super) struct AtRandom {
    pub(super) seed: u64,
}

/// The streams of random orders begin here, beyond those of the splits.
const RANDOM_ORDERS: u64 = 1 << 33;
const CONTROL: u64 = 2;

impl Contender for AtRandom {
    fn name(&self) -> String {
        "random".to_owned()
    }

    fn fit<'d>(&self, train: &'d TrainingSet) -> Result<Box<dyn Fitted + 'd>, Error> {
        Ok(Box::new(FittedRandom { train, courses: order(train, &train.past()), seed: self.seed }))
    }
}

struct FittedRandom<'d> {
    train: &'d TrainingSet,
    courses: Vec<u32>,
    seed: u64,
}

impl Fitted for FittedRandom<'_> {
    fn recommend(&self, ask: &Ask<'_>) -> Result<Vec<&Course>, Error> {
        let mut random = Random::stream(self.seed, RANDOM_ORDERS + u64::from(ask.participant));
        let mut courses = self.courses.clone();
        let mut list = Vec::new();
        // A shuffle that stops when the list is full.
        for (at, left) in (0..courses.len()).zip((1..=u32::try_from(courses.len()).unwrap_or(u32::MAX)).rev()) {
            if list.len() == ask.top() {
                break;
            }
            courses.swap(at, at + random.below(left) as usize);
            let course = self.train.catalogue().course(courses[at]);
            if ask.allows(course) {
                list.push(course);
            }
        }
        Ok(list)
    }
}

/// The model itself, fitted on profiles that were permuted among the past participants. Whatever it is better than
/// popularity by does not come from profiles, so it must be next to nothing.
#[derive(Debug)]
pub(super) struct Control {
    pub(super) model: Neighbours,
    pub(super) seed: u64,
}

impl Contender for Control {
    fn name(&self) -> String {
        format!("{} with permuted profiles", self.model.name)
    }

    fn fit<'d>(&self, train: &'d TrainingSet) -> Result<Box<dyn Fitted + 'd>, Error> {
        let model: Recommender =
            self.model.params.aged_to_newest(train.purchases()).fit(&permuted(train, self.seed))?;
        Ok(Box::new(model))
    }
}

/// Hands the baskets of the past participants out among them at random, which is the same as permuting their profiles.
fn permuted(train: &TrainingSet, seed: u64) -> TrainingSet {
    let past = train.past();
    let mut others = past.clone();
    Random::stream(seed, CONTROL).shuffle(&mut others);
    let mut basket_of = vec![None; train.participants().len()];
    past.iter().zip(others).for_each(|(&p, other)| basket_of[p as usize] = Some(other));
    let catalogue = train.purchases().shared_catalogue().clone();
    train.rearranged(catalogue, |p| basket_of[p as usize], |_, _| true)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Amount, Profile, Schema};

    /// Two towns; `x` sells best in both together, `y` in the first, and `z` was bought once in the second.
    fn data() -> TrainingSet {
        let mut data = TrainingSet::builder(Schema::new().categorical("town"));
        for (course, price) in [("x", 3), ("y", 2), ("z", 1), ("never", 1)] {
            data.course(Course::new(course, Amount(price))).unwrap();
        }
        let people = [("a", &["x", "y"][..]), ("a", &["y"]), ("b", &["x"]), ("b", &["x", "z"]), ("a", &[]), ("c", &[])];
        for (n, (town, courses)) in people.iter().enumerate() {
            data.participant(n.to_string(), Profile::new().with("town", *town)).unwrap();
            for course in *courses {
                data.purchase(&n.to_string(), course).unwrap();
            }
        }
        data.build().unwrap()
    }

    fn list(contender: &dyn Contender, participant: u32, balance: u64, known: &[u32]) -> Vec<String> {
        let train = data();
        let ask = Ask { train: &train, participant, known, balance: Amount(balance), top: 10 };
        let fitted = contender.fit(&train).unwrap();
        fitted.recommend(&ask).unwrap().iter().map(|course| course.id().to_string()).collect()
    }

    #[test]
    fn best_sellers_are_those_of_everyone_that_the_balance_pays_for() {
        assert_eq!(list(&BestSellers, 4, 9, &[]), ["x", "y", "z"]);
        assert_eq!(list(&BestSellers, 4, 2, &[]), ["y", "z"]);
        assert_eq!(list(&BestSellers, 4, 9, &[0]), ["y", "z"]);
    }

    #[test]
    fn a_segment_has_its_own_best_sellers_and_then_those_of_everyone() {
        let by_town = SegmentBestSellers::by(vec!["town".to_owned()]);
        assert_eq!(list(&by_town, 4, 9, &[]), ["y", "x", "z"]);
        assert_eq!(list(&by_town, 5, 9, &[]), ["x", "y", "z"]);
        let unknown = SegmentBestSellers::by(vec!["height".to_owned()]);
        assert!(unknown.fit(&data()).is_err());
    }

    #[test]
    fn random_lists_hold_every_course_once_and_differ_between_participants() {
        let lists: Vec<_> = (0..6).map(|p| list(&AtRandom { seed: 3 }, p, 9, &[])).collect();
        for list in &lists {
            let mut sorted = list.clone();
            sorted.sort_unstable();
            assert_eq!(sorted, ["x", "y", "z"]);
        }
        assert!(lists.iter().any(|list| *list != lists[0]));
        assert_eq!(list(&AtRandom { seed: 3 }, 0, 9, &[]), lists[0]);
    }

    #[test]
    fn permuting_keeps_the_past_participants_and_all_baskets() {
        let train = data();
        let shuffled = permuted(&train, 1);
        let baskets = |data: &TrainingSet| {
            let mut baskets: Vec<_> = data.past().iter().map(|&p| data.purchases().of(p).to_vec()).collect();
            baskets.sort_unstable();
            baskets
        };
        assert_eq!(shuffled.past(), train.past());
        assert_eq!(baskets(&shuffled), baskets(&train));
    }

    #[test]
    fn a_plan_of_a_list_takes_what_still_fits() {
        let train = data();
        let ask = Ask { train: &train, participant: 4, known: &[], balance: Amount(4), top: 1 };
        let fitted = BestSellers.fit(&train).unwrap();
        let plan: Vec<_> = fitted.plan(&ask, 5).unwrap().iter().map(|c| c.id().as_str()).collect();
        assert_eq!(plan, ["x", "z"]);
    }
}
