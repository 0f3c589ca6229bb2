//! Generates the client of the PayPal Payouts API.

fn main() {
    accredit::build_script::generate("paypal-payouts.json");
}
