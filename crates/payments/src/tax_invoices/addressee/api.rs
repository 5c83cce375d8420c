//! `GET` and `PUT /api/invoices/addressee`.

use axum::extract::State;
use platform::http::{Json, Member};
use platform::{App, Problem};
use serde::Serialize;
use utoipa::ToSchema;

use super::model::Addressee;
use super::model::AddresseeForm;
use super::queries;

/// To whom the caller's documents are addressed.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(in crate::tax_invoices) struct AddresseeBody {
    /// Absent where they are addressed to the account's own name.
    addressee: Option<Addressee>,
}

/// To whom one's documents are addressed from now on.
#[utoipa::path(get, path = "/api/invoices/addressee", tag = "payments", responses((status = 200, body = AddresseeBody), (status = 401, description = "unauthorized")))]
pub(in crate::tax_invoices) async fn show(
    State(app): State<App>,
    member: Member,
) -> Result<axum::Json<AddresseeBody>, Problem> {
    let mut tx = app.db.begin_as(&member.ctx).await?;
    let addressee = queries::find(&mut tx, member.user.user_id).await?;
    tx.commit().await?;
    Ok(axum::Json(AddresseeBody { addressee }))
}

/// Says to whom. What was issued keeps the addressee of its day. An empty name goes back to the account's own.
#[utoipa::path(put, path = "/api/invoices/addressee", tag = "payments", request_body = AddresseeForm, responses((status = 200, body = AddresseeBody), (status = 401, description = "unauthorized"), (status = 422, description = "invalid_input")))]
pub(in crate::tax_invoices) async fn set(
    State(app): State<App>,
    member: Member,
    Json(form): Json<AddresseeForm>,
) -> Result<axum::Json<AddresseeBody>, Problem> {
    let addressee = form.read().map_err(Problem::invalid)?;
    let mut tx = app.db.begin_as(&member.ctx).await?;
    queries::set(&member.ctx, &mut tx, member.user.user_id, addressee.as_ref()).await?;
    tx.commit().await?;
    Ok(axum::Json(AddresseeBody { addressee }))
}
