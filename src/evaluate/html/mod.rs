//! The report as one page that opens from disk: no script, no font, no picture from elsewhere.

mod plot;

use plot::{Axis, Dot, Series, dots, escape, lines, percent, short};

use super::report::{Group, Scores};
use super::statistics::{Difference, Verdict};
use super::sweep::{Point, Sweep};
use super::{Decision, Report};

const STYLE: &str = include_str!("style.css");
/// So many groups are shown, the others on demand.
const SHOWN_GROUPS: usize = 12;
/// Lifts and groups of more than this many lines would fill pages; the JSON has them all.
const MOST_GROUPS: usize = 80;

impl Report {
    /// One HTML page with plots that needs nothing else: its headline says what to do.
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
            self.headline(),
            self.hit_rate(),
            self.lift_by_group(),
            self.sweep.as_ref().map_or(String::new(), Sweep::curves),
            self.coverage(),
            self.tried_table(),
            self.differences_table(),
            self.metrics_table(),
            self.groups_table(),
        ];
        format!(
            "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width\">\n<title>Do the recommendations help?</title>\n\
             <style>\n{STYLE}</style>\n</head>\n<body>\n{}</body>\n</html>\n",
            sections.concat()
        )
    }

    /// The decision as a headline, and four figures.
    fn headline(&self) -> String {
        let class = match self.decision {
            Decision::SwitchOn => "good",
            Decision::LeaveOff => "bad",
            Decision::BestSellersDoAsWell { .. } | Decision::Undecided => "",
        };
        let k = self.cutoffs.last().copied().unwrap_or_default();
        let of = |scores: &Scores, metric: &str| self.value(&scores.name, metric).unwrap_or_default();
        let hits = format!("hit rate@{k}");
        let lift = self.compare(self.recommended(), self.popularity());
        let [ours, theirs] = [self.recommended(), self.popularity()];
        let figures = [
            (lift.and_then(|d| d.lift).map_or("-".to_owned(), percent), format!("{} over popularity", self.decides)),
            (
                short(of(ours, &self.decides)),
                format!("{}; popularity has {}", self.decides, short(of(theirs, &self.decides))),
            ),
            (
                format!("{:.0} of 100", of(ours, &hits) * 100.0),
                format!(
                    "find a course that they bought among {k}; {:.0} among the best sellers",
                    of(theirs, &hits) * 100.0
                ),
            ),
            (self.tested.to_string(), format!("participants tested; up to {} learned from", self.learned_from)),
        ];
        let figures = figures
            .map(|(figure, says)| format!("<div><dt>{}</dt><dd>{}</dd></div>\n", escape(&says), escape(&figure)));
        let figures = figures.concat();
        let mut words = self.summary.iter().map(|sentence| code(&escape(sentence)));
        let first = words.next().unwrap_or_default();
        let rest: String = words.map(|sentence| "<li>".to_owned() + &sentence + "</li>\n").collect();
        format!(
            "<h1 class=\"decision {class}\">{first}</h1>\n<dl class=\"figures\">\n{figures}</dl>\n<ul>\n{rest}</ul>\n\
             <p>How it was measured: {}. Purchases of {} of {} participants were hidden and predicted; they bought {} of {} \
             courses on average. <em>Popularity</em> is the list of best sellers. The metric that decides, {}, is 1 when the \
             courses that were really bought stand first, and falls towards 0 the lower they stand. The seed is {}.</p>\n",
            escape(&self.split),
            self.tested,
            self.testable,
            short(self.mean_purchases),
            self.courses,
            self.decides,
            self.seed,
        )
    }

    /// What was tried on the training part, and what the learned distance tells.
    fn tried_table(&self) -> String {
        let Some(choice) = self.choice.as_ref().filter(|choice| !choice.tried.is_empty()) else { return String::new() };
        let rows = choice.tried.iter().map(|tried| {
            let difference = tried.difference.as_ref().map_or("<td></td>".repeat(5), cells);
            format!(
                "<tr><td>{}</td><td class=\"text\">{}</td><td>{}</td><td>{:.4}</td>{difference}</tr>\n",
                tried.part,
                escape(&tried.name),
                tried.participants,
                tried.value
            )
        });
        let head =
            ["measured on", "configuration", "tested", &self.decides, "lift", "difference", "95 % interval", "z", ""];
        let learned = choice.learned_distances.as_ref().map_or(String::new(), |learned| {
            format!(
                "<details><summary>What the learned distance tells, in multiples of the mean distance of two past \
                 participants</summary>\n<pre>{}</pre></details>\n",
                escape_lines(&learned.to_string())
            )
        });
        let note = "<p>Measured on the training part alone. Differences are from the first line of each part.</p>\n";
        table("Configurations tried", &head, &rows.collect::<String>()) + note + &learned
    }

    /// The largest groups first, of one size in the order of the schema.
    fn groups_by_size(&self) -> Vec<&Group> {
        let mut groups: Vec<&Group> = self.groups.iter().collect();
        groups.sort_by_key(|group| std::cmp::Reverse(group.participants));
        groups
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
        let dot = |group: &Group| {
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
        let all: Vec<Dot> = self.groups_by_size().into_iter().filter_map(dot).take(MOST_GROUPS).collect();
        let (shown, more) = all.split_at(all.len().min(SHOWN_GROUPS));
        format!(
            "<h2>For whom it helps</h2>\n<p>The lift of {} over popularity by group, with 95 % intervals; in brackets the \
             number of participants. Grey: no significant difference. The largest groups come first, those of fewer than 30 are left out. Of 20 groups \
             without any difference, one will seem to have one by chance.</p>\n{}{}",
            self.decides,
            dots(shown, "lift over popularity"),
            folded(more.len(), || dots(more, "lift over popularity"))
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
        let row = |g: &&Group| {
            format!(
                "<tr><td>{}</td><td class=\"text\">{}</td><td>{}</td><td>{:.4}</td><td>{:.4}</td>{}</tr>\n",
                escape(&g.attribute),
                escape(&g.value),
                g.participants,
                g.model,
                g.popularity,
                cells(&g.difference)
            )
        };
        let head = ["", "", "tested", "recommended", "popularity", "lift", "difference", "95 % interval", "z", ""];
        let groups = self.groups_by_size();
        let (shown, more) = groups.split_at(groups.len().min(SHOWN_GROUPS));
        let rows = |groups: &[&Group]| rows_of(&head, &groups.iter().map(row).collect::<String>());
        let title = format!("<h2>{} by group</h2>\n", self.decides);
        title + &rows(shown) + &folded(more.len(), || rows(more))
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

/// What is behind a line to be clicked at.
fn folded(n: usize, content: impl FnOnce() -> String) -> String {
    if n == 0 {
        return String::new();
    }
    format!("<details><summary>{n} smaller groups</summary>\n{}</details>\n", content())
}

/// What stands between backticks, as code.
fn code(text: &str) -> String {
    let parts = text.split('`').enumerate();
    parts.map(|(at, part)| if at % 2 == 1 { format!("<code>{part}</code>") } else { part.to_owned() }).collect()
}

/// Lines of text, each escaped on its own, as control characters are not kept.
fn escape_lines(text: &str) -> String {
    text.lines().map(|line| escape(line) + "\n").collect()
}

fn table(title: &str, head: &[&str], rows: &str) -> String {
    format!("<h2>{title}</h2>\n{}", rows_of(head, rows))
}

fn rows_of(head: &[&str], rows: &str) -> String {
    let head: Vec<String> = head.iter().map(|cell| escape(cell)).collect();
    let head = head.join("</th><th scope=\"col\">");
    format!(
        "<div class=\"wide\" tabindex=\"0\"><table>\n<tr><th scope=\"col\">{head}</th></tr>\n{rows}</table></div>\n"
    )
}

#[cfg(test)]
mod tests {
    use super::STYLE;

    /// Of a colour as `#rgb` or `#rrggbb`: WCAG 2.2, "relative luminance".
    fn luminance(colour: &str) -> f64 {
        let digits = colour.trim_start_matches('#');
        let wide = digits.len() / 3;
        let channel = |at: usize| {
            let part = &digits[at * wide..][..wide];
            let part = if wide == 1 { part.repeat(2) } else { part.to_owned() };
            let c = f64::from(u8::from_str_radix(&part, 16).unwrap()) / 255.0;
            if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * channel(0) + 0.7152 * channel(1) + 0.0722 * channel(2)
    }

    fn contrast(a: &str, b: &str) -> f64 {
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    /// The variables of the light and of the dark scheme.
    fn schemes() -> [Vec<(&'static str, &'static str)>; 2] {
        let variables = |block: &'static str| {
            let block = block.split_once('{').unwrap().1.split_once('}').unwrap().0;
            let pairs = block.split(';').filter_map(|pair| pair.trim().strip_prefix("--")?.split_once(": "));
            pairs.collect::<Vec<_>>()
        };
        let (light, dark) = STYLE.split_once("@media (prefers-color-scheme: dark) {").unwrap();
        [variables(light), variables(dark)]
    }

    #[test]
    fn the_contrast_of_black_and_white_is_21_and_of_equal_colours_1() {
        assert!((contrast("#000", "#ffffff") - 21.0).abs() < 1e-9 && (contrast("#888", "#888888") - 1.0).abs() < 1e-9);
    }

    #[test]
    fn text_and_lines_stand_out_in_light_and_in_dark() {
        let [light, dark] = schemes();
        let names = |scheme: &[(&'static str, &str)]| scheme.iter().map(|pair| pair.0).collect::<Vec<_>>();
        assert_eq!(names(&light), names(&dark), "each scheme sets every colour");
        for scheme in [light, dark] {
            let page = scheme.iter().find(|(name, _)| *name == "page").unwrap().1;
            for (name, colour) in scheme.into_iter().filter(|(name, _)| *name != "page") {
                // 4.5 for text; 3 for what only draws a line.
                let least = if name == "rule" || name.starts_with('s') { 3.0 } else { 4.5 };
                assert!(contrast(colour, page) >= least, "{name}: {colour} on {page}");
            }
        }
    }

    #[test]
    fn no_colour_stands_outside_of_the_schemes() {
        let rules = STYLE.lines().skip_while(|line| !line.starts_with("body"));
        assert!(rules.into_iter().all(|line| !line.contains('#')), "{STYLE}");
    }
}
