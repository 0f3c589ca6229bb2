pub(crate) fn lower(
    _: &openapiv3::OpenAPI,
    _: &mut crate::diagnostics::Diagnostics,
) -> crate::model::Api {
    crate::model::Api::default()
}
