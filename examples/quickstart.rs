//! The smallest complete program: `cargo run --release --example quickstart`.

#![allow(clippy::print_stdout, reason = "an example talks to its user")]

use sebaya::prelude::*;

fn main() -> sebaya::Result<()> {
    let schema = Schema::new().with_currency("IDR").numeric("age").categorical("province");
    let mut data = TrainingSet::builder(schema);
    data.course(Course::new("excel", Amount(250_000)))?.course(Course::new("sewing", Amount(400_000)))?;
    for (id, age, province, course) in [("ani", 24, "Bali", "excel"), ("budi", 31, "Bali", "sewing")] {
        data.participant(id, Profile::new().with("age", age).with("province", province))?;
        data.purchase(id, course)?;
    }
    let model = Recommender::params().n_neighbours(300).fit(&data.build()?)?;
    let newcomer = Profile::new().with("age", 26).with("province", "Bali");
    for best in &model.recommend(&Query::new(newcomer, Amount(300_000)).top_n(5))? {
        println!("{} for {}: {}", best.course().id(), best.course().price(), best.explanation());
    }
    Ok(())
}
