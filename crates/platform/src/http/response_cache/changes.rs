//! What has changed since an answer was begun, by a counter instead of a clock.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{PoisonError, RwLock};
use std::time::{Duration, Instant};

/// The longest time that an answer is kept; older changes matter to none.
pub(super) const LIFETIME_MAX: Duration = Duration::from_mins(1);
/// Tags remembered at most. Beyond it everything counts as changed, which is safe and rare.
const TAGS_MAX: usize = 10_000;

/// The changes of the last minute.
#[derive(Default)]
pub(super) struct Changes {
    /// The number of changes so far.
    count: AtomicU64,
    by_tag: RwLock<ByTag>,
}

#[derive(Default)]
struct ByTag {
    /// The number of the last change of each tag, and when it came.
    tags: HashMap<String, (u64, Instant)>,
    /// The number of the last change of everything.
    everything: u64,
}

impl Changes {
    /// The number of the last change; taken before an answer reads anything.
    pub(super) fn count(&self) -> u64 {
        self.count.load(Ordering::Acquire)
    }

    /// What has this tag is changed.
    pub(super) fn note(&self, tag: &str) {
        let mut by_tag = self.by_tag.write().unwrap_or_else(PoisonError::into_inner);
        let number = self.count.fetch_add(1, Ordering::AcqRel) + 1;
        if by_tag.tags.len() >= TAGS_MAX {
            by_tag.tags.retain(|_, (_, noted_at)| noted_at.elapsed() < LIFETIME_MAX);
        }
        if by_tag.tags.len() >= TAGS_MAX {
            by_tag.tags.clear();
            by_tag.everything = number;
        }
        by_tag.tags.insert(tag.to_owned(), (number, Instant::now()));
    }

    /// Everything may have changed.
    pub(super) fn note_everything(&self) {
        let mut by_tag = self.by_tag.write().unwrap_or_else(PoisonError::into_inner);
        by_tag.tags.clear();
        by_tag.everything = self.count.fetch_add(1, Ordering::AcqRel) + 1;
    }

    /// Whether an answer that was begun after change `begun` shows nothing that has changed since. Without tags it shows
    /// everything.
    pub(super) fn none_since(&self, begun: u64, tags: &[String]) -> bool {
        if begun == self.count() {
            return true;
        }
        let by_tag = self.by_tag.read().unwrap_or_else(PoisonError::into_inner);
        !tags.is_empty()
            && by_tag.everything <= begun
            && tags.iter().all(|tag| by_tag.tags.get(tag).is_none_or(|(number, _)| *number <= begun))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tags(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn a_change_ends_what_shows_its_tag_or_names_none() {
        let changes = Changes::default();
        let begun = changes.count();
        assert!(changes.none_since(begun, &[]));
        changes.note("product-1");
        assert!(!changes.none_since(begun, &[]));
        assert!(!changes.none_since(begun, &tags(&["list", "product-1"])));
        assert!(changes.none_since(begun, &tags(&["product-2"])));
        assert!(changes.none_since(changes.count(), &tags(&["product-1"])));
        changes.note_everything();
        assert!(!changes.none_since(begun, &tags(&["product-2"])));
    }

    #[test]
    fn more_tags_than_are_remembered_change_everything() {
        let changes = Changes::default();
        let begun = changes.count();
        changes.note("first");
        for number in 0..TAGS_MAX {
            changes.note(&number.to_string());
        }
        assert!(!changes.none_since(begun, &tags(&["first"])));
        assert!(!changes.none_since(begun, &tags(&["another"])), "nothing stale is sent for want of memory");
    }
}
