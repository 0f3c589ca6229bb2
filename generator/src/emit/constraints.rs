//! Constraints: the tables by which the runtime checks values before a request is sent.

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::quote;

use super::{Context, uses::Uses};
use crate::model::{Alternative, ConstrainedSchema, Rule};

/// Returns the tables of an API; `None` where nothing is checked.
pub(super) fn items(context: Context<'_>) -> Option<TokenStream> {
    if context.api.constraints.is_empty() {
        return None;
    }
    let schemas = context.api.constraints.iter().map(|schema| {
        let ConstrainedSchema { name, rules } = schema;
        let rules = list(rules);
        quote!(Schema(#name, #rules))
    });
    let has_features = context.names.features().next().is_some();
    let unused = has_features
        .then(|| quote!(#[allow(dead_code, reason = "operations stand behind features")]));
    let mut rules = context.api.constraints.iter().flat_map(|it| &it.rules);
    let is_choice = |rule: &Rule| matches!(rule, Rule::AnyOf(_));
    let has_choice = rules.any(|rule| rule.any(&is_choice));
    let alternative = has_choice.then(|| quote!(Alternative,));
    Some(quote! {
        use accredit_runtime::constraints::{#alternative Constraints, Rule, Schema};

        static SCHEMAS: &[Schema] = &[#(#schemas),*];

        /// Returns the rules of a schema.
        #unused
        pub(crate) const fn of(index: usize) -> Constraints {
            Constraints::of(SCHEMAS, index)
        }
    })
}

/// Returns the call that has values checked, of a parameter or of a content with what it is made of.
pub(super) fn constrained(
    index: Option<usize>,
    value: Option<&TokenStream>,
    uses: &mut Uses,
) -> Option<TokenStream> {
    let index = Literal::usize_unsuffixed(index?);
    let constraints = uses.table("constraints");
    let value = value.map(|value| quote!(#value,));
    Some(quote!(.constrained(#value #constraints::of(#index))))
}

fn list(rules: &[Rule]) -> TokenStream {
    let rules = rules.iter().map(rule);
    quote!(&[#(#rules),*])
}

fn rule(rule: &Rule) -> TokenStream {
    let variant = |keyword: String| Ident::new(&keyword, Span::call_site());
    match rule {
        Rule::Number(keyword, number) => {
            let keyword = variant(format!("{keyword:?}"));
            quote!(Rule::#keyword(#number))
        }
        Rule::Count(keyword, count) => {
            let keyword = variant(format!("{keyword:?}"));
            let count = Literal::u64_unsuffixed(*count);
            quote!(Rule::#keyword(#count))
        }
        Rule::Pattern(pattern) => quote!(Rule::Pattern(#pattern)),
        Rule::UniqueItems => quote!(Rule::UniqueItems),
        Rule::Property(name, rules) => {
            let rules = list(rules);
            quote!(Rule::Property(#name, #rules))
        }
        Rule::Others(named, rules) => {
            let rules = list(rules);
            quote!(Rule::Others(&[#(#named),*], #rules))
        }
        Rule::Items(rules) => {
            let rules = list(rules);
            quote!(Rule::Items(#rules))
        }
        Rule::AnyOf(alternatives) => {
            let alternatives = alternatives.iter().map(alternative);
            quote!(Rule::AnyOf(&[#(#alternatives),*]))
        }
        Rule::Schema(index) => {
            let index = Literal::usize_unsuffixed(*index);
            quote!(Rule::Schema(#index))
        }
    }
}

fn alternative(alternative: &Alternative) -> TokenStream {
    let Alternative {
        kinds,
        required,
        constants,
        rules,
    } = alternative;
    let constants = constants
        .iter()
        .map(|(name, allowed)| quote!((#name, &[#(#allowed),*])));
    let rules = list(rules);
    quote! {
        Alternative {
            kinds: &[#(#kinds),*],
            required: &[#(#required),*],
            constants: &[#(#constants),*],
            rules: #rules,
        }
    }
}
