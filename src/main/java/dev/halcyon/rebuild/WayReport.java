package dev.halcyon.rebuild;

/**
 * What became of a change.
 *
 * @param report of the rebuild; all zero for another way
 */
public record WayReport(Way way, RebuildReport report) {}
