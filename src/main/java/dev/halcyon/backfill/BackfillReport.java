package dev.halcyon.backfill;

/**
 * What this run of a backfill did.
 *
 * @param rows walked since the backfill began, earlier runs included
 * @param chunks committed in this run
 * @param collisions chunks that were rolled back by a deadlock or a lock wait, and done again
 * @param reconnects how often the connection was lost
 */
public record BackfillReport(long rows, long chunks, long collisions, long reconnects) {}
