//! The report as one page that opens from disk: no script, no font, no picture from elsewhere.

mod plot;

use plot::{Axis, Dot, Series, dots, escape, lines, percent, short};

use super::Report;
use super::report::Scores;
use super::statistics::{Difference, Verdict};
use super::sweep::{Point, Sweep};

const STYLE: &str = include_str!("style.css");
/// Lifts and groups of more than this many lines would fill pages; the JSON has them all.
const MOST_GROUPS: usize = 80;

impl Report {
    /// One HTML page with plots that needs nothing else: its first paragraph says what to decide.
    ///
    /// ```
    /// use sebaya::evaluate::Evaluation;
    /// use sebaya::prelude::*;
    ///
    /// # let mut data = TrainingSet::builder(Schema::new().numeric("age").categorical("gender"));
    /// # data.course(Course::new("excel", Amount(250_000)))?.course(Course::new("sewing", Amount(100_000)))?;
    /// # for i in 0_u8..60 {
    /// #     let (id, gender) = (i.to_string(), if i % 2 == 0 { "f" } else { "m" });
    /// #     data.participant(&id, Profile::new().with("age", i).with("gender", gender))?;
    /// #     data.purchase(&id, if i < 30 { "excel" } else { "sewing" })?;
    /// # }
    /// # let data = data.build()?;
    /// let page = Evaluation::new(Recommender::params()).sweep().run(&data)?.to_html();
    /// assert!(page.starts_with("<!DOCTYPE html>") && page.contains("<svg"));
    /// assert!(!page.contains("http"));
    /// # Ok::<(), sebaya::Error>(())
    /// ```
    pub fn to_html(&self) -> String {
        let sections = [
            self.decision(),
            self.hit_rate(),
            self.lift_by_group(),
            self.sweep.as_ref().map_or(String::new(), Sweep::curves),
            self.coverage(),
            self.differences_table(),
            self.metrics_table(),
            self.groups_table(),
        ];
        format!(
            "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width\">\n<title>Do the recommendations help?</title>\n\
             <style>\n{STYLE}</style>\n</head>\n<body>\n<h1>Do the recommendations help?</h1>\n{}</body>\n</html>\n",
            sections.concat()
        )
    }

    fn decision(&self) -> String {
        let verdict = self.compare(self.model(), self.popularity()).map(|difference| difference.verdict);
        let class = match verdict {
            Some(Verdict::Higher) if self.lift_is_of_profiles() => "good",
            Some(Verdict::Lower) => "bad",
            _ => "",
        };
        let mut words = self.summary.iter().map(|sentence| escape(sentence));
        let first = words.next().unwrap_or_default();
        format!(
            "<p class=\"decision {class}\"><strong>{first}</strong> {}</p>\n<p>How it was measured: {}. Purchases of \
             {} of {} participants were hidden and foretold; they bought {} of {} courses on average. Up to {} past \
             participants were learned from. <em>Popularity</em> is the list of best sellers. The metric that decides, {}, \
             is 1 when the courses that were really bought stand first, and falls towards 0 the lower they stand. The seed \
             is {}.</p>\n",
            words.collect::<Vec<_>>().join(" "),
            escape(&self.split),
            self.tested,
            self.testable,
            short(self.mean_purchases),
            self.courses,
            self.learned_from,
            self.decides,
            self.seed,
        )
    }

    fn hit_rate(&self) -> String {
        let series = scores_of(self, |scores| (1_u32..).map(f64::from).zip(scores.hit_rates.iter().copied()).collect());
        format!(
            "<h2>Who finds something</h2>\n<p>The share of participants with at least one true purchase in the list, by the \
             length of the list.</p>\n{}",
            lines(&series, Axis::Linear, "courses in the list", "hit rate")
        )
    }

    fn lift_by_group(&self) -> String {
        let dot = |group: &super::report::Group| {
            let lift = group.difference.lift?;
            let Difference { low, high, verdict, .. } = group.difference;
            (group.popularity > 0.0 && verdict != Verdict::TooFew).then(|| Dot {
                label: format!("{}: {} ({})", group.attribute, group.value, group.participants),
                value: lift,
                low: low / group.popularity,
                high: high / group.popularity,
                class: class(verdict),
            })
        };
        let all: Vec<Dot> = self.groups.iter().filter_map(dot).take(MOST_GROUPS).collect();
        format!(
            "<h2>For whom it helps</h2>\n<p>The lift of {} over popularity by group, with 95 % intervals; in brackets the \
             number of participants. Grey: no significant difference. Groups of fewer than 30 are left out. Of 20 groups \
             without any difference, one will seem to have one by chance.</p>\n{}",
            self.decides,
            dots(&all, "lift over popularity")
        )
    }

    fn coverage(&self) -> String {
        let value = |scores: &Scores, k: usize| {
            let metric = format!("coverage@{k}");
            scores.metrics.iter().find(|(name, _)| *name == metric).map_or(0.0, |&(_, value)| value)
        };
        let x = |k: usize| super::statistics::float(k);
        let series = scores_of(self, |scores| self.cutoffs.iter().map(|&k| (x(k), value(scores, k))).collect());
        format!(
            "<h2>How much of the catalogue is seen</h2>\n<p>The share of courses that at least one test participant is \
             shown.</p>\n{}",
            lines(&series, Axis::Linear, "courses in the list", "catalogue coverage")
        )
    }

    fn differences_table(&self) -> String {
        let rows = self.comparisons.iter().map(|c| {
            format!(
                "<tr><td class=\"text\">{}</td><td class=\"text\">{}</td><td class=\"text\">{}</td>{}</tr>\n",
                escape(&c.contender),
                escape(&c.baseline),
                c.metric,
                cells(&c.difference)
            )
        });
        table(
            "Differences, on the same participants",
            &["", "against", "metric", "lift", "difference", "95 % interval", "z", ""],
            &rows.collect::<String>(),
        )
    }

    fn metrics_table(&self) -> String {
        let names = self.contenders.iter().map(|scores| scores.name.as_str());
        let head: Vec<&str> = [""].into_iter().chain(names).collect();
        let row = |(at, (metric, _)): (usize, &(String, f64))| {
            let values = self.contenders.iter().map(|scores| format!("<td>{:.4}</td>", scores.metrics[at].1));
            format!("<tr><td>{metric}</td>{}</tr>\n", values.collect::<String>())
        };
        let rows: String = self.model().metrics.iter().enumerate().map(row).collect();
        table("All metrics", &head, &rows)
    }

    fn groups_table(&self) -> String {
        let rows = self.groups.iter().map(|g| {
            format!(
                "<tr><td>{}</td><td class=\"text\">{}</td><td>{}</td><td>{:.4}</td><td>{:.4}</td>{}</tr>\n",
                escape(&g.attribute),
                escape(&g.value),
                g.participants,
                g.model,
                g.popularity,
                cells(&g.difference)
            )
        });
        let head = ["", "", "tested", "sebaya", "popularity", "lift", "difference", "95 % interval", "z", ""];
        table(&format!("{} by group", self.decides), &head, &rows.collect::<String>())
    }
}

impl Sweep {
    fn curves(&self) -> String {
        let curve = |points: &[Point], x: fn(&Point) -> f64, axis, label| {
            let line = points.iter().map(|point| (x(point), point.value)).collect();
            let flat = points.iter().map(|point| (x(point), self.popularity)).collect();
            let series = [Series { name: "sebaya", points: line }, Series { name: "popularity", points: flat }];
            lines(&series, axis, label, &self.metric)
        };
        #[expect(clippy::cast_precision_loss, reason = "a place on an axis")]
        let by_neighbours =
            curve(&self.by_neighbours, |p| p.k as f64, Axis::Logarithmic, "k, the number of neighbours");
        let by_prior = curve(&self.by_prior, |p| p.prior, Axis::Even, "prior, in votes");
        // Where there is none, purchases count alike however old they are.
        let by_half_life = curve(
            &self.by_half_life,
            |p| p.half_life.unwrap_or(f64::INFINITY),
            Axis::Even,
            "half-life of votes, in days",
        );
        let by_half_life = if self.by_half_life.is_empty() { String::new() } else { by_half_life };
        format!(
            "<h2>Other parameters</h2>\n<p>The metric over the number of neighbours, over the prior and, where times are \
             known, over the half-life of votes, each with the others as they were evaluated. A choice made by these curves must be confirmed with another seed or later \
             purchases.</p>\n{by_neighbours}{by_prior}{by_half_life}"
        )
    }
}

/// A line for each contender.
fn scores_of(report: &Report, points: impl Fn(&Scores) -> Vec<(f64, f64)>) -> Vec<Series<'_>> {
    report.contenders.iter().map(|scores| Series { name: &scores.name, points: points(scores) }).collect()
}

fn cells(difference: &Difference) -> String {
    let Difference { difference, lift, low, high, z, verdict } = difference;
    let lift = lift.map_or(String::new(), percent);
    let z = z.map_or(String::new(), |z| format!("{z:.1}"));
    let class = class(*verdict);
    format!(
        "<td>{lift}</td><td>{difference:+.4}</td><td>{low:+.4} to {high:+.4}</td><td>{z}</td>\
         <td class=\"text {class}\">{verdict}</td>"
    )
}

fn class(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Higher => "higher",
        Verdict::Lower => "lower",
        Verdict::NoDifference | Verdict::TooFew => "same",
    }
}

fn table(title: &str, head: &[&str], rows: &str) -> String {
    let head: Vec<String> = head.iter().map(|cell| escape(cell)).collect();
    let head = head.join("</th><th>");
    format!("<h2>{title}</h2>\n<div class=\"wide\"><table>\n<tr><th>{head}</th></tr>\n{rows}</table></div>\n")
}
