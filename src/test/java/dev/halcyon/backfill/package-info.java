/** Tests of backfill on real servers. */
@NullMarked
package dev.halcyon.backfill;

import org.jspecify.annotations.NullMarked;
