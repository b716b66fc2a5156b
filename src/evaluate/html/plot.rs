//! Plots as SVG inside the page: lines, and dots with intervals. Colours and fonts come from the page's style sheet.

use std::fmt::Write;

/// The size of a plot in its own units, and the margins around its data.
const WIDTH: f64 = 640.0;
const HEIGHT: f64 = 300.0;
const LEFT: f64 = 64.0;
const RIGHT: f64 = 40.0;
const TOP: f64 = 22.0;
const BOTTOM: f64 = 48.0;
/// The height of one line of a dot plot, and the room for its labels.
const LINE: f64 = 18.0;
const LABELS: f64 = 260.0;
const STEPS: u32 = 4;
/// The style sheet has so many colours for series.
const SERIES: u32 = 8;
/// How far apart lines are drawn that would cover each other.
const APART: f64 = 3.0;

/// A named series of points, ascending in x.
pub(super) struct Series<'a> {
    pub(super) name: &'a str,
    pub(super) points: Vec<(f64, f64)>,
}

/// How the horizontal axis is laid out.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Axis {
    Linear,
    Logarithmic,
    /// Values stand at equal distances.
    Even,
}

/// A line for each series, and a mark at each point whose title tells its value.
pub(super) fn lines(series: &[Series<'_>], axis: Axis, x_label: &str, y_label: &str) -> String {
    let xs: Vec<f64> = series.first().map_or(Vec::new(), |s| s.points.iter().map(|p| p.0).collect());
    let highest = nice(series.iter().flat_map(|s| &s.points).map(|p| p.1).fold(0.0, f64::max));
    let place = |x: f64| match axis {
        Axis::Linear => x,
        Axis::Logarithmic => x.max(f64::MIN_POSITIVE).log10(),
        Axis::Even => xs.iter().zip(0_u32..).find(|&(&other, _)| other >= x).map_or(0.0, |(_, at)| f64::from(at)),
    };
    let (first, last) = (xs.first().map_or(0.0, |&x| place(x)), xs.last().map_or(1.0, |&x| place(x)));
    let span = if last > first { last - first } else { 1.0 };
    let x = |value: f64| LEFT + (place(value) - first) / span * (WIDTH - LEFT - RIGHT);
    let y = |value: f64| HEIGHT - BOTTOM - value / highest * (HEIGHT - TOP - BOTTOM);

    let mut svg = open(WIDTH, HEIGHT, y_label);
    for step in 0..=STEPS {
        let value = highest * f64::from(step) / f64::from(STEPS);
        let (at, right) = (y(value), WIDTH - RIGHT);
        push(
            &mut svg,
            format_args!("<line class=\"grid\" x1=\"{LEFT}\" y1=\"{at:.1}\" x2=\"{right}\" y2=\"{at:.1}\"/>"),
        );
        push(
            &mut svg,
            format_args!("<text class=\"end\" x=\"{}\" y=\"{:.1}\">{}</text>", LEFT - 6.0, at + 4.0, short(value)),
        );
    }
    let every = xs.len().div_ceil(14).max(1);
    for &value in xs.iter().step_by(every) {
        let at = HEIGHT - BOTTOM + 16.0;
        push(&mut svg, format_args!("<text class=\"middle\" x=\"{:.1}\" y=\"{at}\">{}</text>", x(value), short(value)));
    }
    push(
        &mut svg,
        format_args!("<text class=\"middle\" x=\"{}\" y=\"{}\">{}</text>", WIDTH / 2.0, HEIGHT - 8.0, escape(x_label)),
    );
    push(&mut svg, format_args!("<text x=\"{LEFT}\" y=\"{}\" dy=\"-6\">{}</text>", TOP, escape(y_label)));
    let mut drawn: Vec<Vec<String>> = Vec::new();
    for (series, number) in series.iter().zip(0..) {
        let path = |up: f64| -> Vec<String> {
            series.points.iter().map(|&(px, py)| format!("{:.1},{:.1}", x(px), y(py) - up)).collect()
        };
        // A line that would cover another one lies a little above it.
        let mut up = 0.0;
        while !series.points.is_empty() && drawn.contains(&path(up)) {
            up += APART;
        }
        drawn.push(path(up));
        let class = class_of(number);
        push(&mut svg, format_args!("<polyline class=\"{class}\" points=\"{}\"/>", path(up).join(" ")));
        for &(px, py) in &series.points {
            let title = format!("{}: {} at {}", escape(series.name), short(py), short(px));
            let mark = mark(number, x(px), y(py) - up);
            push(&mut svg, format_args!("<path class=\"mark {class}\" d=\"{mark}\"><title>{title}</title></path>"));
        }
    }
    svg.push_str("</svg></div>\n");
    svg.push_str(&legend(series.iter().map(|s| s.name)));
    svg
}

/// A value with its interval.
pub(super) struct Dot {
    pub(super) label: String,
    pub(super) value: f64,
    pub(super) low: f64,
    pub(super) high: f64,
    /// A class of the style sheet.
    pub(super) class: &'static str,
}

/// A line for each value, with a mark at 0.
pub(super) fn dots(dots: &[Dot], x_label: &str) -> String {
    let ends = |pick: fn(&Dot) -> f64, best: fn(f64, f64) -> f64| dots.iter().map(pick).fold(0.0, best);
    let (lowest, highest) = (ends(|d| d.low.max(-1.0), f64::min), ends(|d| d.high, f64::max));
    let span = if highest > lowest { highest - lowest } else { 1.0 };
    let x = |value: f64| LABELS + (value.clamp(lowest, highest) - lowest) / span * (WIDTH - LABELS - RIGHT);
    let height = dots.iter().fold(TOP + BOTTOM, |height, _| height + LINE);

    let mut svg = open(WIDTH, height, x_label);
    let (zero, bottom) = (x(0.0), height - BOTTOM + 4.0);
    push(
        &mut svg,
        format_args!("<line class=\"zero\" x1=\"{zero:.1}\" y1=\"{TOP}\" x2=\"{zero:.1}\" y2=\"{bottom}\"/>"),
    );
    for value in [lowest, 0.0, highest] {
        let at = x(value);
        push(
            &mut svg,
            format_args!("<text class=\"middle\" x=\"{at:.1}\" y=\"{}\">{}</text>", bottom + 14.0, percent(value)),
        );
    }
    push(
        &mut svg,
        format_args!(
            "<text class=\"middle\" x=\"{}\" y=\"{}\">{}</text>",
            f64::midpoint(LABELS, WIDTH),
            height - 8.0,
            escape(x_label)
        ),
    );
    let mut at = TOP;
    for Dot { label, value, low, high, class } in dots {
        let middle = at + LINE / 2.0;
        push(
            &mut svg,
            format_args!(
                "<text class=\"end\" x=\"{}\" y=\"{:.1}\">{}</text>",
                LABELS - 10.0,
                middle + 4.0,
                escape(label)
            ),
        );
        let (x1, x2, cx) = (x(*low), x(*high), x(*value));
        push(
            &mut svg,
            format_args!("<line class=\"{class}\" x1=\"{x1:.1}\" y1=\"{middle}\" x2=\"{x2:.1}\" y2=\"{middle}\"/>"),
        );
        let title = format!("{}: {} ({} to {})", escape(label), percent(*value), percent(*low), percent(*high));
        push(
            &mut svg,
            format_args!(
                "<circle class=\"{class}\" cx=\"{cx:.1}\" cy=\"{middle}\" r=\"4\"><title>{title}</title></circle>"
            ),
        );
        at += LINE;
    }
    svg.push_str("</svg></div>\n");
    svg
}

fn open(width: f64, height: f64, label: &str) -> String {
    format!(
        "<div class=\"wide\" tabindex=\"0\"><svg viewBox=\"0 0 {width} {height}\" role=\"img\" aria-label=\"{}\">\n",
        escape(label)
    )
}

fn legend<'n>(names: impl Iterator<Item = &'n str>) -> String {
    let entries = names.zip(0..).map(|(name, number)| {
        format!(
            "<span><svg class=\"key\" viewBox=\"0 0 40 10\" aria-hidden=\"true\"><polyline class=\"{0}\" points=\"0,5 40,5\"/><path class=\"mark {0}\" d=\"{1}\"/></svg> {2}</span>",
            class_of(number),
            mark(number, 20.0, 5.0),
            escape(name)
        )
    });
    format!("<p class=\"legend\">{}</p>\n", entries.collect::<Vec<_>>().join(" "))
}

/// Colour and dashes of a series.
fn class_of(number: u32) -> String {
    format!("s{}", number % SERIES)
}

/// A mark around a point: series differ in its form too, as colours do not serve everybody.
fn mark(number: u32, x: f64, y: f64) -> String {
    let polygon = |points: &[(f64, f64)]| {
        let points: Vec<String> = points.iter().map(|(dx, dy)| format!("{:.1} {:.1}", x + dx, y + dy)).collect();
        format!("M{}Z", points.join("L"))
    };
    match number % 4 {
        0 => format!("M{:.1} {y:.1}a3 3 0 1 0 6 0a3 3 0 1 0 -6 0Z", x - 3.0),
        1 => polygon(&[(-2.5, -2.5), (2.5, -2.5), (2.5, 2.5), (-2.5, 2.5)]),
        2 => polygon(&[(0.0, -3.5), (3.5, 3.0), (-3.5, 3.0)]),
        _ => polygon(&[(0.0, -4.0), (4.0, 0.0), (0.0, 4.0), (-4.0, 0.0)]),
    }
}

/// Writing to a string cannot fail.
fn push(svg: &mut String, element: std::fmt::Arguments<'_>) {
    let _ = writeln!(svg, "{element}");
}

/// The next of 1, 2, 4, 5 and 8 times a power of ten.
fn nice(value: f64) -> f64 {
    if value <= 0.0 || !value.is_finite() {
        return 1.0;
    }
    let power = 10.0_f64.powf(value.log10().floor());
    [1.0, 2.0, 4.0, 5.0, 8.0].map(|step| step * power).into_iter().find(|&n| n >= value).unwrap_or(10.0 * power)
}

/// At most four places.
pub(super) fn short(value: f64) -> String {
    let text = format!("{value:.4}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

pub(super) fn percent(share: f64) -> String {
    format!("{:+.1} %", share * 100.0)
}

/// Names come from data and may hold anything.
pub(super) fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            // Not allowed in a page, not even escaped.
            c if c.is_control() => safe.push(' '),
            c => safe.push(c),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[expect(clippy::float_cmp, reason = "whole numbers and powers of ten")]
    fn axes_end_at_round_numbers() {
        assert_eq!([0.0, 0.9, 1.0, 3.0, 45.0, 81.0].map(nice), [1.0, 1.0, 1.0, 4.0, 50.0, 100.0]);
        assert_eq!([0.5, 10.0, 0.123_456].map(short), ["0.5", "10", "0.1235"]);
    }

    #[test]
    fn names_cannot_break_the_page() {
        assert_eq!(escape("<b>\"R&D\"\u{0}</b>"), "&lt;b&gt;&quot;R&amp;D&quot; &lt;/b&gt;");
    }

    #[test]
    fn lines_that_coincide_are_drawn_apart_and_differ_in_their_marks() {
        let line = |name| Series { name, points: vec![(1.0, 1.0), (10.0, 1.0)] };
        let nothing = || Series { name: "c", points: Vec::new() };
        assert!(lines(&[nothing(), nothing()], Axis::Even, "k", "NDCG").ends_with("</p>\n"));
        let svg = lines(&[line("a"), line("b")], Axis::Linear, "k", "NDCG");
        assert!(
            svg.contains("points=\"64.0,22.0 600.0,22.0\"") && svg.contains("points=\"64.0,19.0 600.0,19.0\""),
            "{svg}"
        );
        assert_ne!(mark(0, 0.0, 0.0), mark(1, 0.0, 0.0));
    }

    #[test]
    fn a_line_has_a_point_for_each_value_and_the_first_lies_at_the_left() {
        let series = [Series { name: "a", points: vec![(1.0, 0.0), (10.0, 1.0), (100.0, 1.0)] }];
        let svg = lines(&series, Axis::Logarithmic, "k", "NDCG");
        assert!(svg.contains("points=\"64.0,252.0 332.0,22.0 600.0,22.0\""), "{svg}");
    }
}
