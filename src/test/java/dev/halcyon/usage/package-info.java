/** Tests of what is known of use. */
@NullMarked
package dev.halcyon.usage;

import org.jspecify.annotations.NullMarked;
