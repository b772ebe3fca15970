//! JSON Schema registry: compile, validate, compare releases.
