//! An access token and how long it is good for.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use bytes::Bytes;
use http::header::{AUTHORIZATION, InvalidHeaderValue};
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use url::Url;
use zeroize::Zeroizing;

use crate::clock::{Clock, Moment};
#[cfg(feature = "jwt")]
use crate::dpop::{self, Dpop, Verifier};
use crate::token_error::TokenError;

/// A token that a [`TokenSource`](crate::TokenSource) has issued.
#[derive(Clone)]
pub struct IssuedToken {
    header: HeaderValue,
    lifetime: Option<Duration>,
    refresh_in: Option<Duration>,
    scope: Option<String>,
    #[cfg(feature = "jwt")]
    key: Option<Dpop>,
}

/// Longer than any token seen in practice, shorter than what servers refuse as a header.
const LONGEST_TOKEN: usize = 64 * 1024;

impl IssuedToken {
    /// Wraps a bearer token ([RFC 6750 §2.1](https://www.rfc-editor.org/rfc/rfc6750#section-2.1)).
    ///
    /// # Errors
    ///
    /// A token that is empty, very long or has characters that aren't visible ASCII is refused: it
    /// would let an authorization server inject headers.
    pub fn bearer(token: &str) -> Result<Self, TokenError> {
        Self::of("Bearer", token)
    }

    /// Wraps a token that is used by a scheme of HTTP authentication.
    pub(crate) fn of(scheme: &str, token: &str) -> Result<Self, TokenError> {
        if token.is_empty() || token.len() > LONGEST_TOKEN {
            return Err(TokenError::unusable(
                "the access token is empty or too long",
            ));
        }
        if !token.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(TokenError::unusable(
                "the access token has characters that a header can't carry",
            ));
        }
        let header = wiped(format!("{scheme} {token}").into_bytes())
            .map_err(|_| TokenError::unusable("the access token doesn't fit into a header"))?;
        Ok(Self {
            header,
            lifetime: None,
            refresh_in: None,
            scope: None,
            #[cfg(feature = "jwt")]
            key: None,
        })
    }

    /// Sets the key that the token is bound to.
    #[cfg(feature = "jwt")]
    pub(crate) fn bound(mut self, key: &Dpop) -> Self {
        self.key = Some(key.clone());
        self
    }

    /// Sets the lifetime, counted from before the token was asked for
    /// (`expires_in`, [RFC 6749 §5.1](https://www.rfc-editor.org/rfc/rfc6749#section-5.1)). Without
    /// one the token is good until told otherwise.
    #[must_use]
    pub fn lifetime(mut self, lifetime: Duration) -> Self {
        self.lifetime = Some(lifetime.min(LONGEST_LIFETIME));
        self
    }

    /// Sets when the token is to be renewed while it serves, counted like its lifetime (`refresh_in`, an
    /// extension of Microsoft's). Without it that is after four fifths of the lifetime. Less than 10 s is
    /// passed over.
    #[must_use]
    pub fn refresh_in(mut self, duration: Duration) -> Self {
        let duration = duration.min(LONGEST_LIFETIME);
        self.refresh_in = (duration >= SHORTEST_REFRESH).then_some(duration);
        self
    }

    /// Sets the scope that was granted
    /// ([RFC 6749 §3.3](https://www.rfc-editor.org/rfc/rfc6749#section-3.3)).
    #[must_use]
    pub fn scope(mut self, scope: impl Into<String>) -> Self {
        self.scope = Some(scope.into());
        self
    }
}

/// What is written into a store, and read again.
#[cfg(feature = "store")]
impl IssuedToken {
    /// Returns the scheme and the token itself.
    pub(crate) fn parts(&self) -> Option<(&str, &str)> {
        self.header.to_str().ok()?.split_once(' ')
    }

    pub(crate) const fn promised(&self) -> Option<Duration> {
        self.lifetime
    }

    pub(crate) fn granted(&self) -> Option<&str> {
        self.scope.as_deref()
    }
}

impl fmt::Debug for IssuedToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IssuedToken")
            .field("lifetime", &self.lifetime)
            .field("scope", &self.scope)
            .finish_non_exhaustive()
    }
}

/// Makes a sensitive header whose text leaves memory when the last of its clones is dropped.
fn wiped(text: Vec<u8>) -> Result<HeaderValue, InvalidHeaderValue> {
    let mut header = HeaderValue::from_maybe_shared(Bytes::from_owner(Zeroizing::new(text)))?;
    header.set_sensitive(true);
    Ok(header)
}

/// A lifetime beyond this is a server's mistake rather than a promise.
const LONGEST_LIFETIME: Duration = Duration::from_secs(30 * 24 * 3600);

/// A token is used for at least this long, whatever its `expires_in`: a token that is dead on arrival
/// must not cost one token request per call.
const SHORTEST_USE: Duration = Duration::from_secs(1);

/// The most that is taken off a lifetime for the way to the resource server and its clock.
const LONGEST_LEEWAY: Duration = Duration::from_secs(60);

/// A call that can't be made again starts with a token that lives at least so long, or half of its
/// lifetime.
const LASTING: Duration = Duration::from_secs(300);

/// A server that would have its token renewed more often than this is mistaken.
const SHORTEST_REFRESH: Duration = Duration::from_secs(10);

/// When a token without `expires_in` is renewed, though never given up.
const RENEWAL_WITHOUT_LIFETIME: Duration = Duration::from_secs(3600);

/// An access token, with the generation that tells it from those before and after it.
pub struct AccessToken {
    header: HeaderValue,
    scope: Option<String>,
    #[cfg(feature = "jwt")]
    key: Option<Dpop>,
    generation: u64,
    requested: Moment,
    lifetime: Option<Duration>,
    /// Ages, counted from `requested`.
    expiring_after: Duration,
    expired_after: Duration,
    stale_at: Moment,
    /// The last tick of the clock in which it was found fresh; 0 for none.
    fresh_in: AtomicU64,
}

/// How a token goes with a request.
pub(crate) struct Presented {
    authorization: HeaderValue,
    #[cfg(feature = "jwt")]
    proof: Option<HeaderValue>,
}

impl Presented {
    pub(crate) const fn authorization(&self) -> &HeaderValue {
        &self.authorization
    }

    pub(crate) fn apply(self, headers: &mut HeaderMap) {
        headers.insert(AUTHORIZATION, self.authorization);
        #[cfg(feature = "jwt")]
        if let Some(proof) = self.proof {
            headers.insert(dpop::DPOP, proof);
        }
    }
}

/// What a token of some age is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Freshness {
    /// Good.
    Fresh,
    /// Good, and it is time to renew it while it serves.
    Stale,
    /// Within the leeway: only to be used if there is no other.
    Expiring,
    /// Past its end.
    Expired,
}

impl AccessToken {
    /// Dates an issued token. `random` is in `[0, 1)` and spreads the renewals of many clients.
    pub(crate) fn new(
        issued: IssuedToken,
        generation: u64,
        requested: Moment,
        received: Moment,
        random: f64,
    ) -> Self {
        let floor = received.since(requested) + SHORTEST_USE;
        let spread = 0.1 * random.clamp(0.0, 1.0);
        let asked = issued.refresh_in.map(|after| after.mul_f64(0.95 + spread));
        let (stale_after, expiring_after, expired_after) = match issued.lifetime {
            None => (
                asked.unwrap_or(RENEWAL_WITHOUT_LIFETIME),
                Duration::MAX,
                Duration::MAX,
            ),
            Some(lifetime) => {
                let leeway = LONGEST_LEEWAY.min(lifetime / 10);
                let expired = lifetime.max(floor);
                let expiring = lifetime.saturating_sub(leeway).max(floor);
                let renewal = asked.unwrap_or_else(|| lifetime.mul_f64(0.75 + spread));
                (renewal.max(floor), expiring, expired)
            }
        };
        Self {
            header: issued.header,
            scope: issued.scope,
            #[cfg(feature = "jwt")]
            key: issued.key,
            generation,
            requested,
            lifetime: issued.lifetime,
            stale_at: requested.after(stale_after.min(expiring_after)),
            expiring_after,
            expired_after,
            fresh_in: AtomicU64::new(0),
        }
    }

    /// Returns the same token in memory of its own.
    pub(crate) fn copy(&self) -> Self {
        let header = wiped(self.header.as_bytes().to_vec());
        Self {
            header: header.unwrap_or_else(|_| self.header.clone()),
            scope: self.scope.clone(),
            #[cfg(feature = "jwt")]
            key: self.key.clone(),
            fresh_in: AtomicU64::new(0),
            ..*self
        }
    }

    /// Returns whether the token is good and needn't be renewed yet.
    pub(crate) fn is_fresh(&self, now: Moment) -> bool {
        now.is_before(self.stale_at)
    }

    /// Returns the same of the present moment, or of one some milliseconds ago. Within a tick of the clock, it
    /// is found out once.
    #[inline]
    pub(crate) fn is_fresh_by(&self, clock: &dyn Clock) -> bool {
        let tick = clock.tick();
        if tick.is_some_and(|tick| tick.get() == self.fresh_in.load(Ordering::Relaxed)) {
            return true;
        }
        let is_fresh = self.is_fresh(clock.now());
        if let Some(tick) = tick.filter(|_| is_fresh) {
            self.fresh_in.store(tick.get(), Ordering::Relaxed);
        }
        is_fresh
    }

    /// Returns how long it is until the token is to be renewed.
    pub(crate) fn until_stale(&self, now: Moment) -> Duration {
        self.stale_at.since(now)
    }

    /// Returns the value of the `Authorization` header, marked sensitive.
    #[must_use]
    pub fn header(&self) -> HeaderValue {
        self.header.clone()
    }

    /// Returns the token without its scheme.
    pub(crate) fn text(&self) -> &str {
        let text = self.header.to_str().unwrap_or_default();
        text.split_once(' ').map_or("", |(_, token)| token)
    }

    /// Returns the headers of a request with the token: beside the token, a proof for this request if
    /// the token is bound to a key.
    #[cfg_attr(
        not(feature = "jwt"),
        allow(unused_variables, clippy::unnecessary_wraps)
    )]
    pub(crate) fn present(&self, method: &Method, url: &Url) -> Result<Presented, TokenError> {
        #[cfg(feature = "jwt")]
        let proof = match &self.key {
            Some(key) => Some(key.proof(Verifier::Resource, method, url, Some(self.text()))?),
            None => None,
        };
        Ok(Presented {
            authorization: self.header(),
            #[cfg(feature = "jwt")]
            proof,
        })
    }

    /// Remembers the nonce that an answer holds for the next proofs. Returns whether the request was
    /// refused for want of it ([RFC 9449 §9](https://www.rfc-editor.org/rfc/rfc9449#section-9)).
    #[cfg_attr(not(feature = "jwt"), allow(unused_variables, clippy::unused_self))]
    pub(crate) fn learn(&self, status: StatusCode, url: &Url, headers: &HeaderMap) -> bool {
        #[cfg(feature = "jwt")]
        if let Some(key) = &self.key {
            let has_nonce = key.learn(Verifier::Resource, url, headers);
            return has_nonce && status == StatusCode::UNAUTHORIZED && dpop::wants_nonce(headers);
        }
        false
    }

    /// Returns which token this is: each one that a cache gets has a higher generation.
    #[must_use]
    pub fn generation(&self) -> u64 {
        self.generation
    }

    /// Returns the scope that was granted, if the server named it.
    #[must_use]
    pub fn scope(&self) -> Option<&str> {
        self.scope.as_deref()
    }

    /// Returns the lifetime that the server promised.
    #[must_use]
    pub fn lifetime(&self) -> Option<Duration> {
        self.lifetime
    }

    /// Returns how long ago the token was asked for.
    #[must_use]
    pub fn age(&self, now: Moment) -> Duration {
        now.since(self.requested)
    }

    /// Returns how long the token lives at most.
    pub(crate) fn remaining(&self, now: Moment) -> Duration {
        self.expired_after.saturating_sub(self.age(now))
    }

    /// Returns whether the token outlives a call that takes long.
    pub(crate) fn is_lasting(&self, now: Moment) -> bool {
        let wanted = self.lifetime.map(|lifetime| LASTING.min(lifetime / 2));
        wanted.is_none_or(|wanted| self.remaining(now) >= wanted)
    }

    pub(crate) fn freshness(&self, now: Moment) -> Freshness {
        if self.is_fresh(now) {
            return Freshness::Fresh;
        }
        let age = self.age(now);
        if age < self.expiring_after {
            Freshness::Stale
        } else if age < self.expired_after {
            Freshness::Expiring
        } else {
            Freshness::Expired
        }
    }

    /// Returns whether the server has issued the same token again.
    pub(crate) fn is_same_text(&self, other: &Self) -> bool {
        self.header == other.header
    }
}

impl fmt::Debug for AccessToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AccessToken")
            .field("generation", &self.generation)
            .field("lifetime", &self.lifetime)
            .field("scope", &self.scope)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Moment = Moment::new(Duration::ZERO, Duration::from_secs(1_000_000));

    fn at(seconds: f64) -> Moment {
        let passed = Duration::from_secs_f64(seconds);
        Moment::new(passed, Duration::from_secs(1_000_000) + passed)
    }

    fn token(lifetime: Option<u64>) -> AccessToken {
        let mut issued = IssuedToken::bearer("t0k3n").unwrap();
        if let Some(lifetime) = lifetime {
            issued = issued.lifetime(Duration::from_secs(lifetime));
        }
        AccessToken::new(issued, 1, START, START, 0.5)
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_token_leaves_memory_with_the_last_who_holds_it() {
        use std::os::unix::fs::FileExt;

        let memory = std::fs::File::open("/proc/self/mem").unwrap();
        let text = "t0k3n".repeat(200);
        let token = IssuedToken::bearer(&text).unwrap();
        let token = AccessToken::new(token, 1, START, START, 0.5);
        let held = [token.header(), token.copy().header()];
        let places = held
            .each_ref()
            .map(|header| header.as_bytes().as_ptr() as u64);
        // Made before, lest it be put where the token was.
        let mut found = vec![0; text.len()];
        let mut is_there = |place: u64| {
            memory.read_exact_at(&mut found, place).unwrap();
            found.windows(5).any(|part| part == b"t0k3n")
        };
        drop(token);
        assert!(places.iter().all(|place| is_there(*place)));
        drop(held);
        assert!(!places.iter().any(|place| is_there(*place)));
    }

    #[test]
    fn a_token_ages_from_fresh_to_expired() {
        let token = token(Some(60));
        assert_eq!(token.freshness(at(47.9)), Freshness::Fresh);
        assert_eq!(token.freshness(at(48.1)), Freshness::Stale);
        assert_eq!(token.freshness(at(54.1)), Freshness::Expiring);
        assert_eq!(token.freshness(at(60.1)), Freshness::Expired);
    }

    #[test]
    fn the_leeway_of_a_long_lifetime_is_a_minute() {
        let token = token(Some(36_000));
        assert_eq!(token.freshness(at(35_939.0)), Freshness::Stale);
        assert_eq!(token.freshness(at(35_941.0)), Freshness::Expiring);
    }

    #[test]
    fn a_lifetime_of_zero_serves_for_a_second() {
        let token = token(Some(0));
        assert_eq!(token.freshness(at(0.9)), Freshness::Fresh);
        assert_eq!(token.freshness(at(1.1)), Freshness::Expired);
    }

    #[test]
    fn a_token_that_arrives_dead_serves_for_a_second() {
        let issued = IssuedToken::bearer("t")
            .unwrap()
            .lifetime(Duration::from_secs(2));
        let token = AccessToken::new(issued, 1, START, at(5.0), 0.5);
        assert_eq!(token.freshness(at(5.9)), Freshness::Fresh);
        assert_eq!(token.freshness(at(6.1)), Freshness::Expired);
    }

    #[test]
    fn a_token_without_a_lifetime_is_renewed_but_never_expires() {
        let token = token(None);
        assert_eq!(token.freshness(at(3599.0)), Freshness::Fresh);
        assert_eq!(token.freshness(at(1e9)), Freshness::Stale);
    }

    #[test]
    fn a_server_can_say_when_its_token_is_to_be_renewed() {
        let stale_at = |refresh_in: u64, lifetime: Option<u64>| {
            let issued = IssuedToken::bearer("t").unwrap();
            let mut issued = issued.refresh_in(Duration::from_secs(refresh_in));
            if let Some(lifetime) = lifetime {
                issued = issued.lifetime(Duration::from_secs(lifetime));
            }
            let token = AccessToken::new(issued, 1, START, START, 0.5);
            token.until_stale(START).as_secs()
        };
        assert_eq!(stale_at(1000, Some(3600)), 1000);
        assert_eq!(stale_at(1000, None), 1000);
        // Later than the token's end, more often than makes sense, and beyond any clock.
        assert_eq!(stale_at(5000, Some(3600)), 3540);
        assert_eq!(stale_at(9, Some(3600)), 2880);
        assert_eq!(stale_at(u64::MAX, Some(3600)), 3540);
    }

    #[test]
    fn an_absurd_lifetime_is_capped() {
        let token = token(Some(1_000_000_000_000));
        assert_eq!(token.lifetime(), Some(LONGEST_LIFETIME));
    }

    #[test]
    fn a_token_that_would_inject_a_header_is_refused() {
        for text in ["", "a b", "a\r\nX: y", "a\0", "tökén", "a\u{7f}"] {
            assert!(IssuedToken::bearer(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn a_token_is_masked_everywhere() {
        let token = token(Some(60));
        let seen = format!("{token:?} {token:#?} {:?}", token.header());
        assert!(!seen.contains("t0k3n"), "{seen}");
        assert!(token.header().is_sensitive());
    }
}
