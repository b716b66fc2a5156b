//! One query, from profile to list. This is the whole pipeline:
//!
//! ```text
//! who asks       encode      the profile's vector; what is owned; who is left out
//! who is alike   neighbours  the k nearest past participants, ties shared
//! what they buy  rank        votes, score, one total order
//! what is paid   budget      open, not owned, accepted, price <= balance: before the list is cut
//! ```

use std::collections::HashSet;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::changes::Changes;
use super::{Query, QueryError, Recommendations, Recommender};
use crate::Error;
use crate::budget::{Eligibility, Owned};
use crate::domain::Amount;
use crate::encode::EncodedProfile;
use crate::neighbours::{Moved, Neighbourhood, Search, SearchScratch};
use crate::rank::{Evidence, HistoryVotes, Ranked, Scoring, Votes};

impl Recommender {
    /// The courses most popular among participants like the one who asks, of those that the balance pays for.
    ///
    /// # Errors
    ///
    /// * [`Error::Query`] for an unknown participant, an unknown owned course or a balance above [`Amount::MAX`];
    /// * [`Error::Profile`] when the profile does not fit the schema.
    ///
    /// ```
    /// # use sebaya::prelude::*;
    /// # let mut data = TrainingSet::builder(Schema::new().numeric("age").categorical("province"));
    /// # data.course(Course::new("excel", Amount(250_000)).with_category("office"))?.course(Course::new("sewing", Amount(400_000)))?;
    /// # for (id, age, course) in [("ani", 24, "excel"), ("budi", 31, "sewing"), ("cici", 31, "excel")] {
    /// #     data.participant(id, Profile::new().with("age", age).with("province", "Bali"))?.purchase(id, course)?;
    /// # }
    /// # let data = data.build()?;
    /// # let model = Recommender::params().n_neighbours(2).fit(&data)?;
    /// let answer = model.recommend(&Query::participant("budi", Amount(300_000)))?;
    /// assert_eq!(answer.iter().next().unwrap().course().id(), "excel");
    /// # Ok::<(), sebaya::Error>(())
    /// ```
    pub fn recommend(&self, query: &Query<'_>) -> Result<Recommendations<'_>, Error> {
        self.scratch.with(self, |scratch| {
            scratch.recommend(self, query, query.top)?;
            Ok(Recommendations::new(self, query, scratch))
        })
    }
}

/// The memory of one query, reused by the next.
#[derive(Debug)]
pub(super) struct Scratch {
    pub(super) profile: EncodedProfile,
    pub(super) owned: Owned,
    /// The row of which one member, who asks, does not count.
    pub(super) leave_out: Option<u32>,
    search: SearchScratch,
    pub(super) neighbourhood: Neighbourhood,
    votes: Votes,
    history: HistoryVotes,
    pub(super) scoring: Scoring,
    pub(super) best: Vec<Ranked>,
}

impl Scratch {
    /// Puts the `top` best courses into `best`; this is the pipeline.
    pub(super) fn recommend(&mut self, model: &Recommender, query: &Query<'_>, top: usize) -> Result<(), Error> {
        self.find_neighbours(model, query)?;
        self.votes.collect(&self.neighbourhood, &model.base.baskets, &model.changes.baskets);

        self.scoring = Scoring::new(&self.neighbourhood, model.params.prior(), model.n_past);
        self.history.clear();
        if query.by_history && !self.owned.list().is_empty() {
            model.histories().search(self.owned.list(), |course| self.owned.contains(course), &mut self.history);
        }
        let eligible = eligibility(model, query, &self.owned);
        let evidence = evidence(&self.scoring, &self.votes, &self.history, model);
        evidence.rank(|course| eligible.allows(course), top, &mut self.best);
        Ok(())
    }

    /// Adds these courses to the ranked ones where they are missing, which means that their score is 0.
    pub(super) fn rank_too(&mut self, model: &Recommender, courses: &[u32]) {
        if courses.is_empty() {
            return;
        }
        let known: HashSet<u32> = self.best.iter().map(|ranked| ranked.course).collect();
        for &course in courses {
            if !known.contains(&course) {
                let evidence = evidence(&self.scoring, &self.votes, &self.history, model);
                self.best.push(evidence.ranked(course));
            }
        }
        self.best.sort_unstable_by(Ranked::order);
    }

    /// Encodes who asks and finds who is alike.
    pub(super) fn find_neighbours(&mut self, model: &Recommender, query: &Query<'_>) -> Result<(), Error> {
        self.leave_out = self.read(model, query)?;
        let search = model.search(&self.profile, self.leave_out);
        model.base.index.search(&search, &mut self.search, &mut self.neighbourhood);
        Ok(())
    }

    /// Reads the query: the profile, what is owned, and the row of the participant who is left out.
    fn read(&mut self, model: &Recommender, query: &Query<'_>) -> Result<Option<u32>, Error> {
        if query.balance > Amount::MAX {
            return Err(QueryError::BalanceTooLarge { balance: query.balance }.into());
        }
        self.owned.clear();
        for id in &query.owned {
            let course = model.catalogue.number(id.as_str());
            self.owned.add(course.ok_or_else(|| QueryError::UnknownCourse { id: id.clone() })?);
        }
        let mut who = None;
        let mut leave_out = None;
        if let Some(id) = &query.participant {
            let person = model.people.find(id.as_str());
            let person = person.ok_or_else(|| QueryError::UnknownParticipant { id: id.clone() })?;
            person.each_bought(|course, _| self.owned.add(course));
            // Without purchases it is nobody's neighbour anyway.
            leave_out = model.row(person);
            who = Some(person);
        }
        match (&query.profile, who) {
            (Some(profile), _) => model.encoder().encode_into(profile, &mut self.profile)?,
            (None, Some(person)) => model.encode_person(person, &mut self.profile),
            (None, None) => self.profile = EncodedProfile::default(),
        }
        Ok(leave_out)
    }

    /// The row of the index that has just this profile, when there is one.
    pub(super) fn row_of(&mut self, model: &Recommender, profile: &EncodedProfile) -> Option<u32> {
        let moved = Moved::default();
        let search = Search { query: profile, k: 1, left_out: None, moved: &moved, appended: &[] };
        model.base.index.search(&search, &mut self.search, &mut self.neighbourhood);
        // Different profiles are never at distance 0 from each other, but for attributes that do not count.
        let found = self.neighbourhood.inside().iter().chain(self.neighbourhood.boundary()).copied().next();
        found.filter(|_| self.neighbourhood.radius() == 0)
    }

    /// Makes room for a model that may have more courses than the last one.
    fn fit(&mut self, model: &Recommender) {
        self.votes.fit(model.catalogue.len());
        self.owned.fit(model.catalogue.len());
    }

    fn new(model: &Recommender) -> Self {
        let n_courses = model.catalogue.len();
        Self {
            profile: EncodedProfile::default(),
            owned: Owned::new(n_courses),
            leave_out: None,
            search: SearchScratch::default(),
            neighbourhood: Neighbourhood::default(),
            votes: Votes::new(n_courses),
            history: HistoryVotes::default(),
            scoring: Scoring::default(),
            best: Vec::new(),
        }
    }
}

impl Recommender {
    /// The search for those like this profile, of whom one may be left out.
    pub(super) fn search<'s>(&'s self, query: &'s EncodedProfile, left_out: Option<u32>) -> Search<'s> {
        let Changes { moved, appended, .. } = &self.changes;
        Search { query, k: self.params.n_neighbours(), left_out, moved, appended }
    }
}

fn evidence<'s>(
    scoring: &'s Scoring,
    votes: &'s Votes,
    history: &'s HistoryVotes,
    model: &'s Recommender,
) -> Evidence<'s> {
    let history = Some(history).filter(|history| !history.is_empty());
    Evidence { scoring, votes, popularity: &model.popularity, history }
}

pub(super) fn eligibility<'q>(model: &'q Recommender, query: &'q Query<'_>, owned: &'q Owned) -> Eligibility<'q> {
    Eligibility { catalogue: &model.catalogue, owned, balance: query.balance, accept: query.accept.as_deref() }
}

/// Answers queries one after another, reusing its memory and the answer's: after the first few, none allocates, unless
/// an index of linfa-nn is searched or a query holds tags never seen before.
///
/// ```
/// # use sebaya::prelude::*;
/// # let mut data = TrainingSet::builder(Schema::new().numeric("age"));
/// # data.course(Course::new("excel", Amount(250_000)))?;
/// # data.participant("ani", Profile::new().with("age", 24))?.purchase("ani", "excel")?;
/// # let model = Recommender::params().fit(&data.build()?)?;
/// let queries = [24, 31, 45].map(|age| Query::new(Profile::new().with("age", age), Amount(300_000)));
/// let mut searcher = model.searcher();
/// for query in &queries {
///     assert_eq!(searcher.recommend(query)?.len(), 1);
/// }
/// # Ok::<(), sebaya::Error>(())
/// ```
#[derive(Debug)]
pub struct Searcher<'m> {
    model: &'m Recommender,
    scratch: Scratch,
    answer: Recommendations<'m>,
}

impl<'m> Searcher<'m> {
    pub(super) fn new(model: &'m Recommender) -> Self {
        Self { model, scratch: Scratch::new(model), answer: Recommendations::empty() }
    }

    /// As [`Recommender::recommend`], into memory that is there.
    ///
    /// # Errors
    ///
    /// As [`Recommender::recommend`].
    pub fn recommend(&mut self, query: &Query<'_>) -> Result<&Recommendations<'m>, Error> {
        self.scratch.recommend(self.model, query, query.top)?;
        self.answer.fill(self.model, query, &self.scratch);
        Ok(&self.answer)
    }
}

/// Scratch space that waits for the next query.
#[derive(Debug, Default)]
pub(super) struct ScratchPool(Mutex<Vec<Scratch>>);

impl ScratchPool {
    pub(super) fn with<T>(&self, model: &Recommender, use_it: impl FnOnce(&mut Scratch) -> T) -> T {
        let waiting = self.lock().pop();
        let mut scratch = waiting.unwrap_or_else(|| Scratch::new(model));
        scratch.fit(model);
        let answer = use_it(&mut scratch);
        self.lock().push(scratch);
        answer
    }

    /// A panic while the lock is held leaves a list that is whole, so its poison means nothing.
    fn lock(&self) -> MutexGuard<'_, Vec<Scratch>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
