//! Made-up participants with other schemas than the synthetic programme's, for speed only: what they buy has no meaning.
//!
//! `rich` asks ten attributes, as a national programme does; `district` has 514 districts besides; in `adverse`, age and
//! wage outweigh all others; `wide4`, `wide8` and `wide16` have that many evenly spread numbers. The others are extremes:
//! thousands of values, of tags, almost everything missing, all alike, two attributes, thirty, ranks.

use sebaya::prelude::*;
use sebaya::synthetic::Programme;

/// Those of the published figures.
pub(crate) const NAMES: [&str; 7] = ["default", "rich", "adverse", "district", "wide4", "wide8", "wide16"];

/// Extremes, asked for by name.
pub(crate) const EXTREMES: [&str; 10] =
    ["categories", "tags", "missing", "distinct", "equal", "two", "thirty", "ordinal", "skewed", "heavy"];

const N_QUERIES: u32 = 1_000;
const N_COURSES: u32 = 1_500;

/// Participants with purchases, and others of the same population who ask.
pub(crate) struct Workload {
    pub(crate) name: String,
    pub(crate) data: TrainingSet,
    pub(crate) queries: Vec<(Profile, Amount)>,
}

/// A workload by its name.
pub(crate) fn workload(name: &str, n: u32) -> Workload {
    if name == "default" {
        return default(n);
    }
    let mut random = Random(n.into());
    let population = Population::new(name, &mut random);
    let mut data = TrainingSet::builder(population.schema());
    for course in 0..N_COURSES {
        let price = (5e4 * random.uniform().mul_add(3.7, 0.0).exp() / 5e4).round() * 5e4;
        data.course(Course::new(format!("c{course:04}"), amount(price.clamp(5e4, 2e6)))).unwrap();
    }
    for number in 0..n {
        let id = format!("p{number}");
        data.participant(&id, population.person(&mut random)).unwrap();
        for _ in 0..[1, 1, 1, 1, 2, 2, 2, 3, 3, 4][random.below(10)] {
            let course = (f64::from(N_COURSES) * random.uniform().powi(3)) as u32;
            data.purchase(&id, &format!("c{course:04}")).unwrap();
        }
    }
    let queries = (0..N_QUERIES).map(|i| {
        let balance = if i % 2 == 0 { 3.5e6 } else { (1.0 + random.below(70) as f64) * 5e4 };
        (population.person(&mut random), amount(balance))
    });
    Workload { name: name.to_owned(), queries: queries.collect(), data: data.build().unwrap() }
}

/// The synthetic programme; those who ask are participants, each with the age of the next one.
fn default(n: u32) -> Workload {
    let data = Programme::new(n).training_set().unwrap();
    let people = data.participants();
    let ids: Vec<&str> = people.ids().collect();
    let profile = |i: usize| people.profile(ids[(i * 7_919) % ids.len()]).unwrap();
    let queries = (0..N_QUERIES as usize).map(|i| {
        let mut one = profile(i);
        profile(i + 1).get("age").into_iter().for_each(|age| one.set("age", age.clone()));
        (one, Amount(300_000))
    });
    Workload { name: "default".to_owned(), queries: queries.collect(), data }
}

fn amount(rupiah: f64) -> Amount {
    Amount(rupiah as u64)
}

/// One attribute of a population.
enum Kind {
    /// Every value as probable as the others.
    Even(f64),
    /// Whole numbers below this, the small ones more often.
    Skewed(f64),
    /// Names, those at the front more often.
    Category(Vec<f64>),
    Levels(Vec<f64>),
    /// Up to so many tags of so many.
    Tags(usize, usize),
}

struct Trait {
    name: String,
    kind: Kind,
    weight: f64,
    missing: f64,
    ranks: bool,
}

enum Population {
    /// The ten attributes of `rich`: their weights, and whether there are districts.
    Rich { heavy: bool, districts: bool, sectors: Vec<Vec<f64>>, skills: Vec<Vec<f64>> },
    /// Attributes that do not depend on each other.
    Independent(Vec<Trait>),
}

impl Population {
    fn new(name: &str, random: &mut Random) -> Self {
        let heavy = name == "adverse";
        if heavy || name == "rich" || name == "district" {
            let sectors = (0..16).map(|_| random.shuffled(frequent_first(20))).collect();
            let skills = (0..20).map(|_| random.dirichlet(12, 0.4)).collect();
            return Self::Rich { heavy, districts: name == "district", sectors, skills };
        }
        let mut traits = Vec::new();
        let mut add = |name: &str, kind| {
            traits.push(Trait { name: name.to_owned(), kind, weight: 1.0, missing: 0.0, ranks: false });
        };
        let province = || Kind::Category(frequent_first(38));
        match name {
            "categories" => {
                add("village", Kind::Category(frequent_first(40_000)));
                add("employer", Kind::Category(frequent_first(3_000)));
                add("district", Kind::Category(frequent_first(514)));
                add("age", Kind::Skewed(47.0));
            }
            "tags" => {
                add("interests", Kind::Tags(8, 400));
                add("skills", Kind::Tags(6, 60));
                add("province", province());
                add("age", Kind::Skewed(47.0));
            }
            "distinct" => (0..3).for_each(|i| add(&format!("x{i}"), Kind::Even(1e6))),
            "equal" => add("province", Kind::Category(vec![1.0])),
            "two" => {
                add("wage", Kind::Skewed(1e6));
                add("province", province());
            }
            "ordinal" => (0..9).for_each(|i| add(&format!("x{i}"), Kind::Levels(frequent_first(6)))),
            "thirty" => {
                (0..10).for_each(|i| add(&format!("number{i}"), Kind::Skewed(1e4)));
                (0..12).for_each(|i| add(&format!("category{i}"), Kind::Category(frequent_first(2 + 3 * i))));
                (0..6).for_each(|i| add(&format!("level{i}"), Kind::Levels(frequent_first(5))));
                (0..2).for_each(|i| add(&format!("tags{i}"), Kind::Tags(3, 20)));
            }
            "missing" | "skewed" | "heavy" => {
                (0..4).for_each(|i| add(&format!("number{i}"), Kind::Skewed(1e7)));
                add("province", province());
                add("district", Kind::Category(frequent_first(514)));
                add("skills", Kind::Tags(3, 12));
                add("education", Kind::Levels(frequent_first(8)));
            }
            _ => {
                let numbers = name.strip_prefix("wide").and_then(|n| n.parse().ok());
                let numbers: u32 = numbers.unwrap_or_else(|| panic!("{name} is no workload"));
                add("province", province());
                add("gender", Kind::Category(vec![1.0, 1.0]));
                (0..numbers).for_each(|i| add(&format!("x{i}"), Kind::Even(1e6)));
            }
        }
        for (i, one) in traits.iter_mut().enumerate() {
            match name {
                "missing" => one.missing = 0.9,
                "skewed" => one.ranks = i % 2 == 0,
                "heavy" if i == 0 => one.weight = 50.0,
                _ => {}
            }
        }
        Self::Independent(traits)
    }

    fn schema(&self) -> Schema {
        match self {
            Self::Rich { heavy, districts, .. } => {
                let weigh = |attribute: Attribute, weight: f64| {
                    let outweighs = matches!(attribute.name(), "age" | "wage");
                    attribute.with_weight(match (heavy, outweighs) {
                        (false, _) => weight,
                        (true, true) => 20.0,
                        (true, false) => 0.25,
                    })
                };
                let levels = (0..8).map(|i| format!("e{i}"));
                let mut attributes = vec![
                    weigh(Attribute::categorical("gender"), 0.5),
                    weigh(Attribute::numeric("age"), 1.0),
                    weigh(Attribute::ordinal("education", levels), 1.25),
                    weigh(Attribute::categorical("employment"), 1.0),
                    weigh(Attribute::categorical("province"), 1.0),
                    weigh(Attribute::categorical("sector"), 1.5),
                    weigh(Attribute::categorical("disability"), 0.5),
                    weigh(Attribute::categorical("urban"), 0.5),
                    weigh(Attribute::numeric("wage"), 1.0),
                    weigh(Attribute::tags("skills"), 1.0),
                ];
                if *districts {
                    attributes.push(Attribute::categorical("district").with_weight(0.5));
                }
                attributes.into_iter().fold(Schema::new(), Schema::attribute)
            }
            Self::Independent(traits) => {
                let attributes = traits.iter().map(|one| {
                    let attribute = match &one.kind {
                        Kind::Even(_) | Kind::Skewed(_) if one.ranks => Attribute::numeric(&one.name).with_rank_scale(),
                        Kind::Even(_) | Kind::Skewed(_) => Attribute::numeric(&one.name),
                        Kind::Category(_) => Attribute::categorical(&one.name),
                        Kind::Levels(shares) => {
                            Attribute::ordinal(&one.name, (0..shares.len()).map(|i| format!("e{i}")))
                        }
                        Kind::Tags(..) => Attribute::tags(&one.name),
                    };
                    attribute.with_weight(one.weight)
                });
                attributes.fold(Schema::new(), Schema::attribute)
            }
        }
    }

    fn person(&self, random: &mut Random) -> Profile {
        match self {
            Self::Rich { districts, sectors, skills, .. } => rich(*districts, sectors, skills, random),
            Self::Independent(traits) => {
                let mut profile = Profile::new();
                for one in traits {
                    if random.uniform() < one.missing {
                        continue;
                    }
                    match &one.kind {
                        Kind::Even(n) => profile.set(&one.name, (random.uniform() * n).round() / n),
                        Kind::Skewed(n) => profile.set(&one.name, (random.uniform().powi(4) * n).floor()),
                        Kind::Category(shares) => profile.set(&one.name, format!("v{}", random.pick(shares))),
                        Kind::Levels(shares) => profile.set(&one.name, format!("e{}", random.pick(shares))),
                        Kind::Tags(most, of) => {
                            let tag =
                                |random: &mut Random| format!("t{}", (random.uniform().powi(2) * *of as f64) as u32);
                            let tags: Vec<String> = (0..=random.below(*most)).map(|_| tag(random)).collect();
                            profile.set(&one.name, tags);
                        }
                    }
                }
                profile
            }
        }
    }
}

/// Ten attributes that depend on each other as those of people do.
fn rich(districts: bool, sectors: &[Vec<f64>], skills: &[Vec<f64>], random: &mut Random) -> Profile {
    let age = (18.0 + 6.0 * (random.exponential() + random.exponential())).clamp(18.0, 64.0).floor();
    let education = random.pick(&cumulated(&[0.01, 0.04, 0.13, 0.36, 0.25, 0.06, 0.13, 0.02]));
    let old = [0.25, 0.4, 0.15, 0.1, 0.05, 0.05];
    let young = [0.45, 0.2, 0.15, 0.1, 0.05, 0.05];
    let employment = random.pick(&cumulated(if age > 27.0 { &old } else { &young }));
    let male = random.below(2);
    let urban = usize::from(random.uniform() < 0.55);
    let cell = usize::from(education >= 5) * 8 + male * 4 + urban * 2 + usize::from(age > 30.0);
    let sector = random.pick(&sectors[cell]);
    let province = random.pick(&frequent_first(38));
    let yes_or_no = |yes: bool| if yes { "yes" } else { "no" };
    let mut profile = Profile::new()
        .with("gender", ["f", "m"][male])
        .with("age", age)
        .with("education", format!("e{education}"))
        .with("employment", format!("w{employment}"))
        .with("province", format!("p{province}"))
        .with("sector", format!("i{sector}"))
        .with("disability", yes_or_no(random.uniform() < 0.03))
        .with("urban", yes_or_no(urban == 1));
    let mean = 14.6 + 0.12 * (education as f64 - 3.0) + 0.2 * urban as f64;
    let wage = (0.45f64.mul_add(random.normal(), mean)).exp().clamp(2e5, 2.5e7);
    if random.uniform() >= if employment == 0 { 0.25 } else { 0.09 } {
        profile.set("wage", (wage / 5e4).round() * 5e4);
    }
    let n_skills = 1 + random.below(2) + random.below(2);
    let skills: Vec<String> = (0..n_skills).map(|_| format!("s{}", random.pick(&skills[sector]))).collect();
    profile.set("skills", skills);
    if districts {
        let shares: f64 = (0..38).map(|i| 1.0 / (f64::from(i) + 3.0).sqrt()).sum();
        let many = (514.0 / (province as f64 + 3.0).sqrt() / shares).round().max(1.0);
        profile.set("district", format!("d{province}-{}", (random.uniform().powf(1.5) * many) as u32));
    }
    profile
}

/// Shares that fall as `1 / (i + 3)`, each with those before it.
fn frequent_first(n: usize) -> Vec<f64> {
    let shares: Vec<f64> = (0..n).map(|i| 1.0 / (i as f64 + 3.0)).collect();
    cumulated(&shares)
}

fn cumulated(shares: &[f64]) -> Vec<f64> {
    let mut sum = 0.0;
    shares
        .iter()
        .map(|share| {
            sum += share;
            sum
        })
        .collect()
}

/// The generator of Steele, Lea and Flood, and the distributions that are wanted.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn uniform(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn below(&mut self, n: usize) -> usize {
        (self.uniform() * n as f64) as usize
    }

    fn exponential(&mut self) -> f64 {
        -(1.0 - self.uniform()).ln()
    }

    fn normal(&mut self) -> f64 {
        (2.0 * self.exponential()).sqrt() * (std::f64::consts::TAU * self.uniform()).cos()
    }

    /// A place in a list of shares, each with those before it.
    fn pick(&mut self, cumulated: &[f64]) -> usize {
        let at = self.uniform() * cumulated[cumulated.len() - 1];
        cumulated.partition_point(|&share| share <= at).min(cumulated.len() - 1)
    }

    /// The same shares in another order.
    fn shuffled(&mut self, mut shares: Vec<f64>) -> Vec<f64> {
        for i in (1..shares.len()).rev() {
            shares[i] -= shares[i - 1];
        }
        for last in (1..shares.len()).rev() {
            let other = self.below(last + 1);
            shares.swap(last, other);
        }
        cumulated(&shares)
    }

    /// Shares of a symmetric Dirichlet distribution, whose parameter is below 1.
    fn dirichlet(&mut self, n: usize, parameter: f64) -> Vec<f64> {
        let shares: Vec<f64> = (0..n).map(|_| self.gamma(parameter)).collect();
        cumulated(&shares)
    }

    /// Ahrens and Dieter, "Computer methods for sampling from gamma, beta, Poisson and binomial distributions" (1974).
    fn gamma(&mut self, a: f64) -> f64 {
        let b = 1.0 + a / std::f64::consts::E;
        loop {
            let p = b * self.uniform();
            let x = if p <= 1.0 { p.powf(1.0 / a) } else { -((b - p) / a).ln() };
            let accept = if p <= 1.0 { (-x).exp() } else { x.powf(a - 1.0) };
            if self.uniform() <= accept {
                return x;
            }
        }
    }
}
