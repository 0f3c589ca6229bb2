//! The client: what the document says of the whole API, and the way to its operations.

use proc_macro2::TokenStream;
use quote::quote;

use super::{Context, docs::Doc, operations, uses::Uses};
use crate::markdown::{code, escape};
use crate::model::{SchemeKind, SecurityScheme, Server, ServerVariable};

/// Returns the client and the description of its API.
pub(super) fn items(context: Context<'_>, uses: &mut Uses) -> TokenStream {
    let description = description(context, uses);
    let [core, options, connection, error] =
        ["ClientCore", "ClientOptions", "Connection", "Error"].map(|name| uses.runtime(name));
    let doc = Doc::line(&summary(context))
        .paragraph("It is cheap to clone; all clones share their tokens and their connections.");
    let prefix = context.names.variable_prefix();
    let from_env = Doc::line(&format!(
        "Connects as the environment says: {}, {} and the other variables of \
         [`Connection::from_env`](accredit_runtime::Connection::from_env).",
        code(&format!("{prefix}_CLIENT_ID")),
        code(&format!("{prefix}_CLIENT_SECRET")),
    ));
    let accessors = context.api.groups.iter().enumerate().map(|(index, group)| {
        let doc = operations::accessor_doc(&group.tag);
        let names = context.names.group(index);
        let (accessor, group) = (&names.accessor, &names.group);
        quote! {
            #doc
            #[must_use]
            pub const fn #accessor(&self) -> #group<'_> {
                #group::new(&self.core)
            }
        }
    });
    let unused = context
        .api
        .groups
        .is_empty()
        .then(|| quote!(#[expect(dead_code, reason = "the document has no operation")]));
    quote! {
        #description

        #doc
        #[derive(Debug, Clone)]
        pub struct Client {
            #unused
            core: #core,
        }

        impl Client {
            /// Returns settings to be filled in: the client identifier, the client secret, and
            /// whatever is to differ from the document.
            #[must_use]
            pub fn connection() -> #connection {
                #connection::new(&API)
            }

            #from_env
            pub fn from_env() -> Result<Self, #error> {
                Self::new(Self::connection().from_env()?)
            }

            /// Connects by settings.
            pub fn new(connection: #connection) -> Result<Self, #error> {
                Self::with_options(connection, #options::new())
            }

            /// Connects by settings, with other than the usual timeouts, retries and limits.
            pub fn with_options(connection: #connection, options: #options) -> Result<Self, #error> {
                #core::new(connection, options).map(|core| Self { core })
            }

            #(#accessors)*
        }
    }
}

/// Returns what the client is, in a line.
pub(super) fn summary(context: Context<'_>) -> String {
    let title = escape(&context.api.info.title);
    if title.is_empty() {
        "A client of the API.".to_owned()
    } else {
        format!("A client of {title}.")
    }
}

/// Returns the static that describes the API to the runtime.
fn description(context: Context<'_>, uses: &mut Uses) -> TokenStream {
    let package = context.names.package();
    let prefix = context.names.variable_prefix();
    let agent = format!("{package}/{}", context.names.version());
    let api = uses.runtime("Api");
    let servers: Vec<_> = context
        .api
        .servers
        .iter()
        .map(|server| self::server(server, uses))
        .collect();
    let schemes: Vec<_> = context
        .api
        .schemes
        .iter()
        .map(|scheme| self::scheme(scheme, uses))
        .collect();
    let servers = (!servers.is_empty()).then(|| quote!(.servers(&[#(#servers),*])));
    let schemes = (!schemes.is_empty()).then(|| quote!(.schemes(&[#(#schemes),*])));
    quote! {
        static API: #api = #api::new(#package, #prefix, #agent) #servers #schemes;
    }
}

fn server(server: &Server, uses: &mut Uses) -> TokenStream {
    let url = &server.url;
    let ty = uses.runtime("Server");
    let variables = server.variables.iter().map(|variable| {
        let ServerVariable {
            name,
            default,
            values,
        } = variable;
        let ty = uses.runtime("ServerVariable");
        quote!(#ty::new(#name, #default, &[#(#values),*]))
    });
    let variables: Vec<_> = variables.collect();
    let variables = (!variables.is_empty()).then(|| quote!(.variables(&[#(#variables),*])));
    quote!(#ty::new(#url) #variables)
}

fn scheme(scheme: &SecurityScheme, uses: &mut Uses) -> TokenStream {
    let name = &scheme.name;
    let ty = uses.runtime("SecurityScheme");
    match &scheme.kind {
        SchemeKind::ClientCredentials { token_url, .. } => {
            let token_url = token_url
                .as_ref()
                .map_or_else(|| quote!(None), |url| quote!(Some(#url)));
            quote!(#ty::client_credentials(#name, #token_url))
        }
        SchemeKind::Other(_) => quote!(#ty::other(#name)),
    }
}
