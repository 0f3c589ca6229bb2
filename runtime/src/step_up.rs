//! What an API demands of a token beyond what it has: scopes, or claims; and who is asked whether to
//! ask for them.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use crate::challenge::Challenge;
use crate::token::AccessToken;

/// What a token is to be asked for with, beside what tokens of its operation are asked for with anyway;
/// see [`ClientOptions::step_up`](crate::ClientOptions::step_up).
#[derive(Clone, Default, PartialEq, Eq)]
pub struct StepUp {
    scopes: BTreeSet<String>,
    parameters: BTreeMap<String, String>,
}

/// An API that demands one scope after the other must not make token requests grow for ever.
const MOST_SCOPES: usize = 100;

impl StepUp {
    /// Starts with nothing, which is no step.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds scopes, delimited by spaces
    /// ([RFC 6749 §3.3](https://www.rfc-editor.org/rfc/rfc6749#section-3.3)).
    #[must_use]
    pub fn scope(mut self, scope: impl AsRef<str>) -> Self {
        let scopes = scope.as_ref().split_whitespace();
        self.scopes.extend(scopes.map(str::to_owned));
        self
    }

    /// Sets a further parameter of the token request, such as `claims`, in place of one that the client
    /// sends anyway.
    #[must_use]
    pub fn parameter(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        let name = name.into();
        if name == "scope" {
            return self.scope(value.into());
        }
        self.parameters.insert(name, value.into());
        self
    }

    /// Returns the scopes, in order and none twice.
    pub fn scopes(&self) -> impl Iterator<Item = &str> + Clone {
        self.scopes.iter().map(String::as_str)
    }

    /// Returns the parameters, in order.
    pub fn parameters(&self) -> impl Iterator<Item = (&str, &str)> + Clone {
        let parameters = self.parameters.iter();
        parameters.map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Adds to the steps that led to a token what it lacks of a further one; `None` if that is nothing, or
    /// beyond what anybody needs.
    pub(crate) fn and(&self, further: Self, refused: &AccessToken) -> Option<Self> {
        let granted = refused.scope().unwrap_or_default();
        let is_granted = |scope: &str| granted.split_whitespace().any(|it| it == scope);
        let mut all = self.clone();
        let lacking = further.scopes.into_iter().filter(|it| !is_granted(it));
        all.scopes.extend(lacking);
        all.parameters.extend(further.parameters);
        let is_bounded = all.scopes.len() <= MOST_SCOPES;
        (is_bounded && all != *self).then_some(all)
    }
}

impl fmt::Debug for StepUp {
    /// Prints no values of parameters, which may be sensitive.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StepUp")
            .field("scopes", &self.scopes)
            .field("parameters", &self.parameters.keys().collect::<Vec<_>>())
            .finish()
    }
}

/// Says what to ask for after a challenge to a call of an operation; `None` is nothing.
#[derive(Clone)]
pub(crate) struct Hook(Arc<Ask>);

type Ask = dyn Fn(&str, &Challenge) -> Option<StepUp> + Send + Sync;

impl Hook {
    pub(crate) fn new(
        hook: impl Fn(&str, &Challenge) -> Option<StepUp> + Send + Sync + 'static,
    ) -> Self {
        Self(Arc::new(hook))
    }

    pub(crate) fn ask(&self, operation: &str, challenge: &Challenge) -> Option<StepUp> {
        (self.0)(operation, challenge)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::clock::Moment;
    use crate::token::IssuedToken;

    fn token(scope: Option<&str>) -> AccessToken {
        let issued = IssuedToken::bearer("t0k3n").unwrap();
        let issued = match scope {
            Some(scope) => issued.scope(scope),
            None => issued,
        };
        let start = Moment::new(Duration::ZERO, Duration::ZERO);
        AccessToken::new(issued, 1, start, start, 0.5)
    }

    #[test]
    fn only_what_a_token_lacks_is_a_step() {
        let write = StepUp::new().scope("write");
        assert_eq!(
            StepUp::new().and(write.clone().scope("read"), &token(Some("read"))),
            Some(write.clone())
        );
        assert_eq!(write.and(write.clone(), &token(None)), None);
        let known = StepUp::new().and(write.clone(), &token(Some("read write")));
        assert_eq!(known, None);
        let claims = write.clone().parameter("claims", "{}");
        assert_eq!(write.and(claims.clone(), &token(None)), Some(claims));
        assert_eq!(write.and(StepUp::new(), &token(None)), None);
        let many = (0..MOST_SCOPES).fold(write.clone(), |all, n| all.scope(format!("scope-{n}")));
        assert_eq!(write.and(many, &token(None)), None);
    }

    #[test]
    fn the_values_of_parameters_are_not_seen() {
        let step = StepUp::new().scope("b a").parameter("claims", "s3cret");
        assert_eq!(
            format!("{step:?}"),
            r#"StepUp { scopes: {"a", "b"}, parameters: ["claims"] }"#
        );
    }
}
