/** Tests of the rebuild on real servers. */
@NullMarked
package dev.halcyon.rebuild;

import org.jspecify.annotations.NullMarked;
