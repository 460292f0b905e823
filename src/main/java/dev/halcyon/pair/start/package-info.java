/** Two servers become a pair: a copy of the one on the other, and replication both ways. */
@NullMarked
package dev.halcyon.pair.start;

import org.jspecify.annotations.NullMarked;
