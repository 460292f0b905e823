package dev.halcyon.model;

/**
 * A trigger as the catalogue tells it.
 *
 * @param timing {@code BEFORE} or {@code AFTER}
 * @param event {@code INSERT}, {@code UPDATE} or {@code DELETE}
 * @param body the statement after FOR EACH ROW
 * @param definer {@code user@host}
 * @param sqlMode that it runs under, kept from when it was created
 * @param collation of the connection that created it: its literals have it
 * @param order its place among the triggers of the same table, timing and event, from 1
 */
public record Trigger(
    String name,
    String table,
    String timing,
    String event,
    String body,
    String definer,
    String sqlMode,
    String collation,
    int order) {}
