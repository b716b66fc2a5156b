//! Random worlds for property tests: plain rows, so that a law can change them before they are built.

#![allow(dead_code, unreachable_pub, reason = "each test file uses a part")]
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::ops::Range;

use proptest::prelude::*;
use sebaya::prelude::*;
use sebaya::{AttributeKind, Value};

#[derive(Debug, Clone)]
pub struct World {
    pub schema: Schema,
    /// Prices of courses `c0`, `c1`, and so on; every fifth is closed.
    pub prices: Vec<u64>,
    /// Profiles of participants and the numbers of the courses they bought.
    pub people: Vec<(Profile, Vec<usize>)>,
}

impl World {
    pub fn build(&self) -> TrainingSet {
        self.build_in_order(&(0..self.people.len()).collect::<Vec<_>>())
    }

    /// The same world with its rows, courses and purchases in another order.
    pub fn build_in_order(&self, order: &[usize]) -> TrainingSet {
        let mut data = TrainingSet::builder(self.schema.clone());
        let reversed = order.first() > order.last();
        let mut courses: Vec<_> = self.prices.iter().enumerate().collect();
        if reversed {
            courses.reverse();
        }
        for (i, &price) in courses {
            data.course(Course::new(format!("c{i}"), Amount(price)).with_open(i % 5 != 4)).unwrap();
        }
        for &i in order {
            data.participant(format!("p{i}"), self.people[i].0.clone()).unwrap();
        }
        for &i in order {
            for course in &self.people[i].1 {
                data.purchase(&format!("p{i}"), &format!("c{course}")).unwrap();
            }
        }
        data.build().unwrap()
    }
}

pub fn worlds() -> impl Strategy<Value = World> {
    worlds_with(1..12)
}

/// Worlds with so many courses.
pub fn worlds_with(n_courses: Range<usize>) -> impl Strategy<Value = World> {
    let attribute = (0..5_usize, prop_oneof![Just(1.0), Just(0.0), Just(2.5), Just(1e-6), 0.01..10.0]);
    (prop::collection::vec(attribute, 1..5), prop::collection::vec(0_u64..500, n_courses), 1..40_usize).prop_flat_map(
        |(attributes, prices, n)| {
            let schema = schema(&attributes);
            let n_courses = prices.len();
            let basket = prop::collection::vec(0..n_courses, 0..4);
            let person = (profiles(&schema), basket);
            let people = prop::collection::vec(person, n);
            (Just(schema), Just(prices), people).prop_map(|(schema, prices, mut people)| {
                // Somebody has to have bought something.
                if people.iter().all(|(_, basket)| basket.is_empty()) {
                    people[0].1.push(0);
                }
                World { schema, prices, people }
            })
        },
    )
}

fn schema(attributes: &[(usize, f64)]) -> Schema {
    let all_zero = attributes.iter().all(|&(_, weight)| weight <= 0.0);
    attributes.iter().enumerate().fold(Schema::new(), |schema, (i, &(kind, weight))| {
        let name = format!("a{i}");
        let attribute = match kind {
            0 => Attribute::numeric(name),
            1 => Attribute::numeric(name).with_rank_scale(),
            2 => Attribute::ordinal(name, ["low", "middle", "high"]),
            3 => Attribute::categorical(name),
            _ => Attribute::tags(name),
        };
        schema.attribute(attribute.with_weight(if all_zero { 1.0 } else { weight }))
    })
}

/// Profiles for a schema, of few values, so that there are ties; some values are missing.
pub fn profiles(schema: &Schema) -> impl Strategy<Value = Profile> + use<> {
    let values: Vec<_> = schema.attributes().iter().map(|a| (Just(a.name().to_owned()), value(a.kind()))).collect();
    values.prop_map(|values| values.into_iter().filter_map(|(name, value)| Some((name, value?))).collect())
}

fn value(kind: &AttributeKind) -> BoxedStrategy<Option<Value>> {
    let name = prop::sample::select(vec!["a", "b", "c", "ç"]);
    let value = match kind {
        AttributeKind::Numeric(_) => {
            prop_oneof![(0..6).prop_map(Value::from), (-1e3..1e3).prop_map(Value::from)].boxed()
        }
        AttributeKind::Ordinal(levels) => prop::sample::select(levels.clone()).prop_map(Value::from).boxed(),
        AttributeKind::Categorical => name.prop_map(Value::from).boxed(),
        AttributeKind::Tags => prop::collection::vec(name, 0..5).prop_map(Value::from).boxed(),
        other => panic!("{other:?}"),
    };
    prop::option::weighted(0.85, value).boxed()
}

/// A world, a profile that asks, and how many neighbours vote.
pub fn questions() -> impl Strategy<Value = (World, Profile, u64)> {
    questions_with(1..12)
}

/// The same in a world with so many courses.
pub fn questions_with(n_courses: Range<usize>) -> impl Strategy<Value = (World, Profile, u64)> {
    let k = prop_oneof![1..4_u64, 1..60_u64, Just(u64::MAX)];
    worlds_with(n_courses).prop_flat_map(move |world| {
        let profile = profiles(&world.schema);
        (Just(world), profile, k.clone())
    })
}
