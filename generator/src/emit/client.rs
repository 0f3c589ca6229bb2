//! The client: what the document says of the whole API, and the way to its operations.

use proc_macro2::TokenStream;
use quote::quote;

use super::{Context, docs::Doc, files::feature_gate, operations, policies, uses::Uses};
use crate::config::Layout;
use crate::markdown::{code, escape};
use crate::model::{Location, SchemeKind, SecurityScheme, Server, ServerVariable};

/// Returns the client and the description of its API.
pub(super) fn items(context: Context<'_>, layout: Layout, uses: &mut Uses) -> TokenStream {
    let description = description(context, uses);
    let agent = agent(context, layout);
    let generator = env!("CARGO_PKG_VERSION");
    let [core, options, connection, error] =
        ["ClientCore", "ClientOptions", "Connection", "Error"].map(|name| uses.runtime(name));
    let api = uses.runtime("Api");
    let doc = Doc::line(&summary(context))
        .paragraph("It is cheap to clone; all clones share their tokens and their connections.");
    let prefix = context.names.variable_prefix();
    let client = if context.api.has_client_credentials() {
        let [id, secret] = ["ID", "SECRET"].map(|part| code(&format!("{prefix}_CLIENT_{part}")));
        format!("{id}, {secret} and the other variables")
    } else {
        "the variables".to_owned()
    };
    let from_env = Doc::line(&format!(
        "Connects as the environment says: {client} of \
         [`Connection::from_env`](accredit_runtime::Connection::from_env).",
    ));
    let accessors = context.api.groups.iter().enumerate().map(|(index, group)| {
        let doc = operations::accessor_doc(&group.tag);
        let names = context.names.group(index);
        let (accessor, group) = (&names.accessor, &names.group);
        let gate = feature_gate(names.feature.as_deref());
        let path = gate.as_ref().map(|_| quote!(crate::operations::));
        quote! {
            #doc
            #gate
            #[must_use]
            pub const fn #accessor(&self) -> #path #group<'_> {
                #path #group::new(&self.core)
            }
        }
    });
    let own = policies::options(context, uses);
    let usual = if own.is_some() {
        quote!(Self::options())
    } else {
        quote!(#options::new())
    };
    let of_api = own.as_ref().map(|_| {
        quote! {
            fn options() -> #options {
                Self::options()
            }
        }
    });
    let own = own.map(|own| {
        quote! {
            /// Returns the options by which the API is called where nothing else is said, to be
            /// changed and given to [`Self::with_options`].
            #[must_use]
            pub fn options() -> #options {
                #own
            }
        }
    });
    quote! {
        accredit_runtime::generated_by!(#generator);

        const USER_AGENT: &str = #agent;

        #description

        #doc
        #[derive(Debug, Clone)]
        pub struct Client {
            core: #core,
        }

        impl Client {
            /// Returns settings to be filled in: who calls, and whatever is to differ from the
            /// document.
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
                Self::with_options(connection, #usual)
            }

            #own

            /// Connects by settings, with other than the usual timeouts, retries and limits.
            pub fn with_options(connection: #connection, options: #options) -> Result<Self, #error> {
                #core::new(connection, options).map(|core| Self { core })
            }

            /// Returns what the client holds: its tokens, and the way to end them
            /// ([`ClientCore::shutdown`](accredit_runtime::ClientCore::shutdown)).
            #[must_use]
            pub const fn core(&self) -> &#core {
                &self.core
            }

            #(#accessors)*
        }

        impl accredit_runtime::ApiClient for Client {
            fn api() -> &'static #api {
                &API
            }

            #of_api

            fn from_core(core: #core) -> Self {
                Self { core }
            }
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
        .enumerate()
        .map(|(index, scheme)| self::scheme(scheme, context.names.setting(index), uses))
        .collect();
    let servers = (!servers.is_empty()).then(|| quote!(.servers(&[#(#servers),*])));
    let schemes = (!schemes.is_empty()).then(|| quote!(.schemes(&[#(#schemes),*])));
    let lists = context.api.operation_servers.iter().map(|list| {
        let servers: Vec<_> = list
            .iter()
            .map(|server| self::server(server, uses))
            .collect();
        quote!(&[#(#servers),*])
    });
    let lists: Vec<_> = lists.collect();
    let lists = (!lists.is_empty()).then(|| quote!(.operation_servers(&[#(#lists),*])));
    quote! {
        static API: #api = #api::new(#package, #prefix, USER_AGENT) #servers #lists #schemes;
    }
}

/// Returns the `User-Agent` (RFC 9110 §10.1.5). A crate's version is in its manifest, where people
/// change it.
fn agent(context: Context<'_>, layout: Layout) -> TokenStream {
    match layout {
        Layout::Crate => {
            quote!(concat!(
                env!("CARGO_PKG_NAME"),
                "/",
                env!("CARGO_PKG_VERSION")
            ))
        }
        Layout::Module => {
            let agent = format!("{}/{}", context.names.package(), context.names.version());
            quote!(#agent)
        }
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

fn scheme(scheme: &SecurityScheme, setting: &str, uses: &mut Uses) -> TokenStream {
    let name = &scheme.name;
    let ty = uses.runtime("SecurityScheme");
    match &scheme.kind {
        SchemeKind::ClientCredentials { token_url, .. } => {
            let token_url = token_url
                .as_ref()
                .map_or_else(|| quote!(None), |url| quote!(Some(#url)));
            quote!(#ty::client_credentials(#name, #token_url))
        }
        SchemeKind::ApiKey {
            location,
            name: key,
        } => {
            let place = uses.runtime("Parameter");
            let location = match location {
                Location::Query | Location::QueryString => quote!(query),
                Location::Cookie => quote!(cookie),
                Location::Header | Location::Path => quote!(header),
            };
            quote!(#ty::api_key(#name, #setting, #place::#location(#key)))
        }
        SchemeKind::Basic => quote!(#ty::basic(#name, #setting)),
        SchemeKind::Bearer => quote!(#ty::bearer(#name, #setting)),
        SchemeKind::Token(_) => quote!(#ty::token(#name, #setting)),
        SchemeKind::MutualTls => quote!(#ty::mutual_tls(#name)),
        SchemeKind::Other(_) => quote!(#ty::other(#name)),
    }
}
