/** Plans: from a parsed change and facts of the server to the steps of each phase. Pure. */
@NullMarked
package dev.halcyon.plan;

import org.jspecify.annotations.NullMarked;
