//! 学时累计: continuing-education hours by calendar year and kind, in tenths of an hour.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::answer::{HoursByKind, HoursOfYear, Outcome, RecordFinding};
use super::effect::Effect;
use super::record::Credential;

impl HoursByKind {
    fn add(&mut self, general_tenths: u32, professional_tenths: u32) {
        self.general_tenths = self.general_tenths.saturating_add(general_tenths.into());
        self.professional_tenths =
            self.professional_tenths.saturating_add(professional_tenths.into());
    }
}

/// Sums what the findings let accumulate. Each record counts once, by its content on `day`.
pub(super) fn by_year(used: &[(Credential, RecordFinding)], day: Date) -> Vec<HoursOfYear> {
    let mut years: BTreeMap<u16, HoursOfYear> = BTreeMap::new();
    for (credential, finding) in used {
        let accumulates = finding.effect() == Some(Effect::HoursAccumulate);
        let hours = credential.on(day).and_then(|s| s.content.hours).filter(|_| accumulates);
        let Some(hours) = hours else { continue };
        let line = years.entry(hours.year).or_insert_with(|| HoursOfYear {
            year: hours.year,
            recognised: HoursByKind::default(),
            conditional: HoursByKind::default(),
        });
        let sum = match finding.outcome {
            Outcome::Recognised => &mut line.recognised,
            _ => &mut line.conditional,
        };
        sum.add(hours.general_tenths, hours.professional_tenths);
    }
    years.into_values().collect()
}
