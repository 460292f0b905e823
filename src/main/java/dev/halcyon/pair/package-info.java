/** Two servers that replicate each other: their state, and the switchover between them. */
@NullMarked
package dev.halcyon.pair;

import org.jspecify.annotations.NullMarked;
