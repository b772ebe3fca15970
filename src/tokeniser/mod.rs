//! The tokeniser service: evaluates blinded identifiers, keeps no table.
