/** The whole way of a change on real servers, with old and new application writing. */
@NullMarked
package dev.halcyon.story;

import org.jspecify.annotations.NullMarked;
