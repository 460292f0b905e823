package dev.halcyon.binlog;

/** What happened to one row of a watched table. */
public sealed interface RowChange {
  record Inserted(RowImage after) implements RowChange {}

  record Updated(RowImage before, RowImage after) implements RowChange {}

  record Deleted(RowImage before) implements RowChange {}
}
