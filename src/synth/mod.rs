//! Seeded generator of fictitious talents with ground truth.
