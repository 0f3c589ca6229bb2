//! What people add to the client. The crate declares this module because it is there, and generating
//! again leaves it alone.

use crate::types::{Subscription, SubscriptionStatus};

impl Subscription {
    /// Returns whether the subscriber may use what was subscribed to: a payment that is overdue doesn't
    /// end that yet.
    #[must_use]
    pub const fn is_usable(&self) -> bool {
        matches!(
            self.status,
            SubscriptionStatus::Active | SubscriptionStatus::PastDue
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subscription_is_usable_until_it_is_canceled() {
        let mut subscription = Subscription::new(
            "2026-02-01T00:00:00Z".into(),
            "f3b7a8e2-59a4-4f43-9a54-a3a0f5b0a4de".into(),
            "4a0c7a8f-0f3e-4c56-8e4b-4e8a5a1d9a11".into(),
            Vec::new(),
            "2026-01-01T00:00:00Z".into(),
            SubscriptionStatus::PastDue,
        );
        assert!(subscription.is_usable());
        subscription.status = SubscriptionStatus::Canceled;
        assert!(!subscription.is_usable());
    }
}
