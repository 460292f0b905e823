/** A session's state, read on one server and made again on another. */
@NullMarked
package dev.halcyon.proxy.move;

import org.jspecify.annotations.NullMarked;
