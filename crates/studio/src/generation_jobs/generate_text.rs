//! The job that makes a text.
//!
//! As for a picture: call the provider with no transaction open, check the answer, then record it, charge for it and end
//! the job in one transaction. While the answer is being written, what there is of it is kept for whoever follows it.

use std::time::Duration;

use kernel::AiJobId;
use platform::jobs::{JobError, JobRun};
use serde_json::{Value, json};
use tokio::sync::watch;
use tokio::time::{MissedTickBehavior, interval};

use super::charging::{self, ActualCost};
use super::execution::{begin, count, end_interrupted, fail, give_up_or_retry};
use super::files::queries as files;
use super::inputs;
use super::model::{GenerateText, Work};
use super::queries::{self, Completion};
use crate::generations::model::GenerationStatus;
use crate::generations::spec::{GenerationSpec, TextSpec};
use crate::providers::attempts::Attempt;
use crate::providers::model::{AnswerError, Failure};
use crate::providers::text::{MadeText, Repair, TextRequest};
use crate::state::Studio;

/// How often what was written so far is kept.
const KEPT_EVERY: Duration = Duration::from_millis(500);
/// Bytes of a rejected answer that the model is shown again.
const REPAIR_BYTES_MAX: usize = 16 * 1024;

/// Makes the text of one generation.
pub(super) async fn generate_text(studio: Studio, run: JobRun<GenerateText>) -> Result<(), JobError> {
    let id = AiJobId(run.id.0);
    let Some(work) = begin(&run, id).await? else { return Ok(()) };
    let GenerationSpec::Text(spec) = &*work.spec else {
        return Err(JobError::give_up(anyhow::anyhow!("the generation is not a text")));
    };
    let mut request = request_of(&studio, &run, &work, spec).await?;
    run.progress(10, "writing").await?;

    let mut unknown_calls = work.unknown_calls;
    let (made, content) = loop {
        let attempt = write(&studio, &run, id, &work, &request).await?;
        unknown_calls += count(&run, id, &work, &attempt).await?;
        let made = match attempt.result {
            Ok(made) => made,
            Err(failure) => return give_up_or_retry(&run, id, &work, &failure, unknown_calls).await,
        };
        match read(spec, &made.text) {
            Ok(content) => break (made, content),
            // One repair: a model that fails twice fails a third time.
            Err(violations) if request.repair.is_none() => {
                tracing::warn!(job = %run.id, model = work.model, ?violations, "the answer has not its form");
                let answer = made.text.get(..REPAIR_BYTES_MAX).unwrap_or(&made.text).to_owned();
                request.repair = Some(Repair { answer, violations });
            }
            Err(violations) => {
                let failure = Failure::bad_answer(AnswerError::WrongForm);
                let reason = format!("{failure}: {}", violations.join("; "));
                return fail(&run, id, &work, failure.code(), &reason).await;
            }
        }
    };
    record(&run, id, &work, spec, &made, &content).await
}

/// Ends the execution of a job whose attempts ran out.
pub(super) async fn on_failure(run: JobRun<GenerateText>) -> Result<(), JobError> {
    end_interrupted(&run, run.job.generation_id).await
}

async fn request_of(
    studio: &Studio,
    run: &JobRun<GenerateText>,
    work: &Work,
    spec: &TextSpec,
) -> Result<TextRequest, JobError> {
    let mut tx = run.begin().await?;
    let stored = files::inputs(&mut tx, work.generation_id).await?;
    tx.commit().await?;
    Ok(TextRequest {
        model: work.model.clone(),
        instructions: spec.instructions.clone(),
        input: spec.input.clone(),
        pictures: inputs::prepare(studio, stored).await?.pictures,
        schema: spec.schema.clone(),
        repair: None,
        output_tokens_max: spec.output_tokens_max,
        seed: u32::try_from(work.seed).unwrap_or(0),
        customer: run.id.0.simple().to_string(),
    })
}

/// Asks the provider, and keeps what a plain text comes to meanwhile.
async fn write(
    studio: &Studio,
    run: &JobRun<GenerateText>,
    id: AiJobId,
    work: &Work,
    request: &TextRequest,
) -> Result<Attempt<MadeText>, JobError> {
    let (text_so_far, mut written) = watch::channel(String::new());
    let writing = studio.providers.write_text(&run.ctx, work.provider, request, &text_so_far);
    tokio::pin!(writing);
    let mut ticks = interval(KEPT_EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            attempt = &mut writing => return Ok(attempt),
            _ = ticks.tick() => {
                // Half of a structured answer is of no use to anybody.
                if request.schema.is_none() && written.has_changed().unwrap_or(false) {
                    let text = written.borrow_and_update().clone();
                    keep(run, id, &text).await?;
                }
            }
        }
    }
}

async fn keep(run: &JobRun<GenerateText>, id: AiJobId, text: &str) -> Result<(), JobError> {
    let mut tx = run.begin().await?;
    queries::set_partial_text(&mut tx, id, text, run.ctx.now()).await?;
    tx.commit().await?;
    run.progress(50, "writing").await
}

/// The answer as it is stored: a text, or a value that has the form that was asked for.
fn read(spec: &TextSpec, text: &str) -> Result<Value, Vec<String>> {
    let Some(schema) = &spec.schema else { return Ok(Value::String(text.trim().to_owned())) };
    // Some models put JSON into a code block in spite of everything.
    let text = text.trim();
    let inner = text.strip_prefix("```json").or_else(|| text.strip_prefix("```"));
    let text = inner.and_then(|inner| inner.strip_suffix("```")).unwrap_or(text);
    let value: Value = serde_json::from_str(text).map_err(|_| vec!["$: not JSON".to_owned()])?;
    let violations = schema.violations(&value);
    if violations.is_empty() { Ok(value) } else { Err(violations) }
}

/// Records the text, completes the generation, charges for the accepted answer and ends the job: all of it or nothing.
async fn record(
    run: &JobRun<GenerateText>,
    id: AiJobId,
    work: &Work,
    spec: &TextSpec,
    made: &MadeText,
    content: &Value,
) -> Result<(), JobError> {
    let now = run.ctx.now();
    let completion = Completion { picture: None, model_version: made.model_version.as_deref(), usage: made.usage, now };
    let mut tx = run.begin().await?;
    if !queries::complete(&mut tx, work.generation_id, &completion).await? {
        return Err(JobError::LeaseLost);
    }
    files::insert_text_output(&mut tx, work.user_id, work.generation_id, content, now).await?;
    let held_for = spec.model_tokens_max();
    // A server that counts nothing is charged as held: what it used is not known.
    let used = if made.usage.total_tokens > 0 { made.usage.total_tokens } else { held_for };
    let cost = ActualCost::ModelTokens { used, held_for };
    let spent = charging::capture(&run.ctx, &mut tx, work.generation_id, cost).await?;
    queries::set_spent(&mut tx, work.generation_id, spent).await?;
    queries::end(&mut tx, id, GenerationStatus::Completed, None, now).await?;
    run.finish(&mut tx, &json!({"generationId": work.generation_id})).await?;
    tx.commit().await?;
    Ok(())
}
