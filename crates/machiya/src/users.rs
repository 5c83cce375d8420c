//! What the domains hold about people: what goes into the file with somebody's data, and what happens when they leave.

use std::pin::Pin;
use std::sync::Arc;

use identity::deletion::{ErasedAccount, ErasureHooks};
use identity::exports::{Contributor, Contributors, OwnRows};
use kernel::Ctx;
use platform::{App, DatabaseError, Tx};

const fn rows(file: &'static str, table: &'static str, owner: &'static str) -> OwnRows {
    OwnRows { file, table, owner }
}

/// Every table whose rows a person may read because they are theirs.
pub const CONTRIBUTORS: &[Contributor] = &[
    Contributor {
        name: "identity",
        rows: &[
            rows("sessions", "public.sessions", "user_id"),
            rows("api-tokens", "public.api_tokens", "user_id"),
            rows("exports", "public.account_exports", "user_id"),
            rows("deletion", "public.account_deletions", "user_id"),
            rows("work", "public.jobs", "owner_id"),
        ],
    },
    Contributor {
        name: "studio",
        rows: &[
            rows("generations", "public.generations", "user_id"),
            rows("executions", "public.ai_jobs", "user_id"),
            rows("pictures", "public.media_images", "user_id"),
            rows("generation-inputs", "public.generation_inputs", "user_id"),
            rows("generation-outputs", "public.generation_outputs", "user_id"),
            rows("retention-notices", "public.retention_notices", "user_id"),
        ],
    },
    Contributor {
        name: "catalog",
        rows: &[
            rows("products", "public.products", "seller_id"),
            rows("product-versions", "public.product_versions", "seller_id"),
        ],
    },
    Contributor {
        name: "orders",
        rows: &[
            rows("orders", "public.orders", "buyer_id"),
            rows("order-items", "public.order_items", "buyer_id"),
            rows("sales", "public.order_items", "seller_id"),
            rows("entitlements", "public.entitlements", "buyer_id"),
            rows("licences", "public.licences", "buyer_id"),
            rows("deliveries", "public.deliveries", "buyer_id"),
        ],
    },
    Contributor {
        name: "payments",
        rows: &[
            rows("payments", "public.payments", "buyer_id"),
            rows("payment-attempts", "public.payment_attempts", "buyer_id"),
            rows("refunds", "public.refunds", "buyer_id"),
            rows("disputes", "public.disputes", "buyer_id"),
            rows("tax-invoices", "public.tax_invoices", "buyer_id"),
            rows("invoice-addressee", "public.invoice_addressees", "user_id"),
        ],
    },
    Contributor {
        name: "ledger",
        rows: &[
            rows("accounts", "public.ledger_accounts", "seller_id"),
            rows("balances", "public.ledger_balances", "seller_id"),
            rows("entries", "public.ledger_entries", "seller_id"),
        ],
    },
    Contributor {
        name: "credits",
        rows: &[
            rows("settings", "public.user_settings", "user_id"),
            rows("wallet", "public.wallets", "user_id"),
            rows("lots", "public.credit_lots", "user_id"),
            rows("holds", "public.credit_holds", "user_id"),
            rows("transactions", "public.credit_transactions", "user_id"),
            rows("subscriptions", "public.subscriptions", "user_id"),
            rows("subscription-checkouts", "public.subscription_checkouts", "user_id"),
            rows("subscription-invoices", "public.subscription_invoices", "user_id"),
            rows("packs", "public.pack_purchases", "user_id"),
        ],
    },
];

/// What goes into the file.
pub fn contributors() -> Contributors {
    CONTRIBUTORS.into()
}

/// What the domains do when somebody leaves.
pub fn hooks() -> ErasureHooks {
    Arc::new([withdraw_products, end_subscription, forget_payer])
}

type Done<'a> = Pin<Box<dyn Future<Output = Result<(), DatabaseError>> + Send + 'a>>;

fn withdraw_products<'a>(app: &'a App, ctx: &'a Ctx, tx: &'a mut Tx, account: &'a ErasedAccount) -> Done<'a> {
    Box::pin(catalog::publishing::withdraw_all(app, ctx, tx, account.user_id))
}

fn end_subscription<'a>(_: &'a App, ctx: &'a Ctx, tx: &'a mut Tx, account: &'a ErasedAccount) -> Done<'a> {
    Box::pin(credits::subscriptions::end_of(ctx, tx, account.user_id, &account.email))
}

fn forget_payer<'a>(_: &'a App, ctx: &'a Ctx, tx: &'a mut Tx, account: &'a ErasedAccount) -> Done<'a> {
    Box::pin(payments::erasure::forget(ctx, tx, account.user_id, &account.email))
}

#[cfg(test)]
mod tests;
