//! The solver against brute force, and instances made to be hard.

use proptest::prelude::*;

use super::*;

/// Every set of items that keeps all limits, best first, straight from the definition.
fn brute_force(problem: &Problem<'_>, n: usize) -> Vec<Vec<u32>> {
    let items = problem.items;
    let mut sets = Vec::new();
    for mask in 0_u32..1 << items.len() {
        let set: Vec<u32> = (0..).take(items.len()).filter(|i| mask >> i & 1 == 1).collect();
        let chosen = || set.iter().map(|&i| items[i as usize]);
        let total: u128 = chosen().map(|i| u128::from(i.price)).sum();
        let most = |group: fn(Item) -> Option<u32>| {
            chosen().filter_map(group).map(|g| chosen().filter(|&i| group(i) == Some(g)).count()).max().unwrap_or(0)
        };
        let within = |max: Option<u32>, group| max.is_none_or(|max| most(group) <= max as usize);
        if total <= u128::from(problem.balance)
            && set.len() <= problem.max_courses
            && problem.must_include.iter().all(|i| set.contains(i))
            && within(problem.max_per_category, |i| i.category)
            && within(problem.max_per_provider, |i| i.provider)
        {
            let value: u128 = chosen().map(|i| u128::from(i.value)).sum();
            let mut ids: Vec<u32> = chosen().map(|i| i.id_rank).collect();
            ids.sort_unstable();
            sets.push((std::cmp::Reverse((value, total)), ids.len(), ids, set));
        }
    }
    sets.sort();
    sets.into_iter().take(n).map(|(_, _, _, set)| set).collect()
}

fn plans(solved: &Solved) -> Vec<Vec<u32>> {
    solved.plans.iter().map(|plan| plan.items.clone()).collect()
}

#[derive(Debug, Clone)]
struct Instance {
    items: Vec<Item>,
    balance: u64,
    max_courses: usize,
    must_include: Vec<u32>,
    max_per_category: Option<u32>,
    max_per_provider: Option<u32>,
}

impl Instance {
    fn problem(&self) -> Problem<'_> {
        Problem {
            items: &self.items,
            balance: self.balance,
            max_courses: self.max_courses,
            must_include: &self.must_include,
            max_per_category: self.max_per_category,
            max_per_provider: self.max_per_provider,
        }
    }
}

/// Few distinct numbers, so that ties abound, and extreme ones up to the largest.
fn numbers(bits: u32) -> impl Strategy<Value = u64> + Clone {
    let most = 1_u64 << bits;
    prop_oneof![
        6 => 0..4_u64,
        6 => 0..40_u64,
        2 => Just(7),
        2 => 1_000_000..1_000_010_u64,
        2 => (0..=bits).prop_map(|bit| 1_u64 << bit),
        1 => most - 10..=most
    ]
}

fn instances(most: usize) -> impl Strategy<Value = Instance> {
    let group = prop::option::of(0..3_u32);
    let item = (numbers(53), numbers(60), group.clone(), group);
    let limit = || prop::option::weighted(0.3, 0..3_u32);
    let balance = prop_oneof![3 => 0..80_u64, 1 => numbers(53)];
    let max_courses = prop_oneof![8 => 0..7_usize, 1 => Just(1_000), 1 => Just(usize::MAX)];
    (prop::collection::vec(item, 0..=most), any::<u64>(), balance, max_courses, any::<u16>(), limit(), limit())
        .prop_map(|(raw, seed, balance, max_courses, must, max_per_category, max_per_provider)| {
            let mut ranks: Vec<u32> = (0..).take(raw.len()).collect();
            ranks.sort_by_key(|&i| (u64::from(i) ^ seed).wrapping_mul(0x9E37_79B9_7F4A_7C15));
            let items: Vec<Item> = raw
                .into_iter()
                .zip(ranks)
                .map(|((price, value, category, provider), id_rank)| Item { price, value, id_rank, category, provider })
                .collect();
            // Now and then one or two items must be included.
            let must_include =
                (0..).take(items.len()).filter(|i| must < 20_000 && must >> i & 1 == 1).take(2).collect();
            Instance { items, balance, max_courses, must_include, max_per_category, max_per_provider }
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn plans_equal_brute_force_with_every_option(instance in instances(10), n in 0..6_usize) {
        let problem = instance.problem();
        let expected = brute_force(&problem, n);
        if let Ok(solved) = solve(&problem, n) {
            prop_assert!(solved.proven);
            prop_assert_eq!(plans(&solved), expected);
        } else {
            prop_assert_eq!(brute_force(&problem, 1), Vec::<Vec<u32>>::new());
        }
    }

    #[test]
    fn giving_up_leaves_a_set_within_the_limits_and_a_bound_that_holds(instance in instances(10), max_steps in 0..2_000_u64) {
        let problem = instance.problem();
        let (Ok(early), Ok(solved)) = (solve_within(&problem, 1, max_steps), solve(&problem, 1)) else { return Ok(()) };
        let early = early.0;
        let best = solved.plans[0].value;
        prop_assert!(early.upper_bound >= best);
        prop_assert!(early.plans[0].value <= best);
        prop_assert!(!early.proven || early.plans == solved.plans);
        let price: u64 = early.plans[0].items.iter().map(|&i| problem.items[i as usize].price).sum();
        prop_assert!(price <= problem.balance);
    }
}

/// Instances made to be hard: many items, in families of prices and values between which bounds tell little.
fn hard_instances() -> impl Strategy<Value = (Instance, usize)> {
    let count = prop_oneof![1..60_usize, 60..400_usize];
    let max_courses = prop_oneof![Just(1_usize), Just(5), Just(20), Just(1_000)];
    let limits = (prop::option::weighted(0.3, 1..3_u32), prop::option::weighted(0.2, 1..3_u32));
    let n = prop_oneof![3 => Just(1_usize), 1 => Just(10), 1 => Just(150)];
    (count, 0..7_u32, 0..5_u32, any::<u64>(), max_courses, limits, 1..5_u64, n).prop_map(
        |(count, prices, values, seed, max_courses, (max_per_category, max_per_provider), part, n)| {
            let mut numbers = Numbers(seed);
            let mut items = Vec::new();
            for i in 0..count as u64 {
                let price = match prices {
                    0 => 1 << (i % 52),
                    1 => 300_000,
                    2 => 250_007 + 50_004 * (i % 2),
                    3 => 24_000 + 1_000 * numbers.below(976),
                    4 => 24_000 + numbers.below(976_000),
                    5 => (1 << 53) / 7 + numbers.below(1 << 30),
                    _ => numbers.below(5),
                };
                let value = match values {
                    0 => price,
                    1 => 1 << 30,
                    2 => price + (1 << 20),
                    3 => price / 3 + numbers.below(1 << 10),
                    _ => 1 << (i % 40),
                };
                let group = |groups| u32::try_from(i % groups).ok();
                items.push(Item { price, value, id_rank: 0, category: group(14), provider: group(50) });
            }
            let mut ranks: Vec<u32> = (0..).take(count).collect();
            ranks.sort_by_key(|&i| (u64::from(i) ^ seed).wrapping_mul(0x9E37_79B9_7F4A_7C15));
            items.iter_mut().zip(ranks).for_each(|(item, rank)| item.id_rank = rank);
            let all: u128 = items.iter().map(|item| u128::from(item.price)).sum();
            let balance = u64::try_from(all * u128::from(part) / 9).unwrap_or(u64::MAX).min(1 << 53);
            let must_include = Vec::new();
            (Instance { items, balance, max_courses, must_include, max_per_category, max_per_provider }, n)
        },
    )
}

/// Sets that keep all limits, distinct and best first, and a bound that none exceeds.
fn check(problem: &Problem<'_>, solved: &Solved) {
    let items = |set: &Chosen| set.items.iter().map(|&i| problem.items[i as usize]).collect::<Vec<_>>();
    let mut keys = Vec::new();
    for set in &solved.plans {
        let items = items(set);
        assert!(items.len() <= problem.max_courses);
        let total: u128 = items.iter().map(|i| u128::from(i.price)).sum();
        assert!(total <= problem.balance.into());
        assert_eq!(set.value, items.iter().map(|i| u128::from(i.value)).sum::<u128>());
        assert!(set.value <= solved.upper_bound);
        let within = |max: Option<u32>, group: fn(&Item) -> Option<u32>| {
            let of_group = |g| items.iter().filter(|i| group(i) == g).count();
            max.is_none_or(|max| items.iter().all(|i| group(i).is_none() || of_group(group(i)) <= max as usize))
        };
        assert!(within(problem.max_per_category, |i| i.category) && within(problem.max_per_provider, |i| i.provider));
        let mut ids: Vec<u32> = items.iter().map(|i| i.id_rank).collect();
        ids.sort_unstable();
        keys.push((std::cmp::Reverse((set.value, total)), ids.len(), ids));
    }
    assert!(keys.is_sorted_by(|a, b| a < b));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn whatever_the_instance_the_steps_end_at_the_limit((instance, n) in hard_instances()) {
        let problem = instance.problem();
        let limit = 150_000;
        let (solved, steps) = solve_within(&problem, n, limit).unwrap();
        // The relaxation looks at each item a few hundred times at the most, whatever the limit; one set more may be compared
        // with others and put among those kept.
        let items = instance.items.len() as u64;
        prop_assert!(steps <= limit + 400 * items + 10 * items * n as u64, "{steps}");
        check(&problem, &solved);
        prop_assert!(!solved.plans.is_empty());
        if !solved.proven {
            // More work finds nothing that the bound denies.
            let (more, _) = solve_within(&problem, n, 3 * limit).unwrap();
            prop_assert!(more.plans[0].value <= solved.upper_bound && more.upper_bound >= solved.plans[0].value);
        }
    }
}

#[test]
fn prices_that_are_powers_of_two_end_at_the_limit() {
    let mut numbers = Numbers(5);
    let courses: Vec<_> = (0..2_000).map(|i| (1 << (i % 52), 1 + numbers.below(1 << 40))).collect();
    let powers = instance(courses.into_iter(), 3_000_000_000_000_000, 1_000);
    let (solved, steps) = solve_within(&powers.problem(), 1, MAX_STEPS).unwrap();
    check(&powers.problem(), &solved);
    assert!(steps <= MAX_STEPS);
    let same = instance((0..2_000).map(|i| (1 << (i % 52), 1 << (i % 52))), 3_000_000_000_000_000, 1_000);
    let (solved, steps) = solve_within(&same.problem(), 1, MAX_STEPS).unwrap();
    check(&same.problem(), &solved);
    assert!(steps <= MAX_STEPS);
}

#[test]
fn limits_by_category_are_solved_and_proved_at_real_size() {
    let mut numbers = Numbers(13);
    for (max_courses, unit) in [(20, 1_000), (1_000, 1_000), (1_000, 1)] {
        let courses: Vec<_> = (0..3_000)
            .map(|i| {
                (unit * (24_000 / unit + numbers.below(976_000 / unit)), (1 << 34) / (i + 1) + numbers.below(1 << 24))
            })
            .collect();
        let mut real = instance(courses.into_iter(), 3_500_000, max_courses);
        real.max_per_category = Some(2);
        for item in &mut real.items {
            item.category = u32::try_from(numbers.below(14)).ok();
        }
        let solved = solve(&real.problem(), 1).unwrap();
        check(&real.problem(), &solved);
        assert!(solved.proven);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn plans_equal_brute_force_up_to_16_courses(instance in instances(16), n in 1..4_usize) {
        let problem = instance.problem();
        if let Ok(solved) = solve(&problem, n) {
            prop_assert!(solved.proven);
            prop_assert_eq!(plans(&solved), brute_force(&problem, n));
        }
    }
}

/// A generator of numbers that is the same everywhere.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }
}

fn instance(prices_and_values: impl Iterator<Item = (u64, u64)>, balance: u64, max_courses: usize) -> Instance {
    let items = prices_and_values.zip(0..).map(|((price, value), id_rank)| Item {
        price,
        value,
        id_rank,
        category: None,
        provider: None,
    });
    Instance {
        items: items.collect(),
        balance,
        max_courses,
        must_include: Vec::new(),
        max_per_category: None,
        max_per_provider: None,
    }
}

#[test]
fn of_equal_courses_those_with_the_smallest_ids_are_taken() {
    let equal = instance((0..3_000).map(|_| (300_000, 1 << 30)), 3_500_000, 20);
    let solved = solve(&equal.problem(), 2).unwrap();
    assert!(solved.proven);
    // Eleven of 300,000 are paid for; the next best set has the twelfth in place of the eleventh.
    let next: Vec<u32> = (0..10).chain([11]).collect();
    assert_eq!(plans(&solved), [(0..11).collect::<Vec<u32>>(), next]);
}

#[test]
fn of_courses_just_over_half_the_balance_one_is_taken() {
    let halves = instance((0..3_000).map(|i| (1_750_001 + i % 7, 1_000 + i % 1_000)), 3_500_000, 5);
    let solved = solve(&halves.problem(), 1).unwrap();
    // The value 1,999 at the largest price, at the smallest id: i % 1000 == 999 and the largest i % 7.
    assert_eq!((plans(&solved), solved.proven), (vec![vec![999]], true));
}

#[test]
fn thousands_of_free_courses_fill_the_plan() {
    let free = instance((0..5_000).map(|i| (0, 5_000 - i)), 0, 20);
    assert_eq!(plans(&solve(&free.problem(), 1).unwrap()), [(0..20).collect::<Vec<u32>>()]);
}

#[test]
fn numbers_at_the_limit_do_not_overflow() {
    let most = 1 << 53;
    let huge = instance((0..3_000).map(|i| (most - i, (1 << 60) - i)), most, 3_000);
    assert_eq!(plans(&solve(&huge.problem(), 1).unwrap()), [vec![0]]);
    let huge = instance((0..40).map(|i| (most / 20 + i, (1 << 60) + i)), most, 40);
    let solved = solve(&huge.problem(), 1).unwrap();
    assert_eq!((solved.plans[0].items.len(), solved.proven), (19, true));
}

#[test]
fn value_proportional_to_price_spends_nearly_the_whole_balance_and_claims_no_more_than_is_proved() {
    let mut numbers = Numbers(7);
    let balance = 3_500_000;
    for unit in [1_000, 1] {
        let prices: Vec<u64> = (0..3_000).map(|_| unit * (24_000 / unit + numbers.below(976_000 / unit))).collect();
        let subset_sum = instance(prices.iter().map(|&p| (p, 3 * p)), balance, 5);
        let solved = solve(&subset_sum.problem(), 1).unwrap();
        let most = u128::from(3 * balance);
        assert_eq!(solved.upper_bound, most);
        assert!(solved.plans[0].value >= most - most / 10_000);
        assert!(!solved.proven || solved.plans[0].value == most);
    }
}

#[test]
fn courses_that_must_be_included_and_cannot_be_are_told() {
    let pair = instance([(60, 1), (50, 1)].into_iter(), 100, 5);
    let problem = |must_include, max_courses| Problem { max_courses, must_include, ..pair.problem() };
    assert_eq!(solve(&problem(&[0, 1], 5), 1), Err(Infeasible::TooDear { total: 110, balance: 100 }));
    assert_eq!(solve(&problem(&[0], 0), 1), Err(Infeasible::TooMany { count: 1, max: 0 }));
    assert_eq!(plans(&solve(&problem(&[1], 1), 3).unwrap()), [vec![1]]);
}

/// The largest value by an integer linear program, a second judge that shares nothing with this solver.
fn by_ilp(problem: &Problem<'_>) -> u64 {
    use microlp::{ComparisonOp::Le, OptimizationDirection, Problem as Program};
    let small = |number: u64| f64::from(u32::try_from(number).unwrap());
    let mut program = Program::new(OptimizationDirection::Maximize);
    let variables: Vec<_> = problem.items.iter().map(|i| program.add_binary_var(small(i.value))).collect();
    let all = |weight: &dyn Fn(&Item) -> f64| -> Vec<_> {
        variables.iter().copied().zip(problem.items.iter().map(weight)).collect()
    };
    program.add_constraint(all(&|i| small(i.price)), Le, small(problem.balance));
    program.add_constraint(all(&|_| 1.0), Le, small(problem.max_courses as u64));
    for category in 0..4 {
        if let Some(max) = problem.max_per_category {
            let of = |i: &Item| f64::from(u8::from(i.category == Some(category)));
            program.add_constraint(all(&of), Le, f64::from(max));
        }
    }
    let solution = program.solve().unwrap();
    let chosen = variables.iter().zip(problem.items).filter(|&(&v, _)| solution[v] > 0.5);
    chosen.map(|(_, item)| item.value).sum()
}

#[test]
fn an_integer_linear_program_finds_no_better_set_at_middle_size() {
    let mut numbers = Numbers(11);
    for round in 0..60 {
        let n = 20 + numbers.below(30);
        let unit = [1, 1_000][round % 2];
        let items =
            (0..n).map(|_| (unit * (24_000 / unit + numbers.below(976_000 / unit)), 1 + numbers.below(100_000)));
        let mut one =
            instance(items.collect::<Vec<_>>().into_iter(), 1_000_000 + numbers.below(2_500_000), 3 + round % 8);
        if round % 3 == 0 {
            one.max_per_category = Some(if round % 2 == 0 { 1 } else { 2 });
            one.items.iter_mut().for_each(|i| i.category = u32::try_from(i.price / 7 % 4).ok());
        }
        let solved = solve(&one.problem(), 1).unwrap();
        assert!(solved.proven);
        assert_eq!(solved.plans[0].value, u128::from(by_ilp(&one.problem())), "round {round}");
    }
}

#[test]
fn scores_of_a_real_size_are_solved_and_proved() {
    let mut numbers = Numbers(3);
    for unit in [1_000, 1] {
        for max_courses in [5, 20] {
            // A few hundred courses with votes, and a long tail without.
            let items = (0..3_000_u64).map(|i| {
                let votes = if i < 300 { 300 * (500 + numbers.below(1_000)) / (1_000 * (i + 1)) } else { 0 };
                let buyers = 300_000 / (10 + i * (1 + numbers.below(3)));
                let price = unit * (24_000 / unit + numbers.below(976_000 / unit));
                (price, (votes << 32) + buyers * 118_000)
            });
            let real = instance(items.collect::<Vec<_>>().into_iter(), 3_500_000, max_courses);
            assert!(solve(&real.problem(), 1).unwrap().proven);
        }
    }
}
