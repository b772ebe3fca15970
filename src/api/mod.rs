//! The gateway's HTTP endpoints, one file each.
