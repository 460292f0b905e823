/** What a pair must be like before clients can be led from one server to the other. */
@NullMarked
package dev.halcyon.pair.check;

import org.jspecify.annotations.NullMarked;
