//! Who pays which part of a grant, and whether a payment comes from one of them.

use super::super::ledger::{LedgerEntry, approved_months, total};
use super::super::message::{Amount, Grant, Payer, PayerTier, Payment, Policy, Share};
use crate::domain::code::{Code, Refusal};
use crate::domain::money::Fen;

/// Hundredths of a fen: in them whole percents of a sum are exact.
const PER_FEN: u128 = 100;

/// The parts make up the whole. Where a co-funding agreement or a matched plan is named, the rest may
/// stand in somebody else's grant, so less is taken; more than the whole never is.
///
/// Parts in percent are parts of the approved sum. Parts in fen are those of the sum in all or, of a sum
/// by the month, of one month.
pub(super) fn parts<S>(grant: &Grant<S>, policy: Option<&Policy>) -> Result<(), Refusal> {
    if grant.payers.is_empty() {
        return Ok(());
    }
    let months = approved_months(&grant.terms, policy, grant.decided_on);
    let month = match grant.approved {
        Amount::Monthly(fen) => Some(fen),
        Amount::Total(_) => None,
    };
    let wholes = [total(grant.approved, months), month];
    let elsewhere = grant.terms.co_funding.is_some() || grant.terms.parent_plan.is_some();
    if wholes.into_iter().flatten().any(|whole| make_up(&grant.payers, whole, elsewhere)) {
        return Ok(());
    }
    Err(Refusal::new(Code::RecordContradiction)
        .at("/body/payers", "parts that make up the approved sum")
        .detail(
            "各出资方份额合计须等于批准金额（100%）；只有列明共担协议或所配套的计划时可以少于批准金额",
            "the parts of the payers make up the approved sum (100 %); less only where a co-funding \
             agreement or a matched plan is named",
        ))
}

fn make_up(payers: &[Payer], whole: Fen, elsewhere: bool) -> bool {
    let whole = u128::from(whole.get());
    let part = |payer: &Payer| match payer.share {
        Share::Percent(percent) => whole * u128::from(percent),
        Share::Fen(fen) => u128::from(fen.get()) * PER_FEN,
    };
    let stated: u128 = payers.iter().map(part).sum();
    // A percentage need not come to whole fen; who states the rest in fen has rounded it.
    let in_fen = |p: &Payer| matches!(p.share, Share::Fen(_));
    let rounded = payers.iter().any(in_fen) && !payers.iter().all(in_fen);
    let spare = if rounded { PER_FEN * payers.len() as u128 } else { 0 };
    let whole = whole * PER_FEN;
    stated <= whole + spare && (elsewhere || stated + spare >= whole)
}

/// A payment comes from a tier that the grant names. Where the employer alone is named, public money that
/// pays it back is what shows that the benefit is a public one (R31), so it is taken.
pub(super) fn of_payment(entry: &LedgerEntry, payment: &Payment) -> Result<(), Refusal> {
    let mut tiers = entry.grant.payers.iter().map(|p| p.tier);
    let named = tiers.clone().any(|tier| tier == payment.tier);
    if named || tiers.all(|tier| tier == PayerTier::Employer) {
        return Ok(());
    }
    Err(Refusal::new(Code::RecordContradiction)
        .at("/body/tier", "a tier of the grant's payers")
        .detail(
            "支付的出资层级不在该项资助所列的出资方之中",
            "the grant names no payer of this tier",
        ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn payers(shares: &[Share]) -> Vec<Payer> {
        let tier = PayerTier::District;
        shares
            .iter()
            .map(|share| Payer { tier, payer: "区财政".to_owned(), share: *share })
            .collect()
    }

    #[test]
    fn parts_make_up_the_whole_and_less_only_where_the_rest_is_elsewhere() {
        let fen = |n| Share::Fen(Fen::new(n).unwrap());
        let percent = Share::Percent;
        // Parts; do they make up 10,001 fen; and where the rest may stand elsewhere?
        let table: [(&[Share], bool, bool); 11] = [
            (&[percent(100)], true, true),
            (&[percent(70), percent(30)], true, true),
            (&[percent(100), percent(50)], false, false),
            (&[percent(30)], false, true),
            (&[fen(10_001)], true, true),
            (&[fen(10_000)], false, true),
            (&[fen(10_002)], false, false),
            (&[fen(4_000), fen(6_001)], true, true),
            (&[percent(50), fen(5_000)], true, true),
            (&[percent(50), fen(5_001)], true, true),
            (&[percent(50), fen(5_100)], false, false),
        ];
        for (shares, whole, elsewhere) in table {
            let (payers, sum) = (payers(shares), Fen::new(10_001).unwrap());
            assert_eq!(make_up(&payers, sum, false), whole, "{shares:?}");
            assert_eq!(make_up(&payers, sum, true), elsewhere, "{shares:?}, the rest elsewhere");
        }
    }
}
