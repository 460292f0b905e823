/** Durable progress: the lease, the version tables and the journal of steps in the schema. */
@NullMarked
package dev.halcyon.journal;

import org.jspecify.annotations.NullMarked;
