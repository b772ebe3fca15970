//! 前置机: a district's own node, plain JSON in, signed messages out.
