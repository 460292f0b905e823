/** Backfill: the rows that were there before the change, chunk by chunk, each exactly once. */
@NullMarked
package dev.halcyon.backfill;

import org.jspecify.annotations.NullMarked;
