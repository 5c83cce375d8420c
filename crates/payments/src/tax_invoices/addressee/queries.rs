//! The SQL of addressees.

use kernel::{Ctx, UserId};
use platform::{DatabaseError, Tx};

use super::model::Addressee;

/// To whom somebody's documents are addressed; the account's own name where nothing was said.
pub(crate) async fn find(tx: &mut Tx, user_id: UserId) -> Result<Option<Addressee>, DatabaseError> {
    sqlx::query_as!(
        Addressee,
        "select is_company, name, department, address from public.invoice_addressees where user_id = $1",
        user_id as UserId,
    )
    .fetch_optional(tx.conn())
    .await
}

/// Writes an addressee down, or takes it away.
pub(super) async fn set(
    ctx: &Ctx,
    tx: &mut Tx,
    user_id: UserId,
    addressee: Option<&Addressee>,
) -> Result<(), DatabaseError> {
    let Some(addressee) = addressee else { return forget(tx, user_id).await };
    sqlx::query!(
        r#"insert into public.invoice_addressees (user_id, is_company, name, department, address, updated_at)
           values ($1, $2, $3, $4, $5, $6)
           on conflict (user_id) do update
              set is_company = $2, name = $3, department = $4, address = $5, updated_at = $6"#,
        user_id as UserId,
        addressee.is_company,
        addressee.name,
        addressee.department,
        addressee.address,
        ctx.now(),
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Takes an addressee away.
pub(crate) async fn forget(tx: &mut Tx, user_id: UserId) -> Result<(), DatabaseError> {
    sqlx::query!("delete from public.invoice_addressees where user_id = $1", user_id as UserId)
        .execute(tx.conn())
        .await?;
    Ok(())
}
