//! Parameters, as arguments and as setters.

use proc_macro2::TokenStream;
use quote::quote;
use syn::Lifetime;

use super::{Context, bodies, constraints::constrained, docs::Doc, scalars, types, uses::Uses};
use crate::{
    markdown::{code, inline},
    model::{Location, Parameter, ParameterContent, Scalar, Style, Type},
    names::Identifier,
};

/// An argument: its type, and how its value is passed on.
pub(super) struct Argument {
    /// The lifetimes that the type needs.
    pub(super) generics: Option<TokenStream>,
    /// The name and the type, as a signature has them.
    pub(super) declaration: TokenStream,
    /// The method of the call that takes the value, with the value.
    pub(super) application: TokenStream,
    pub(super) is_complex: bool,
}

/// Returns the argument of a parameter.
pub(super) fn parameter(
    context: Context<'_>,
    parameter: &Parameter,
    name: &Identifier,
    uses: &mut Uses,
) -> Argument {
    let passed = passed(context, &parameter.ty, None, uses);
    let ty = &passed.ty;
    let value = if passed.is_reference {
        quote!(#name)
    } else {
        quote!(&#name)
    };
    let application = match &parameter.content {
        content if parameter.location == Location::QueryString => {
            let content = query_string(content, &value, uses);
            quote!(.query_string(#content))
        }
        ParameterContent::Json => {
            let description = description(parameter, uses);
            quote!(.json_parameter(#description, #value))
        }
        _ => {
            let description = description(parameter, uses);
            let value = if !types::is_parameter(context, &parameter.ty) {
                let json = uses.runtime("AsJson");
                quote!(&#json(#value))
            } else if passed.is_sized_reference {
                value
            } else {
                quote!(&#name)
            };
            quote!(.parameter(#description, #value))
        }
    };
    Argument {
        generics: None,
        declaration: quote!(#name: #ty),
        application,
        is_complex: passed.is_complex,
    }
}

/// Returns what makes a query as a whole.
fn query_string(content: &ParameterContent, value: &TokenStream, uses: &mut Uses) -> TokenStream {
    let made = uses.runtime("Content");
    match content {
        ParameterContent::Json => quote!(#made::json("application/json", #value)),
        ParameterContent::Form(properties) if properties.is_empty() => quote!(#made::form(#value)),
        ParameterContent::Form(properties) => {
            let properties = properties.iter().map(|it| bodies::property(it, uses));
            let properties: Vec<_> = properties.collect();
            quote!(#made::form_encoded(#value, &[#(#properties),*]))
        }
        ParameterContent::Text | ParameterContent::Styled { .. } => {
            quote!(#made::text("text/plain", #value))
        }
    }
}

/// Returns what the document says of a parameter.
pub(super) fn doc(parameter: &Parameter) -> Doc {
    Doc::of(&parameter.docs, &parameter.name, &fallback(parameter))
}

/// Returns what the document says of a parameter, in a line.
pub(super) fn line(parameter: &Parameter, name: &Identifier) -> String {
    let name = code(name.as_str());
    let description = parameter.docs.description.as_deref().unwrap_or_default();
    let description = inline(description);
    let description = if description.is_empty() {
        fallback(parameter)
    } else {
        description
    };
    format!("{name}: {description}")
}

fn fallback(parameter: &Parameter) -> String {
    let location = parameter.location;
    format!("The {location} parameter {}.", code(&parameter.name))
}

/// Returns the description of a parameter; what is the default of its location isn't said.
pub(super) fn description(parameter: &Parameter, uses: &mut Uses) -> TokenStream {
    let described = described(
        &parameter.name,
        parameter.location,
        &parameter.content,
        uses,
    );
    let constrained = constrained(parameter.constraints, None, uses);
    quote!(#described #constrained)
}

/// Returns the description of what is written like a parameter.
pub(super) fn described(
    name: &str,
    location: Location,
    content: &ParameterContent,
    uses: &mut Uses,
) -> TokenStream {
    let description = uses.runtime("Parameter");
    let (place, default) = match location {
        Location::Path => (quote!(path), Style::Simple),
        Location::Query | Location::QueryString => (quote!(query), Style::Form),
        Location::Header => (quote!(header), Style::Simple),
        Location::Cookie => (quote!(cookie), Style::Form),
    };
    let &ParameterContent::Styled {
        style,
        explode,
        allow_reserved,
    } = content
    else {
        return quote!(#description::#place(#name));
    };
    if content == &ParameterContent::DEEP_OBJECT && location == Location::Query {
        return quote!(#description::deep_object(#name));
    }
    let styled = (style != default).then(|| {
        let name = match style {
            Style::Simple => quote!(Simple),
            Style::Label => quote!(Label),
            Style::Matrix => quote!(Matrix),
            Style::Form => quote!(Form),
            Style::SpaceDelimited => quote!(SpaceDelimited),
            Style::PipeDelimited => quote!(PipeDelimited),
            Style::DeepObject => quote!(DeepObject),
            Style::Cookie => quote!(Cookie),
        };
        let style = uses.runtime("Style");
        quote!(.style(#style::#name))
    });
    // OpenAPI 3.2 §4.12.2: `explode` is the default of the styles `form` and `cookie` alone.
    let is_default = explode == matches!(style, Style::Form | Style::Cookie);
    let exploded = (!is_default).then(|| quote!(.explode(#explode)));
    let reserved = allow_reserved.then(|| quote!(.allow_reserved()));
    quote!(#description::#place(#name) #styled #exploded #reserved)
}

/// How a value comes into a function.
pub(super) struct Passed {
    pub(super) ty: TokenStream,
    pub(super) is_reference: bool,
    /// Whether it is a reference that can become one to a trait object.
    pub(super) is_sized_reference: bool,
    pub(super) is_complex: bool,
}

impl Passed {
    /// Describes a reference that is simple to read.
    pub(super) fn reference(ty: TokenStream) -> Self {
        Self {
            ty,
            is_reference: true,
            is_sized_reference: false,
            is_complex: false,
        }
    }
}

/// Small values are copied, texts and arrays are slices, all else is a reference.
pub(super) fn passed(
    context: Context<'_>,
    ty: &Type,
    lifetime: Option<&Lifetime>,
    uses: &mut Uses,
) -> Passed {
    match types::resolved(context, ty) {
        Type::Scalar(Scalar::String) => Passed::reference(quote!(& #lifetime str)),
        Type::Scalar(scalar) if scalars::is_copy(*scalar) => Passed {
            is_reference: false,
            ..Passed::reference(types::ty(context, ty, uses))
        },
        Type::Array(item) => {
            let is_complex = types::is_complex(item, 2);
            let item = types::ty(context, item, uses);
            Passed {
                is_complex,
                ..Passed::reference(quote!(& #lifetime [#item]))
            }
        }
        _ => {
            let is_complex = types::is_complex(ty, 1);
            let ty = types::ty(context, ty, uses);
            Passed {
                is_sized_reference: true,
                is_complex,
                ..Passed::reference(quote!(& #lifetime #ty))
            }
        }
    }
}
