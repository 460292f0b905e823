/** What leads clients to a pair beside Halcyon's own proxy: HAProxy, or scripts of the user. */
@NullMarked
package dev.halcyon.pair.traffic;

import org.jspecify.annotations.NullMarked;
