//! The answer to a query as one line of JSON, whose keys and order are fixed.

use sebaya::{Amount, CourseId, Plan, Recommendation, Recommendations};
use serde::Serialize;

#[derive(Serialize)]
pub(crate) struct Line<'a> {
    query: &'a str,
    balance: Amount,
    k: u64,
    radius: f64,
    inside: u64,
    boundary: u64,
    recommendations: Vec<Best<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    plan: Option<Set<'a>>,
}

#[derive(Serialize)]
struct Best<'a> {
    course: &'a CourseId,
    price: Amount,
    score: f64,
    votes: f64,
    supporters: u32,
    buyers: u32,
}

#[derive(Serialize)]
struct Set<'a> {
    courses: Vec<&'a CourseId>,
    total: Amount,
    leftover: Amount,
    score: f64,
}

impl<'a> Line<'a> {
    pub(crate) fn new(query: &'a str, balance: Amount, answer: &'a Recommendations, plan: Option<&'a Plan>) -> Self {
        let (k, radius, inside, boundary) = (answer.k(), answer.radius(), answer.n_inside(), answer.n_boundary());
        let recommendations = answer.iter().map(best).collect();
        let plan = plan.map(|plan| Set {
            courses: plan.courses().iter().map(|course| course.course().id()).collect(),
            total: plan.total(),
            leftover: plan.leftover(),
            score: plan.score(),
        });
        Self { query, balance, k, radius, inside, boundary, recommendations, plan }
    }
}

fn best(best: &Recommendation) -> Best<'_> {
    Best {
        course: best.course().id(),
        price: best.course().price(),
        score: best.score(),
        votes: best.votes(),
        supporters: best.supporters(),
        buyers: best.buyers(),
    }
}
