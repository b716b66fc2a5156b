//! One query, from profile to list. This is the whole pipeline:
//!
//! ```text
//! read             query, encode   the profile's vector; what is owned; who is left out
//! find_neighbours  neighbours      the k nearest past participants, ties shared
//! count_votes      rank            what the neighbours bought, and those who bought the same
//! rank             rank, budget    the eligible courses by score; only then the list is cut
//! ```

use std::collections::HashSet;

use super::scratch::Scratch;
use super::{Query, QueryError, Recommendations, Recommender};
use crate::budget::{Eligibility, Owned};
use crate::domain::{Amount, Profile};
use crate::model::Model;
use crate::rank::{Evidence, HistoryVotes, Ranked, Scoring, Votes};

impl Recommender {
    /// Recommends courses: those most popular among past participants with a similar profile, of those that the balance pays
    /// for. The answer owns what it says, so it can be kept, sent and serialised.
    ///
    /// # Errors
    ///
    /// * [`QueryError::UnknownParticipant`] or [`QueryError::UnknownCourse`], unless the query is
    ///   [lenient](Query::lenient);
    /// * [`QueryError::BalanceTooLarge`] when the balance is above [`Amount::MAX`];
    /// * [`QueryError::Profile`] when the profile does not fit the schema.
    ///
    /// ```
    /// # use sebaya::prelude::*;
    /// # let model = sebaya::example_world::model()?;
    /// let answer = model.recommend(&Query::participant("eko", Amount(300_000)))?;
    /// let courses: Vec<&str> = answer.iter().map(|best| best.course().title()).collect();
    /// assert_eq!(courses, ["Excel for the office", "First steps in Python", "Bread and cakes"]);
    /// # Ok::<(), sebaya::Error>(())
    /// ```
    pub fn recommend(&self, query: &Query<'_>) -> Result<Recommendations, QueryError> {
        self.scratch.with(&self.model, |scratch| {
            scratch.recommend(&self.model, query, query.top_n)?;
            Ok(Recommendations::new(&self.model, query, scratch))
        })
    }
}

impl Scratch {
    /// Puts the `top_n` best courses into `best`.
    pub(super) fn recommend(&mut self, model: &Model, query: &Query<'_>, top_n: usize) -> Result<(), QueryError> {
        self.read(model, query)?;
        self.find_neighbours(model);
        self.count_votes(model, query);
        self.rank(model, query, top_n);
        Ok(())
    }

    /// Reads the query: the profile, what is owned, and the row of the participant who is left out.
    pub(super) fn read(&mut self, model: &Model, query: &Query<'_>) -> Result<(), QueryError> {
        if query.balance > Amount::MAX {
            return Err(QueryError::BalanceTooLarge { balance: query.balance });
        }
        self.unknown.clear();
        self.owned.clear();
        for id in &query.owned {
            match model.catalogue.number(id.as_str()) {
                Some(course) => self.owned.add(course),
                None if query.lenient => self.unknown.owned.push(id.clone()),
                None => return Err(QueryError::UnknownCourse { id: id.clone() }),
            }
        }
        let mut who = None;
        if let Some(id) = &query.participant {
            who = model.people.find(id.as_str());
            match who {
                Some(person) => person.each_bought(|course, _| self.owned.add(course)),
                None if query.lenient => self.unknown.participant = Some(id.clone()),
                None => return Err(QueryError::UnknownParticipant { id: id.clone() }),
            }
        }
        // Somebody without purchases is nobody's neighbour, and has no row.
        self.leave_out = who.and_then(|person| model.row(person));
        match (&query.profile, who) {
            (Some(profile), _) => model.encoder.encode_into(profile, &mut self.profile)?,
            (None, Some(person)) => model.encode_person(person, &mut self.profile),
            (None, None) => model.encoder.encode_into(&Profile::new(), &mut self.profile)?,
        }
        Ok(())
    }

    pub(super) fn find_neighbours(&mut self, model: &Model) {
        let search = model.search(&self.profile, self.leave_out);
        model.base.index.search(&search, &mut self.search, &mut self.neighbourhood);
    }

    fn weigh_votes(&mut self, model: &Model) {
        let Self { profile, neighbour, vote_weights, neighbourhood, leave_out, .. } = self;
        let search = model.search(profile, *leave_out);
        let distance = |row| {
            model.read_row(row, neighbour);
            model.encoder.units_between(profile, neighbour)
        };
        vote_weights.fill(neighbourhood, distance, |row| search.members(&model.base.profiles, row));
    }

    fn count_votes(&mut self, model: &Model, query: &Query<'_>) {
        let learned = model.encoder.is_learned();
        if learned {
            self.weigh_votes(model);
        }
        let weights = learned.then_some(&self.vote_weights);
        self.votes.collect(&self.neighbourhood, weights, &model.base.baskets, &model.overlay.baskets);
        self.scoring = Scoring::new(&self.neighbourhood, weights, model.params.prior(), model.n_past);
        self.history.clear();
        if query.use_history && !self.owned.list().is_empty() {
            model.history.search(
                |take| model.people.each_basket(take),
                (&model.popularity, model.n_past),
                self.owned.list(),
                |course| self.owned.contains(course),
                &mut self.history,
            );
        }
    }

    fn rank(&mut self, model: &Model, query: &Query<'_>, top_n: usize) {
        let eligible = eligibility(model, query, &self.owned);
        let evidence = evidence(&self.scoring, &self.votes, &self.history, model);
        evidence.rank(|course| eligible.allows(course), top_n, &mut self.best);
    }

    /// Adds these courses to the ranked ones where they are missing, which means that their score is 0.
    pub(super) fn rank_too(&mut self, model: &Model, courses: &[u32]) {
        if courses.is_empty() {
            return;
        }
        let known: HashSet<u32> = self.best.iter().map(|ranked| ranked.course).collect();
        for &course in courses {
            if !known.contains(&course) {
                let ranked = self.evidence(model).ranked(course);
                self.best.push(ranked);
            }
        }
        self.best.sort_unstable_by(Ranked::order);
    }

    /// What the scores of the last answer are made of.
    pub(super) fn evidence<'s>(&'s self, model: &'s Model) -> Evidence<'s> {
        evidence(&self.scoring, &self.votes, &self.history, model)
    }
}

fn evidence<'s>(scoring: &'s Scoring, votes: &'s Votes, history: &'s HistoryVotes, model: &'s Model) -> Evidence<'s> {
    let history = Some(history).filter(|history| !history.is_empty());
    Evidence { scoring, votes, popularity: &model.popularity, history }
}

pub(super) fn eligibility<'q>(model: &'q Model, query: &'q Query<'_>, owned: &'q Owned) -> Eligibility<'q> {
    Eligibility { catalogue: &model.catalogue, owned, balance: query.balance, accept: query.accept.as_deref() }
}
