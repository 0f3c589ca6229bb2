pub(crate) fn package(
    _: &crate::model::Api,
    _: &crate::names::Names,
    _: &crate::config::Config,
) -> crate::files::Files {
    crate::files::Files::default()
}
