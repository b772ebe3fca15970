//! Evidence is verified as a stranger would: with a pin and texts, no server, no clock.

mod bundle;
mod directory;
mod fixture;
mod reply;
