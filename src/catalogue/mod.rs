//! Policy data of the districts: load, check, compare.
