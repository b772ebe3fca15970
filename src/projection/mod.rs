//! `fold(state, accepted) -> changes`: the pure step from log to tables.
