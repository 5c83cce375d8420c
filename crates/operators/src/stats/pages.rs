//! `/console/stats`.

use askama::Template;
use axum::extract::State;
use kernel::SystemReason;
use platform::http::{Operator, Query};
use platform::{App, Problem};
use ui::{Bar, Messages, Page, bar_chart};

use super::api::{Span, stats};
use super::model::{Day, Stats};
use crate::numbers::number;
use crate::places::places;
use crate::plan_names::{name_of, plan_names};

#[derive(Template)]
#[template(path = "stats/stats.html")]
struct StatsTemplate {
    t: Messages,
    places: Vec<(String, String, bool)>,
    totals: Vec<(String, String)>,
    plans: Vec<(String, String, String, String)>,
    work: Vec<(String, String, bool)>,
    charts: Vec<Chart>,
    first_day: String,
    last_day: String,
    days: Vec<[String; 7]>,
}

/// A chart with what it shows in words.
struct Chart {
    title: String,
    total: String,
    svg: String,
}

fn chart(t: Messages, key: &str, days: &[Day], value: impl Fn(&Day) -> i64, unit: &str) -> Chart {
    let values: Vec<i64> = days.iter().map(value).collect();
    let bars: Vec<Bar> = values.iter().copied().map(Bar::from).collect();
    Chart { title: t.say(key), total: format!("{unit}{}", number(values.iter().sum())), svg: bar_chart(&bars, None).0 }
}

fn work_rows(t: Messages, stats: &Stats) -> Vec<(String, String, bool)> {
    let work = stats.work;
    // What is given up or found needs a person; what waits does so only when it waits long.
    let is_late = work.oldest_wait_s > 300;
    vec![
        (t.say("console-jobs-waiting"), number(work.jobs_waiting), is_late),
        (t.say("console-oldest-wait"), number(work.oldest_wait_s), is_late),
        (t.say("console-jobs-dead"), number(work.jobs_dead), work.jobs_dead > 0),
        (t.say("console-events-waiting"), number(work.events_waiting), is_late && work.events_waiting > 0),
        (t.say("console-mails-waiting"), number(work.mails_waiting), is_late && work.mails_waiting > 0),
        (t.say("console-findings-open"), number(work.findings_open), work.findings_open > 0),
    ]
}

pub(super) async fn show(
    State(app): State<App>,
    Operator(member): Operator,
    Query(span): Query<Span>,
) -> Result<Page, Problem> {
    let t = Messages::new(member.ctx.locale);
    let stats = stats(&app, &member.ctx, span).await?;
    let mut tx = app.db.begin_system(SystemReason::Operator).await?;
    let names = plan_names(&mut tx, member.ctx.locale).await?;
    tx.commit().await?;
    let days = &stats.days;
    let day = |day: Option<&Day>| day.map(|day| day.date.to_string()).unwrap_or_default();
    let template = StatsTemplate {
        t,
        places: places(t, "/console/stats"),
        first_day: day(days.first()),
        last_day: day(days.last()),
        totals: vec![(t.say("console-users"), number(stats.people)), (t.say("console-banned"), number(stats.banned))],
        plans: stats
            .plans
            .iter()
            .map(|share| {
                let name = name_of(&names, &share.plan).to_owned();
                (share.plan.clone(), name, number(share.people), number(share.overdue))
            })
            .collect(),
        work: work_rows(t, &stats),
        charts: vec![
            chart(t, "console-money", days, |day| day.taken.get() - day.given_back.get(), "¥"),
            chart(t, "console-pictures", days, |day| day.pictures, ""),
            chart(t, "console-sign-ups", days, |day| day.sign_ups, ""),
            chart(t, "console-image-credits-used", days, |day| day.image_credits_used, ""),
        ],
        days: days.iter().rev().map(day_row).collect(),
    };
    Ok(Page::new(t.say("console-stats"), template.render().map_err(Problem::internal)?).private())
}

fn day_row(day: &Day) -> [String; 7] {
    [
        day.date.to_string(),
        number(day.taken.get() - day.given_back.get()),
        number(day.pictures),
        number(day.failures),
        number(day.sign_ups),
        number(day.tokens_used),
        number(day.image_credits_used),
    ]
}
