/** Whether rows pass between a table and its changed form on the other server. Pure. */
@NullMarked
package dev.halcyon.pair.judge;

import org.jspecify.annotations.NullMarked;
