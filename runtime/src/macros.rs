//! What the calls of generated code have in common.

/// Implements [`ErrorBody`](crate::ErrorBody) for an enum of the bodies of failures: by status, the variant and
/// the function of [`decode`](crate::decode) that reads it. A status that isn't there has no body.
///
/// ```
/// # use accredit_runtime::Value;
/// #[derive(Debug)]
/// pub enum OrdersGetError {
///     NotFound(Value),
///     ServerError(String),
/// }
///
/// accredit_runtime::failures!(OrdersGetError {
///     404 => NotFound: json,
///     500..=599 => ServerError: text,
/// });
/// ```
#[macro_export]
macro_rules! failures {
    ($ty:ident { $($status:pat => $variant:ident: $decode:ident,)* }) => {
        impl $crate::ErrorBody for $ty {
            #[inline]
            fn decode(
                answer: &$crate::Answer,
            ) -> ::core::option::Option<::core::result::Result<Self, $crate::DecodeError>> {
                match answer.status().as_u16() {
                    $($status => Some($crate::decode::$decode(answer).map(Self::$variant)),)*
                    #[allow(unreachable_patterns, reason = "any other status may have a body")]
                    _ => None,
                }
            }
        }
    };
}

/// Makes a struct around a [`Call`](crate::Call) a call itself: it can be awaited, sent, and has the
/// settings of a single call.
///
/// ```
/// # use accredit_runtime::Call;
/// /// A call of `orders.get`.
/// #[must_use = "a call is made when it is awaited"]
/// #[derive(Debug)]
/// pub struct OrdersGet<'a>(Call<'a, String>);
/// accredit_runtime::call!(OrdersGet -> String);
/// ```
///
/// The methods `send`, `send_stream`, `timeout`, `header`, `query`, `base_url`, `idempotency_key`,
/// `retry` and `suspicion` are taken; a parameter's setter must have another name.
#[macro_export]
macro_rules! call {
    ($call:ident -> $output:ty) => {
        impl<'a> ::core::future::IntoFuture for $call<'a> {
            type Output = ::core::result::Result<$output, $crate::Error>;
            type IntoFuture = $crate::Decoding<'a, $output>;

            #[inline]
            fn into_future(self) -> Self::IntoFuture {
                ::core::future::IntoFuture::into_future(self.0)
            }
        }

        impl<'a> From<$call<'a>> for $crate::Call<'a, $output> {
            #[inline]
            fn from(call: $call<'a>) -> Self {
                call.0
            }
        }

        impl<'a> $call<'a> {
            /// Makes the call; gives the status and headers with the body.
            #[inline]
            pub fn send(self) -> $crate::Sending<'a, $output> {
                self.0.send()
            }

            /// Makes the call, and gives the body of the answer as it comes.
            #[inline]
            pub fn send_stream(self) -> $crate::Streaming<'a> {
                self.0.send_stream()
            }

            /// Limits how long this call may take.
            #[inline]
            pub fn timeout(self, timeout: ::core::time::Duration) -> Self {
                Self(self.0.timeout(timeout))
            }

            /// Adds a header.
            #[inline]
            pub fn header(self, name: &str, value: &str) -> Self {
                Self(self.0.header(name, value))
            }

            /// Adds a query parameter that the document doesn't name.
            #[inline]
            pub fn query(self, name: &str, value: &str) -> Self {
                Self(self.0.query(name, value))
            }

            /// Makes this call at another base URL.
            #[inline]
            pub fn base_url(self, url: &str) -> Self {
                Self(self.0.base_url(url))
            }

            /// Sets the `Idempotency-Key` header, which makes the call one that may be retried.
            #[inline]
            pub fn idempotency_key(self, key: &str) -> Self {
                Self(self.0.idempotency_key(key))
            }

            /// Sets how transient faults of this call are retried.
            #[inline]
            pub fn retry(self, policy: $crate::RetryPolicy) -> Self {
                Self(self.0.retry(policy))
            }

            /// Sets how answers that may mean a revoked or expired token are acted on.
            #[inline]
            pub fn suspicion(self, policy: $crate::SuspicionPolicy) -> Self {
                Self(self.0.suspicion(policy))
            }
        }
    };
}
