//! The options that a client begins with, where the configuration has policies.

use std::time::Duration;

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::quote;

use super::{Context, uses::Uses};
use crate::config::{Policies, Scopes, Suspicion, SuspicionProfile, UnsafeReplay};

/// Returns the options; `None` where nothing is other than the runtime has it.
pub(super) fn options(context: Context<'_>, uses: &mut Uses) -> Option<TokenStream> {
    let Policies {
        timeout,
        connect_timeout,
        read_timeout,
        attempts,
        scopes,
        suspicion,
        // Each with its operation.
        exceptions: _,
    } = context.policies;
    let mut setters = Vec::new();
    let timeouts = [
        ("timeout", timeout),
        ("connect_timeout", connect_timeout),
        ("read_timeout", read_timeout),
    ];
    for (setter, duration) in timeouts {
        let Some(duration) = duration else { continue };
        let setter = Ident::new(setter, Span::call_site());
        let duration = self::duration(*duration);
        setters.push(quote!(.#setter(#duration)));
    }
    if let Some(attempts) = attempts {
        let attempts = Literal::u32_unsuffixed(*attempts);
        let policy = uses.runtime("RetryPolicy");
        setters.push(quote!(.retry(#policy::new().attempts(#attempts))));
    }
    if let Some(scopes) = scopes {
        let policy = uses.runtime("ScopePolicy");
        let scopes = match scopes {
            Scopes::PerOperation => quote!(PerOperation),
            Scopes::Union => quote!(Union),
            Scopes::ServerDefault => quote!(ServerDefault),
        };
        setters.push(quote!(.scopes(#policy::#scopes)));
    }
    if let Some(suspicion) = suspicion {
        let policy = self::suspicion(suspicion, uses);
        setters.push(quote!(.suspicion(#policy)));
    }
    for operation in &context.api.operations {
        let Some(suspicion) = &operation.suspicion else {
            continue;
        };
        let (id, policy) = (&operation.id, self::suspicion(suspicion, uses));
        setters.push(quote!(.operation_suspicion(#id, #policy)));
    }
    let options = uses.runtime("ClientOptions");
    (!setters.is_empty()).then(|| quote!(#options::new() #(#setters)*))
}

fn duration(duration: Duration) -> TokenStream {
    if duration.subsec_nanos() == 0 {
        let seconds = Literal::u64_unsuffixed(duration.as_secs());
        quote!(std::time::Duration::from_secs(#seconds))
    } else {
        let milliseconds = u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
        let milliseconds = Literal::u64_unsuffixed(milliseconds);
        quote!(std::time::Duration::from_millis(#milliseconds))
    }
}

fn suspicion(suspicion: &Suspicion, uses: &mut Uses) -> TokenStream {
    let policy = uses.runtime("SuspicionPolicy");
    let profile = match suspicion.profile {
        SuspicionProfile::Appian => quote!(appian),
        SuspicionProfile::AppianUnbounded => quote!(appian_unbounded),
        SuspicionProfile::Rfc6750 => quote!(rfc6750),
        SuspicionProfile::Off => quote!(off),
    };
    let statuses = suspicion.statuses.as_ref().map(|statuses| {
        let statuses = statuses
            .iter()
            .map(|status| Literal::u16_unsuffixed(*status));
        quote!(.statuses(&[#(#statuses),*]))
    });
    let replay = suspicion.unsafe_replay.map(|replay| {
        let ty = uses.runtime("UnsafeReplay");
        let replay = match replay {
            UnsafeReplay::Always => quote!(Always),
            UnsafeReplay::Only401 => quote!(Only401),
            UnsafeReplay::Never => quote!(Never),
        };
        quote!(.unsafe_replay(#ty::#replay))
    });
    quote!(#policy::#profile() #statuses #replay)
}
