package dev.halcyon.lint;

/** When a statement of a file runs, seen from the two versions of the application. */
public enum Moment {
  /** The file states the end; phases are derived from it. */
  END_STATE,
  /** As written, while the old version runs. */
  EXPAND,
  /** As written, when the old version is gone. */
  CONTRACT,
  /** A view or routine, applied behind the last expand. */
  REPEATABLE
}
