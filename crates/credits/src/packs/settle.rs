//! What became of the money for a pack.

use kernel::Ctx;
use ledger::ProviderName;
use ledger::deferred::record_receipt;
use payments::PaymentNotice;
use payments::tax_invoices::IssuedFor;
use platform::Tx;
use platform::jobs::{Job, JobError, JobRun};
use serde::{Deserialize, Serialize};
use serde_json::json;
use ui::{Messages, arg};

use super::model::{PackPurchase, PackState};
use super::queries;
use crate::ids::PackPurchaseId;
use crate::invoices::grants::TOKENS_LAST;
use crate::invoicing::{Sold, issue_for};
use crate::lots;
use crate::lots::model::{Amount, LotSource, NewLot};
use crate::state::Billing;
use crate::subscriptions::emails::post;
use crate::wallets;
use ui::dates::day;

/// The money for a pack is there; also after a lapse.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SettlePack(pub PaymentNotice);

/// The money for a pack will not come.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LapsePack(pub PaymentNotice);

impl Job for SettlePack {
    const NAME: &'static str = "credits.settle_pack";
    // Somebody has paid: this is tried for days before an operator has to look.
    const MAX_ATTEMPTS: i32 = 80;
    const PRIORITY: i16 = 10;
}

impl Job for LapsePack {
    const NAME: &'static str = "credits.lapse_pack";
    const MAX_ATTEMPTS: i32 = 40;
}

impl From<PaymentNotice> for SettlePack {
    fn from(notice: PaymentNotice) -> Self {
        Self(notice)
    }
}

impl From<PaymentNotice> for LapsePack {
    fn from(notice: PaymentNotice) -> Self {
        Self(notice)
    }
}

pub(super) async fn settle(billing: Billing, run: JobRun<SettlePack>) -> Result<(), JobError> {
    let notice = &run.job.0;
    let mut tx = run.begin().await?;
    let known = queries::lock(&mut tx, PackPurchaseId(notice.reference_id)).await?;
    let Some(purchase) = known else {
        return Err(JobError::give_up(anyhow::anyhow!("the pack {} was paid and is not known", notice.reference_id)));
    };
    if matches!(purchase.state, PackState::Open | PackState::Lapsed) {
        give(&billing, &run.ctx, &mut tx, &purchase, notice).await?;
    }
    run.finish(&mut tx, &json!({})).await?;
    tx.commit().await?;
    Ok(())
}

async fn give(
    billing: &Billing,
    ctx: &Ctx,
    tx: &mut Tx,
    purchase: &PackPurchase,
    notice: &PaymentNotice,
) -> anyhow::Result<()> {
    wallets::lock(tx, purchase.user_id).await?;
    let provider = ProviderName::from(notice.provider);
    record_receipt(ctx, tx, notice.payment_id, &provider, notice.amount_yen).await?;
    let expires_at = ctx.now() + TOKENS_LAST;
    let lot = NewLot {
        user_id: purchase.user_id,
        amount: Amount::Tokens(purchase.tokens),
        source: LotSource::Purchase,
        business_key: PackPurchase::lot_key(notice.payment_id),
        paid: notice.amount_yen,
        payment_id: Some(notice.payment_id),
        expires_at: Some(expires_at),
        detail: json!({"packageId": purchase.pack_id}),
    };
    lots::grant(ctx, tx, &lot).await?;
    queries::set_state(ctx, tx, purchase.id, PackState::Paid, Some(notice.payment_id)).await?;
    let args =
        |locale| arg("tokens", purchase.tokens).arg("expires", day(locale, expires_at)).arg("amount", purchase.price);
    let occasion = format!("pack-paid/{}", purchase.id);
    post(billing.app(), ctx, tx, purchase.user_id, occasion, "pack", args).await?;
    issue_tax_invoice(billing, ctx, tx, purchase, notice).await
}

/// Issues the tax invoice (適格請求書) of a pack.
async fn issue_tax_invoice(
    billing: &Billing,
    ctx: &Ctx,
    tx: &mut Tx,
    purchase: &PackPurchase,
    notice: &PaymentNotice,
) -> anyhow::Result<()> {
    let account = identity::users::account(tx, purchase.user_id).await?;
    let words = Messages::new(account.map(|account| account.locale()).unwrap_or_default());
    let description = words.say_with("admin-packs-description", arg("tokens", purchase.tokens));
    let sold = Sold {
        payment_id: notice.payment_id,
        buyer_id: purchase.user_id,
        issued_for: IssuedFor::CreditPack,
        amount: notice.amount_yen,
        description: &description,
        lines: Vec::new(),
        at: ctx.now(),
    };
    issue_for(billing.app(), ctx, tx, &sold).await?;
    Ok(())
}

pub(super) async fn lapse(_: Billing, run: JobRun<LapsePack>) -> Result<(), JobError> {
    let mut tx = run.begin().await?;
    let known = queries::lock(&mut tx, PackPurchaseId(run.job.0.reference_id)).await?;
    if let Some(purchase) = known.filter(|purchase| purchase.state == PackState::Open) {
        queries::set_state(&run.ctx, &mut tx, purchase.id, PackState::Lapsed, None).await?;
    }
    run.finish(&mut tx, &json!({})).await?;
    tx.commit().await?;
    Ok(())
}
