//! Real vendor documents, generated and compiled: see `tests/`.
