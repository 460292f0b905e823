/** Tests of the lease and the journal on real servers. */
@NullMarked
package dev.halcyon.journal;

import org.jspecify.annotations.NullMarked;
