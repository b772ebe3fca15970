//! Use cases: accept, answer, hold, feed, directory, rebuild; and the ports they need.
