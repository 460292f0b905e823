/** Verification: looks at every row of a table and names those that must not be there. */
@NullMarked
package dev.halcyon.verify;

import org.jspecify.annotations.NullMarked;
