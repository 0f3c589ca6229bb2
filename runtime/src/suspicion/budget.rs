//! What suspicion may cost.

use std::collections::HashMap;
use std::time::Duration;

use super::collapse::Collapse;
use super::{Evidence, SkipReason, Suspicion, SuspicionProfile};
use crate::clock::Moment;
use crate::token::AccessToken;

/// Whether a suspect answer may cause a token request: the state behind that decision.
///
/// Legitimate 403s and 404s must cost nearly nothing, a revoked token must be replaced at once. Three
/// buckets bound the token requests that suspicion causes in vain to 540 an hour; a pair of operation
/// and status whose answers new tokens don't change soon stops asking for them. A lone 404 finds a full
/// bucket. A token request that has changed an answer is refunded, at most once a second after a strong
/// suspicion and once in 10 seconds after a weak one, so that a server which revokes tokens all the time
/// is kept up with. The numbers are those of the simulation in `tests/simulation`.
#[derive(Debug)]
pub(crate) struct Budget {
    strong: Bucket,
    clean: Bucket,
    known: Bucket,
    weak_at: Option<Moment>,
    records: HashMap<Pair, Record>,
    collapse: Collapse,
    /// The last token that suspicion has fetched.
    fetched: Option<u64>,
    /// How many tokens in a row suspicion has fetched that have never worked.
    barren: u32,
    /// What it was paid from, until that is refunded.
    paid: Option<Purse>,
    useful_strong: Bucket,
    useful_weak: Bucket,
}

/// The bucket that a token request is paid from.
#[derive(Debug, Clone, Copy)]
enum Purse {
    Strong,
    Clean,
    Known,
}

/// An operation and a status.
type Pair = (&'static str, u16);

/// The circumstances of a suspicion.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Circumstances {
    pub(crate) generation: u64,
    pub(crate) age: Duration,
    pub(crate) now: Moment,
}

impl Circumstances {
    pub(crate) fn of(token: &AccessToken, now: Moment) -> Self {
        Self {
            generation: token.generation(),
            age: token.age(now),
            now,
        }
    }
}

/// Weak suspicions cause token requests at most this often.
const WEAK_SPACING: Duration = Duration::from_secs(1);
/// A token that suspicion has fetched and that has never worked isn't suspected before this age: a
/// resource server whose clock is behind refuses new tokens (`nbf`), and one that learns of tokens late
/// doesn't know them yet. The age doubles with each such token in a row, or none would ever live to be
/// known.
const YOUNG: Duration = Duration::from_secs(5);
const LONGEST_YOUTH: Duration = Duration::from_secs(300);
/// A scope is granted by people; asking more often than this is in vain.
const YOUNG_FOR_SCOPE: Duration = Duration::from_secs(60);
/// After so many generations that didn't help, a pair sleeps.
const PATIENCE: u32 = 3;
const SHORTEST_SLEEP: Duration = Duration::from_secs(600);
const LONGEST_SLEEP: Duration = Duration::from_secs(3600);

impl Budget {
    pub(crate) fn new(now: Moment) -> Self {
        Self {
            strong: Bucket::new(5, Duration::from_secs(10), now),
            clean: Bucket::new(5, Duration::from_secs(30), now),
            known: Bucket::new(1, Duration::from_secs(60), now),
            weak_at: None,
            records: HashMap::new(),
            collapse: Collapse::default(),
            fetched: None,
            barren: 0,
            paid: None,
            useful_strong: Bucket::new(60, Duration::from_secs(1), now),
            useful_weak: Bucket::new(10, Duration::from_secs(10), now),
        }
    }

    /// Notes a number of good answers to calls made with the present token.
    pub(crate) fn succeeded(&mut self, times: u32) {
        self.collapse.succeeded(times);
    }

    /// Notes a suspect answer to a call made with the present token.
    pub(crate) fn suspected(&mut self) {
        self.collapse.suspected();
    }

    /// Decides whether a suspect answer causes a token request, and takes its price.
    pub(crate) fn spend(
        &mut self,
        profile: SuspicionProfile,
        suspicion: &Suspicion,
        circumstances: Circumstances,
    ) -> Result<(), SkipReason> {
        let is_barren = self.fetched == Some(circumstances.generation) && !self.collapse.worked();
        let purse = self.judge(profile, suspicion, circumstances)?;
        self.barren = if is_barren {
            self.barren.saturating_add(1)
        } else {
            0
        };
        self.fetched = Some(circumstances.generation + 1);
        self.paid = purse;
        Ok(())
    }

    fn youth(&self) -> Duration {
        YOUNG
            .saturating_mul(1 << self.barren.min(6))
            .min(LONGEST_YOUTH)
    }

    /// Returns what a token request is to be paid from; nothing if it's free.
    fn judge(
        &mut self,
        profile: SuspicionProfile,
        suspicion: &Suspicion,
        circumstances: Circumstances,
    ) -> Result<Option<Purse>, SkipReason> {
        let Circumstances {
            generation,
            age,
            now,
        } = circumstances;
        let strong = suspicion.evidence == Evidence::Strong;
        if !profile.acts_on(suspicion.evidence) {
            return Err(SkipReason::Policy);
        }
        if profile == SuspicionProfile::AppianUnbounded {
            return Ok(None);
        }
        if self.fetched == Some(generation) && !self.collapse.worked() && age < self.youth() {
            return Err(SkipReason::YoungToken);
        }
        if strong {
            self.strong.take(now).ok_or(SkipReason::BudgetSpent)?;
            return Ok(Some(Purse::Strong));
        }
        if suspicion.evidence == Evidence::InsufficientScope && age < YOUNG_FOR_SCOPE {
            return Err(SkipReason::YoungToken);
        }
        match self.judge_weak(suspicion, now) {
            Err(_) if self.collapse.is_certain() && self.strong.take(now).is_some() => {
                Ok(Some(Purse::Strong))
            }
            verdict => verdict.map(Some),
        }
    }

    fn judge_weak(&mut self, suspicion: &Suspicion, now: Moment) -> Result<Purse, SkipReason> {
        let record = self.records.get(&pair(suspicion));
        if record.is_some_and(|record| record.sleeps(now)) {
            return Err(SkipReason::Fruitless);
        }
        if self
            .weak_at
            .is_some_and(|last| now.since(last) < WEAK_SPACING)
        {
            return Err(SkipReason::BudgetSpent);
        }
        let (purse, bucket) = if record.is_some() {
            (Purse::Known, &mut self.known)
        } else {
            (Purse::Clean, &mut self.clean)
        };
        bucket.take(now).ok_or(SkipReason::BudgetSpent)?;
        self.weak_at = Some(now);
        Ok(purse)
    }

    /// Notes that a new token has changed nothing: `generation` is the one that failed to help.
    pub(crate) fn fruitless(&mut self, suspicion: &Suspicion, generation: u64, now: Moment) {
        self.collapse.fruitless();
        if suspicion.evidence == Evidence::Strong {
            return;
        }
        let record = self.records.entry(pair(suspicion)).or_default();
        if record.generation == Some(generation) {
            return;
        }
        record.generation = Some(generation);
        record.fruitless = record.fruitless.saturating_add(1);
        if record.fruitless >= PATIENCE {
            let doublings = (record.fruitless - PATIENCE).min(8);
            let sleep = SHORTEST_SLEEP * 2_u32.pow(doublings);
            record.asleep = Some((now, sleep.min(LONGEST_SLEEP)));
        }
    }

    /// Returns whether new tokens, or that of a generation, are known to change nothing.
    pub(crate) fn is_fruitless(
        &self,
        suspicion: &Suspicion,
        generation: Option<u64>,
        now: Moment,
    ) -> bool {
        let record = self.records.get(&pair(suspicion));
        record.is_some_and(|record| {
            record.sleeps(now) || generation.is_some() && record.generation == generation
        })
    }

    /// Notes that a new token has changed the answer: `generation` is the one that did. What it cost is
    /// refunded, once and within a bound of its own, because the answers of a server may change for
    /// other reasons.
    pub(crate) fn useful(&mut self, suspicion: &Suspicion, generation: u64, now: Moment) {
        self.records.remove(&pair(suspicion));
        if self.fetched != Some(generation) {
            return;
        }
        let Some(purse) = self.paid.take() else {
            return;
        };
        let (bound, bucket) = match purse {
            Purse::Strong => (&mut self.useful_strong, &mut self.strong),
            Purse::Clean => (&mut self.useful_weak, &mut self.clean),
            Purse::Known => (&mut self.useful_weak, &mut self.known),
        };
        if bound.take(now).is_some() {
            bucket.put_back();
        }
    }

    /// Notes that there is another token.
    pub(crate) fn renewed(&mut self) {
        self.collapse.renewed();
    }
}

fn pair(suspicion: &Suspicion) -> Pair {
    (suspicion.operation, suspicion.status.as_u16())
}

/// What is known of a pair whose answers a new token didn't change.
#[derive(Debug, Default)]
struct Record {
    fruitless: u32,
    generation: Option<u64>,
    asleep: Option<(Moment, Duration)>,
}

impl Record {
    fn sleeps(&self, now: Moment) -> bool {
        self.asleep
            .is_some_and(|(since, sleep)| now.since(since) < sleep)
    }
}

/// A token bucket.
#[derive(Debug)]
pub(crate) struct Bucket {
    capacity: f64,
    level: f64,
    period: Duration,
    filled: Moment,
}

impl Bucket {
    pub(crate) fn new(capacity: u32, period: Duration, now: Moment) -> Self {
        Self {
            capacity: f64::from(capacity),
            level: f64::from(capacity),
            period,
            filled: now,
        }
    }

    pub(crate) fn take(&mut self, now: Moment) -> Option<()> {
        let passed = now.since(self.filled).div_duration_f64(self.period);
        self.level = self.capacity.min(self.level + passed);
        self.filled = now;
        if self.level < 1.0 {
            return None;
        }
        self.level -= 1.0;
        Some(())
    }

    fn put_back(&mut self) {
        self.level = self.capacity.min(self.level + 1.0);
    }
}

#[cfg(test)]
mod tests {
    use http::StatusCode;

    use super::*;

    const OLD: Duration = Duration::from_secs(600);

    fn at(seconds: u64) -> Moment {
        Moment::new(
            Duration::from_secs(seconds),
            Duration::from_secs(1_000_000 + seconds),
        )
    }

    fn budget() -> Budget {
        Budget::new(at(0))
    }

    fn not_found(operation: &'static str) -> Suspicion {
        Suspicion {
            operation,
            status: StatusCode::NOT_FOUND,
            evidence: Evidence::Weak,
        }
    }

    fn unauthorized() -> Suspicion {
        Suspicion {
            operation: "a",
            status: StatusCode::UNAUTHORIZED,
            evidence: Evidence::Strong,
        }
    }

    fn spend(
        budget: &mut Budget,
        suspicion: &Suspicion,
        generation: u64,
        second: u64,
    ) -> Result<(), SkipReason> {
        let circumstances = Circumstances {
            generation,
            age: OLD,
            now: at(second),
        };
        budget.spend(SuspicionProfile::Appian, suspicion, circumstances)
    }

    #[test]
    fn a_lone_404_is_acted_on() {
        assert_eq!(spend(&mut budget(), &not_found("a"), 1, 0), Ok(()));
    }

    #[test]
    fn a_pair_that_new_tokens_do_not_help_falls_asleep_and_wakes() {
        let mut budget = budget();
        let suspicion = not_found("a");
        for (generation, second) in [(1, 0), (2, 70), (3, 140)] {
            assert_eq!(spend(&mut budget, &suspicion, generation, second), Ok(()));
            budget.fruitless(&suspicion, generation + 1, at(second));
        }
        assert_eq!(
            spend(&mut budget, &suspicion, 4, 739),
            Err(SkipReason::Fruitless)
        );
        assert_eq!(spend(&mut budget, &not_found("b"), 4, 739), Ok(()));
        assert_eq!(spend(&mut budget, &suspicion, 5, 741), Ok(()));
        budget.fruitless(&suspicion, 6, at(741));
        assert_eq!(
            spend(&mut budget, &suspicion, 6, 741 + 1199),
            Err(SkipReason::Fruitless)
        );
        budget.useful(&suspicion, 6, at(741 + 1199));
        assert_eq!(spend(&mut budget, &suspicion, 6, 741 + 1199), Ok(()));
    }

    #[test]
    fn a_fruitless_token_counts_once_for_all_calls_that_replayed_with_it() {
        let mut budget = budget();
        let suspicion = not_found("a");
        for _ in 0..100 {
            budget.fruitless(&suspicion, 2, at(0));
        }
        assert_eq!(spend(&mut budget, &suspicion, 2, 1), Ok(()));
    }

    #[test]
    fn a_storm_of_404s_costs_little() {
        let mut budget = budget();
        let suspicion = not_found("a");
        let mut generation = 1;
        for second in 0..3600 {
            if spend(&mut budget, &suspicion, generation, second).is_ok() {
                generation += 1;
                budget.renewed();
                budget.fruitless(&suspicion, generation, at(second));
            }
        }
        assert!(generation - 1 <= 10, "{} token requests", generation - 1);
    }

    #[test]
    fn all_buckets_together_have_a_ceiling() {
        let mut budget = budget();
        let mut spent = 0;
        let operations: Vec<&'static str> = vec!["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"];
        for second in 0..3600 {
            budget.succeeded(1);
            for operation in &operations {
                spent += u32::from(spend(&mut budget, &not_found(operation), 1, second).is_ok());
            }
            for _ in 0..20 {
                spent += u32::from(spend(&mut budget, &unauthorized(), 1, second).is_ok());
            }
        }
        assert!(spent <= 551, "{spent} token requests");
    }

    #[test]
    fn a_token_that_helps_costs_nothing() {
        let mut budget = budget();
        for generation in 1..1000 {
            assert_eq!(
                spend(&mut budget, &unauthorized(), generation, generation),
                Ok(()),
                "{generation}"
            );
            budget.renewed();
            for _ in 0..100 {
                budget.useful(&unauthorized(), generation + 1, at(generation));
            }
            budget.succeeded(1);
        }
    }

    #[test]
    fn answers_that_change_by_themselves_have_a_ceiling() {
        for (suspicion, ceiling) in [(not_found("a"), 500), (unauthorized(), 4032)] {
            let mut budget = budget();
            let mut generation = 1;
            for second in 0..3600 {
                for _ in 0..5 {
                    budget.succeeded(1);
                    if spend(&mut budget, &suspicion, generation, second).is_ok() {
                        generation += 1;
                        budget.renewed();
                        budget.useful(&suspicion, generation, at(second));
                    }
                }
            }
            assert!(generation <= ceiling, "{generation} token requests");
        }
    }

    #[test]
    fn a_new_token_that_is_refused_at_once_is_not_suspected_again() {
        let mut budget = budget();
        assert_eq!(spend(&mut budget, &unauthorized(), 1, 0), Ok(()));
        budget.renewed();
        let young = Circumstances {
            generation: 2,
            age: Duration::from_secs(1),
            now: at(1),
        };
        assert_eq!(
            budget.spend(SuspicionProfile::Appian, &unauthorized(), young),
            Err(SkipReason::YoungToken)
        );
        budget.succeeded(1);
        assert_eq!(
            budget.spend(SuspicionProfile::Appian, &unauthorized(), young),
            Ok(())
        );
    }

    #[test]
    fn a_token_that_has_worked_is_not_young_though_a_404_stands() {
        let mut budget = budget();
        assert_eq!(spend(&mut budget, &not_found("a"), 1, 0), Ok(()));
        budget.renewed();
        budget.succeeded(1);
        budget.fruitless(&not_found("a"), 2, at(1));
        let young = Circumstances {
            generation: 2,
            age: Duration::from_secs(1),
            now: at(1),
        };
        assert_eq!(
            budget.spend(SuspicionProfile::Appian, &unauthorized(), young),
            Ok(())
        );
    }

    #[test]
    fn tokens_that_never_work_are_given_ever_more_time() {
        let mut budget = budget();
        let mut generation = 1;
        let mut fetched = 0;
        let mut ages = Vec::new();
        for second in 0..200 {
            let circumstances = Circumstances {
                generation,
                age: Duration::from_secs(second - fetched),
                now: at(second),
            };
            let verdict = budget.spend(SuspicionProfile::Appian, &unauthorized(), circumstances);
            if verdict.is_ok() {
                ages.push(second - fetched);
                (generation, fetched) = (generation + 1, second);
                budget.renewed();
            }
        }
        assert_eq!(ages, [0, 5, 10, 20, 40, 80]);
    }

    #[test]
    fn a_collapse_wakes_a_sleeping_pair() {
        let mut budget = budget();
        let suspicion = not_found("a");
        for generation in 2..5 {
            budget.fruitless(&suspicion, generation, at(0));
        }
        budget.succeeded(1000);
        for _ in 0..15 {
            budget.suspected();
            assert_eq!(
                spend(&mut budget, &suspicion, 5, 1),
                Err(SkipReason::Fruitless)
            );
        }
        budget.suspected();
        assert_eq!(spend(&mut budget, &suspicion, 5, 1), Ok(()));
    }

    #[test]
    fn a_missing_scope_needs_an_old_token() {
        let mut budget = budget();
        let suspicion = Suspicion {
            evidence: Evidence::InsufficientScope,
            ..not_found("a")
        };
        let young = Circumstances {
            generation: 1,
            age: Duration::from_secs(59),
            now: at(0),
        };
        assert_eq!(
            budget.spend(SuspicionProfile::Appian, &suspicion, young),
            Err(SkipReason::YoungToken)
        );
        assert_eq!(spend(&mut budget, &suspicion, 1, 0), Ok(()));
    }

    #[test]
    fn the_other_profiles_do_what_they_say() {
        let mut budget = budget();
        let mut spend = |profile, suspicion: &Suspicion| {
            let circumstances = Circumstances {
                generation: 1,
                age: OLD,
                now: at(0),
            };
            budget.spend(profile, suspicion, circumstances)
        };
        let off = spend(SuspicionProfile::Off, &unauthorized());
        assert_eq!(off, Err(SkipReason::Policy));
        let rfc = spend(SuspicionProfile::Rfc6750, &not_found("a"));
        assert_eq!(rfc, Err(SkipReason::Policy));
        assert_eq!(spend(SuspicionProfile::Rfc6750, &unauthorized()), Ok(()));
        for _ in 0..100 {
            let unbounded = spend(SuspicionProfile::AppianUnbounded, &not_found("a"));
            assert_eq!(unbounded, Ok(()));
        }
    }
}
